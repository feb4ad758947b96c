"""A pine forest: trees behind trees in the fog, with light falling between them."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from endlessdreams_cam.engines.scenes.mood import Colour, Mood, Weather, mix, scale
from endlessdreams_cam.engines.scenes.weather import Weathering
from endlessdreams_cam.engines.scenes.world import Moment, Picture, Scene
from endlessdreams_cam.engines.scenes.worlds import conifer_parts as conifers
from endlessdreams_cam.engines.scenes.worlds import undergrowth_parts as floor
from endlessdreams_cam.engines.scenes.worlds.conifer_parts import Kind
from endlessdreams_cam.engines.scenes.worlds.forest_figure_parts import Figure
from endlessdreams_cam.engines.scenes.worlds.forest_life_parts import Deer, Motes, Owl
from endlessdreams_cam.engines.scenes.worlds.forest_parts import (
    Fog,
    Row,
    RowShape,
    Shafts,
    Stock,
    gusts,
)
from endlessdreams_cam.engines.scenes.worlds.land_parts import (
    Planes,
    Rare,
    chance,
    enlarge,
    lit,
    picture_of,
    tinted,
)
from endlessdreams_cam.engines.scenes.worlds.land_sky_parts import Sky
from endlessdreams_cam.frame import Size

_ROWS = (
    RowShape(0.73, 0.36, 78, 0.0, 0.10, 0.0, 0),
    RowShape(0.77, 0.50, 44, 0.05, 0.08, 0.0, 0),
    RowShape(0.83, 0.68, 24, 0.16, 0.07, 0.011, 30),
    RowShape(0.90, 0.95, 14, 0.27, 0.06, 0.018, 60, 1),
    RowShape(0.99, 1.35, 6, 0.38, 0.05, 0.024, 90, 2),
)
_HAZE = (0.82, 0.62, 0.42, 0.18, 0.03)
_SPEED = (0.10, 0.18, 0.32, 0.58, 1.0)
_STRIP = 1.5


# Needles, fronds, stones and soil, each in shade and in the sun.
_Greens: TypeAlias = tuple[tuple[Colour, Colour], ...]
_GREEN: _Greens = (
    ((0.10, 0.21, 0.20), (0.36, 0.48, 0.32)),
    ((0.12, 0.25, 0.17), (0.42, 0.60, 0.30)),
    ((0.16, 0.20, 0.20), (0.46, 0.52, 0.42)),
    ((0.10, 0.19, 0.14), (0.36, 0.48, 0.26)),
)
_AUTUMN: _Greens = (
    ((0.24, 0.13, 0.09), (0.90, 0.46, 0.14)),
    ((0.22, 0.14, 0.10), (0.72, 0.34, 0.14)),
    ((0.18, 0.17, 0.18), (0.52, 0.46, 0.42)),
    ((0.17, 0.10, 0.08), (0.56, 0.27, 0.13)),
)
_WINTER: _Greens = (
    ((0.13, 0.20, 0.22), (0.86, 0.91, 0.97)),
    ((0.30, 0.36, 0.42), (0.86, 0.91, 0.97)),
    ((0.34, 0.38, 0.44), (0.86, 0.91, 0.97)),
    ((0.52, 0.58, 0.66), (0.90, 0.94, 1.00)),
)


class Forest(Scene):
    """Conifers in the fog, shafts of light, fireflies.

    Words: fireflies magic autumn winter misty redwood dense.
    """

    def __init__(self, size: Size, mood: Mood) -> None:
        super().__init__(size, mood)
        width, height = size
        self._sky = Sky(size, mood, self.light, 0.66)
        light = self.light
        self._shafts = Shafts(size, self._sky.sun_x, self._sky.sun_y - 0.08 * height, mood.seed)
        self._air = mix(light.haze, light.horizon, 0.35)
        random = chance(mood.seed, 51)
        strip = round(width * _STRIP)
        stock = self._stock(random)
        near = replace(stock, trees=self._near_trees(random))
        self._rows = [
            Row(random, size, self._shape(n), stock if n < 4 else near, strip, self._air, haze)
            for n, haze in enumerate(_HAZE)
        ]
        for one, nearer in zip(self._rows, (*self._rows[1:], None), strict=True):
            one.end_at(nearer)
        misty = mood.weather is Weather.MIST or mood.says("misty", "foggy", "mist", "fog")
        self._fogs = [Fog(size, mood.seed + n, 0.30, 0.85, 0.6 + 0.3 * misty) for n in range(2)]
        # At noon the air is clear and the sun behind the viewer's brow; it glows at dusk.
        low = (0.40 + 0.60 * max(light.dusk, light.night)) * (1 - 0.8 * self._sky.veiled)
        self._glow = tinted(light.key, self._sky.glow * (0.25 * low))
        self._beam = scale(
            light.key,
            (0.42 - 0.2 * light.night) * (0.25 + 0.75 * low) * (1 - 0.7 * self._sky.veiled),
        )
        self._figure = Figure(size, light, self._shafts, self._air, mood.seed)
        many = mood.says("fireflies", "firefly", "magic", "fairy", "enchanted")
        self._motes = Motes(size, mood.seed, light, many, cold=self._snowed_in())
        self._deer = Deer(
            size,
            mood.seed,
            light,
            mix(self._matter((0.12, 0.12, 0.14), (0, 0, 0))[0], self._air, 0.35),
            0.86,
        )
        self._owl = Owl(
            size, mood.seed, mix(self._matter((0.12, 0.12, 0.14), (0, 0, 0))[0], self._air, 0.15)
        )
        self._rare = Rare(mood.seed, 14.0)
        self._weather = Weathering(size, mood, light)

    def _shape(self, n: int) -> RowShape:
        """Return row n as the words want it."""
        shape = _ROWS[n]
        if self.mood.says("redwood", "redwoods", "sequoia"):
            return replace(shape, boles=shape.boles + 2 * (n > 1), count=shape.count // 2 + 1)
        if self.mood.says("dense", "deep", "thick"):
            return replace(shape, count=round(shape.count * 1.5), clearing=shape.clearing * 0.7)
        return shape

    def _matter(self, shade: Colour, sun: Colour, by: float = 1.4) -> tuple[Colour, Colour]:
        """Return what a matter's colours are in the scene's shade and sun."""
        light = self.light
        own = _product(shade, light.ambient, 0.85)
        shine = mix(_product(sun, light.key, by), _product(light.key, light.key, 0.45), 0.25)
        return own, scale(shine, 1.0 - 0.66 * light.night)

    def _greens(self) -> _Greens:
        """Return needles, fronds, stones and soil, each in shade and in the sun."""
        if self._snowed_in():
            return _WINTER
        return _AUTUMN if self.mood.says("autumn", "fall", "larch") else _GREEN

    def _snowed_in(self) -> bool:
        return self.mood.weather is Weather.SNOW or self.mood.says("winter", "snowy", "snow")

    def _stock(self, random: np.random.Generator) -> Stock:
        height, flip = self.size.height, self.light.azimuth < 0
        needles, fronds, rock, soil = (self._matter(*pair) for pair in self._greens())
        bark = self._matter((0.17, 0.15, 0.16), (0.62, 0.50, 0.42))
        tall = max(round(height * 0.62), 40)
        kinds = (Kind.SPRUCE, Kind.FIR, Kind.SPRUCE, Kind.SNAG)
        trees = [(conifers.conifer(random, kind, tall), needles if kind is not Kind.SNAG else bark)
                 for kind in kinds]  # fmt: skip
        small = max(height // 12, 8)
        shrubs = [(floor.fern(random, round(small * by)), fronds) for by in (0.7, 1.0, 1.3)]
        shrubs += [(floor.grass(random, round(small * by)), fronds) for by in (0.6, 0.9)]
        shrubs += [(floor.stone(random, max(round(small * 0.8), 6)), rock)]
        coloured = [
            [lit(sprite[:, :, ::-1] if flip else sprite, *matter) for sprite, matter in each]
            for each in (trees, shrubs)
        ]
        return Stock(coloured[0], coloured[1], *soil, *bark, flip)

    def _near_trees(self, random: np.random.Generator) -> list[Planes]:
        kind = random.choice(np.array([Kind.SPRUCE, Kind.FIR], object))
        great = conifers.conifer(random, kind, round(self.size.height * 1.25))
        needles = self._matter(*self._greens()[0])
        return [lit(great[:, :, ::-1] if self.light.azimuth < 0 else great, *needles)]

    def paint(self, moment: Moment) -> Picture:
        width, height = self.size
        t = moment.t
        pan = moment.pose.pan_x + 0.005 * math.sin(t / 8.9) + 0.003 * math.sin(t / 4.7)
        blown = self.wind.travelled(t)
        planes = self._sky.paint(t, moment.wander, pan * 0.03)
        for n, row in enumerate(self._rows):
            gust = gusts(self.wind, t, moment.energy, -pan * _SPEED[n] + 0.13 * n)
            row.paint(planes, pan * width * _SPEED[n], gust)
            if n < 2:
                drift = blown * 0.06 * (n + 1) + pan * _SPEED[n]
                self._fogs[n].paint(planes, self._air, drift)
                planes += self._glow
            elif n == 2:
                self._visit(planes, moment, pan)
                rays = enlarge(self._shafts.at(t, moment.wander), width, height)
                beams = tinted(self._beam, rays)
                planes += beams
            elif n == 3:
                beams *= np.float32(0.4)
                planes += beams
        self._motes.paint(planes, moment, pan)
        return self._weather.over(picture_of(planes), t, moment.energy)

    def _visit(self, planes: Planes, moment: Moment, pan: float) -> None:
        """Paint who is between the trees: now and then a deer or an owl, and the person."""
        event = self._rare.at(moment.t)
        if event is not None and event.number % 2:
            self._owl.paint(planes, event, moment.t)
        elif event is not None:
            self._deer.paint(planes, event, pan * _SPEED[2])
        self._figure.paint(planes, moment, pan)


def _product(a: Colour, b: Colour, by: float = 1.0) -> Colour:
    return (a[0] * b[0] * by, a[1] * b[1] * by, a[2] * b[2] * by)
