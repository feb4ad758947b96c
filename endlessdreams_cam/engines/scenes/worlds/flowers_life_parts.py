"""What flies over the field: butterflies, petals on the wind, and now and then a balloon."""

from __future__ import annotations

import math

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.mood import Colour, Light, mix, scale
from endlessdreams_cam.engines.scenes.paint import smoothstep
from endlessdreams_cam.engines.scenes.world import Moment, Plane
from endlessdreams_cam.engines.scenes.worlds.flowers_parts import Colours
from endlessdreams_cam.engines.scenes.worlds.land_parts import (
    Event,
    Planes,
    blit,
    chance,
    smooth,
    tinted,
)
from endlessdreams_cam.frame import Size

_WINGS: tuple[tuple[Colour, Colour], ...] = (
    ((0.98, 0.55, 0.12), (0.20, 0.08, 0.05)),
    ((0.36, 0.58, 0.98), (0.08, 0.10, 0.30)),
    ((0.98, 0.94, 0.86), (0.42, 0.36, 0.40)),
    ((0.98, 0.80, 0.26), (0.36, 0.16, 0.06)),
    ((0.90, 0.36, 0.52), (0.26, 0.05, 0.16)),
)
# Outlines of a right fore and hind wing, in wing lengths from the body (x out, y down).
_FORE = (
    (0.0, 0.02),
    (0.30, -0.46),
    (0.72, -0.74),
    (1.0, -0.70),
    (0.96, -0.42),
    (0.66, -0.06),
    (0.0, 0.10),
)
_HIND = (
    (0.0, 0.04),
    (0.52, 0.02),
    (0.80, 0.24),
    (0.72, 0.58),
    (0.42, 0.66),
    (0.16, 0.44),
    (0.0, 0.16),
)


class Butterflies:
    """Butterflies that flutter about; a rare event brings a whole cloud of them through."""

    def __init__(self, size: Size, seed: int, colours: Colours, many: bool) -> None:
        self._size, self._seed = size, seed
        random = chance(seed, 111)
        self._count = 9 if many else 4
        self._kinds = random.integers(len(_WINGS), size=24)
        self._phase = random.uniform(0, math.tau, (24, 4))
        self._home = random.random((24, 2)) * (0.9, 0.26) + (0.05, 0.46)
        self._scale = random.uniform(0.018, 0.034, 24)
        light = mix(colours.shade, colours.sun, 0.75)
        self._wings = [(_times(bright, light), _times(dark, light)) for bright, dark in _WINGS]

    def paint(self, planes: Planes, t: float, pan: float, event: Event | None) -> None:
        for n in range(self._count):
            x, y = self._place(n, t)
            self._fly(planes, n, t, (x + pan * 0.7 + 0.1) % 1.2 - 0.1, y, 1.0)
        if event is not None:
            for n in range(self._count, self._count + 14):
                lag = self._phase[n, 2] * 0.03
                along = -0.3 + 1.6 * event.age - lag
                x, y = self._place(n, t)
                self._fly(planes, n, t, along + (x - 0.5) * 0.25, y - 0.08, event.fade)

    def _place(self, n: int, t: float) -> tuple[float, float]:
        a, b, c, d = self._phase[n]
        home = self._home[n]
        x = home[0] + 0.16 * math.sin(t * 0.13 + a) + 0.05 * math.sin(t * 0.47 + b)
        y = home[1] + 0.06 * math.sin(t * 0.21 + c) + 0.022 * math.sin(t * 1.3 + d)
        return x, y + 0.006 * math.sin(t * 5.1 + a)

    def _fly(self, planes: Planes, n: int, t: float, x: float, y: float, level: float) -> None:
        width, height = self._size
        long = self._scale[n] * height
        a, b = self._phase[n, :2]
        resting = smooth(0.55, 0.9, math.sin(t * 0.31 + b))
        beat = math.sin(t * (11 + 2 * math.sin(a)) + a)
        open_ = (0.58 + 0.42 * beat) * (1 - resting) + resting * (
            0.75 + 0.2 * math.sin(t * 1.7 + a)
        )
        tilt = 0.5 * math.sin(t * 0.37 + a)
        reach = math.ceil(long * 1.3) + 1
        left, top = math.floor(x * width) - reach, math.floor(y * height) - reach
        middle = np.array([x * width - left, y * height - top])
        canvas = np.zeros((2 * reach, 2 * reach, 3), np.uint8)
        turn = np.array([[math.cos(tilt), -math.sin(tilt)], [math.sin(tilt), math.cos(tilt)]])
        for side in (-1, 1):
            spread = open_ * (1.0 if side > 0 else 0.82)
            for outline, inner in ((_HIND, 0.8), (_FORE, 1.0)):
                wing = np.array(outline) * (side * spread, 1.0)
                level8 = round(255 * inner * (0.72 + 0.28 * spread))
                for grow, channel in ((1.0, (0, 255, 0)), (0.76, (level8, 255, 0))):
                    points = np.round((wing * grow * long @ turn.T + middle) * 16).astype(np.int32)
                    cv2.fillPoly(canvas, [points], channel, cv2.LINE_AA, 4)
        body = np.array([[0, -0.28], [0, 0.40]]) * long @ turn.T + middle
        head, tail = (tuple(map(int, np.round(p * 16))) for p in body)
        cv2.line(canvas, head, tail, (0, 255, 0),
                 max(1, round(long / 9)), cv2.LINE_AA, 4)  # fmt: skip
        cover = canvas[..., 1].astype(np.float32) * np.float32(level / 255)
        shine = canvas[..., 0].astype(np.float32) * np.float32(level / 255)
        bright, dark = self._wings[self._kinds[n]]
        blit(planes, tinted(bright, shine) + tinted(dark, cover - shine), cover, left, top)


class Petals:
    """Loose petals that drift across on the wind, turning over."""

    def __init__(self, size: Size, seed: int, petals: tuple[Colour, ...], colours: Colours) -> None:
        self._size = size
        random = chance(seed, 112)
        self._start = random.random((18, 2))
        self._phase = random.uniform(0, math.tau, (18, 3))
        self._scale = random.uniform(0.006, 0.013, 18)
        light = mix(colours.shade, colours.sun, 0.8)
        self._tints = [_times(petals[int(k)], light) for k in random.integers(len(petals), size=18)]

    def paint(self, planes: Planes, moment: Moment, blown: float, pan: float) -> None:
        width, height = self._size
        count = round(6 + 12 * min(moment.energy, 1.0))
        for n in range(count):
            a, b, c = self._phase[n]
            t = moment.t
            speed = 0.10 + 0.06 * math.sin(a)
            x = (self._start[n, 0] + blown * speed + pan * 0.8) % 1.16 - 0.08
            y = 0.36 + 0.5 * ((self._start[n, 1] + t * 0.009) % 1.0)
            y += 0.035 * math.sin(t * 0.9 + b) + 0.02 * math.sin(t * 2.1 + c)
            turn, roll = 40 * math.sin(t * 1.7 + a) + 57 * b, math.sin(t * 2.9 + c)
            fade = smooth(0.0, 0.08, (self._start[n, 1] + t * 0.009) % 1.0)
            fade *= smooth(1.0, 0.9, (self._start[n, 1] + t * 0.009) % 1.0)
            self._lay(planes, n, x * width, y * height, turn, roll, fade)

    def _lay(
        self, planes: Planes, n: int, x: float, y: float, turn: float, roll: float, fade: float
    ) -> None:  # fmt: skip
        long = self._scale[n] * self._size.height
        reach = math.ceil(long) + 2
        left, top = math.floor(x) - reach, math.floor(y) - reach
        mask = np.zeros((2 * reach, 2 * reach), np.uint8)
        axes = (max(round(long * 16), 10), max(round(long * 9 * (0.25 + 0.75 * abs(roll))), 6))
        centre = (round((x - left) * 16), round((y - top) * 16))
        cv2.ellipse(mask, centre, axes, turn, 0, 360, 255, -1, cv2.LINE_AA, 4)
        cover = mask.astype(np.float32) * np.float32(fade / 255)
        blit(planes, tinted(scale(self._tints[n], 0.75 + 0.3 * roll), cover), cover, left, top)


class Balloon:
    """A hot-air balloon in stripes, that floats across the sky; by night its flame lights it."""

    def __init__(self, size: Size, seed: int, light: Light, colours: Colours) -> None:
        self._size, self._seed = size, seed
        self._light, self._colours = light, colours
        self._tall = max(round(size.height * 0.17), 12)

    def paint(self, planes: Planes, event: Event, t: float, pan: float) -> None:
        random = chance(self._seed, 113, event.number)
        side = 1 if random.random() < 0.5 else -1
        stripes = (_WINGS[int(random.integers(len(_WINGS)))][0], (0.97, 0.94, 0.88))
        depth = random.uniform(0.5, 1.0)
        width, height = self._size
        along = -0.15 + 1.3 * event.age
        x = ((along if side > 0 else 1 - along) + pan * 0.05) * width
        y = (random.uniform(0.14, 0.26) - 0.05 * event.age + 0.006 * math.sin(t * 0.5)) * height
        colours, cover = self._drawn(stripes, self._tall * depth, x % 1, y % 1, t)
        blit(planes, colours * event.fade, cover * event.fade,
             math.floor(x) - cover.shape[1] // 2, math.floor(y) - cover.shape[0] // 2)  # fmt: skip

    def _drawn(
        self, stripes: tuple[Colour, Colour], tall: float, part_x: float, part_y: float, t: float
    ) -> tuple[Planes, Plane]:  # fmt: skip
        side = math.ceil(tall) + 4
        ys, xs = np.mgrid[:side, :side].astype(np.float32)
        x = (xs - side / 2 - part_x) / (tall / 2)
        y = (ys - side / 2 - part_y) / (tall / 2) + 0.12
        narrow = 1 - 0.42 * np.clip(y / 0.6, 0, 1.2) ** 1.6
        radius = np.hypot(x / narrow, y) / 0.72
        envelope = np.clip((1 - radius) * tall * 0.36 + 0.5, 0, 1) * (y < 0.62)
        basket = (np.abs(x) < 0.09) & (y > 0.80) & (y < 0.97)
        ropes = (
            (np.abs(np.abs(x) - 0.09 - 0.10 * (0.82 - y)) < 1.6 / tall) & (y > 0.58) & (y < 0.82)
        )
        dark = np.maximum(basket.astype(np.float32), 0.6 * ropes)
        cover = np.maximum(envelope, dark).astype(np.float32)
        lon = np.arcsin(np.clip(x / narrow / np.sqrt(np.clip(0.52 - y * y, 0.02, 1)), -1, 1))
        stripe = smoothstep(-0.15, 0.15, np.cos(lon * 7))
        light = np.clip(0.58 + 0.45 * x * np.sign(self._light.azimuth or 1) - 0.30 * y, 0.1, 1)
        flame = self._light.night * (0.55 + 0.2 * math.sin(t * 7) * math.sin(t * 3.1))
        planes = np.empty((3, side, side), np.float32)
        for n in range(3):
            cloth = stripes[0][n] + (stripes[1][n] - stripes[0][n]) * stripe
            shown = cloth * (self._colours.shade[n] + self._colours.sun[n] * light)
            shown += cloth * (flame * (1.0, 0.62, 0.28)[n] * np.clip(0.5 + y, 0, 1))
            shown = shown + (0.14 * self._colours.shade[n] - shown) * (dark * (1 - envelope))
            planes[n] = (shown * 0.82 + 0.18 * self._colours.air[n]) * cover
        return planes, cover


def _times(a: Colour, b: Colour) -> Colour:
    return (a[0] * b[0], a[1] * b[1], a[2] * b[2])
