"""What hands drew, laid into the dream."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.engine import Paint
from endlessdreams_cam.engines.scenes.world import Picture
from endlessdreams_cam.frame import Size

_GRAIN = 3
"""Pixels of one grain of noise."""


class Strokes:
    """Lays colour and noise into fresh pictures, and holds what is to be kept."""

    def __init__(self, size: Size) -> None:
        self._size = size
        self._chance = np.random.default_rng(7)
        self._kept: Picture | None = None

    def lay(self, picture: Picture, paint: Paint | None) -> Picture:
        """Return the picture with colour and noise in it, for the feedback to carry on."""
        if paint is None:
            return picture
        if paint.colour_mask.any():
            colour = self._fitted(paint.pixels).astype(np.float32) / 255
            picture = self._blend(colour, picture, paint.colour_mask)
        if paint.noise_mask.any():
            picture = self._blend(self._noise(), picture, paint.noise_mask)
        return picture

    def keep(self, picture: Picture, paint: Paint | None) -> Picture:
        """Return the picture with the last one where that is to be kept."""
        if paint is None or not paint.keep_mask.any():
            self._kept = None
            return picture
        if self._kept is not None:
            picture = self._blend(self._kept, picture, paint.keep_mask)
        self._kept = picture.copy()
        return self._kept

    def _blend(self, over: Picture, under: Picture, mask: NDArray[np.uint8]) -> Picture:
        share = self._fitted(mask).astype(np.float32) / 255
        # cv2 takes any kind of mask, but both pictures of one kind.
        return cv2.blendLinear(over.astype(under.dtype, copy=False), under, share, 1 - share)

    def _fitted(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        if pixels.shape[1::-1] == self._size:
            return pixels
        return cv2.resize(pixels, self._size, interpolation=cv2.INTER_LINEAR)

    def _noise(self) -> Picture:
        width, height = (-(-side // _GRAIN) for side in self._size)
        grains = self._chance.random((height, width, 3), np.float32)
        return cv2.resize(grains, self._size, interpolation=cv2.INTER_NEAREST)
