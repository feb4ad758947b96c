"""Aurora: curtains of light over a lake in the snow, and a face in them."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes import paint
from endlessdreams_cam.engines.scenes.mood import Mood
from endlessdreams_cam.engines.scenes.paint import Array
from endlessdreams_cam.engines.scenes.weather import Weathering
from endlessdreams_cam.engines.scenes.world import Moment, Person, Picture, Scene
from endlessdreams_cam.engines.scenes.worlds import aurora_land_parts as land
from endlessdreams_cam.engines.scenes.worlds.aurora_parts import Curtain, Loom
from endlessdreams_cam.engines.scenes.worlds.aurora_person_parts import Weaver
from endlessdreams_cam.engines.scenes.worlds.film_parts import Film, linear
from endlessdreams_cam.engines.scenes.worlds.land_parts import Rare, chance
from endlessdreams_cam.frame import Size

_HORIZON = 0.68
# Natural dyes, linear: oxygen's green below; nitrogen's violet, magenta or oxygen's red above.
_LOW = ((0.02, 0.80, 0.24), (0.01, 0.72, 0.42), (0.03, 0.80, 0.17))
_HIGH = ((0.42, 0.02, 0.62), (0.58, 0.02, 0.46), (0.26, 0.06, 0.78))

_COLD = np.array((0.42, 0.85, 1.0), np.float32)  # snow by night gives back less red


class Aurora(Scene):
    """Northern lights over mountains, mirrored in a lake.

    Words: cabin, fjord, moon, stars, storm, frozen.
    """

    def __init__(self, size: Size, mood: Mood) -> None:
        super().__init__(size, mood)
        light = self.light
        # Every part draws its own lots, so that hour, weather and words do not move the others.
        lots = [chance(mood.seed, part) for part in range(7)]
        self._horizon = horizon = round(size.height * _HORIZON)
        above = Size(size.width, horizon)
        reach = horizon / size.height
        self._loom = Loom(min(size.width, 400), min(horizon, 132), reach)
        self._weaver = Weaver(size, Loom(min(size.width, 320), min(horizon, 124), reach), lots[0])
        self._dyes = _dyes(mood)
        self._curtains = _curtains(mood, lots[1])
        self._sky = land.sky(above, light)
        if mood.says("moon"):
            land.hang_moon(self._sky, light.sun_x)
        shown = light.night**1.5 * (1 - 0.8 * light.haziness**3)
        self._stars = land.stars(above, lots[2], shown, 1.8 if mood.says("star", "stars") else 1.0)
        self._twinkle = paint.fbm(lots[2], Size(128, 128), cells=40, octaves=2)
        tall = lots[3].uniform(0.17, 0.22) + (0.10 if mood.says("fjord") else 0.0)
        self._far = land.mountains(size, lots[3], _HORIZON, tall, 4, 0.35)
        lamps = int(lots[4].choice((0, 2, 4)))
        self._near = land.mountains(size, lots[4], _HORIZON + 0.004, 0.07, 6, 0.6, lamps)
        side = float(lots[5].choice((-1, 1)))
        self._shore = land.shore(size, lots[5], side, mood.says("cabin", "hut", "house"), 1.0)
        self._lake = land.Lake(size, lots[6], horizon, 0.25 if mood.says("frozen", "ice") else 1.0)
        self._film = Film(size, near=0.14, far=0.08)
        # Zeros: the near mountains' foot is laid over rows that the lake fills only afterwards.
        self._light = np.zeros((size.height, size.width, 3), np.float32)
        self._weather = Weathering(size, mood, light, 0.8)
        self._surge = Rare(mood.seed, lasts=24.0, slot=83.0)
        self._meteor = Rare(mood.seed + 1, lasts=1.3, slot=41.0)
        day = 1 - light.night
        haze = linear(land.dimmed(light.haze, 0.2 + 0.3 * day))
        self._shadows = [share * haze for share in (0.13 + 0.3 * day, 0.07 + 0.2 * day, 0.04)]
        self._daylight = 0.012 + 0.35 * day * linear(land.dimmed(light.key, 0.7))

    def paint(self, moment: Moment) -> Picture:
        t, light = moment.t, self._light
        energy = min(max(moment.energy + 0.3 * self.mood.energy, 0.0), 1.2)
        pan = moment.pose.pan_x + 0.006 * math.sin(t / 7.9) + 0.003 * math.sin(t / 3.1)
        above = light[: self._horizon]
        self._paint_sky(above, t)
        glow = self._coloured(self._weave(t, moment.wander, pan, energy))
        falling = self._falling(glow)
        self._lay(above, glow)
        lamp = 0.85 + 0.10 * math.sin(3.1 * t) + 0.05 * math.sin(7.7 * t)
        self._far.put(light, 1.6 * falling, self._shadows[0], pan, lamp)
        if moment.person is not None:
            self._stand(above, moment.person, moment.amount, t)
        self._near.put(light, 0.9 * falling, self._shadows[1], pan, lamp)
        wind = self.wind.at(t, 0.5, energy)
        light[self._horizon :] = self._lake.reflect(above, t, moment.real_dt, wind)
        self._shore.put(light, 2.2 * falling, self._shadows[2], pan, lamp)
        picture = self._film.develop(light)
        return self._weather.over(picture, t, energy)

    def _paint_sky(self, above: Array, t: float) -> None:
        """Paint the sky with its stars, and what falls from it."""
        height, width = above.shape[:2]
        noise = paint.scroll(self._twinkle, 2.3 * t, 1.1 * t)
        shine = cv2.resize(0.45 + 1.1 * noise, (width, height), interpolation=cv2.INTER_LINEAR)
        np.multiply(self._stars, shine[..., None], out=above)
        above += self._sky
        event = self._meteor.at(t)
        if event is not None:
            land.shoot(above, chance(self.mood.seed, event.number), event.age)

    def _weave(self, t: float, wander: float, pan: float, energy: float) -> NDArray[np.complex64]:
        """Return the curtains' light, low and high."""
        loom, event = self._loom, self._surge.at(t)
        gain = 0.8 + 1.3 * energy
        if event is not None:
            gain *= 1 + 0.8 * math.sin(math.pi * event.age) ** 2
        loom.clear()
        for curtain in self._curtains:
            loom.weave(curtain, t + 6 * wander, 0.3 * pan, gain)
        return loom.canvas

    def _coloured(self, woven: NDArray[np.complex64]) -> Array:
        """Return low and high light in their colours, (rows, columns, 3)."""
        low, high = woven.real, woven.imag
        return cv2.merge([g * low + m * high for g, m in zip(*self._dyes, strict=True)])

    def _lay(self, above: Array, glow: Array) -> None:
        """Add light, given small, to the picture above the horizon."""
        above += cv2.resize(glow, (self.size.width, self._horizon), interpolation=cv2.INTER_LINEAR)

    def _stand(self, above: Array, person: Person, amount: float, t: float) -> None:
        """Put the person into the sky: they hide what is behind and shine themselves."""
        woven = self._weaver.weave(person, amount, t)
        hidden = cv2.resize(1 - 0.9 * woven.cover, (above.shape[1], above.shape[0]))
        above *= cv2.merge((hidden, hidden, hidden))
        self._lay(above, self._coloured(woven.light))

    def _falling(self, glow: Array) -> Array:
        """Return the light that falls on the land, by column, (width, 3)."""
        mean = cv2.resize(glow, (16, 1), interpolation=cv2.INTER_AREA)
        mean = cv2.blur(mean, (5, 1), borderType=cv2.BORDER_REFLECT)
        wide = cv2.resize(mean, (self.size.width, 1), interpolation=cv2.INTER_CUBIC)
        return np.maximum(wide[0], 0) * _COLD + self._daylight


def _curtains(mood: Mood, random: np.random.Generator) -> list[Curtain]:
    """Return the curtains, far ones first: more of them in a storm."""
    hung = [
        Curtain(random, 2.9, 0.42, 0.42, 0.45),
        Curtain(random, 2.0, 0.42, 0.60, 0.70),
        Curtain(random, 1.3, 0.40, 0.72, 0.80),
    ]
    if mood.says("storm", "solar"):
        hung.insert(1, Curtain(random, 2.3, 0.45, 0.70, 0.80))
    return hung


def _dyes(mood: Mood) -> list[list[float]]:
    """Return the colours of low and high light, linear; a palette's where the words ask for one."""
    natural = np.array((_LOW[mood.seed % 3], _HIGH[mood.seed // 3 % 3]))
    if mood.palette.ramp:
        ramp = np.array(mood.palette.ramp)
        stops = np.linspace(0, 1, len(ramp))
        asked = [[np.interp(at, stops, ramp[:, c]) for c in range(3)] for at in (0.72, 0.42)]
        dyes = (linear(asked[0]), linear(asked[1]))
        dyed = np.array([0.95 * dye / max(float(dye.max()), 1e-3) for dye in dyes])
        natural += (dyed - natural) * mood.palette.strength
    found: list[list[float]] = natural.tolist()
    return found
