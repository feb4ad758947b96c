"""Trades steps so that a dream takes no longer than it may. Pure: times come in."""

from __future__ import annotations

import statistics
from collections import deque
from dataclasses import dataclass

from endlessdreams_cam.clock import MILLISECOND_NS, SECOND_NS
from endlessdreams_cam.parameters import Snapshot

_SHARE = 0.92
"""Of the time between two dreams that one may take: the rest is the program's."""
_MEDIAN_OF = 5  # dreams: one that encodes a new text is no reason
_FEWEST = 3
_SLOW_NS = SECOND_NS // 2
_ROOM = 0.9
"""Of the longest time that one step more may be expected to take, before it is taken."""
_PATIENCE_NS = 3 * SECOND_NS
_LONGEST_PATIENCE_NS = 60 * SECOND_NS


@dataclass(frozen=True, slots=True)
class Goal:
    """The longest that a dream may take, ms (0: as long as it likes), and the fewest steps."""

    longest_ms: float = 0.0
    least_steps: int = 1

    @classmethod
    def of(cls, snapshot: Snapshot, now_ns: int) -> Goal:
        """Return what a snapshot asks for: the shorter of what its rate and its latency allow."""
        rate = snapshot.number("governor.rate", now_ns)
        latency = snapshot.number("governor.latency", now_ns)
        limits = [1000 * _SHARE / rate] if rate > 0 else []
        limits += [latency] if latency > 0 else []
        return cls(min(limits, default=0.0), snapshot.integer("governor.least_steps"))


class Governor:
    """Chooses the steps of the next dream, from how long the last ones took.

    It goes down as soon as dreams have been too long for half a second, as far as it must, and up
    by one step when that is expected to fit for three seconds; each time that proves wrong it
    waits twice as long, up to a minute.
    """

    def __init__(self) -> None:
        self._goal = Goal()
        self._steps = 0
        self._times_ms: deque[float] = deque(maxlen=_MEDIAN_OF)
        self._cost = _Cost()
        self._slow_since: int | None = None
        self._room_since: int | None = None
        self._raised_ns: int | None = None
        self._patience_ns = _PATIENCE_NS

    @property
    def load(self) -> float:
        """How long dreams take, as a share of the longest that they may; 0: there is no goal."""
        if not self._goal.longest_ms or len(self._times_ms) < _FEWEST:
            return 0.0
        return statistics.median(self._times_ms) / self._goal.longest_ms

    def took(self, duration_ns: int) -> None:
        """Learn how long the dream with the chosen steps took."""
        self._times_ms.append(duration_ns / MILLISECOND_NS)
        if len(self._times_ms) == _FEWEST:
            self._cost.learn(self._steps, statistics.median(self._times_ms))

    def steps(self, asked: int, goal: Goal, now_ns: int) -> int:
        """Return the steps to dream with: `asked` or fewer."""
        if goal != self._goal:
            self._goal, self._steps, self._patience_ns = goal, asked, _PATIENCE_NS
            self._raised_ns = None
            self._begin()
        least = min(goal.least_steps, asked)
        wanted = asked
        if goal.longest_ms:
            wanted = self._changed(max(min(self._steps, asked), least), asked, least, now_ns)
        if wanted != self._steps:
            if self.load:
                self._cost.leave(self._steps, statistics.median(self._times_ms))
            self._steps = wanted
            self._begin()
        return wanted

    def _begin(self) -> None:
        self._times_ms.clear()
        self._slow_since = self._room_since = None

    def _changed(self, steps: int, asked: int, least: int, now_ns: int) -> int:
        load = self.load
        room = 0 < load * self._cost.ratio(steps, steps + 1) <= _ROOM
        self._slow_since = _since(self._slow_since, load > 1 and steps > least, now_ns)
        self._room_since = _since(self._room_since, room and steps < asked, now_ns)
        if self._slow_since is not None and now_ns - self._slow_since >= _SLOW_NS:
            self._regret(now_ns)
            fitting = (
                n for n in range(steps - 1, least, -1) if load * self._cost.ratio(steps, n) <= 1
            )
            return next(fitting, least)
        if self._room_since is not None and now_ns - self._room_since >= self._patience_ns:
            self._raised_ns = now_ns
            return steps + 1
        return steps

    def _regret(self, now_ns: int) -> None:
        """Wait longer before the next step up, if the last one was soon too many."""
        raised, self._raised_ns = self._raised_ns, None
        if raised is not None and now_ns - raised < 2 * self._patience_ns:
            self._patience_ns = min(2 * self._patience_ns, _LONGEST_PATIENCE_NS)
        else:
            self._patience_ns = _PATIENCE_NS


class _Cost:
    """How a dream's time grows with its steps: a part that every dream has, and one per step."""

    def __init__(self) -> None:
        self._fixed = 0.0  # as a share of a dream of one step
        self._left: tuple[int, float] | None = None

    def leave(self, steps: int, ms: float) -> None:
        """Remember what dreams of the old number of steps took."""
        self._left = (steps, ms)

    def learn(self, steps: int, ms: float) -> None:
        """Learn from what dreams of the new number take, just after the change."""
        if self._left is None or self._left[0] == steps:
            return
        (before, before_ms), self._left = self._left, None
        each = (before_ms - ms) / (before - steps)
        one = ms - each * (steps - 1)
        if each > 0 and one > 0:
            self._fixed = min(max(1 - each / one, 0.0), 0.95)

    def ratio(self, steps: int, other: int) -> float:
        """Return how much longer dreams of other steps are."""
        return self._share(other) / self._share(steps)

    def _share(self, steps: int) -> float:
        return self._fixed + (1 - self._fixed) * steps


def _since(before: int | None, holds: bool, now_ns: int) -> int | None:
    """Return since when a condition holds without a break, None when it does not."""
    if not holds:
        return None
    return now_ns if before is None else before
