"""The river before the city: a mirror broken by ripples, and lights drawn long on wet ground."""

from __future__ import annotations

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.mood import Light, mix, scale
from endlessdreams_cam.engines.scenes.paint import Array, fbm
from endlessdreams_cam.engines.scenes.worlds.city_parts import Air, wrapped
from endlessdreams_cam.engines.scenes.worlds.city_towers_parts import Pixels8
from endlessdreams_cam.frame import Size

_TILE = 256
# The two wave trains: drift across and toward us, in pixels of their tile, and how fine they are.
_TRAINS = ((1.7, -6.1, 1.0), (-2.3, -3.7, 0.61))


class Water:
    """Water below a row `top` of the picture, in which what stands above is mirrored."""

    def __init__(
        self, random: np.random.Generator, size: Size, top: int, light: Light, air: Air
    ) -> None:
        self._rows, self._width = size.height - top, size.width
        self._unit = size.height / 360
        # Down the water: 0 at the far bank, 1 at the picture's foot; far waves are small and flat.
        near = (np.arange(self._rows, dtype=np.float32) + 0.5)[:, None] / self._rows
        away = 1 / (0.12 + near)
        across = (np.arange(size.width, dtype=np.float32)[None, :] - size.width / 2) / size.height
        self._u = (across * away * 88).astype(np.float32)
        self._v = np.repeat(away * 150, size.width, 1).astype(np.float32)
        self._waves = [
            cv2.copyMakeBorder(
                fbm(random, Size(_TILE, _TILE), cells=c, octaves=3) - 0.5,
                0,
                1,
                0,
                1,
                cv2.BORDER_WRAP,
            )
            for c in (18, 31)
        ]
        self._columns = np.repeat(np.arange(size.width, dtype=np.float32)[None], self._rows, 0)
        still = top - 1 - near * self._rows * 1.25
        self._still = np.repeat(still, size.width, 1).astype(np.float32)
        self._swing = (near**0.8 * (34 * self._unit)).astype(np.float32)
        self._top = top
        sight = 0.86 - 0.34 * near
        self._sight = np.repeat(np.repeat(sight, size.width, 1)[..., None], 3, 2).astype(np.float32)
        deep = np.array(mix(scale(light.ambient, 0.5), scale(light.zenith, 0.6), 0.4), np.float32)
        self._body = (deep * (1 - sight)[..., None] * 0.8 + 0 * self._sight).astype(np.float32)
        self._crest = np.array(mix(light.horizon, air.haze, 0.5), np.float32)

    def paint(self, above: Pixels8, t: float, energy: float) -> Array:
        """Return the water (rows, width, 3) float32 under a picture of what stands above it."""
        slope = self._slope(t)
        choppy = self._swing * np.float32(0.55 + 0.9 * energy)
        rows = self._still + slope * choppy
        np.clip(rows, 0, self._top - 1, out=rows)
        columns = cv2.scaleAdd(slope, 3.0 * self._unit * (0.6 + 0.8 * energy), self._columns)
        mirror = cv2.remap(above, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        mirror = np.ascontiguousarray(mirror[..., :3])
        long = max(3, round(self._rows * 0.3)) | 1
        drawn = cv2.blur(cv2.blur(mirror, (3, long)), (3, long))
        water = cv2.addWeighted(mirror, 0.62 / 255, drawn, 0.5 / 255, 0, dtype=cv2.CV_32F)
        water *= self._sight
        water += self._body
        crest = np.maximum(slope, 0) * np.float32(0.16)
        water += cv2.merge([crest * c for c in self._crest])
        return water

    def _slope(self, t: float) -> Array:
        """Return the waves' slope, about ±0.5: two trains that cross."""
        first, second = (
            cv2.remap(
                tile, wrapped(self._u * np.float32(zoom) + np.float32(u * t % _TILE), _TILE),
                wrapped(self._v * np.float32(zoom) + np.float32(v * t % _TILE), _TILE),
                cv2.INTER_LINEAR,
            ) for tile, (u, v, zoom) in zip(self._waves, _TRAINS, strict=True)
        )  # fmt: skip
        return cv2.add(first, second)
