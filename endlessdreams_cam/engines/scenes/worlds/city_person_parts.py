"""The person in the city: towers that rise to their outline, windows that are lit to their face."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes.mood import Colour, mix, scale
from endlessdreams_cam.engines.scenes.paint import Array, ramp_table
from endlessdreams_cam.engines.scenes.world import Moment, Person
from endlessdreams_cam.engines.scenes.worlds.city_parts import Air
from endlessdreams_cam.engines.scenes.worlds.city_towers_parts import Pixels8, fixed
from endlessdreams_cam.frame import Size

_RISE_S, _SINK_S = 0.2, 0.7
# How much of the camera's picture fits above the water, so that shoulders show too.
_FIT = 0.84


class Quarter:
    """A quarter of the city whose towers follow the person, a window for each point of them."""

    def __init__(self, random: np.random.Generator, size: Size, rows: int, air: Air) -> None:
        unit = size.height / 360
        self._size, self._rows, self._air = size, rows, air
        self._cell = Size(max(2, round(3.0 * unit)), max(2, round(3.2 * unit)))
        self._lattice = Size(-(-size.width // self._cell.width), -(-rows // self._cell.height))
        self._lots = _lots(random, self._lattice.width)
        self._first = np.flatnonzero(np.diff(self._lots, prepend=-1))
        self._bent = random.uniform(0, 1.6, len(self._first)).astype(np.float32) ** 2
        self._masts = random.uniform(0.01, 0.035, len(self._first)) * size.height
        self._masted = np.flatnonzero(random.random(len(self._first)) < 0.22).tolist()
        self._steel = (*(255 * c for c in mix(air.shade, air.haze, 0.4)), 255)
        self._top = np.full(len(self._first), float(rows), np.float32)
        self._pane, self._wall = self._draw_walls(random)
        shape = self._lattice[::-1]
        self._gain = random.uniform(0.8, 1.1, shape).astype(np.float32)
        self._awake = random.random(shape).astype(np.float32)
        self._table = np.clip(_ramp(air) * 255, 0, 255).astype(np.uint8)
        self._edge = np.array(mix(air.lit, air.haze, 0.4), np.float32) * 90
        self._presence = np.zeros(shape, np.float32)
        self._value = np.zeros(shape, np.float32)

    def _draw_walls(self, random: np.random.Generator) -> tuple[Pixels8, Pixels8]:
        """Return how much of a pixel is window, and the walls' colour: (rows, width, 3) each."""
        (wide, tall), air = self._cell, self._air
        width, height = self._lattice.width * wide, self._lattice.height * tall
        column = np.ones(width, np.float32)
        pane = np.ones((height, width), np.float32)
        kinds = random.integers(3, size=len(self._first))[self._lots].repeat(wide)
        pane[::tall] = np.where(kinds == 2, 0.5, 0.3)
        column[::wide] = np.where(kinds[::wide] == 1, 0.75, 0.35)
        shade = random.uniform(0.82, 1.0, len(self._first))[self._lots].repeat(wide)
        seams = self._first * wide
        column[seams] = 0.05
        column[np.maximum(seams - 1, 0)] *= 0.5
        pane *= column * shade
        rise = np.linspace(1, 0, height, dtype=np.float32)[:, None, None]
        thick = 0.14 + 0.5 * np.exp(-rise * 5.0)
        base = np.array(scale(mix(air.shade, air.lit, 0.25), 0.55)) * shade[:, None]
        wall = (base + (np.array(air.haze) - base) * thick) * 255
        cut = np.s_[: self._rows, : self._size.width]
        return cv2.merge(((pane * 255).astype(np.uint8)[cut],) * 3), wall.astype(np.uint8)[cut]

    def paint(self, above: Pixels8, moment: Moment) -> None:
        """Build the quarter into a picture of RGBA, as far as somebody is there."""
        if moment.person is None:
            self._presence *= math.exp(-moment.real_dt / _SINK_S)
        else:
            self._read(moment.person, moment.amount)
        self._grow(moment.real_dt)
        standing = np.flatnonzero((self._top < self._rows - 1)[self._lots])
        if len(standing):
            left, right = int(standing[0]), int(standing[-1]) + 1
            first = int(self._top.min()) // self._cell.height
            self._draw(above, (left, right, first), moment.t)

    def _read(self, person: Person, amount: float) -> None:
        """Take the person's light to the lattice of windows."""
        small = person.at(Size(160, 90))
        columns, storeys = self._lattice
        across = 160 / (self._size.width / self._cell.width) / _FIT
        down = 90 / (self._size.height / self._cell.height) / _FIT
        matrix = np.array([[across, 0, 80 * (1 - 1 / _FIT)], [0, down, -1.0]], np.float32)
        light = small.tone + 0.24 * small.detail + 0.04 * small.relief
        speed = np.abs(small.flow).sum(2)
        fields = cv2.warpAffine(
            cv2.merge((small.presence * np.float32(amount), light, speed)), matrix,
            (columns, storeys), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip
        self._presence = fields[..., 0].copy()
        value = np.clip((fields[..., 1] - 0.1) * np.float32(0.98), 0.02, 1)
        # What moves is lit at once, here and there: a wave of the hand runs through the windows.
        stirred = np.clip(fields[..., 2] * 1.5 - 0.15, 0, 0.5) * (self._awake > 0.5)
        self._value = value ** np.float32(1.35) * self._gain + stirred

    def _grow(self, dt: float) -> None:
        """Let the towers rise to the outline and sink away."""
        there = self._presence > 0.5
        reach = np.where(there.any(0), there.argmax(0), self._lattice.height).astype(np.float32)
        reach = np.minimum.reduceat(reach, self._first)
        target = np.minimum((reach + self._bent) * self._cell.height, self._rows)
        pace = np.where(
            target < self._top, 1 - math.exp(-dt / _RISE_S), 1 - math.exp(-dt / _SINK_S)
        )
        self._top += (target - self._top) * pace.astype(np.float32)

    def _draw(self, above: Pixels8, place: tuple[int, int, int], t: float) -> None:
        """Draw the towers of some columns of the lattice, from a storey down."""
        left, right, first = place
        cut = np.s_[first:, left:right]
        awake = (self._awake[cut] + np.float32(t / 240)) % np.float32(1.0)
        idle = np.where(awake < 0.45 * self._air.occupied, 0.45 * self._gain[cut], 0.02)
        mine = np.clip(self._presence[cut] * 2.2 - 0.7, 0, 1)
        level = idle + (np.where(awake > 0.975, 0.3, 1.0) * self._value[cut] - idle) * mine
        light = self._table[np.clip(level * 1023, 0, 1023).astype(np.int32)]
        storeys, columns = level.shape
        (wide, tall), width = self._cell, self._size.width
        x0, x1, y0 = left * wide, min(right * wide, width), first * tall
        size = (columns * wide, storeys * tall)
        panes = cv2.resize(light, size, interpolation=cv2.INTER_NEAREST)
        wash = cv2.resize(cv2.GaussianBlur(light, (0, 0), 1.0), size)
        area = np.s_[y0 : self._rows, x0:x1]
        panes = np.ascontiguousarray(panes[: self._rows - y0, : x1 - x0])
        wash = np.ascontiguousarray(wash[: self._rows - y0, : x1 - x0])
        picture = cv2.multiply(panes, self._pane[area], scale=0.92 / 255)
        picture = cv2.add(picture, cv2.addWeighted(wash, 0.34, self._wall[area], 0.9, 0))
        self._stand(above, picture, (x0, x1, y0))

    def _stand(self, above: Pixels8, picture: Pixels8, place: tuple[int, int, int]) -> None:
        """Stand the towers up to their roofs, each roof edged with the sky's light."""
        x0, x1, y0 = place
        top = self._top[self._lots].repeat(self._cell.width)[None, x0:x1]
        depth = np.arange(y0, self._rows, dtype=np.float32)[:, None] - top
        alpha = np.clip(depth * 255, 0, 255)
        roof = (np.clip(2.0 - depth, 0, 1) * alpha)[..., None] * (self._edge / 255)
        alpha8 = alpha.astype(np.uint8)
        picture = cv2.add(picture, roof.astype(np.uint8))
        picture = cv2.cvtColor(picture, cv2.COLOR_RGB2RGBA)
        cv2.copyTo(picture, alpha8, above[y0 : self._rows, x0:x1])
        for n in self._masted:
            foot, x = float(self._top[n]), (self._first[n] + 1.5) * self._cell.width
            if foot < 0.8 * self._rows:
                ends = fixed([(x, foot), (x, foot - float(self._masts[n]))])
                cv2.line(above, ends[0], ends[1], self._steel, 1, cv2.LINE_AA, 4)


def _lots(random: np.random.Generator, columns: int) -> NDArray[np.int64]:
    """Return the tower that each column of windows belongs to."""
    return np.repeat(np.arange(columns), random.integers(3, 7, columns))[:columns]


def _ramp(air: Air) -> Array:
    """Return the colours of windows from dark to bright, a table of 1,024."""
    night: list[Colour] = [
        (0.03, 0.04, 0.12),
        mix((0.13, 0.11, 0.33), scale(air.glow, 0.35), 0.4),
        mix((0.62, 0.25, 0.36), air.glow, 0.35),
        (0.98, 0.55, 0.3),
        (1.0, 0.76, 0.46),
        (1.0, 0.95, 0.84),
    ]
    day: list[Colour] = [
        scale(air.glass, 0.35), scale(air.shade, 0.75), mix(air.shade, air.lit, 0.5),
        scale(air.lit, 1.15), mix(air.lit, (1, 1, 1), 0.6), (1, 1, 1),
    ]  # fmt: skip
    return ramp_table([mix(d, n, air.evening) for d, n in zip(day, night, strict=True)])
