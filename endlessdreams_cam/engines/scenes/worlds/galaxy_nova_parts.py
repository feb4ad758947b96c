"""What may stand among the gas in place of a spiral: the remnant of a star, or nothing at all."""

from __future__ import annotations

import math

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes import paint
from endlessdreams_cam.engines.scenes.paint import Array
from endlessdreams_cam.engines.scenes.worlds.galaxy_parts import Dyes, View
from endlessdreams_cam.frame import Size

_TILE = Size(512, 512)
_LOG = 110.0  # rows of the tile for each e-fold of the radius
_OUTWARD = 3.2  # rows of the tile per second


class Empty:
    """No body: the gas and the stars have the picture for themselves."""

    def __init__(
        self, size: Size, aspect: float, random: np.random.Generator, view: View, dyes: Dyes
    ) -> None:
        self._light = np.zeros((size.height, size.width, 3), np.float32)

    def light(self, t: float) -> Array:
        """Return the linear light, (height, width, 3): none."""
        return self._light

    def stars(self, t: float) -> tuple[Array, Array, Array]:
        """Return no single stars."""
        return np.empty(0, np.float32), np.empty(0, np.float32), np.empty((0, 3), np.float32)


class Remnant(Empty):
    """What a dying star threw off: a torn shell that drifts outward round a white-hot core."""

    def __init__(
        self, size: Size, aspect: float, random: np.random.Generator, view: View, dyes: Dyes
    ) -> None:
        super().__init__(size, aspect, random, view, dyes)
        self._dyes = dyes
        x, y = paint.grid(size)
        x, y = (x - view.x) * aspect, y - view.y
        r = (np.hypot(x, y * 1.12) + 1e-3).astype(np.float32)
        angle = np.arctan2(y, x) + view.tilt
        gas = paint.fbm(random, _TILE, cells=9, octaves=6, gain=0.58)
        ridge = 1 - np.abs(2 * paint.fbm(random, _TILE, cells=7, octaves=6, gain=0.6) - 1)
        self._tile = cv2.merge((gas, ridge**3))
        self._across = (angle * (_TILE.width / math.tau)).astype(np.float32)
        self._down = (np.log(r) * _LOG).astype(np.float32)
        rough = paint.fbm(random, Size(_TILE.width, 2), cells=3, octaves=4, tile_y=False)
        bent = cv2.remap(
            rough, self._across, np.zeros_like(r), cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP
        )
        far = r / (0.40 * view.radius) * (0.72 + 0.56 * bent)
        self._shell = (1.3 * np.exp(-(((far - 1) / 0.19) ** 2))).astype(np.float32)
        self._second = (0.9 * np.exp(-(((far - 0.62) / 0.12) ** 2))).astype(np.float32)
        self._inner = (0.5 * np.exp(-((far / 0.85) ** 2))).astype(np.float32)
        self._halo = (0.12 / (1 + far**4)).astype(np.float32)
        self._core = (1.7 * np.exp(-r / 0.012) + 0.5 * np.exp(-r / 0.05)).astype(np.float32)

    def light(self, t: float) -> Array:
        """Return the linear light, (height, width, 3)."""
        gas, strand = cv2.split(cv2.remap(
            self._tile, self._across + np.float32(0.5 * t), self._down - np.float32(_OUTWARD * t),
            cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP,
        ))  # fmt: skip
        hot = self._shell * strand * (0.35 + 1.2 * gas)
        hot += self._second * strand
        cool = self._inner * (0.2 + 1.3 * gas * gas) + self._halo
        glow = hot * gas
        core = self._core * np.float32(1 + 0.10 * math.sin(1.7 * t) + 0.05 * math.sin(4.3 * t))
        dyes = self._dyes
        return cv2.merge([
            dyes.core[k] * (0.9 * hot + core) + dyes.knots[k] * (1.3 * glow) + dyes.arms[k] * cool
            + 0.55 * core
            for k in range(3)
        ])  # fmt: skip
