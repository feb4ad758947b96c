"""Rows of trees that sway, undergrowth, light shafts and the fog between the trees."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.mood import Colour
from endlessdreams_cam.engines.scenes.paint import Array, fbm, smoothstep
from endlessdreams_cam.engines.scenes.wind import Wind
from endlessdreams_cam.engines.scenes.world import Plane
from endlessdreams_cam.engines.scenes.worlds import conifer_parts as conifers
from endlessdreams_cam.engines.scenes.worlds.land_parts import (
    Planes,
    Strip,
    Swaying,
    chance,
    enlarge,
    hazed,
    lay,
    lit,
    paste,
    veil,
)
from endlessdreams_cam.engines.scenes.worlds.undergrowth_parts import trunk
from endlessdreams_cam.frame import Size


@dataclass(frozen=True, slots=True)
class RowShape:
    """A row of trees, lengths in picture heights: where its ground is, how tall, how many.

    clearing: half the width kept free in the middle, in picture widths. rough: of the ground.
    boles: great trunks that leave the picture at its top.
    """

    ground: float
    tall: float
    count: int
    clearing: float
    rough: float
    sway: float
    shrubs: int
    boles: int = 0


@dataclass(frozen=True, slots=True)
class Stock:
    """What stands in a row, in the scene's light: red, green, blue (times cover) and cover.

    soil_shade and soil_sun colour the ground; bark_shade and bark_sun great trunks.
    """

    trees: list[Planes]
    shrubs: list[Planes]
    soil_shade: Colour
    soil_sun: Colour
    bark_shade: Colour
    bark_sun: Colour
    flip: bool


class Row:
    """A row of trees on its ground, in its light and haze, swaying in the wind."""

    def __init__(
        self, random: np.random.Generator, size: Size, shape: RowShape, stock: Stock, strip: int,
        air: Colour, haze: float,
    ) -> None:  # fmt: skip
        height = size.height
        self._size, self._shape, self._strip, self._stock = size, shape, strip, stock
        ground = self._ground(random, strip)
        top = (shape.ground - shape.tall * 1.25) * height - 4
        self.top = 0 if shape.boles else max(int(top), 0)
        rows = height + 6 - self.top
        lines = np.arange(rows, dtype=np.float32)[:, None] + self.top
        planes = self._floor(random, lines, ground)
        self._plant(random, planes, ground)
        self._raise(random, planes, ground)
        self._strew(random, planes, ground)
        over = np.clip((shape.ground * height - lines) / (shape.tall * height), 0, 1.2)
        self._bend = (over**1.6 * (shape.sway * height)).astype(np.float32)
        self._planes = hazed(planes, air, haze)
        self.crest = float(ground.max())
        self._seen: Strip | Swaying | None = None

    def end_at(self, nearer: Row | None) -> None:
        """Leave away what the next row's ground hides."""
        height = self._size.height
        bottom = height if nearer is None else min(math.ceil(nearer.crest) + 4, height)
        planes = np.ascontiguousarray(self._planes[:, : max(bottom - self.top, 4)])
        del self._planes
        if self._shape.sway > 0:
            self._seen = Swaying(planes, self._size.width)
        else:
            self._seen = Strip(planes, self._size.width)

    def _ground(self, random: np.random.Generator, strip: int) -> Array:
        line = fbm(random, Size(strip, 2), cells=5, octaves=4, tile_y=False)[0]
        return (self._shape.ground + self._shape.rough * (line - 0.5)) * self._size.height

    def _floor(self, random: np.random.Generator, lines: Array, ground: Array) -> Planes:
        stock, height, strip = self._stock, self._size.height, self._strip
        soil = np.clip(lines - ground[None, :] + 0.5, 0, 1)
        moss = fbm(random, Size(strip, max(len(lines), 8)), cells=max(strip // 7, 4), octaves=2)
        deep = np.clip((lines - ground[None, :]) / (0.10 * height), 0, 1)
        light = soil * (0.12 + 0.50 * moss[: len(lines)] * (1 - 0.65 * deep))
        return lit(np.stack((soil, light)), stock.soil_shade, stock.soil_sun)

    def _plant(self, random: np.random.Generator, planes: Planes, ground: Array) -> None:
        width, height = self._size
        shape, strip, trees = self._shape, self._strip, self._stock.trees
        at = (np.arange(shape.count) + random.uniform(-0.42, 0.42, shape.count)) / shape.count
        for n in random.permutation(shape.count):
            x = at[n] * strip
            inward = math.exp(-(((x / width - 0.5) / 0.26) ** 2))
            if abs(x / width - 0.5) < shape.clearing * random.uniform(0.8, 1.15):
                continue
            tall = shape.tall * height * random.uniform(0.68, 1.18) * (1 - 0.25 * inward)
            tree = conifers.resized(trees[random.integers(len(trees))], tall)
            paste(planes, tree, x, ground[int(x) % strip] - self.top + 0.012 * height)

    def _raise(self, random: np.random.Generator, planes: Planes, ground: Array) -> None:
        """Stand great trunks at the sides of the picture and beyond it."""
        width, height = self._size
        stock = self._stock
        places = random.permutation(np.array([0.07, 0.93, 1.22, 0.18, 1.36, 0.84]))[
            : self._shape.boles
        ]
        for place in places:
            x = (place + random.normal(0, 0.025)) * width % self._strip
            foot = ground[int(x) % self._strip] - self.top + 0.03 * height
            bole = trunk(
                random, round(foot) + 4, max(round(height * random.uniform(0.07, 0.14)), 5)
            )
            bole = lit(bole[:, :, ::-1] if stock.flip else bole, stock.bark_shade, stock.bark_sun)
            paste(planes, bole, x, foot)

    def _strew(self, random: np.random.Generator, planes: Planes, ground: Array) -> None:
        height, strip, shrubs = self._size.height, self._strip, self._stock.shrubs
        for _ in range(self._shape.shrubs):
            x = random.random() * strip
            foot = ground[int(x) % strip] - self.top + random.uniform(0.0, 0.05) * height
            paste(planes, shrubs[random.integers(len(shrubs))], x, foot)

    def paint(self, planes: Planes, x: float, gust: Array) -> None:
        """Paint the row moved right by x pixels; gust: how far its tops lean, 32 places across."""
        if isinstance(self._seen, Swaying):
            lean = enlarge(gust[None, :], self._size.width, 1)
            lay(planes, self.top, self._seen.seen(x, self._bend[: self._seen.rows] * lean))
        elif self._seen is not None:
            lay(planes, self.top, self._seen.seen(x))


def gusts(wind: Wind, t: float, energy: float, shift: float) -> Array:
    """Return how far treetops lean across the picture, 32 values about 0…1, with a flutter."""
    x = np.linspace(0, 1, 32, dtype=np.float32) + np.float32(shift)
    strength = wind.along(t, x, energy)
    flutter = 0.16 * np.sin(t * 2.9 + x * 23 + shift * 7) + 0.09 * np.sin(t * 4.7 - x * 31)
    return (wind.towards * strength * (0.8 + flutter)).astype(np.float32)


class Shafts:
    """Light that falls between the trees: rays out of the sun, which open, close and sweep."""

    def __init__(self, size: Size, x: float, y: float, seed: int) -> None:
        """x, y: where the rays come from, in pixels of the whole picture."""
        self.size = Size(max(size.width // 2, 8), max(size.height // 2, 8))
        width, height = self.size
        xs, ys = np.meshgrid(
            np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
        )
        self.x, self.y = x / 2, y / 2
        dx, dy = xs - self.x, ys - self.y
        self._tile = fbm(chance(seed, 61), Size(512, 64), cells=46, octaves=4, gain=0.7)
        angle = np.arctan2(dx, dy + 0.02 * height) * (512 / math.tau)
        self._angle = angle.astype(np.float32)
        away = np.sqrt(dx * dx + dy * dy) / height
        down = smoothstep(-0.10, 0.30, dy / height)
        canopy = smoothstep(0.12, 0.52, ys / height) * (
            1 - 0.55 * smoothstep(0.72, 1.0, ys / height)
        )
        reach = smoothstep(0.0, 0.3, away) * np.exp(-away * 0.55) * (0.25 + 0.75 * down) * canopy
        self.reach = reach.astype(np.float32)

    def at(self, t: float, wander: float) -> Plane:
        """Return the rays at half size, 0…1."""
        rays = self._sampled(self._angle + np.float32(t * 0.35 + wander), t * 0.6)
        return smoothstep(0.40, 0.95, rays) * self.reach

    def within(self, t: float, wander: float, bend: Plane) -> Plane:
        """Return fine rays where fog is thick, everywhere, about 0.15…1; bend turns them."""
        angle = self._angle * np.float32(2.3) + bend
        angle += np.float32(t * 0.5 + wander)
        return 0.15 + smoothstep(0.22, 0.80, self._sampled(angle, t * 0.9 + 31))

    def _sampled(self, angle: Plane, row: float) -> Plane:
        rows = np.full_like(angle, row % 64)
        return cv2.remap(self._tile, angle, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)


class Fog:
    """Fog that lies low between two rows and drifts."""

    def __init__(self, size: Size, seed: int, top: float, bottom: float, amount: float) -> None:
        """top, bottom: where it begins and is thickest, shares of the height; amount 0…1."""
        self._size = size
        self._first = int(top * size.height)
        self._small = Size(max(size.width // 4, 8), max(size.height // 4, 8))
        noise = fbm(chance(seed, 71), Size(self._small.width * 2, self._small.height), cells=7)
        self._pad = [
            cv2.copyMakeBorder(n, 0, 0, 0, self._small.width + 2, cv2.BORDER_WRAP)
            for n in (noise, np.roll(noise[::-1], 37, axis=1))
        ]
        rows = np.linspace(top, 1, self._small.height, dtype=np.float32)[:, None]
        self._profile = smoothstep(top, bottom, rows)
        self._amount = np.float32(amount)

    def paint(self, planes: Planes, colour: Colour, along: float) -> None:
        """Paint it, drifted by so many picture widths."""
        width, height = self._small
        parts = []
        for pad, speed in zip(self._pad, (1.0, 1.7), strict=True):
            left = (-along * speed * width) % (2 * width)
            centre = (left + (width - 1) / 2, (height - 1) / 2)
            parts.append(cv2.getRectSubPix(pad, (width, height), centre))
        body = (parts[0] * 0.6 + parts[1] * 0.4 + 0.18) * self._profile
        dense = smoothstep(0.05, 0.95, body) * self._amount
        cover = enlarge(dense, self._size.width, self._size.height - self._first)
        veil(planes[:, self._first :], colour, cover)
