"""Counting and timing over hours in constant memory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_STEP_MS = 0.1
_STEPS = 20_000  # 2 s; what is longer counts in the last bin, and in `longest`


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle, the slow edge and the worst of many durations, in milliseconds."""

    p50: float = 0.0
    p99: float = 0.0
    max: float = 0.0

    def joined(self, other: Spread, share: float) -> Spread:
        """Return the spread of both, `share` 0…1 of them the other's: the middles are weighted."""
        p50, p99 = (
            round(a + (b - a) * share, 1) for a, b in ((self.p50, other.p50), (self.p99, other.p99))
        )
        return Spread(p50, p99, max(self.max, other.max))


class Timings:
    """Durations in milliseconds, counted in bins of 0.1 ms: all of them, and the recent ones."""

    def __init__(self, recent: int = 600) -> None:
        self._bins = np.zeros(_STEPS + 1, np.int64)
        self._recent = np.zeros(recent, np.float32)
        self._count = 0
        self._longest = 0.0

    def add(self, duration_ms: float) -> None:
        """Count one duration."""
        self._bins[min(max(int(duration_ms / _STEP_MS), 0), _STEPS)] += 1
        self._recent[self._count % len(self._recent)] = duration_ms
        self._count += 1
        self._longest = max(self._longest, duration_ms)

    def overall(self) -> Spread:
        """Return the spread of all durations since the start."""
        if not self._count:
            return Spread()
        sums = np.cumsum(self._bins)
        p50, p99 = (int(np.searchsorted(sums, self._count * share)) for share in (0.5, 0.99))
        longest = round(self._longest, 2)
        return Spread(round(p50 * _STEP_MS, 1), round(p99 * _STEP_MS, 1), longest)

    def recently(self) -> Spread:
        """Return the spread of the recent durations."""
        values = self._recent[: min(self._count, len(self._recent))]
        if not len(values):
            return Spread()
        p50, p99, longest = np.percentile(values, (50, 99, 100))
        return Spread(round(float(p50), 1), round(float(p99), 1), round(float(longest), 1))


class Rate:
    """How often something happens: over all time, and over the last two seconds or so."""

    def __init__(self) -> None:
        self._times = np.zeros(256, np.int64)
        self._count = 0
        self._first = 0

    def add(self, now_ns: int) -> None:
        """Count one event."""
        self._first = self._first or now_ns
        self._times[self._count % len(self._times)] = now_ns
        self._count += 1

    @property
    def count(self) -> int:
        """All events so far."""
        return self._count

    def overall(self) -> float:
        """Return events per second from the first event to the last."""
        if self._count < 2:
            return 0.0
        last = int(self._times[(self._count - 1) % len(self._times)])
        return (self._count - 1) * 1e9 / max(last - self._first, 1)

    def recently(self, now_ns: int) -> float:
        """Return events per second over the last two seconds; 0 when they have stopped."""
        if self._count < 2:
            return 0.0
        kept = self._times[: min(self._count, len(self._times))]
        kept = np.sort(kept[kept > now_ns - 2_000_000_000])
        if len(kept) < 2:
            return 0.0
        span = max(int(kept[-1] - kept[0]), now_ns - int(kept[0]) - 300_000_000)
        return float((len(kept) - 1) * 1e9 / max(span, 1))
