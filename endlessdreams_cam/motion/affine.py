"""A pose as a matrix, and a picture seen from another pose.

Matrices map pixel indices of one picture to those of another, as cv2 takes them: pixel i's centre
lies at i, so a picture of width w has its centre at (w − 1) / 2.
"""

from __future__ import annotations

import cmath
import math
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.frame import Pixels, Pose, Size

Affine: TypeAlias = NDArray[np.float32]
"""A forward affine map of pixels, (2, 3) float32."""


def matrix(delta: Pose, size: Size) -> Affine:
    """Return the map that moves a picture of `size` by `delta`, (2, 3) float32, forward.

    Zoom by 2^zoom and rotation (degrees, clockwise) are about the centre, pan is in widths and
    heights. All of them act at once, at constant speed: this is the exponential of a similarity's
    generator, so that for one constant drift two moves after each other are exactly the move of
    their sum. Pictures of successive poses therefore lie on each other without a jump.
    """
    rate = complex(delta.zoom * math.log(2), math.radians(delta.rotate))
    turn = cmath.exp(rate)
    spread = (turn - 1) / rate if abs(rate) > 1e-6 else 1 + rate / 2
    centre = complex((size.width - 1) / 2, (size.height - 1) / 2)
    pan = complex(delta.pan_x * size.width, delta.pan_y * size.height)
    offset = centre - turn * centre + spread * pan
    return np.array(
        [[turn.real, -turn.imag, offset.real], [turn.imag, turn.real, offset.imag]], np.float32
    )


def compose(outer: Affine, inner: Affine) -> Affine:
    """Return the map that applies `inner`, then `outer`."""
    a, b = outer.astype(np.float64), inner.astype(np.float64)
    return np.hstack([a[:, :2] @ b[:, :2], a[:, :2] @ b[:, 2:] + a[:, 2:]]).astype(np.float32)


def invert(affine: Affine) -> Affine:
    """Return the map back."""
    back = np.linalg.inv(affine[:, :2].astype(np.float64))
    return np.hstack([back, -back @ affine[:, 2:]]).astype(np.float32)


def warp(pixels: Pixels, delta: Pose, out: Pixels | None = None) -> Pixels:
    """Return the picture moved by `delta`, mirrored beyond its edges; `out` is written if given.

    The size stays; sampling is linear between pixels. `out` must not overlap `pixels`.
    """
    height, width = pixels.shape[:2]
    return cv2.warpAffine(
        pixels, matrix(delta, Size(width, height)), (width, height), dst=out,
        flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101,
    )  # fmt: skip
