"""Kelp: fronds painted once, swayed by the swell, their tips lagging behind their feet."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes.world import Plane
from endlessdreams_cam.engines.scenes.worlds.land_parts import Planes
from endlessdreams_cam.engines.scenes.worlds.sky_parts import Dye, lay
from endlessdreams_cam.frame import Size

Points = NDArray[np.float64]
_SHIFT = 4


class Brush:
    """Paints anti-aliased shapes on a strip that wraps sideways: cover and tone, 0…255 each."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.cover = np.zeros((size.height, size.width), np.uint8)
        self.tone = np.zeros((size.height, size.width), np.uint8)

    def fill(self, shapes: Points, tones: Points) -> None:
        """Fill polygons, (count, corners, 2) in pixels, each with its own tone 0…1."""
        for fixed in self._wrapped(shapes):
            for shape, tone in zip(fixed, np.round(255 * tones).tolist(), strict=True):
                cv2.fillPoly(self.cover, [shape], 255, cv2.LINE_AA, _SHIFT)
                cv2.fillPoly(self.tone, [shape], tone, cv2.LINE_AA, _SHIFT)

    def line(self, paths: Points, tone: float, thick: float) -> None:
        """Draw lines, (count, points, 2) in pixels."""
        wide = max(1, round(thick))
        for fixed in self._wrapped(paths):
            cv2.polylines(self.cover, list(fixed), False, 255, wide, cv2.LINE_AA, _SHIFT)
            cv2.polylines(
                self.tone, list(fixed), False, round(255 * tone), wide, cv2.LINE_AA, _SHIFT
            )

    def _wrapped(self, shapes: Points) -> list[NDArray[np.int32]]:
        shifts = [0]
        if shapes[..., 0].min() < 0:
            shifts.append(self.size.width)
        if shapes[..., 0].max() > self.size.width:
            shifts.append(-self.size.width)
        fixed = np.round(shapes * (1 << _SHIFT)).astype(np.int32)
        return [fixed + np.array((shift << _SHIFT, 0), np.int32) for shift in shifts]


def frond(
    random: np.random.Generator, brush: Brush, x: float, foot: float, tall: float, unit: float
) -> None:
    """Paint one stalk of giant kelp: blades along a stipe, turn and turn about."""
    s = np.linspace(0, 1, 24)
    bow, phase = random.uniform(-0.10, 0.10) * tall, random.uniform(0, math.tau)
    wave = 0.012 * tall * np.sin(7 * s + phase) * s
    path = np.stack((x + bow * s**1.5 + wave, foot - tall * s), 1)
    count = max(5, int(tall / (6.5 * unit)))
    at = (np.arange(count) + 0.5) / count
    feet = np.stack([np.interp(at, s, path[:, c]) for c in (0, 1)], 1)
    side = np.where(np.arange(count) % 2, 1.0, -1.0)
    long = unit * random.uniform(18, 30, count) * (1 - 0.45 * at) * np.minimum(1, 0.35 + at * 4)
    angle = random.normal(0.62, 0.2, count) + 0.5 * at
    blades(random, brush, feet, side, long, angle, random.uniform(0.25, 0.75, count))
    brush.line(path[None], 0.35, 1.7 * unit)


def blades(
    random: np.random.Generator,
    brush: Brush,
    feet: Points,
    side: Points,
    long: Points,
    angle: Points,
    tone: Points,
) -> None:
    """Paint blades: lenses with wavy edges that rise outwards from their feet, (count, 2).

    side: 1 to the right, -1 to the left; long in pixels; angle over the level, in radians.
    """
    s = np.linspace(0, 1, 9)
    long, angle, side = long[:, None], angle[:, None], side[:, None]
    across = np.sin(math.pi * s**0.8) * 0.14 * long
    ripple = 0.02 * long * np.sin(s * 11 + random.uniform(0, math.tau, long.shape))
    out = feet[:, :1] + side * long * s * np.cos(angle)
    up = feet[:, 1:] - long * s * np.sin(angle) + 0.25 * long * s * s - ripple
    middle = np.stack((out, up), 2)
    upper, lower = np.stack((out, up - across), 2), np.stack((out, up + across), 2)
    brush.fill(np.concatenate((upper, lower[:, ::-1]), 1), tone * 0.8)
    brush.fill(np.concatenate((upper, middle[:, ::-1]), 1), np.minimum(tone * 1.4, 1))


def fan(
    random: np.random.Generator, brush: Brush, x: float, foot: float, tall: float, unit: float
) -> None:
    """Paint a branching coral."""
    angle = math.pi / 2 + np.array([-0.5, 0.0, 0.5]) + random.normal(0, 0.1, 3)
    start = np.repeat([(x, foot)], 3, 0)
    long, thick = np.full(3, tall * 0.3), 3.4 * unit
    for level in range(7):
        end = start + np.stack((np.cos(angle), -np.sin(angle)), 1) * long[:, None]
        brush.line(np.stack((start, end), 1), 0.30 + 0.09 * level, thick)
        if float(long.max()) < 3 * unit:
            return
        count = 2 * len(long)
        start, thick = np.repeat(end, 2, 0), thick * 0.74
        bend = np.tile((-1.0, 1.0), len(long)) * random.uniform(0.2, 0.6, count)
        angle, long = (
            np.repeat(angle, 2) + bend,
            np.repeat(long, 2) * random.uniform(0.64, 0.86, count),
        )


class Grove:
    """A strip of plants that sways."""

    def __init__(self, brush: Brush, window: Size, top: int, dye: Dye, *, sway: float) -> None:
        """Take what a brush painted; top: the row of the picture where it begins.

        sway: how far tips swing, in pixels.
        """
        self._window, self._period, self._top = window, brush.size.width, top
        margin = math.ceil(sway * 4.5) + 2
        self._margin = margin
        cover = brush.cover.astype(np.float32) * np.float32(1 / 255)
        tone = brush.tone.astype(np.float32) * np.float32(1 / 255) / np.maximum(cover, 0.02)
        planes = cv2.merge((cover, tone, cover, tone))
        self._planes = cv2.copyMakeBorder(
            planes, 0, 0, margin, window.width + margin, cv2.BORDER_WRAP
        )
        xs, ys = np.meshgrid(
            np.arange(window.width, dtype=np.float32), np.arange(window.height, dtype=np.float32)
        )
        self._xs, self._ys = xs + margin, ys
        small = (max(8, window.width // 8), max(8, window.height // 8))
        up = 1 - np.linspace(0, 1, small[1], dtype=np.float32)[:, None]
        self._lag = np.repeat(up, small[0], 1)
        self._swing = (self._lag**1.5) * np.float32(sway)
        self._across = np.linspace(0, window.width, small[0], dtype=np.float32)[None] * np.float32(
            5.0 / window.height
        )
        self._seen = np.empty((window.height, window.width, 4), np.float32)
        self._dye = dye

    def paint(
        self, planes: Planes, t: float, x: float, *, sun: float, swell: float, push: Plane | None
    ) -> None:
        """Paint the plants over the planes in place, moved right by x pixels.

        sun 0…1: how bright the light is; swell: how far they swing, 1 is natural; push (any size,
        in pixels): how far the water presses each place sideways besides.
        """
        width, height = self._window
        at = -x % self._period
        # The phase travels with the strip, and each place swings in its own time.
        phase = self._across + np.float32(at * 5.0 / height)
        swing = np.sin(0.83 * t - 2.1 * self._lag + np.sin(phase * 0.9) * 1.3)
        swing += 0.45 * np.sin(1.47 * t - 3.3 * self._lag + phase * 1.7)
        swing *= self._swing * np.float32(swell)
        if push is not None:
            swing += cv2.resize(push, (swing.shape[1], swing.shape[0])) * self._lag
        moved = cv2.resize(swing, (width, height), interpolation=cv2.INTER_LINEAR)
        np.subtract(self._xs, moved, out=moved)
        left = math.floor(at)
        moved += np.float32(at - left)
        part = self._planes[:, left : left + width + 2 * self._margin]
        seen = cv2.remap(part, moved, self._ys, cv2.INTER_LINEAR, dst=self._seen)
        cover, tone = cv2.extractChannel(seen, 0), cv2.extractChannel(seen, 1)
        lay(planes[:, self._top : self._top + height], tone, cover, self._dye.tables(sun))
