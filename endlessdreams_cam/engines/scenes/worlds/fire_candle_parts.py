"""Candles' flames: still tongues that sway in the draught."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.paint import Array
from endlessdreams_cam.frame import Size


@dataclass(frozen=True, slots=True)
class Wick:
    """A candle's flame: its foot (x in widths, y in heights), its height and its own time."""

    x: float
    y: float
    tall: float
    phase: float


class Flames:
    """The flames of candles."""

    def __init__(self, size: Size, wicks: tuple[Wick, ...]) -> None:
        self._size, self._wicks = size, wicks
        self._tongue = _tongue()

    def burn(self, heat: Array, t: float, draught: float) -> None:
        """Put the flames into the heat of a picture in place; draught −1…1 is the wind sideways."""
        width, height = self._size
        for wick in self._wicks:
            at = 1.7 * t + wick.phase
            sway = 0.5 * math.sin(at) + 0.3 * math.sin(2.7 * at) + 0.2 * math.sin(9.1 * at)
            tall = wick.tall * height * (1 + 0.08 * math.sin(5.3 * at) + 0.05 * math.sin(13 * at))
            lean = (0.10 * sway + 0.16 * draught) * tall
            _lick(heat, self._tongue, (wick.x * width, wick.y * height), tall, lean)


def _tongue() -> Array:
    """Return a candle's flame as heat, 96 × 40, its foot on the last row in the middle."""
    up = np.linspace(1, 0, 96, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, 40, dtype=np.float32)[None, :]
    wide = 0.80 * np.sqrt(np.clip(up * 5, 0, 1)) * (1 - up) ** 0.72 * (1 - 0.25 * up)
    edge = 1 - np.abs(x) / np.maximum(wide, 1e-3)
    body = np.clip(edge * 2.4, 0, 1)
    core = 0.55 + 0.75 * np.exp(-(((up - 0.38) / 0.32) ** 2)) * np.clip(edge * 1.3, 0, 1)
    dark = 1 - 0.55 * np.exp(-((up / 0.14) ** 2)) * np.exp(-((x / 0.25) ** 2))
    flame = body * core * dark
    return np.pad(flame, ((2, 2), (2, 2))).astype(np.float32)


def _lick(heat: Array, tongue: Array, foot: tuple[float, float], tall: float, lean: float) -> None:
    """Put a flame into the heat in place: its foot (pixels), height and how far its tip leans."""
    rows, columns = tongue.shape
    wide = 0.42 * tall
    x0, x1 = int(max(foot[0] - tall, 0)), int(min(foot[0] + tall, heat.shape[1]))
    y0, y1 = int(max(foot[1] - 1.2 * tall, 0)), int(min(foot[1] + 3, heat.shape[0]))
    if x0 >= x1 or y0 >= y1:
        return
    down, across = rows / tall, columns / wide
    slope = lean / tall
    matrix = np.array(
        [[across, across * slope, columns / 2 + across * (x0 - foot[0] + slope * (y0 - foot[1]))],
         [0, down, rows - 3 + down * (y0 - foot[1])]], np.float32)  # fmt: skip
    flame = cv2.warpAffine(
        tongue, matrix, (x1 - x0, y1 - y0), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    )
    part = heat[y0:y1, x0:x1]
    np.maximum(part, flame, out=part)
