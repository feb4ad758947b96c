"""When the next frame is due: an absolute grid, so that nothing adds up over hours."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from endlessdreams_cam.clock import SECOND_NS


@dataclass(frozen=True, slots=True)
class Tick:
    """One tick of the grid: when it is due, its number, and how many were left out before it."""

    deadline_ns: int
    index: int
    skipped: int


class Pacer:
    """Decides which tick comes next. It reads no clock and never sleeps.

    Tick n is due at origin_ns + n / fps seconds, computed anew each time from whole numbers: 30
    frames per second are 108,000 an hour, not one more. Broken rates are fractions:
    Fraction(30000, 1001).
    """

    def __init__(self, fps: int | float | Fraction, origin_ns: int) -> None:
        rate = Fraction(fps).limit_denominator(1001)
        if rate <= 0:
            raise ValueError(f"a rate is above 0, not {fps}")
        self._frames, self._seconds = rate.numerator, rate.denominator
        self._origin_ns = origin_ns
        self._last = -1

    @property
    def tick_ns(self) -> int:
        """The time between two ticks, rounded to nanoseconds."""
        return round(SECOND_NS * self._seconds / self._frames)

    def next(self, now_ns: int) -> Tick:
        """Return the tick to sleep for and send at; one that is past is to be sent at once.

        It is the one after the last, or, when that is over by a whole tick or more, the latest
        that has begun: a late program goes on with the present instead of catching up.
        """
        begun = (now_ns - self._origin_ns) * self._frames // (SECOND_NS * self._seconds)
        index = max(self._last + 1, begun)
        skipped = index - self._last - 1
        self._last = index
        return Tick(self._deadline(index), index, skipped)

    def _deadline(self, index: int) -> int:
        return self._origin_ns + -(-index * SECOND_NS * self._seconds // self._frames)
