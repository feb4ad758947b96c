"""Pictures on their way to the program, and memory for them that is used again on every tick."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from endlessdreams_cam.frame import Pixels, Pose, Size
from endlessdreams_cam.motion import cover

_STILL = Pose(zoom=1e-6, pan_x=1e-6, pan_y=1e-6, rotate=1e-5)


class Picture(NamedTuple):
    """A picture and by how much it is to be moved when it is shown."""

    pixels: Pixels
    delta: Pose = Pose()

    @property
    def moved(self) -> bool:
        """Whether it is to be moved at all."""
        return any(abs(d) > still for d, still in zip(self.delta, _STILL, strict=True))


class Buffer:
    """Room for one picture, of any size; it grows where it has to."""

    def __init__(self) -> None:
        self._memory = np.empty(0, np.uint8)

    def sized(self, size: Size) -> Pixels:
        """Return the room as a picture of `size`, holding whatever was there."""
        count = size.width * size.height * 3
        if self._memory.size < count:
            self._memory = np.empty(count, np.uint8)
        return self._memory[:count].reshape(size.height, size.width, 3)

    def copy(self, pixels: Pixels) -> Pixels:
        """Return a copy of `pixels` in this room."""
        height, width = pixels.shape[:2]
        room = self.sized(Size(width, height))
        np.copyto(room, pixels)
        return room


def size_of(pixels: Pixels) -> Size:
    """Return a picture's width and height."""
    return Size(pixels.shape[1], pixels.shape[0])


def centre(pixels: Pixels, size: Size) -> Pixels:
    """Return the largest centred part that has the aspect of `size`, without copying."""
    source = size_of(pixels)
    scale = cover(source, size)
    width = min(source.width, max(1, round(size.width / scale)))
    height = min(source.height, max(1, round(size.height / scale)))
    left, top = (source.width - width) // 2, (source.height - height) // 2
    return pixels[top : top + height, left : left + width]


def fill(pixels: Pixels, out: Pixels) -> Pixels:
    """Fill `out` with the picture by a centre crop and return it."""
    size = size_of(out)
    part = centre(pixels, size)
    if size_of(part) == size:
        np.copyto(out, part)
        return out
    larger = part.shape[1] < size.width
    how = cv2.INTER_CUBIC if larger else cv2.INTER_AREA
    return cv2.resize(part, size, dst=out, interpolation=how)
