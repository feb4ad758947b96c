"""Making what devices deliver into our pictures."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.frame import Pixels, Size


def fit(pixels: Pixels, largest: Size) -> Pixels:
    """Return a picture no larger than `largest`, its aspect kept, its sides even."""
    height, width = pixels.shape[:2]
    size = shrunk(Size(width, height), largest)
    if size != (width, height):
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return even(pixels)


def shrunk(size: Size, largest: Size) -> Size:
    """Return `size` scaled down to fit into `largest`; never up."""
    scale = min(largest.width / size.width, largest.height / size.height, 1.0)
    return Size(max(round(size.width * scale), 1), max(round(size.height * scale), 1))


def even(pixels: NDArray[np.uint8]) -> Pixels:
    """Return a picture with even sides, C-contiguous: an odd last row or column is cut."""
    height, width = pixels.shape[:2]
    if height < 2 or width < 2:
        pixels = cv2.resize(np.ascontiguousarray(pixels), (max(width, 2), max(height, 2)))
        height, width = pixels.shape[:2]
    return np.ascontiguousarray(pixels[: height // 2 * 2, : width // 2 * 2])


def from_bgr(pixels: NDArray[np.uint8] | NDArray[np.uint16]) -> Pixels:
    """Return uint8 RGB from what devices deliver: grey, BGR or BGRA, 8 or 16 bits deep."""
    if pixels.dtype == np.uint16:
        pixels = np.right_shift(pixels, 8)
    narrow = np.ascontiguousarray(pixels, np.uint8)
    channels = 1 if narrow.ndim == 2 else narrow.shape[2]
    code = {1: cv2.COLOR_GRAY2RGB, 4: cv2.COLOR_BGRA2RGB}.get(channels, cv2.COLOR_BGR2RGB)
    return cv2.cvtColor(narrow, code)
