"""Fire: flames over a bed of coals, sparks, and a face made of embers."""

from __future__ import annotations

import math

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes import paint
from endlessdreams_cam.engines.scenes.mood import Mood, mix, scale
from endlessdreams_cam.engines.scenes.paint import Array
from endlessdreams_cam.engines.scenes.weather import Weathering
from endlessdreams_cam.engines.scenes.world import Moment, Person, Picture, Scene
from endlessdreams_cam.engines.scenes.worlds.film_parts import Film
from endlessdreams_cam.engines.scenes.worlds.fire_bed_parts import Flow
from endlessdreams_cam.engines.scenes.worlds.fire_candle_parts import Flames
from endlessdreams_cam.engines.scenes.worlds.fire_light_parts import HOTTEST, emission
from endlessdreams_cam.engines.scenes.worlds.fire_parts import Gas
from endlessdreams_cam.engines.scenes.worlds.fire_person_parts import Embers, outline
from endlessdreams_cam.engines.scenes.worlds.fire_place_parts import Place, place_for
from endlessdreams_cam.engines.scenes.worlds.fire_spark_parts import NearEmbers, Sparks
from endlessdreams_cam.engines.scenes.worlds.land_parts import Event, Rare, Strip, chance
from endlessdreams_cam.frame import Size

_WARM_UP = 13  # steps of _STEP seconds, so that the first picture burns
_STEP = 0.09


class Fire(Scene):
    """Flames, embers and sparks.

    Words: embers, campfire, bonfire, hearth, candle, lava, volcano, inferno, gas.
    """

    def __init__(self, size: Size, mood: Mood) -> None:
        super().__init__(size, mood)
        random = self.random
        self._place = place = place_for(size, mood, self.light, random)
        self._gas = Gas(size, random, place.burn)
        self._film = Film(size, near=0.17, far=0.12)
        self._embers = Embers(size, random)
        self._sparks = Sparks(220, random)
        self._near = NearEmbers(self._film.quarter, random)
        self._drop = Rare(mood.seed, lasts=4.0, slot=47.0)
        self._weather = Weathering(size, mood, self.light, 0.5)
        self._first_row = _first_row(place, size)
        self._bed = Strip(np.stack((place.glow, place.ash))[:, self._first_row :], size.width)
        rows, width = self._gas.visible.shape
        self._shape = cv2.resize(place.shape, (width, rows), interpolation=cv2.INTER_AREA)
        self._flicker = paint.fbm(random, Size(512, 256), cells=9, octaves=4)
        self._breath = paint.fbm(random, Size(256, 256), cells=5, octaves=3)
        self._smoke = paint.fbm(random, Size(256, 256), cells=4, octaves=5)
        self._lean = np.linspace(1.6, 0, self._gas.coarse.height, dtype=np.float32)[:, None]
        self._ramp = emission(mood)
        self._ember_colour = 0.22 * self._ramp[330] / max(float(self._ramp[330].max()), 1e-3)
        self._back = self._backdrop()
        self._feet = _feet(size, *place.feet)
        if place.wicks:
            self._feet *= place.open
        self._candles = Flames(size, place.wicks)
        self._lava: Flow | None = None
        if place.lava is not None:
            self._lava = Flow(size, place.lava, place.top, self._first_row)
        self._heat = np.empty((size.height, size.width), np.float32)
        self._index = np.empty((size.height, size.width), np.intp)
        self._light = np.empty((size.height, size.width, 3), np.float32)
        self._pan = 0.0
        self._hidden: Array | None = None
        for k in range(_WARM_UP):
            still = Moment((k - _WARM_UP) * _STEP, _STEP, _STEP)
            self._burn(still, 0.5, None)

    def paint(self, moment: Moment) -> Picture:
        energy = min(max(moment.energy + 0.3 * self.mood.energy, 0.0), 1.2)
        event = self._drop.at(moment.t)
        self._scroll(moment.pose.pan_x)
        if moment.dt > 0:
            self._burn(moment, energy, event)
            self._fly(moment, energy, event)
        heat = self._flames(moment)
        sparks = self._sparks.paint(self.size, 0.03)
        sparks *= 1.15
        np.maximum(heat, sparks, out=heat)
        picture = self._develop(heat, moment.t)
        return self._weather.over(picture, moment.t, energy)

    # What burns -----------------------------------------------------------------------------

    def _scroll(self, pan: float) -> None:
        if self._place.endless and pan != self._pan:
            self._gas.shift(pan - self._pan)
            self._pan = pan

    def _fuel(self, t: float, energy: float, event: Event | None) -> Array:
        width = self._shape.shape[1]
        row = t * 6
        low, part = math.floor(row) % 256, row - math.floor(row)
        line = self._flicker[low] * (1 - part) + self._flicker[(low + 1) % 256] * part
        line = np.roll(line, round(self._pan * line.size))
        heat = self._place.heat_along(t, self._pan, width)
        if event is not None:
            away = np.linspace(0, 1, width, dtype=np.float32) - _where(self.mood.seed, event)
            heat += 0.7 * event.fade * np.exp(-((away / 0.05) ** 2))
        heat *= 0.55 + 0.75 * cv2.resize(line[None], (width, 1))[0]
        heat *= 0.72 + 0.66 * energy
        return self._shape * np.minimum(heat, 1.12)

    def _burn(self, moment: Moment, energy: float, event: Event | None) -> None:
        gas, person = self._gas, moment.person
        dt = min(moment.dt, 0.1)
        fuel = self._fuel(moment.t + 5 * moment.wander, energy, event)
        push = None
        if person is not None:
            size = Size(fuel.shape[1], fuel.shape[0])
            burning = moment.amount * self._place.kindles
            np.maximum(fuel, self._embers.fuel(person, size, burning, moment.t), out=fuel)
            push = cv2.resize(person.flow, (gas.coarse.width, gas.rows))
            push *= gas.coarse.width * min(12 * dt, 1.0) * moment.amount
        gust = self.wind.towards * (self.wind.at(moment.t, 0.5, energy) - 0.25)
        gas.step(dt, fuel, push, self._lean * (0.22 * gust))

    def _fly(self, moment: Moment, energy: float, event: Event | None) -> None:
        gas, sparks, draw = self._gas, self._sparks, self.random
        aspect = self.size.width / self.size.height
        wanted = draw.poisson(self._place.sparks * moment.dt * (0.4 + 1.2 * energy))
        x = self._hot_places(wanted)
        sparks.bear(x * aspect, np.full(wanted, self._place.top, np.float32), 0.35, 0.12)
        if event is not None and event.age < 0.3:
            wanted = draw.poisson(240 * moment.dt * event.fade)
            x = draw.normal(_where(self.mood.seed, event), 0.02, wanted).astype(np.float32)
            y = np.full(wanted, self._place.top + 0.02, np.float32)
            sparks.bear(x * aspect, y, 0.9, 0.3)
        if moment.person is not None:
            wanted = draw.poisson(16 * moment.dt * moment.amount)
            x, y = outline(moment.person, draw, wanted)
            sparks.bear(x * aspect, y, 0.25, 0.1)
        column = np.clip(sparks.x * gas.rows, 0, gas.coarse.width - 1).astype(np.intp)
        row = np.clip(sparks.y * gas.rows + gas.above, 0, gas.coarse.height - 1).astype(np.intp)
        draught: Array = gas.velocity[row, column] * np.float32(1 / gas.rows)
        draught[:, 0] += 0.16 * self.wind.towards * self.wind.at(moment.t, 0.5, energy)
        draught[:, 1] -= 0.22
        sparks.step(moment.dt, moment.t, draught[:, 0], draught[:, 1])

    def _hot_places(self, count: int) -> Array:
        """Return places across the picture, 0…1, more where it burns hotter."""
        heat = self._gas.visible[int(self._gas.visible.shape[0] * self._place.top)]
        up_to = np.cumsum(heat * heat + 0.02)
        found = np.searchsorted(up_to, self.random.random(count) * up_to[-1])
        return (found / heat.size).astype(np.float32)

    # What is seen ---------------------------------------------------------------------------

    def _backdrop(self) -> Array:
        light, (width, height) = self.light, self._film.quarter
        top = np.array(mix((0.004, 0.005, 0.014), scale(light.zenith, 0.06), 0.6), np.float32)
        low = np.array(mix((0.02, 0.008, 0.012), scale(light.horizon, 0.10), 0.4), np.float32)
        rise = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
        return np.broadcast_to(top * (1 - rise) + low * rise, (height, width, 3)).copy()

    def _flames(self, moment: Moment) -> Array:
        """Return the heat of everything in the picture."""
        heat = cv2.resize(self._gas.visible, self.size, self._heat, interpolation=cv2.INTER_LINEAR)
        heat *= self._place.open
        bed = self._ground(moment.t)
        self._hidden = None
        if moment.person is not None:
            self._stand(heat, bed, moment.person, moment)
        part = heat[self._first_row :]
        cv2.magnitude(part, bed, part)
        if self._place.wicks:
            draught = self.wind.towards * self.wind.at(moment.t, 0.5, moment.energy)
            self._candles.burn(heat, moment.t, draught)
        return heat

    def _stand(self, heat: Array, bed: Array, person: Person, moment: Moment) -> None:
        """Put the person among the flames: they hide those behind, not those at their feet."""
        breath = 0.5 + 0.5 * math.sin(moment.t * 1.1)
        glow = self._embers.glow(person, moment.amount, breath)
        self._hidden = hidden = glow.cover * self._feet
        heat *= 1 - 0.8 * hidden
        bed *= 1 - hidden[self._first_row :]
        glow.heat[:] *= hidden
        cv2.magnitude(heat, glow.heat, heat)

    def _ground(self, t: float) -> Array:
        """Return the heat of the ground, from `_first_row` down."""
        glow, ash = self._bed.seen(self._pan * self.size.width)
        rows, width = glow.shape
        noise = paint.scroll(self._breath, t * 3, t * 1.1)
        noise = noise[: max(rows // 8, 4), : max(width // 5, 8)]
        wave = 1 + self._place.breath * (1.6 * noise * noise - 0.65)
        wave = cv2.resize(wave, (width, rows), interpolation=cv2.INTER_CUBIC)
        if self._lava is not None:
            glow = np.maximum(glow, self._lava.at(t, self._pan))
        wave *= glow
        visible = self._gas.visible
        above = visible[int(visible.shape[0] * 0.5) :: 8].mean(0, keepdims=True)
        fire = cv2.resize(cv2.blur(above, (31, 1)), (width, 1))
        around = self._place.around
        level = 16 * float(above.mean())
        wave += ash * (0.45 * ((1 - around) * fire + around * min(level, 1.3)))
        return wave

    def _develop(self, heat: Array, t: float) -> Picture:
        heat *= 1023 / HOTTEST
        np.copyto(self._index, heat, casting="unsafe")
        np.take(self._ramp, self._index, axis=0, out=self._light, mode="clip")
        scenery, hidden = self._place.scenery, self._hidden
        if scenery is not None and hidden is not None:
            scenery = scenery * cv2.merge((1 - hidden,) * 3)
        if scenery is not None:
            self._light += scenery
        veil = self._back.copy()
        self._near.float_by(veil, self._ember_colour, t, self.wind.towards * 0.5)
        return self._film.develop(self._light, veil, self._air(t))

    def _air(self, t: float) -> Array:
        """Return the smoke that catches the fire's light, a quarter of the size."""
        first = paint.scroll(self._smoke, t * 3, -t * 11)[:128]
        second = paint.scroll(self._smoke, -t * 2, -t * 19)[100:228]
        smoke = first * second
        smoke *= smoke
        quarter = self._film.quarter
        return 0.12 + 6.0 * cv2.resize(smoke, quarter, interpolation=cv2.INTER_LINEAR)


def _where(seed: int, event: Event) -> float:
    """Return where in the picture a log drops, 0…1."""
    side = chance(seed, event.number).uniform(0.08, 0.32)
    return side if event.number % 2 else 1 - side


def _first_row(place: Place, size: Size) -> int:
    """Return the first row that the ground has anything to show in."""
    if place.lava is not None:
        return max(round(size.height * (place.top - 0.08)), 0)
    used = np.flatnonzero(np.maximum(place.glow, place.ash).max(1) > 0.004)
    return int(used[0]) if len(used) else size.height - 8


def _feet(size: Size, above: float, below: float) -> Array:
    """Return 1 above the ground that lies before everybody, 0 in it."""
    _, ys = paint.grid(size)
    return 1 - paint.smoothstep(above, below, ys)
