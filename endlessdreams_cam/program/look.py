"""Hue, saturation, brightness and contrast in one colour matrix."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.parameters import Snapshot

Look: TypeAlias = NDArray[np.float32]
"""A colour matrix for cv2.transform on uint8 RGB: (3, 4) float32, the last column added."""

_RED, _GREEN, _BLUE = 0.2126, 0.7152, 0.0722  # shares in luma, Rec. 709
_LUMA = np.array([[_RED, _GREEN, _BLUE]] * 3)
_MIDDLE_GREY = 127.5


def _quarter_turn() -> NDArray[np.float64]:
    # Hue's quarter turn in the plane of equal luma, W3C Filter Effects (hueRotate), whose rounded
    # coefficients follow from: rows add up to 0 (grey stays), weighted columns too (luma stays).
    red = np.array([-_RED, -_GREEN, 1 - _BLUE])
    blue = np.array([_RED - 1, _GREEN, _BLUE])
    return np.stack([red, -(_RED * red + _BLUE * blue) / _GREEN, blue])


_QUARTER = _quarter_turn()


def look_matrix(
    hue: float = 0.0, saturation: float = 1.0, brightness: float = 0.0, contrast: float = 1.0
) -> Look:
    """Return a look as one matrix.

    hue in degrees turns colours and keeps their luma; saturation 0 leaves luma alone; contrast is
    about the middle grey; brightness ±1 is white and black.
    """
    angle = math.radians(hue)
    turned = _LUMA + math.cos(angle) * (np.eye(3) - _LUMA) + math.sin(angle) * _QUARTER
    colours = contrast * (_LUMA + saturation * (turned - _LUMA))
    added = np.full((3, 1), (1 - contrast) * _MIDDLE_GREY + brightness * 255)
    return np.hstack([colours, added]).astype(np.float32)


def read_look(snapshot: Snapshot, now_ns: int) -> Look | None:
    """Return the look that a snapshot asks for, None when it is neutral."""
    names = ("look.hue", "look.saturation", "look.brightness", "look.contrast")
    numbers = tuple(snapshot.number(name, now_ns) for name in names)
    return None if numbers == (0.0, 1.0, 0.0, 1.0) else look_matrix(*numbers)
