"""An engine that misbehaves, to see what the show does about it: `--engine fault:KIND`.

Kinds: raise, hang, die, nan, shape, slow (ten times too slow); each begins after 30 good dreams.
late takes six seconds for the first; missing does not open.

REHEARSED are faults of the diffusion engine itself, in its own process and on the air:
`endlessdreams-cam send rehearse KIND`, and `rehearse none` when it is enough.
"""

from __future__ import annotations

import os
import threading
from typing import Any

import numpy as np

from endlessdreams_cam.engines.engine import Inputs, Standing, Tell, untold
from endlessdreams_cam.errors import EngineError, SettingError
from endlessdreams_cam.frame import Pixels, Size
from endlessdreams_cam.parameters import Snapshot

KINDS = ("raise", "hang", "die", "nan", "shape", "slow", "late", "missing")
_GOOD = 30

REHEARSED = (
    "load", "raise", "hang", "die", "memory", "card", "nan", "black", "shape", "slow",
)  # fmt: skip
"""load: no memory to load the model; memory: none for the next dream; card: CUDA fails."""


def check_rehearsed(kind: str) -> str:
    """Return a fault to rehearse, empty for "none"; raises SettingError for an unknown one."""
    if kind != "none" and kind not in REHEARSED:
        raise SettingError(
            f"The fault {kind!r} cannot be rehearsed.",
            remedy=f"Allowed: {', '.join(REHEARSED)}; none ends it.",
        )
    return "" if kind == "none" else kind


class FaultEngine:
    """Dreams a moving grey bar, then fails in the way that its kind says."""

    notes: tuple[str, ...] = ()
    standing = Standing()

    def __init__(self, size: Size, kind: str = "raise") -> None:
        if kind not in KINDS:
            raise SettingError(
                f"There is no fault called {kind!r}.", remedy=f"Allowed: {', '.join(KINDS)}."
            )
        self.size = size
        self._kind = kind
        self._count = 0

    def open(self, snapshot: Snapshot | None = None, tell: Tell = untold) -> None:
        """Start from the first good dream; missing cannot even begin."""
        if self._kind == "missing":
            raise EngineError("This engine misses something on purpose.", remedy="Take another.")
        self._count = 0

    def render(self, inputs: Inputs, snapshot: Snapshot, dt: float) -> Pixels:
        """Return a good dream, or after 30 of them the fault."""
        self._count += 1
        if self._count > _GOOD:
            return self._fault()
        if self._count == 1 and self._kind == "late":
            threading.Event().wait(6.0)
        return self._bar()

    def close(self) -> None:
        """Nothing is held."""

    def _bar(self) -> Pixels:
        pixels = np.full((self.size.height, self.size.width, 3), 40, np.uint8)
        at = self._count * 7 % self.size.width
        pixels[:, at : at + 20] = 200
        return pixels

    def _fault(self) -> Any:
        match self._kind:
            case "raise":
                raise RuntimeError("this engine raises on purpose")
            case "hang":
                threading.Event().wait()
            case "die":
                os._exit(3)
            case "nan":
                return np.full((self.size.height, self.size.width, 3), np.nan, np.float32)
            case "shape":
                return np.zeros((self.size.height // 2, self.size.width, 3), np.uint8)
            case "slow":
                threading.Event().wait(0.35)
        return self._bar()
