"""What crosses a sky: flocks, a jet's trail, balloons, falling stars, a rainbow."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes import paint
from endlessdreams_cam.engines.scenes.mood import Colour, Light, mix, scale
from endlessdreams_cam.engines.scenes.world import Plane
from endlessdreams_cam.engines.scenes.worlds.heaven_parts import Place
from endlessdreams_cam.engines.scenes.worlds.land_parts import Planes, chance, smooth
from endlessdreams_cam.frame import Size

_SHIFT = 4
_FIXED = 1 << _SHIFT


@dataclass(frozen=True, slots=True)
class Sheet:
    """A small mask over a part of the picture, drawn on with anti-aliased lines, then laid on."""

    left: int
    top: int
    mask: NDArray[np.uint8]

    @classmethod
    def round(cls, size: Size, points: NDArray[np.float64], margin: float) -> Sheet | None:
        """Return an empty mask round some points (x, y in pixels), None when out of the picture."""
        low = np.floor(points.min(axis=0) - margin).astype(int)
        high = np.ceil(points.max(axis=0) + margin).astype(int)
        left, top = max(int(low[0]), 0), max(int(low[1]), 0)
        right, bottom = min(int(high[0]), size.width), min(int(high[1]), size.height)
        if right <= left or bottom <= top:
            return None
        return cls(left, top, np.zeros((bottom - top, right - left), np.uint8))

    def line(self, points: NDArray[np.float64], level: float = 1.0, thick: float = 1.0) -> None:
        """Draw a line through points (x, y in pixels), `level` 0…1 strong."""
        fixed = np.round((points - (self.left, self.top)) * _FIXED).astype(np.int32)
        cv2.polylines(
            self.mask, [fixed], False, round(255 * level), max(1, round(thick)), cv2.LINE_AA, _SHIFT
        )

    def cover(self, planes: Planes, colour: Colour, strength: float = 1.0) -> None:
        """Paint a colour over the planes where the mask is."""
        cover = self.mask * np.float32(strength / 255)
        rows, columns = self.mask.shape
        part = planes[:, self.top : self.top + rows, self.left : self.left + columns]
        for plane, level in zip(part, colour, strict=True):
            paint = np.float32(level) - plane
            paint *= cover
            plane += paint


class Flock:
    """Birds in a loose wedge, each beating its wings at its own pace."""

    def __init__(self, random: np.random.Generator, size: Size, light: Light) -> None:
        self._size, self._unit = size, size.height / 360
        count = int(random.integers(7, 15))
        rank = np.arange(count)
        side = np.where(rank % 2, 1.0, -1.0)
        self._behind = (rank + 1) // 2 * 10.0 + random.normal(0, 1.6, count)
        self._aside = side * ((rank + 1) // 2) * 4.6 + random.normal(0, 1.3, count)
        self._span = random.uniform(3.6, 5.4, count)
        self._pace = random.uniform(6.6, 8.2, count)
        self._phase = random.uniform(0, math.tau, count)
        self._row = random.uniform(0.22, 0.5)
        self._towards = 1.0 if random.random() < 0.5 else -1.0
        self._colour = mix(scale(light.ambient, 0.42), light.middle, 0.12)

    def paint(self, planes: Planes, t: float, age: float) -> None:
        """Paint the flock at age 0…1 of its crossing; t is the time for its wings."""
        size, unit = self._size, self._unit
        lead = (age * 1.5 - 0.2) * size.width
        x = lead - self._behind * unit
        if self._towards < 0:
            x = size.width - x
        bob = 2.0 * np.sin(t * 0.7 + self._phase)
        climb = 0.05 * size.height * math.sin(age * 5 + self._row * 9)
        y = self._row * size.height - climb + (self._aside + bob) * unit
        sheet = Sheet.round(size, np.stack((x, y), 1), 8 * unit)
        if sheet is None:
            return
        # A bird glides now and then: its beat comes in bouts.
        bout = 0.5 + 0.5 * np.sin(t * 0.9 + self._phase * 2.3)
        beat = np.sin(t * self._pace + self._phase) * (0.25 + 0.75 * bout)
        for cx, cy, span, up in zip(x, y, self._span * unit, beat, strict=True):
            across = np.array([-1.0, -0.48, 0.0, 0.48, 1.0]) * span * (1 - 0.16 * abs(up))
            rise = np.array(
                [0.62 * up + 0.06, 0.5 * up + 0.1, 0.0, 0.5 * up + 0.1, 0.62 * up + 0.06]
            )
            points = np.stack((cx + across, cy - rise * span * 0.8), 1)
            sheet.line(points, 0.95, 1.1 * unit)
        sheet.cover(planes, self._colour, 0.85)


class Trail:
    """A jet far up, and what it draws behind it."""

    _PARTS = 22

    def __init__(self, random: np.random.Generator, size: Size, light: Light) -> None:
        self._size, self._unit = size, size.height / 360
        rises = random.uniform(0.05, 0.3) * size.height
        begin, end = (
            np.array([-0.1 * size.width, 0.42 * size.height]),
            np.array([1.1 * size.width, 0.42 * size.height - rises - 0.1 * size.height]),
        )
        self._ends = (begin, end) if random.random() < 0.5 else (
            begin * (-1, 1) + (size.width, 0), end * (-1, 1) + (size.width, 0)
        )  # fmt: skip
        self._colour = mix(mix(light.key, (1.0, 1.0, 1.0), 0.5), light.middle, 0.5 * light.night)

    def paint(self, planes: Planes, age: float) -> None:
        """Paint the trail at age 0…1: it grows until three quarters, and thins all the while."""
        begin, end = self._ends
        head = min(age / 0.75, 1.0)
        tail = max(0.0, head - 0.55, age * 1.9 - 0.95)
        if head - tail < 0.01:
            return
        along = np.linspace(tail, head, self._PARTS + 1)
        points = begin + (end - begin) * along[:, None]
        sheet = Sheet.round(self._size, points, 6 * self._unit)
        if sheet is None:
            return
        fade = 1 - smooth(0.75, 1.0, age)
        for k in range(self._PARTS):
            near = (along[k + 1] - tail) / 0.55
            level = min(near, 1.0) ** 1.3 * fade
            sheet.line(points[k : k + 2], level, (1.0 + 2.6 * (head - along[k])) * self._unit)
        soft = cv2.GaussianBlur(sheet.mask, (0, 0), max(0.8 * self._unit, 0.5))
        Sheet(sheet.left, sheet.top, soft).cover(planes, self._colour, 0.75)


class FallingStar:
    """A streak of about a second."""

    def __init__(self, random: np.random.Generator, size: Size) -> None:
        self._size, self._unit = size, size.height / 360
        x, side = random.uniform(0.15, 0.85), 1.0 if random.random() < 0.5 else -1.0
        self._from = np.array([x * size.width, random.uniform(0.05, 0.28) * size.height])
        self._way = (
            np.array([side * random.uniform(0.7, 1.0), random.uniform(0.25, 0.5)])
            * size.height
            * 0.6
        )

    def paint(self, planes: Planes, age: float) -> None:
        """Paint it at age 0…1."""
        head = age**0.8
        along = np.linspace(max(0.0, head - 0.34), head, 13)
        points = self._from + self._way * along[:, None]
        sheet = Sheet.round(self._size, points, 4 * self._unit)
        if sheet is None:
            return
        for k in range(12):
            level = ((k + 1) / 12) ** 2 * math.sin(math.pi * min(age, 1.0))
            sheet.line(points[k : k + 2], level, (0.7 + 0.8 * k / 12) * self._unit)
        sheet.cover(planes, (0.95, 0.97, 1.0), 0.95)


class Balloon:
    """A hot-air balloon, painted once and drifting with the wind."""

    def __init__(self, random: np.random.Generator, size: Size, light: Light, near: float) -> None:
        self._size = size
        unit = size.height / 360 * (0.55 + 0.75 * near)
        side = round(96 * unit) // 2 * 2
        self._sprite, self._cover = _balloon(random, side, light, near)
        self._x, self._y = random.uniform(0, 1.3), random.uniform(0.25, 0.5)
        self._pace = 0.004 + 0.008 * near
        self._phase = random.uniform(0, math.tau)

    def paint(self, planes: Planes, blown: float, t: float) -> None:
        """Paint it at a time; blown is how far the wind has come, in widths at its own speed."""
        side = self._cover.shape[0]
        span = self._size.width + 2 * side
        x = (self._x * self._size.width + blown * self._pace * self._size.width * 6) % span - side
        y = (self._y + 0.02 * math.sin(t * 0.11 + self._phase)) * self._size.height
        left, top = math.floor(x), math.floor(y)
        rows = slice(max(top, 0), min(top + side, self._size.height))
        columns = slice(max(left, 0), min(left + side, self._size.width))
        if rows.stop <= rows.start or columns.stop <= columns.start:
            return
        shift = np.array([[1, 0, x - left], [0, 1, y - top]], np.float32)
        own = (
            slice(rows.start - top, rows.stop - top),
            slice(columns.start - left, columns.stop - left),
        )
        cover = cv2.warpAffine(self._cover, shift, (side, side))[own]
        for plane, colour in zip(planes, self._sprite, strict=True):
            part = plane[rows, columns]
            part += (cv2.warpAffine(colour, shift, (side, side))[own] - part) * cover


def _balloon(
    random: np.random.Generator, side: int, light: Light, near: float
) -> tuple[Planes, Plane]:
    """Return a balloon's colours and cover, lit from the light's side."""
    ys, xs = np.mgrid[:side, :side].astype(np.float32) * (2 / side) - 1
    ys += 0.12
    # An envelope that narrows to its mouth, then the basket.
    wide = 0.62 * np.sqrt(
        np.clip(1 - np.where(ys < 0, (ys / 0.62) ** 2, np.abs(ys / 0.86) ** 1.7), 0, 1)
    )
    inside = np.clip((wide - np.abs(xs)) * side / 2, 0, 1) * (ys < 0.74)
    u = np.clip(xs / np.maximum(wide, 1e-3), -1, 1)
    gore = np.arcsin(u) * (8 / math.pi)
    hue = random.uniform(0, 1)
    first, second = _cloth(hue), _cloth(hue + random.uniform(0.35, 0.6))
    stripe = np.clip(np.sin(gore * math.pi) * 6 + 0.5, 0, 1)
    band = paint.smoothstep(0.02, 0.05, np.abs(ys + 0.05) - 0.08)
    lit = np.clip(0.55 + 0.5 * u * light.azimuth - 0.3 * ys * (1 - abs(light.azimuth)), 0, 1)
    lit *= 0.75 + 0.25 * np.abs(np.cos(gore * math.pi))
    basket = ((np.abs(xs) < 0.1) & (ys > 0.90) & (ys < 1.06)).astype(np.float32)
    ropes = (np.abs(np.abs(xs) - 0.12 + 0.02 * (ys - 0.72)) < 0.018) & (ys > 0.70) & (ys < 0.92)
    cover = np.maximum(np.maximum(inside, basket), ropes * 0.7).astype(np.float32)
    dark, bright = mix(light.ambient, light.middle, 0.3), light.key
    planes = np.zeros((3, side, side), np.float32)
    for c in range(3):
        cloth = (first[c] + (second[c] - first[c]) * stripe) * band + second[c] * (1 - band)
        shade = dark[c] * 0.75 + (bright[c] * 1.1 - dark[c] * 0.75) * lit
        body = cloth * shade * 1.05
        body = np.where(inside > 0.02, body, 0.28 * shade)
        planes[c] = body + (light.haze[c] - body) * (0.45 - 0.4 * near)
    return planes, cv2.GaussianBlur(cover, (0, 0), 0.6)


def _cloth(hue: float) -> Colour:
    """Return a dyed cloth's colour: 0 red, then gold, teal and violet, and back."""
    dyes = ((0.93, 0.30, 0.25), (0.98, 0.72, 0.30), (0.25, 0.66, 0.72), (0.52, 0.36, 0.70))
    at = hue % 1 * len(dyes)
    return mix(dyes[int(at)], dyes[(int(at) + 1) % len(dyes)], at % 1)


def rainbow(planes: Planes, place: Place, light: Light) -> None:
    """Paint a rainbow opposite the sun, in place."""
    size, unit = place.size, place.unit
    ys, xs = np.mgrid[: size.height, : size.width].astype(np.float32)
    radius = np.hypot(xs - (size.width - place.x), ys - place.horizon - 40 * unit) / unit
    across = (radius - 205) / 26
    fade = paint.smoothstep(0.0, 0.8, 1 - np.abs(across)) * (0.42 * (1 - 0.8 * light.night))
    fade *= 0.45 + 0.55 * ys / size.height
    for plane, middle in zip(planes, (0.55, 0.0, -0.5), strict=True):
        band = np.exp(-(((across - middle) / 0.42) ** 2)) * fade
        plane += (1 - plane) * band


class Passers:
    """The rare event of a sky: which of them crosses, decided by its number."""

    def __init__(self, size: Size, seed: int, light: Light) -> None:
        self._size, self._seed, self._light = size, seed, light
        self._number: int | None = None
        self._passer: Flock | Trail | FallingStar | None = None

    def paint(self, planes: Planes, t: float, number: int, age: float, *, near: bool) -> None:
        """Paint event `number` at age 0…1, in place, if it is a near one (birds) or a far one."""
        if number != self._number:
            self._number, self._passer = number, self._choose(number)
        passer = self._passer
        if near != isinstance(passer, Flock):
            return
        if isinstance(passer, Flock):
            passer.paint(planes, t, age)
        elif isinstance(passer, Trail):
            passer.paint(planes, age)
        elif passer is not None and age < 0.06:
            passer.paint(planes, age / 0.06)

    def _choose(self, number: int) -> Flock | Trail | FallingStar:
        random = chance(self._seed, 0x50415353, number)
        if self._light.night > 0.6:
            return FallingStar(random, self._size)
        kinds = (Flock, Flock, Trail)
        return kinds[int(random.integers(len(kinds)))](random, self._size, self._light)
