"""Mountain ranges: a height field of ridges, seen from the side, lit, snowed on, hazed.

A range is computed in plan (depth by width), looked at from a little above with parallel columns,
so that its picture tiles sideways, and kept as light and shade for the scene to put together.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes.mood import Colour
from endlessdreams_cam.engines.scenes.paint import Array, fbm, smoothstep
from endlessdreams_cam.engines.scenes.world import Plane
from endlessdreams_cam.engines.scenes.worlds.land_parts import Planes
from endlessdreams_cam.frame import Size


@dataclass(frozen=True, slots=True)
class Sunlight:
    """The key light on a range: from the right (x 1) or left (−1), up and toward the viewer."""

    x: float
    up: float
    toward: float = 0.35


@dataclass(frozen=True, slots=True)
class Relief:
    """Noises tiling both ways: the stock that ranges are cut from.

    ridges, fine, warp: 0…1. rock, crowns: how cracks and treetops catch the sun, about 1.
    """

    ridges: Array
    fine: Array
    warp: Array
    rock: Array
    crowns: Array


def relief(random: np.random.Generator, size: Size, cells: int, sun: Sunlight) -> Relief:
    """Return ridged multifractal noise (each octave is rough where the coarser one is high)."""
    total = np.zeros((size.height, size.width), np.float32)
    rough = np.ones_like(total)
    gain, weight = 1.0, 0.0
    count = 6
    for octave in range(count):
        lattice = fbm(random, size, cells=cells * 2**octave, octaves=1)
        ridge = 1 - np.abs(lattice * 2 - 1)
        ridge *= ridge
        total += ridge * rough * gain
        weight += gain
        rough = np.clip(ridge * 1.5, 0.12, 1)
        gain *= 0.56
    low, high = np.percentile(total[::4, ::4], (1, 99.7))
    fine = fbm(random, size, cells=cells * 12, octaves=3, gain=0.7)
    warp = fbm(random, size, cells=cells, octaves=3)
    ridges = np.clip((total - low) / (high - low), 0, 1.15).astype(np.float32)
    speck = cv2.GaussianBlur(random.random(total.shape, np.float32), (0, 0), 0.9)
    return Relief(ridges, fine, warp, _rock(ridges, sun), _edges(speck, sun, 0.42))


def _rock(ridges: Array, sun: Sunlight) -> Array:
    """Return stone: cracks of two sizes along crossing diagonals."""
    tall, wide = ridges.shape
    x = np.arange(wide, dtype=np.float32)[None, :]
    y = np.arange(tall, dtype=np.float32)[:, None]
    slant = x * np.float32(tall / wide)  # whole turns of the tile, so that it still tiles
    rough = _tiled(ridges, x * 2 + 0 * y, y + slant)
    rough += 0.7 * _tiled(ridges, x * 4 + 0 * y, y * 3 - slant)
    return _edges(rough, sun, 0.30)


def _tiled(tile: Array, u: Array, v: Array) -> Array:
    return cv2.remap(tile, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)


def _edges(height: Array, sun: Sunlight, strength: float) -> Array:
    """Return how the slopes of a noise catch the sun: about 1, deviating by `strength`."""
    beside = np.roll(height, -1 if sun.x > 0 else 1, axis=1)
    slope = (height - beside) + 0.8 * (height - np.roll(height, 1, axis=0))
    return np.clip(1 + slope * (strength / max(float(slope.std()), 1e-6)), 0.25, 1.9)


@dataclass(frozen=True, slots=True)
class Peak:
    """A summit: where (0…1 across the strip), how high and how wide (in picture heights)."""

    x: float
    height: float
    width: float


@dataclass(frozen=True, slots=True)
class RangeShape:
    """What a range is like, lengths in picture heights, rows as shares of the height.

    foot: the row of its near edge. rise: how high its far edge seems to stand over the near one
    (looking from above). base: the height of its back, peaks on top of that. rough: how much of
    the height is ridges. cut: where in the stock it is cut. scale: of the ridges.
    """

    foot: float
    rise: float
    base: float
    peaks: tuple[Peak, ...]
    rough: float
    cut: tuple[float, float]
    scale: float
    depth: int = 112


def heights(shape: RangeShape, stock: Relief, width: int, height: int) -> Array:
    """Return a range in plan, in pixels of height, (depth, width), row 0 nearest; tiles in x."""
    depth = shape.depth
    across = np.arange(width, dtype=np.float32) / width
    away = np.linspace(0, 1, depth, dtype=np.float32)[:, None]
    tall, wide = stock.ridges.shape
    repeats = max(round(shape.scale), 1)
    u = (across[None, :] * repeats + shape.cut[0]) * wide + np.zeros_like(away)
    v = (away * 0.42 * shape.scale + shape.cut[1]) * tall + np.zeros_like(u)
    # Bent, so that spurs wind downhill instead of following the noise's grid.
    bend = cv2.remap(stock.warp, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP) - 0.5
    u += bend * (0.07 * wide)
    v += np.roll(bend, width // 3, axis=1) * (0.10 * tall)
    ridges = cv2.remap(stock.ridges, u, v, cv2.INTER_CUBIC, borderMode=cv2.BORDER_WRAP)
    body = shape.base * np.sin(np.pi * np.clip(away * 0.86 + 0.07, 0, 1)) ** 1.2 + np.zeros_like(u)
    summit = np.zeros_like(body)
    for peak in shape.peaks:
        beside = (across - peak.x + 0.5) % 1 - 0.5
        beside = beside[None, :] * (width / height) / peak.width
        behind = (away - 0.62) / 0.52
        reach = np.sqrt(beside * beside + behind * behind)
        near = np.clip(1 - reach, 0, 1)
        cone = near * np.sqrt(near) * (0.65 + 0.35 * near * np.sqrt(near))
        cone *= peak.height
        summit = np.sqrt(summit * summit + cone * cone)
    total = body * (1 - shape.rough + shape.rough * ridges * 1.4)
    total += summit * (0.52 + 0.66 * ridges)
    return (total * height).astype(np.float32)


@dataclass(frozen=True, slots=True)
class View:
    """A range as seen: for every pixel of its strip where in the plan it lies.

    cover 0…1; near: the plan's row per pixel (0 nearest); crest: the skyline's row per column,
    top: the picture's row at which the view begins.
    """

    cover: Plane
    near: NDArray[np.int64]
    crest: NDArray[np.float32]
    top: int


def look(field: Array, shape: RangeShape, height: int) -> View:
    """Return what of a range shows, looked at from the side and a little above.

    Front to back, a point shows where it stands over everything before it: counting, per column,
    how many stay under a row gives the point that shows there.
    """
    depth, width = field.shape
    lift = np.linspace(0, 1, depth, dtype=np.float32)[:, None] * (shape.rise * height)
    up = np.maximum.accumulate(field + lift, axis=0)
    foot = shape.foot * height
    rows = foot - up
    crest = rows[-1]
    top = max(int(np.floor(crest.min())) - 3, 0)
    bottom = int(np.ceil(foot)) + 1
    tall = max(bottom - top, 4)
    bins = np.clip(np.ceil(rows - top).astype(np.int32), 0, tall)
    columns = np.arange(width, dtype=np.int32)[None, :]
    counts = np.bincount(
        (bins * width + columns).ravel(), minlength=(tall + 1) * width
    ).reshape(tall + 1, width)  # fmt: skip
    under = np.cumsum(counts[::-1], axis=0)[::-1][1:]
    near = np.minimum(under, depth - 1)
    near[:-1] = np.minimum(near[:-1], near[1:])  # the skyline takes its colour from under it
    line = np.arange(top, top + tall, dtype=np.float32)[:, None] + 0.5
    cover = np.clip(line - crest[None, :] + 0.5, 0, 1)
    return View(cover, near, crest, top)


def lit(field: Array, sun: Sunlight, steep: float) -> tuple[Array, Array]:
    """Return a plan's sunlight (0…1, with the shadows that peaks throw) and its openness (0…1).

    steep exaggerates slopes.
    """
    wide = cv2.copyMakeBorder(field, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    wide[:, 0], wide[:, -1] = wide[:, -3], wide[:, 2]
    slope_x = (wide[1:-1, 2:] - wide[1:-1, :-2]) * (0.5 * steep)
    slope_z = (wide[2:, 1:-1] - wide[:-2, 1:-1]) * (0.5 * steep)
    length = np.sqrt(slope_x**2 + slope_z**2 + 1)
    light = np.array([sun.x, sun.up, sun.toward]) / np.sqrt(sun.x**2 + sun.up**2 + sun.toward**2)
    facing = (-slope_x * light[0] + light[1] + slope_z * light[2]) / length
    fall = max(abs(sun.up / max(abs(sun.x), 0.15)) * 0.8, 0.34)
    side = field if sun.x < 0 else field[:, ::-1]
    twice = np.concatenate((side, side), axis=1) + np.arange(
        2 * side.shape[1], dtype=np.float32
    ) * np.float32(fall)
    roof = np.maximum.accumulate(twice, axis=1)[:, side.shape[1] :]
    depth_of_shadow = roof - twice[:, side.shape[1] :]
    if sun.x >= 0:
        depth_of_shadow = depth_of_shadow[:, ::-1]
    reach = max(field.shape[1] * 0.006, 1.2)
    shadow = cv2.GaussianBlur(np.clip(depth_of_shadow / reach, 0, 1), (0, 0), 1.0)
    blurred = _blurred(field, max(field.shape[1] / 60, 2))
    hollow = (field - blurred) / max(field.shape[1] / 40, 1)
    openness = np.clip(0.72 + hollow * 0.55, 0.35, 1.1)
    return (np.clip(facing, 0, 1) * (1 - shadow)).astype(np.float32), openness


def _blurred(field: Array, radius: float) -> Array:
    """Return a plan blurred widely, at a quarter of its size."""
    depth, width = field.shape
    small = cv2.resize(
        field, (max(width // 4, 4), max(depth // 4, 4)), interpolation=cv2.INTER_AREA
    )
    return cv2.resize(cv2.GaussianBlur(small, (0, 0), max(radius / 4, 0.5)), (width, depth))


@dataclass(frozen=True, slots=True)
class Ground:
    """What a range is made of: rock in two tones, snow, and what grows on its lower slopes."""

    rock: Colour
    deep: Colour
    snow: Colour
    green: Colour
    snowline: float
    greenline: float


def skin(field: Array, ground: Ground, stock: Relief, height: int, steep: float) -> Planes:
    """Return a plan's own colours (albedo) and how green it is, (4, depth, width)."""
    depth, width = field.shape
    fine = cv2.resize(stock.fine, (width, depth), interpolation=cv2.INTER_LINEAR)
    slope = np.abs(cv2.Sobel(field, cv2.CV_32F, 1, 0, ksize=3, scale=0.125)) * steep
    slope += np.abs(cv2.Sobel(field, cv2.CV_32F, 0, 1, ksize=3, scale=0.125)) * steep
    hollow = _blurred(field, max(width / 90, 2)) - field
    tall = field * np.float32(1 / height)
    stone = fine
    edge = 0.10 * (fine - 0.5)
    line = tall - ground.snowline + edge + 2.2 * hollow / height
    snow = smoothstep(-0.025, 0.025, line - 0.025 * np.clip(slope - 1.3, 0, 4))
    green = smoothstep(0.045, -0.045, tall - ground.greenline + edge + 0.03 * np.clip(slope, 0, 3))
    planes = np.empty((4, depth, width), np.float32)
    for n in range(3):
        plane = ground.deep[n] + (ground.rock[n] - ground.deep[n]) * stone
        plane += (ground.green[n] * (0.75 + 0.5 * fine) - plane) * green
        planes[n] = plane + (ground.snow[n] - plane) * snow
    planes[3] = green * (1 - snow)
    return planes


def at_pixels(plan: Array, view: View) -> Plane:
    """Return a plan's values where they show in the view, (rows, width)."""
    rows, width = view.near.shape
    columns = np.arange(width)[None, :]
    return plan[view.near, columns].reshape(rows, width)


def crags(stock: Relief, view: View, green: Plane) -> Plane:
    """Return how what stands out of a face catches the light, about 1.

    Rock seen head-on is too smooth in a plan: its cracks are laid over it in the picture. Where it
    is green (0…1) they are the crowns of bushes and trees instead.
    """
    rows = (np.arange(green.shape[0]) + view.top) % stock.rock.shape[0]
    rock = stock.rock[rows]
    return rock + (stock.crowns[rows] - rock) * green
