"""Clouds over a landscape: a deck in perspective, heaps at the horizon, lightning far off."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes.mood import Light, Mood, Weather, mix, scale
from endlessdreams_cam.engines.scenes.paint import Array, fbm, grid, halo, smoothstep
from endlessdreams_cam.engines.scenes.weather import lightning
from endlessdreams_cam.engines.scenes.wind import Wind
from endlessdreams_cam.engines.scenes.world import Plane
from endlessdreams_cam.engines.scenes.worlds.land_parts import (
    Planes,
    Strip,
    chance,
    enlarge,
    tinted,
)
from endlessdreams_cam.frame import Size

# How much of the sky the clouds cover, and how soft their edges are.
_COVER = {
    Weather.CLEAR: 0.46,
    Weather.CLOUDS: 0.62,
    Weather.MIST: 0.50,
    Weather.RAIN: 0.86,
    Weather.SNOW: 0.80,
    Weather.STORM: 0.92,
}
_TILE = 256


@dataclass(frozen=True, slots=True)
class Above:
    """The sky that clouds are painted into.

    rows: its height in pixels; sun_x, sun_y: the sun or moon, in pixels; veiled 0…1: how far the
    weather hides it; glow: the light round it, of the whole picture's size.
    """

    size: Size
    rows: int
    sun_x: float
    sun_y: float
    veiled: float
    glow: Plane
    light: Light
    mood: Mood


class Deck:
    """One deck of clouds that flies over in perspective and is lit from the sun's side."""

    def __init__(self, sky: Above) -> None:
        mood, light = sky.mood, sky.light
        random = chance(mood.seed, 3)
        self._size, self._rows = sky.size, sky.rows
        self._small = Size(max(sky.size.width // 2, 16), max(sky.rows // 2, 8))
        self._wind = Wind(mood.seed)
        tile = Size(_TILE, _TILE)
        self._bulk = fbm(random, tile, cells=3, octaves=4, gain=0.52)
        self._fray = fbm(random, tile, cells=7, octaves=4, gain=0.6)
        self._maps(sky)
        cover = _COVER[mood.weather] + random.uniform(-0.08, 0.08)
        if mood.says("cloudy", "clouds", "overcast"):
            cover = max(cover, 0.64)
        if mood.says("cloudless"):
            cover = 0.15
        self._low = 1.0 - cover
        self._high = self._low + (0.34 if cover < 0.8 else 0.5)
        heavy = max(sky.veiled, 0.0)
        body = mix(mix(light.middle, light.ambient, 0.5 + 0.2 * heavy), light.haze, 0.15)
        self._shade = scale(body, 1.0 - 0.18 * heavy)
        bright = mix(light.key, light.horizon, 0.25 + 0.5 * light.night)
        self._lit = mix(scale(bright, 1.0), self._shade, 0.25 + 0.45 * light.night + 0.3 * heavy)
        self._strength = 0.92 - 0.25 * light.night
        self._edge = cv2.resize(sky.glow[: sky.rows], self._small, interpolation=cv2.INTER_AREA)

    def _maps(self, sky: Above) -> None:
        xs, ys = grid(self._small)
        above = 1 - ys
        away = 1 / (above + 0.16)
        self._u = ((xs - 0.5) * away * 62).astype(np.float32)
        self._v = (away * 74).astype(np.float32)
        self._fade = smoothstep(0.02, 0.30, above) * (1 - 0.35 * smoothstep(0.5, 1.0, above))
        aim = np.array([sky.sun_x / sky.size.width - 0.5, 0.45])
        self._toward = aim / max(float(np.hypot(*aim)), 1e-3) * 5.0

    def _deck(self, x: float, y: float, boil: float) -> Plane:
        bulk = _sample(self._bulk, self._u + np.float32(x), self._v + np.float32(y))
        fray = _sample(
            self._fray, self._u * 1.9 + np.float32(x * 1.9 + boil), self._v * 1.9 + np.float32(y)
        )
        return bulk * 0.68 + fray * 0.32

    def cover(self, planes: Planes, t: float, wander: float, pan: float) -> None:
        x = -(self._wind.travelled(t) * 2.4 + pan * 18) % _TILE
        y = (t * 0.25 + wander * 2.0) % _TILE
        boil = (t * 0.9) % _TILE
        deck = self._deck(x, y, boil)
        toward = self._deck(x + self._toward[0], y + self._toward[1], boil)
        dense = smoothstep(self._low, self._high, deck) * self._fade
        lit = np.clip(0.42 + (deck - toward) * 4.2 + self._edge * (1.1 - dense) * 1.4, 0, 1)
        width = self._size.width
        cover = cv2.resize(dense * self._strength, (width, self._rows))
        light = cv2.resize(dense * self._strength * lit, (width, self._rows))
        part = planes[:, : self._rows]
        part *= 1 - cover
        part += tinted(self._shade, cover - light)
        part += tinted(self._lit, light)


def _sample(tile: Array, u: Plane, v: Plane) -> Plane:
    return cv2.remap(
        tile, u, v, interpolation=cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP
    )  # fmt: skip


class Heaps:
    """Fair-weather clouds, heaped up low over the horizon, lit from the sun's side."""

    def __init__(self, sky: Above) -> None:
        mood, light = sky.mood, sky.light
        random = chance(mood.seed, 15)
        width = sky.size.width
        self._top, self._width = round(0.30 * sky.rows), width
        self._wind = Wind(mood.seed)
        small = Size(max(round(width * 0.8), 24), max((sky.rows - self._top) // 2, 8))
        body = self._heaped(random, small, 9 if mood.weather is Weather.CLOUDS else 6)
        body += 0.72 * (fbm(random, small, cells=24, octaves=5, gain=0.62) - 0.5)
        down = np.linspace(0, 1, small.height, dtype=np.float32)[:, None]
        cover = (
            smoothstep(0.10, 0.24, body) * smoothstep(1.0, 0.80, down) * smoothstep(0.0, 0.12, down)
        )
        side = math.copysign(1.0, light.azimuth or 1.0)
        form = cv2.GaussianBlur(body, (0, 0), max(small.height / 45, 0.6))
        across = np.roll(form, -2, axis=1) - np.roll(form, 2, axis=1)
        under = np.concatenate((form[3:], form[-3:])) - form
        sunny = np.clip(0.42 - 1.3 * side * across + 1.5 * under + 0.25 * (1 - down), 0, 1)
        strength = (0.90 - 0.45 * light.night) * (0.55 + 0.45 * (1 - down))
        planes = np.stack((cover * strength, cover * strength * sunny)).astype(np.float32)
        full = [enlarge(plane, small.width * 2, sky.rows - self._top) for plane in planes]
        self._strip = Strip(np.stack(full), width)
        hazy = mix(light.haze, light.horizon, 0.5)
        self._shade = mix(mix(light.ambient, light.middle, 0.5), hazy, 0.45)
        self._lit = mix(
            mix(light.key, (1, 1, 1), 0.5 - 0.4 * light.night), hazy, 0.22 + 0.4 * light.night
        )

    def _heaped(self, random: np.random.Generator, size: Size, count: int) -> Plane:
        """Return clouds as heaps of balls on flat bases, about −1…1."""
        body = np.full((size.height, size.width), -0.6, np.float32)
        ys, xs = np.mgrid[: size.height, : size.width].astype(np.float32)
        for x, depth in zip(random.random(count) * size.width, random.random(count), strict=True):
            base = size.height * (0.94 - 0.36 * depth)
            wide = size.height * (0.35 + 1.15 * depth) * random.uniform(0.75, 1.25)
            for place in random.uniform(-1, 1, 11):
                radius = wide * 0.23 * (1.05 - 0.75 * abs(place)) * random.uniform(0.6, 1.1)
                cx, cy = x + place * wide * 0.5, base - radius * random.uniform(0.35, 0.95)
                across = np.abs(xs[:1] - cx)
                across = np.minimum(across, size.width - across)
                drop = np.where(ys > base, 2.6 * (ys - base), 0) + np.abs(ys - cy)
                np.maximum(body, 1 - np.sqrt(across**2 + drop**2) / radius, out=body)
        return np.maximum(body, -0.6)

    def cover(self, planes: Planes, t: float, pan: float) -> None:
        cover, light = self._strip.seen((self._wind.travelled(t) * 0.005 + pan) * self._width)
        part = planes[:, self._top : self._top + cover.shape[0]]
        part *= 1 - cover
        part += tinted(self._shade, cover - light)
        part += tinted(self._lit, light)


class Bolt:
    """A stroke far off: a thin, forked line and the clouds about it lit from inside."""

    def __init__(self, sky: Above) -> None:
        mood = sky.mood
        self._seed, self._size, self._rows = mood.seed, sky.size, sky.rows
        self._tint = mix((0.80, 0.84, 1.0), sky.light.key, 0.2)

    def strike(self, planes: Planes, t: float) -> None:
        level = lightning(self._seed, t)
        if level < 0.01:
            return
        random = chance(self._seed, 13, math.floor(t / 17))
        width = self._size.width
        x = random.uniform(0.12, 0.88) * width
        small = Size(max(width // 8, 4), max(self._rows // 8, 4))
        glow = halo(small, x / 8, 0.25 * small.height, 0.16 * small.width, 2.4)
        light = cv2.resize(glow, (width, self._rows), interpolation=cv2.INTER_CUBIC)
        bolt = np.zeros((self._rows, width), np.uint8)
        self._fork(bolt, random, x, 0.10 * self._rows, 0.98 * self._rows, 2)
        light *= np.float32(0.30 * level)
        light += cv2.GaussianBlur(bolt, (0, 0), 0.6).astype(np.float32) * (level**2 * 0.8 / 255)
        planes[:, : self._rows] += tinted(self._tint, np.clip(light, 0, 0.9))

    def _fork(
        self, bolt: NDArray[np.uint8], random: np.random.Generator, x: float, top: float,
        bottom: float, forks: int,
    ) -> None:  # fmt: skip
        steps = 14
        y = np.linspace(top, bottom, steps)
        away = np.cumsum(random.normal(0, 0.024, steps)) * self._rows
        points = np.round(np.stack((x + away, y), 1) * 16).astype(np.int32)
        cv2.polylines(bolt, [points], False, 255 if forks == 2 else 110, 1, cv2.LINE_AA, 4)
        if forks:
            n = int(random.integers(3, steps - 4))
            down = y[n] + (bottom - y[n]) * random.uniform(0.3, 0.7)
            self._fork(bolt, random, float(x + away[n]), float(y[n]), float(down), forks - 1)
