"""The sky above a sea of cloud."""

from __future__ import annotations

import math

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes import paint
from endlessdreams_cam.engines.scenes.mood import Light, Mood, Weather, mix, scale
from endlessdreams_cam.engines.scenes.weather import Weathering, lightning
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
from endlessdreams_cam.engines.scenes.worlds.sky_life_parts import (
    Balloon,
    Flock,
    Passers,
    Trail,
    rainbow,
)
from endlessdreams_cam.engines.scenes.worlds.sky_parts import (
    NOWHERE,
    Body,
    Deck,
    Dye,
    Sun,
    bank,
    cauliflower,
    shrunk,
    tower,
)
from endlessdreams_cam.engines.scenes.worlds.sky_person_parts import Visitor
from endlessdreams_cam.frame import Size

_HORIZON = 0.82
_TOWERS = (0.10, 0.90)  # the rows of the towers, in heights
_FOOT = 0.88
# Banks of the sea of cloud: crest and bottom in heights, swell in heights, air before it, speed in
# widths per unit of wind, how fast its skin boils in units per second.
_BANKS = (
    (0.790, 0.90, 0.018, 0.60, 0.016, 0.8),
    (0.835, 1.02, 0.034, 0.34, 0.028, 1.4),
    (0.915, 1.02, 0.070, 0.08, 0.055, 2.6),
)
_COVER = {Weather.CLEAR: 0.0, Weather.CLOUDS: 0.25, Weather.MIST: 0.1}
_BIRDS = ("bird", "birds", "swallow", "swallows", "dove", "doves", "eagle", "eagles", "geese")
_BALLOONS = ("balloon", "balloons")
_JETS = ("plane", "planes", "airplane", "aeroplane", "jet", "contrail", "contrails", "flight")


class Sky(Scene):
    """Three decks of cloud over one another, lit by one sun or moon.

    High ripples come over from the horizon, cumulus towers boil, and a sea of cloud rolls below.
    What stands before the sun dims every deck; where it breaks through, shafts stream.

    Words: birds, balloon, plane, rainbow, cirrus, cumulus, cloudless, thin, stars.
    """

    def __init__(self, size: Size, mood: Mood) -> None:
        super().__init__(size, mood)
        random, light, unit = self.random, self.light, size.height / 360
        self._heavy = {Weather.STORM: 0.8, Weather.RAIN: 0.45}.get(mood.weather, 0.0)
        self._unit, self._blown, self._boiled = unit, 0.0, 0.0
        self._place = Place(
            size, _HORIZON * size.height, light.sun_x * size.width,
            (min(light.sun_y, 1.1) * 0.78 + 0.02) * size.height,
        )  # fmt: skip
        self._still = heaven(random, self._place, light, mood)
        self._planes = np.empty_like(self._still)
        self._picture = np.empty((size.height, size.width, 3), np.float32)
        self._luminary = Luminary(random, self._place, light, mood)
        self._luminary.paint(self._still)
        if mood.says("rainbow", "rainbows"):
            rainbow(self._still, self._place, light)
        night = light.night * (1 - overcast(mood)) * (1.6 if mood.says("stars", "starry") else 1.0)
        self._stars = Stars(random, self._place, night)
        self._ceiling = Ceiling(random, self._place, light, mood, self._amount())
        self._sun = Sun.seen(size, self._place.x, self._place.y, unit)
        side = round(384 * unit)
        skin = cauliflower(random, Size(side, side), unit)
        self._towers = self._make_towers(skin)
        self._banks = self._make_banks(skin)
        self._visitor = Visitor(size, self._sun, skin, _dye(light, 0.0, self._heavy), unit)
        strength = (0.45 if is_moon(mood) else 0.9) * (1 - overcast(mood))
        self._shafts = Shafts(self._place, mix(light.key, light.horizon, 0.4), strength)
        self._weathering = Weathering(size, mood, light)
        self._make_life(chance(mood.seed, 0x4C494645))

    def _amount(self) -> float:
        """Return how much of the sky the high deck covers."""
        if self.mood.says("cloudless"):
            return 0.05
        more = 0.2 if self.mood.says("cirrus", "cloudy", "overcast") else 0.0
        natural = float(self.random.uniform(0.25, 0.7))
        return min(natural + _COVER.get(self.mood.weather, 0.35) + more, 1.0)

    def _make_towers(self, skin: Plane) -> Deck:
        random, unit, (width, height) = self.random, self._unit, self.size
        top, bottom = (round(share * height) for share in _TOWERS)
        strip = np.full((bottom - top, round(width * 2.6)), NOWHERE, np.float32)
        side = -1.0 if self.light.sun_x > 0.5 else 1.0
        grown = 1.15 if self.mood.says("cumulus", "thunderhead", "towering") else 1.0
        if self.mood.says("cloudless", "thin", "wispy"):
            grown = 0.45
        lean = random.uniform(-0.2, 0.2)
        heaps = ((0.5 + side * 0.25, 0.58, 0.85), (0.5 - side * 0.36, 0.24, 0.60),
                 (1.15, 0.30, 0.60), (1.55, 0.45, 0.84), (2.10, 0.28, 0.72))  # fmt: skip
        for x, tall, wide in heaps:
            tower(
                random, strip, x=width * (x + random.uniform(-0.05, 0.05)),
                base=_FOOT * height - top, width=height * wide * random.uniform(0.85, 1.2),
                height=min(tall * random.uniform(0.88, 1.1) * grown, 0.66) * height, lean=lean,
            )  # fmt: skip
        ys = np.linspace(top, bottom, bottom - top, dtype=np.float32)[:, None] / np.float32(height)
        veil = 1 - (0.58 + 0.35 * self.light.haziness) * paint.smoothstep(0.62, 0.87, ys)
        body = Body(self._sun.part(top, bottom), _dye(self.light, 0.0, self._heavy), unit)
        return Deck(strip, skin * np.float32(0.72), body, width, top=top, veil=veil)

    def _make_banks(self, skin: Plane) -> list[Deck]:
        width, height = self.size
        low = self.light.dusk + 0.6 * self.light.night
        decks = []
        for crest, end, swell, far, _, _ in _BANKS:
            top, bottom = round((crest - 3.2 * swell) * height), min(round(end * height), height)
            strip = np.full((bottom - top, round(width * 2.2)), NOWHERE, np.float32)
            bank(self.random, strip, crest=crest * height - top, swell=swell * height)
            body = Body(
                self._sun.part(top, bottom), _dye(self.light, far, self._heavy), self._unit,
                soft=4.0, rim=0.08 + 0.42 * low, shade=low * 0.44 * (1 - far) ** 2.5,
            )  # fmt: skip
            decks.append(Deck(strip, shrunk(skin, swell / 0.09), body, width, top=top))
        return decks

    def _make_life(self, random: np.random.Generator) -> None:
        self._rare = Rare(self.mood.seed, 26.0)
        self._passers = Passers(self.size, self.mood.seed, self.light)
        says = self.mood.says
        self._flock = Flock(random, self.size, self.light) if says(*_BIRDS) else None
        self._trail = Trail(random, self.size, self.light) if says(*_JETS) else None
        near = (0.1, 0.45, 1.0) if says(*_BALLOONS) else ()
        self._balloons = [Balloon(random, self.size, self.light, share) for share in near]

    def paint(self, moment: Moment) -> Picture:
        """Return the sky at a moment."""
        t, (width, height) = moment.t, self.size
        energy = min(max(moment.energy + 0.5 * self.mood.energy, 0.0), 1.0)
        self._blown += moment.dt * (energy - 0.5) * self.wind.towards
        self._boiled += moment.dt * (energy - 0.5) * 1.4
        blown = self.wind.travelled(t) + self._blown
        boiled = (t + self._boiled) * self._unit
        sway = 0.005 * math.sin(t * math.tau / 31.3)
        pan = (moment.pose.pan_x + sway) * width

        planes = self._planes
        np.copyto(planes, self._still)
        self._stars.light(planes, t)
        high, high_lit = self._ceiling.look(
            blown * 4 + moment.pose.pan_x * 12, t * 1.1, t * 0.5 + moment.wander * 3
        )
        heights = self._towers.height(blown * 0.012 * width + 0.2 * pan, boiled * 2.2)
        hidden = self._hidden(high, heights)
        sun = self._shafts.open(hidden)
        self._ceiling.paint(planes, high, high_lit, sun)
        self._pass_by(planes, t, blown)
        self._towers.paint(planes, heights, sun, self._flash(t))
        self._fly_before(planes, t)
        nearer = 0.015 * math.sin(t * math.tau / 23.7) + 0.03 * math.tanh(moment.pose.zoom)
        for n, (crest, _, _, _, speed, boil) in enumerate(_BANKS):
            if n == 1:
                self._shafts.light(planes, hidden)
                self._luminary.bloom(planes, sun)
                self._visit(planes, moment, sun, boiled, energy)
            x = blown * width * speed + pan * (0.3 + 5 * speed)
            down = (crest - 0.5) * nearer * height
            self._banks[n].paint(planes, self._banks[n].height(x, boiled * boil, down), sun)
        cv2.merge(list(planes), dst=self._picture)
        return self._weathering.over(self._picture, t, energy)

    def _hidden(self, high: Plane, heights: Plane) -> Plane:
        """Return what hides the sun, 0…1, at the size of the shafts."""
        small = self._shafts.small
        hidden = np.zeros((small.height, small.width), np.float32)
        down = min(round(_HORIZON * small.height), small.height)
        hidden[:down] = 0.6 * cv2.resize(high, (small.width, down), interpolation=cv2.INTER_AREA)
        rows = slice(*(round(share * small.height) for share in _TOWERS))
        cover = self._towers.body.cover(
            cv2.resize(heights, (small.width, rows.stop - rows.start), interpolation=cv2.INTER_AREA)
        )
        np.maximum(hidden[rows], cover, out=hidden[rows])
        return hidden

    def _pass_by(self, planes: Planes, t: float, blown: float) -> None:
        """Paint what crosses between the high deck and the towers."""
        event = self._rare.at(t)
        if event is not None:
            self._passers.paint(planes, t, event.number, event.age, near=False)
        if self._trail is not None:
            self._trail.paint(planes, t / 41.0 % 1)
        for balloon in self._balloons:
            balloon.paint(planes, blown, t)

    def _fly_before(self, planes: Planes, t: float) -> None:
        """Paint the birds before the towers."""
        event = self._rare.at(t)
        if event is not None:
            self._passers.paint(planes, t, event.number, event.age, near=True)
        if self._flock is not None:
            self._flock.paint(planes, t, t / 33.0 % 1)

    def _flash(self, t: float) -> Plane | None:
        """Return the light of a stroke within the towers, None without one."""
        if self.mood.weather is not Weather.STORM:
            return None
        level = lightning(self.mood.seed, t)
        if level < 0.01:
            return None
        width, height = self.size
        x = chance(self.mood.seed, 0x464C, math.floor(t / 17.0)).uniform(0.2, 0.8) * width
        at = Size(width, round(_TOWERS[1] * height) - round(_TOWERS[0] * height))
        return paint.halo(at, x, 0.55 * at.height, 0.16 * height) * np.float32(0.9 * level)

    def _visit(
        self, planes: Planes, moment: Moment, sun: float, boiled: float, energy: float
    ) -> None:
        if moment.person is None or moment.amount <= 0:
            return
        wind = 0.08 * self.wind.towards * self.wind.at(moment.t, 0.5, energy)
        self._visitor.paint(
            planes, moment.person, moment.amount, sun,
            rise=boiled * 2.0, wind=wind, dt=moment.real_dt,
        )  # fmt: skip


def _dye(light: Light, far: float, heavy: float) -> Dye:
    """Return the colours of a deck in a light.

    far 0…1: how much air lies before it; heavy 0…1: how full of rain it is.
    """
    shade = mix(mix(light.ambient, light.middle, 0.45), light.zenith, 0.15 + 0.45 * heavy)
    warm = mix(light.key, (1.0, 0.93, 0.72), 0.25 * light.dusk)
    turn = mix(mix(shade, warm, 0.5 - 0.2 * heavy), light.horizon, 0.45 * light.dusk)
    lit = scale(mix(warm, (1.0, 1.0, 1.0), 0.08), 1 - 0.22 * light.night)
    lit = mix(lit, mix(light.zenith, light.horizon, 0.7), 0.5 * heavy)
    air = mix(light.haze, light.horizon, 0.6)
    burn = mix(light.key, (1.0, 1.0, 1.0), 0.6)
    stops = (
        (scale(shade, 1 - 0.5 * heavy), 1.0, 0.0), (turn, 0.8, 0.48), (lit, 0.5, 0.95),
        (burn, 0.3, 1.4),
    )  # fmt: skip
    return Dye([(at, mix(colour, air, far * share)) for colour, share, at in stops])
