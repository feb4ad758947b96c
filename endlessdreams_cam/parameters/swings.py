"""Swings: waves on the beat that move a parameter beside the hand.

They are part of the snapshot and evaluated by whoever reads it, at the reader's own rate: the
store never hears of them, so they re-arm no pickup and send nothing to a light.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from endlessdreams_cam.parameters.move import Move

FADE_S = 0.3
"""How long a swing takes to come and go where nothing else says so."""

_STILL = Move(0.0)


@dataclass(frozen=True, slots=True)
class Swing:
    """One swing at work: a wave of `beats` beats on `target`.

    n (1…8) is its place. phase is in periods, depth a part of the target's knob: at 1 the wave
    reaches half of the travel to either side.
    """

    n: int
    target: str
    source: str
    beats: float
    phase: Move = _STILL
    depth: Move = _STILL

    def push(self, count: float, now_ns: int) -> float:
        """Return how far it pushes along the target's knob at a count of beats, −0.5 to 0.5."""
        depth = self.depth.at(now_ns)
        if depth <= 0:
            return 0.0
        turns = count / self.beats + self.phase.at(now_ns)
        return wave(self.source, turns, self.n) * depth / 2


def wave(source: str, turns: float, n: int = 0) -> float:
    """Return a wave's value, −1 to 1, after some turns (whole turns are beginnings of a period).

    Sine and triangle begin at 0 and rise; the saw rises from −1 and falls at once; the square is
    up first. Random goes smoothly from one value to the next, one for each period; they come from
    the period's number and n, so they are the same in every worker and after a restart.
    """
    return _WAVES[source](turns, n)


def _sine(turns: float, _n: int) -> float:
    return math.sin(math.tau * (turns % 1))


def _triangle(turns: float, _n: int) -> float:
    return 1 - 4 * abs((turns + 0.25) % 1 - 0.5)


def _saw(turns: float, _n: int) -> float:
    return 2 * (turns % 1) - 1


def _square(turns: float, _n: int) -> float:
    return 1.0 if turns % 1 < 0.5 else -1.0


def _random(turns: float, n: int) -> float:
    period = math.floor(turns)
    u = turns - period
    before, after = _chance(period, n), _chance(period + 1, n)
    return before + (after - before) * u * u * (3 - 2 * u)


_WAVES: dict[str, Callable[[float, int], float]] = {
    "sine": _sine,
    "triangle": _triangle,
    "saw": _saw,
    "square": _square,
    "random": _random,
    "none": lambda _turns, _n: 0.0,
}

_64_BITS = 2**64 - 1


def _chance(period: int, n: int) -> float:
    """Return a number −1 to 1 for a period of a swing (the mixer of SplitMix64)."""
    z = (period * 0x9E3779B97F4A7C15 + n * 0xD1342543DE82EF95) & _64_BITS
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _64_BITS
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _64_BITS
    return (z ^ (z >> 31)) / 2**63 - 1
