"""Light that is too bright for a screen, and how film takes it: bloom and a soft shoulder."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.paint import Array
from endlessdreams_cam.frame import Size


class Film:
    """Develops linear light into a picture.

    near, far: how strongly light bleeds into its surroundings, close by and across the picture.
    """

    def __init__(self, size: Size, near: float = 0.2, far: float = 0.15) -> None:
        self._size = size
        self.quarter = Size(max(size.width // 4, 8), max(size.height // 4, 8))
        self._near, self._far = near, far
        self._bloom = np.empty((size.height, size.width, 3), np.float32)

    def small(self, light: Array) -> Array:
        """Return the light at a quarter of the size."""
        return cv2.resize(light, self.quarter, interpolation=cv2.INTER_AREA)

    def bleed(self, small: Array) -> tuple[Array, Array]:
        """Return what bleeds out of light at a quarter of the size, near and far."""
        rows = self.quarter.height
        near = cv2.GaussianBlur(small, (0, 0), max(rows * 0.03, 0.8))
        tiny = cv2.resize(
            near, (max(self.quarter.width // 4, 4), max(rows // 4, 4)), interpolation=cv2.INTER_AREA
        )
        far = cv2.GaussianBlur(tiny, (0, 0), max(rows * 0.045, 0.8))
        return near, cv2.resize(far, self.quarter, interpolation=cv2.INTER_CUBIC)

    def develop(self, light: Array, veil: Array | None = None, air: Array | None = None) -> Array:
        """Return the picture of linear light 0…, in place: 1 − e^−light, then gamma 2.

        veil: more light, and air: how much dust or smoke catches of the light from afar (a plane);
        both at a quarter of the size.
        """
        near, far = self.bleed(self.small(light))
        far *= self._far
        if air is not None:
            far *= cv2.merge((air, air, air))
        bloom = cv2.scaleAdd(near, self._near, far)
        if veil is not None:
            bloom += veil
        cv2.resize(bloom, self._size, dst=self._bloom, interpolation=cv2.INTER_LINEAR)
        light += self._bloom
        return shoulder(light)


def linear(colour: Sequence[float] | Array) -> Array:
    """Return the light that film shows as this colour or these (0…1): the shoulder's inverse."""
    shown = np.clip(np.asarray(colour, np.float32), 0, 0.97)
    return -np.log(1 - shown * shown)


def shoulder(light: Array) -> Array:
    """Turn linear light 0… into displayed values 0…1 in place, without ever clipping."""
    np.negative(light, out=light)
    cv2.exp(light, light)
    np.subtract(1, light, out=light)
    return cv2.sqrt(light, light)
