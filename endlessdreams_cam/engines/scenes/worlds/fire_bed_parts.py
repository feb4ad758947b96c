"""What burns: a bed of coals in perspective, and the crust that glows from inside."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes import paint
from endlessdreams_cam.engines.scenes.paint import Array
from endlessdreams_cam.frame import Size

_FINE = 2  # coals are painted at twice the size
_SHIFT = 4
# A coal's layers, outside in: share of its size, lift, heat, and what light from above it takes.
_LAYERS = (
    (1.16, -0.2, 165.0, 6.0),
    (1.0, 0.0, 104.0, 14.0),
    (0.93, 0.05, 64.0, 46.0),
    (0.82, 0.10, 38.0, 84.0),
    (0.66, 0.17, 22.0, 118.0),
    (0.46, 0.25, 14.0, 140.0),
)


def coals(size: Size, random: np.random.Generator, top: float) -> tuple[Array, Array]:
    """Return a bed of coals as heat and ash, two planes 0…1 of the picture's size.

    top: where the bed begins, 0…1 of the height. heat is how hot each place is (gaps glow, crusts
    do not); ash is what the flames above can light. Both are 0 above the bed and go round
    sideways. Painted back to front.
    """
    width, height = _FINE * size.width, _FINE * size.height
    canvas = np.zeros((2, height, width), np.uint8)
    mound = paint.fbm(random, Size(256, 8), cells=5, octaves=3)[0] - 0.5
    lumps = [_lump(random) for _ in range(20)]
    depth = np.geomspace(1.0, 6.0, 12)
    for near in depth:
        share = (near - 1) / (depth[-1] - 1)
        radius = height * 0.0145 * near
        count = max(round(width / (1.5 * radius)), 2)
        for k in range(count):
            x = (k + random.uniform(0, 0.6)) * width / count
            rise = 0.07 * (1 - share) * mound[int(x / width * 256) % 256]
            y = height * (top + rise + (1.08 - top) * share**0.85)
            y += random.uniform(-0.4, 0.4) * radius
            outline = lumps[(7 * k + int(10 * near)) % len(lumps)]
            _coal(canvas, random, outline, (x, y), radius * random.uniform(0.6, 1.4))
    first = max(int(size.height * (top - 0.1)), 0)
    strip = Size(size.width, size.height - first)
    grain = paint.fbm(random, strip, cells=size.width // 6, octaves=2)
    patch = paint.fbm(random, strip, cells=size.width // 30, octaves=3)
    heat, ash = (
        cv2.resize(p, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255 for p in canvas
    )
    heat[first:] *= 0.25 + 0.5 * grain + 1.3 * patch * patch
    ash[first:] *= 0.4 + 0.9 * grain
    return heat, ash


def _lump(random: np.random.Generator) -> Array:
    """Return the outline of a rounded lump of about unit size, (corners, 2)."""
    corners = int(random.integers(6, 9))
    angle = (np.arange(corners) + random.uniform(-0.35, 0.35, corners)) * math.tau / corners
    reach = random.uniform(0.72, 1.15, corners)
    points = np.stack((np.cos(angle) * reach, np.sin(angle) * reach), 1)
    for _ in range(2):  # Chaikin's corner cutting
        after = np.roll(points, -1, 0)
        points = np.stack((0.8 * points + 0.2 * after, 0.2 * points + 0.8 * after), 1)
        points = points.reshape(-1, 2)
    return points.astype(np.float32)


def _coal(
    canvas: NDArray[np.uint8],
    random: np.random.Generator,
    lump: Array,
    at: tuple[float, float],
    radius: float,
) -> None:
    """Paint one coal on heat and ash; it goes on at the other side where it is cut."""
    mirrored = 1 if random.random() < 0.5 else -1
    outline = lump * (1.25 * radius * mirrored, 0.85 * radius)
    warmth = 150 * float(random.beta(0.8, 3.2))
    width = canvas.shape[2]
    shade = float(random.uniform(0.6, 1.25))
    sides = [0.0]
    if at[0] < 2 * radius:
        sides.append(float(width))
    elif at[0] > width - 2 * radius:
        sides.append(-float(width))
    for share, lift, hot, lit in _LAYERS:
        for side in sides:
            points = outline * share + (at[0] + side, at[1] - lift * radius)
            fixed = [np.round(points * (1 << _SHIFT)).astype(np.int32)]
            cv2.fillPoly(canvas[0], fixed, min(hot + warmth * share, 235), cv2.LINE_AA, _SHIFT)
            cv2.fillPoly(canvas[1], fixed, lit * shade, cv2.LINE_AA, _SHIFT)


def logs(
    size: Size, random: np.random.Generator, at: tuple[float, float], reach: float
) -> tuple[Array, Array, Array]:
    """Return burning logs in a ring of stones as heat, ash and cover, planes 0…1.

    at: the middle of their feet (0…1 of width and height); reach: half their width in widths.
    """
    width, height = _FINE * size.width, _FINE * size.height
    canvas = np.zeros((2, height, width), np.uint8)
    front = np.zeros((height, width), np.uint8)
    x, y = at[0] * width, at[1] * height
    unit = reach * width
    lumps = [_lump(random) for _ in range(8)]

    def stones(angles: NDArray[np.float64], cover: NDArray[np.uint8]) -> None:
        for n, angle in enumerate(angles):
            place = (x + 1.18 * unit * math.cos(angle), y + 0.30 * unit * math.sin(angle))
            radius = unit * random.uniform(0.11, 0.17) * (1 + 0.25 * math.sin(angle))
            outline = lumps[n % 8] * (1.2 * radius, 0.85 * radius)
            _stone(canvas, cover, random, outline, place)

    stones(np.linspace(math.pi * 1.03, math.pi * 1.97, 8), np.zeros_like(front))
    lay = ((-0.80, 0.02, 0.34, -0.72), (0.78, 0.04, -0.36, -0.66), (-0.34, 0.12, 0.16, -0.80),
           (-0.92, 0.16, 0.35, 0.06), (0.95, 0.15, -0.20, 0.20))  # fmt: skip
    for n, (ax, ay, bx, by) in enumerate(lay):
        ends = np.array([(x + ax * unit, y + ay * unit), (x + bx * unit, y + by * unit)])
        _log(canvas, front, ends, unit * random.uniform(0.075, 0.10), 255 if n > 2 else 150)
    stones(np.linspace(0.0, math.pi, 10), front)
    bark = paint.fbm(random, size, cells=size.width // 9, octaves=3)
    heat, ash, cover = (
        cv2.resize(p, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
        for p in (*canvas, front)
    )
    heat *= 0.2 + 1.5 * bark * bark
    ash *= 0.35 + 0.9 * bark
    return heat, ash, cover


def _log(
    canvas: NDArray[np.uint8], front: NDArray[np.uint8], ends: Array, thick: float, cover: int
) -> None:
    """Paint a log that tapers: charred and dark above, glowing below and at its cracks."""
    along = ends[1] - ends[0]
    side = np.array((-along[1], along[0])) / max(float(np.hypot(*along)), 1.0) * thick
    for share, lift, hot, lit in _LAYERS[1:]:
        a, b = ends - (0, lift * thick)
        wide = side * share
        quad = np.array((a + wide, b + 0.7 * wide, b - 0.7 * wide, a - wide))
        fixed = [np.round(quad * (1 << _SHIFT)).astype(np.int32)]
        cv2.fillPoly(canvas[0], fixed, min(1.15 * hot, 235.0), cv2.LINE_AA, _SHIFT)
        cv2.fillPoly(canvas[1], fixed, lit, cv2.LINE_AA, _SHIFT)
        cv2.fillPoly(front, fixed, cover, cv2.LINE_AA, _SHIFT)


def _stone(
    canvas: NDArray[np.uint8],
    front: NDArray[np.uint8],
    random: np.random.Generator,
    outline: Array,
    at: tuple[float, float],
) -> None:
    shade = random.uniform(0.6, 1.1)
    for share, lift, _, lit in _LAYERS[1:]:
        lifted = lift * 0.5 * float(np.ptp(outline[:, 1]))
        points = outline * share + (at[0], at[1] - lifted)
        fixed = [np.round(points * (1 << _SHIFT)).astype(np.int32)]
        cv2.fillPoly(canvas[0], fixed, 12.0, cv2.LINE_AA, _SHIFT)
        cv2.fillPoly(canvas[1], fixed, 1.2 * lit * shade, cv2.LINE_AA, _SHIFT)
        cv2.fillPoly(front, fixed, 255.0, cv2.LINE_AA, _SHIFT)


def crust(size: Size, random: np.random.Generator, cells: int) -> tuple[Array, Array]:
    """Return a cracked crust that tiles: (cracks, grain), two planes 0…1.

    cracks is 1 in a crack and falls off into the plates between (the borders of a Voronoi net with
    `cells` plates across, bent by noise); grain is the plates' own roughness.
    """
    width, height = size
    down = max(round(cells * height / width), 2)
    offset_x, offset_y = random.uniform(0.1, 0.9, (2, down * cells)).astype(np.float32)
    bend_x = paint.fbm(random, size, cells=cells, octaves=4) - 0.5
    bend_y = paint.fbm(random, size, cells=cells, octaves=4) - 0.5
    at_x, at_y = paint.grid(size)
    at_x = at_x * cells + bend_x * 0.55
    at_y = at_y * down + bend_y * 0.55
    nearest = np.full((2, height, width), 9.0, np.float32)
    cell_x, cell_y = np.floor(at_x).astype(np.intp), np.floor(at_y).astype(np.intp)
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            i, j = cell_y + dy, cell_x + dx
            site = ((i % down) * cells + j % cells).astype(np.intp)
            x = j - at_x + np.take(offset_x, site)
            y = i - at_y + np.take(offset_y, site)
            distance = cv2.magnitude(x.astype(np.float32), y.astype(np.float32))
            np.minimum(nearest[1], np.maximum(nearest[0], distance), out=nearest[1])
            np.minimum(nearest[0], distance, out=nearest[0])
    border = nearest[1] - nearest[0]
    uneven = paint.fbm(random, size, cells=max(cells // 3, 2), octaves=4)
    cracks = np.exp(border * (-16.0 + 11.0 * uneven)) * np.clip(1.5 * uneven - 0.1, 0.1, 1)
    grain = paint.fbm(random, size, cells=cells * 3, octaves=4)
    return cracks.astype(np.float32), grain


class Flow:
    """Lava in perspective that comes towards the viewer.

    tile: its cracks, going round both ways; top: the horizon, first: the first row asked for.
    """

    def __init__(self, size: Size, tile: Array, top: float, first: int) -> None:
        xs, ys = paint.grid(size)
        deep = np.maximum(ys - top, 0.004) / (1 - top) + 0.10
        scale = tile.shape[0] / 256
        u = (xs - 0.5) * (68 * scale * size.width / size.height) / deep
        light = paint.smoothstep(0.0, 0.02, ys - top) * (0.50 + 0.45 * deep)
        planes = np.stack((u, 62 * scale / deep, light))[:, first:].astype(np.float32)
        self._u, self._v, self._light = planes
        self._tile, self._scale = tile, scale

    def at(self, t: float, pan: float) -> Array:
        """Return its heat from row `first` down; pan: the camera's way in widths."""
        u = self._u + (0.6 * t - 60 * pan) * self._scale
        v = self._v - 5.0 * t * self._scale
        found = cv2.remap(self._tile, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
        found *= self._light
        return found
