"""Mountains: ranges behind ranges, with mist between them."""

from __future__ import annotations

import math

import numpy as np

from endlessdreams_cam.engines.scenes.mood import Colour, Mood, Weather, mix
from endlessdreams_cam.engines.scenes.paint import fbm, smoothstep
from endlessdreams_cam.engines.scenes.weather import Weathering
from endlessdreams_cam.engines.scenes.world import Moment, Picture, Scene
from endlessdreams_cam.engines.scenes.worlds import mountains_parts as parts
from endlessdreams_cam.engines.scenes.worlds.land_parts import (
    Rare,
    Strip,
    chance,
    enlarge,
    picture_of,
    tinted,
)
from endlessdreams_cam.engines.scenes.worlds.land_sky_parts import Sky
from endlessdreams_cam.engines.scenes.worlds.mountains_life_parts import Avalanche, Eagle, Figure
from endlessdreams_cam.engines.scenes.worlds.mountains_range_parts import Mist, Range, Setting, Wood
from endlessdreams_cam.frame import Size

# Far to near: how fast a range passes when the camera pans, how much haze lies before it, and how
# much of the sun's glow shines through the air before it.
_SPEED = (0.05, 0.12, 0.26, 0.55, 1.0)
_HAZE = (0.70, 0.42, 0.25, 0.10, 0.02)
_GLOW = (0.20, 0.20, 0.14, 0.07, 0.0)
_FOOT = (0.70, 0.80, 0.90, 1.02, 1.16)
_BASE = (0.10, 0.12, 0.14, 0.15, 0.19)
_STRIP = 1.4
# The figure stands before the first so many ranges.
_BEFORE = 3


class Mountains(Scene):
    """Ranges in the haze, with snow, drifting mist and the shadows of clouds.

    Words: snowy winter summer alpine desert canyon misty bare autumn.
    """

    def __init__(self, size: Size, mood: Mood) -> None:
        super().__init__(size, mood)
        self._sky = Sky(size, mood, self.light, 0.72)
        stock_size = Size(max(round(size.width * _STRIP), 96), 192)
        misty = mood.weather is Weather.MIST or mood.says("misty", "foggy", "mist", "fog")
        sun = self._sunlight()
        setting = Setting(
            size, mood, self.light, sun, parts.relief(chance(mood.seed, 1), stock_size, 4, sun),
            0.82 + 0.3 * self.light.haziness + 0.25 * misty,
        )  # fmt: skip
        self._ranges = [
            Range(setting, shape, ground, haze, wood)
            for shape, ground, haze, wood in zip(
                self._shapes(), self._grounds(), _HAZE, self._woods(), strict=True
            )
        ]
        for one, nearer in zip(self._ranges, self._ranges[1:], strict=False):
            one.end_at(nearer)
        amount = 1.0 if misty else 0.6
        self._mists = [
            Mist(setting, n, nearer, amount) for n, nearer in enumerate(self._ranges[1:])
        ]
        air = mix(self.light.key, self.light.horizon, 0.5)
        shine = self._sky.glow * (0.5 + 0.5 * self.light.dusk)
        self._glows = [tinted(air, shine * share) for share in _GLOW]
        self._shadows = self._cloud_shadows()
        self._figure = Figure(
            setting, self._grounds()[2], math.ceil(self._ranges[_BEFORE].crest.max()) + 8
        )
        self._eagle = Eagle(size, mood.seed, self.light)
        self._avalanche = Avalanche(setting, self._ranges[1].crest)
        self._rare = Rare(mood.seed, 18.0)
        self._weather = Weathering(size, mood, self.light)

    def _sunlight(self) -> parts.Sunlight:
        side = self.light.azimuth
        across = math.copysign(max(abs(side), 0.5), side or 1.0)
        return parts.Sunlight(across, 0.20 + 0.55 * (1 - min(self.light.sun_y, 1.0)))

    def _shapes(self) -> list[parts.RangeShape]:
        random = chance(self.mood.seed, 2)
        heroes = self._heroes(random)
        found = []
        for n, (foot, base) in enumerate(zip(_FOOT, _BASE, strict=True)):
            tall = 0.15 if n < 2 else 0.11 if n == 2 else 0.09
            peaks = [
                parts.Peak(random.random(), random.uniform(0.4, 1.1) * tall,
                           random.uniform(0.35, 0.7)) for _ in range(5)
            ]  # fmt: skip
            if n == 1:
                peaks += heroes
            elif n == 2:  # nothing stands before the summits
                peaks = [peak for peak in peaks if abs(peak.x - heroes[0].x) > 0.16]
            found.append(
                parts.RangeShape(
                    foot, 0.05 + 0.02 * n, base * random.uniform(0.8, 1.2), tuple(peaks), 0.75,
                    (random.random(), random.random()), 2.0 if n == 0 else 1.0,
                )
            )  # fmt: skip
        return found

    def _heroes(self, random: np.random.Generator) -> list[parts.Peak]:
        """Return the summits that the eye goes to: one seed has a lone peak, another a wall."""
        # On the side where the sun does not set, whatever the hour: the land does not move.
        at = random.uniform(0.17, 0.30) + (0.0 if self.mood.seed % 2 else 0.22)
        style = random.integers(4)
        side = random.choice((-1.0, 1.0))
        if style == 0:  # a lone pyramid
            return [parts.Peak(at, random.uniform(0.46, 0.54), 0.8)]
        if style == 1:  # twins
            return [parts.Peak(at - 0.09, 0.44, 0.6), parts.Peak(at + 0.11, 0.36, 0.55)]
        if style == 2:  # a wall of towers
            return [
                parts.Peak(at + side * 0.09 * (k - 1), random.uniform(0.30, 0.44), 0.42)
                for k in range(4)
            ]
        return [parts.Peak(at, 0.47, 0.95), parts.Peak(at + side * 0.17, 0.28, 0.6)]

    def _grounds(self) -> list[parts.Ground]:
        rock: Colour = (0.58, 0.54, 0.53)
        deep: Colour = (0.25, 0.25, 0.30)
        snow: Colour = (0.96, 0.98, 1.0)
        green: Colour = (0.17, 0.27, 0.20)
        lines = [(0.10, -0.1), (0.12, 0.04), (0.24, 0.10), (0.6, 0.26), (0.8, 0.6)]
        shift = 0.0
        if self._snowed_in():
            lines = [(line - 0.3, grass) for line, grass in lines[:3]] + [(-0.2, 0.26), (0.02, 0.6)]
        elif self.mood.says("summer", "alpine", "green", "bare"):
            shift = 0.13
        if self.mood.says("autumn"):
            green = (0.40, 0.24, 0.13)
        if self.mood.says("desert", "canyon", "mesa", "mars"):
            rock, deep, green, shift = (
                (0.80, 0.46, 0.30),
                (0.42, 0.20, 0.16),
                (0.66, 0.40, 0.27),
                2.0,
            )
        return [parts.Ground(rock, deep, snow, green, line + shift, grass) for line, grass in lines]

    def _snowed_in(self) -> bool:
        return self.mood.weather is Weather.SNOW or self.mood.says("snowy", "winter", "snow")

    def _woods(self) -> list[Wood | None]:
        if self.mood.says("desert", "canyon", "mesa", "mars", "bare"):
            return [None] * 5
        leaf: Colour = (0.17, 0.27, 0.22)
        if self._snowed_in():
            leaf = (0.40, 0.47, 0.50)
        elif self.mood.says("autumn", "fall"):
            leaf = (0.46, 0.26, 0.12)
        return [None, None, None, Wood(420, 0.045, 0.22, leaf), Wood(60, 0.17, 0.06, leaf)]

    def _cloud_shadows(self) -> Strip:
        width, height = max(self.size.width // 4, 8), max(self.size.height // 4, 8)
        noise = fbm(chance(self.mood.seed, 4), Size(width * 2, height), cells=4, octaves=3)
        strength = 0.55 * (1 - self.light.night * 0.5)
        return Strip((1 - strength * smoothstep(0.5, 0.72, noise))[None], width)

    def paint(self, moment: Moment) -> Picture:
        width, height = self.size
        t = moment.t
        pan = moment.pose.pan_x + 0.004 * math.sin(t / 9.7) + 0.003 * math.sin(t / 5.3)
        lift = 0.004 * math.sin(t / 13.1) + 0.003 * math.sin(t / 7.1)
        blown = self.wind.travelled(t)
        planes = self._sky.paint(t, moment.wander, moment.pose.pan_x * 0.03)
        shadow = self._shadows.seen((blown * 0.05 + pan * 0.2) * width / 4)[0]
        open_sky = enlarge(shadow, width, height)
        event = self._rare.at(t)
        flies = event is not None and event.number % 2 == 0
        for n, one in enumerate(self._ranges):
            x, y = pan * width * _SPEED[n], lift * height * (0.3 + _SPEED[n])
            one.paint(planes, x, y, open_sky)
            if n == 1 and event is not None and not flies:
                self._avalanche.paint(planes, event, x)
            if _GLOW[n]:
                planes += self._glows[n]
            if n == _BEFORE - 1:
                if event is not None and flies:
                    self._eagle.paint(planes, event, t, pan)
                self._figure.paint(planes, moment)
            if n < len(self._mists):
                self._mists[n].paint(planes, t, blown * (0.5 + moment.energy), x)
        return self._weather.over(picture_of(planes), t, moment.energy)
