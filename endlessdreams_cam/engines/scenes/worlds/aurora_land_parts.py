"""What lies under the northern lights: stars, mountains, a lake, snow and trees."""

from __future__ import annotations

import math

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes import paint
from endlessdreams_cam.engines.scenes.mood import Colour, Light, luminance, mix, scale
from endlessdreams_cam.engines.scenes.paint import Array
from endlessdreams_cam.engines.scenes.worlds.conifer_parts import Kind, conifer, resized, stamp
from endlessdreams_cam.engines.scenes.worlds.film_parts import linear
from endlessdreams_cam.engines.scenes.worlds.galaxy_star_parts import COMMON, SPECTRUM, splat
from endlessdreams_cam.engines.scenes.worlds.land_parts import Strip
from endlessdreams_cam.frame import Size


def dimmed(colour: Colour, most: float) -> Colour:
    """Return a colour that is at most this bright."""
    return scale(colour, min(1.0, most / max(luminance(colour), 1e-3)))


def sky(size: Size, light: Light) -> Array:
    """Return the empty sky down to the horizon as linear light, (height, width, 3)."""
    day = 1 - light.night
    teal = mix((0.03, 0.16, 0.22), light.horizon, 0.35 + 0.65 * day)
    most = (0.06 + 0.20 * day, 0.085 + 0.29 * day, 0.17 + 0.42 * day)
    colours = (light.zenith, light.middle, teal)
    stops = [linear(dimmed(c, m)) for c, m in zip(colours, most, strict=True)]
    at = np.linspace(0, 1, size.height) ** 1.1
    columns = [np.interp(at, (0, 0.6, 1), [stop[c] for stop in stops]) for c in range(3)]
    rows = np.stack(columns, 1).astype(np.float32)[:, None]
    return np.broadcast_to(rows, (size.height, size.width, 3)).copy()


def stars(size: Size, random: np.random.Generator, share: float, band: float) -> Array:
    """Return stars as linear light, (height, width, 3).

    share: how many of them shine, 0 (day) …1; band: how bright the milky way is.
    """
    light: Array = _milky_way(size, random) * np.float32(share * band)
    count = int(0.0055 * share * (0.6 + 0.4 * band) * size.width * size.height)
    x = random.uniform(1, size.width - 2, count)
    y = random.uniform(1, size.height - 2, count)
    bright = 0.05 * (1 - random.random(count)) ** -0.75
    keep = random.random(count) < 0.30 + 16 * light[y.astype(int), x.astype(int), 1]
    x, y = x[keep].astype(np.float32), y[keep].astype(np.float32)
    colour = SPECTRUM[random.choice(len(SPECTRUM), len(x), p=COMMON)]
    splat(light, x, y, colour * np.minimum(bright[keep], 2.4)[:, None].astype(np.float32))
    return light


def hang_moon(sky: Array, x: float) -> None:
    """Hang a moon with its halo into the sky, in place; x: where, 0…1."""
    height, width = sky.shape[:2]
    size = Size(width, height)
    at, radius = (x * width, 0.22 * height), 0.035 * height
    face = paint.disc(size, *at, radius)
    halo = 0.10 * paint.halo(size, *at, 2.2 * radius, 2.4)
    near = (at[0] - 0.4 * radius, at[1] - 0.3 * radius)
    face *= 1.65 + 0.55 * paint.disc(size, *near, 0.6 * radius, radius)
    colour = np.array((0.86, 0.93, 1.0), np.float32)
    sky += np.maximum(halo, face)[..., None] * colour


def shoot(sky: Array, random: np.random.Generator, age: float) -> None:
    """Let a star fall across the sky, in place; age 0…1."""
    height, width = sky.shape[:2]
    side = random.choice((-1.0, 1.0))
    start = np.array((0.5 - side * random.uniform(0.1, 0.4), random.uniform(0.05, 0.3)))
    way = np.array((side * 0.42, random.uniform(0.16, 0.3)))
    head, tail = start + way * age, start + way * max(age - 0.28, 0)
    mask = np.zeros((height, width), np.uint8)
    bright = math.sin(math.pi * age)
    for k in range(8):
        a, b = (tail + (head - tail) * (k + n) / 8 for n in (0, 1))
        points = [(int(p[0] * width * 16), int(p[1] * height * 16)) for p in (a, b)]
        cv2.line(mask, points[0], points[1], 255 * bright * ((k + 1) / 8) ** 2, 1, cv2.LINE_AA, 4)
    light = cv2.GaussianBlur(mask, (3, 3), 0).astype(np.float32) * (1.6 / 255)
    sky += cv2.merge((0.85 * light, light, light))


def _milky_way(size: Size, random: np.random.Generator) -> Array:
    small = Size(max(size.width // 3, 16), max(size.height // 3, 16))
    x, y = paint.grid(small)
    slope = random.choice((-1, 1)) * random.uniform(0.35, 0.7)
    at = random.uniform(0.3, 0.55) + slope * (x - 0.5)
    cloud = paint.fbm(random, small, cells=7, octaves=5)
    dust = paint.fbm(random, small, cells=8, octaves=6, gain=0.6)
    away = (y - at) / 0.22 + 0.5 * (cloud - 0.5)
    band = np.exp(-away * away) * (0.25 + 0.9 * cloud)
    lane = np.exp(-(((away + 0.15) / 0.22) ** 2)) * paint.smoothstep(0.3, 0.9, dust)
    band *= 1 - 0.6 * lane
    light = cv2.merge([band * c for c in (0.026, 0.032, 0.050)])
    return cv2.resize(light, size, interpolation=cv2.INTER_CUBIC).clip(0)


class Cutout:
    """A layer before the sky that goes on sideways: what it covers, how it is lit, its own lamps.

    planes: cover, lit and warm, (3, rows, width), from the picture's row `top` down.
    """

    def __init__(self, top: int, planes: Array, pace: float) -> None:
        self._top, self._pace = top, pace
        self._dark = not planes[2].any()
        self._strip = Strip(planes[:2] if self._dark else planes, planes.shape[2])

    def put(self, light: Array, falling: Array, own: Array, pan: float, warmth: float) -> None:
        """Lay it over linear light in place.

        falling: the light that falls on it by column, (width, 3); own: the colour of its shadows;
        pan: the camera's way in widths; warmth: how brightly its lamps shine.
        """
        planes = self._strip.seen(pan * self._pace * light.shape[1])
        cover, lit = planes[0], planes[1]
        part = light[self._top : self._top + cover.shape[0]]
        part *= cv2.merge((1 - cover,) * 3)
        shaded = [cover * float(own[c]) + lit * falling[:, c] for c in range(3)]
        if not self._dark:
            for plane, share in zip(shaded, _LAMP, strict=True):
                plane += planes[2] * (share * warmth)
        part += cv2.merge(shaded)


_LAMP = (2.4, 0.95, 0.22)  # a window's linear light


def mountains(
    size: Size, random: np.random.Generator, foot: float, tall: float, cells: int, pace: float,
    lamps: int = 0,
) -> Cutout:  # fmt: skip
    """Return snowy mountains standing on `foot`, up to `tall` (heights), going round sideways.

    lamps: how many windows shine at their feet.
    """
    height = size.height
    top = max(int((foot - tall * 1.15) * height), 0)
    rows = int(foot * height) - top + 1
    crest = np.zeros(size.width, np.float32)
    for octave in range(6):
        noise = paint.fbm(random, Size(size.width, 4), cells=cells * 2**octave, octaves=1)[0]
        crest += (1 - np.abs(2 * noise - 1)) * 0.47**octave
    crest = (crest - crest.min()) / max(float(np.ptp(crest)), 1e-6)
    line = (foot - tall * (0.12 + 0.88 * crest)) * height - top
    ys = np.arange(rows, dtype=np.float32)[:, None]
    cover = np.clip(ys - line + 0.5, 0, 1)
    inside = np.clip((ys - line) / (tall * height), 0, 1)
    facets = _facets(size, random, crest, inside, cells)
    rough = paint.fbm(random, Size(size.width, rows), cells=cells * 28, octaves=3)
    snow = paint.smoothstep(0.85, 0.1, inside + 0.5 * (rough - 0.5))
    lit = cover * (0.06 + facets) * (0.12 + 0.88 * snow) * (0.8 + 0.4 * rough)
    warm = np.zeros_like(cover)
    place = random.uniform(0.12, 0.88)
    for _ in range(lamps):
        x = (place + random.uniform(-0.045, 0.045)) * size.width
        y = rows - random.uniform(0.010, 0.028) * height
        _lamp(warm, x, y, 0.0022 * height * random.uniform(0.8, 1.3))
    return Cutout(top, np.stack((cover, lit, warm)).astype(np.float32), pace)


def _lamp(warm: Array, x: float, y: float, radius: float) -> None:
    """Light a small lamp with its halo."""
    rows, columns = warm.shape
    ys, xs = np.ogrid[:rows, :columns]
    away = (xs - x) ** 2 + (ys - y) ** 2
    radius = max(radius, 0.55)
    warm += np.exp(-away / (2 * radius**2)) + 0.05 / (1 + away / (3 * radius) ** 2) ** 1.5


def _facets(
    size: Size, random: np.random.Generator, crest: Array, inside: Array, cells: int
) -> Array:
    """Return how much light the mountainsides take, 0…1: the crest's slopes run on downhill."""
    rows = inside.shape[0]
    smooth = cv2.GaussianBlur(np.tile(crest[None], (1, 3)), (0, 0), max(size.width / 210, 0.8))
    slope = np.gradient(smooth[0])[size.width : 2 * size.width] * size.width / (cells * 2.2)
    wander = paint.fbm(random, Size(size.width, rows), cells=cells * 7, octaves=5, gain=0.6) - 0.5
    x = np.arange(size.width, dtype=np.float32) + wander * np.sqrt(inside) * size.width * 0.07
    low = np.mod(x, size.width).astype(np.intp)
    return np.clip(0.36 + 0.8 * slope[low] + 0.5 * wander, 0.0, 1.0)


def shore(size: Size, random: np.random.Generator, side: float, cabin: bool, pace: float) -> Cutout:
    """Return the snow at the near shore, firs to one side (−1 left, 1 right), perhaps a cabin."""
    width, height = size
    x = np.linspace(0, 1, width, endpoint=False, dtype=np.float32)
    swell = paint.fbm(random, Size(width, 8), cells=5, octaves=4)[2]
    middle = 0.5 + 0.08 * side
    rise = np.abs((x - middle + 0.5) % 1 - 0.5) * 2
    line = height * (0.985 - 0.045 * swell - 0.12 * rise**2.4)
    ys = np.arange(height, dtype=np.float32)[:, None]
    cover = np.clip((ys - line) / 1.5 + 0.5, 0, 1)
    drift = paint.fbm(random, Size(max(width // 5, 16), height), cells=26, octaves=5)
    drift = cv2.resize(drift, size, interpolation=cv2.INTER_CUBIC)
    hollow = np.gradient(cv2.GaussianBlur(drift, (0, 0), height / 150), axis=0) * height / 11
    edge = np.exp(-np.maximum(ys - line, 0) / (0.025 * height))
    fade = 1 - 0.45 * np.clip((ys - line) / (0.12 * height), 0, 1)
    lit = cover * np.clip((0.34 + 0.30 * hollow) * fade + 0.42 * edge * swell, 0.03, 1)
    planes = np.stack((cover, lit, np.zeros_like(cover))).astype(np.float32)
    if cabin:
        at = int((0.80 if side < 0 else 0.20) * width)
        _build(planes, (at, float(line[at]) + 0.012 * height), 0.066 * height)
    _plant(planes, random, size, side, line)
    top = int(np.flatnonzero(planes[0].max(1) > 0.004)[0])
    return Cutout(top, np.ascontiguousarray(planes[:, top:]), pace)


def _build(planes: Array, at: tuple[float, float], unit: float) -> None:
    """Build a cabin with lit windows: its middle and foot in pixels, its walls' height."""
    x, y = at
    outlines = (
        ("wall", ((-1.0, 0), (1.0, 0), (1.0, -0.95), (-1.0, -0.95)), 0.03),
        ("roof", ((-1.35, -0.85), (1.35, -0.85), (0.78, -1.75), (-0.78, -1.75)), 0.75),
        ("chimney", ((0.36, -1.5), (0.62, -1.5), (0.62, -2.15), (0.36, -2.15)), 0.05),
    )
    for _, outline, lit in outlines:
        points = np.array(outline, np.float32) * unit + np.array((x, y), np.float32)
        mask = np.zeros(planes.shape[1:], np.uint8)
        cv2.fillPoly(mask, [np.round(points * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
        cover = mask.astype(np.float32) / 255
        planes[0] += (1 - planes[0]) * cover
        planes[1] += (lit - planes[1]) * cover
    ys, xs = np.ogrid[: planes.shape[1], : planes.shape[2]]
    for left in (-0.62, 0.22):
        wide = np.minimum(xs - (x + left * unit), x + (left + 0.4) * unit - xs)
        high = np.minimum(ys - (y - 0.68 * unit), y - 0.26 * unit - ys)
        inside = np.clip(wide + 0.5, 0, 1) * np.clip(high + 0.5, 0, 1)
        bars = (np.abs(xs - x - (left + 0.2) * unit) < 0.02 * unit) | (
            np.abs(ys - y + 0.47 * unit) < 0.02 * unit
        )
        inside = inside * (1 - 0.7 * bars)
        away = ((xs - x - (left + 0.2) * unit) / (1.5 * unit)) ** 2
        spill = np.exp(-away - ((ys - y - 0.35 * unit) / (0.5 * unit)) ** 2) * (ys > y)
        around = (xs - x - left * unit) ** 2 + (ys - y + 0.45 * unit) ** 2
        halo = 0.10 / (1 + around / unit**2) ** 2
        planes[2] += (0.9 * inside + 0.10 * spill + 0.5 * halo).astype(np.float32)


def _plant(
    planes: Array, random: np.random.Generator, size: Size, side: float, line: Array
) -> None:
    width, height = size
    kinds = [
        conifer(random, Kind.SPRUCE if n % 2 else Kind.FIR, max(int(0.62 * height), 24))
        for n in range(2)
    ]
    places = [(0.05, 0.60), (0.015, 0.45), (0.125, 0.42), (0.19, 0.26), (0.235, 0.16), (0.28, 0.10),
              (-0.03, 0.20), (-0.065, 0.13), (-0.005, 0.30)]  # fmt: skip
    for n, (x, tall) in enumerate(sorted(places, key=lambda p: p[1])):
        x += random.uniform(-0.012, 0.012)
        at = int((1 - x if side > 0 else x) * width) % width
        tree = resized(kinds[n % 2], tall * height * random.uniform(0.85, 1.1))
        tree[1] *= 0.16
        stamp(planes[:2], tree, at, line[at] + 0.02 * height)


class Lake:
    """Still water that mirrors what was above it a moment ago, in ripples."""

    def __init__(self, size: Size, random: np.random.Generator, horizon: int, rough: float) -> None:
        self._rough = rough
        self._rows = size.height - horizon
        self._horizon = horizon
        self._size = size
        noise = paint.fbm(random, Size(256, 256), cells=22, octaves=3)
        self._noise = np.tile(noise, (2, 2))
        self._half = Size(max(size.width // 2, 8), max(horizon // 2, 8))
        self._mirror: Array | None = None
        small = Size(max(size.width // 2, 8), max(self._rows // 2, 8))
        x, y = paint.grid(small)
        self._deep = 0.06 + y
        self._u = 128 + (x - 0.5) * 56 / self._deep
        self._v = 34 / self._deep
        self._x, self._y = paint.grid(Size(size.width, self._rows))
        self._x = self._x * self._half.width - 0.5
        fall = (np.arange(self._rows, dtype=np.float32)[:, None] + 0.5) * 1.45
        rows = (horizon - fall) / horizon * self._half.height - 0.5
        self._y = np.repeat(rows.astype(np.float32), size.width, axis=1)
        away = np.arange(self._rows, dtype=np.float32)[:, None] / self._rows
        self._reach = ((0.4 + 6.0 * away) * (size.height / 288)).astype(np.float32)
        self._dark = (0.78 - 0.25 * away).astype(np.float32)

    def reflect(self, above: Array, t: float, dt: float, wind: float) -> Array:
        """Return the water's light, (rows, width, 3), below what is above the horizon."""
        now = cv2.resize(above, self._half, interpolation=cv2.INTER_AREA)
        if self._mirror is None:
            self._mirror = now
        else:
            late = 1 - math.exp(-dt / 0.35)
            cv2.accumulateWeighted(now, self._mirror, late)
        ripple = self._ripples(t) * (self._rough * (0.55 + 0.9 * wind))
        ripple = cv2.resize(ripple, (self._size.width, self._rows), interpolation=cv2.INTER_LINEAR)
        ripple *= self._reach
        water = cv2.remap(
            self._mirror, self._x + 0.35 * ripple, self._y + ripple, cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT_101,
        )  # fmt: skip
        water *= self._dark[..., None]
        return water

    def _ripples(self, t: float) -> Array:
        """Return the water's slope, −1…1, half the lake's size."""
        first = cv2.remap(
            self._noise, (self._u + 3.1 * t) % 256, (self._v + 1.3 * t) % 256, cv2.INTER_LINEAR
        )
        second = cv2.remap(
            self._noise, (1.3 * self._u - 2.3 * t) % 256, (1.7 * self._v + 2.1 * t) % 256,
            cv2.INTER_LINEAR,
        )  # fmt: skip
        return first + second - 1
