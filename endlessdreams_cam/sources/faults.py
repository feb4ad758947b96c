"""A source that misbehaves, to see what the show does about it: `--source fault:KIND`.

Kinds: ended, unplug, hang, freeze, resize, busy, missing, black (a covered lens: nothing but the
sensor's noise), slow, raise. Each gives the test card for a second first, but for busy and missing.
"""

from __future__ import annotations

import threading

import numpy as np

from endlessdreams_cam import clock
from endlessdreams_cam.errors import (
    DeviceBusy,
    DeviceLost,
    DeviceMissing,
    SettingError,
    SourceEnded,
)
from endlessdreams_cam.frame import Pixels, Size
from endlessdreams_cam.sources.pacing import Pace
from endlessdreams_cam.sources.pattern import paint
from endlessdreams_cam.sources.source import Grab, Source, SourceInfo

KINDS = ("ended", "unplug", "hang", "freeze", "resize", "busy", "missing", "black", "slow", "raise")
_SIZE = Size(640, 360)
_GOOD = 30


class FaultSource(Source):
    """A test card with a fault after 30 pictures."""

    def __init__(self, argument: str, max_size: Size, fps: float) -> None:
        if argument not in KINDS:
            raise SettingError(
                f"There is no fault called {argument!r}.", remedy=f"Allowed: {', '.join(KINDS)}."
            )
        self._kind = argument
        self._pace = Pace(fps)
        self._count = 0

    def open(self) -> SourceInfo:
        """Raise for busy and missing, else start with good pictures."""
        if self._kind == "busy":
            raise DeviceBusy(
                "The camera belongs to another program (obs).",
                remedy="In OBS: right-click the source, Deactivate.",
            )
        if self._kind == "missing":
            raise DeviceMissing("The camera is not there.", remedy="Plug it in.")
        self._count = 0
        return SourceInfo("fault", f"fault {self._kind}", _SIZE, 30.0)

    def read(self) -> Grab | None:
        """Return a good picture, or after 30 of them the fault."""
        if not self._pace.wait():
            return None
        self._count += 1
        pixels = self._fault() if self._count > _GOOD else paint(self._count, _SIZE)
        return Grab(pixels, clock.now_ns())

    def close(self) -> None:
        """Nothing is held."""

    def _fault(self) -> Pixels:
        match self._kind:
            case "ended":
                raise SourceEnded("The source has ended.")
            case "unplug":
                raise DeviceLost("The camera was unplugged.", remedy="Plug it in again.")
            case "hang":
                threading.Event().wait()
            case "freeze":
                return paint(_GOOD, _SIZE)
            case "resize":
                step = self._count // 30 % 4
                return paint(self._count, Size(320 + 160 * step, 180 + 90 * step))
            case "black":
                noise = np.random.default_rng(self._count)
                return noise.integers(0, 3, (_SIZE.height, _SIZE.width, 3), np.uint8)
            case "slow":
                threading.Event().wait(2.0)
            case "raise":
                raise RuntimeError("this source raises on purpose")
        return paint(self._count, _SIZE)
