"""Cumulus: heaps of spheres under a cauliflower skin, lit as a height field.

A cloud is a height over the picture's plane, in pixels: a smooth heap of spheres painted once,
plus a tile of domes that slowly rises through it, so that its edges boil. What the sun does to it
follows from the height: slopes at several scales, shadows found by looking toward the sun, light
through thin edges.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes import paint
from endlessdreams_cam.engines.scenes.mood import Colour
from endlessdreams_cam.engines.scenes.world import Plane
from endlessdreams_cam.engines.scenes.worlds.land_parts import Planes
from endlessdreams_cam.frame import Size

_SAMPLING = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
NOWHERE = -200.0
"""The height of a strip where there is no cloud."""


def domes(random: np.random.Generator, size: Size, spacing: float) -> Plane:
    """Return a tile of round domes, 0…1, about `spacing` pixels apart (Worley noise, inverted)."""
    across, down = (max(2, round(side / spacing)) for side in size)
    jitter = random.uniform(0.08, 0.92, (2, down, across))
    xs = (np.arange(across) + jitter[0]) * size.width / across
    ys = (np.arange(down)[:, None] + jitter[1]) * size.height / down
    far = np.full((size.height, size.width), 255, np.uint8)
    far[ys.astype(int) % size.height, xs.astype(int) % size.width] = 0
    pad = int(spacing * 2) + 2
    far = cv2.copyMakeBorder(far, pad, pad, pad, pad, cv2.BORDER_WRAP)
    distance = cv2.distanceTransform(far, cv2.DIST_L2, 5)[pad:-pad, pad:-pad]
    return np.clip(1 - (distance / (spacing * 0.8)) ** 2, 0, 1).astype(np.float32)


def cauliflower(random: np.random.Generator, size: Size, unit: float) -> Plane:
    """Return a tile of heaped domes in pixels, mean 0; unit is a 360th of the picture's height."""
    total = np.zeros((size.height, size.width), np.float32)
    for spacing, share in ((58, 0.15), (27, 0.23), (13, 0.36), (6.4, 0.42), (3.2, 0.36)):
        if spacing * unit >= 2.5:
            total += domes(random, size, spacing * unit) * (spacing * unit * share)
    # Bent by noise, for no dome is a perfect circle.
    bend = paint.fbm(random, size, cells=9, octaves=3) - 0.5
    side = paint.fbm(random, size, cells=9, octaves=3) - 0.5
    ys, xs = np.mgrid[: size.height, : size.width].astype(np.float32)
    bent = cv2.remap(
        total, xs + bend * (18 * unit), ys + side * (18 * unit),
        cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP,
    )  # fmt: skip
    bent = cv2.GaussianBlur(bent, (0, 0), max(0.6 * unit, 0.4), borderType=cv2.BORDER_REFLECT_101)
    return (bent - float(bent.mean())).astype(np.float32)


def shrunk(tile: Plane, scale: float) -> Plane:
    """Return a tile of heights at another scale, still without a seam."""
    side = max(16, round(tile.shape[0] * scale))
    step, pad = tile.shape[0] / side, 4
    wide = cv2.copyMakeBorder(tile, pad, pad, pad, pad, cv2.BORDER_WRAP)
    if step > 1:
        wide = cv2.GaussianBlur(wide, (0, 0), 0.45 * step)
    shift = pad + 0.5 * step - 0.5
    at = np.array([[step, 0, shift], [0, step, shift]], np.float32)
    return cv2.warpAffine(wide, at, (side, side), flags=_SAMPLING) * (side / tile.shape[0])


def ball(strip: Plane, x: float, y: float, r: float, *, z: float = 0.0, flat: float = 1.0) -> None:
    """Put a sphere on a strip that wraps sideways, in place (a paraboloid, true near its top).

    z lifts it towards the viewer, flat widens it sideways; all in pixels.
    """
    rows, columns = strip.shape
    reach = r * math.sqrt(1 + (z + 12) / r)
    wide = reach * flat
    top, bottom = max(0, math.floor(y - reach)), min(rows, math.ceil(y + reach))
    if bottom <= top:
        return
    left = math.floor(x - wide)
    xs = np.arange(left, left + min(math.ceil(2 * wide), columns), dtype=np.float32)
    ys = np.arange(top, bottom, dtype=np.float32)[:, None]
    height = (z + r) - ((xs - x) ** 2 / (flat * flat) + (ys - y) ** 2) / r
    begin = left % columns
    part = min(len(xs), columns - begin)
    for at, here in ((slice(begin, begin + part), slice(0, part)),
                     (slice(0, len(xs) - part), slice(part, None))):  # fmt: skip
        there = strip[top:bottom, at]
        np.maximum(there, height[:, here], out=there)


def puff(
    random: np.random.Generator, strip: Plane, x: float, y: float, z: float, r: float, least: float
) -> None:
    """Put a sphere on a strip with smaller ones on it, and smaller ones on those, down to `least`.

    They sit where a cumulus grows: above, at the sides and toward the viewer.
    """
    ball(strip, x, y, r, z=z)
    if r < 2.2 * least:
        return
    for up, side in random.uniform((-0.35, -1.0), (1.0, 1.0), (9, 2)).tolist():
        long = math.hypot(up, side)
        if long > 1:
            up, side = up / long, side / long
        front = math.sqrt(max(1 - up * up - side * side, 0.0))
        child = r * (0.28 + 0.24 * abs(math.sin(97 * up + 61 * side)))
        out = 0.88 * r
        puff(random, strip, x + side * out, y - up * out, z + front * out * 0.7, child, least)


def tower(
    random: np.random.Generator,
    strip: Plane,
    *,
    x: float,
    base: float,
    width: float,
    height: float,
    lean: float = 0.0,
) -> None:
    """Heap a cumulus on a strip: turrets of puffs over a flat foot.

    x, base: the middle of its foot; width, height: its extent, in pixels; lean shifts the tops
    sideways, in heights.
    """
    peak, least = random.uniform(-0.22, 0.22), strip.shape[0] / 50
    climbed = 0.0
    while climbed < 0.9 * height:
        share = climbed / height
        r = height * (0.21 - 0.055 * share) * random.uniform(0.88, 1.12)
        half = 0.5 * width * (1 - share) ** 1.1
        count = max(1, round(2 * half / (1.3 * r)))
        for k in range(count):
            u = 2 * (k + random.uniform(0.3, 0.7)) / count - 1 if count > 1 else 0.0
            ends = 1 - 0.45 * abs(u)
            up = climbed + (0.45 + random.uniform(-0.2, 0.2)) * r
            cx = x + u * half + (peak * width + lean * height) * share
            puff(random, strip, cx, base - up, 0.18 * height * ends * (1 - share), r * ends, least)
        climbed += 0.8 * r
    for _ in range(round(8 * width / height) + 4):
        u = float(random.uniform(-0.62, 0.62))
        r = height * random.uniform(0.035, 0.09) * (1.35 - abs(u))
        ball(strip, x + u * width, base - r * random.uniform(0.3, 1.0), r, flat=1.6)


def bank(random: np.random.Generator, strip: Plane, *, crest: float, swell: float) -> None:
    """Fill a strip with a sea of cloud: heaps along a rolling crest and a body below it.

    crest: its row; swell: the size of its heaps in pixels.
    """
    rows, columns = strip.shape
    xs = np.arange(columns, dtype=np.float32) * (math.tau / columns)
    line = np.full(columns, crest, np.float32)
    for waves, share in ((2, 0.5), (3, 0.6), (5, 0.5), (9, 0.35), (17, 0.25)):
        line += swell * share * np.sin(waves * xs + random.uniform(0, math.tau)).astype(np.float32)
    ys = np.arange(rows, dtype=np.float32)[:, None]
    np.maximum(strip, np.minimum((ys - line) * 0.55, 1.4 * swell), out=strip)
    for x in np.arange(0, columns, swell * 0.36):
        r = swell * (0.22 + 0.62 * float(random.random()) ** 1.6)
        y = line[int(x)] + r * random.uniform(0.0, 1.0) + swell * random.uniform(-0.15, 0.6)
        side = random.normal(0, 0.4) * swell
        ball(strip, float(x) + side, float(y), r, z=0.4 * swell, flat=random.uniform(1.0, 2.1))


class Dye:
    """The colours of a cloud by how lit it is, from shadow over the light to burning edges.

    The last colour is what light through an edge reaches: 1.4 where the one before it is 1.
    """

    TOP = 1.4

    def __init__(self, stops: Sequence[tuple[float, Colour]]) -> None:
        self._at = [at for at, _ in stops]
        self._colours = np.array([colour for _, colour in stops], np.float32)
        self._levels = np.linspace(0, self.TOP, 256)

    def tables(self, sun: float) -> list[NDArray[np.float32]]:
        """Return red, green and blue for 256 levels of light 0…1.4, with the sun's light at 0…1."""
        levels = self._levels * (0.72 + 0.28 * sun)
        return [
            np.interp(levels, self._at, self._colours[:, c]).astype(np.float32)[None]
            for c in range(3)
        ]


def lay(planes: Planes, lit: Plane, cover: Plane, tables: Sequence[NDArray[np.float32]]) -> None:
    """Paint light 0…1.4, coloured by a dye's tables, over the planes in place where cover is 1."""
    level = cv2.convertScaleAbs(np.maximum(lit, 0, out=lit), alpha=255 / Dye.TOP)
    for plane, table in zip(planes, tables, strict=True):
        colour = cv2.LUT(level, table)
        colour -= plane
        colour *= cover
        plane += colour


@dataclass(frozen=True, slots=True)
class Sun:
    """Where the light stands, as planes of a size: unit vectors toward it and nearness 0…1."""

    towards_x: Plane
    towards_y: Plane
    near: Plane

    @classmethod
    def seen(cls, size: Size, x: float, y: float, unit: float) -> Sun:
        """Return the planes for a light at x, y in pixels."""
        ys, xs = np.mgrid[: size.height, : size.width].astype(np.float32)
        dx, dy = x - xs, y - ys
        distance = np.sqrt(dx * dx + dy * dy)
        soft = distance + 40 * unit
        near = np.exp(distance * (-1 / (150 * unit))).astype(np.float32)
        return cls(dx / soft, dy / soft, near)

    def part(self, top: int, bottom: int) -> Sun:
        """Return the same for the rows from top to bottom."""
        rows = slice(top, bottom)
        return Sun(self.towards_x[rows], self.towards_y[rows], self.near[rows])


class Relief:
    """Lights a height field."""

    def __init__(self, sun: Sun, unit: float) -> None:
        self._sun, self._unit = sun, unit
        rows, columns = sun.near.shape
        self._small = Size(max(columns // 4, 4), max(rows // 4, 4))
        self._x4 = cv2.resize(sun.towards_x, self._small, interpolation=cv2.INTER_AREA)
        self._y4 = cv2.resize(sun.towards_y, self._small, interpolation=cv2.INTER_AREA)
        ys, xs = np.mgrid[: self._small.height, : self._small.width].astype(np.float32)
        self._looks = tuple(
            (xs + self._x4 * (reach * unit / 4), ys + self._y4 * (reach * unit / 4), reach * unit)
            for reach in (6, 14)
        )

    def light(self, height: Plane) -> Plane:
        """Return how lit each pixel is, about 0…1."""
        lit = self._slope(height, self._sun.towards_x, self._sun.towards_y, 1 / 8)
        np.tanh(lit, out=lit)
        lit *= 0.17
        lit += cv2.resize(self._shape(height), (height.shape[1], height.shape[0]))
        return lit

    def _shape(self, height: Plane) -> Plane:
        """Return the light on the large forms, at a quarter of the size."""
        unit = self._unit
        small = cv2.resize(height, self._small, interpolation=cv2.INTER_AREA)
        np.clip(small, -6 * unit, None, out=small)
        total = np.full_like(small, 0.52)
        for sigma, share, steep in ((0.9, 0.15, 0.9), (3.0, 0.23, 1.2), (9.0, 0.32, 2.0)):
            soft = cv2.GaussianBlur(small, (0, 0), max(sigma * unit, 0.5))
            slope = self._slope(soft, self._x4, self._y4, 1 / 32)
            total += share * np.tanh(slope * steep)
        # Crevices see less of the sky, and what stands toward the sun throws its shadow.
        around = cv2.GaussianBlur(small, (0, 0), max(2.2 * unit, 0.6))
        total -= 0.16 * np.clip((around - small) * (1 / (10 * unit)), -0.8, 1)
        for xs, ys, reach in self._looks:
            there = cv2.remap(small, xs, ys, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            total -= 0.13 * np.clip((there - small) * (1 / reach) - 0.5, 0, 1)
        return total

    @staticmethod
    def _slope(height: Plane, x: Plane, y: Plane, scale: float) -> Plane:
        """Return how much the surface falls toward the sun: positive where it faces it."""
        falls = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3, scale=-scale)
        falls *= x
        down = cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3, scale=-scale)
        down *= y
        falls += down
        return falls


class Body:
    """Paints a height field as cloud: cover, light and colour."""

    def __init__(
        self,
        sun: Sun,
        dye: Dye,
        unit: float,
        *,
        soft: float = 6.0,
        rim: float = 0.06,
        shade: float = 0.0,
    ) -> None:
        """Take the sun as seen in the rows painted.

        soft: how gently edges thin out, in units; rim, shade: how much lighter thin edges and how
        much darker all of it are than the sun's direction alone makes them.
        """
        self._relief = Relief(sun, unit)
        self._dye, self._unit, self._soft = dye, unit, soft
        self._against = sun.near * 0.36 + shade
        self._rim = sun.near * 0.85 + rim

    def cover(self, height: Plane) -> Plane:
        """Return how much of what is behind the cloud hides, 0…1."""
        cover = height * (1 / (self._soft * self._unit))
        np.clip(cover, 0, 1, out=cover)
        cover *= cover * (3 - 2 * cover)
        return cover

    def light(self, height: Plane) -> Plane:
        """Return how lit the cloud is, 0…1.4."""
        lit = self._relief.light(height)
        np.clip(lit, 0, 1, out=lit)
        thin = np.maximum(height, 0)
        thin *= -1 / (6 * self._unit)
        np.exp(thin, out=thin)
        # Against the light a thick cloud is dark, and its edges burn.
        lit -= self._against
        thin *= self._against + self._rim
        lit += thin
        return lit

    def paint(
        self, planes: Planes, height: Plane, cover: Plane, sun: float, flash: Plane | None = None
    ) -> None:
        """Paint the cloud over the planes in place.

        sun 0…1 is how bright its light is; flash, light from within, is added.
        """
        lit = self.light(height)
        if flash is not None:
            lit += flash
        lay(planes, lit, cover, self._dye.tables(sun))


class Deck:
    """A strip of cumulus that drifts sideways without end."""

    def __init__(
        self,
        strip: Plane,
        skin: Plane,
        body: Body,
        width: int,
        *,
        top: int,
        veil: Plane | None = None,
    ) -> None:
        """Take a strip of heights that wraps sideways and a tile of domes.

        top is the row of the picture where it begins; veil (rows, 1) thins it: haze before it.
        """
        self._period, self._tile = strip.shape[1], skin.shape[0]
        rows = strip.shape[0]
        self._window = (width, rows)
        self._strip = cv2.copyMakeBorder(strip, 0, 0, 2, width + 2, cv2.BORDER_WRAP)
        self._skin = cv2.copyMakeBorder(skin, 2, rows + 2, 2, width + 2, cv2.BORDER_WRAP)
        self.body, self.rows = body, slice(top, top + rows)
        self._veil = veil

    def height(self, x: float, rise: float, down: float = 0.0) -> Plane:
        """Return the deck's height, moved right by x and down by `down` pixels.

        rise: how far its skin has risen through it, in pixels.
        """
        middle_x, middle_y = (self._window[0] - 1) / 2 + 2, (self._window[1] - 1) / 2
        found = cv2.getRectSubPix(
            self._strip, self._window, (middle_x + -x % self._period, middle_y - down)
        )
        x_skin, y_skin = -1.05 * x % self._tile, (rise - down) % self._tile
        found += cv2.getRectSubPix(
            self._skin, self._window, (middle_x + x_skin, middle_y + 2 + y_skin)
        )
        return found

    def paint(self, planes: Planes, height: Plane, sun: float, flash: Plane | None = None) -> None:
        """Paint the deck over the picture's planes in place (see Body.paint)."""
        cover = self.body.cover(height)
        if self._veil is not None:
            cover *= self._veil
        self.body.paint(planes[:, self.rows], height, cover, sun, flash)
