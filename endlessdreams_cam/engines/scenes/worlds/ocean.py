"""The open sea at all hours."""

from __future__ import annotations

import math

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes import paint
from endlessdreams_cam.engines.scenes.mood import Mood, Weather, luminance, mix, scale
from endlessdreams_cam.engines.scenes.weather import Weathering
from endlessdreams_cam.engines.scenes.world import Moment, Picture, Plane, Scene
from endlessdreams_cam.engines.scenes.worlds.heaven_parts import (
    Ceiling,
    Luminary,
    Place,
    Shafts,
    Stars,
    heaven,
    is_moon,
    overcast,
)
from endlessdreams_cam.engines.scenes.worlds.land_parts import Planes, Rare, chance
from endlessdreams_cam.engines.scenes.worlds.ocean_life_parts import Boat, Islet, Whale
from endlessdreams_cam.engines.scenes.worlds.ocean_parts import Mirror, Slopes, Surface, Water
from endlessdreams_cam.engines.scenes.worlds.ocean_person_parts import Figure
from endlessdreams_cam.engines.scenes.worlds.sky_life_parts import Flock
from endlessdreams_cam.engines.scenes.worlds.sky_parts import (
    NOWHERE,
    Body,
    Deck,
    Dye,
    Sun,
    cauliflower,
    tower,
)
from endlessdreams_cam.frame import Size

_BOATS = (
    "boat",
    "boats",
    "sail",
    "sails",
    "sailboat",
    "sailing",
    "ship",
    "ships",
    "yacht",
    "regatta",
)
_GULLS = ("gull", "gulls", "seagull", "seagulls", "bird", "birds")
_PALMS = ("island", "palm", "palms", "tropical", "caribbean", "lagoon")
_ROUGH = {Weather.RAIN: 0.12, Weather.STORM: 0.38}
_TOWERS = 0.40  # where the clouds on the horizon begin, down from the zenith
_SINKS = 26.0  # how far the sun sinks in the long run, in 360ths of the picture's height


class Ocean(Scene):
    """Swell under a wide sky, and the light's path on it.

    Words: …
    """

    def __init__(self, size: Size, mood: Mood) -> None:
        super().__init__(size, mood)
        random, light = self.random, self.light
        self._unit = size.height / 360
        self._ran, self._blown = 0.0, 0.0
        self._row = round(random.uniform(0.38, 0.44) * size.height)
        up = max(1 - light.sun_y, -0.05)
        self._place = Place(size, self._row, light.sun_x * size.width, self._row * (1 - 0.92 * up))
        self._make_sky()
        self._make_sea()
        self._make_life(chance(mood.seed, 0x534541))
        self._planes = np.empty_like(self._still)
        self._picture = np.empty((size.height, size.width, 3), np.float32)
        self._weathering = Weathering(size, mood, light)

    def _make_sky(self) -> None:
        random, light, mood, size = self.random, self.light, self.mood, self.size
        clear = self._clear = 1 - overcast(mood)
        self._still = heaven(random, self._place, light, mood)
        self._luminary = Luminary(random, self._place, light, mood)
        self._stars = Stars(random, self._place, light.night * clear)
        cover = float(random.uniform(0.25, 0.75)) + (0.0 if mood.weather is Weather.CLEAR else 0.3)
        self._ceiling = Ceiling(random, self._place, light, mood, min(cover, 1.0))
        self._sun = Sun.seen(size, self._place.x, self._place.y, self._unit)
        self._towers = self._make_towers()
        strength = (0.3 if is_moon(mood) else 0.7) * clear
        self._shafts = Shafts(self._place, mix(light.key, light.horizon, 0.4), strength)

    def _make_towers(self) -> Deck:
        random, unit, width = self.random, self._unit, self.size.width
        top = round(_TOWERS * self._row)
        rows = self._row - top
        strip = np.full((rows, round(width * 2.2)), NOWHERE, np.float32)
        for x in np.arange(0.1, 2.2, 0.26):
            tall = rows * random.uniform(0.16, 0.42) * (1.9 if random.random() < 0.2 else 1)
            tower(random, strip, x=width * (x + random.uniform(-0.1, 0.1)), base=rows * 1.02,
                  width=tall * random.uniform(2.6, 5.5), height=min(tall, 0.85 * rows))  # fmt: skip
        light = self.light
        air = mix(light.haze, light.horizon, 0.7)
        shade = mix(mix(light.ambient, light.middle, 0.5), air, 0.45)
        lit = mix(mix(light.key, (1.0, 1.0, 1.0), 0.1), air, 0.35)
        turn = mix(mix(shade, lit, 0.5), light.horizon, 0.4 * light.dusk)
        dye = Dye([(0.0, shade), (0.5, turn), (1.0, lit), (1.4, mix(light.key, (1, 1, 1), 0.5))])
        side = round(192 * unit)
        skin = cauliflower(random, Size(side, side), unit * 0.5)
        ys = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
        veil = 1 - 0.75 * paint.smoothstep(0.6, 1.0, ys)
        body = Body(self._sun.part(top, self._row), dye, unit * 0.6, soft=5.0)
        return Deck(strip, skin, body, width, top=top, veil=veil)

    def _make_sea(self) -> None:
        light, size = self.light, self.size
        self._surface = Surface(self.random, size, self._row)
        day = luminance(light.middle)
        deep = mix(scale(light.zenith, 0.6), scale((0.0, 0.30, 0.42), 0.25 + 0.6 * day), 0.45)
        dusky = mix(scale(light.zenith, 0.8), scale(light.middle, 0.42), 0.45)
        deep = mix(deep, dusky, 0.75 * light.dusk)
        crest = mix(deep, scale((0.16, 0.72, 0.68), 0.3 + 0.7 * day), 0.45)
        self._shine = mix(light.key, light.horizon, 0.3 * light.dusk)
        self._mirror = Mirror(
            self._surface, size, self._place.x, self._place.y, Water(deep, crest), self._shine
        )
        self._figure = Figure(self.random, size, light, Water(deep, crest), self._place.x)
        haze = 0.7 * np.exp(self._surface.drop * -48)
        self._haze = haze.astype(np.float32)
        white = mix(mix(light.ambient, light.horizon, 0.5), light.key, 0.45)
        self._white = scale(white, 1 - 0.3 * light.night)
        self._air = mix(light.haze, light.horizon, 0.7)

    def _make_life(self, random: np.random.Generator) -> None:
        place, light, says = self._place, self.light, self.mood.says
        self._rare = Rare(self.mood.seed ^ 0x5E4, 30.0, 64.0)
        self._boats = [Boat(random, place, light, near) for near in (0.15, 0.8) if says(*_BOATS)]
        self._gulls = Flock(random, self.size, light) if says(*_GULLS) else None
        self._islet = None
        lamp, palms = says("lighthouse", "leuchtturm", "phare"), says(*_PALMS)
        if lamp or palms:
            self._islet = Islet(random, place, light, palms=palms, lamp=lamp)
        self._visit: tuple[int, Boat | Whale | Flock] | None = None

    def paint(self, moment: Moment) -> Picture:
        """Return the sea at a moment."""
        t = moment.t
        rough = _ROUGH.get(self.mood.weather, 0.0)
        energy = min(max(moment.energy + 0.5 * self.mood.energy + rough, 0.0), 1.0)
        self._ran += moment.dt * (energy - 0.5)
        self._blown += moment.dt * (energy - 0.5) * self.wind.towards
        planes = self._planes
        np.copyto(planes, self._still)
        sinks = _SINKS * self._unit * (1 - math.exp(-t / 220)) * self.light.dusk
        sun = self._paint_sky(planes, moment, sinks)
        slopes = self._surface.at(t, t + self._ran, 0.4 + 1.7 * energy * energy, 0.6 + 0.8 * energy)
        glints = self._mirror.paint(planes, slopes, (0.35 + 0.65 * sun) * self._clear, sinks)
        self._foam(planes, slopes, energy)
        self._finish(planes, glints)
        self._luminary.bloom(planes, sun, sinks)
        self._pass_by(planes, t)
        if moment.person is not None and moment.amount > 0:
            self._figure.paint(
                planes,
                moment.person,
                moment.amount,
                t + self._ran,
                slopes.height[int(slopes.height.shape[0] * 0.8)],
            )
        cv2.merge(list(planes), dst=self._picture)
        return self._weathering.over(self._picture, t, energy)

    def _paint_sky(self, planes: Planes, moment: Moment, sinks: float) -> float:
        """Paint all above the horizon; return how much of the sun its clouds leave, 0…1."""
        t, width = moment.t, self.size.width
        blown = self.wind.travelled(t) + self._blown
        self._stars.light(planes, t)
        self._luminary.paint(planes, sinks)
        pan = moment.pose.pan_x
        high, lit = self._ceiling.look(blown * 4 + pan * 12, t * 1.1, t * 0.5 + moment.wander * 3)
        heights = self._towers.height((blown * 0.008 + pan * 0.2) * width, t * 0.9 * self._unit)
        hidden = self._hidden(high, heights)
        sun = self._shafts.open(hidden)
        self._ceiling.paint(planes, high, lit, sun)
        self._towers.paint(planes, heights, sun)
        if self._islet is not None:
            self._islet.paint(planes)
        return sun

    def _hidden(self, high: Plane, heights: Plane) -> Plane:
        """Return what hides the sun, 0…1, at the size of the shafts."""
        small = self._shafts.small
        hidden = np.zeros((small.height, small.width), np.float32)
        foot = max(2, round(self._row / self.size.height * small.height))
        hidden[:foot] = 0.6 * cv2.resize(high, (small.width, foot), interpolation=cv2.INTER_AREA)
        top = min(round(_TOWERS * foot), foot - 1)
        towers = cv2.resize(heights, (small.width, foot - top), interpolation=cv2.INTER_AREA)
        np.maximum(hidden[top:foot], self._towers.body.cover(towers), out=hidden[top:foot])
        return hidden

    def _pass_by(self, planes: Planes, t: float) -> None:
        """Paint boats, birds, a whale over the sea, in place."""
        for boat in self._boats:
            boat.paint(planes, t, t * 0.0045)
        if self._gulls is not None:
            self._gulls.paint(planes, t, t / 37.0 % 1)
        if self._islet is not None:
            self._islet.shine(planes, t)
        event = self._rare.at(t)
        if event is None:
            return
        if self._visit is None or self._visit[0] != event.number:
            self._visit = event.number, self._visitor(event.number)
        visitor = self._visit[1]
        if isinstance(visitor, Boat):
            visitor.paint(planes, t, event.age * 0.14, event.fade)
        elif isinstance(visitor, Flock):
            visitor.paint(planes, t, event.age)
        else:
            visitor.paint(planes, event.age)

    def _visitor(self, number: int) -> Boat | Whale | Flock:
        random = chance(self.mood.seed, 0x56495349, number)
        kind = int(random.integers(5))
        if kind < 2 or self.mood.says("whale", "whales", "moby"):
            return Whale(random, self._place, self.light)
        if kind < 4 or self.light.night > 0.6:
            return Boat(random, self._place, self.light, 0.1)
        return Flock(random, self.size, self.light)

    def _foam(self, planes: Planes, slopes: Slopes, energy: float) -> None:
        """Lay foam on the crests that break, in place: lace that thins down their backs."""
        much = min((energy - 0.5) * 2.0, 1.0)
        if much <= 0:
            return
        torn = np.clip(slopes.height * (0.42 * much), 0, 0.36)
        torn += slopes.lace * 0.62
        torn += slopes.ahead * 1.1
        torn -= np.float32(1.10 - 0.22 * much)
        torn *= 4.0
        np.clip(torn, 0, 0.75, out=torn)
        for plane, colour in zip(planes[:, self._row :], self._white, strict=True):
            white = colour - plane
            white *= torn
            plane += white

    def _finish(self, planes: Planes, glints: Plane) -> None:
        """Lay the haze of the horizon and the bloom of the glints over the sea, in place."""
        sea = planes[:, self._row :]
        small = (max(self.size.width // 4, 8), max(sea.shape[1] // 4, 8))
        bright = cv2.resize(glints, small, interpolation=cv2.INTER_AREA)
        bloom = cv2.GaussianBlur(bright, (0, 0), max(3.2 * self._unit, 0.8))
        bloom = cv2.resize(bloom, (self.size.width, sea.shape[1]))
        bloom *= 0.55
        for plane, colour, shine in zip(sea, self._air, self._shine, strict=True):
            np.minimum(plane, 1, out=plane)
            air = colour - plane
            air *= self._haze
            plane += air
            add = 1 - plane
            add *= bloom
            add *= shine
            plane += add
