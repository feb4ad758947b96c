"""What lives in the forest: fireflies and pollen, a deer, an owl."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes.mood import Colour, Light, mix, scale
from endlessdreams_cam.engines.scenes.world import Moment, Person, Plane
from endlessdreams_cam.engines.scenes.worlds.land_parts import (
    Event,
    Planes,
    blit,
    chance,
    smooth,
    tinted,
)
from endlessdreams_cam.frame import Size


class Motes:
    """Fireflies by night, pollen by day: they wander, and gather where a person is bright."""

    def __init__(self, size: Size, seed: int, light: Light, many: bool, *, cold: bool) -> None:
        """cold: no fireflies, only glints of ice."""
        self._size, self._night = size, light.night
        self._random = chance(seed, 81)
        count = round((64 if many else 40) * (1 if light.night > 0.4 else 1.3))
        self._home = self._random.random((count, 2)) * (1.1, 0.62) + (-0.05, 0.30)
        self._phase = self._random.uniform(0, math.tau, (count, 4))
        self._pace = self._random.uniform(0.5, 1.4, (count, 3))
        self._near = self._random.random(count) ** 2
        self._held = np.zeros(count)
        self._goal = self._home.copy()
        self._until = self._random.uniform(0, 4, count)
        glowing = (0.80, 0.90, 1.0) if cold else mix((0.80, 1.0, 0.36), (1.0, 0.80, 0.36), 0.25)
        self._colour = mix(light.key, glowing, smooth(0.25, 0.7, light.night))
        self._glints = [_Glint(r * size.height) for r in (0.006, 0.0085, 0.0125, 0.019)]

    def paint(self, planes: Planes, moment: Moment, pan: float) -> None:
        self._gather(moment)
        at = self._places(moment.t, pan)
        blink = 0.5 + 0.5 * np.sin(moment.t * self._pace[:, 0] * 1.3 + self._phase[:, 2])
        night = smooth(0.25, 0.7, self._night)
        level = (blink**2 * 0.95 + 0.05) * night + (1 - night) * (0.16 + 0.30 * blink)
        level = np.maximum(level, 0.55 * self._held)
        width, height = self._size
        for n, (x, y) in enumerate(at):
            glint = self._glints[int(self._near[n] * 3.99)]
            glint.add(planes, self._colour, x * width, y * height, float(level[n]))

    def _places(self, t: float, pan: float) -> NDArray[np.float64]:
        slow = t * 0.23 * self._pace
        free = self._home.copy()
        free[:, 0] += 0.05 * np.sin(slow[:, 0] + self._phase[:, 0]) + pan * (0.3 + 0.7 * self._near)
        free[:, 0] += 0.02 * np.sin(slow[:, 1] * 3.1 + self._phase[:, 1])
        free[:, 1] += 0.045 * np.sin(slow[:, 2] * 1.3 + self._phase[:, 3])
        free[:, 0] = (free[:, 0] + 0.1) % 1.2 - 0.1
        hover = 0.012 * np.stack((np.sin(slow[:, 0] * 4 + self._phase[:, 1]),
                                  np.cos(slow[:, 1] * 5 + self._phase[:, 0])), 1)  # fmt: skip
        held = (self._held**2 * (3 - 2 * self._held))[:, None]
        return free * (1 - held) + (self._goal + hover) * held

    def _gather(self, moment: Moment) -> None:
        """Let some settle on bright parts of the person, and fly off again."""
        there = moment.person is not None and moment.amount > 0.05
        step = moment.real_dt
        self._until -= step
        for n in np.flatnonzero(self._until <= 0):
            self._until[n] = self._random.uniform(4, 9)
            free = self._held[n] < 0.02
            if there and moment.person is not None and free:
                self._goal[n] = _bright_place(moment.person, self._random, self._goal[n])
        wanted = (self._phase[:, 0] < 4.2) & there & (self._until > 1.2)
        rate = step / 1.6
        self._held = np.clip(self._held + np.where(wanted, rate, -rate), 0, 1)


def _bright_place(
    person: Person, random: np.random.Generator, otherwise: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return a place (0…1 across and down) where the person is bright."""
    rows, columns = person.tone.shape
    best, found = 0.15, otherwise
    for x, y in random.random((10, 2)):
        row, column = int(y * rows), int(x * columns)
        level = float(person.presence[row, column] * person.tone[row, column])
        if level > best:
            best, found = level, np.array([x, y])
    return found


class _Glint:
    """A soft point of light, ready at sixteen parts of a pixel."""

    def __init__(self, radius: float) -> None:
        """radius: in pixels."""
        self._reach = reach = max(math.ceil(radius * 3), 2)
        line = np.arange(-reach, reach + 2, dtype=np.float32)
        self._shown = [
            [_spot(line[None, :] - x / 4, line[:, None] - y / 4, radius, reach) for x in range(4)]
            for y in range(4)
        ]

    def add(self, planes: Planes, colour: Colour, x: float, y: float, level: float) -> None:
        """Add it at a place, as bright as `level`."""
        if level < 0.01:
            return
        left, top = math.floor(x), math.floor(y)
        spot = self._shown[int((y - top) * 4)][int((x - left) * 4)]
        left, top = left - self._reach, top - self._reach
        rows, columns = planes.shape[1:]
        first, last = max(top, 0), min(top + len(spot), rows)
        begin, end = max(left, 0), min(left + len(spot), columns)
        if first < last and begin < end:
            part = planes[:, first:last, begin:end]
            light = tinted(
                scale(colour, level), spot[first - top : last - top, begin - left : end - left]
            )
            part += (1 - part) * light


def _spot(x: Plane, y: Plane, radius: float, reach: int) -> Plane:
    pixels = np.hypot(x, y)
    away = pixels / max(radius, 0.7)
    light = np.clip(1.3 - away, 0, 1) + np.exp(-away * away / 2.2) * 0.4
    return (np.clip(light, 0, 1) * np.clip((reach + 0.5 - pixels) / 2, 0, 1)).astype(np.float32)


# A deer's outline, facing right, in units of its height at the shoulder (y down, 0 at the ground).
_DEER = (
    (-0.66, -0.92), (-0.70, -0.80), (-0.64, -0.62), (-0.60, -0.46), (-0.66, -0.30), (-0.60, 0.0),
    (-0.54, 0.0), (-0.54, -0.28), (-0.44, -0.48), (-0.46, -0.26), (-0.42, 0.0), (-0.36, 0.0),
    (-0.37, -0.30), (-0.30, -0.50), (0.10, -0.48), (0.22, -0.50), (0.22, -0.26), (0.20, 0.0),
    (0.26, 0.0), (0.30, -0.28), (0.34, -0.46), (0.40, -0.26), (0.42, 0.0), (0.48, 0.0),
    (0.46, -0.30), (0.46, -0.60), (0.50, -0.84), (0.58, -1.04), (0.64, -1.14), (0.84, -1.10),
    (0.90, -1.14), (0.88, -1.20), (0.74, -1.30), (0.68, -1.34), (0.62, -1.44), (0.58, -1.34),
    (0.50, -1.26), (0.40, -1.06), (0.28, -0.96), (0.0, -0.94), (-0.40, -0.98),
)  # fmt: skip
_ANTLERS = (
    ((0.62, -1.36), (0.52, -1.56), (0.58, -1.78), (0.70, -1.90)),
    ((0.53, -1.58), (0.40, -1.70), (0.38, -1.86)),
    ((0.57, -1.72), (0.66, -1.76)),
    ((0.66, -1.36), (0.74, -1.54), (0.86, -1.70), (0.88, -1.86)),
    ((0.76, -1.56), (0.70, -1.72)),
)


class Deer:
    """A deer that comes out of the fog, looks, and is gone; by night its eyes catch the light."""

    def __init__(self, size: Size, seed: int, light: Light, shade: Colour, ground: float) -> None:
        self._size, self._seed, self._ground = size, seed, ground
        self._shade, self._night = shade, light.night
        self._eye = _Glint(0.005 * size.height)

    def paint(self, planes: Planes, event: Event, pan: float) -> None:
        random = chance(self._seed, 91, event.number)
        width, height = self._size
        side = 1 if random.random() < 0.5 else -1
        tall = 0.15 * height
        x = (random.uniform(0.28, 0.72) + pan + side * 0.03 * (event.age - 0.5)) * width
        y = self._ground * height
        reach = math.ceil(tall * 1.1)
        left, top = math.floor(x) - reach, math.floor(y - tall * 2)
        mask = np.zeros((math.ceil(tall * 2.05), 2 * reach), np.uint8)
        nod = 0.03 * math.sin(event.age * 9)
        place = np.array([x - left, tall * 2])
        outline = [_posed(point, side, nod) * tall + place for point in _DEER]
        cv2.fillPoly(mask, [_fixed(outline)], 255, cv2.LINE_AA, 4)
        for tine in _ANTLERS:
            points = _fixed([_posed(point, side, nod) * tall + place for point in tine])
            cv2.polylines(mask, [points], False, 255, 1, cv2.LINE_AA, 4)
        fade = np.linspace(1, 0.45, mask.shape[0], dtype=np.float32)[:, None]
        cover = mask * (fade * np.float32(event.fade * 0.9 / 255))
        blit(planes, tinted(self._shade, cover), cover, left, top)
        eye = _posed((0.72, -1.26), side, nod) * tall + (x, y)
        glint = event.fade * smooth(0.3, 0.7, self._night)
        if glint > 0:
            self._eye.add(planes, (0.75, 1.0, 0.85), float(eye[0]), float(eye[1]), glint)


def _posed(point: tuple[float, float], side: int, nod: float) -> NDArray[np.float64]:
    """Return a point of the deer turned to a side, its head nodding."""
    x, y = point
    lift = max(0.0, -y - 0.9) * nod * 3
    return np.array([side * (x + lift), y + lift])


def _fixed(points: list[NDArray[np.float64]]) -> NDArray[np.int32]:
    return np.round(np.array(points) * 16).astype(np.int32)


class Owl:
    """An owl that glides through between the trees, with a few slow beats."""

    def __init__(self, size: Size, seed: int, shade: Colour) -> None:
        self._size, self._seed, self._shade = size, seed, shade

    def paint(self, planes: Planes, event: Event, t: float) -> None:
        random = chance(self._seed, 92, event.number)
        width, height = self._size
        side = 1 if random.random() < 0.5 else -1
        along = -0.12 + 1.24 * event.age
        x = (along if side > 0 else 1 - along) * width
        y = (random.uniform(0.26, 0.40) + 0.05 * math.sin(event.age * 5)) * height
        beating = 0.5 + 0.5 * math.sin(t * 0.9)
        flap = math.sin(t * 7.5) * (0.15 + 0.85 * beating) + 0.1
        span = 0.085 * height
        reach = math.ceil(span * 1.4)
        mask = np.zeros((2 * reach, 2 * reach), np.uint8)
        left, top = math.floor(x) - reach, math.floor(y) - reach
        middle = np.array([x - left, y - top])
        for wing in (-1, 1):
            shape = [(0.0, -0.10), (wing * 0.5, -0.30 * flap - 0.12), (wing * 1.05, -0.62 * flap),
                     (wing * 0.98, -0.62 * flap + 0.16), (wing * 0.5, -0.28 * flap + 0.30),
                     (0.0, 0.22)]  # fmt: skip
            points = [np.array(p) * span + middle for p in shape]
            cv2.fillPoly(mask, [_fixed(points)], 255, cv2.LINE_AA, 4)
        belly = (max(int(span * 0.2), 1), max(int(span * 0.3), 1))
        at = (round(middle[0]), round(middle[1]))
        cv2.ellipse(mask, at, belly, 0, 0, 360, 255, -1, cv2.LINE_AA)
        cover = mask.astype(np.float32) * np.float32(0.9 / 255)
        blit(planes, tinted(self._shade, cover), cover, left, top)
