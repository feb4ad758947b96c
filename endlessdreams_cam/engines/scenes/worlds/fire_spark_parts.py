"""Sparks that rise, drift, fall and go out, and embers that float by near the lens."""

from __future__ import annotations

import math

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes import paint
from endlessdreams_cam.engines.scenes.paint import Array
from endlessdreams_cam.engines.scenes.worlds.galaxy_star_parts import stamp
from endlessdreams_cam.frame import Size

_SUBPIXEL = 5


class Sparks:
    """A fixed number of sparks; a dead one waits until it is born again.

    Positions are in picture heights (x to the right, y down), velocities in heights per second.
    """

    def __init__(self, count: int, random: np.random.Generator) -> None:
        self._random = random
        self.x = np.zeros(count, np.float32)
        self.y = np.zeros(count, np.float32)
        self._vx = np.zeros(count, np.float32)
        self._vy = np.zeros(count, np.float32)
        self._age = np.full(count, 9.0, np.float32)
        self._life = np.ones(count, np.float32)
        self._heft = random.uniform(0.4, 1.0, count).astype(np.float32)
        self._phase = random.uniform(0, 6.28, count).astype(np.float32)

    def bear(self, x: Array, y: Array, speed: float, spread: float) -> None:
        """Let sparks be born at these places, as far as there are dead ones."""
        dead = np.flatnonzero(self._age >= self._life)[: len(x)]
        count = len(dead)
        draw = self._random
        self.x[dead], self.y[dead] = x[:count], y[:count]
        self._vx[dead] = draw.normal(0, spread, count)
        self._vy[dead] = -speed * draw.uniform(0.5, 1.5, count)
        self._life[dead] = draw.uniform(0.7, 2.6, count)
        self._age[dead] = 0

    def step(self, dt: float, t: float, draught_x: Array, draught_y: Array) -> None:
        """Move on in a draught (heights per second at each spark's place)."""
        pull = 1 - np.exp(-dt * 2.6 / self._heft)
        swing = 0.10 * np.sin(t * (3 + 3 * self._heft) + self._phase)
        self._vx += (draught_x + swing - self._vx) * pull
        self._vy += (draught_y - self._vy) * pull + 0.12 * self._heft * dt
        self.x += self._vx * dt
        self.y += self._vy * dt
        self._age += dt

    def light(self) -> Array:
        """Return how brightly each spark glows, 0…1: it kindles, flickers and goes out."""
        glow = np.clip(self._age * 12, 0, 1) * np.clip((1 - self._age / self._life) * 1.8, 0, 1)
        flicker = 0.75 + 0.25 * np.sin(self._age * (17 + 9 * self._heft) + self._phase)
        return (glow * flicker).astype(np.float32)

    def paint(self, size: Size, shutter: float) -> Array:
        """Return the sparks' light, 0…1, as short trails of `shutter` seconds."""
        canvas = np.zeros((size.height, size.width), np.uint8)
        scale = size.height * 2.0**_SUBPIXEL
        glow = self.light()
        alive = np.flatnonzero(glow > 0.02)
        ends = np.stack((self.x, self.y, self.x - self._vx * shutter, self.y - self._vy * shutter))
        points = np.round(ends[:, alive] * scale).astype(np.int64).T.tolist()
        thick = (np.round(size.height / 300) + (self._heft[alive] > 0.9)).clip(1).astype(int)
        values = (glow[alive] * 255).tolist()
        for (x, y, from_x, from_y), value, wide in zip(points, values, thick.tolist(), strict=True):
            cv2.line(canvas, (from_x, from_y), (x, y), value, wide, cv2.LINE_AA, _SUBPIXEL)
        return canvas.astype(np.float32) * np.float32(1 / 255)


class NearEmbers:
    """Embers that float by close to the lens, far out of focus."""

    def __init__(self, size: Size, random: np.random.Generator, count: int = 9) -> None:
        self._size = size
        self._x = random.uniform(-0.05, 1.05, count)
        self._phase = random.uniform(0, 1, count)
        self._pace = random.uniform(0.05, 0.13, count)
        self._glow = random.uniform(0.3, 1.0, count)
        self._discs = [
            _disc(max(size.height * random.uniform(0.025, 0.055), 1.5)) for _ in range(count)
        ]

    def float_by(self, light: Array, colour: Array, t: float, wind: float) -> None:
        """Add them to linear light of their size in place."""
        width, height = self._size
        for n, disc in enumerate(self._discs):
            way = (t * self._pace[n] + self._phase[n]) % 1.0
            x = self._x[n] + 0.05 * math.sin(t * 0.5 + 6 * self._phase[n]) + 0.2 * wind * way
            glow = self._glow[n] * math.sin(math.pi * way) ** 1.5
            glow *= 0.8 + 0.2 * math.sin(3.1 * t + 9 * self._phase[n])
            stamp(light, disc, x * width, (1.1 - 1.2 * way) * height, colour * glow)


def _disc(radius: float) -> Array:
    half = math.ceil(radius) + 2
    disc = paint.disc(Size(2 * half + 1, 2 * half + 1), half, half, radius, 1.6)
    rim = disc - 0.8 * paint.disc(Size(2 * half + 1, 2 * half + 1), half, half, 0.8 * radius, 2.0)
    return disc * 0.7 + 0.3 * rim
