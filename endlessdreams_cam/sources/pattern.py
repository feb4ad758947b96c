"""A moving test card with a number that a machine can read after any camera's journey.

The number stands in three blocks of black and white cells, at the top, the middle and the bottom,
so that a picture torn between two frames shows two numbers. A block holds 24 bits of the number
and a CRC-16. Blocks lie inside the middle square of the card, so that cropping to any shape between
16:9 and 1:1 leaves them whole; cells are large enough to survive I420, JPEG and scaling to 160×90.
"""

from __future__ import annotations

import binascii
import functools
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam import clock
from endlessdreams_cam.frame import Pixels, Size
from endlessdreams_cam.sources.pacing import Pace
from endlessdreams_cam.sources.source import Grab, Source, SourceInfo

_SIZE = Size(1280, 720)
_COLUMNS, _LINES = 20, 2
_NUMBER_BITS, _CHECK_BITS = 24, 16
_BLOCKS = (0.02, 0.46, 0.90)
"""Where the blocks begin, in heights."""
_CELL_WIDTH, _CELL_HEIGHT = 0.045, 0.04
_LEAST_CONTRAST = 40
_BLACK, _WHITE = 16, 235
_BARS = ((235, 235, 235), (235, 235, 16), (16, 235, 235), (16, 235, 16),
         (235, 16, 235), (235, 16, 16), (16, 16, 235))  # fmt: skip


@dataclass(frozen=True, slots=True)
class PatternNumber:
    """What was read of a test card. rows are the numbers of the blocks that could be read."""

    rows: tuple[int, ...]

    @property
    def number(self) -> int | None:
        """The frame's number, None if no block could be read or the picture is torn."""
        return self.rows[0] if self.rows and not self.torn else None

    @property
    def torn(self) -> bool:
        """Whether parts of different frames are in it."""
        return len(set(self.rows)) > 1


def paint(number: int, size: Size = _SIZE) -> Pixels:
    """Return test card `number` (its lowest 24 bits), uint8 (height, width, 3)."""
    number &= (1 << _NUMBER_BITS) - 1
    card = _empty_card(size).copy()
    width, height = size
    top, bottom = round(height * 0.72), round(height * 0.86)
    at = number * 8 % width
    card[top:bottom, at : at + max(width // 80, 2)] = (235, 16, 16)
    _write_words(card, number)
    bits = _bits_of(number).reshape(_LINES, _COLUMNS)
    cells = np.where(bits, _WHITE, _BLACK).astype(np.uint8)
    for top, bottom, left, right in _blocks(size):
        block = cv2.resize(cells, (right - left, bottom - top), interpolation=cv2.INTER_NEAREST)
        card[top:bottom, left:right] = block[..., None]
    return card


def read_number(pixels: Pixels) -> PatternNumber:
    """Return the numbers in a picture of a test card, whatever its size."""
    height, width = pixels.shape[:2]
    found = (_read_block(pixels[t:b, le:r]) for t, b, le, r in _blocks(Size(width, height)))
    return PatternNumber(tuple(number for number in found if number is not None))


class Pattern(Source):
    """The test card, counting: 1280×720 at the program's rate."""

    def __init__(self, argument: str, max_size: Size, fps: float) -> None:
        self._fps = fps
        self._pace = Pace(fps)
        self._number = 0

    def open(self) -> SourceInfo:
        """Start from 0."""
        self._number = 0
        return SourceInfo("pattern", "test card", _SIZE, self._fps)

    def read(self) -> Grab | None:
        """Return the next card."""
        if not self._pace.wait():
            return None
        self._number += 1
        return Grab(paint(self._number), clock.now_ns())

    def close(self) -> None:
        """Nothing is held."""


@functools.lru_cache(maxsize=4)
def _empty_card(size: Size) -> Pixels:
    """Return colour bars over a ramp from black to white."""
    width, height = size
    card = np.empty((height, width, 3), np.uint8)
    edges = np.linspace(0, width, len(_BARS) + 1).round().astype(int)
    for bar, left, right in zip(_BARS, edges[:-1], edges[1:], strict=True):
        card[:, left:right] = bar
    ramp = np.linspace(_BLACK, _WHITE, width).astype(np.uint8)
    card[round(height * 0.70) :] = ramp[None, :, None]
    return card


def _blocks(size: Size) -> list[tuple[int, int, int, int]]:
    """Return top, bottom, left and right of each block in a picture that is a centre crop."""
    # Of a card that is wider than the picture the sides are cut, of one that is higher the ends.
    scale = max(size.height, size.width * _SIZE.height / _SIZE.width)
    above = (scale - size.height) / 2
    half = _CELL_WIDTH * _COLUMNS / 2 * scale
    left, right = round(size.width / 2 - half), round(size.width / 2 + half)
    tops = [block * scale - above for block in _BLOCKS]
    high = _CELL_HEIGHT * _LINES * scale
    return [(max(round(top), 0), round(top + high), max(left, 0), right) for top in tops]


def _read_block(block: Pixels) -> int | None:
    """Return a block's number, None if its checksum is wrong."""
    if min(block.shape[:2]) < _LINES or block.shape[1] < _COLUMNS:
        return None
    # Nine samples to a cell, of which the middle one is clear of its neighbours.
    grey = cv2.cvtColor(block, cv2.COLOR_RGB2GRAY)
    fine = cv2.resize(grey, (_COLUMNS * 3, _LINES * 3), interpolation=cv2.INTER_AREA)
    cells = fine[1::3, 1::3].astype(np.int32).ravel()
    dark, light = int(cells.min()), int(cells.max())
    if light - dark < _LEAST_CONTRAST:
        return None
    bits = cells > (dark + light) / 2
    value = int("".join("1" if bit else "0" for bit in bits), 2)
    number, check = value >> _CHECK_BITS, value & ((1 << _CHECK_BITS) - 1)
    return number if check == _checksum(number) else None


def _bits_of(number: int) -> NDArray[np.bool_]:
    value = number << _CHECK_BITS | _checksum(number)
    width = _NUMBER_BITS + _CHECK_BITS
    return np.array([value >> (width - 1 - k) & 1 for k in range(width)], bool)


def _checksum(number: int) -> int:
    # Started from ones, so that neither an all black nor an all white block is a number.
    return binascii.crc_hqx(number.to_bytes(_NUMBER_BITS // 8, "big"), 0xFFFF)


def _write_words(card: Pixels, number: int) -> None:
    height, width = card.shape[:2]
    scale = height / 180
    where = (round(width * 0.5 - scale * 60), round(height * 0.34))
    thick = max(round(scale * 2), 1)
    for colour, extra in (((16, 16, 16), thick * 2), ((235, 235, 235), 0)):
        cv2.putText(card, f"{number:06d}", where, cv2.FONT_HERSHEY_SIMPLEX, scale, colour,
                    thick + extra, cv2.LINE_AA)  # fmt: skip
