"""From strength and steps to numbers: when the nets look, and how one look leads to the next.

Latents are kept as a·x₀ + s·ε with a² + s² = 1 and s / a = σ. The net's prediction is linear in x₀
and ε, so that each step of Euler's method and of latent consistency models is

    latents ← A·latents + B·prediction + C·fresh noise

with three numbers that are known beforehand.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.models.architecture import Kind
from endlessdreams_cam.models.nets import Nets

LEAST_STRENGTH = 0.02
"""Below it the dream blends to the untouched canvas."""
_FADE = 0.02  # below strength 1: the canvas leaves the first latents without a jump
_LCM_SCALE, _LCM_DATA = 10.0, 0.5  # Luo et al. 2023, "Latent consistency models", boundary


@dataclass(frozen=True, slots=True)
class Plan:
    """The numbers of a dream: first latents = start[0]·canvas + start[1]·noise; then the moves."""

    times: tuple[float, ...]
    start: tuple[float, float]
    moves: tuple[tuple[float, float, float], ...]


class Sampler:
    """Plans dreams for one model."""

    def __init__(self, nets: Nets) -> None:
        alphas: NDArray[np.float64] = nets.schedule.alphas_cumprod.cpu().double().numpy()
        self._log_sigmas = np.log((1 - alphas) / alphas) / 2
        self._velocity = nets.schedule.prediction == "v_prediction"
        self._lcm = nets.kind is Kind.LCM

    def plan(self, strength: float, steps: int) -> Plan:
        """Return the plan for a strength (0…1): looks equally spaced from strength · 999 to 0.

        Strength 1 ignores the canvas.
        """
        strength = min(max(strength, LEAST_STRENGTH), 1.0)
        begin = strength * (len(self._log_sigmas) - 1)
        times = [begin * (steps - n) / steps for n in range(steps)]
        return self.given(times, canvas=min((1 - strength) / _FADE, 1.0))

    def given(self, times: Sequence[float], *, canvas: float = 1.0) -> Plan:
        """Return the plan that looks at the given timesteps, falling; canvas 0 is txt2img."""
        levels = [*map(self._level, times), (1.0, 0.0)]
        moves = [
            self._move(time, here, there)
            for time, here, there in zip(times, levels, levels[1:], strict=False)
        ]
        keep, noise = levels[0]
        # Where there is no canvas, latent consistency models begin with noise of variance 1.
        noise = 1.0 if self._lcm and not canvas else noise
        return Plan(tuple(times), (keep * canvas, noise), tuple(moves))

    def _level(self, time: float) -> tuple[float, float]:
        """Return a and s at a timestep that may lie between the trained ones."""
        log_sigma = float(np.interp(time, np.arange(len(self._log_sigmas)), self._log_sigmas))
        a = 1 / math.hypot(1, math.exp(log_sigma))
        return a, math.exp(log_sigma) * a

    def _move(
        self, time: float, here: tuple[float, float], there: tuple[float, float]
    ) -> tuple[float, float, float]:
        (a, s), (a_next, s_next) = here, there
        # x₀ and ε as shares of latents and prediction
        clean = (a, -s) if self._velocity else (1 / a, -s / a)
        noise = (s, a) if self._velocity else (0.0, 1.0)
        if not self._lcm:
            return (
                a_next * clean[0] + s_next * noise[0],
                a_next * clean[1] + s_next * noise[1],
                0.0,
            )
        skip, out = _boundary(time)
        return a_next * (out * clean[0] + skip), a_next * out * clean[1], s_next


def _boundary(time: float) -> tuple[float, float]:
    scaled = time * _LCM_SCALE
    return (
        _LCM_DATA**2 / (scaled**2 + _LCM_DATA**2),
        scaled / math.hypot(scaled, _LCM_DATA),
    )
