"""The sitter's clay: height fields of melted ellipsoids, their normals, and strands of hair.

A part of the sitter is a height field over its own plane (units: half the width of a head, 7.5 cm;
x right, y down, z toward the camera). Normals, depth and colour of every point are baked once per
size; light, turning and speech happen per picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Plane: TypeAlias = NDArray[np.floating[Any]]
"""One value per point, (height, width)."""

Picture: TypeAlias = NDArray[np.floating[Any]]
"""Three values per point, (height, width, 3): colours 0…1 or normals."""

SKIN = (0.80, 0.56, 0.44)
LIPS = (0.66, 0.30, 0.29)
HAIR = (0.20, 0.115, 0.075)
WOOL = (0.62, 0.28, 0.20)


class Ball(NamedTuple):
    """An ellipsoid: centre and half-axes."""

    x: float
    y: float
    z: float
    a: float
    b: float
    c: float


@dataclass(frozen=True, slots=True)
class Part:
    """A baked part: what is where on its plane, (height, width) each, and where its origin lies.

    unit: pixels per unit; left, top: the plane's corner in units. gloss is how much it mirrors
    the window, sheen light that is baked in (hair).
    """

    unit: float
    left: float
    top: float
    cover: Plane
    depth: Plane
    normal: Picture
    albedo: Picture
    gloss: Plane
    sheen: Plane

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point lies on the plane, in pixels."""
        return (x - self.left) * self.unit, (y - self.top) * self.unit


def plane(unit: float, left: float, top: float, right: float, bottom: float) -> tuple[Plane, Plane]:
    """Return x and y of every point of a rectangle, in units."""
    width, height = round((right - left) * unit), round((bottom - top) * unit)
    ys, xs = np.mgrid[:height, :width].astype(np.float32)
    return xs / np.float32(unit) + np.float32(left), ys / np.float32(unit) + np.float32(top)


def melt(planes: list[Plane], sharpness: float) -> Plane:
    """Return the smooth maximum of several planes (log-sum-exp)."""
    stack = np.stack(planes)
    highest = stack.max(0)
    total = np.exp((stack - highest) * sharpness).sum(0)
    return (highest + np.log(total) / sharpness).astype(np.float32)


def height(x: Plane, y: Plane, balls: list[Ball], sharpness: float) -> tuple[Plane, Plane]:
    """Return the height of melted ellipsoids, and how far inside their outline a point is."""
    heights, insides = [], []
    for ball in balls:
        inside = 1 - ((x - ball.x) / ball.a) ** 2 - ((y - ball.y) / ball.b) ** 2
        dome = np.sqrt(np.maximum(inside, 0)) + 1.5 * np.minimum(inside, 0)
        heights.append((ball.z + ball.c * dome).astype(np.float32))
        insides.append((inside * min(ball.a, ball.b) * 0.5).astype(np.float32))
    return melt(heights, sharpness), melt(insides, 14)


def bump(x: Plane, y: Plane, cx: float, cy: float, rx: float, ry: float) -> Plane:
    """Return a Gaussian bump, 1 at its centre."""
    return np.exp(-(((x - cx) / rx) ** 2) - ((y - cy) / ry) ** 2)


def normal(depth: Plane, unit: float) -> Picture:
    """Return the unit normals of a height field, (height, width, 3): right, down, to the camera."""
    dx = cv2.Sobel(depth, cv2.CV_32F, 1, 0, scale=unit / 8)
    dy = cv2.Sobel(depth, cv2.CV_32F, 0, 1, scale=unit / 8)
    length = np.sqrt(dx * dx + dy * dy + 1)
    return cv2.merge((-dx / length, -dy / length, 1 / length))


def soft(value: Plane, width: float) -> Plane:
    """Return 0…1, an edge `width` wide where the value passes 0."""
    return np.clip(value / np.float32(width) + 0.5, 0, 1).astype(np.float32)


def strands(x: Plane, y: Plane, seed: int) -> tuple[Plane, Plane, Plane]:
    """Return hair's fine structure, and its strands' direction: they fall from the parting."""
    root_x, root_y = 0.20, -1.62
    away = np.hypot(x - root_x, (y - root_y) * 0.8) + 1e-3
    angle = np.arctan2((y - root_y) * 0.8, x - root_x)
    random = np.random.default_rng(seed)
    lattice = cv2.GaussianBlur(random.random((24, 420), np.float32), (0, 0), 1.0)
    lattice = (lattice - lattice.mean()) / lattice.std()
    across = ((angle / np.pi + 1) * 200 + 6 * away).astype(np.float32)
    along = (away * 4 + 2).astype(np.float32)
    fine = cv2.remap(lattice, across, along, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)
    coarse = cv2.remap(
        cv2.GaussianBlur(lattice, (0, 0), 4) * 5, across, along, cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REFLECT_101,
    )  # fmt: skip
    turn_x, turn_y = (x - root_x) / away, (y - root_y) * 0.8 / away
    calm = np.clip(away * 1.6 - 0.1, 0, 1)  # no burst where they meet
    return ((0.5 * fine + 0.5 * coarse) * calm).astype(np.float32), turn_x, turn_y


def mix(picture: Picture, colour: Picture, cover: Plane) -> None:
    """Paint a colour over a picture in place where `cover` is 0…1."""
    picture += (colour - picture) * cover[..., None]
