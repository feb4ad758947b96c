"""The city: towers in haze, ten thousand windows, traffic, and a river that mirrors it all."""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.mood import Mood, luminance
from endlessdreams_cam.engines.scenes.weather import Weathering
from endlessdreams_cam.engines.scenes.world import Moment, Picture, Scene
from endlessdreams_cam.engines.scenes.worlds import city_bank_parts as bank
from endlessdreams_cam.engines.scenes.worlds.city_bank_parts import Crossing, Traffic, View, lay
from endlessdreams_cam.engines.scenes.worlds.city_parts import air_for, weathered
from endlessdreams_cam.engines.scenes.worlds.city_person_parts import Quarter
from endlessdreams_cam.engines.scenes.worlds.city_plates_parts import Depth, Plate
from endlessdreams_cam.engines.scenes.worlds.city_sky_parts import Sky
from endlessdreams_cam.engines.scenes.worlds.city_towers_parts import Pixels8
from endlessdreams_cam.engines.scenes.worlds.city_water_parts import Water
from endlessdreams_cam.frame import Size

_DEPTHS = (
    Depth(0.62, 0.16, 0.56, (0.03, 0.075), (2.4, 3.0), 0, (1.0, 0.8, 0.6)),
    Depth(0.34, 0.12, 0.74, (0.055, 0.12), (3.0, 4.0), 3, (1.0, 0.75)),
    Depth(0.18, 0.04, 0.22, (0.06, 0.12), (3.4, 4.4), 5, (1.0, 0.7)),
    Depth(0.04, 0.05, 0.66, (0.07, 0.16), (4, 5), 9, (1.0, 0.5), bank=True),
)
_PARALLAX = (0.3, 0.52, 0.76, 1.0)
_BEHIND = 2  # depths behind the person
_EVENT_S, _TRAIN_S, _BROWNOUT_S = 47.0, 9.0, 14.0


class City(Scene):
    """A skyline over a river; the person stands among its towers, a window for each point of them.

    Words: bridge; train, subway, metro (more trains); blackout (more brownouts); skyscraper,
    manhattan, metropolis (taller); town, village (lower); neon, cyberpunk (more signs);
    searchlight, gotham, party (searchlights).
    """

    def __init__(self, size: Size, mood: Mood) -> None:
        super().__init__(size, mood)
        self.light = weathered(self.light, mood)
        air = self._air = air_for(self.light, mood)
        self._rows = max(round((0.69 + 0.04 * self.random.random()) * size.height), 24)
        self._unit = unit = size.height / 360
        self._sky = Sky(self.random, Size(size.width, self._rows), mood, self.light, air)
        strip = Size(round(size.width * 1.6), self._rows)
        self._plates = [Plate(self.random, strip, unit, d, air) for d in _depths(mood)]
        self._traffic = Traffic(self.random, strip.width, unit, air, 5.0)
        hung = mood.says("bridge") or mood.seed % 3 == 1
        self._crossing = Crossing(self.random, strip, unit, air, hung)
        self._quarter = Quarter(self.random, size, self._rows, air)
        self._water = Water(self.random, size, self._rows, self.light, air)
        self._weather = Weathering(size, mood, self.light)
        over = max(0.93 - 0.55 * air.evening, min(luminance(self.light.horizon) + 0.22, 0.96))
        self._over = round(255 * over)

    def paint(self, moment: Moment) -> Picture:
        t = moment.t
        above = np.empty((self._rows, self.size.width, 4), np.uint8)
        sky = self._sky.paint(t, moment.wander, moment.pose.pan_x)
        above[..., :3] = sky
        above[..., 3] = 255
        for n, (plate, parallax) in enumerate(zip(self._plates, _PARALLAX, strict=True)):
            plate.switch(t, self._power(plate, t))
            view = self._view(moment, parallax)
            if n == _BEHIND:
                self._quarter.paint(above, moment)
            above = lay(above, self._see(plate.strip, view))
            if n and self._air.evening > 0.15:
                bank.beacons(above, view, plate.masts, plate.size.width, self._unit, t, n / 3)
        self._traffic.drive(above, view, t)
        above = self._cross(above, moment)
        above = self._shine(above)
        picture = np.empty((self.size.height, self.size.width, 3), np.float32)
        np.multiply(above[..., :3], np.float32(1 / 255), out=picture[: self._rows])
        picture[self._rows :] = self._water.paint(above, t, moment.energy)
        return self._weather.over(picture, t, moment.energy)

    def _event(self, t: float) -> tuple[bool, float]:
        """Return whether the rare event is a train (else a brownout), and for how long it runs."""
        number = math.floor(t / _EVENT_S)
        starts = np.random.default_rng((self.mood.seed, number & 0xFFFF)).uniform(3, 30)
        train = number % 2 == 0 or self.mood.says("train", "subway", "metro", "tram")
        train = train and not self.mood.says("blackout")
        return train, t - number * _EVENT_S - float(starts)

    def _power(self, plate: Plate, t: float) -> float | np.ndarray:
        """Return the power of each window: a brownout rolls through the blocks and passes."""
        train, age = self._event(t)
        if train or not 0 <= age < _BROWNOUT_S:
            return 1.0
        block = plate.windows.box[:, 0] / plate.size.width
        since = age - 6.0 * block
        out = np.clip(since / 0.7, 0, 1) * np.clip(
            (5.2 + 1.6 * np.sin(block * 40) - since) / 0.9, 0, 1
        )
        return (1 - 0.93 * out).astype(np.float32)

    def _cross(self, above: Pixels8, moment: Moment) -> Pixels8:
        """Return the picture with the bridge or viaduct and what runs over it."""
        view = self._view(moment, 1.15)
        train, age = self._event(moment.t)
        above = lay(above, self._see(self._crossing.strip, view))
        if train and 0 <= age < _TRAIN_S:
            self._crossing.pull(above, view, age / _TRAIN_S)
        else:
            self._crossing.traffic.drive(above, view, moment.t)
        return above

    def _shine(self, above: Pixels8) -> Pixels8:
        """Return the picture with its lamps glowing into the wet air."""
        width, height = self.size.width, self._rows
        small = cv2.resize(
            cv2.subtract(above, (self._over, self._over, self._over, 255)),
            (max(width // 4, 4), max(height // 4, 4)), interpolation=cv2.INTER_AREA,
        )  # fmt: skip
        near = cv2.GaussianBlur(small, (0, 0), 1.5 * height / 180)
        wide = cv2.GaussianBlur(small, (0, 0), 7.0 * height / 180)
        bloom = cv2.addWeighted(near, 1.1, wide, 1.2, 0)
        return cv2.add(above, cv2.resize(bloom, (width, height), interpolation=cv2.INTER_LINEAR))

    def _view(self, moment: Moment, parallax: float) -> View:
        """Return how a strip at a depth is seen by the camera, which breathes."""
        t = moment.t
        sway = 0.005 * math.sin(t * math.tau / 17.3) + 0.003 * math.sin(t * math.tau / 29.1)
        left = (0.08 - (moment.pose.pan_x + sway) * parallax) * self.size.width
        near = 1 + 0.013 * parallax * math.sin(t * math.tau / 23.9)
        return View(left, near, self.size.width, self._rows)

    def _see(self, strip: Pixels8, view: View) -> Pixels8:
        """Return the part of an endless strip that is seen."""
        margin = 8
        first = math.floor(view.left) - margin
        part = _wrapped(strip, first, view.width + 2 * margin)
        back = 1 - 1 / view.near
        matrix = np.array(
            [[1 / view.near, 0, view.left - first + view.width / 2 * back],
             [0, 1 / view.near, view.rows * back]], np.float32,
        )  # fmt: skip
        return cv2.warpAffine(
            part, matrix, (view.width, view.rows), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        )


def _depths(mood: Mood) -> list[Depth]:
    """Return the depths of skyline as the words want them."""
    taller = 1.25 if mood.says("skyscraper", "skyscrapers", "manhattan", "metropolis") else 1.0
    taller *= 0.55 if mood.says("town", "village") else 1.0
    signs = 2 if mood.says("neon", "cyberpunk") else 1
    return [replace(d, high=d.high * taller, signs=d.signs * signs) for d in _DEPTHS]


def _wrapped(strip: Pixels8, first: int, count: int) -> Pixels8:
    width = strip.shape[1]
    first %= width
    if first + count <= width:
        return strip[:, first : first + count]
    return np.concatenate((strip[:, first:], strip[:, : first + count - width]), 1)
