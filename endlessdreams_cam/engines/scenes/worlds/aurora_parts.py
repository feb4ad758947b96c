"""Curtains of northern light: ribbons that fold in perspective, drawn column by column."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes import paint
from endlessdreams_cam.engines.scenes.paint import Array
from endlessdreams_cam.frame import Size

_STEPS = 360  # points along a ribbon before it is cut into columns
_LINE = 8192  # steps of a line of noise, a power of two
_PROFILE = 512  # steps of the light along a ray


@dataclass(frozen=True, slots=True)
class Sway:
    """One wave along a ribbon: amplitude in widths, waves per ribbon, radians per second."""

    across: float
    away: float
    waves: float
    pace: float
    phase: float


class Curtain:
    """One ribbon of light on a spine that travels.

    It hangs at `depth` (1: near, 3: far) over a plane; `low` is where its feet are at depth 1, in
    picture heights above the horizon, `tall` how far its rays reach from there.
    """

    def __init__(
        self, random: np.random.Generator, depth: float, low: float, tall: float, bright: float
    ) -> None:
        self.depth, self.low, self.tall, self.bright = depth, low, tall, bright
        self._sways = [
            Sway(
                random.uniform(0.5, 1.0) * size,
                random.uniform(0.5, 1.0) * size * 2.6,
                waves * random.uniform(0.8, 1.25),
                pace * random.uniform(0.7, 1.3) * (1 if random.random() < 0.7 else -1),
                random.uniform(0, math.tau),
            )
            for size, waves, pace in (
                (0.30, 1.1, 0.06), (0.17, 2.3, 0.11), (0.075, 4.7, 0.19), (0.026, 10.3, 0.37)
            )
        ]  # fmt: skip
        self._slant = random.choice((-1, 1)) * random.uniform(0.5, 1.1) * depth
        self._patches = line_of_noise(random, 5)
        self._rays = line_of_noise(random, 90)
        self._fine = line_of_noise(random, 210)
        self._finest = line_of_noise(random, 460)
        self._heights = line_of_noise(random, 26)

    def spine(self, t: float, pan: float) -> tuple[Array, Array, Array]:
        """Return the ribbon's points: x in widths on the screen, its nearness 1/depth, and s."""
        s = np.linspace(0, 1, _STEPS, dtype=np.float32)
        x = (s - 0.5) * (1.5 + 0.5 * self.depth)
        z = np.full(_STEPS, self.depth, np.float32) + self._slant * (s - 0.5)
        for sway in self._sways:
            angle = s * np.float32(sway.waves * math.tau) + (sway.phase - t * sway.pace)
            x += np.float32(sway.across) * np.sin(angle)
            z += np.float32(sway.away) * np.cos(angle * 0.83 + sway.phase)
        near = 1 / np.maximum(z, 0.75)
        return 0.5 + (x + pan) * near, near, s

    def light(self, s: Array, near: Array, t: float) -> tuple[Array, Array]:
        """Return how bright and how tall the rays are along the ribbon, 0 … about 1.5."""
        patches = noise_at(self._patches, s - t * 0.011)
        patches *= noise_at(self._patches, s * 0.63 + t * 0.017)
        rays = noise_at(self._rays, s - t * 0.021) * noise_at(self._rays, 1.31 * s + t * 0.013)
        fine = noise_at(self._fine, s + t * 0.009) + noise_at(self._fine, 0.77 * s - t * 0.027)
        fine += np.clip(near - 0.45, 0, 0.5) * (2 * noise_at(self._finest, s - t * 0.005) - 1)
        ends = np.minimum(np.minimum(s, 1 - s) * 8, 1)
        bright = (0.04 + 2.9 * patches) * (0.16 + 2.3 * rays) * (0.35 + 0.65 * fine) * ends
        tall = 0.35 + 0.8 * noise_at(self._heights, s - t * 0.016) + 0.5 * rays
        return self.bright * bright, tall


def line_of_noise(random: np.random.Generator, cells: int) -> Array:
    """Return smooth noise along a line that goes round, 0…1, _LINE steps."""
    coarse = paint.fbm(random, Size(_LINE // 4, 8), cells=min(cells, _LINE // 16), octaves=3)
    fine = cv2.copyMakeBorder(coarse[3:4], 0, 0, 2, 2, cv2.BORDER_WRAP)
    fine = cv2.resize(fine, (_LINE + 16, 1), interpolation=cv2.INTER_CUBIC)
    return fine[0, 8:-8]


def noise_at(line: Array, s: Array) -> Array:
    """Return the noise at places along the line (1 is once round)."""
    return np.take(line, (s * np.float32(_LINE)).astype(np.int32) & (_LINE - 1))


class Loom:
    """Draws curtains column by column on a small canvas from the picture's top to the horizon.

    `canvas` holds two kinds of light in one complex plane, (rows, columns): the low light (green)
    is real, the high light (red to violet) imaginary, so that both are drawn at once.
    """

    def __init__(self, columns: int, rows: int, horizon: float) -> None:
        self.columns, self.rows, self.horizon = columns, rows, horizon
        self.canvas = np.zeros((rows, columns), np.complex64)
        up = np.linspace(0, 1, _PROFILE, dtype=np.float32)
        foot = np.clip(up / 0.04, 0, 1)
        foot = foot * foot * (3 - 2 * foot)
        low = foot * np.exp(-4.6 * up) * (1 - up) ** 1.2
        high = foot * np.exp(-(((up - 0.40) / 0.28) ** 2)) * (1 - up)
        fringe = np.exp(-(((up - 0.02) / 0.016) ** 2)) * np.minimum(up / 0.01, 1)
        self._profile = (1.1 * low + 1j * (0.52 * high + 0.22 * fringe)).astype(np.complex64)
        y = np.linspace(0, horizon, rows, endpoint=False, dtype=np.float32)
        self._y = y[:, None]

    def clear(self) -> None:
        """Begin a new picture."""
        self.canvas[:] = 0

    def weave(self, curtain: Curtain, t: float, pan: float, gain: float = 1.0) -> None:
        """Add a curtain."""
        x, near, s = curtain.spine(t, pan)
        runs = list(_runs(x * self.columns, self.columns))
        if not runs:
            return
        at, cover = (np.concatenate(parts) for parts in zip(*(r[1:] for r in runs), strict=True))
        near, s = _between(near, at), _between(s, at)
        bright, tall = curtain.light(s, near, t)
        bright *= cover * gain
        foot = self.horizon - curtain.low * near
        light = self.rays(foot, curtain.tall * tall * near**0.7, bright)
        start = 0
        for first, places, _ in runs:
            end = start + len(places)
            self.canvas[:, first : first + len(places)] += light[:, start:end]
            start = end

    def rays(self, foot: Array, tall: Array, bright: Array) -> NDArray[np.complex64]:
        """Return rays side by side: from foot (0…1 of the height) up, as tall, as bright."""
        up = (foot - self._y) * ((_PROFILE - 1) / tall)
        light = np.take(self._profile, up.astype(np.intp), mode="clip")
        light *= bright
        return light


def _runs(x: Array, width: int) -> Iterator[tuple[int, NDArray[np.float64], Array]]:
    """Return the ways of a line to and fro over columns 0 … width − 1, one after the other.

    Each is its first column, the line's (fractional) index at each of its columns, and how much
    of the column it covers, 0…1: what ends within a pixel fades in there.
    """
    turns = np.flatnonzero(np.diff(np.signbit(np.diff(x)))) + 1
    index = np.arange(len(x), dtype=np.float32)
    for start, end in zip((0, *turns), (*turns, len(x) - 1), strict=True):
        part, where = x[start : end + 1], index[start : end + 1]
        if part[0] > part[-1]:
            part, where = part[::-1], where[::-1]
        columns = np.arange(max(int(part[0]), 0), min(int(part[-1]) + 2, width), dtype=np.float32)
        if len(columns) == 0:
            continue
        cover = np.minimum(columns - part[0], part[-1] - columns) + 1
        yield int(columns[0]), np.interp(columns, part, where), np.clip(cover / 4, 0, 1)


def _between(values: Array, at: NDArray[np.float64]) -> Array:
    """Return values at fractional indices."""
    return np.interp(at, np.arange(len(values)), values).astype(np.float32)
