"""How often something arrives."""

from __future__ import annotations

from collections import deque

from endlessdreams_cam.clock import SECOND_NS

_REMEMBERED = 8
_LONGEST_NS = SECOND_NS  # a pause is a pause, not a rhythm


class Rhythm:
    """Notes arrivals and knows their usual interval."""

    def __init__(self) -> None:
        self._intervals: deque[int] = deque(maxlen=_REMEMBERED)
        self._last_ns: int | None = None

    def note(self, now_ns: int) -> None:
        """Note an arrival."""
        if self._last_ns is not None:
            self._intervals.append(min(max(now_ns - self._last_ns, 0), _LONGEST_NS))
        self._last_ns = now_ns

    @property
    def interval_ns(self) -> float:
        """The usual time between two arrivals; 0 while it is not known.

        The mean without the longest: arrivals are seen at ticks, so single ones are rough, and one
        stall says nothing about the rest.
        """
        usual = sorted(self._intervals)
        if len(usual) > 2:
            usual.pop()
        return sum(usual) / len(usual) if usual else 0.0

    def age_s(self, now_ns: int) -> float:
        """Return the time since the last arrival in seconds; infinite before the first."""
        return float("inf") if self._last_ns is None else (now_ns - self._last_ns) / SECOND_NS

    def overdue(self, now_ns: int, tick_ns: int) -> bool:
        """Whether, seen once per tick, the next arrival should have come by now."""
        if self._last_ns is None:
            return True
        return now_ns - self._last_ns >= max(self.interval_ns, tick_ns) - tick_ns // 4
