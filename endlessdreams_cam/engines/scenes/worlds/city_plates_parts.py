"""Skylines for the city: endless strips of towers whose windows are switched one by one.

A window is redrawn only when its light changes, so that a night of ten thousand windows costs
next to nothing per picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes.mood import Colour, scale
from endlessdreams_cam.engines.scenes.paint import Array
from endlessdreams_cam.engines.scenes.worlds import city_towers_parts as towers
from endlessdreams_cam.engines.scenes.worlds.city_bank_parts import furnish
from endlessdreams_cam.engines.scenes.worlds.city_parts import Air
from endlessdreams_cam.engines.scenes.worlds.city_towers_parts import (
    SLENDER,
    STOUT,
    WALLS,
    Box,
    Draft,
    Pane,
    Pixels8,
    Plot,
)
from endlessdreams_cam.frame import Size

Places = NDArray[np.int64]
_LEVELS = 24
_SWITCH_S = 0.3


@dataclass(frozen=True, slots=True)
class Depth:
    """How one depth of skyline looks.

    haze 0…1: how far it has faded into the air. low, high: roofs above the water, and width of
    towers, in picture heights. pitch: of windows, in pixels of a picture 360 high. signs: neon on
    its walls. rows: how tall each row of towers is, back to front. bank: low before the view, tall
    at its sides, with a street along its foot.
    """

    haze: float
    low: float
    high: float
    width: tuple[float, float]
    pitch: tuple[float, float]
    signs: int
    rows: tuple[float, ...] = (1.0, 0.6)
    bank: bool = False


@dataclass(frozen=True, slots=True)
class Windows:
    """Windows as columns: place (left, top, width, height), lamp as 0…255, who switches it when."""

    box: NDArray[np.int32]
    lamp: Array
    period: Array
    phase: Array
    duty: Array

    def lit(self, t: float) -> Array:
        """Return each window's light at a time, 0…1: a lamp takes 0.3 s to come and go."""
        along = (np.float32(t) / self.period + self.phase) % np.float32(1.0)
        edge = np.minimum(along, self.duty - along) * self.period
        return np.clip(edge * np.float32(1 / _SWITCH_S), 0, 1)


@dataclass(frozen=True, slots=True)
class Sign:
    """A neon sign: its place, its picture, and the phase of its failing tube (under 0: sound)."""

    box: Box
    picture: Pixels8
    failing: float


class Plate:
    """One depth of skyline: `strip` is endless sideways, (height, width, 4) premultiplied RGBA.

    Its bottom row stands at the water. `masts` are the warning lamps, in pixels.
    """

    def __init__(
        self, random: np.random.Generator, size: Size, unit: float, depth: Depth, air: Air
    ) -> None:
        self.size, self._unit, self._depth, self._air = size, unit, depth, air
        draft = Draft(size, unit, air, random)
        self._settle(draft)
        if depth.bank:
            furnish(draft)
        self.signs = [sign for _ in range(depth.signs) if (sign := self._hang_sign(draft))]
        # Lamps on masts that nothing taller was built before.
        self.masts = [
            (x, y)
            for x, y in draft.masts
            if not draft.cover[max(int(y) - 3, 0), min(int(x), size.width - 1)]
        ]
        self.windows = _tenants(draft, air, 0.35 + 0.65 * (1 - depth.haze))
        if depth.haze > 0.5:
            # The air softens what is far, and keeps its small windows from crawling.
            draft.pane = cv2.GaussianBlur(draft.pane, (3, 3), 0.45)
        self._pane = draft.pane
        self._dark = self._finish(draft)
        self.strip = self._dark.copy()
        self._shown = np.zeros(len(self.windows.period), np.int16)
        self._switch_all(draft.label)
        for sign in self.signs:
            self._light_sign(sign, 1.0)

    def _settle(self, draft: Draft) -> None:
        """Build towers along the strip: tall where downtown is, two rows of them."""
        random, height = draft.random, self.size.height
        profile = _gate if self._depth.bank else _downtown
        downtown = profile(random, self.size.width)
        for row, tallness in enumerate(self._depth.rows):
            x = 0.0
            while x < self.size.width - 5:
                wide = max(random.uniform(*self._depth.width) * height, 6.0)
                right = min(x + wide, self.size.width)
                share = float(downtown[int((x + right) / 2)]) * random.uniform(0.5, 1.05) * tallness
                tall = (self._depth.low + (self._depth.high - self._depth.low) * share) * height
                tall = min(max(tall, 4.0), height - 3.0)
                wall = WALLS[int(random.integers(len(WALLS)))]
                albedo = scale(wall, random.uniform(0.75, 1.1))
                glazing = towers.glazing(random, self._depth.pitch, self._unit)
                plot = Plot(round(x), round(right), height - round(tall), albedo, glazing)
                if plot.wide >= 5:
                    kinds = SLENDER if tall > 2.2 * wide else STOUT
                    kinds[int(random.integers(len(kinds)))](draft, plot, height)
                x = right + wide * (random.uniform(-0.12, 0.06) + 0.4 * (row > 0) * random.random())

    def _hang_sign(self, draft: Draft) -> Sign | None:
        """Hang a neon sign of letters that nobody can read where there is wall enough."""
        random, air = draft.random, self._air
        for _ in range(20):
            cell = max(3, round(random.uniform(5, 8.5) * self._unit))
            long, broad = int(random.integers(3, 7)) * cell + 2, cell + 2
            wide, tall = (long, broad) if random.random() < 0.3 else (broad, long)
            left = int(random.integers(0, max(self.size.width - wide, 1)))
            top = int(
                random.integers(
                    self.size.height // 3,
                    max(self.size.height - tall - 4, self.size.height // 3 + 1),
                )
            )
            area = np.s_[top : top + tall, left : left + wide]
            wall = draft.cover[area]
            if wall.shape != (tall, wide) or wall.min() < 255 or draft.label[area].min() < 0:
                continue
            draft.pane[area], draft.label[area], draft.accent[area] = 0, -1, 0
            draft.paint[area] = towers.to_bytes(scale(air.shade, 0.35))
            colour = air.neon[int(random.integers(len(air.neon)))]
            letters = _letters(random, wide, tall, cell, colour, 0.3 + 0.7 * air.evening)
            failing = random.random() if random.random() < 0.25 else -1.0
            return Sign((left, top, wide, tall), letters, failing)
        return None

    def _finish(self, draft: Draft) -> Pixels8:
        """Return the strip with all lamps off: glass, and the haze of distance and ground."""
        air, (width, height) = self._air, self.size
        strip = np.zeros((height, width, 4), np.uint8)
        strip[..., 3] = draft.cover
        first = int(draft.cover.any(1).argmax())
        pane = (draft.pane[first:].astype(np.float32) * np.float32(0.8 / 255))[..., None]
        rise = np.linspace(1, 0, height, dtype=np.float32)[first:, None, None]
        painted = draft.paint[first:].astype(np.float32) * np.float32(1 / 255)
        glass = np.array(air.glass, np.float32) * (0.5 + 1.0 * rise)
        painted += (glass - painted) * pane
        far = min(self._depth.haze + air.thickness * (0.3 + self._depth.haze), 0.95)
        thick = far + (1 - far) * (0.6 * np.exp(-rise * 5.5) + 0.1 * np.exp(-rise * 1.6))
        painted += (np.array(air.haze, np.float32) - painted) * thick
        accent = cv2.multiply(draft.accent[first:], np.ones(4), scale=(1 - 0.75 * far) / 255,
                              dtype=cv2.CV_32F)  # fmt: skip
        painted += (1 - painted) * accent
        painted += draft.random.random((height - first, width, 1), np.float32) * np.float32(1 / 255)
        painted *= draft.cover[first:, :, None]
        strip[first:, :, :3] = np.clip(painted, 0, 255)
        return strip

    def _switch_all(self, label: NDArray[np.int32]) -> None:
        """Switch every window at once to its state at time 0."""
        level = self._levels(0.0, 1.0)
        table = np.zeros((int(label.max(initial=0)) + 1, 3), np.float32)
        # Windows that something stands before keep the label but never a lamp.
        columns, rows = self.windows.box[:, 0], self.windows.box[:, 1]
        ids = label[rows, columns]
        table[ids] = self.windows.lamp * (level[:, None] / np.float32(_LEVELS))
        light = table[np.maximum(label, 0)] * (self._pane[..., None] * np.float32(1 / 255))
        self.strip[..., :3] = np.minimum(self._dark[..., :3] + light, 255).astype(np.uint8)
        self._shown = level

    def _levels(self, t: float, power: float | Array) -> NDArray[np.int16]:
        return np.rint(self.windows.lit(t) * power * np.float32(_LEVELS)).astype(np.int16)

    def switch(self, t: float, power: float | Array = 1.0) -> None:
        """Switch the windows to time t; `power` 0…1, for all or for each, fails in a brownout."""
        level = self._levels(t, power)
        changed = np.flatnonzero(level != self._shown)
        lamps = self.windows.lamp[changed] * (level[changed, None] / np.float32(_LEVELS * 255))
        for (left, top, wide, tall), lamp in zip(
            self.windows.box[changed].tolist(), lamps, strict=True
        ):
            area = np.s_[top : top + tall, left : left + wide]
            light = self._pane[area][..., None] * lamp
            self.strip[area][..., :3] = np.minimum(self._dark[area][..., :3] + light, 255)
        self._shown = level
        for sign in self.signs:
            if sign.failing >= 0:
                self._light_sign(sign, _flicker(t, sign.failing))

    def _light_sign(self, sign: Sign, level: float) -> None:
        left, top, wide, tall = sign.box
        area = np.s_[top : top + tall, left : left + wide]
        light = cv2.addWeighted(
            np.ascontiguousarray(self._dark[area][..., :3]), 1.0, sign.picture, level, 0
        )
        self.strip[area][..., :3] = light


def _downtown(random: np.random.Generator, width: int) -> Array:
    """Return how tall the city is along a strip, 0…1: two downtowns and lower parts, seamless."""
    at = np.linspace(0, 1, width + 1, dtype=np.float32)
    total = np.full_like(at, 0.22)
    places = (random.uniform(0.24, 0.46), random.uniform(0.58, 0.92))
    for place, tall in zip(places, (0.8, random.uniform(0.35, 0.7)), strict=True):
        total += tall * _hill(at, place, random.uniform(0.09, 0.16))
    return np.minimum(total, 1.0)


def _gate(random: np.random.Generator, width: int) -> Array:
    """Return the same for the near bank: low before the view, tall at both of its sides."""
    at = np.linspace(0, 1, width + 1, dtype=np.float32)
    left, right = random.uniform(0.35, 1.0, 2)
    sides = left * _hill(at, 0.045, 0.05) + right * _hill(at, 0.66, 0.05)
    return np.minimum(0.1 + sides + 0.5 * _hill(at, 0.85, 0.08), 1.0)


def _hill(at: Array, place: float, wide: float) -> Array:
    apart = np.abs((at - place + 0.5) % 1.0 - 0.5)
    return np.exp(-((apart / wide) ** 2)).astype(np.float32)


def _flicker(t: float, phase: float) -> float:
    """Return a failing tube's light: steady for 7 s or so, then a shiver of half its light."""
    along = (t / 7.3 + phase) % 1.0
    if along > 0.12:
        return 1.0
    shiver = np.sin(along * 190.0 + phase * 40) + np.sin(along * 311.0)
    return float(0.75 + 0.125 * np.clip(shiver, -2, 2))


def _tenants(draft: Draft, air: Air, strength: float) -> Windows:
    """Give a lamp and a rhythm to each window that nothing stands before."""
    random, panes = draft.random, draft.panes
    across, down, left, top, wide, tall = np.array(
        [(p.across, p.down, p.left, p.top, p.glazing.across, p.glazing.down) for p in panes] or
        np.zeros((0, 6)), np.int32,
    ).T  # fmt: skip
    count = across * down
    face = np.repeat(np.arange(len(panes)), count)
    rows, columns = np.divmod(np.arange(len(face)) - np.repeat(np.cumsum(count) - count, count),
                              across[face])  # fmt: skip
    box = np.stack([left[face] + columns * wide[face], top[face] + rows * tall[face],
                    wide[face], tall[face]], 1)  # fmt: skip
    floor = np.repeat(np.cumsum(down) - down, count) + rows
    lamp = _warmed(_lamps(random, panes, face), air.warm)
    lamp *= np.float32(255 * strength * (0.2 + 0.8 * air.evening))
    rhythm = _rhythms(random, panes, face, floor, air.occupied)
    seen = np.bincount(np.maximum(draft.label, 0).ravel(), minlength=draft.count + 1)[1:]
    keep = seen == box[:, 2] * box[:, 3]
    period, phase, duty = (part[keep].astype(np.float32) for part in rhythm)
    return Windows(box[keep].astype(np.int32), lamp[keep], period, phase, duty)


def _lamps(random: np.random.Generator, panes: list[Pane], face: Places) -> Array:
    """Return each window's lamp, 0…1: partly its own, partly its house's."""
    kinds = np.array([[*p.glazing.lamps, *p.glazing.lamps][:4] for p in panes], np.float32)
    kinds = kinds.reshape(-1, 4, 3)
    house = kinds[np.arange(len(panes)), random.integers(0, 4, len(panes))]
    own = kinds[face, random.integers(0, 4, len(face))]
    level = random.uniform(0.3, 1.0, (len(face), 1)).astype(np.float32) ** np.float32(1.2)
    return np.asarray((own * 0.5 + house[face] * 0.5) * level, np.float32)


def _warmed(lamps: Array, share: float) -> Array:
    """Return lamps of the same brightness, each so far a home's (0…1)."""
    bright = lamps @ np.array((0.2126, 0.7152, 0.0722), np.float32)
    home = bright[:, None] * np.array((1.46, 0.92, 0.38), np.float32)
    return np.asarray(np.minimum(lamps + (home - lamps) * np.float32(share), 1), np.float32)


def _rhythms(
    random: np.random.Generator, panes: list[Pane], face: Places, floor: Places, occupied: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return period, phase and duty of each window; some floors are switched as one."""
    count, floors = len(face), sum(p.down for p in panes)
    busy = np.clip(occupied * random.uniform(0.3, 1.5, len(panes)), 0.02, 0.92)[face]
    together = np.array([p.glazing.together for p in panes])[face]
    shared = random.random(floors)[floor] < together
    period = np.where(
        shared, random.uniform(120, 420, floors)[floor], random.uniform(60, 420, count)
    )
    late = random.uniform(0, 2.5, count) / period
    phase = np.where(shared, random.random(floors)[floor] + late, random.random(count))
    duty = np.where(shared, busy, np.clip(busy * random.uniform(0.5, 1.5, count), 0.01, 0.97))
    return period, phase, duty


def _letters(
    random: np.random.Generator, wide: int, tall: int, cell: int, colour: Colour, level: float
) -> Pixels8:
    """Return a sign, uint8 (tall, wide, 3): strokes with a white-hot core and their glow."""
    fine = 4
    strokes = np.zeros((tall * fine, wide * fine), np.uint8)
    for n in range(max(wide, tall) // cell):
        x, y = (1, 1 + n * cell) if tall > wide else (1 + n * cell, 1)
        for k, at in enumerate(random.uniform(0.14, 0.82, int(random.integers(3, 5)))):
            ends = [(at, 0.1), (at, 0.86)] if k % 2 else [(0.1, at), (0.86, at)]
            a, b = ((round((x + u * cell) * fine), round((y + v * cell) * fine)) for u, v in ends)
            cv2.line(strokes, a, b, 255, max(2, round(cell * 0.6)))
    small = cv2.resize(strokes, (wide, tall), interpolation=cv2.INTER_AREA).astype(np.float32)
    core = np.clip(small * np.float32(1.5 / 255), 0, 1)
    halo = cv2.GaussianBlur(core, (0, 0), max(cell * 0.35, 0.8))
    picture = np.array(colour, np.float32) * (0.85 * core + 0.5 * halo)[..., None]
    picture += 0.22 * (core**2)[..., None]
    return np.clip(picture * (255 * level), 0, 255).astype(np.uint8)
