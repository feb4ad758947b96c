"""The synthwave world: a grid that rolls on the beat toward a slit sun between wire mountains."""

from __future__ import annotations

import math

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.mood import Mood, Weather
from endlessdreams_cam.engines.scenes.paint import Array, fbm, grid
from endlessdreams_cam.engines.scenes.weather import Weathering, lightning
from endlessdreams_cam.engines.scenes.world import Moment, Picture, Scene
from endlessdreams_cam.engines.scenes.worlds.synthwave_ground_parts import Ground
from endlessdreams_cam.engines.scenes.worlds.synthwave_parts import (
    Backdrop,
    Pixels8,
    beats,
    scheme_for,
)
from endlessdreams_cam.engines.scenes.worlds.synthwave_person_parts import Bust
from endlessdreams_cam.engines.scenes.worlds.synthwave_road_parts import Car, Roadside, shoot
from endlessdreams_cam.frame import Size

_EVENT_S = 41.0


class Synthwave(Scene):
    """An endless drive at 120 beats a minute; the person is a bust of wire.

    Words: palm, miami, beach, vaporwave (palms); mountains, alps (high); desert, plain, tron
    (flat); car, drive, outrun, ferrari (a car more often); storm, lightning.
    """

    def __init__(self, size: Size, mood: Mood) -> None:
        super().__init__(size, mood)
        self._scheme = scheme_for(self.light, mood)
        self._horizon = round(size.height * self.random.uniform(0.575, 0.625))
        self._backdrop = Backdrop(self.random, size, self._horizon, self._scheme, self.light)
        rugged = 0.3 if mood.says("desert", "plain", "tron") else 1.0
        rugged *= 1.35 if mood.says("mountain", "mountains", "alps") else 1.0
        self._ground = Ground(self.random, size, self._horizon, self._scheme, rugged)
        road = (size, self._horizon, self._ground.focal, self._scheme)
        palms = mood.says("palm", "palms", "miami", "beach", "vaporwave") or mood.seed % 2 == 1
        self._roadside = Roadside(self.random, *road) if palms else None
        self._car = Car(*road)
        self._races = mood.says("car", "drive", "outrun", "ferrari", "road", "race", "highway")
        self._bust = Bust(size, self._scheme)
        self._weather = Weathering(size, mood, self.light, 0.7)
        self._sheet = self._sheet_lightning()
        self._storm = (
            1.0 if mood.weather is Weather.STORM or mood.says("storm", "lightning") else 0.4
        )

    def _sheet_lightning(self) -> Pixels8:
        """Return what distant lightning lights: clouds low over one side of the horizon."""
        width, rows = self.size.width, self._horizon
        small = Size(max(width // 4, 16), max(rows // 4, 8))
        xs, ys = grid(small)
        side = 0.16 if self.random.random() < 0.5 else 0.84
        cloud = fbm(self.random, small, cells=6, octaves=4)
        level = np.exp(-(((xs - side) / 0.2) ** 2) - ((1 - ys) / 0.42) ** 2) * (0.25 + cloud)
        colour = np.array(self._scheme.near, np.float32) * 0.6 + 0.4
        return np.clip(level[..., None] * colour * 190, 0, 255).astype(np.uint8)

    def paint(self, moment: Moment) -> Picture:
        t = moment.t
        beat = beats(t)
        paper = self._backdrop.paint(t)
        self._far_off(paper, t)
        sway = 0.4 * math.sin(t * math.tau / 19.7)
        mesh = self._ground.mesh(beat, sway - 6 * moment.pose.pan_x)
        self._ground.paint(paper, mesh, beat, 0.8 * moment.energy)
        number, age = self._event(t)
        if number % 2 == 0 and age >= 0:
            self._car.paint(paper, age)
        self._bust.paint(paper, moment, beat)
        if self._roadside is not None:
            blown = self.wind.at(t, 0.5, moment.energy) * self.wind.towards
            self._roadside.paint(paper, beat, blown + 0.25 * math.sin(t * 1.9))
        picture = np.multiply(paper, self._shimmer(t))
        return self._weather.over(picture, t, moment.energy)

    def _event(self, t: float) -> tuple[int, float]:
        """Return which rare event may run, counting up, and for how long it has run."""
        every = 19.0 if self._races else _EVENT_S
        number = math.floor(t / every)
        starts = np.random.default_rng((self.mood.seed, number & 0xFFFF)).uniform(2, every - 13)
        return 0 if self._races else number, t - number * every - float(starts)

    def _far_off(self, paper: Pixels8, t: float) -> None:
        """Paint distant lightning and what is shot across the sky."""
        flash = lightning(self.mood.seed, t) * self._storm
        if flash > 0.02:
            sky = paper[: self._horizon]
            sheet = cv2.resize(self._sheet, (self.size.width, self._horizon))
            cv2.scaleAdd(sheet, flash, sky, dst=sky)
        number, age = self._event(t)
        if number % 2 == 1:
            shoot(paper, age, self.mood.seed * 97 + number, self._scheme, self._horizon)

    def _shimmer(self, t: float) -> Array:
        """Return each row's level: the faint scan lines of a tube, and its slow bright band."""
        rows = np.arange(self.size.height, dtype=np.float32)
        lines = 0.018 * np.sin(rows * (math.tau / 4.0) * (360 / self.size.height))
        at = (t / 7.7) % 1.0 * 1.4 - 0.2
        band = 0.045 * np.exp(-(((rows / self.size.height - at) / 0.07) ** 2))
        return ((1 + lines + band) / 255).astype(np.float32)[:, None, None]
