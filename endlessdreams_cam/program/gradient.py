"""Slow light: what moves behind the slate's words."""

from __future__ import annotations

import math
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.frame import Size

Field: TypeAlias = NDArray[np.float32]

_ACROSS = 128  # columns; the light is soft, and is enlarged from here
_NIGHT = np.array([[[13, 12, 30]], [[9, 19, 38]], [[20, 12, 34]]], np.float32)  # top to bottom


class _Veil(NamedTuple):
    """A band of light that waves across the picture. Periods in seconds, heights in frames."""

    colour: tuple[float, float, float]
    height: float
    depth: float
    sway: float
    waves: float
    period: float
    breath: float


_VEILS = (
    _Veil((34, 128, 132), 0.36, 0.16, 0.10, 0.65, 29.0, 11.3),
    _Veil((108, 62, 172), 0.52, 0.20, 0.13, 0.50, 41.0, 17.1),
    _Veil((182, 74, 118), 0.70, 0.14, 0.09, 0.80, 23.0, 13.7),
    _Veil((190, 128, 74), 0.84, 0.09, 0.06, 0.45, 53.0, 19.9),
)
_COLOURS = np.array([veil.colour for veil in _VEILS], np.float32)


class Gradient:
    """Veils of light over a night sky, never twice the same within an hour."""

    def __init__(self, size: Size) -> None:
        down = max(2, round(_ACROSS * size.height / size.width))
        self._x = ((np.arange(_ACROSS, dtype=np.float32) + 0.5) / _ACROSS)[None, :]
        self._y = ((np.arange(down, dtype=np.float32) + 0.5) / down)[:, None]
        at = np.linspace(0, 1, down)
        rows = [np.interp(at, (0, 0.55, 1), _NIGHT[:, 0, c]) for c in range(3)]
        self._night = np.stack(rows, 1).astype(np.float32)[:, None, :]
        edge = (2 * self._x - 1) ** 2 * 0.5 + (2 * self._y - 1) ** 2 * 0.35
        self._vignette = (1 - 0.55 * edge).astype(np.float32)[..., None]

    def at(self, seconds: float) -> Field:
        """Return the light at a time, RGB 0…255 float32, (rows, columns, 3), coarse."""
        veils = [self._veil(veil, seconds, n) for n, veil in enumerate(_VEILS)]
        light = np.stack(veils, axis=2) @ _COLOURS
        light += self._night
        light *= self._vignette
        return light

    def _veil(self, veil: _Veil, seconds: float, n: int) -> Field:
        turn = math.tau * seconds / veil.period
        wave = np.sin(self._x * (math.tau * veil.waves) + (turn + 1.7 * n))
        ripple = np.sin(self._x * (math.tau * 1.618 * veil.waves) - (0.61 * turn + 2.9 * n))
        line = veil.height + veil.sway * (0.7 * wave + 0.3 * ripple)
        along = 0.55 + 0.45 * np.sin(self._x * (math.tau * 0.4) - (0.37 * turn + 4.1 * n))
        breath = 0.8 + 0.2 * math.sin(math.tau * seconds / veil.breath + 2.3 * n)
        distance = (self._y - line) / veil.depth
        return (np.exp(-distance * distance) * (along * breath)).astype(np.float32, copy=False)
