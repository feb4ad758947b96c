"""The person as water: a swell that rises in their shape, drawn by glints and troughs."""

from __future__ import annotations

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.mood import Colour, Light, mix, scale
from endlessdreams_cam.engines.scenes.paint import smoothstep
from endlessdreams_cam.engines.scenes.world import Person, Plane
from endlessdreams_cam.engines.scenes.worlds.land_parts import Planes
from endlessdreams_cam.engines.scenes.worlds.ocean_parts import Water, ripples
from endlessdreams_cam.engines.scenes.worlds.sky_parts import Dye, lay
from endlessdreams_cam.frame import Size

_TILE = 256
_PAD = 24
_WATERLINE = 0.86  # where the figure meets the sea, in heights


class Figure:
    """Water that stands up in the shape of a person."""

    def __init__(
        self, random: np.random.Generator, size: Size, light: Light, water: Water, sun_x: float
    ) -> None:
        """sun_x: where the light stands, in pixels."""
        self._size, self._unit = size, size.height / 360
        tile = ripples(random)
        self._tile = cv2.copyMakeBorder(
            tile[..., 1], _PAD, _TILE + _PAD, _PAD, _TILE + _PAD, cv2.BORDER_WRAP
        )
        ys, xs = np.mgrid[: size.height, : size.width].astype(np.float32)
        self._u = np.mod(xs * (0.36 / self._unit), _TILE) + _PAD
        self._v = np.mod(ys * (1.2 / self._unit), _TILE) + _PAD
        self._xs, self._ys = xs, ys
        self._small = Size(max(size.width // 4, 16), max(size.height // 4, 16))
        self._from = float(np.clip((sun_x / size.width - 0.5) * 3, -1, 1))
        self._dye = _dye(light, water)
        self._seen = np.empty((size.height, size.width), np.float32)

    def paint(
        self, planes: Planes, person: Person, amount: float, run: float, swell: Plane
    ) -> None:
        """Paint the person over the planes in place.

        run: how far the ripples have run, in seconds; swell: the sea's height along the bottom
        row, (width,), where the figure meets it.
        """
        size, unit = self._size, self._unit
        presence, tone, relief, detail = (
            cv2.resize(plane, size)
            for plane in (person.presence, person.tone, person.relief, person.detail)
        )
        presence *= amount
        slope_x = cv2.Sobel(relief, cv2.CV_32F, 1, 0, ksize=3, scale=2.0 * unit)
        slope_y = cv2.Sobel(relief, cv2.CV_32F, 0, 1, ksize=3, scale=2.0 * unit)
        ripple = self._ripple(slope_x, slope_y, run)
        tone -= 0.5
        tone *= 2.4
        level = np.tanh(tone, out=tone)
        np.maximum(level, level * 0.62, out=level)
        level *= 0.46
        level += detail * 0.52
        level += slope_x * (-0.5 * self._from)
        level -= slope_y * 0.25
        level += 0.50
        # Dark hair and clothes run like the sea; what is bright is calmer, so that eyes stay eyes.
        ripple *= 0.13 - 0.085 * np.clip(level * 1.3, 0, 1)
        level += ripple
        cover = smoothstep(0.46, 0.74, presence + ripple * 0.3)
        level += self._rim(presence)
        line = (_WATERLINE * size.height + 10 * unit * swell)[None]
        cover *= np.clip((line - self._ys) * (1 / (26 * unit)) + 0.5, 0, 1)
        lay(planes, level, cover, self._dye.tables(1.0))

    def _rim(self, presence: Plane) -> Plane:
        """Return the light along the outline that turns to the sun."""
        soft = cv2.resize(presence, self._small, interpolation=cv2.INTER_AREA)
        soft = cv2.GaussianBlur(soft, (0, 0), max(1.6 * self._unit, 0.6))
        falls = cv2.Sobel(soft, cv2.CV_32F, 1, 0, ksize=3, scale=-self._from)
        falls -= cv2.Sobel(soft, cv2.CV_32F, 0, 1, ksize=3, scale=-0.45)
        np.clip(falls * (1.1 * self._unit), 0, 0.5, out=falls)
        return cv2.resize(falls, self._size)

    def _ripple(self, slope_x: Plane, slope_y: Plane, run: float) -> Plane:
        """Return ripples that run down the figure and bend round its form."""
        bend = np.float32(12.0)
        total = np.zeros_like(slope_x)
        for way, speed in ((5.0, 14.0), (-7.0, 9.0)):
            u = self._u + np.float32(way * run % _TILE)
            u += slope_x * bend
            v = self._v + np.float32(-speed * run % _TILE)
            v += slope_y * bend
            total += cv2.remap(self._tile, u, v, cv2.INTER_LINEAR, dst=self._seen)
        total *= 0.7
        return total


def _dye(light: Light, water: Water) -> Dye:
    """Return the colours of water that stands before the sky: from troughs to glints."""
    trough = scale(water.deep, 0.55)
    body = mix(water.deep, mix(light.zenith, light.middle, 0.5), 0.35)
    mirrored = mix(mix(light.middle, light.horizon, 0.45), water.crest, 0.25)
    bright = mix(light.horizon, light.key, 0.5)
    glint: Colour = mix(light.key, (1.0, 1.0, 1.0), 0.55)
    return Dye([(0.0, trough), (0.32, body), (0.62, mirrored), (0.95, bright), (1.25, glint)])
