"""What falls and drifts before a scene: rain, snow, mist; and when lightning strikes.

`Weathering` is laid over a finished picture by any scene under the sky, in its own light.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.mood import Light, Mood, Weather, mix, scale
from endlessdreams_cam.engines.scenes.paint import fbm, smoothstep
from endlessdreams_cam.engines.scenes.wind import Wind
from endlessdreams_cam.engines.scenes.world import Picture, Plane
from endlessdreams_cam.frame import Size

# Depths of rain: streaks per 1,000 pixels of height squared, length and fall in heights, strength.
_RAIN = ((420.0, 0.035, 1.5, 0.10), (200.0, 0.065, 2.3, 0.15), (60.0, 0.12, 3.4, 0.2))
# Depths of snow: flakes likewise, radius and fall in heights, sway in heights, strength.
_SNOW = (
    (700.0, 0.0022, 0.055, 0.006, 0.55),
    (330.0, 0.0038, 0.095, 0.012, 0.75),
    (110.0, 0.0062, 0.15, 0.022, 0.85),
    (22.0, 0.0125, 0.24, 0.035, 0.5),
)


class Weathering:
    """Rain, snow or mist in front of a scene; nothing at all in clear weather.

    strength 0…1 thins it. 0.3–1.3 ms at 512 × 288.
    """

    def __init__(self, size: Size, mood: Mood, light: Light, strength: float = 1.0) -> None:
        self._size, self._strength = size, strength
        self._kind = mood.weather
        self._wind = Wind(mood.seed)
        random = np.random.default_rng(mood.seed ^ 0x57455448)
        self._colour = np.array(mix(mix(light.haze, light.horizon, 0.4), (1, 1, 1), 0.35))
        self._mist_colour = np.array(mix(light.haze, light.key, 0.15))
        tiles: list[Plane] = []
        self._view = size
        if self._kind in (Weather.RAIN, Weather.STORM):
            slant = 0.10 if self._kind is Weather.RAIN else 0.24
            self._slant = slant * self._wind.towards
            tiles = [self._rain_tile(random, *row[:2], row[3]) for row in _RAIN]
        elif self._kind is Weather.SNOW:
            self._colour = np.array(scale(mix(light.key, light.haze, 0.4), 1.05)).clip(0, 1)
            tiles = [self._snow_tile(random, row[0], row[1], row[4]) for row in _SNOW]
        elif self._kind is Weather.MIST:
            self._view = Size(max(size.width // 4, 16), max(size.height // 4, 16))
            tiles = [self._mist_tile(random) for _ in range(2)]
        self._tiles = [self._padded(tile, self._view) for tile in tiles]

    def over(self, picture: Picture, t: float, energy: float = 0.5) -> Picture:
        """Return the picture with the weather at time t before it (painted in place)."""
        if not self._tiles:
            return picture
        if self._kind is Weather.SNOW:
            cover, colour = self._snow(t, energy), self._colour
        elif self._kind is Weather.MIST:
            cover, colour = self._mist(t), self._mist_colour
        else:
            cover, colour = self._rain(t), self._colour
        cover *= self._strength
        cover3 = cv2.merge((cover, cover, cover))
        picture *= 1 - cover3
        cover3 *= colour.astype(np.float32)
        picture += cover3
        return picture

    def _rain_tile(
        self, random: np.random.Generator, density: float, length: float, strength: float
    ) -> Plane:
        width, height = self._size
        across, down = width + 64, height + 96
        tile = np.zeros((down, across), np.uint8)
        count = round(density * across / down * (1 + self._slant**2))
        long = length * height
        for x, y, share in random.random((count, 3)):
            size, level = long * (0.6 + 0.8 * share), round(120 + 135 * share)
            ends = ((x * across, y * down), (x * across + size * self._slant, y * down + size))
            # What sticks out at the right, left or bottom comes in again at the other side.
            for shift_x in (0, across, -across)[: 1 + 2 * (not long < x * across < across - long)]:
                for shift_y in (0, down)[: 1 + (ends[1][1] > down)]:
                    fixed = [
                        (round((px - shift_x) * 16), round((py - shift_y) * 16)) for px, py in ends
                    ]
                    cv2.line(tile, fixed[0], fixed[1], level, 1, cv2.LINE_AA, 4)
        soft = cv2.GaussianBlur(tile, (1, 0), 0.1, sigmaY=1.2) if height >= 128 else tile
        return (soft * (strength * 1.7 / 255)).astype(np.float32)

    def _rain(self, t: float) -> Plane:
        height = self._size.height
        total = np.zeros((height, self._size.width), np.float32)
        for n, (_, _, fall, _) in enumerate(_RAIN):
            down = fall * height * t
            total += self._window(n, down * self._slant, down)
        return total

    def _snow_tile(
        self, random: np.random.Generator, density: float, radius: float, strength: float
    ) -> Plane:
        width, height = self._size
        across, down = width + 64, height + 96
        core = max(radius * height, 0.55)
        reach = math.ceil(core * 2) + 1
        tile = np.zeros((down, across), np.float32)
        at = random.random((round(density * across / down), 3))
        x, y = at[:, 0] * across, at[:, 1] * down
        left, top = np.floor(x).astype(int), np.floor(y).astype(int)
        part_x, part_y = x - left, y - top
        # Each flake is a point between four pixels, then as soft as it is near.
        for down_by, share_y in ((0, 1 - part_y), (1, part_y)):
            for right_by, share_x in ((0, 1 - part_x), (1, part_x)):
                place = ((top + down_by) % down, (left + right_by) % across)
                np.add.at(tile, place, share_x * share_y * (0.5 + 0.5 * at[:, 2]))
        wide = cv2.copyMakeBorder(tile, reach, reach, reach, reach, cv2.BORDER_WRAP)
        soft = cv2.GaussianBlur(wide, (2 * reach + 1, 2 * reach + 1), core * 0.62)
        peak = 2 * math.pi * (core * 0.62) ** 2
        flakes = np.minimum(soft[reach:-reach, reach:-reach] * (peak * 1.25), 1) * strength
        return flakes.astype(np.float32)

    def _snow(self, t: float, energy: float) -> Plane:
        width, height = self._size
        total = np.zeros((height, width), np.float32)
        blown = self._wind.travelled(t) * (0.5 + energy)
        for n, (_, _, fall, sway, _) in enumerate(_SNOW):
            swing = math.sin(t * (1.1 - 0.13 * n) + n * 2.1) + 0.5 * math.sin(t * 0.37 + n)
            x = (blown * fall * 1.2 + sway * swing) * height
            np.maximum(total, self._window(n, x, fall * height * t), out=total)
        return total

    def _mist_tile(self, random: np.random.Generator) -> Plane:
        width, height = self._view
        return fbm(random, Size(width * 2, height), cells=6, octaves=4)

    def _mist(self, t: float) -> Plane:
        width, height = self._view
        blown = self._wind.travelled(t) * width
        first, second = (self._window(n, blown * (0.06 + 0.05 * n), 0) for n in range(2))
        rows = np.linspace(0, 1, height, dtype=np.float32)[:, None]
        low = 0.12 + 0.5 * smoothstep(0.25, 0.95, rows)
        cover = smoothstep(0.25, 0.95, first * 0.6 + second * 0.4 + 0.1) * low
        return cv2.resize(cover, self._size, interpolation=cv2.INTER_CUBIC)

    def _padded(self, tile: Plane, size: Size) -> Plane:
        """Return a tile with a window's size of itself again at its right and bottom."""
        return cv2.copyMakeBorder(
            tile, 0, size.height + 2, 0, size.width + 2, cv2.BORDER_WRAP
        )  # fmt: skip

    def _window(self, n: int, x: float, y: float) -> Plane:
        """Return tile n moved right by x and down by y pixels, for ever, cut to its window."""
        tile, (width, height) = self._tiles[n], self._view
        left = -x % (tile.shape[1] - width - 2)
        top = -y % (tile.shape[0] - height - 2)
        centre = (left + (width - 1) / 2, top + (height - 1) / 2)
        return cv2.getRectSubPix(tile, (width, height), centre)


def lightning(seed: int, t: float) -> float:
    """Return how strongly lightning lights the clouds at time t, 0…1.

    At most two soft strokes in about 1 s, then 9 s of dark and more: light it so that 1 brightens
    the picture by no more than a tenth.
    """
    slot = 17.0
    number = math.floor(t / slot)
    random = np.random.default_rng((seed ^ 0x4C49, number & 0xFFFFFFFF))
    begins, gap, second = random.uniform(1, slot - 8), random.uniform(0.45, 0.8), random.random()
    age = t - number * slot - begins
    strokes = ((0.0, 1.0), (gap, 0.7 if second > 0.4 else 0.0))
    return max(level * _stroke(age - start) for start, level in strokes)


def _stroke(age: float) -> float:
    if age < 0:
        return 0.0
    return min(age / 0.12, 1.0) * math.exp(-max(age - 0.12, 0) / 0.28)
