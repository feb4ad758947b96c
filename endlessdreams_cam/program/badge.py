"""The visible mark of a picture made by AI."""

from __future__ import annotations

import cv2
import numpy as np

from endlessdreams_cam.frame import Pixels, Size
from endlessdreams_cam.parameters import Snapshot
from endlessdreams_cam.program.lettering import BOLD, line

_HEIGHT = 0.03  # of the program's
_MARGIN = 0.9  # of the badge's height
_FINE = 4  # drawn at four times its size, then reduced
_INK, _PILL, _RIM = 0.95, 0.46, 0.30  # cover of letters, pill and the thin light line round it


class Badge:
    """A small translucent pill with "AI" in a corner, drawn once."""

    def __init__(self, size: Size) -> None:
        self._size = size
        height = max(8, round(_HEIGHT * size.height))
        white, dark = _planes(height)
        self._margin = round(_MARGIN * height)
        self._kept = np.repeat(((1 - dark) * (1 - white))[..., None], 3, axis=2)
        self._added = np.repeat((255 * white)[..., None], 3, axis=2)

    def draw(self, corner: str, share: float, out: Pixels) -> None:
        """Lay the badge over `out` in a corner ("top-left" …), `share` 0…1 of its full strength."""
        part = self._part(corner, out)
        height, width = part.shape[:2]
        kept, added = self._kept[:height, :width], self._added[:height, :width]
        pixels = part * (1 - share * (1 - kept)) + (share * added + 0.5)
        part[:] = np.clip(pixels, 0, 255).astype(np.uint8)

    def _part(self, corner: str, out: Pixels) -> Pixels:
        height, width = self._kept.shape[:2]
        left = self._size.width - width - self._margin if "right" in corner else self._margin
        top = self._size.height - height - self._margin if "bottom" in corner else self._margin
        left, top = max(left, 0), max(top, 0)
        return out[top : top + height, left : left + width]


def corner_of(snapshot: Snapshot) -> str:
    """Return the corner that the badge stands in, "off" for none.

    "auto" marks what a camera's picture was made into.
    """
    corner = snapshot.text("program.badge")
    if corner == "auto":
        return "bottom-right" if snapshot.switch.camera else "off"
    return corner


def _planes(height: int) -> tuple[np.ndarray, np.ndarray]:
    """Return how much white and how much dark covers each pixel, 0…1, (height, width)."""
    tall = height * _FINE
    letters = line("AI", round(0.66 * tall), BOLD).astype(np.float32) / 255
    rows, columns = letters.sum(axis=1).nonzero()[0], letters.sum(axis=0).nonzero()[0]
    letters = letters[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    wide = _FINE * -(-(letters.shape[1] + round(0.9 * tall)) // _FINE)
    pill, inner = _pill(wide, tall, 0), _pill(wide, tall, max(2, tall // 22))
    white = (pill - inner) * _RIM
    top, left = (tall - letters.shape[0]) // 2, (wide - letters.shape[1]) // 2
    part = white[top : top + letters.shape[0], left : left + letters.shape[1]]
    np.maximum(part, letters * _INK, out=part)
    size = (wide // _FINE, height)
    fine = (
        cv2.resize(plane, size, interpolation=cv2.INTER_AREA) for plane in (white, pill * _PILL)
    )
    return tuple(fine)


def _pill(width: int, height: int, inset: int) -> np.ndarray:
    radius = height / 2 - inset
    y = np.arange(height)[:, None] + 0.5 - height / 2
    x = np.abs(np.arange(width)[None, :] + 0.5 - width / 2) - (width / 2 - height / 2)
    distance = np.hypot(np.maximum(x, 0), y)
    return np.clip(radius - distance + 0.5, 0, 1).astype(np.float32)
