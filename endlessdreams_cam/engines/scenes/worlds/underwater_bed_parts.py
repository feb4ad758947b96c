"""The sea bed: the water's colours, reefs, sand and plants in them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from endlessdreams_cam.engines.scenes import paint
from endlessdreams_cam.engines.scenes.mood import (
    Colour,
    Light,
    Mood,
    Palette,
    luminance,
    mix,
    scale,
)
from endlessdreams_cam.engines.scenes.world import Plane
from endlessdreams_cam.engines.scenes.worlds.kelp_parts import Brush, Grove, blades, fan, frond
from endlessdreams_cam.engines.scenes.worlds.land_parts import Planes
from endlessdreams_cam.engines.scenes.worlds.sky_parts import Body, Deck, Dye, Sun
from endlessdreams_cam.engines.scenes.worlds.underwater_parts import shine
from endlessdreams_cam.frame import Size

WHITE: Colour = (1.0, 1.0, 1.0)


def _dyed(colour: Colour, palette: Palette) -> Colour:
    """Return one of the water's own colours as the palette would have it."""
    if not palette.ramp:
        return colour
    at = luminance(colour) ** 0.7 * (len(palette.ramp) - 1)
    low = min(int(at), max(len(palette.ramp) - 2, 0))
    found = mix(palette.ramp[low], palette.ramp[min(low + 1, len(palette.ramp) - 1)], at - low)
    return mix(colour, found, palette.strength)


@dataclass(frozen=True, slots=True)
class Waters:
    """The water's colours at an hour: bright above, deep below; what its light looks like.

    day 0…1: how much of the sun's light there is.
    """

    top: Colour
    middle: Colour
    deep: Colour
    beam: Colour
    day: float
    palette: Palette

    @classmethod
    def of(cls, mood: Mood, light: Light, dark: float) -> Waters:
        """Return the water in a light; dark 0…1: how far below it lies."""
        day = min(luminance(light.middle) / 0.62, 1.0) * (1 - 0.65 * dark)
        aqua = _dyed((0.50, 0.93, 0.95), mood.palette)
        above = mix(light.horizon, scale(aqua, 0.30 + 0.7 * day), 0.70 - 0.45 * light.dusk)
        blue = scale(_dyed((0.05, 0.50, 0.68), mood.palette), 0.30 + 0.70 * day)
        middle = mix(blue, mix(light.middle, light.ambient, 0.3), 0.18 + 0.30 * light.dusk)
        abyss = scale(_dyed((0.01, 0.12, 0.27), mood.palette), 0.55 + 0.45 * day)
        return cls(
            top=scale(mix(above, light.key, 0.25 * light.dusk), 1 - 0.45 * dark),
            middle=scale(middle, 1 - 0.40 * dark),
            deep=scale(mix(abyss, scale(light.zenith, 0.42), 0.4), 1 - 0.3 * dark),
            beam=mix(mix(light.key, aqua, 0.40 - 0.30 * light.dusk), WHITE, 0.12),
            day=day,
            palette=mood.palette,
        )

    def own(self, colour: Colour) -> Colour:
        """Return a thing's own colour as the palette would have it."""
        return _dyed(colour, self.palette)

    def sand(self) -> Dye:
        """Return the colours of sand, from furrows to where the net of light is bright."""
        sand = scale(self.own((0.86, 0.80, 0.66)), 0.2 + 0.8 * self.day)
        lit = mix(mix(self.middle, self.top, 0.55), sand, 0.42)
        return Dye([
            (0.0, mix(self.deep, self.middle, 0.2)),
            (0.5, mix(mix(self.deep, self.middle, 0.9), sand, 0.22)),
            (0.9, lit), (1.4, mix(self.top, self.beam, 0.7)),
        ])  # fmt: skip

    def figure(self) -> Dye:
        """Return the colours of somebody in the water, from the dark to the light on them."""
        bright = mix(self.top, self.beam, 0.6)
        return Dye([
            (0.0, mix(scale(self.deep, 0.5), self.deep, 0.5)),
            (0.30, mix(self.deep, self.middle, 0.55)),
            (0.62, mix(self.middle, self.top, 0.55)),
            (0.95, bright), (1.3, mix(bright, WHITE, 0.6)),
        ])  # fmt: skip

    def stone(self, far: float) -> Dye:
        """Return the colours of a reef behind so much water, 0…1."""
        dark = mix(scale(self.deep, 0.62), self.own((0.16, 0.12, 0.24)), 0.25)
        coral = self.own((0.62, 0.50, 0.52))
        lit = mix(mix(self.middle, self.top, 0.45), coral, 0.3 * self.day)
        air = mix(self.middle, self.deep, 0.2)
        stops = ((0.0, dark), (0.55, mix(dark, lit, 0.35)), (1.0, lit), (1.4, self.beam))
        return Dye([(at, mix(colour, air, far)) for at, colour in stops])

    def leaves(self, far: float) -> Dye:
        """Return the colours of kelp behind so much water, 0…1."""
        leaf, gold = self.own((0.10, 0.34, 0.24)), self.own((0.52, 0.62, 0.24))
        dark = mix(scale(self.deep, 0.55), scale(leaf, self.day), 0.35)
        bright = mix(self.middle, scale(gold, 0.3 + 0.7 * self.day), 0.5)
        return Dye([(0.0, mix(dark, self.middle, far)), (1.0, mix(bright, self.middle, far))])


def open_water(random: np.random.Generator, size: Size, waters: Waters, sun_x: float) -> Planes:
    """Return the water that stands still: its gradient, and the glow under the light."""
    width, height = size
    xs, ys = paint.grid(size)
    aside = (xs - sun_x / width) * (width / height)
    # Water is darker away from the light, as if it were deeper.
    depth = np.clip(ys + 0.16 * (aside * aside) - 0.03, 0, 1)
    stops = np.array([
        mix(waters.top, waters.middle, 0.45), waters.middle,
        mix(waters.middle, waters.deep, 0.62), waters.deep,
    ])  # fmt: skip
    # A level of noise keeps the long gradients free of bands.
    noise = (random.random((height, width), np.float32) - 0.5) * np.float32(1.6 / 255)
    rows = [np.interp(depth, (0, 0.34, 0.72, 1), stops[:, c]) + noise for c in range(3)]
    planes: Planes = np.stack(rows).astype(np.float32)
    glow = 0.5 * np.exp(-(aside * aside + (ys + 0.06) ** 2 * 1.6) / 0.13)
    shine(planes, waters.beam, glow.astype(np.float32))
    return planes


# Reefs, far and near: first and last row, foot and tallest outcrop in heights, water before them.
_REEFS = ((0.42, 0.84, 0.80, 0.26, 0.66), (0.44, 0.96, 0.93, 0.36, 0.22))


def reefs(random: np.random.Generator, size: Size, waters: Waters, sun_x: float) -> list[Deck]:
    """Return two reefs, the far one first, rough, and lit from above."""
    width, height = size
    unit = height / 360
    side = round(256 * unit)
    rough = paint.fbm(random, Size(side, side), cells=9, octaves=5, gain=0.6) - 0.5
    sun = Sun.seen(size, sun_x, -0.5 * height, unit)
    found = []
    for first, last, foot, tall, far in _REEFS:
        top, bottom = round(first * height), round(last * height)
        window = Size(round(width * 1.9), bottom - top)
        strip = _reef(random, window, foot * height - top, tall * height, 2 + round(3 * far))
        part = sun.part(top, bottom)
        # No edge burns here: the light comes down through water.
        part = Sun(part.towards_x, part.towards_y, np.zeros_like(part.near))
        body = Body(part, waters.stone(far), unit * 0.8, soft=2.0, rim=0.0, shade=0.10)
        rows = np.linspace(0, 1, window.height, dtype=np.float32)[:, None]
        veil = 1 - paint.smoothstep(0.76, 1.0, rows)
        found.append(Deck(strip, rough * (22 * unit), body, width, top=top, veil=veil))
    return found


def _reef(random: np.random.Generator, size: Size, foot: float, tall: float, hills: int) -> Plane:
    """Return a strip of heights that wraps sideways: outcrops with flat tops and steep sides."""
    xs = np.arange(size.width, dtype=np.float32) * (math.tau / size.width)
    line = np.zeros(size.width, np.float32)
    for waves, share in ((1, 0.9), (2.1, 0.6), (4.3, 0.35), (11, 0.12)):
        phase = random.uniform(0, math.tau)
        line += share * np.sin(round(waves * hills) * xs + phase).astype(np.float32)
    crest = foot - tall * (0.5 + 0.5 * np.tanh(1.8 * line - 0.5)) * (0.8 + 0.2 * np.sin(3 * xs))
    ys = np.arange(size.height, dtype=np.float32)[:, None]
    bulk = paint.fbm(random, size, cells=14, octaves=4, gain=0.55, tile_y=False) - 0.5
    below = ys - crest + bulk * (0.22 * tall)
    return np.minimum(below * 0.9, 0.10 * tall + below * 0.12).astype(np.float32)


def groves(random: np.random.Generator, size: Size, waters: Waters, sun_x: float) -> list[Grove]:
    """Return two groves, the far one first: thin kelp, then kelp, corals and weed at the edges."""
    unit = size.height / 360
    found = []
    for brush, far, sway in (
        (_far_plants(random, size), 0.62, 9.0),
        (_near_plants(random, size, sun_x), 0.10, 15.0),
    ):
        window = Size(size.width, brush.size.height)
        top = round(0.24 * size.height) if far > 0.5 else 0
        found.append(Grove(brush, window, top, waters.leaves(far), sway=sway * unit))
    return found


def _far_plants(random: np.random.Generator, size: Size) -> Brush:
    brush = Brush(Size(round(size.width * 1.6), round(0.62 * size.height)))
    foot = brush.size.height
    for x in np.arange(0.04, 1.6, 0.11):
        if random.random() < 0.7:
            at = size.width * (x + random.uniform(-0.04, 0.04))
            frond(random, brush, at, foot, foot * random.uniform(0.3, 0.97), size.height / 600)
    return brush


def _near_plants(random: np.random.Generator, size: Size, sun_x: float) -> Brush:
    """Paint plants where the light is not: the heavy cluster on the other side."""
    width, height = size
    unit = height / 360
    brush = Brush(Size(round(width * 1.5), height))
    side = 1 if sun_x < width / 2 else 0
    for middle, count in ((0.06 + 0.88 * side, 4), (0.90 - 0.83 * side, 2), (1.25, 3)):
        for x in random.normal(middle, 0.045, count) * width:
            tall = height * random.uniform(0.55, 1.02)
            frond(random, brush, x, height * 1.03, tall, unit * 1.35)
        for x in random.normal(middle, 0.09, 3) * width:
            fan(random, brush, x, height * 1.02, height * random.uniform(0.14, 0.24), unit)
    count = 80
    feet = np.stack((random.uniform(0, 1.5, count) * width, np.full(count, 1.01 * height)), 1)
    side_of = np.tile((-1.0, 1.0), count // 2)
    long, angle = random.uniform(16, 46, count) * unit, random.uniform(1.0, 1.5, count)
    blades(random, brush, feet, side_of, long, angle, random.uniform(0.3, 0.8, count))
    return brush
