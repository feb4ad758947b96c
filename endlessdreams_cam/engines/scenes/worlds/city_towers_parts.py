"""Towers for the city: blocks that step back, spires, wedges, domes, and what stands on roofs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes.mood import Colour, mix, scale
from endlessdreams_cam.engines.scenes.worlds.city_parts import Air
from endlessdreams_cam.frame import Size

Pixels8 = NDArray[np.uint8]
Box = tuple[int, int, int, int]
"""Left, top, width, height in pixels."""

# Lamps behind windows, by who is there: homes, offices, hotels.
_HOMES: tuple[Colour, ...] = ((1, 0.66, 0.36), (1, 0.76, 0.5), (1, 0.56, 0.33), (0.55, 0.72, 1))
_OFFICES: tuple[Colour, ...] = ((0.92, 0.95, 1.0), (0.7, 0.86, 1.0), (1.0, 0.88, 0.72))
_HOTELS: tuple[Colour, ...] = ((1.0, 0.71, 0.42), (1.0, 0.54, 0.46), (1.0, 0.84, 0.64))
# What towers are built of: concrete, sandstone, brick, marble, steel, dark glass, copper.
WALLS: tuple[Colour, ...] = (
    (0.86, 0.84, 0.82), (1.0, 0.86, 0.7), (0.78, 0.52, 0.44), (1.1, 1.06, 1.02), (0.62, 0.76, 0.9),
    (0.42, 0.46, 0.54), (0.56, 0.74, 0.68),
)  # fmt: skip
_LAMPS = (_HOMES, _HOMES, _OFFICES, _OFFICES, _HOTELS)


@dataclass(frozen=True, slots=True)
class Glazing:
    """How a façade is glazed.

    across, down: pixels from window to window; pane: one window's cover, uint8 (down, across);
    lamps: what light stands behind; together 0…1: how many floors are switched as one.
    """

    across: int
    down: int
    pane: Pixels8
    lamps: tuple[Colour, ...]
    together: float


@dataclass(frozen=True, slots=True)
class Pane:
    """The windows of one face: left, top, number across and down, and how they are glazed."""

    left: int
    top: int
    across: int
    down: int
    first: int
    glazing: Glazing


@dataclass(frozen=True, slots=True)
class Plot:
    """Where a tower stands: columns, roof row, and what it is built of."""

    left: int
    right: int
    roof: int
    albedo: Colour
    glazing: Glazing

    @property
    def wide(self) -> int:
        return self.right - self.left

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


@dataclass(slots=True)
class Draft:
    """A skyline being drawn, back to front: what is drawn later hides what was.

    paint: colours of walls; cover: where there is a wall; pane: how much of a pixel is window;
    accent: light added to walls; label: the window that a pixel belongs to, from 1, 0 for none.
    unit: pixels per pixel of a picture 360 high.
    """

    size: Size
    unit: float
    air: Air
    random: np.random.Generator
    paint: Pixels8 = field(init=False)
    cover: Pixels8 = field(init=False)
    pane: Pixels8 = field(init=False)
    accent: Pixels8 = field(init=False)
    label: NDArray[np.int32] = field(init=False)
    panes: list[Pane] = field(default_factory=list)
    masts: list[tuple[float, float]] = field(default_factory=list)
    count: int = 0

    def __post_init__(self) -> None:
        shape = (self.size.height, self.size.width)
        self.paint, self.accent = (np.zeros((*shape, 3), np.uint8) for _ in range(2))
        self.cover, self.pane = (np.zeros(shape, np.uint8) for _ in range(2))
        self.label = np.zeros(shape, np.int32)

    def face(self, left: int, right: int, top: int, bottom: int, colour: Colour) -> None:
        """Draw a wall; it hides what stands behind."""
        area = np.s_[max(top, 0) : bottom, max(left, 0) : right]
        self.paint[area] = to_bytes(colour)
        self.cover[area] = 255
        self.pane[area] = self.label[area] = self.accent[area] = 0

    def shape(self, points: list[tuple[float, float]], colour: Colour) -> None:
        """Draw a wall with slanting edges, smooth."""
        xs, ys = zip(*points, strict=True)
        left, top = max(int(min(xs)) - 1, 0), max(int(min(ys)) - 1, 0)
        right, bottom = (
            min(int(max(xs)) + 2, self.size.width),
            min(int(max(ys)) + 2, self.size.height),
        )
        if right <= left or bottom <= top:
            return
        mask = np.zeros((bottom - top, right - left), np.uint8)
        cv2.fillPoly(mask, [fixed([(x - left, y - top) for x, y in points])], 255, cv2.LINE_AA, 4)
        area = np.s_[top:bottom, left:right]
        part = (mask.astype(np.float32) / 255)[..., None]
        self.paint[area] = np.where(
            self.cover[area][..., None] > 0,
            self.paint[area] * (1 - part) + to_bytes(colour) * part,
            to_bytes(colour),
        ).astype(np.uint8)
        self.cover[area] = np.maximum(self.cover[area], mask)
        for plane in (self.pane, self.label, self.accent):
            plane[area][mask > 127] = 0

    def line(self, a: tuple[float, float], b: tuple[float, float], colour: Colour) -> None:
        """Draw a mast or a cable."""
        ends = fixed([a, b])
        tone = [float(c) for c in to_bytes(colour)]
        cv2.line(self.paint, ends[0], ends[1], tone, 1, cv2.LINE_8, 4)
        cv2.line(self.cover, ends[0], ends[1], 225, 1, cv2.LINE_AA, 4)

    def light(self, box: Box, colour: Colour, *, rising: bool = False) -> None:
        """Add light to a wall: even, or strongest at the foot of the box and `rising`."""
        left, top, wide, tall = box
        area = np.s_[max(top, 0) : top + tall, max(left, 0) : left + wide]
        part = self.accent[area]
        if part.size == 0:
            return
        rows = np.linspace(0, 1, part.shape[0], dtype=np.float32) ** 1.7 if rising else 1.0
        added = to_bytes(colour) * np.reshape(rows, (-1, 1, 1))
        self.accent[area] = np.minimum(part + added, 255)

    def neon(self, a: tuple[float, float], b: tuple[float, float], colour: Colour) -> None:
        """Add a tube of light from a to b."""
        ends = fixed([a, b])
        cv2.line(self.accent, ends[0], ends[1], [float(c) for c in to_bytes(colour)], 1,
                 cv2.LINE_AA, 4)  # fmt: skip

    def glaze(self, left: int, right: int, top: int, bottom: int, glazing: Glazing) -> None:
        """Fill a wall with windows."""
        across, down = (right - left) // glazing.across, (bottom - top) // glazing.down
        if across < 1 or down < 1:
            return
        left += (right - left - across * glazing.across) // 2
        area = np.s_[top : top + down * glazing.down, left : left + across * glazing.across]
        self.pane[area] = np.tile(glazing.pane, (down, across))
        ids = 1 + self.count + np.arange(down * across, dtype=np.int32).reshape(down, across)
        self.label[area] = ids.repeat(glazing.down, 0).repeat(glazing.across, 1)
        if down > 14:  # a floor of machines now and then
            first = top + int(self.random.integers(4, 9)) * glazing.down
            for row in range(first, top + down * glazing.down, 11 * glazing.down):
                band = np.s_[row : row + glazing.down, left : left + across * glazing.across]
                self.pane[band], self.label[band] = 0, 0
        self.panes.append(Pane(left, top, across, down, self.count, glazing))
        self.count += across * down

    def lamp(self, *, warm: float = 0.5) -> Colour:
        """Return a colour for floodlights: the city's neon, partly tungsten."""
        neon = self.air.neon[int(self.random.integers(len(self.air.neon)))]
        return mix(neon, (1.0, 0.74, 0.5), warm)


def fixed(points: list[tuple[float, float]]) -> NDArray[np.int32]:
    """Return points for OpenCV's drawing with four bits of a pixel."""
    return np.round(np.array(points, np.float64) * 16).astype(np.int32)


def to_bytes(colour: Colour) -> NDArray[np.float32]:
    """Return a colour as 0…255, clipped."""
    return np.clip(np.array(colour, np.float32) * 255, 0, 255)


def glazing(random: np.random.Generator, pitch: tuple[float, float], unit: float) -> Glazing:
    """Return a façade of a random kind: punched windows, ribbons or fins."""
    across, down = (max(2, round(p * unit)) for p in pitch)
    columns, rows = np.full(across, 255.0), np.full(down, 255.0)
    columns[0] = rows[0] = 0
    lamps, together = _LAMPS[int(random.integers(len(_LAMPS)))], 0.25
    kind = int(random.integers(4))
    if kind == 0 and across >= 4:
        columns[-1] = 90
    elif kind == 1:
        columns[0], together, lamps = 165, 0.75, _OFFICES
    elif kind == 2:
        rows[0] = 130
    if down >= 5:
        rows[1] = 160
    pane = (np.outer(rows, columns) / 255).astype(np.uint8)
    return Glazing(across, down, pane, lamps, together)


def times(a: Colour, b: Colour) -> Colour:
    return (a[0] * b[0], a[1] * b[1], a[2] * b[2])


def block(draft: Draft, plot: Plot, ground: int) -> None:
    """Draw a block with a lit and a shaded face down to a row, glazed."""
    air, wide = draft.air, plot.wide
    bright, dark = times(air.lit, plot.albedo), times(air.shade, plot.albedo)
    deep = max(1, round(wide * 0.27))
    split = plot.left + deep if air.side > 0 else plot.right - deep
    left, right = (dark, bright) if air.side > 0 else (bright, dark)
    draft.face(plot.left, split, plot.roof, ground, left)
    draft.face(split, plot.right, plot.roof, ground, right)
    draft.face(plot.left, plot.right, plot.roof, plot.roof + 1, scale(bright, 1.4))
    rim = plot.right - 1 if air.side > 0 else plot.left
    draft.face(rim, rim + 1, plot.roof, ground, scale(bright, 1.3))
    draft.glaze(plot.left + 1, split, plot.roof + 2, ground, plot.glazing)
    draft.glaze(split, plot.right - 1, plot.roof + 2, ground, plot.glazing)


def steps(draft: Draft, plot: Plot, ground: int) -> None:
    """Draw a tower that steps back as it climbs, its crown washed with light, with a spire."""
    random, tall, wide = draft.random, ground - plot.roof, plot.wide
    count = int(random.integers(2, 5)) if tall > 1.6 * wide else 2
    shares = np.sort(random.uniform(0.05, 0.62, count - 1))[::-1]
    roofs = [*(plot.roof + round(tall * float(s)) for s in shares), plot.roof]
    inset = random.uniform(0.2, 0.38) * wide / max(count - 1, 1)
    lamp, bottom = draft.lamp(), ground
    for n, roof in enumerate(roofs):
        left, right = plot.left + round(n * inset), plot.right - round(n * inset)
        block(draft, Plot(left, right, roof, plot.albedo, plot.glazing), bottom)
        if n and draft.air.evening > 0.2:
            high = max(2, min(bottom - roof, round((30 if n == count - 1 else 14) * draft.unit)))
            wash = scale(lamp, 0.62 * draft.air.evening)
            draft.light((left, bottom - high, right - left, high), wash, rising=True)
        bottom = roof + 1
    spire(draft, plot.middle, plot.roof, tall * random.uniform(0.06, 0.2), wide * 0.14)


def taper(draft: Draft, plot: Plot, ground: int) -> None:
    """Draw a tower with a pyramid for a roof."""
    tall, side = ground - plot.roof, draft.air.side
    shoulder = plot.roof + round(min(tall * 0.25, plot.wide * 1.1))
    block(draft, Plot(plot.left, plot.right, shoulder, plot.albedo, plot.glazing), ground)
    lean, ridge = plot.wide * 0.36, plot.left + plot.wide * (0.36 if side > 0 else 0.64)
    bright, dark = times(draft.air.lit, plot.albedo), times(draft.air.shade, plot.albedo)
    first, second = (dark, bright) if side > 0 else (bright, dark)
    draft.shape([(plot.left, shoulder), (plot.left + lean, plot.roof), (ridge, plot.roof),
                 (ridge, shoulder)], first)  # fmt: skip
    draft.shape([(ridge, shoulder), (ridge, plot.roof), (plot.right - lean, plot.roof),
                 (plot.right, shoulder)], second)  # fmt: skip
    draft.light((plot.left + 2, plot.roof, plot.wide - 4, shoulder - plot.roof),
                scale(draft.lamp(), 0.55 * draft.air.evening), rising=True)  # fmt: skip
    spire(draft, plot.middle, plot.roof, tall * 0.16, plot.wide * 0.1)


def wedge(draft: Draft, plot: Plot, ground: int) -> None:
    """Draw a tower cut off on a slant, the cut edged with neon."""
    drop = round(plot.wide * draft.random.uniform(0.4, 0.9))
    roof = min(plot.roof + drop, ground - 2)
    block(draft, Plot(plot.left, plot.right, roof, plot.albedo, plot.glazing), ground)
    high, low = (plot.left, plot.right - 1)[:: 1 if draft.random.random() < 0.5 else -1]
    wall = scale(times(draft.air.lit, plot.albedo), 0.9)
    draft.shape([(plot.left, roof + 1), (high, plot.roof), (plot.right - 1, roof + 1)], wall)
    if draft.random.random() < 0.6:
        lamp = scale(draft.lamp(warm=0.1), draft.air.evening)
        draft.neon((high, plot.roof), (low, roof), lamp)


def rounded(draft: Draft, plot: Plot, ground: int) -> None:
    """Draw a tower with a vaulted roof."""
    radius = plot.wide / 2
    roof = min(round(plot.roof + radius), ground - 2)
    angles = np.linspace(np.pi, 2 * np.pi, 17)
    arc = [(plot.middle - 0.5 + (radius - 0.5) * float(np.cos(a)),
            roof + 1 + radius * float(np.sin(a))) for a in angles]  # fmt: skip
    draft.shape(arc, mix(times(draft.air.lit, plot.albedo), draft.air.shade, 0.35))
    block(draft, Plot(plot.left, plot.right, roof, plot.albedo, plot.glazing), ground)
    draft.light((plot.left + 1, plot.roof, plot.wide - 2, roof - plot.roof),
                scale(draft.lamp(), 0.5 * draft.air.evening), rising=True)  # fmt: skip


def slab(draft: Draft, plot: Plot, ground: int) -> None:
    """Draw a plain tower with tanks, lifts and vents on its roof."""
    random, air = draft.random, draft.air
    for _ in range(int(random.integers(1, 4))):
        left = plot.left + round(random.uniform(0.06, 0.7) * plot.wide)
        wide = max(2, round(random.uniform(0.12, 0.34) * plot.wide))
        tall = max(1, round(random.uniform(1.5, 6) * draft.unit))
        right = min(left + wide, plot.right - 1)
        draft.face(left, right, plot.roof - tall, plot.roof, scale(air.shade, 1.15))
        draft.face(left, right, plot.roof - tall, plot.roof - tall + 1, air.lit)
    block(draft, plot, ground)
    if random.random() < 0.3:
        mast(draft, plot.left + random.uniform(0.2, 0.8) * plot.wide, plot.roof, 16 * draft.unit)


def spire(draft: Draft, x: float, roof: int, tall: float, base: float) -> None:
    """Set a spire on a roof, some with a warning lamp."""
    top, half = max(roof - tall, 1.0), max(base / 2, 0.9)
    wall = mix(draft.air.lit, draft.air.shade, 0.35)
    draft.shape([(x - half, roof + 1), (x, top), (x + half, roof + 1)], wall)
    mast(draft, x, round(top + tall * 0.4), tall * 0.55)


def mast(draft: Draft, x: float, roof: int, tall: float) -> None:
    """Set a thin mast with a warning lamp on a roof."""
    top = max(roof - tall, 1.0)
    draft.line((x, roof), (x, top), mix(draft.air.lit, draft.air.shade, 0.4))
    draft.masts.append((x, top))


Kind = Callable[[Draft, Plot, int], None]
SLENDER: tuple[Kind, ...] = (steps, steps, steps, slab, slab, slab, taper, wedge, rounded)
STOUT: tuple[Kind, ...] = (slab, slab, slab, steps)
