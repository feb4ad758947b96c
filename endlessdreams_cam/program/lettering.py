"""Type, drawn once and kept as a plane of cover."""

from __future__ import annotations

from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Cover: TypeAlias = NDArray[np.uint8]
"""How much of each pixel is covered, 0…255, shape (height, width)."""

LIGHT, BOLD = 300, 620
"""Weights of OpenCV's own typeface, which has the scripts of most languages."""

_WIDEST = 8_000  # pixels; a line longer than that is cut


def line(text: str, size: int, weight: int = LIGHT) -> Cover:
    """Return a line of text in letters of `size` pixels, 1.5 sizes high, as wide as it is.

    The baseline lies one size below the upper edge.
    """
    face = cv2.FontFace("sans")
    left, _, width, _ = cv2.getTextSize((_WIDEST, 2 * size), text, (0, size), face, size, weight)
    plane = np.zeros((round(1.5 * size), min(max(width, 1), _WIDEST), 3), np.uint8)
    cv2.putText(plane, text, (-left, size), (255, 255, 255), face, size, weight)
    return plane[..., 0]


def paragraph(text: str, size: int, widest: int) -> Cover:
    """Return centred text within `widest` pixels: on one line, on two, or else in smaller type."""
    lines = [text]
    if line(text, size).shape[1] > widest and " " in text:
        lines = _halves(text)
    longest = max(line(part, size).shape[1] for part in lines)
    size = max(6, int(size * min(1.0, widest / longest)))
    planes = [line(part, size) for part in lines]
    width = max(plane.shape[1] for plane in planes)
    return np.vstack([_centred(plane, width) for plane in planes])


def _halves(text: str) -> list[str]:
    spaces = [n for n, letter in enumerate(text) if letter == " "]
    middle = min(spaces, key=lambda n: abs(n - len(text) / 2))
    return [text[:middle], text[middle + 1 :]]


def _centred(plane: Cover, width: int) -> Cover:
    left = (width - plane.shape[1]) // 2
    return np.pad(plane, ((0, 0), (left, width - plane.shape[1] - left)))
