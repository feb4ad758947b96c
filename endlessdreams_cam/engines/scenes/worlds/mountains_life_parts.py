"""What comes to the mountains: a person as a ridge, an eagle, an avalanche."""

from __future__ import annotations

import math

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.mood import Light, mix, scale
from endlessdreams_cam.engines.scenes.paint import fbm, smoothstep
from endlessdreams_cam.engines.scenes.world import Moment, Plane
from endlessdreams_cam.engines.scenes.worlds.land_parts import (
    Event,
    Planes,
    blit,
    chance,
    smooth,
    tinted,
)
from endlessdreams_cam.engines.scenes.worlds.mountains_parts import Ground
from endlessdreams_cam.engines.scenes.worlds.mountains_range_parts import Setting
from endlessdreams_cam.frame import Size


class Figure:
    """The person as a mountain: tone is snow and rock, the sun shades the relief."""

    def __init__(self, setting: Setting, ground: Ground, bottom: int) -> None:
        """bottom: the row under which nearer ranges hide everything."""
        self._size, self._sun, light = setting.size, setting.sun, setting.light
        self._bottom = min(bottom, setting.size.height)
        self._rough = _cracks(chance(setting.mood.seed, 41), setting.size)
        ambient = scale(light.ambient, 0.66)
        key = scale(light.key, 0.90 + 0.35 * light.dusk - 0.36 * light.night)
        stone = mix(ground.rock, ground.deep, 0.35)
        self._shade = [_product(ambient, stone), _product(ambient, ground.snow)]
        self._lit = [_product(key, stone), _product(key, ground.snow)]
        self._air = mix(light.haze, light.horizon, 0.2)
        rows = np.linspace(0, 1, setting.size.height, dtype=np.float32)[:, None]
        self._clear = 1 - (0.14 * setting.haze_by + 0.42 * smoothstep(0.55, 1.0, rows))

    def paint(self, planes: Planes, moment: Moment) -> None:
        if moment.person is None or moment.amount <= 0:
            return
        box = _box(moment.person.presence, self._size)
        if box is None:
            return
        rows, columns = slice(box[0].start, min(box[0].stop, self._bottom)), box[1]
        person = moment.person.at(self._size)
        presence, tone, relief, detail = (
            plane[rows, columns]
            for plane in (person.presence, person.tone, person.relief, person.detail)
        )
        rough = self._rough[rows, columns]
        cover = smoothstep(0.34, 0.56, presence + rough * 0.22) * smooth(0, 0.4, moment.amount)
        inside = smoothstep(0.4, 0.9, presence)
        light = self._shine(tone * 0.9 + relief * 0.3 + detail * 0.35, relief, rough)
        snow = smoothstep(0.36, 0.66, (tone + 0.2 * detail) * inside + rough * 0.20)
        stone = 0.30 + 0.70 * smoothstep(0.05, 0.45, tone)
        clear = self._clear[rows] * cover
        snow *= clear
        stone *= clear - snow
        part = planes[:, rows, columns]
        part *= 1 - cover
        part += tinted(self._air, cover - clear)
        for matter, shade, lit in zip((stone, snow), self._shade, self._lit, strict=True):
            part += tinted(shade, matter)
            matter *= light
            part += tinted(lit, matter)

    def _shine(self, form: Plane, relief: Plane, rough: Plane) -> Plane:
        """Return how the sun falls on a face of this form, 0…1."""
        reach = self._size.height / 288
        height = cv2.GaussianBlur(form, (0, 0), max(1.1 * reach, 0.6))
        height += rough * 0.09
        across = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3, scale=reach * 1.5 * self._sun.x)
        down = cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3, scale=reach * 0.9)
        down -= across
        down += relief * 0.28 + 0.40
        return np.clip(down, 0.03, 1)


def _cracks(random: np.random.Generator, size: Size) -> Plane:
    """Return the roughness of stone over the whole picture, about −0.5…0.5."""
    cells = max(round(size.width / 30), 4)
    found = np.zeros((size.height, size.width), np.float32)
    for octave, share in enumerate((0.5, 0.3, 0.2)):
        noise = fbm(random, size, cells=cells * 2**octave, octaves=1, tile_x=False, tile_y=False)
        found += share * (1 - np.abs(noise * 2 - 1)) ** 2
    return found - np.float32(found.mean())


def _box(presence: Plane, size: Size) -> tuple[slice, slice] | None:
    """Return the rows and columns of a picture that hold the person, None where nobody is."""
    there = presence > 0.3
    rows, columns = np.flatnonzero(there.any(axis=1)), np.flatnonzero(there.any(axis=0))
    if not len(rows):
        return None
    down, across = size.height / presence.shape[0], size.width / presence.shape[1]
    return (
        slice(
            max(int((rows[0] - 1) * down), 0), min(math.ceil((rows[-1] + 2) * down), size.height)
        ),
        slice(
            max(int((columns[0] - 1) * across), 0),
            min(math.ceil((columns[-1] + 2) * across), size.width),
        ),
    )


def _product(a: tuple[float, ...], b: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(x * y for x, y in zip(a, b, strict=True))


class Eagle:
    """An eagle that crosses the valley in wide turns, gliding, now and then with a few beats."""

    def __init__(self, size: Size, seed: int, light: Light) -> None:
        self._size, self._seed = size, seed
        self._shade = mix(scale(light.ambient, 0.30), light.haze, 0.12)
        self._rim = mix(self._shade, light.key, 0.35)

    def paint(self, planes: Planes, event: Event, t: float, pan: float) -> None:
        """Paint it at its event's age; pan in picture widths."""
        random = chance(self._seed, 51, event.number)
        width, height = self._size
        side = 1 if random.random() < 0.5 else -1
        turns, phase = random.uniform(1.6, 2.4), random.uniform(0, math.tau)
        along = -0.10 + 1.2 * event.age
        turn = math.tau * turns * event.age + phase
        x = ((along if side > 0 else 1 - along) + 0.09 * math.sin(turn) + pan * 0.3) * width
        y = (random.uniform(0.20, 0.34) + 0.07 * math.cos(turn) - 0.05 * event.age) * height
        span = (0.050 + 0.020 * math.sin(turn + 1)) * height
        beating = smooth(0.55, 0.8, math.sin(t * 0.8 + phase))
        beat = 0.20 + 0.10 * math.sin(t * 1.3) + beating * 0.75 * math.sin(t * 8.5)
        bank = 0.45 * math.cos(turn) * side
        self._draw(planes, x, y, span, beat, bank, side)

    def _draw(
        self, planes: Planes, x: float, y: float, span: float, beat: float, bank: float, side: int
    ) -> None:  # fmt: skip
        reach = math.ceil(span * 1.7) + 2
        left, top = math.floor(x) - reach, math.floor(y) - reach
        canvas = np.zeros((2 * reach, 2 * reach, 3), np.uint8)
        turn = np.array([[math.cos(bank), -math.sin(bank)], [math.sin(bank), math.cos(bank)]])
        middle = np.array([x - left, y - top])
        for wing in (-1, 1):
            shape = np.array(_WING) * (wing, 1.0)
            shape[:, 1] -= beat * np.abs(shape[:, 0]) ** 1.4 * 0.62
            points = np.round((shape * span @ turn.T + middle) * 16).astype(np.int32)
            light = 255 if wing * side > 0 else 110
            cv2.fillPoly(canvas, [points], (light, 255, 0), cv2.LINE_AA, 4)
        body = np.array(_BODY) * (side, 1.0)
        points = np.round((body * span @ turn.T + middle) * 16).astype(np.int32)
        cv2.fillPoly(canvas, [points], (60, 255, 0), cv2.LINE_AA, 4)
        cover, lit = (canvas[..., n].astype(np.float32) * np.float32(0.95 / 255) for n in (1, 0))
        colours = tinted(self._shade, cover - lit) + tinted(self._rim, lit)
        blit(planes, colours, cover, left, top)


# Half a wing and the body, in wing lengths: x outward, y down.
_WING = (
    (0.0, -0.07), (0.28, -0.15), (0.55, -0.13), (0.84, -0.06), (1.06, 0.02), (0.92, 0.03),
    (1.01, 0.08), (0.86, 0.08), (0.92, 0.13), (0.76, 0.12), (0.52, 0.10), (0.26, 0.13), (0.0, 0.10),
)  # fmt: skip
_BODY = (
    (0.34, -0.02), (0.26, -0.07), (0.08, -0.09), (-0.16, -0.05), (-0.40, -0.09), (-0.44, 0.03),
    (-0.36, 0.10), (-0.14, 0.06), (0.10, 0.09), (0.26, 0.04),
)  # fmt: skip


class Avalanche:
    """Powder that breaks off under a summit, runs down and hangs as a cloud."""

    def __init__(self, setting: Setting, crest: Plane) -> None:
        """crest: the skyline's row per column of the range that it runs on."""
        self._size, light = setting.size, setting.light
        self._crest, self._seed = crest, setting.mood.seed
        self._lit = mix(
            mix(light.key, (1, 1, 1), 0.4 * (1 - light.night)), light.haze, 0.12 + 0.4 * light.night
        )
        self._shade = mix(light.ambient, light.haze, 0.25)
        random = chance(setting.mood.seed, 52)
        self._puff = _puff(random)

    def paint(self, planes: Planes, event: Event, x: float) -> None:
        """Paint it; x is how far the range has moved, in pixels."""
        random = chance(self._seed, 53, event.number)
        _width, height = self._size
        start = self._start(random)
        way = random.choice((-1.0, 1.0)) * random.uniform(0.10, 0.22)
        for n in range(9):
            born = n * 0.055
            age = (event.age - born) / (1 - born)
            if age <= 0:
                continue
            run = math.sin(min(age * 1.3, 1.0) * math.pi / 2) * (0.07 + 0.013 * n) * height
            px = start[0] + x + way * run + random.normal(0, 0.012) * height
            py = start[1] + run * (0.9 + 0.2 * random.random())
            radius = (0.022 + 0.085 * age**0.7 * random.uniform(0.7, 1.2)) * height
            level = 0.95 * smooth(0, 0.10, age) * smooth(1.0, 0.45, age)
            self._lay(planes, px % self._crest.shape[0], py, radius, level, int(random.integers(4)))

    def _start(self, random: np.random.Generator) -> tuple[float, float]:
        """Return a place a little under the highest summit in view."""
        width, height = self._size
        seen = self._crest[:width]
        column = int(np.argmin(cv2.GaussianBlur(seen[None], (0, 0), 2.0)))
        column = int(np.clip(column + random.normal(0, 0.02) * width, 0, width - 1))
        return float(column), float(self._crest[column]) + 0.02 * height

    def _lay(
        self, planes: Planes, x: float, y: float, radius: float, level: float, turn: int
    ) -> None:  # fmt: skip
        side = max(round(radius * 2), 3)
        cover, light = (
            cv2.resize(np.rot90(p, turn), (side, side), interpolation=cv2.INTER_AREA)
            for p in self._puff
        )
        cover, light = cover * np.float32(level), light * np.float32(level)
        colours = tinted(self._shade, cover - light) + tinted(self._lit, light)
        blit(planes, colours, cover, round(x - side / 2), round(y - side / 2))


def _puff(random: np.random.Generator) -> tuple[Plane, Plane]:
    """Return a ball of powder: how dense and how lit (times density), 64 × 64."""
    side = Size(64, 64)
    noise = fbm(random, side, cells=5, octaves=4, tile_x=False, tile_y=False)
    ys, xs = np.mgrid[-1:1:64j, -1:1:64j].astype(np.float32)
    away = np.hypot(xs, ys)
    dense = smoothstep(0.0, 0.7, 1 - away - 0.55 * (1 - noise)) * np.clip((1 - away) * 4, 0, 1)
    light = np.clip(0.55 + 0.6 * (noise - 0.5) - 0.35 * ys, 0, 1)
    return dense, dense * light
