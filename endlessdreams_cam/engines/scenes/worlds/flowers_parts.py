"""Rows of flowers at their depths, swaying; the hills behind them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes.mood import Colour, Light, mix, scale
from endlessdreams_cam.engines.scenes.paint import Array, fbm, smoothstep
from endlessdreams_cam.engines.scenes.worlds import bloom_parts as blooms
from endlessdreams_cam.engines.scenes.worlds.bloom_parts import Species
from endlessdreams_cam.engines.scenes.worlds.land_parts import (
    Planes,
    Strip,
    Swaying,
    hazed,
    lay,
    paste,
    tinted,
)
from endlessdreams_cam.frame import Size

_SHIFT = 4


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the flowers of a field: species, colours of its petals, share, size, stem.

    size is of a head against the field's usual, stem its height in heads.
    """

    species: Species
    colours: tuple[Colour, ...]
    share: float = 1.0
    size: float = 1.0
    stem: float = 1.5


@dataclass(frozen=True, slots=True)
class Colours:
    """The light on a field, ready to multiply: shade and sun; its leaves; the air before it."""

    shade: Colour
    sun: Colour
    leaf: Colour
    leaf_sun: Colour
    air: Colour


def colours_of(light: Light, leaf: Colour) -> Colours:
    """Return a light's colours for a field with such leaves."""
    shade = scale(light.ambient, 0.50 + 0.30 * light.night)
    sun = scale(light.key, 1.0 + 0.26 * light.dusk - 0.22 * light.night)
    air = mix(light.haze, light.horizon, 0.45)
    dark = (leaf[0] * shade[0], leaf[1] * shade[1], leaf[2] * shade[2])
    bright = (leaf[0] * sun[0], leaf[1] * sun[1], leaf[2] * sun[2])
    return Colours(shade, sun, scale(dark, 0.9), scale(bright, 1.1), air)


def heads(
    random: np.random.Generator, kinds: tuple[Kind, ...], colours: Colours, flip: bool
) -> list[list[Planes]]:
    """Return every kind's heads, a few of each, in the scene's light, (4, side, side)."""
    found = []
    for kind in kinds:
        each = []
        for n in range(max(2, len(kind.colours))):
            colour = kind.colours[n % len(kind.colours)]
            flower = blooms.lit(
                blooms.bloom(random, kind.species, colour), colours.shade, colours.sun
            )
            each.append(flower[:, :, ::-1] if flip else flower)
        found.append(each)
    return found


@dataclass(frozen=True, slots=True)
class RowShape:
    """A row of flowers: foot and head size in picture heights, haze 0…1, blur in heights."""

    foot: float
    head: float
    haze: float
    roll: float
    blur: float = 0.0
    spacing: float = 1.0


class Row:
    """A row of flowers on rolling ground, in its light, swaying with its stems."""

    def __init__(
        self, random: np.random.Generator, size: Size, shape: RowShape, kinds: tuple[Kind, ...],
        stock: list[list[Planes]], colours: Colours, strip: int, line: Array,
    ) -> None:  # fmt: skip
        """line: how the ground rolls, −1…1 along the strip."""
        height = size.height
        self._size, self.shape, self._strip = size, shape, strip
        self._ground = (shape.foot + shape.roll * line) * height
        tallest = max(kind.stem + kind.size * 0.6 for kind in kinds) * 1.25
        self._head = shape.head * height
        self.top = max(int(self._ground.min() - tallest * self._head) - 3, 0)
        self.bottom = height
        rows = max(height + 4 - self.top, 8)
        canvas = np.zeros((rows, strip, 3), np.uint8)
        places = self._places(random, kinds, len(line))
        self._foliage(random, canvas, places, kinds)
        planes = self._leaves(canvas, colours, rows)
        self._stamp(random, planes, places, kinds, stock)
        planes = hazed(planes, colours.air, shape.haze)
        if shape.blur > 0:
            planes = np.stack([_blurred(plane, shape.blur * height) for plane in planes])
        self._planes = planes
        lines = np.arange(rows, dtype=np.float32)[:, None] + self.top
        over = np.clip((shape.foot * height - lines) / (1.8 * self._head), 0, 1.5)
        self._bend = (over**1.3 * self._head).astype(np.float32)
        self.crest = float(self._ground.max())
        self.back = float(self._ground.min()) - 0.25 * self._head
        self._seen: Strip | Swaying | None = None

    def end_at(self, nearer: Row | None) -> None:
        """Leave away what the next row hides."""
        if nearer is not None:
            self.bottom = min(self.bottom, math.ceil(nearer.crest) + 4)
        planes = np.ascontiguousarray(self._planes[:, : max(self.bottom - self.top, 4)])
        del self._planes
        small = self._head < 4
        self._seen = (Strip if small else Swaying)(planes, self._size.width)

    def _places(
        self, random: np.random.Generator, kinds: tuple[Kind, ...], strip: int
    ) -> NDArray[np.float64]:
        """Return each flower's x, foot, kind, height of stem and head, back to front."""
        count = max(round(strip / (self._head * self.shape.spacing)), 3)
        shares = np.array([kind.share for kind in kinds])
        which = random.choice(len(kinds), count, p=shares / shares.sum())
        x = (np.arange(count) + random.uniform(-0.6, 0.6, count)) / count * strip % strip
        foot = self._ground[x.astype(int) % strip] + random.uniform(-0.55, 0.75, count) * self._head
        grown = random.uniform(0.72, 1.18, count)
        stem = np.array([kinds[k].stem for k in which]) * self._head * grown
        head = (
            np.array([kinds[k].size for k in which]) * self._head * random.uniform(0.8, 1.15, count)
        )
        found = np.stack((x, foot - self.top, which, stem, head), 1)
        return found[np.argsort(foot)]

    def _foliage(
        self, random: np.random.Generator, canvas: NDArray[np.uint8],
        places: NDArray[np.float64], kinds: tuple[Kind, ...],
    ) -> None:  # fmt: skip
        """Paint ground, grass and stems: channel 0 light, channel 1 cover."""
        rows, strip = canvas.shape[:2]
        lines = np.arange(rows, dtype=np.float32)[:, None] + self.top
        ground = self._ground[None, :] - 0.25 * self._head
        soil = np.clip(lines - ground + 0.5, 0, 1)
        deep = np.clip((lines - ground) / (1.4 * self._head + 2), 0, 1)
        cells = max(round(strip / (0.5 * self._head + 2)), 4)
        speck = fbm(random, Size(strip, max(rows, 8)), cells=cells, octaves=2, tile_y=False)[:rows]
        canvas[..., 1] = soil * 255
        canvas[..., 0] = soil * (0.10 + 0.42 * speck * (1 - 0.6 * deep)) * 255
        if self._head < 3:
            return
        count = min(round(strip / self._head * 7), 900)
        x = random.uniform(0, strip, count)
        root = (
            self._ground[x.astype(int) % strip]
            - self.top
            + random.uniform(-0.2, 0.9, count) * self._head
        )
        tall = self._head * random.uniform(0.5, 1.5, count)
        self._blades(canvas, random, x, root, tall, random.normal(0, 0.35, count))
        stems = places[:, 3]
        self._blades(canvas, random, places[:, 0], places[:, 1], stems, np.zeros(len(places)))

    def _blades(
        self, canvas: NDArray[np.uint8], random: np.random.Generator, x: NDArray[np.float64],
        root: NDArray[np.float64], tall: NDArray[np.float64], lean: NDArray[np.float64],
    ) -> None:  # fmt: skip
        strip = canvas.shape[1]
        along = np.linspace(0, 1, 4)[None, :]
        px = x[:, None] + np.sin(lean)[:, None] * tall[:, None] * along**1.7
        py = root[:, None] - np.cos(lean)[:, None] * tall[:, None] * along
        lines = np.stack((px, py), 2)
        thick = max(1, round(self._head / 22))
        shade = random.uniform(0.25, 0.85, 5)
        for part, level in zip(np.array_split(np.arange(len(x)), 5), shade, strict=True):
            for shift in (0, strip):
                near = part if not shift else part[x[part] < self._head]
                fixed = np.round((lines[near] + (shift, 0)) * (1 << _SHIFT)).astype(np.int32)
                if len(fixed):
                    cv2.polylines(canvas, list(fixed), False, (int(level * 255), 255, 0), thick,
                                  cv2.LINE_AA, _SHIFT)  # fmt: skip

    def _leaves(self, canvas: NDArray[np.uint8], colours: Colours, rows: int) -> Planes:
        cover = canvas[..., 1].astype(np.float32) / 255
        light = canvas[..., 0].astype(np.float32) / 255
        planes = np.empty((4, *cover.shape), np.float32)
        planes[:3] = tinted(colours.leaf, cover) + tinted(colours.leaf_sun, light)
        planes[3] = cover
        return planes

    def _stamp(
        self, random: np.random.Generator, planes: Planes, places: NDArray[np.float64],
        kinds: tuple[Kind, ...], stock: list[list[Planes]],
    ) -> None:  # fmt: skip
        sized: dict[tuple[int, int, int], Planes] = {}
        for x, foot, which, stem, head in places:
            each = stock[int(which)]
            number, side = int(random.integers(len(each))), max(round(head), 2)
            key = (int(which), number, side)
            if key not in sized:
                sized[key] = np.stack(
                    [
                        cv2.resize(p, (side, side), interpolation=cv2.INTER_AREA)
                        for p in each[number]
                    ]
                )
            paste(planes, sized[key], x, foot - stem + side / 2)

    def paint(self, planes: Planes, x: float, lean: Array, shine: Array) -> None:
        """Paint the row moved right by x pixels.

        lean: how far heads sway, in heads, per column of the picture; shine: how bright each column
        is (a gust turns petals up, a cloud darkens them).
        """
        if isinstance(self._seen, Swaying):
            seen = self._seen.seen(x, self._bend[: self._seen.rows] * lean)
        elif self._seen is not None:
            seen = self._seen.seen(x)
        seen[:3] *= shine
        lay(planes, self.top, seen)


def _blurred(plane: Array, radius: float) -> Array:
    pad = math.ceil(radius * 3) + 1
    wide = cv2.copyMakeBorder(plane, 0, 0, pad, pad, cv2.BORDER_WRAP)
    return cv2.GaussianBlur(wide, (0, 0), radius)[:, pad:-pad]


def _far_noise(random: np.random.Generator, strip: int, rows: int, cells: int) -> Array:
    """Return noise on ground far away: wide and flat, (rows, strip)."""
    noise = fbm(random, Size(strip, rows * 5), cells=cells, octaves=3)
    return cv2.resize(noise, (strip, rows), interpolation=cv2.INTER_AREA)


class Hill:
    """A hill at the horizon: grass or fields in stripes, a wood along its back, in the haze."""

    def __init__(
        self, random: np.random.Generator, size: Size, colours: Colours, strip: int, *,
        crest: float, roll: float, haze: float, field: Colour, wood: float,
    ) -> None:  # fmt: skip
        width, height = size
        line = fbm(random, Size(strip, 2), cells=4, octaves=3, tile_y=False)[0]
        back = (crest - roll * line) * height
        self.top = max(int(back.min() - 0.03 * height), 0)
        rows = max(int((crest + 0.14) * height) - self.top, 6)
        lines = np.arange(rows, dtype=np.float32)[:, None] + self.top
        trees = fbm(random, Size(strip, 2), cells=max(strip // 5, 8), octaves=3, tile_y=False)[0]
        groves = smoothstep(
            1 - wood, 1.15 - wood, fbm(random, Size(strip, 2), cells=9, octaves=2)[0]
        )
        crown = back - groves * (0.004 + 0.016 * trees) * height
        cover = np.clip(lines - crown + 0.5, 0, 1)
        grass = np.clip(lines - back + 0.5, 0, 1)
        bands = _far_noise(random, strip, rows, 8)
        speck = _far_noise(random, strip, rows, max(strip // 9, 4))
        flowery = smoothstep(0.45, 0.6, bands) * grass * (0.45 + 0.55 * speck)
        light = 0.38 + 0.32 * speck + 0.25 * np.gradient(line) * strip / 20
        base = tinted(colours.leaf, cover) + tinted(colours.leaf_sun, light * grass)
        petals = np.asarray(field, np.float32)[:, None, None]
        lit = petals * np.asarray(mix(colours.shade, colours.sun, 0.6), np.float32)[:, None, None]
        base += (lit - base) * flowery * 0.8
        planes = (1 - haze) * base * cover + tinted(colours.air, haze * cover)
        self._strip = Strip(np.concatenate((planes, cover[None])).astype(np.float32), width)

    def paint(self, planes: Planes, x: float, shine: Array | np.floating[Any]) -> None:
        seen = self._strip.seen(x)
        seen[:3] *= shine
        lay(planes, self.top, seen)
