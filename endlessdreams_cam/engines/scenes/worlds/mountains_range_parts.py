"""A range in its light, ready to be put together; the trees on it and the mist behind it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.mood import Colour, Light, Mood, mix, scale
from endlessdreams_cam.engines.scenes.paint import Array, fbm, smoothstep
from endlessdreams_cam.engines.scenes.world import Plane
from endlessdreams_cam.engines.scenes.worlds import conifer_parts as conifers
from endlessdreams_cam.engines.scenes.worlds import mountains_parts as parts
from endlessdreams_cam.engines.scenes.worlds.land_parts import (
    Planes,
    Strip,
    chance,
    enlarge,
    tinted,
)
from endlessdreams_cam.frame import Size

_STEEP = 2.1


@dataclass(frozen=True, slots=True)
class Setting:
    """What all ranges of a scene share; haze_by thickens or thins the air (1: a clear day)."""

    size: Size
    mood: Mood
    light: Light
    sun: parts.Sunlight
    stock: parts.Relief
    haze_by: float

    @property
    def strip(self) -> int:
        """The width of the strips, after which a range repeats, in pixels."""
        return self.stock.ridges.shape[1]


@dataclass(frozen=True, slots=True)
class Wood:
    """Trees on a range: how many, how tall (in picture heights), how far down from the crest."""

    count: int
    tall: float
    spread: float
    colour: Colour


class Range:
    """One range of mountains as cover, shade and light."""

    def __init__(
        self, setting: Setting, shape: parts.RangeShape, ground: parts.Ground, haze: float,
        wood: Wood | None = None,
    ) -> None:  # fmt: skip
        height = setting.size.height
        light, stock = setting.light, setting.stock
        field = parts.heights(shape, stock, setting.strip, height)
        view = parts.look(field, shape, height)
        sun, openness = parts.lit(field, setting.sun, _STEEP)
        albedo = parts.skin(field, ground, stock, height, _STEEP)
        *own, green = (parts.at_pixels(plane, view) for plane in albedo)
        colour: Array = np.stack(own)
        rough = parts.crags(stock, view, green)
        sunlit: Plane = parts.at_pixels(sun, view) * rough
        shade: Plane = parts.at_pixels(openness, view) * (0.6 + 0.4 * rough)
        cover = view.cover
        self.top, self.crest = view.top, view.crest
        if wood is not None:
            colour, cover, sunlit, shade = self._plant(setting, wood, view, colour, sunlit, shade)
        rows = np.arange(cover.shape[0], dtype=np.float32)[:, None] + self.top
        valley = smoothstep(shape.foot - 0.30, shape.foot, rows / height)
        depth = np.clip(haze * setting.haze_by + (0.06 + 0.5 * haze) * valley**2, 0, 0.96)
        air = mix(light.haze, light.horizon, 0.45 * haze)
        clear = (1 - depth) * cover
        ambient = tinted(scale(light.ambient, 0.60), shade * clear)
        key = tinted(
            scale(light.key, 1.12 + 0.35 * light.dusk - 0.62 * light.night), sunlit * clear
        )
        planes = np.concatenate(
            (cover[None], colour * ambient + tinted(air, depth * cover), colour * key)
        )
        self.rows = min(cover.shape[0], height + 8 - self.top)
        self._strip = Strip(np.ascontiguousarray(planes[:, : self.rows]), setting.size.width)
        self._height = height

    def _plant(
        self, setting: Setting, wood: Wood, view: parts.View, colour: Planes, sunlit: Plane,
        shade: Plane,
    ) -> tuple[Planes, Plane, Plane, Plane]:  # fmt: skip
        """Stand trees on the range; it grows upward by a tree's height."""
        height = setting.size.height
        random = chance(setting.mood.seed, 31, self.top)
        grown = math.ceil(wood.tall * height * 1.3) + 2
        up = min(grown, self.top)
        pad = ((up, 0), (0, 0))
        cover, sunlit, shade = (np.pad(p, pad) for p in (view.cover, sunlit, shade))
        colour = np.pad(colour, ((0, 0), *pad))
        self.top -= up
        trees = np.zeros((2, *cover.shape), np.float32)
        stock = _nursery(random, wood.tall * height, setting.sun.x < 0)
        x = random.random(wood.count) * setting.strip
        clearing = setting.stock.warp[40][(x * 2).astype(int) % setting.strip]
        keep = x[clearing > 0.42]
        down = random.random(len(keep)) ** 1.6 * wood.spread * height
        for n in np.argsort(down):
            foot = view.crest[int(keep[n]) % setting.strip] - self.top + down[n] + 2
            conifers.stamp(trees, stock[random.integers(len(stock))], keep[n], foot)
        open_ = 1 - trees[0]
        leaf = np.asarray(wood.colour, np.float32)[:, None, None]
        colour = colour * open_ + leaf * trees[0]
        sunlit = sunlit * open_ + trees[1] * (1.3 + 1.2 * _soft(sunlit))
        shade = shade * open_ + 0.75 * trees[0]
        return colour, np.maximum(cover, trees[0]), sunlit, shade

    def end_at(self, nearer: Range) -> None:
        """Leave away what the next range hides."""
        self.rows = min(self.rows, max(math.ceil(nearer.crest.max()) + 8 - self.top, 4))

    def paint(self, planes: Planes, x: float, y: float, open_sky: Plane) -> None:
        """Paint the range moved by x and y pixels; open_sky is 1 where no cloud shades it."""
        bottom = min(self.top + self.rows, self._height)
        part = planes[:, self.top : bottom]
        seen = self._strip.seen(x, y)[:, : bottom - self.top]
        part *= 1 - seen[0]
        part += seen[1:4]
        seen[4:7] *= open_sky[self.top : bottom]
        part += seen[4:7]


def _soft(plane: Plane) -> Plane:
    return cv2.GaussianBlur(plane, (0, 0), 3)


def _nursery(random: np.random.Generator, tall: float, flip: bool) -> list[Planes]:
    """Return trees in several kinds and sizes about `tall` pixels high."""
    kinds = (conifers.Kind.SPRUCE, conifers.Kind.FIR, conifers.Kind.SPRUCE)
    drawn = [conifers.conifer(random, kind, max(round(tall * 1.6), 36)) for kind in kinds]
    trees = [
        conifers.resized(tree, tall * size)
        for tree in drawn
        for size in random.uniform(0.55, 1.25, 3)
    ]
    return [tree[:, :, ::-1] for tree in trees] if flip else trees


class Mist:
    """Mist that lies in a valley behind a range, torn at its upper edge, flowing with the wind."""

    def __init__(self, setting: Setting, n: int, nearer: Range, amount: float) -> None:
        width, height = setting.size
        low, high = (float(np.percentile(nearer.crest, share)) for share in (85, 10))
        self._top = max(int(high - 0.14 * height), 0)
        self._bottom = max(min(int(low + 0.06 * height), height), self._top + 4)
        self._small = Size(max(width // 2, 8), max((self._bottom - self._top) // 2, 4))
        tile = Size(self._small.width * 2, max(self._small.height * 2, 32))
        self._noises = [
            fbm(chance(setting.mood.seed, 20 + n, k), tile, cells=5 + 4 * k, octaves=4)
            for k in range(2)
        ]
        self._strips = [Strip(noise[None], self._small.width) for noise in self._noises]
        rows = np.linspace(0, 1, self._small.height, dtype=np.float32)
        self._level = (1.15 * smoothstep(0.0, 0.95, rows) - 0.62)[:, None] + 0.25 * (amount - 0.6)
        light = setting.light
        body = mix(light.haze, light.horizon, 0.30)
        self._shade = mix(body, light.ambient, 0.25)
        self._lit = mix(body, light.key, 0.50 - 0.2 * light.night)
        self._pace, self._width, self._amount = 0.018 + 0.012 * n, width, amount

    def paint(self, planes: Planes, t: float, blown: float, x: float) -> None:
        """Paint it; blown is how far the wind has come in widths, x the camera's pan in pixels."""
        width, height = self._small
        along = x / 2 + blown * self._pace * width
        sink = 0.12 * height
        first = self._strips[0].seen(along, sink * math.sin(t / 17))[0][:height]
        second = self._strips[1].seen(along * 1.7 + 9, sink * math.sin(t / 11 + 1))[0][:height]
        body = first * 0.62 + second * 0.38 + self._level
        dense = smoothstep(0.12, 0.85, body)
        over = np.empty_like(body)
        over[2:], over[:2] = body[:-2], body[:1]
        light = np.clip(0.35 + (body - over) * 3.2, 0, 1) * dense
        rows = self._bottom - self._top
        cover = enlarge(dense, self._width, rows)
        cover *= np.float32(0.55 + 0.4 * self._amount)
        light = enlarge(light, self._width, rows) * np.float32(0.55 + 0.4 * self._amount)
        part = planes[:, self._top : self._bottom]
        part *= 1 - cover
        part += tinted(self._shade, cover - light)
        part += tinted(self._lit, light)
