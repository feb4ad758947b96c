"""Brushes: noise without seams, ramps, glow, soft steps.

Everything here is numpy and OpenCV on float32 and is meant to be called once per scene or once
per frame; nothing keeps state.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.frame import Size

Array: TypeAlias = NDArray[np.floating[Any]]
"""float32; numpy's stubs lose the width in arithmetic with plain numbers."""


def fbm(
    random: np.random.Generator,
    size: Size,
    *,
    cells: int = 4,
    octaves: int = 5,
    gain: float = 0.5,
    tile_x: bool = True,
    tile_y: bool = True,
) -> Array:
    """Return fractal noise, 0…1 with mean near 0.5, (height, width).

    cells is the number of bumps across the picture's larger side in the first octave. It tiles
    without a seam in the directions asked for, so that it can scroll for ever (np.roll, or `scroll`
    for parts of a pixel). Cubic interpolation of random lattices (value noise).
    """
    larger = max(size)
    total = np.zeros((size.height, size.width), np.float32)
    weight = 0.0
    for octave in range(octaves):
        across = max(2, round(cells * 2**octave * size.width / larger))
        down = max(2, round(cells * 2**octave * size.height / larger))
        if across * 2 > size.width * 2 or down > size.height * 2:
            break
        lattice = random.random((down, across), np.float32)
        total += gain**octave * _enlarge(lattice, size, tile_x, tile_y)
        weight += gain**octave
    total /= max(weight, 1e-6)
    low, high = np.percentile(total[::4, ::4], (0.5, 99.5))
    return np.clip((total - low) / max(float(high - low), 1e-6), 0, 1).astype(np.float32)


def _enlarge(lattice: Array, size: Size, tile_x: bool, tile_y: bool) -> Array:
    pad = 3
    down, across = lattice.shape
    horizontally = cv2.BORDER_WRAP if tile_x else cv2.BORDER_REFLECT_101
    vertically = cv2.BORDER_WRAP if tile_y else cv2.BORDER_REFLECT_101
    wide = cv2.copyMakeBorder(lattice, 0, 0, pad, pad, horizontally)
    wide = cv2.copyMakeBorder(wide, pad, pad, 0, 0, vertically)
    step_x, step_y = across / size.width, down / size.height
    # Centre-aligned sampling of the padded lattice, exact for any ratio.
    matrix = np.array(
        [[step_x, 0, pad + 0.5 * step_x - 0.5], [0, step_y, pad + 0.5 * step_y - 0.5]], np.float32
    )
    return cv2.warpAffine(
        wide, matrix, size, flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REFLECT_101,
    )  # fmt: skip


def scroll(picture: Array, x: float, y: float = 0.0) -> Array:
    """Return a tiling picture moved right by x and down by y pixels, parts of a pixel included."""
    height, width = picture.shape[:2]
    x, y = x % width, y % height
    whole_x, whole_y = math.floor(x), math.floor(y)
    moved = np.roll(picture, (whole_y, whole_x), (0, 1))
    part_x, part_y = x - whole_x, y - whole_y
    if part_x > 1e-3:
        moved = cv2.addWeighted(moved, 1 - part_x, np.roll(moved, 1, 1), part_x, 0)
    if part_y > 1e-3:
        moved = cv2.addWeighted(moved, 1 - part_y, np.roll(moved, 1, 0), part_y, 0)
    return moved


def smoothstep(low: float, high: float, x: Array) -> Array:
    """Return 0 below low, 1 above high and a soft step between (Hermite)."""
    u = np.clip((x - low) * (1.0 / (high - low)), 0, 1)
    return (u * u * (3 - 2 * u)).astype(np.float32)


def ramp(values: Array, colours: Sequence[tuple[float, float, float]]) -> Array:
    """Return a picture: each value 0…1 coloured along a ramp of two or more colours, smoothly.

    A table of 1,024 steps, so that no band shows; (height, width) → (height, width, 3).
    """
    return ramp_table(colours)[np.clip(values * 1023, 0, 1023).astype(np.uint16)]


def ramp_table(colours: Sequence[tuple[float, float, float]]) -> Array:
    """Return a ramp as a table of 1,024 colours, (1024, 3)."""
    stops = np.linspace(0, 1, len(colours))
    at = np.linspace(0, 1, 1024)
    rows = np.asarray(colours, np.float32)
    return np.stack([np.interp(at, stops, rows[:, c]) for c in range(3)], 1).astype(np.float32)


def over(picture: Array, colour: Sequence[float] | Array, cover: Array) -> Array:
    """Paint a colour (or another picture) over `picture` in place where `cover` is 0…1."""
    cover3 = cv2.merge((cover, cover, cover))
    if isinstance(colour, np.ndarray) and colour.ndim == 3:
        picture += (colour - picture) * cover3
    else:
        picture += (np.asarray(colour, np.float32) - picture) * cover3
    return picture


def glow(
    picture: Array, *, threshold: float = 0.7, radius: float = 0.03, amount: float = 0.5
) -> Array:
    """Return the picture with light bleeding out of its bright parts (bloom at quarter size)."""
    height, width = picture.shape[:2]
    small = cv2.resize(
        picture, (max(width // 4, 8), max(height // 4, 8)), interpolation=cv2.INTER_AREA
    )
    bright = np.maximum(small - threshold, 0) * (1 / (1 - threshold))
    bright = cv2.GaussianBlur(bright, (0, 0), max(radius * small.shape[1], 0.8))
    bloom = cv2.resize(bright, (width, height), interpolation=cv2.INTER_LINEAR)
    return cv2.scaleAdd(bloom, amount, picture)


def disc(size: Size, x: float, y: float, radius: float, soft: float = 1.5) -> Array:
    """Return a plane with an anti-aliased disc: 1 inside, 0 outside; all in pixels."""
    ys, xs = np.ogrid[: size.height, : size.width]
    distance = np.sqrt((xs - x).astype(np.float32) ** 2 + (ys - y).astype(np.float32) ** 2)
    return np.clip((radius - distance) / soft + 0.5, 0, 1).astype(np.float32)


def halo(size: Size, x: float, y: float, radius: float, power: float = 2.0) -> Array:
    """Return a plane of light falling off round a point: 1 at it, 0.5 at `radius` pixels."""
    ys, xs = np.ogrid[: size.height, : size.width]
    squared = (xs - x).astype(np.float32) ** 2 + (ys - y).astype(np.float32) ** 2
    return (1 / (1 + (squared / radius**2) ** (power / 2))).astype(np.float32)


def grid(size: Size) -> tuple[Array, Array]:
    """Return x and y of every pixel, 0…1, as two planes."""
    ys, xs = np.mgrid[: size.height, : size.width].astype(np.float32)
    return (xs + 0.5) / size.width, (ys + 0.5) / size.height
