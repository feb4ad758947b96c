"""A virtual camera that misbehaves, to see what the show does: `--output fault:KIND[:ARGUMENT]`.

missing, busy; appears:SECONDS (missing until the process has lived so long); vanish:FRAMES;
block:MS (every 60th send blocks so long); raise.
"""

from __future__ import annotations

import threading

from endlessdreams_cam import clock
from endlessdreams_cam.errors import DeviceBusy, DeviceLost, DeviceMissing, SettingError
from endlessdreams_cam.frame import Pixels, Size
from endlessdreams_cam.sinks.sink import Sink, SinkInfo

KINDS = ("missing", "busy", "appears", "vanish", "block", "raise")
_EVERY = 60
_born_ns = clock.now_ns()


class FaultSink(Sink):
    """Takes frames until its fault."""

    def __init__(self, size: Size, fps: float, argument: str | None = None) -> None:
        kind, _, number = (argument or "").partition(":")
        if kind not in KINDS or not (number or "0").isdigit():
            raise SettingError(
                f"There is no fault called {argument!r}.", remedy=f"Allowed: {', '.join(KINDS)}."
            )
        self._kind, self._number = kind, int(number or 0)
        self._count = 0

    def open(self) -> SinkInfo:
        """Raise for missing, busy and appears, else take frames."""
        lived_s = clock.seconds(clock.now_ns() - _born_ns)
        if self._kind == "missing" or (self._kind == "appears" and lived_s < self._number):
            raise DeviceMissing("The virtual camera is not there.", remedy="Load it.")
        if self._kind == "busy":
            raise DeviceBusy("The virtual camera is in use.", remedy="End that program.")
        self._count = 0
        return SinkInfo("fault", "a faulty camera", "fault")

    def send(self, pixels: Pixels) -> None:
        """Count the frame; block or raise when it is time."""
        self._count += 1
        if self._kind == "block" and self._count % _EVERY == 0:
            threading.Event().wait(self._number / 1000)
        if self._kind == "raise" and self._count == _EVERY:
            raise RuntimeError("this sink raises on purpose")

    def check(self) -> None:
        """Raise DeviceLost when it has vanished."""
        if self._kind == "vanish" and self._count > self._number:
            raise DeviceLost("The virtual camera has gone.", remedy="Load it again.")

    def close(self) -> None:
        """Nothing is held."""
