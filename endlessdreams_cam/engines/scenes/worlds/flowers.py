"""A field of flowers, rolling to the hills."""

from __future__ import annotations

import math

import numpy as np

from endlessdreams_cam.engines.scenes.mood import (
    Colour,
    Mood,
    Palette,
    Weather,
    luminance,
    mix,
)
from endlessdreams_cam.engines.scenes.paint import Array, fbm
from endlessdreams_cam.engines.scenes.palettes import PALETTES
from endlessdreams_cam.engines.scenes.weather import Weathering
from endlessdreams_cam.engines.scenes.world import Moment, Picture, Scene
from endlessdreams_cam.engines.scenes.worlds.bloom_parts import Species
from endlessdreams_cam.engines.scenes.worlds.flowers_life_parts import (
    Balloon,
    Butterflies,
    Petals,
)
from endlessdreams_cam.engines.scenes.worlds.flowers_parts import (
    Hill,
    Kind,
    Row,
    RowShape,
    colours_of,
    heads,
)
from endlessdreams_cam.engines.scenes.worlds.flowers_portrait_parts import Portrait
from endlessdreams_cam.engines.scenes.worlds.land_parts import Rare, chance, picture_of
from endlessdreams_cam.engines.scenes.worlds.land_sky_parts import Sky
from endlessdreams_cam.frame import Size

_HORIZON = 0.47
_HEADS = (0.010, 0.014, 0.020, 0.028, 0.038, 0.051, 0.068, 0.088, 0.114, 0.148, 0.19)
_STRIP = 1.4
# The portrait stands before the first so many rows.
_BEFORE = 8
_RED: Colour = (0.92, 0.13, 0.08)
_CORAL: Colour = (0.97, 0.36, 0.22)
_WHITE: Colour = (0.98, 0.97, 0.94)
_BLUE: Colour = (0.27, 0.38, 0.93)
_PURPLE: Colour = (0.52, 0.36, 0.86)
_PINK: Colour = (0.96, 0.45, 0.62)
_GOLD: Colour = (1.0, 0.76, 0.12)
_PLUM: Colour = (0.50, 0.10, 0.42)

_POPPIES = Kind(Species.POPPY, (_RED, _CORAL))
_DAISIES = Kind(Species.DAISY, (_WHITE,), size=0.72, stem=1.1)
_CORNFLOWERS = Kind(Species.CORNFLOWER, (_BLUE,), size=0.75, stem=1.3)
_LAVENDER = Kind(Species.LAVENDER, (_PURPLE, (0.42, 0.34, 0.88)), size=1.9, stem=0.9)
_TULIPS = Kind(Species.TULIP, (_RED, _PINK, _GOLD, _PLUM, _WHITE), size=1.0, stem=1.15)
_SUNFLOWERS = Kind(Species.SUNFLOWER, (_GOLD,), size=1.45, stem=1.5)


def _mixed(*pairs: tuple[Kind, float]) -> tuple[Kind, ...]:
    return tuple(
        Kind(kind.species, kind.colours, share, kind.size, kind.stem) for kind, share in pairs
    )


_LEAVES = frozenset(["jade", "emerald"])  # words for these mean the leaves
_DYED = 0.8


def _dyed(kinds: tuple[Kind, ...], palette: Palette) -> tuple[Kind, ...]:
    """Return the flowers in the colours that the words ask for, dark and light ones by turns."""
    names = [n for n in palette.name.split("+") if n in PALETTES and n not in _LEAVES]
    if not names:
        return kinds
    asked = [PALETTES[name].ramp[step] for step in (3, 5, 4) for name in names]
    found = []
    for n, kind in enumerate(kinds):
        colours = enumerate((*kind.colours, kind.colours[-1])[: max(2, len(kind.colours))])
        dyed = tuple(mix(c, asked[(n + k) % len(asked)], _DYED) for k, c in colours)
        found.append(Kind(kind.species, dyed, kind.share, kind.size, kind.stem))
    return tuple(found)


_FIELDS: dict[str, tuple[Kind, ...]] = {
    "poppies": _mixed((_POPPIES, 0.72), (_DAISIES, 0.16), (_CORNFLOWERS, 0.12)),
    "tulips": _mixed((_TULIPS, 1.0)),
    "lavender": _mixed((_LAVENDER, 0.90), (_POPPIES, 0.06), (_DAISIES, 0.04)),
    "daisies": _mixed((_DAISIES, 0.66), (_CORNFLOWERS, 0.20), (_POPPIES, 0.14)),
    "meadow": _mixed((_POPPIES, 0.28), (_DAISIES, 0.28), (_CORNFLOWERS, 0.24), (_LAVENDER, 0.2)),
    "cornflowers": _mixed((_CORNFLOWERS, 0.75), (_POPPIES, 0.12), (_DAISIES, 0.13)),
    "sunflowers": _mixed((_SUNFLOWERS, 0.8), (_CORNFLOWERS, 0.2)),
}


def _portrait_colours(kinds: tuple[Kind, ...]) -> tuple[Colour, ...]:
    """Return a ramp of petals from violet dusk to cream, through the field's own colours."""
    main = max((kind for kind in kinds), key=lambda kind: kind.share).colours[0]
    others = sorted((kind.colours[0] for kind in kinds), key=luminance)
    deep: Colour = (0.26, 0.10, 0.40)
    second = mix(others[0], deep, 0.45)
    warm = mix(main, (0.98, 0.42, 0.44), 0.35 if luminance(main) < 0.75 else 0.8)
    return (deep, second, mix(second, warm, 0.55), warm, mix(warm, (1.0, 0.84, 0.74), 0.62),
            (1.0, 0.95, 0.88))  # fmt: skip


class Flowers(Scene):
    """A field of flowers in the wind.

    Words: poppies tulips lavender daisies cornflowers sunflowers meadow balloon butterflies.
    """

    def __init__(self, size: Size, mood: Mood) -> None:
        super().__init__(size, mood)
        width, _ = size
        light = self.light
        self._sky = Sky(size, mood, light, _HORIZON + 0.04)
        random = chance(mood.seed, 71)
        kinds = _dyed(self._kinds(random), mood.palette)
        colours = colours_of(light, (0.27, 0.46, 0.24))
        stock = heads(random, kinds, colours, light.azimuth < 0)
        strip = round(width * _STRIP)
        self._rows = [
            Row(random, size, self._shape(n), kinds, stock, colours, strip, self._roll(n, strip))
            for n in range(len(_HEADS))
        ]
        for one, nearer in zip(self._rows, (*self._rows[1:], None), strict=True):
            one.end_at(nearer)
        main = kinds[0].colours[0]
        self._hills = [
            Hill(
                random,
                size,
                colours,
                strip,
                crest=0.455,
                roll=0.06,
                haze=0.62,
                field=main,
                wood=0.6,
            ),
            Hill(
                random, size, colours, strip, crest=0.49, roll=0.05, haze=0.42, field=main, wood=0.4
            ),
        ]
        side = math.copysign(max(abs(light.azimuth), 0.4), light.azimuth or 1)
        self._portrait = Portrait(
            size, mood.seed, _portrait_colours(kinds), colours, side, self._rows[_BEFORE].back
        )
        self._butterflies = Butterflies(
            size, mood.seed, colours, mood.says("butterflies", "butterfly")
        )
        petals = tuple(colour for kind in kinds for colour in kind.colours)
        self._petals = Petals(size, mood.seed, petals, colours)
        self._balloon = Balloon(size, mood.seed, light, colours)
        self._rare = Rare(mood.seed, 34.0, 67.0)
        self._fair = mood.weather not in (Weather.RAIN, Weather.STORM, Weather.SNOW)
        self._weather = Weathering(size, mood, light)

    def _shape(self, n: int) -> RowShape:
        head, near = _HEADS[n], n / (len(_HEADS) - 1)
        return RowShape(
            foot=_HORIZON + 0.02 + 3.9 * head,
            head=head,
            haze=0.40 * (1 - near) ** 2,
            roll=-0.045 * (1 - 0.5 * near),
            blur={9: 0.002, 10: 0.006}.get(n, 0.0),
            spacing=0.50 + 0.85 * near,
        )

    def _roll(self, n: int, strip: int) -> Array:
        """Return how the ground of row n rolls, −1…1; rows near each other roll alike."""
        random = chance(self.mood.seed, 72, n // 3)
        line = fbm(random, Size(strip, 2), cells=3, octaves=2, tile_y=False)[0]
        return np.roll(line * 2 - 1, n * 7)

    def _kinds(self, random: np.random.Generator) -> tuple[Kind, ...]:
        names = list(_FIELDS)
        asked = {"poppy": "poppies", "tulip": "tulips", "daisy": "daisies", "wildflowers": "meadow",
                 "cornflower": "cornflowers", "sunflower": "sunflowers"}  # fmt: skip
        for word in (*names, *asked):
            if self.mood.says(word):
                return _FIELDS[asked.get(word, word)]
        return _FIELDS[names[int(random.integers(6))]]

    def paint(self, moment: Moment) -> Picture:
        width = self.size.width
        t = moment.t
        pan = moment.pose.pan_x + 0.004 * math.sin(t / 8.3) + 0.003 * math.sin(t / 5.1)
        planes = self._sky.paint(t, moment.wander, pan * 0.03)
        event = self._rare.at(t)
        if event is not None and event.number % 2 == 0 and self._fair:
            self._balloon.paint(planes, event, t, pan)
        for n, hill in enumerate(self._hills):
            hill.paint(planes, pan * width * (0.04 + 0.05 * n), np.float32(1))
        x = np.linspace(0, 1, width, dtype=np.float32)
        for n, row in enumerate(self._rows):
            lean, shine = self._sway(t, moment.energy, x, n)
            if n == _BEFORE:
                self._portrait.paint(planes, moment, lean, shine)
            row.paint(planes, pan * width * (0.12 + 0.88 * (_HEADS[n] / _HEADS[-1])), lean, shine)
        swarm = event if event is not None and event.number % 2 else None  # by turns
        if self._fair:
            self._butterflies.paint(planes, t, pan, swarm)
        self._petals.paint(planes, moment, self.wind.travelled(t), pan)
        return self._weather.over(picture_of(planes), t, moment.energy)

    def _sway(self, t: float, energy: float, x: Array, n: int) -> tuple[Array, Array]:
        """Return how far a row's heads lean and how bright they are, across the picture."""
        gust = self.wind.along(t, x * (1.6 - 0.1 * n) + 0.19 * n, energy)
        nod = 0.10 * np.sin(t * 2.1 + x * (60 - 5 * n) + n) + 0.07 * np.sin(
            t * 3.3 - x * 37 + n * 2
        )
        lean = self.wind.towards * gust * (0.55 + nod) + 0.5 * nod * energy
        shine = 0.94 + 0.16 * gust
        return lean.astype(np.float32), shine.astype(np.float32)
