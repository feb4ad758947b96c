"""What dream.strength means to a painter: from the canvas (0) to the pure painting (1)."""

from __future__ import annotations

from endlessdreams_cam.engines.scenes.feedback import memory_s

USUAL = 0.55
"""Where the person is made of the scene's light at full clarity."""

_STILLEST = 4.0  # how much longer the memory is where nothing but it is kept


def _soft(low: float, high: float, x: float) -> float:
    u = min(max((x - low) / (high - low), 0.0), 1.0)
    return u * u * (3 - 2 * u)


def painted(strength: float) -> float:
    """Return how far the live picture is painted in the scene's tones, 0…1: fully at 0.2."""
    return _soft(0.0, 0.2, strength)


def live(strength: float, amount: float) -> float:
    """Return the live picture's share of the painting, 0…1: most at 0, nothing left at 0.52.

    amount is its share of the canvas; the world takes the place of a neutral grey, gently.
    """
    kept = 1 - 0.12 * _soft(0.0, 0.2, strength) - 0.88 * _soft(0.12, 0.52, strength)
    return kept * (1 - (1 - amount) ** 2)


def person(strength: float) -> float:
    """Return how much the person shapes the scene, 0…1: all from 0.5 to 0.8, none at 1."""
    return _soft(0.15, 0.5, strength) * (1 - _soft(0.8, 1.0, strength))


def memory(strength: float, feedback: float, *, has_live: bool) -> float:
    """Return how long the last dream lasts in the canvas, in seconds.

    From the usual strength on the canvas counts less and less; below it there is either a live
    picture to show instead, or nothing but the memory.
    """
    kept = memory_s(feedback)
    if strength >= USUAL:
        return kept * (1 - _soft(USUAL, 1.0, strength))
    if has_live:
        return kept
    return kept * (1 + (_STILLEST - 1) * _soft(0.0, 1.0, 1 - strength / USUAL))
