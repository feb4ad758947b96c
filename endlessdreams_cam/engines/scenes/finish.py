"""The last touch: a filmic shoulder, a faint vignette, and dither instead of bands."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes.world import Picture
from endlessdreams_cam.frame import Pixels, Size

_STRIP = 40  # rows at a time, so that all steps find them in the cache
_SHOULDER = 0.05  # y = (1 + s/8) x − s x⁴: straight up to the middle, 0.956 at 1, its top at 1.7
_VIGNETTE = 0.10  # darkening in the far corners
_TILE = 64


class Finish:
    """Turns pictures of one size into pixels."""

    def __init__(self, size: Size) -> None:
        width, height = size
        xs = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
        ys = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
        distance = (xs * xs + ys * ys) / 2
        vignette = 255 * (1 - _VIGNETTE * distance**1.5)
        self._gain = np.repeat(vignette[..., None], 3, 2).astype(np.float32)
        self._dither = np.ascontiguousarray(_dither(size))
        self._strip = np.empty((min(_STRIP, height), width, 3), np.float32)
        self._pixels: Pixels = np.empty((height, width, 3), np.uint8)

    def __call__(self, picture: Picture) -> Pixels:
        """Return the picture as pixels; they are overwritten by the next call."""
        for top in range(0, len(picture), _STRIP):
            rows = picture[top : top + _STRIP]
            work, end = self._strip[: len(rows)], top + len(rows)
            cv2.multiply(rows, rows, work)
            cv2.multiply(work, work, work, scale=-_SHOULDER)
            cv2.scaleAdd(rows, 1 + _SHOULDER / 8, work, work)
            cv2.multiply(work, self._gain[top:end], work)
            # Converting to uint8 rounds and saturates; what is not a number becomes 0.
            cv2.add(work, self._dither[top:end], self._pixels[top:end], dtype=cv2.CV_8U)
        return self._pixels


def _dither(size: Size) -> NDArray[np.float32]:
    """Return ±0.5 levels of fixed high-frequency noise, another one for each channel."""
    tile = _blue_noise(_TILE) - 0.5
    across, down = -(-size.width // _TILE), -(-size.height // _TILE)
    plane = np.tile(tile, (down + 1, across + 1))
    shifts = ((0, 0), (23, 41), (47, 11))
    return np.stack([plane[y : y + size.height, x : x + size.width] for y, x in shifts], 2).astype(
        np.float32
    )


def _blue_noise(side: int) -> NDArray[np.float32]:
    """Return a tiling square of noise without low frequencies, evenly spread over 0…1.

    White noise is high-passed and its ranks are spread evenly again, a few times over.
    """
    noise = np.random.default_rng(7).random((side, side))
    fx, fy = np.meshgrid(np.fft.fftfreq(side), np.fft.fftfreq(side))
    high = 1 - np.exp(-(fx * fx + fy * fy) / (2 * 0.18**2))
    for _ in range(6):
        noise = np.fft.ifft2(np.fft.fft2(noise) * high).real
        noise = noise.ravel().argsort().argsort().reshape(side, side) / (side * side - 1)
    return noise.astype(np.float32)
