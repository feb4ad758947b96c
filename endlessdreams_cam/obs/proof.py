"""Whether what OBS shows is the running program, whether it moves with it, and how far behind.

Pictures of both are compared as thumbnails. One picture of OBS may look like many of a slow
program; all of them together fit the program at one delay only.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam import clock

THUMB = (64, 36)
"""Width and height at which pictures are compared."""

_LONGEST_MS = 3000
_STEP_MS = 4
_SHARP_MS = 130
"""Within so much the delay must be certain: a picture that hardly moves fits many."""
_SAME_LEVELS = 22.0
_LEAST_CORRELATION = 0.85
_LEAST_CONTRAST = 4.0
_MOVES_LEVELS = 0.6
"""The mean change of the program's levels over the whole look, under which it stands still."""

Thumb = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture and when it was: the program's when it was made, OBS's when it was drawn."""

    time_ns: int
    thumb: Thumb


class Verdict(StrEnum):
    """What the comparison says."""

    MOVES = "moves"
    STILL = "still"  # the right picture, and the program itself stands still
    STUCK = "stuck"  # OBS stays on one picture while the program moves
    OTHER = "other"  # not the program's picture
    NOTHING = "nothing"  # no picture at all


@dataclass(frozen=True, slots=True)
class Proof:
    """The verdict; difference is in levels of 255.

    latency_ms is the median age of the frames in OBS's pictures, None where too little moves.
    """

    verdict: Verdict
    latency_ms: float | None = None
    difference: float = 0.0


def compare(program: Sequence[Seen], shown: Sequence[Seen]) -> Proof:
    """Compare OBS's pictures with the program's, both in order of time."""
    if not program or not shown:
        return Proof(Verdict.NOTHING)
    if max(float(seen.thumb.max()) for seen in shown) < _LEAST_CONTRAST < _light(program):
        return Proof(Verdict.NOTHING)  # a source without a picture is drawn as black
    delay_ms, difference, sharp = _best_delay(program, shown)
    pairs = [(_at(program, seen.time_ns - _ns(delay_ms)), seen) for seen in shown]
    if not all(_alike(made.thumb, seen.thumb) for made, seen in pairs):
        return _why_other(program, shown, difference)
    if _change([made for made, _ in pairs]) < _MOVES_LEVELS:
        return Proof(Verdict.STILL, None, difference)
    if _change(list(shown)) < _MOVES_LEVELS / 2:
        return Proof(Verdict.STUCK, None, difference)
    ages = [(seen.time_ns - made.time_ns) / clock.MILLISECOND_NS for made, seen in pairs]
    return Proof(Verdict.MOVES, float(np.median(ages)) if sharp else None, difference)


def _best_delay(program: Sequence[Seen], shown: Sequence[Seen]) -> tuple[float, float, bool]:
    """Return the delay at which all of OBS's pictures fit best, in ms.

    With it come how well they fit, in levels, and whether no other delay fits as well.
    """
    times = np.array([seen.time_ns for seen in program], np.int64)
    # Every pair once: a delay then only picks from this table.
    table = np.array([[float(np.abs(s.thumb - p.thumb).mean()) for p in program] for s in shown])
    rows = np.arange(len(shown))
    moments = np.array([seen.time_ns for seen in shown], np.int64)
    delays = range(0, _LONGEST_MS, _STEP_MS)
    costs = np.full(len(delays), np.inf)
    for n, delay in enumerate(delays):
        newest: NDArray[np.int64] = np.searchsorted(times, moments - _ns(delay), side="right") - 1
        if newest.min() >= 0:
            costs[n] = table[rows, newest].mean()
    best = float(costs.min())
    # The picture of one frame fits as long as it is the newest: the middle of that time is meant.
    fits = np.array(delays)[costs <= best + 0.02]
    if not np.isfinite(best):
        return 0.0, float(table.min()), False
    return float(np.median(fits)), best, bool(fits[-1] - fits[0] <= _SHARP_MS)


def _why_other(program: Sequence[Seen], shown: Sequence[Seen], difference: float) -> Proof:
    """Tell a source that stays on one of the program's pictures from one that shows another."""
    last = shown[-1].thumb
    stays = _change(list(shown)) < _MOVES_LEVELS / 2
    known = any(_alike(made.thumb, last) for made in program)
    return Proof(Verdict.STUCK if stays and known else Verdict.OTHER, None, difference)


def _at(program: Sequence[Seen], time_ns: int) -> Seen:
    """Return the frame that was the program's newest at a time."""
    before = itertools.takewhile(lambda seen: seen.time_ns <= time_ns, program)
    newest = program[0]
    for seen in before:
        newest = seen
    return newest


def _alike(made: Thumb, seen: Thumb) -> bool:
    """Whether two pictures are one but for coding and the range of its levels."""
    if float(np.abs(made - seen).mean()) > _SAME_LEVELS:
        return False
    if float(made.std()) < _LEAST_CONTRAST:
        return True
    if float(seen.std()) < _LEAST_CONTRAST / 2:
        return False
    return float(np.corrcoef(made.ravel(), seen.ravel())[0, 1]) >= _LEAST_CORRELATION


def _change(seen: Sequence[Seen]) -> float:
    first = seen[0].thumb
    return max(float(np.abs(first - other.thumb).mean()) for other in seen)


def _light(seen: Sequence[Seen]) -> float:
    return max(float(one.thumb.max()) for one in seen)


def _ns(delay_ms: float) -> int:
    return round(delay_ms * clock.MILLISECOND_NS)
