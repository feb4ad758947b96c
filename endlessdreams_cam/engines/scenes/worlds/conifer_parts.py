"""Conifers, painted branch by branch: spruce, fir, pine and bare snags.

A tree is two planes: how much it covers, and how much of that is lit (already times cover). The
light comes from the right; flip a tree for light from the left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes.worlds.land_parts import Planes

_SHIFT = 4
_FIXED = 1 << _SHIFT


class Kind(Enum):
    """The kinds of trees, each with its habit."""

    SPRUCE = "spruce"
    FIR = "fir"
    PINE = "pine"
    SNAG = "snag"


@dataclass(frozen=True, slots=True)
class _Habit:
    """How a conifer grows, lengths as shares of its height.

    bare: trunk below the crown. reach: the longest branch. taper: how the crown narrows. droop
    and lift: branches sink, then rise at their tips. hang: how far twigs hang. branches: how many.
    """

    bare: float
    reach: float
    taper: float
    droop: float
    lift: float
    hang: float
    branches: int
    trunk: float


_HABITS = {
    Kind.SPRUCE: _Habit(0.07, 0.19, 0.88, 0.62, 0.34, 0.34, 230, 0.013),
    Kind.FIR: _Habit(0.10, 0.235, 0.95, 0.22, 0.10, 0.20, 240, 0.015),
    Kind.SNAG: _Habit(0.16, 0.13, 0.6, 0.35, 0.25, 0.06, 46, 0.016),
}


def conifer(random: np.random.Generator, kind: Kind, height: int) -> Planes:
    """Return a tree, (2, height, width) float32: cover and light; it stands on its last row."""
    if kind is Kind.PINE:
        return _pine(random, height)
    habit = _HABITS[kind]
    width = max(int(height * habit.reach * 2.3) + 4, 6)
    canvas = np.zeros((height, width, 3), np.uint8)
    twigs = 12 if height > 200 else 9 if height > 70 else 5
    count = max(round(habit.branches * min(1.5, 0.45 + height / 300)), 30)
    rise = np.sort(random.random(count)) ** 0.92
    turn = random.uniform(0, math.tau, count)
    jitter = random.uniform(0.62, 1.12, count)
    long = habit.reach * height * np.clip(1 - rise, 0, 1) ** habit.taper * jitter + height * 0.008
    root = height * (1 - habit.bare - rise * (0.985 - habit.bare))
    front = np.sin(turn)
    shade = 0.10 + 0.5 * np.clip(0.62 * np.cos(turn) + 0.42 * front + 0.1, 0, 1)
    shade = (shade + random.uniform(0, 0.16, count)) * (0.72 + 0.32 * rise)
    strokes = _strokes(random, habit, root, long, turn, twigs, width / 2)
    middle = count // 2
    order = np.argsort(front + 0.15 * rise)
    thick = max(1, round(height / 330))
    for number, n in enumerate(order):
        if number == middle:
            _trunk(canvas, random, habit.trunk, height, width / 2)
        _draw(canvas, strokes[n], float(shade[n]), thick, kind is Kind.SNAG)
    tip = np.array([[width / 2, height * 0.05], [width / 2, 0.5]])
    _lines(canvas, tip[None], 0.4, thick)
    return _planes(canvas)


def _strokes(
    random: np.random.Generator, habit: _Habit, root: NDArray[np.float64],
    long: NDArray[np.float64], turn: NDArray[np.float64], twigs: int, axis: float,
) -> NDArray[np.float64]:  # fmt: skip
    """Return all branches' strokes, (branches, 2 × twigs, 2 ends, 2): spine pieces, then twigs."""
    count = len(root)
    along = np.linspace(0.0, 1, twigs + 1)[None, :]
    out = long[:, None] * along
    x = axis + out * np.cos(turn)[:, None]
    sag = habit.droop * along - habit.lift * along**2.2
    y = root[:, None] + long[:, None] * sag + out * np.sin(turn)[:, None] * 0.16
    points = np.stack((x, y), axis=2)
    spine = np.stack((points[:, :-1], points[:, 1:]), axis=2)
    fork = random.uniform(0.15, 0.6, (count, twigs)) * np.sign(np.cos(turn))[:, None]
    size = long[:, None] * habit.hang * random.uniform(0.55, 1.15, (count, twigs))
    size *= 1.15 - 0.75 * along[:, 1:]
    hang = np.stack((fork * size, size * (0.75 - 0.4 * np.abs(fork))), axis=2)
    start = points[:, 1:] - 0.3 * hang
    twig = np.stack((start, points[:, 1:] + hang), axis=2)
    return np.concatenate((spine, twig), axis=1)


def _draw(
    canvas: NDArray[np.uint8], strokes: NDArray[np.float64], shade: float, thick: int, bare: bool
) -> None:
    half = len(strokes) // 2
    inner = half + half // 2
    if bare:
        _lines(canvas, strokes[:half], shade * 0.8, thick)
        return
    _lines(canvas, strokes[:inner], shade * 0.5, thick)
    _lines(canvas, strokes[inner:], shade, thick)


def _lines(
    canvas: NDArray[np.uint8], strokes: NDArray[np.float64], shade: float, thick: int
) -> None:
    fixed = np.round(strokes * _FIXED).astype(np.int32)
    level = int(min(max(shade, 0.0), 1.0) * 255)
    cv2.polylines(canvas, list(fixed), False, (level, 255, 0), thick, cv2.LINE_AA, _SHIFT)


def _trunk(
    canvas: NDArray[np.uint8], random: np.random.Generator, share: float, height: int, axis: float,
    top: float = 0.0,
) -> None:  # fmt: skip
    """Paint a tapering trunk, rounded by light from the right."""
    for side, shade in ((-0.5, 0.05), (0.0, 0.12), (0.5, 0.3)):
        half = share * height
        base = axis + side * half
        outline = np.array(
            [[base - half * 0.55, height], [base + half * 0.55, height],
             [axis + side * half * 0.2 + 0.3, top * height], [axis - 0.3, top * height]]
        )  # fmt: skip
        level = int(255 * (shade + random.uniform(0, 0.04)))
        cv2.fillPoly(
            canvas, [np.round(outline * _FIXED).astype(np.int32)], (level, 255, 0),
            cv2.LINE_AA, _SHIFT,
        )  # fmt: skip


def _pine(random: np.random.Generator, height: int) -> Planes:
    """Paint a Scots pine: a bare, leaning trunk under an irregular crown of clumps."""
    width = int(height * 0.5) + 6
    axis = width / 2
    canvas = np.zeros((height, width, 3), np.uint8)
    _trunk(canvas, random, 0.014, height, axis, top=0.12)
    count = 20
    rise = np.sort(random.uniform(0.0, 1.0, count))
    side = random.uniform(-1, 1, count)
    spread = 0.19 * np.sqrt(np.clip(1.02 - (rise * 1.5 - 0.55) ** 2, 0.06, 1))
    x = axis + side * spread * height
    y = height * (0.5 - 0.46 * rise) + np.abs(side) * height * 0.035
    for n in range(count):
        bough = np.array([[[axis, y[n] + height * 0.06], [x[n], y[n]]]])
        _lines(canvas, bough, 0.12, max(1, round(height / 140)))
    thick = max(1, round(height / 220))
    for n in np.argsort(random.random(count)):
        _clump(canvas, random, x[n], y[n], height * random.uniform(0.045, 0.08), side[n], thick)
    return _planes(canvas)


def _clump(
    canvas: NDArray[np.uint8], random: np.random.Generator, x: float, y: float, size: float,
    side: float, thick: int,
) -> None:  # fmt: skip
    """Paint one tuft of needles: strokes fanning out, dark below, light above and right."""
    count = 46
    around = random.uniform(0, math.tau, count)
    reach = np.sqrt(random.random(count))
    px = x + np.cos(around) * reach * size * 1.5
    py = y + np.sin(around) * reach * size * 0.62
    lean = random.uniform(-0.9, 0.9, count) + 0.3 * side
    long = size * random.uniform(0.22, 0.5, count)
    ends = np.stack((px + np.sin(lean) * long, py - np.cos(lean) * long), 1)
    strokes = np.stack((np.stack((px, py), 1), ends), 1)
    glow = 0.30 - 0.30 * np.sin(around) * reach + 0.18 * np.cos(around) * reach
    order = np.argsort(glow)
    for part in np.array_split(order, 4):
        _lines(canvas, strokes[part], float(0.08 + 0.85 * glow[part].mean()), thick)


def _planes(canvas: NDArray[np.uint8]) -> Planes:
    planes = np.empty((2, *canvas.shape[:2]), np.float32)
    np.multiply(canvas[..., 1], np.float32(1 / 255), out=planes[0])
    np.multiply(canvas[..., 0], np.float32(1 / 255), out=planes[1])
    return planes


def stamp(planes: Planes, tree: Planes, x: float, foot: float) -> None:
    """Plant a tree in a strip, before what stands there: its middle at x, its foot at row foot.

    planes: cover and light, (2, rows, width); what sticks out goes on at the other side.
    """
    width = planes.shape[2]
    left = round(x - tree.shape[2] / 2) % width
    _paste(planes, tree, left, round(foot) - tree.shape[1])
    if left + tree.shape[2] > width:
        _paste(planes, tree, left - width, round(foot) - tree.shape[1])


def _paste(planes: Planes, tree: Planes, left: int, top: int) -> None:
    rows, width = planes.shape[1:]
    first, last = max(top, 0), min(top + tree.shape[1], rows)
    begin, end = max(left, 0), min(left + tree.shape[2], width)
    if first >= last or begin >= end:
        return
    seen = tree[:, first - top : last - top, begin - left : end - left]
    part = planes[:, first:last, begin:end]
    part *= 1 - seen[0]
    part += seen


def resized(tree: Planes, tall: float) -> Planes:
    """Return a tree `tall` pixels high."""
    share = tall / tree.shape[1]
    size = (max(round(tree.shape[2] * share), 2), max(round(tall), 3))
    how = cv2.INTER_AREA if share < 1 else cv2.INTER_LINEAR
    return np.stack([cv2.resize(plane, size, interpolation=how) for plane in tree])
