"""The crystal world: gems that grow from the ground of a cave, and break the light."""

from __future__ import annotations

import math

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.mood import Mood, Weather, mix
from endlessdreams_cam.engines.scenes.paint import Array, halo
from endlessdreams_cam.engines.scenes.weather import Weathering
from endlessdreams_cam.engines.scenes.world import Moment, Picture, Scene
from endlessdreams_cam.engines.scenes.worlds import crystals_cluster_parts as growth
from endlessdreams_cam.engines.scenes.worlds.crystals_cave_parts import Cave
from endlessdreams_cam.engines.scenes.worlds.crystals_light_parts import Sparkles
from endlessdreams_cam.engines.scenes.worlds.crystals_parts import day_of, fire, gems_for
from endlessdreams_cam.engines.scenes.worlds.crystals_person_parts import Bust
from endlessdreams_cam.frame import Size

_FLOOR = 0.84
_EVENT_S, _GROWS_S, _STANDS_S = 53.0, 4.5, 24.0
# Left and right cluster, in heights from the middle and away; the size of each and its crystals.
_SIDES = ((-0.66, 0.3, 0.3, 11), (0.68, 0.2, 0.32, 11))


class Crystals(Scene):
    """A garden of gems that the camera walks round; the person is a bust cut from one of them.

    Words: ruby, sapphire, emerald, amethyst, topaz, diamond, quartz, ice (the stone); cave (dark),
    studio (bright).
    """

    def __init__(self, size: Size, mood: Mood) -> None:
        super().__init__(size, mood)
        day = 0.0 if mood.says("cave", "cavern", "grotto") else day_of(self.light)
        self._day = max(day, 0.85) if mood.says("studio", "white") else day
        self._gems = gems_for(mood)
        self._facets = growth.Facets(size)
        floor = _FLOOR * size.height
        toward = (0.6 * self.light.azimuth, 0.75, -0.55)
        self._garden = growth.Garden(size, floor, self._gems, toward)
        inner = fire(self.random, self._day)
        self._cave = Cave(self.random, size, self.light, self._gems, inner, self._day, floor)
        self._plant()
        self._bust = Bust(self.random, size, self._gems[0], self.light, self._day)
        self._lapidary = growth.Lapidary(size, inner, self._gems[0], self._day)
        self._glow = halo(size, size.width / 2, 0.8 * size.height, 0.24 * size.height, 2.4)
        pale = mix(self._gems[0].pale, self._gems[0].glow, 0.2)
        self._sparkles = Sparkles(self.random, size, pale, 0.62 + 0.33 * self._day)
        falls = mood.weather in (Weather.SNOW, Weather.MIST)
        self._weather = Weathering(size, mood, self.light, 0.6) if falls else None
        self._stirred = np.zeros(2)

    def _plant(self) -> None:
        """Grow the clusters, and heap stones where they enter the ground."""
        size = self.size
        self._clusters = [growth.grow(self.random, (x, z), s, n) for x, z, s, n in _SIDES]
        self._hero = growth.grow(self.random, (0.0, 0.0), 0.42, 17)
        self._child = growth.grow(self.random, (self.random.uniform(-0.42, -0.3), -0.16), 0.16, 5)
        for x, y, broad in ((-0.6, 0.81, 0.22), (0.62, 0.82, 0.24), (0.0, 0.858, 0.34)):
            at = (size.width / 2 + x * size.height, y * size.height)
            self._cave.heap(self.random, at, broad * size.height)

    def paint(self, moment: Moment) -> Picture:
        t = moment.t
        turned = 0.36 * math.sin(t * math.tau / 41.3) + 0.11 * math.sin(t * math.tau / 17.9)
        turned += 2.0 * moment.pose.pan_x + 0.06 * math.sin(moment.wander * 0.7)
        breath = 0.72 + 0.22 * math.sin(t * math.tau / 7.3) + 0.06 * math.sin(t * math.tau / 4.7)
        picture = self._cave.back.copy()
        self._cave.light_floor(picture, turned, t, breath * (0.7 + 0.6 * moment.energy))
        birth = self._birth(t)
        self._grow(moment, turned, birth)
        area = self._facets.area()
        if area is not None:
            glow = self._glow[area] * np.float32(breath * (1 - 0.6 * self._day))
            gems = self._lapidary.shade(self._facets, area, glow)
            alpha = self._facets.cover[area] * np.float32(1 / 255)
            below = np.ascontiguousarray(picture[area])
            picture[area] = cv2.blendLinear(below, gems, 1 - alpha, alpha)
        self._cave.cover(picture)
        self._sparkle(picture, moment, birth)
        if self._weather is not None:
            picture = self._weather.over(picture, t, moment.energy)
        return np.minimum(picture, 2.0)

    def _grow(self, moment: Moment, turned: float, birth: float) -> None:
        """Draw the facets of all that stands there, from far to near."""
        facets, garden = self._facets, self._garden
        facets.clear()
        garden.glints.clear()
        for cluster in self._clusters:
            garden.draw(facets, cluster, turned, np.ones(len(cluster.tall), np.float32))
        self._bust.draw(facets, moment, turned)
        # The middle ones make room for a person.
        low = np.minimum(1.0, 0.19 / np.maximum(self._hero.tall, 0.05))
        garden.draw(
            facets, self._hero, turned, (1 - self._bust.there * (1 - low)).astype(np.float32)
        )
        size = (
            np.clip((_GROWS_S + 8 - birth) / 8, 0, 1)
            if birth < 0
            else np.clip(birth / _GROWS_S, 0, 1)
        )
        size = size if birth < _STANDS_S else np.clip(1 - (birth - _STANDS_S) / 7, 0, 1)
        if birth > 0 and size > 0:
            grown = float(size) ** 0.7 * np.ones(len(self._child.tall), np.float32)
            garden.draw(facets, self._child, turned, grown)

    def _birth(self, t: float) -> float:
        """Return for how many seconds a crystal has been growing; under 0: none is."""
        number = math.floor(t / _EVENT_S)
        random = np.random.default_rng((self.mood.seed, number & 0xFFFF))
        return t - number * _EVENT_S - float(random.uniform(2, _EVENT_S - _STANDS_S - 8))

    def _sparkle(self, picture: Array, moment: Moment, birth: float) -> None:
        person, t = moment.person, moment.t
        if person is not None:
            flow = (person.flow * person.presence[..., None]).sum((0, 1)) / (
                person.presence.sum() + 1
            )
            self._stirred += np.clip(flow * 0.5, -0.6, 0.6) * moment.real_dt
        sparkles = self._sparkles
        sparkles.dust(
            t, self.wind.travelled(t), moment.energy, (self._stirred[0], self._stirred[1])
        )
        sparkles.flash([*self._garden.glints, *self._bust.glints])
        if 0 < birth < 5:
            x = self.size.width / 2 - 0.36 * self.size.height
            level = min(1.0, birth * 2) * (1 - birth / 5) ** 1.5
            sparkles.ring(
                x, 0.885 * self.size.height, (0.05 + 0.16 * birth) * self.size.height, level
            )
        sparkles.shine(picture)
