"""Keeping a source that could deliver at any time to its own rate."""

from __future__ import annotations

import time
from fractions import Fraction

from endlessdreams_cam import clock

_LONGEST_S = 0.1


class Pace:
    """Lets one picture through per interval; waits 100 ms at most.

    Pictures are due on the clock's own grid, half an interval off: the program's ticks lie on that
    grid too, so that at equal rates every picture is there when its tick comes and none is shown
    twice or left out.
    """

    def __init__(self, fps: float) -> None:
        self._fps = Fraction(fps).limit_denominator(1001)
        self._next = 0

    def wait(self) -> bool:
        """Return True when the next picture is due, False after 100 ms without one."""
        now = clock.now_ns()
        present = int(now * self._fps / clock.SECOND_NS - Fraction(1, 2))
        # One that is a little late still comes; after a longer stall it goes on from here.
        self._next = max(self._next, present)
        left_s = clock.seconds(self._due_ns() - now)
        if left_s > _LONGEST_S:
            time.sleep(_LONGEST_S)
            return False
        if left_s > 0:
            time.sleep(left_s)
        self._next += 1
        return True

    def _due_ns(self) -> int:
        return int((self._next + Fraction(1, 2)) * clock.SECOND_NS / self._fps)
