"""One wind drives everything in a scene."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

# Periods in seconds, in no simple ratio: gusts of 6–20 s over a breath of minutes.
_GUSTS = ((6.7, 0.30), (11.3, 0.34), (19.1, 0.22))
_WEATHER = ((97.0, 0.14), (233.0, 0.10))


class Wind:
    """The strength of the wind over time and across the picture, the same for every layer."""

    def __init__(self, seed: int) -> None:
        random = np.random.default_rng(seed ^ 0x57494E44)
        self._phases = random.uniform(0, math.tau, len(_GUSTS) + len(_WEATHER))
        self.towards = 1.0 if random.random() < 0.7 else -1.0
        """1: the wind blows to the right, −1: to the left."""

    def at(self, t: float, x: float = 0.0, energy: float = 0.5) -> float:
        """Return the wind at a time and a place: 0 calm … 1 a strong gust, at energy 0.5.

        x is across the picture in widths: a gust crosses it in about 2 s, so that one sees it come.
        """
        return float(self.along(t, np.float32(x), energy))

    def along(
        self, t: float, x: NDArray[np.float32] | np.float32, energy: float = 0.5
    ) -> NDArray[np.float32]:
        """Return the wind for many places at once, with the shape of `x`."""
        when = t - self.towards * np.asarray(x, np.float32) * 2.0
        total = np.zeros_like(when, dtype=np.float32)
        for (period, share), phase in zip(_GUSTS + _WEATHER, self._phases, strict=True):
            total += share * np.sin(when * (math.tau / period) + phase).astype(np.float32)
        return (np.clip(0.45 + 0.55 * total, 0, 1.2) * (2 * energy)).astype(np.float32)

    def travelled(self, t: float) -> float:
        """Return how far the wind has carried something by time t, in widths at energy 0.5.

        The integral of the wind: smooth, always growing in the wind's direction. Scale by a
        layer's speed; it is what clouds scroll by.
        """
        total = 0.45 * t
        for (period, share), phase in zip(_GUSTS + _WEATHER, self._phases, strict=True):
            total -= (
                0.55
                * share
                * period
                / math.tau
                * (math.cos(t * math.tau / period + phase) - math.cos(phase))
            )
        return self.towards * total
