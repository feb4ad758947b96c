"""The person as light in water: bright where they are, caustics bent round their form."""

from __future__ import annotations

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes import paint
from endlessdreams_cam.engines.scenes.world import Person, Plane
from endlessdreams_cam.engines.scenes.worlds.land_parts import Planes
from endlessdreams_cam.engines.scenes.worlds.sky_parts import Dye, lay
from endlessdreams_cam.engines.scenes.worlds.underwater_parts import Net
from endlessdreams_cam.frame import Size


class Diver:
    """A figure of lit water."""

    def __init__(self, tile: Plane, size: Size, dye: Dye, sun_x: float) -> None:
        """Take a `padded` net of caustics; sun_x: where the light stands, 0…1."""
        self._size, self._unit, self._dye = size, size.height / 360, dye
        ys, xs = np.mgrid[: size.height, : size.width].astype(np.float32)
        self._net = Net(tile, xs * (0.62 / self._unit), ys * (0.62 / self._unit))
        self._down = 1 - ys / size.height
        self._small = Size(max(size.width // 4, 16), max(size.height // 4, 16))
        self._from = float(np.clip((sun_x - 0.5) * 2.0, -0.8, 0.8))

    def paint(
        self, planes: Planes, person: Person, amount: float, t: float, shafts: Plane, sun: float
    ) -> None:
        """Paint the person over the planes in place; shafts: the light that falls on them."""
        presence, tone, relief, detail = (
            cv2.resize(plane, self._size)
            for plane in (person.presence, person.tone, person.relief, person.detail)
        )
        presence *= amount
        # The form refracts the net: it slides along the slopes.
        bend_x = cv2.Sobel(relief, cv2.CV_32F, 1, 0, ksize=3, scale=22 * self._unit)
        bend_y = cv2.Sobel(relief, cv2.CV_32F, 0, 1, ksize=3, scale=22 * self._unit)
        np.clip(bend_x, -9, 9, out=bend_x)
        np.clip(bend_y, -9, 9, out=bend_y)
        net = self._net.at(t, 0.0, (bend_x, bend_y))
        tone -= 0.5
        tone *= 2.2
        level = np.tanh(tone, out=tone)
        np.maximum(level, level * 0.7, out=level)
        level *= 0.40
        level += 0.46
        level += detail * 0.44
        level += self._lit(presence)
        # The net lies on what is bright, and thinly on what is dark.
        net -= 0.7
        net *= 0.07 + 0.30 * np.clip(level, 0, 1) * (0.35 + 0.65 * self._down)
        level += net
        level += shafts * 0.16
        # Deeper down the water takes the light, until the floor's plants cover the rest.
        level *= 0.52 + 0.48 * self._down**0.7
        cover = paint.smoothstep(0.40, 0.78, presence)
        lay(planes, level, cover, self._dye.tables(sun))

    def _lit(self, presence: Plane) -> Plane:
        """Return the light from above on the outline's shoulders and hair."""
        soft = cv2.resize(presence, self._small, interpolation=cv2.INTER_AREA)
        soft = cv2.GaussianBlur(soft, (0, 0), max(1.8 * self._unit, 0.6))
        falls = cv2.Sobel(soft, cv2.CV_32F, 0, 1, ksize=3, scale=0.9 * self._unit)
        falls -= cv2.Sobel(soft, cv2.CV_32F, 1, 0, ksize=3, scale=self._from * self._unit)
        np.clip(falls, -0.12, 0.5, out=falls)
        return cv2.resize(falls, self._size)
