"""Counts flashes on a small grid, as WCAG 2.3.1 defines them."""

from __future__ import annotations

import math
from collections import deque
from copy import deepcopy
from typing import NamedTuple, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.clock import SECOND_NS, seconds
from endlessdreams_cam.frame import Pixels, Size

GRID = Size(32, 18)
"""Cells of the grid; one is 40 × 40 pixels of 720p."""

Planes: TypeAlias = NDArray[np.float32]
Mask: TypeAlias = NDArray[np.bool_]

# A 10° field at 1024 × 768 is 341 × 256 pixels: a third of the picture each way, 66 cells. A
# quarter of it may flash; a little less is allowed here, for cells that a flash covers in part
# are not always counted.
_FIELD = (11, 6)
_CELLS = 14
# WCAG: a change of relative luminance by 0.1, of red (R − G − B) by 20 / 320. A tenth less here:
# cells are averages of 8-bit values.
_STEP = np.array([0.09, 0.056], np.float32)
_BRIGHT = 0.8  # with the darker picture at least so bright a change is not a flash
_SATURATED = 0.8  # R / (R + G + B) of a saturated red
_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
_TOGETHER_S = 0.06  # a flash may swell: what comes within about this time is one change


def _linear() -> Planes:
    code = np.arange(256) / 255
    # sRGB's transfer function (IEC 61966-2-1), as WCAG's relative luminance uses it.
    light = np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)
    return light.astype(np.float32)


_LINEAR = _linear()


class Reading(NamedTuple):
    """What a grid shows: luminance and redness 0…1, (rows, columns, 2), and where red is deep."""

    levels: Planes
    red: Mask


class Sight(NamedTuple):
    """What a picture would change, each (rows, columns, 2) for luminance and red.

    rises and falls are those of cells, ways (up 1, down −1) those of the fields round them. worst
    is how many changes in a second the worst of the changing fields would have had, 0 without one.
    """

    reading: Reading
    now_ns: int
    rises: Mask
    falls: Mask
    swell: Planes
    ways: NDArray[np.int8]
    worst: int


def grid_of(pixels: Pixels) -> Planes:
    """Return the mean colours of a picture's cells, (18, 32, 3) float32, 0…255.

    Every fourth row will do: a cell has ten of them.
    """
    step = 4 if pixels.shape[0] >= 8 * GRID.height else 1
    return cv2.resize(pixels[::step], GRID, interpolation=cv2.INTER_AREA).astype(np.float32)


def read(grid: Planes) -> Reading:
    """Return the luminance and redness of a grid of mean colours."""
    light = _LINEAR[np.clip(grid + 0.5, 0, 255).astype(np.uint8)]
    total = light.sum(axis=2)
    redness = np.maximum(2 * light[..., 0] - total, 0)
    deep = light[..., 0] >= _SATURATED * np.maximum(total, 1e-6)
    return Reading(np.stack([light @ _LUMA, redness], axis=2), deep)


class FlashCounter:
    """Counts, for every field of view, the opposing changes of the last second: two are a flash.

    A cell rises or falls when its light has changed far enough against its last direction. A field
    changes when enough of its cells do so together: at once, or swelling in one direction. Flames
    that flicker each in its own time, and things that move, do not flash.
    """

    def __init__(self, reading: Reading, now_ns: int) -> None:
        shape = reading.levels.shape
        self._low = self._high = reading.levels
        self._cell_ways = np.zeros(shape, np.int8)
        self._red = reading.red  # whether a deep red was seen since the last change
        self._ways = np.zeros(shape, np.int8)
        self._swell = np.zeros(shape, np.float32)
        self._counts = np.zeros(shape, np.int16)
        self._changes: deque[tuple[int, Mask]] = deque()
        self._last_ns = now_ns

    def copy(self) -> FlashCounter:
        """Return a counter that goes its own way from here."""
        return deepcopy(self)

    def worst(self, now_ns: int) -> int:
        """Return how many changes the worst field has had in the last second."""
        self._forget(now_ns)
        return int(self._counts.max())

    def see(self, reading: Reading, now_ns: int) -> Sight:
        """Return what a picture would change if it came next."""
        self._forget(now_ns)
        rises, falls = self._rises(reading), self._falls(reading)
        age_s = max(0.0, seconds(now_ns - self._last_ns))
        swell = self._swell * np.float32(math.exp(-age_s / _TOGETHER_S))
        ways, worst = np.zeros_like(self._ways), 0
        if rises.any() or falls.any():
            up, down = _around(rises), _around(falls)
            swell += up - down
            rising = (self._ways <= 0) & (np.maximum(up, swell) >= _CELLS)
            falling = (self._ways >= 0) & (np.maximum(down, -swell) >= _CELLS)
            ways = rising.astype(np.int8) - (falling & ~rising)
            worst = int(np.where(ways, self._counts + 1, 0).max())
        return Sight(reading, now_ns, rises, falls, swell, ways.astype(np.int8), worst)

    def note(self, sight: Sight) -> None:
        """Take a picture as shown."""
        (levels, red), rises, falls = sight.reading, sight.rises, sight.falls
        turned = rises | falls
        self._cell_ways = np.where(rises, 1, np.where(falls, -1, self._cell_ways)).astype(np.int8)
        self._high = np.where(turned, levels, np.maximum(self._high, levels))
        self._low = np.where(turned, levels, np.minimum(self._low, levels))
        self._red = np.where(turned[..., 1], red, self._red | red)
        self._last_ns, self._swell = sight.now_ns, sight.swell
        if sight.worst:
            changed = sight.ways != 0
            self._ways = np.where(changed, sight.ways, self._ways)
            self._swell = np.where(changed, np.float32(0), sight.swell)
            self._counts = self._counts + changed
            self._changes.append((sight.now_ns, changed))

    def _forget(self, now_ns: int) -> None:
        while self._changes and self._changes[0][0] <= now_ns - SECOND_NS:
            self._counts = self._counts - self._changes.popleft()[1]

    def _rises(self, reading: Reading) -> Mask:
        rises: Mask = (self._cell_ways <= 0) & (reading.levels >= self._low + _STEP)
        rises[..., 0] &= self._low[..., 0] < _BRIGHT
        rises[..., 1] &= self._red | reading.red
        return rises

    def _falls(self, reading: Reading) -> Mask:
        falls: Mask = (self._cell_ways >= 0) & (reading.levels <= self._high - _STEP)
        falls[..., 0] &= reading.levels[..., 0] < _BRIGHT
        falls[..., 1] &= self._red | reading.red
        return falls


def _around(cells: Mask) -> Planes:
    """Return for each cell how many are set in the field of view round it."""
    return cv2.boxFilter(
        cells.astype(np.float32), -1, _FIELD, normalize=False, borderType=cv2.BORDER_CONSTANT
    )
