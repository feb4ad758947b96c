"""Light under water: nets of caustics, shafts, the surface from below, the floor, motes.

The net of caustics is a photon map: light falls through a random swell on a floor, bent by its
slopes, and is counted where it arrives. Two such nets that cross give one that never repeats.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes import paint
from endlessdreams_cam.engines.scenes.mood import Colour
from endlessdreams_cam.engines.scenes.world import Plane
from endlessdreams_cam.engines.scenes.worlds.land_parts import Planes
from endlessdreams_cam.frame import Size

TILE = 256
"""The side of a net of caustics, in pixels."""
_SCALE = 92.0  # a net's pixels in a picture's height, on the floor one height away


def caustics(random: np.random.Generator) -> Plane:
    """Return a tile of caustics, mean 1, up to about 6, (TILE, TILE)."""
    side = TILE * 3 // 2
    ky = np.fft.fftfreq(side, 1 / side)[:, None]
    kx = np.fft.rfftfreq(side, 1 / side)[None]
    k = np.hypot(kx, ky) + 1e-9
    power = np.where(k < 18, np.exp(-(((k - 6.0) / 3.2) ** 2)), 0.0)
    waves = power * np.exp(1j * random.uniform(0, math.tau, k.shape))
    slope_x, slope_y = (np.fft.irfft2(1j * f * waves, s=(side, side)) for f in (kx, ky))
    bend = 0.9 * side / 6.0 / 6.2 / float(np.hypot(slope_x, slope_y).std())
    ys, xs = np.mgrid[:side, :side]
    x = (xs + slope_x * bend) * (TILE / side)
    y = (ys + slope_y * bend) * (TILE / side)
    # Each photon is shared between four pixels, so that no grid shows.
    left, top = np.floor(x).astype(np.intp), np.floor(y).astype(np.intp)
    total = np.zeros(TILE * TILE)
    for j, row_share in ((0, 1 - (y - top)), (1, y - top)):
        for i, share in ((0, 1 - (x - left)), (1, x - left)):
            at = ((top + j) % TILE) * TILE + (left + i) % TILE
            total += np.bincount(at.ravel(), (row_share * share).ravel(), TILE * TILE)
    net = (total / total.mean()).reshape(TILE, TILE).astype(np.float32)
    wide = cv2.copyMakeBorder(net, 8, 8, 8, 8, cv2.BORDER_WRAP)
    return cv2.GaussianBlur(wide, (0, 0), 0.7)[8:-8, 8:-8].copy()


def padded(tile: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a tile with itself again at its right and bottom, for `Net` and remap."""
    return cv2.copyMakeBorder(tile, 0, TILE + 2, 0, TILE + 2, cv2.BORDER_WRAP)


class Net:
    """Caustics on places given once, by their x and y in a net's pixels."""

    def __init__(self, tile: Plane, x: NDArray[np.floating], y: NDArray[np.floating]) -> None:
        """Take a `padded` tile."""
        self._tile = tile
        self._nets = []
        for turn, scale in ((0.35, 1.0), (-0.5, 0.83)):
            cos, sin = math.cos(turn) * scale, math.sin(turn) * scale
            u, v = np.mod(x * cos + y * sin, TILE), np.mod(y * cos - x * sin, TILE)
            self._nets.append((u.astype(np.float32), v.astype(np.float32), cos, sin))

    def at(self, t: float, x: float = 0.0, bend: tuple[Plane, Plane] | None = None) -> Plane:
        """Return the light at a time, mean about 0.7: the darker of two nets that cross.

        x moves the places sideways, in a net's pixels; bend moves each of them.
        """
        seen = []
        for (u, v, cos, sin), (way, down) in zip(
            self._nets, ((9.0, 5.0), (-7.0, 6.1)), strict=True
        ):
            at_u = u + np.float32((way * t + x * cos) % TILE)
            at_v = v + np.float32((down * t - x * sin) % TILE)
            if bend is not None:
                at_u += bend[0]
                at_v += bend[1]
            seen.append(cv2.remap(self._tile, at_u, at_v, cv2.INTER_LINEAR,
                                  borderMode=cv2.BORDER_REPLICATE))  # fmt: skip
        first, second = seen
        return np.minimum(first, second, out=first)


def shine(planes: Planes, colour: Sequence[float], light: Plane) -> None:
    """Add light to the planes in place so that it never clips: 1 − (1 − a)(1 − b)."""
    for plane, level in zip(planes, colour, strict=True):
        add = 1 - plane
        add *= light
        add *= np.float32(level)
        plane += add


class Shafts:
    """Light that falls through the surface in shafts that sway."""

    def __init__(self, random: np.random.Generator, size: Size, x: float, y: float) -> None:
        """x, y: where the shafts come from, in pixels; above the picture for nearly even ones."""
        self._full = size
        small = Size(max(16, size.width // 4), max(9, size.height // 4))
        noise = paint.fbm(random, Size(TILE, 64), cells=40, octaves=3, gain=0.65)
        self._tile = cv2.copyMakeBorder(noise, 0, 66, 0, TILE + 2, cv2.BORDER_WRAP)
        xs, ys = paint.grid(small)
        dx, dy = (xs * size.width - x) / size.height, (ys * size.height - y) / size.height
        angle = np.arctan2(dx, dy)
        self._looks = [np.mod(angle * scale, TILE).astype(np.float32) for scale in (64.0, 105.0)]
        self._v = np.zeros_like(xs)
        deep = np.exp(-ys * 1.5) * paint.smoothstep(0.0, 0.12, ys + 0.04)
        near = np.exp(-((angle / 0.62) ** 2))
        self._fade = (deep * (0.18 + 0.82 * near)).astype(np.float32)

    def at(self, t: float, depth: float) -> Plane:
        """Return their light at a time, 0…1, of the picture's size; depth 0…1 picks a layer."""
        seen = []
        for n, (look, way) in enumerate(zip(self._looks, (1.1, -1.7), strict=True)):
            u = look + np.float32((way * t + 91 * depth + 37 * n) % TILE)
            self._v[:] = (0.9 * t + 29 * depth + 13 * n) % 64
            seen.append(cv2.remap(self._tile, u, self._v, cv2.INTER_LINEAR))
        rays = seen[0] * 0.6
        rays += seen[1] * 0.5
        rays -= 0.40
        rays *= 2.0
        np.clip(rays, 0, 1.2, out=rays)
        rays *= rays
        rays *= self._fade
        return cv2.resize(rays, self._full, interpolation=cv2.INTER_LINEAR)


class Skylight:
    """The surface seen from below: a shimmering ceiling that the light breaks through."""

    def __init__(self, tile: Plane, size: Size, x: float) -> None:
        self._rows = max(8, round(0.30 * size.height))
        xs = (np.arange(size.width, dtype=np.float32) - size.width / 2)[None] / size.height
        ys = np.arange(self._rows, dtype=np.float32)[:, None] / size.height
        far = 1 / (0.34 - ys)
        self._net = Net(tile, xs * far * 46, np.repeat(far * 74, size.width, 1))
        aside = xs - (x - size.width / 2) / size.height
        self._fade = np.exp(-ys * 13) * (0.30 + 0.70 * np.exp(-((aside / 0.5) ** 2)))
        self._fade = self._fade.astype(np.float32)

    def paint(self, planes: Planes, t: float, x: float, colour: Colour) -> None:
        """Add the surface's light to the planes in place; x moves it, in heights."""
        light = self._net.at(t * 1.5, x * 46)
        light *= self._fade
        light *= 0.62
        np.minimum(light, 1, out=light)
        shine(planes[:, : self._rows], colour, light)


class Floor:
    """Sand in perspective, rippled, under a moving net of light."""

    _VANISHES = 0.56

    def __init__(self, random: np.random.Generator, tile: Plane, size: Size, top: float) -> None:
        """top: where the sand begins, in heights."""
        self.top = round(top * size.height)
        rows = size.height - self.top
        xs = (np.arange(size.width, dtype=np.float32) - size.width / 2)[None] / size.height
        ys = (np.arange(rows, dtype=np.float32)[:, None] + self.top) / size.height
        far = 1 / (ys - self._VANISHES)
        x, y = xs * far * _SCALE, np.repeat(far * (1.25 * _SCALE), size.width, 1)
        self._net = Net(tile, x, y)
        self._sand = padded(self._ripples(random))
        self._u, self._v = (
            np.mod(x * 1.4, TILE).astype(np.float32),
            np.mod(y * 1.4, TILE).astype(np.float32),
        )
        near = ((ys - top) / (1 - top)).astype(np.float32)
        self.cover = np.repeat(paint.smoothstep(0.0, 0.55, near), size.width, 1)
        self._lit = (0.5 + 0.5 * near).astype(np.float32)

    @staticmethod
    def _ripples(random: np.random.Generator) -> Plane:
        """Return a tile of sand: ripples that wander and fork, grains, hollows; about 0.5."""
        tile = Size(TILE, TILE)
        bend = paint.fbm(random, tile, cells=4, octaves=4)
        ys = np.arange(TILE, dtype=np.float32)[:, None] * (math.tau / TILE)
        wave = np.sin(ys * 13 + (bend - 0.5) * 17)
        hollow = paint.fbm(random, tile, cells=3, octaves=4)
        grain = random.normal(0, 1, (TILE, TILE)).astype(np.float32)
        sand = 0.5 + 0.10 * wave * (0.3 + hollow) + 0.45 * (hollow - 0.5) + 0.02 * grain
        return sand.astype(np.float32)

    def light(self, t: float, x: float) -> Plane:
        """Return how light the sand is, 0…1.4, moved by x heights."""
        u = self._u + np.float32(-x * _SCALE * 1.4 % TILE)
        sand = cv2.remap(self._sand, u, self._v, cv2.INTER_LINEAR)
        sand *= 0.72
        net = self._net.at(t, -x * _SCALE)
        net *= self._lit * np.float32(0.42)
        sand += net
        sand += 0.04
        return sand


class Motes:
    """Plankton and dust in three depths, adrift."""

    def __init__(self, random: np.random.Generator, size: Size) -> None:
        self._size = size
        unit = size.height / 360
        self._tiles = []
        for count, radius, strength in ((260, 0.55, 0.5), (110, 0.95, 0.55), (30, 2.4, 0.34)):
            across, down = size.width + 64, size.height + 64
            tile = np.zeros((down, across), np.float32)
            x, y = random.random(count) * across, random.random(count) * down
            left, top = np.floor(x).astype(int), np.floor(y).astype(int)
            level = 0.35 + 0.65 * random.random(count)
            for j in (0, 1):
                for i in (0, 1):
                    share = np.abs(1 - i - (x - left)) * np.abs(1 - j - (y - top))
                    np.add.at(tile, ((top + j) % down, (left + i) % across), share * level)
            sigma = max(radius * unit, 0.5)
            pad = math.ceil(4 * sigma)
            wide = cv2.copyMakeBorder(tile, pad, pad, pad, pad, cv2.BORDER_WRAP)
            soft = cv2.GaussianBlur(wide, (0, 0), sigma)[pad:-pad, pad:-pad]
            soft = np.minimum(soft * (math.tau * sigma * sigma), 1) * strength
            self._tiles.append(
                cv2.copyMakeBorder(soft, 2, size.height + 2, 2, size.width + 2, cv2.BORDER_WRAP)
            )

    def at(self, t: float, blown: float, pan: float) -> Plane:
        """Return their light at a time, 0…1; blown, pan: how far they drifted, in widths."""
        width, height = self._size
        total = np.zeros((height, width), np.float32)
        for n, tile in enumerate(self._tiles):
            near = 0.4 + 0.5 * n
            x = (blown * 0.05 + pan * (0.3 + 0.45 * n)) * width * (1 if n == 2 else near)
            x += 0.012 * width * math.sin(t * (0.31 - 0.05 * n) + n)
            y = (0.006 * near * t + 0.010 * math.sin(t * (0.43 + 0.07 * n) + 2 * n)) * height
            period_x, period_y = tile.shape[1] - width - 4, tile.shape[0] - height - 4
            middle = (-x % period_x + (width + 3) / 2, -y % period_y + (height + 3) / 2)
            total += cv2.getRectSubPix(tile, (width, height), middle)
        return total
