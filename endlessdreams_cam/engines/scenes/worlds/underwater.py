"""Under the surface of a clear sea."""

from __future__ import annotations

import math

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.mood import Mood, mix, scale
from endlessdreams_cam.engines.scenes.world import Moment, Picture, Plane, Scene
from endlessdreams_cam.engines.scenes.worlds.heaven_parts import overcast
from endlessdreams_cam.engines.scenes.worlds.land_parts import Planes, Rare, chance
from endlessdreams_cam.engines.scenes.worlds.sky_parts import lay
from endlessdreams_cam.engines.scenes.worlds.underwater_bed_parts import (
    WHITE,
    Waters,
    groves,
    open_water,
    reefs,
)
from endlessdreams_cam.engines.scenes.worlds.underwater_life_parts import (
    Bubbles,
    Crowd,
    Jelly,
    Manta,
    Shoal,
)
from endlessdreams_cam.engines.scenes.worlds.underwater_parts import (
    Floor,
    Motes,
    Shafts,
    Skylight,
    caustics,
    padded,
    shine,
)
from endlessdreams_cam.engines.scenes.worlds.underwater_person_parts import Diver
from endlessdreams_cam.frame import Size

_LASTS = 24.0  # how long a rare event lasts, in seconds
_JELLIES = ("jellyfish", "jellyfishes", "jelly", "medusa", "qualle", "quallen")
_DEEP = ("abyss", "abyssal", "deep", "trench", "depths", "bottom")


class Underwater(Scene):
    """A reef in clear water: shafts, nets of caustics, kelp, shoals; now and then a manta.

    Words: jellyfish, manta, bubbles, koi, fish, plankton, abyss, deep.
    """

    def __init__(self, size: Size, mood: Mood) -> None:
        super().__init__(size, mood)
        random = self.random
        self._unit, self._blown = size.height / 360, 0.0
        self._x = (0.5 + (self.light.sun_x - 0.5) * 0.8) * size.width
        self._waters = Waters.of(mood, self.light, 1.0 if mood.says(*_DEEP) else 0.0)
        self._clear = (1 - 0.7 * overcast(mood)) * (0.5 if mood.says(*_DEEP) else 1.0)
        self._still = open_water(random, size, self._waters, self._x)
        tile = padded(caustics(random))
        self._skylight = Skylight(tile, size, self._x)
        self._shafts = Shafts(random, size, self._x, -0.35 * size.height)
        self._floor, self._sand = Floor(random, tile, size, 0.74), self._waters.sand()
        self._reefs = reefs(random, size, self._waters, self._x)
        self._groves = groves(random, size, self._waters, self._x)
        self._diver = Diver(tile, size, self._waters.figure(), self._x / size.width)
        self._motes = Motes(random, size)
        self._make_life(chance(mood.seed, 0x46495348))
        self._planes = np.empty_like(self._still)
        self._picture = np.empty((size.height, size.width, 3), np.float32)

    def _make_life(self, random: np.random.Generator) -> None:
        size, water, says = self.size, self._waters, self.mood.says
        many = 1.6 if says("fish", "fishes", "shoal", "school") else 1.0
        gold = mix(water.own((0.98, 0.62, 0.25)), water.middle, 0.25)
        dark, pale = scale(water.deep, 0.9), mix(water.top, water.beam, 0.3)
        haze = mix(water.deep, water.middle, 0.64)
        self._shoals = [
            Shoal(random, size, count=round(46 * many), long=8, row=0.34, pace=0.10,
                  colours=(haze, mix(water.top, water.middle, 0.5))),
            Shoal(random, size, count=round(24 * many), long=17, row=0.48, pace=0.13,
                  colours=(mix(dark, water.middle, 0.25), pale)),
            Shoal(random, size, count=9 if says("koi", "goldfish", "clownfish") else 5, long=30,
                  row=0.64, pace=0.09, colours=(scale(water.deep, 0.7), gold)),
        ]  # fmt: skip
        self._bubbles = Bubbles(random, size)
        self._rare = Rare(self.mood.seed ^ 0x3A, _LASTS)
        self._visit: tuple[int, Manta | float] | None = None
        glow = mix(water.own((0.72, 0.80, 1.0)), water.beam, 0.3)
        inner = mix(water.own((0.95, 0.55, 0.80)), water.middle, 0.25)
        near = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0) if says(*_JELLIES) else ()
        self._jellies = [Jelly(random, size, (glow, inner), share) for share in near]

    def paint(self, moment: Moment) -> Picture:
        """Return the reef at a moment."""
        t = moment.t
        energy = min(max(moment.energy + 0.5 * self.mood.energy, 0.0), 1.0)
        self._blown += moment.dt * (energy - 0.5) * self.wind.towards
        # Clouds that pass far above: the light breathes.
        sun = 0.90 + 0.07 * math.sin(t / 4.7) + 0.03 * math.sin(t / 1.9)
        shafts = self._shafts.at(t, 0.0)
        shafts *= np.float32(sun * self._clear)
        planes = self._planes
        np.copyto(planes, self._still)
        self._paint_far(planes, moment, shafts, sun, energy)
        self._paint_near(planes, moment, shafts, sun, energy)
        cv2.merge(list(planes), dst=self._picture)
        return self._picture

    def _paint_far(
        self, planes: Planes, moment: Moment, shafts: Plane, sun: float, energy: float
    ) -> None:
        """Paint what lies behind the person, in place."""
        t, pan, (width, height) = moment.t, moment.pose.pan_x, self.size
        crowd = self._crowd(moment)
        far, near = self._reefs
        self._skylight.paint(planes, t, pan, self._waters.beam)
        far.paint(planes, far.height(pan * 0.25 * width, 0.0), sun)
        shine(planes, self._waters.beam, shafts * np.float32(0.55))
        for shoal in self._shoals:
            shoal.swim(t, moment.dt, moment.real_dt, crowd, pan * 0.4)
        self._pass_by(planes, moment)
        self._shoals[0].paint(planes)
        push = crowd.pressed(60 * self._unit) if crowd is not None else None
        self._groves[0].paint(planes, t, pan * 0.4 * width, sun=sun, swell=0.5 + energy, push=push)
        floor = self._floor.light(t, pan * width / height)
        lay(planes[:, self._floor.top :], floor, self._floor.cover, self._sand.tables(sun))
        near.paint(planes, near.height(pan * 0.6 * width, 0.0), sun)
        self._shoals[1].paint(planes)

    def _paint_near(
        self, planes: Planes, moment: Moment, shafts: Plane, sun: float, energy: float
    ) -> None:
        """Paint the person, and what swims, grows and drifts before them, in place."""
        t, pan, crowd = moment.t, moment.pose.pan_x, self._crowd(moment)
        if moment.person is not None and moment.amount > 0:
            self._diver.paint(planes, moment.person, moment.amount, t, shafts, sun)
        self._fizz(planes, moment)
        self._shoals[2].paint(planes)
        push = crowd.pressed(60 * self._unit) if crowd is not None else None
        self._groves[1].paint(
            planes, t, pan * self.size.width, sun=sun, swell=0.5 + energy, push=push
        )
        before = self._motes.at(t, self.wind.travelled(t) + self._blown, pan)
        shafts *= 0.22
        before += shafts
        shine(planes, self._waters.beam, before)

    @staticmethod
    def _crowd(moment: Moment) -> Crowd | None:
        seen = moment.person is not None and moment.amount > 0
        return Crowd.of(moment.person) if seen and moment.person is not None else None

    def _pass_by(self, planes: Planes, moment: Moment) -> None:
        """Paint jellyfish, and the rare event: a manta, or bubbles from the floor."""
        for jelly in self._jellies:
            jelly.paint(planes, moment.t, 0.4 * moment.pose.pan_x)
        event = self._rare.at(moment.t)
        if event is None:
            return
        if self._visit is None or self._visit[0] != event.number:
            random = chance(self.mood.seed, 0x4D414E54, event.number)
            if random.random() < 0.65 or self.mood.says("manta", "mantas", "ray"):
                dark = mix(scale(self._waters.deep, 0.8), self._waters.middle, 0.38)
                self._visit = event.number, Manta(random, self.size, dark)
            else:
                self._visit = event.number, float(random.uniform(0.15, 0.85))
        visitor = self._visit[1]
        if isinstance(visitor, Manta):
            visitor.paint(planes, event.age, _LASTS)
        else:
            self._bubbles.well(visitor, moment.dt * math.sin(math.pi * event.age) * 16)

    def _fizz(self, planes: Planes, moment: Moment) -> None:
        """Let bubbles rise where somebody stirs, and paint them."""
        if moment.person is not None and moment.amount > 0:
            self._bubbles.stir(moment.person, moment.amount, moment.real_dt)
        if self.mood.says("bubble", "bubbles"):
            self._bubbles.well(0.5 + 0.35 * math.sin(moment.t * 0.13), moment.dt * 9)
        self._bubbles.rise(moment.t, max(moment.real_dt, moment.dt))
        self._bubbles.paint(planes, mix(self._waters.top, WHITE, 0.35))
