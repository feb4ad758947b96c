"""Galaxy: a turning spiral in clouds of gas, and a face that is their light."""

from __future__ import annotations

import math

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes import paint
from endlessdreams_cam.engines.scenes.mood import Mood
from endlessdreams_cam.engines.scenes.paint import Array
from endlessdreams_cam.engines.scenes.world import Moment, Picture, Scene
from endlessdreams_cam.engines.scenes.worlds.film_parts import Film, linear
from endlessdreams_cam.engines.scenes.worlds.galaxy_event_parts import Comet, Supernova
from endlessdreams_cam.engines.scenes.worlds.galaxy_gas_parts import Clouds, Eddies, portrait
from endlessdreams_cam.engines.scenes.worlds.galaxy_hole_parts import Hole
from endlessdreams_cam.engines.scenes.worlds.galaxy_nova_parts import Empty, Remnant
from endlessdreams_cam.engines.scenes.worlds.galaxy_parts import Disc, Dyes, View
from endlessdreams_cam.engines.scenes.worlds.galaxy_star_parts import Stars, splat
from endlessdreams_cam.engines.scenes.worlds.land_parts import Rare, chance
from endlessdreams_cam.frame import Size


class Galaxy(Scene):
    """A spiral galaxy, gas and dust around it, stars in three depths.

    Words: spiral, nebula and comet (no spiral), hole (black), supernova, stars.
    """

    def __init__(self, size: Size, mood: Mood) -> None:
        super().__init__(size, mood)
        random = self.random
        view, dyes = _view(random), _dyes(mood)
        aspect = size.width / size.height
        body = _body(mood)
        self._nebula = body is Empty and not mood.says("comet")
        self._disc = body(_within(size, 400), aspect, random, view, dyes)
        self._ramp = _gas_ramp(mood)
        lit = self._ramp[620] + 0.35 * self._ramp[900]
        self._rim = [float(0.62 * c / lit.max()) for c in lit]
        half = _within(Size(size.width // 2, size.height // 2), 280)
        clearing = 0.0 if self._nebula else 0.55
        self._clouds = Clouds(half, random, self._ramp, (view.x, view.y), clearing)
        self._eddies = Eddies()
        crowd = paint.fbm(random, Size(64, 64), cells=4, octaves=4)
        self._stars = Stars(size, random, crowd, 1.7 if mood.says("star", "stars") else 1.0)
        self._film = Film(size, near=0.15, far=0.05)
        self._comet, self._nova = Comet(size), Supernova(size)
        # A comet that is asked for is back soon.
        self._rare = Rare(mood.seed, lasts=17.0, slot=20.0 if mood.says("comet") else 59.0)

    def paint(self, moment: Moment) -> Picture:
        t, size = moment.t, self.size
        energy = min(max(moment.energy + 0.3 * self.mood.energy, 0.0), 1.2)
        self._eddies.step(moment.real_dt, moment.person, moment.amount)
        x = moment.pose.pan_x + 0.0016 * t + 0.02 * moment.wander
        y = moment.pose.pan_y + 0.004 * math.sin(t / 17.3)
        billow, ridge = self._clouds.at(t, 0.3 * x, 0.3 * y, self._eddies.shift)
        haze = self._clouds.behind(billow, ridge, energy + 0.5 * self._nebula)
        light = self._turning(t)
        gas, clear = haze.light, haze.clear
        if moment.person is not None:
            heat, cover, rim = portrait(moment.person, self._clouds, billow, ridge, moment.amount)
            hidden = 1 - 0.94 * cover
            gas *= cv2.merge((hidden, hidden, hidden))
            heat *= cover * 880
            gas += 1.25 * np.take(self._ramp, heat.astype(np.intp), axis=0, mode="clip")
            gas += cv2.merge([rim * share for share in self._rim])
            clear *= hidden
            _shade(light, hidden)
        light += cv2.resize(gas, size, interpolation=cv2.INTER_LINEAR)
        clear = cv2.resize(clear, size, interpolation=cv2.INTER_LINEAR)
        self._stars.shine(light, t, x, y, clear)
        self._happen(light, t)
        self._lay_front(light, billow, ridge)
        return self._film.develop(light)

    def _turning(self, t: float) -> Array:
        """Return the spiral's light with its single stars, the picture's size."""
        light = cv2.resize(self._disc.light(t), self.size, interpolation=cv2.INTER_LINEAR)
        x, y, colour = self._disc.stars(t)
        splat(light, x * self.size.width, y * self.size.height, colour)
        return light

    def _happen(self, light: Array, t: float) -> None:
        """Add the rare event under way."""
        event = self._rare.at(t)
        if event is None:
            return
        random = chance(self.mood.seed, event.number)
        if self.mood.says("comet") or event.number % 2:
            self._comet.fly(light, random, event.age)
        else:
            self._nova.flare(light, random, event.age)

    def _lay_front(self, light: Array, billow: Array, ridge: Array) -> None:
        """Put the dark dust before everything."""
        front = self._clouds.before(billow, ridge)
        _shade(light, front.clear)
        edge = cv2.resize(front.light, self.size, interpolation=cv2.INTER_LINEAR)
        light += cv2.merge([edge * share for share in self._rim])


def _body(mood: Mood) -> type[Disc] | type[Hole] | type[Empty]:
    """Return what stands in the middle of the picture."""
    if mood.says("hole"):
        return Hole
    if mood.says("supernova", "pulsar", "quasar", "nova"):
        return Remnant
    if mood.says("nebula", "nebulae", "cloud", "comet") and not mood.says("spiral", "galaxy"):
        return Empty
    return Disc


def _within(size: Size, most: int) -> Size:
    """Return a size of the same shape that is at most so wide, and not tiny."""
    share = min(1.0, most / size.width)
    return Size(max(round(size.width * share), 32), max(round(size.height * share), 32))


def _shade(light: Array, clear: Array) -> None:
    """Darken linear light in place by a small plane of what shines through."""
    height, width = light.shape[:2]
    plane = cv2.resize(clear, (width, height), interpolation=cv2.INTER_LINEAR)
    light *= cv2.merge((plane, plane, plane))


def _view(random: np.random.Generator) -> View:
    return View(
        x=random.uniform(0.40, 0.60), y=random.uniform(0.40, 0.50),
        radius=random.uniform(0.72, 0.95), tilt=random.uniform(-0.6, 0.6),
        slant=random.uniform(0.7, 1.15), arms=int(random.choice((2, 2, 3))),
        pitch=random.uniform(0.24, 0.38), turn=float(random.choice((-1, 1))),
    )  # fmt: skip


# The gas by density, linear light: hydrogen's rose, the Hubble palette's teal and gold, crimson,
# and blue where it only mirrors young stars.
_SCHEMES = (
    ((0.004, 0.005, 0.014), (0.03, 0.05, 0.16), (0.16, 0.09, 0.38), (0.62, 0.16, 0.42),
     (1.2, 0.52, 0.36), (1.9, 1.35, 0.95)),
    ((0.003, 0.006, 0.012), (0.01, 0.07, 0.13), (0.03, 0.22, 0.30), (0.30, 0.30, 0.28),
     (1.1, 0.60, 0.25), (1.9, 1.45, 0.95)),
    ((0.004, 0.004, 0.012), (0.06, 0.02, 0.11), (0.28, 0.04, 0.20), (0.75, 0.13, 0.20),
     (1.2, 0.50, 0.30), (1.8, 1.4, 1.1)),
    ((0.003, 0.005, 0.014), (0.02, 0.05, 0.17), (0.05, 0.14, 0.48), (0.24, 0.34, 0.85),
     (0.75, 0.80, 1.2), (1.7, 1.6, 1.6)),
)  # fmt: skip


def _gas_ramp(mood: Mood) -> Array:
    """Return the gas's linear light by density, (1024, 3)."""
    natural = paint.ramp_table(_SCHEMES[mood.seed % len(_SCHEMES)])
    if mood.palette.ramp:
        steps = np.linspace(0, 1.5, 1024)[:, None].astype(np.float32)
        asked = linear(paint.ramp_table(mood.palette.ramp)) * np.minimum(steps * 2.2, 1.3)
        natural += (asked - natural) * np.float32(mood.palette.strength)
    return natural


def _dyes(mood: Mood) -> Dyes:
    """Return the spiral's colours, a palette's where the words ask for one."""
    natural = Dyes()
    ramp, strength = mood.palette.ramp, mood.palette.strength
    if not ramp:
        return natural
    table = paint.ramp_table(ramp)
    found = []
    for own, at in ((natural.core, 0.9), (natural.arms, 0.6), (natural.knots, 0.4)):
        asked = linear(table[int(at * 1023)])
        asked /= max(float(asked.max()), 1e-3)
        blend = np.array(own, np.float32) * (1 - strength) + asked * strength
        found.append((float(blend[0]), float(blend[1]), float(blend[2])))
    return Dyes(*found)
