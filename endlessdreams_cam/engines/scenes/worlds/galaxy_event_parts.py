"""What happens once in a while among the stars: a comet, a supernova."""

from __future__ import annotations

import math

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes import paint
from endlessdreams_cam.engines.scenes.paint import Array
from endlessdreams_cam.engines.scenes.worlds.galaxy_star_parts import spiked, stamp
from endlessdreams_cam.engines.scenes.worlds.land_parts import smooth
from endlessdreams_cam.frame import Size


class Comet:
    """A comet that crosses the sky, its tails away from the light."""

    def __init__(self, size: Size) -> None:
        self._size = size
        rows, columns = 48, 160
        x = np.linspace(-0.06, 1, columns, dtype=np.float32)[None, :]
        y = np.linspace(-1, 1, rows, dtype=np.float32)[:, None]
        along = np.maximum(x, 0)
        rest = (1 - along) * np.clip(x / 0.05 + 0.4, 0, 1)
        dust = 0.55 * np.exp(-(((y - 0.3 * along**2) / (0.06 + 0.4 * along)) ** 2)) * rest**1.5
        ions = 0.60 * np.exp(-((y / (0.04 + 0.07 * along)) ** 2)) * rest
        head = 1.7 * np.exp(-((x / 0.016) ** 2) - (y / 0.10) ** 2)
        shares = ((0.95, 0.35), (0.80, 0.65), (0.60, 1.10))
        self._tail = cv2.merge([a * dust + b * ions + head for a, b in shares])
        self._tail[:, 0] = self._tail[:, -1] = self._tail[0] = self._tail[-1] = 0

    def fly(self, light: Array, random: np.random.Generator, age: float) -> None:
        """Add the comet to linear light in place; age 0…1 from edge to edge."""
        width, height = self._size
        side = float(random.choice((-1, 1)))
        start = np.array((0.5 - 0.85 * side, random.uniform(0.05, 0.45)))
        end = np.array((0.5 + 0.85 * side, random.uniform(0.1, 0.6)))
        bow = np.array((0.0, -0.10 * math.sin(math.pi * age)))
        at = (start + (end - start) * age + bow) * (width, height)
        way = (end - start) * (width, height)
        angle = math.atan2(-way[1], -way[0])
        long = 0.55 * height
        scale = long / self._tail.shape[1]
        c, s = scale * math.cos(angle), scale * math.sin(angle)
        middle = self._tail.shape[0] / 2
        matrix = np.array([[c, -s, at[0] + s * middle], [s, c, at[1] - c * middle]], np.float32)
        strength = 0.9 * smooth(0, 0.15, age) * smooth(1, 0.85, age)
        tail = cv2.warpAffine(self._tail, matrix, self._size, flags=cv2.INTER_LINEAR)
        cv2.scaleAdd(tail, strength, light, light)


class Supernova:
    """A star that flares up and leaves a ring of gas."""

    def __init__(self, size: Size) -> None:
        self._size = size
        self._star = spiked(max(size.height // 7, 8))
        side = 97
        ys, xs = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j].astype(np.float32)
        rough = paint.fbm(np.random.default_rng(11), Size(side, side), cells=7, octaves=4)
        r = np.hypot(xs, ys) * (0.82 + 0.36 * rough)
        strands = 1 - np.abs(2 * np.roll(rough, 31, axis=1) - 1)
        shell = np.exp(-(((r - 0.66) / 0.12) ** 2)) * (0.25 + 1.1 * strands**2)
        shell += 0.35 * np.exp(-((r / 0.5) ** 2)) * (0.5 + rough)
        self._shell = (shell * np.clip((0.97 - np.hypot(xs, ys)) * 6, 0, 1)).astype(np.float32)

    def flare(self, light: Array, random: np.random.Generator, age: float) -> None:
        """Add the supernova to linear light in place; age 0…1."""
        width, height = self._size
        x = width * (0.5 + float(random.choice((-1, 1))) * random.uniform(0.2, 0.4))
        y = height * random.uniform(0.12, 0.5)
        glow = smooth(0, 0.10, age) * (0.06 + 0.94 * math.exp(-max(age - 0.10, 0) * 9))
        glow *= smooth(1, 0.85, age)
        stamp(light, self._star, x, y, np.array((1.0, 0.95, 0.9), np.float32) * (1.5 * glow))
        if age < 0.08:
            return
        radius = max(round(height * (0.015 + 0.085 * (age - 0.08) ** 0.5)), 2)
        side = 2 * radius + 1
        ring = cv2.resize(self._shell, (side, side), interpolation=cv2.INTER_AREA)
        strength = 0.5 * smooth(0.08, 0.2, age) * smooth(1, 0.5, age)
        stamp(light, ring, x, y, np.array((0.55, 0.75, 1.0), np.float32) * strength)
