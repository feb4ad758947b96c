"""The governor's other half: trades the dreams' size, in an engine that is off air."""

from __future__ import annotations

from endlessdreams_cam.clock import SECOND_NS
from endlessdreams_cam.runtime.statuses import EngineStatus

SCALES = (1.0, 0.85, 0.7, 0.6, 0.5)
"""What the sides may be multiplied with: about three quarters of the work each time."""

_SLOW_NS = 3 * SECOND_NS
_FITS = 0.95
"""Of the longest time, that a smaller size must be expected to take."""
_ROOM = 0.8
_PATIENCE_NS = 20 * SECOND_NS
_LONGEST_PATIENCE_NS = 640 * SECOND_NS


class Sizing:
    """Chooses the scale of the dreams' sides, from what the engine on air says of its load.

    Pure: times come in. A smaller size is for dreams that are too long with the fewest steps for
    three seconds; a larger one must be expected to fit for twenty, and for twice as long each time
    that it had to be taken back.
    """

    def __init__(self) -> None:
        self.scale = SCALES[0]
        self._slow_since: int | None = None
        self._room_since: int | None = None
        self._raised_ns: int | None = None
        self._patience_ns = _PATIENCE_NS

    def follow(self, engine: EngineStatus | None, least: float, now_ns: int) -> float:
        """Return the scale to dream at.

        engine is the one on air, None while another is being prepared: that takes from its speed.
        least is the smallest scale that the user allows, 1 without a goal.
        """
        allowed = [scale for scale in SCALES if scale >= least]
        if self.scale not in allowed:
            self._change(allowed[-1])
        if engine is None or not engine.load:
            self._slow_since = self._room_since = None
            return self.scale
        at = allowed.index(self.scale)
        smaller = [s for s in allowed[at + 1 :] if engine.load * (s / self.scale) ** 2 <= _FITS]
        larger = allowed[at - 1] if at else None
        slow = engine.load > 1 and engine.at_least and at + 1 < len(allowed)
        room = (
            larger is not None
            and engine.steps == engine.steps_asked
            and engine.load * (larger / self.scale) ** 2 <= _ROOM
        )
        self._slow_since = _since(self._slow_since, slow, now_ns)
        self._room_since = _since(self._room_since, room, now_ns)
        if self._slow_since is not None and now_ns - self._slow_since >= _SLOW_NS:
            self._regret(now_ns)
            self._change(smaller[0] if smaller else allowed[-1])
        elif self._room_since is not None and now_ns - self._room_since >= self._patience_ns:
            self._raised_ns = now_ns
            self._change(larger or self.scale)
        return self.scale

    def _change(self, scale: float) -> None:
        self.scale = scale
        self._slow_since = self._room_since = None

    def _regret(self, now_ns: int) -> None:
        raised, self._raised_ns = self._raised_ns, None
        if raised is not None and now_ns - raised < 4 * self._patience_ns:
            self._patience_ns = min(2 * self._patience_ns, _LONGEST_PATIENCE_NS)
        else:
            self._patience_ns = _PATIENCE_NS


def _since(before: int | None, holds: bool, now_ns: int) -> int | None:
    if not holds:
        return None
    return now_ns if before is None else before
