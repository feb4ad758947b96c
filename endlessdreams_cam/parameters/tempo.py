"""The beat: a count that every worker reads off the clock, and the taps that set it."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass

BAR = 4
"""Beats in a bar."""

SLOWEST, FASTEST = 30.0, 300.0
"""Beats per minute."""

_MINUTE_NS = 60_000_000_000
_LARGEST_SLIP = 0.25  # beats: what is further off than this jumps
_AT_IT = 1e-6  # of a bar or beat: a boundary that is as near as this is the present one


@dataclass(frozen=True, slots=True)
class Beat:
    """Where the music is: at `origin_ns` the count stood at `at_origin`, and it goes on at `bpm`.

    The count is in beats; bars begin at its multiples of four. `slip` is what the count gains
    beside the tempo during the first beat after the origin: a correction of the phase that no
    swing shows as a jump.
    """

    origin_ns: int = 0
    at_origin: float = 0.0
    bpm: float = 120.0
    slip: float = 0.0

    def count(self, now_ns: int) -> float:
        """Return the beats counted at a time; it never goes back and is continuous."""
        gone = (now_ns - self.origin_ns) * self.bpm / _MINUTE_NS
        return self.at_origin + gone + self.slip * min(max(gone, 0.0), 1.0)

    def when(self, count: float) -> int:
        """Return the time at which so many beats are counted."""
        left = count - self.at_origin
        if left <= 0:
            gone = left
        elif left < 1 + self.slip:
            gone = left / (1 + self.slip)
        else:
            gone = left - self.slip
        return self.origin_ns + math.ceil(gone * _MINUTE_NS / self.bpm)

    def boundary(self, now_ns: int, beats: int = 1) -> float:
        """Return the count of the next beat (1), or bar (4); the present one if it falls now."""
        return math.ceil(self.count(now_ns) / beats - _AT_IT) * float(beats)

    def next_beat(self, now_ns: int) -> int:
        """Return when the next beat falls."""
        return max(self.when(self.boundary(now_ns)), now_ns)

    def next_bar(self, now_ns: int) -> int:
        """Return when the next bar begins."""
        return max(self.when(self.boundary(now_ns, BAR)), now_ns)

    def seconds(self, beats: float) -> float:
        """Return how long some beats last at this tempo, in seconds."""
        return beats * 60 / self.bpm

    def at_tempo(self, bpm: float, now_ns: int) -> Beat:
        """Return the beat that goes on from here at another tempo."""
        return Beat(now_ns, self.count(now_ns), bpm)

    def resynced(self, now_ns: int) -> Beat:
        """Return the beat whose next bar begins now.

        A hand that is late by less than a quarter of a beat means the bar that has just begun.
        """
        bar = math.ceil((self.count(now_ns) - _LARGEST_SLIP) / BAR)
        return Beat(now_ns, float(bar * BAR), self.bpm)

    def off_by(self, beat_ns: int) -> float:
        """Return how far the count is behind (positive) or ahead at a beat, −0.5 to 0.5 beats."""
        count = self.count(beat_ns)
        return round(count) - count

    def steered(self, bpm: float, beat_ns: int, now_ns: int) -> Beat:
        """Return the beat at another tempo, with a beat (whichever is nearest) at `beat_ns`.

        A small correction is spread over a beat, one of more than a quarter of a beat is a jump.
        """
        there = round(self.count(beat_ns)) + (now_ns - beat_ns) * bpm / _MINUTE_NS
        here = self.count(now_ns)
        if abs(there - here) > _LARGEST_SLIP:
            return Beat(now_ns, there, bpm)
        return Beat(now_ns, here, bpm, there - here)

    @classmethod
    def numbered(cls, bpm: float, beat_ns: int, beat: float, now_ns: int) -> Beat:
        """Return the beat whose count is `beat` at `beat_ns`: a song that starts at its top."""
        return cls(now_ns, beat + (now_ns - beat_ns) * bpm / _MINUTE_NS, bpm)


class Taps:
    """Hears a hand tap the beat; a gap of more than two seconds begins anew."""

    _GAP_NS = 2_000_000_000
    _BOUNCE_NS = 100_000_000  # nobody taps 600 a minute: a pad that bounced
    _MOST = 8

    def __init__(self) -> None:
        self._times: list[int] = []

    def tap(self, now_ns: int) -> float | None:
        """Hear a tap and return the tempo of the last two to eight, None for a first one."""
        if self._times and now_ns - self._times[-1] < self._BOUNCE_NS:
            return None
        if self._times and now_ns - self._times[-1] > self._GAP_NS:
            self._times.clear()
        self._times = [*self._times, now_ns][-self._MOST :]
        pairs = zip(self._times[1:], self._times, strict=False)
        gaps = [after - before for after, before in pairs]
        if not gaps:
            return None
        bpm = _MINUTE_NS / statistics.median(gaps)
        return round(min(max(bpm, SLOWEST), FASTEST), 1)
