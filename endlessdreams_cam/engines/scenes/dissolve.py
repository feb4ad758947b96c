"""How worlds blend: they interlock in soft, slowly drifting shapes instead of lying on each other.

Each world has a field of noise. Where its field and its weight beat the others' it shows; its
lights come through first. It is the Gumbel-softmax: with fields g of Gumbel noise the share of the
picture in which log w + g is largest is exactly the weight w, for any number of worlds, in any
order; a softmax of it over a temperature makes the borders soft.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.paint import fbm
from endlessdreams_cam.engines.scenes.world import Picture, Plane
from endlessdreams_cam.frame import Size

_COARSE = 4  # masks are made at a quarter of the picture's size
_SOFT = 0.5  # temperature: width of the borders
_LIGHTS = 2.4  # how much a world's lights come through before the rest of it
_TURN_S = 47.0  # in which a field becomes another one and comes back
_DRIFT = 0.006  # picture widths per second
_FAINTEST = 1e-4
_FADING = 0.12


class Share(NamedTuple):
    """One world in a mix: its picture, its weight, and the number that its field grows from.

    field: a plane of the coarse size to use instead of the seed's noise and the picture's lights;
    lift: what is added where this world should come first or stay longest.
    """

    picture: Picture
    weight: float
    seed: int
    field: Plane | None = None
    lift: Plane | None = None


class Dissolve:
    """Blends pictures of one size."""

    def __init__(self, size: Size) -> None:
        self._size = size
        self.coarse = Size(max(size.width // _COARSE, 8), max(size.height // _COARSE, 8))
        """The size of masks and lifts."""
        self._fields: dict[int, tuple[Plane, Plane]] = {}

    def blend(self, shares: Sequence[Share], t: float) -> Picture:
        """Return the mix; weights are normalised, their order does not matter.

        Weight 0 contributes nothing anywhere, and a world that is alone is returned as it is. t is
        the time in seconds that moves the shapes. Raises ValueError when all weights are 0.
        """
        total = sum(share.weight for share in shares)
        if not total > 0:
            raise ValueError("nothing to blend: all weights are 0")
        seen = [share for share in shares if share.weight > _FAINTEST * total]
        seen.sort(key=lambda share: (share.seed, share.weight))
        if len(seen) == 1:
            return seen[0].picture
        self._forget({share.seed for share in seen})
        powers = [self._power(share, total, t) for share in seen]
        mixed, weight = seen[0].picture, powers[0]
        for share, power in zip(seen[1:], powers[1:], strict=True):
            weight = weight + power
            mask = cv2.resize(power / weight, self._size, interpolation=cv2.INTER_LINEAR)
            mixed = cv2.blendLinear(share.picture, mixed, mask, 1 - mask)
        return mixed

    def _power(self, share: Share, total: float, t: float) -> Plane:
        """Return exp((log w + g) / temperature) for one world, bounded away from overflow."""
        weight = share.weight / total
        level = share.field
        if level is None:
            level = self.field(share.seed, t) + self.lights(share.picture)
        if share.lift is not None:
            level = level + share.lift
        # Near weight 0 a world fades in as a whole, so that no speck appears at full strength.
        u = min((weight - _FAINTEST) / _FADING, 1.0)
        faint = u * u * (3 - 2 * u)
        level = (level + math.log(weight)) * (1 / _SOFT)
        return (faint * np.exp(np.clip(level, -40, 40))).astype(np.float32)

    def lights(self, picture: Picture) -> Plane:
        """Return what a picture's lights add to its field, of the coarse size, mean 0."""
        small = cv2.resize(picture, self.coarse, interpolation=cv2.INTER_AREA)
        light = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), (0, 0), 1.5)
        return (_LIGHTS * (light - float(light.mean()))).astype(np.float32)

    def field(self, seed: int, t: float) -> Plane:
        """Return a world's field at a time: Gumbel noise whose shapes change into each other.

        A turning sum of two Gaussian fields stays Gaussian, whatever the angle; its rank in 0…1
        (the logistic function is the usual approximation) makes the Gumbel noise.
        """
        if seed not in self._fields:
            self._fields[seed] = self._grow(seed)
        first, second = self._fields[seed]
        angle = math.tau * (t / _TURN_S + (seed % 97) / 97)
        shift = t * _DRIFT * self.coarse.width * (1 if seed % 2 else -1)
        field = cv2.addWeighted(
            _rolled(first, shift),
            math.cos(angle),
            _rolled(second, -0.6 * shift),
            math.sin(angle),
            0,
        )
        mean, spread = cv2.meanStdDev(field)
        field = np.clip((field - mean.item()) * (1.702 / max(spread.item(), 1e-3)), -4, 4)
        return -np.log(np.log1p(np.exp(-field))).astype(np.float32)

    def _grow(self, seed: int) -> tuple[Plane, Plane]:
        random = np.random.default_rng(seed)
        pair = [fbm(random, self.coarse, cells=3, octaves=4, gain=0.36) for _ in range(2)]
        first, second = ((f - f.mean()) / max(float(f.std()), 1e-3) for f in pair)
        return first.astype(np.float32), second.astype(np.float32)

    def _forget(self, wanted: set[int]) -> None:
        if len(self._fields) > 24:
            self._fields = {s: f for s, f in self._fields.items() if s in wanted}


def _rolled(field: Plane, pixels: float) -> Plane:
    """Return a tiling field moved to the right."""
    height, width = field.shape
    move = np.array([[1, 0, pixels % width], [0, 1, 0]], np.float32)
    return cv2.warpAffine(
        field, move, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP
    )
