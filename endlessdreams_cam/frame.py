"""What a picture is, and what travels with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.uint8]
"""uint8 RGB, shape (height, width, 3), C-contiguous."""


class Size(NamedTuple):
    """Width and height in pixels."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


class Pose(NamedTuple):
    """Where the dream's camera stands: drift integrated over time.

    zoom in octaves (1 = twice as near), pan_x in frame widths, pan_y in frame heights (positive:
    the picture moves right, down), rotate in degrees (positive: clockwise).
    """

    zoom: float = 0.0
    pan_x: float = 0.0
    pan_y: float = 0.0
    rotate: float = 0.0

    def __sub__(self, other: Pose) -> Pose:
        return Pose(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture with its history.

    captured_ns is when the live input that it shows was captured (0: none), rendered_ns when it
    was finished, snapshot the version of the parameters that made it.
    """

    pixels: Pixels
    sequence: int = 0
    captured_ns: int = 0
    rendered_ns: int = 0
    pose: Pose = Pose()
    snapshot: int = 0

    @property
    def size(self) -> Size:
        """Width and height in pixels."""
        height, width = self.pixels.shape[:2]
        return Size(width, height)


def check_pixels(pixels: object) -> Pixels:
    """Return `pixels` if it is a picture; raise ValueError that names what is wrong."""
    if not isinstance(pixels, np.ndarray):
        raise ValueError(f"a picture is a numpy array, not {type(pixels).__name__}")
    if pixels.dtype != np.uint8:
        raise ValueError(f"a picture is uint8, not {pixels.dtype}")
    if pixels.ndim != 3 or pixels.shape[2] != 3 or 0 in pixels.shape:
        raise ValueError(f"a picture has the shape (height, width, 3), not {pixels.shape}")
    return np.ascontiguousarray(pixels)
