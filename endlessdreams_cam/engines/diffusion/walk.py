"""The noise that dreams grow from: a walk between noises that never changes its variance."""

from __future__ import annotations

import math
from typing import Any

import torch

from endlessdreams_cam.engines.diffusion.buffers import Buffers
from endlessdreams_cam.engines.scenes.seeds import stable

_LEFT, _HERE, _AHEAD = range(3)
_ALIKE = 0.05  # less than that is chance


class Walk:
    """Fills a dream's noises and their shares.

    The walk leads from one noise to the next along a great circle, a noise per second at wander 1.
    A new seed is a new walk, reached along another circle from wherever the last one stood. All
    noise is made by torch's generator on the processor: a seed dreams the same on every machine.
    """

    def __init__(self, buffers: Buffers) -> None:
        self._buffers = buffers
        self._seed: int | None = None
        self._leg = 0
        self._way = 0.0  # 0…1 from one noise to the next
        self._turn = 1.0  # 0…1 from what was left behind to this seed's walk
        self._turn_s = 0.0

    @property
    def gliding(self) -> bool:
        """Whether a new seed is still coming in."""
        return self._turn < 1

    def go(self, seed: int, *, wander: float, glide_s: float, dt: float) -> None:
        """Walk on for dt seconds; wander is in noises per second."""
        self._turn = min(self._turn + dt / self._turn_s, 1.0) if self._turn_s > 0 else 1.0
        if seed != self._seed:
            self._begin(seed, glide_s, dt)
        else:
            self._advance(wander * dt)
        turn, way = self._turn * math.pi / 2, self._way * math.pi / 2
        # Exactly 0 and 1 at the ends: a dream that stands is one noise and nothing else.
        left = 0.0 if self._turn >= 1 else math.cos(turn)
        here = math.sin(turn) if left else 1.0
        ahead = math.sin(way) if way else 0.0
        self._buffers.numbers.set("noise", left, here * math.cos(way), here * ahead)

    def _begin(self, seed: int, glide_s: float, dt: float) -> None:
        gliding = self._seed is not None and glide_s > 0
        if gliding:
            self._leave()
        self._seed, self._leg, self._way = seed, 0, 0.0
        # The first dream of a new seed is on its way already.
        self._turn_s, self._turn = glide_s, min(dt / glide_s, 1.0) if gliding else 1.0
        self._fill(_HERE, 0)
        self._fill(_AHEAD, 1)
        self._compare()

    def _advance(self, noises: float) -> None:
        self._way += noises
        if self._way < 1:
            return
        self._leg += int(self._way)
        self._way %= 1.0
        self._fill(_HERE, self._leg)
        self._fill(_AHEAD, self._leg + 1)
        self._compare()

    def _leave(self) -> None:
        """Keep the present noise as the one that is left behind."""
        noises, alike = self._buffers.noises, self._buffers.alike
        shares = torch.tensor(self._buffers.numbers.get("noise").copy()).to(noises.device)
        scale = (shares @ alike @ shares).rsqrt()
        noises[_LEFT] = torch.tensordot(shares, noises, dims=1) * scale

    def _fill(self, which: int, leg: int) -> None:
        field = self._buffers.noises[which]
        # The first noise of a seed is the one that torch gives for it, as everywhere.
        seed = self._seed if leg == 0 else stable("noise", self._seed, leg)
        field.copy_(draw(int(seed or 0), field.shape))

    def _compare(self) -> None:
        """Measure how much the noises resemble each other; what is chance counts as nothing."""
        flat = self._buffers.noises.flatten(1)
        alike = flat @ flat.T / flat.shape[1]
        alike = torch.where(alike.abs() < _ALIKE, torch.zeros_like(alike), alike)
        self._buffers.alike.copy_(alike.fill_diagonal_(1))


def draw(seed: int, shape: Any) -> Any:
    """Return noise of unit variance from a seed, on the processor."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))
