"""The sitter's head: a face in clay, painted skin, hair that falls from a parting."""

from __future__ import annotations

import functools
from typing import NamedTuple

import cv2
import numpy as np

from endlessdreams_cam.sources.portrait.clay import (
    HAIR,
    SKIN,
    Ball,
    Part,
    Picture,
    Plane,
    bump,
    height,
    mix,
    normal,
    plane,
    soft,
    strands,
)

_SKULL = [
    Ball(0, -0.38, -0.10, 0.98, 1.12, 1.02),
    Ball(0, 0.40, 0.00, 0.86, 1.02, 0.86),
    Ball(0, 0.84, 0.10, 0.60, 0.64, 0.66),  # jaw
    Ball(0, 1.20, 0.42, 0.27, 0.24, 0.28),  # chin
    Ball(-0.50, 0.34, 0.36, 0.34, 0.34, 0.34),  # cheekbones
    Ball(0.50, 0.34, 0.36, 0.34, 0.34, 0.34),
    Ball(0, -0.42, 0.52, 0.62, 0.42, 0.38),  # brow
]
_EARS = [Ball(-1.0, 0.20, -0.25, 0.15, 0.30, 0.2), Ball(1.0, 0.20, -0.25, 0.15, 0.30, 0.2)]
_LOCKS = [
    Ball(0.0, -0.50, -0.12, 1.17, 1.19, 1.22),
    Ball(-0.62, -0.55, 0.18, 0.62, 0.86, 0.72),
    Ball(0.66, -0.55, 0.10, 0.58, 0.86, 0.72),
    Ball(-0.98, 0.25, -0.20, 0.27, 0.95, 0.50),
    Ball(0.99, 0.25, -0.24, 0.26, 0.95, 0.50),
]


class _Hair(NamedTuple):
    """Hair as it lies over the head; cast is its shadow on the skin."""

    depth: Plane
    normal: Picture
    albedo: Picture
    cover: Plane
    sheen: Plane
    cast: Plane


@functools.lru_cache(maxsize=4)
def head(unit: float) -> Part:
    """Return the head with its hair at `unit` pixels per unit, without eyes and mouth."""
    left, top = -1.75, -2.0
    x, y = plane(unit, left, top, 1.75, 1.85)
    depth, inside = _face(x, y, unit)
    albedo, gloss = _skin(x, y)
    ears, in_ears = height(x, y, _EARS, 12)
    ears = ears - 0.10 * bump(np.abs(x), y, 1.02, 0.16, 0.06, 0.15)
    is_ear = (inside < 0) & (in_ears > inside) & (np.abs(y - 0.2) < 0.4)
    depth = np.where(is_ear, ears, depth).astype(np.float32)
    albedo[is_ear] *= np.array((1.0, 0.88, 0.86), np.float32)
    hair = _hair(x, y, unit)
    albedo *= (1 - hair.cast * (1 - hair.cover))[..., None]
    mix(albedo, hair.albedo, hair.cover)
    normals = normal(depth, unit)
    mix(normals, hair.normal, hair.cover)
    depth = depth + (hair.depth - depth) * hair.cover
    cover = np.maximum(soft(np.maximum(inside, in_ears), 2 / unit), hair.cover)
    # What turning shifts the picture by: a depth without steps, 0 outside.
    solid = (np.maximum(depth, 0) * (cover > 0.5)).astype(np.float32)
    shift = cv2.GaussianBlur(solid, (0, 0), unit * 0.11)
    gloss = gloss * (1 - hair.cover) * (inside > 0)
    return Part(unit, left, top, cover, shift, normals, albedo, gloss, hair.sheen)


def _face(x: Plane, y: Plane, unit: float) -> tuple[Plane, Plane]:
    """Return the face's height, and how far inside its outline a point is."""
    depth, inside = height(x, y, _SKULL, 9)
    depth = cv2.GaussianBlur(depth, (0, 0), unit * 0.07)
    side = np.abs(x)
    depth -= 0.10 * bump(side, y, 0.36, 0.02, 0.27, 0.16)  # eye sockets
    depth -= 0.05 * bump(side, y, 0.19, 0.04, 0.09, 0.16)
    depth += 0.05 * bump(side, y, 0.40, -0.22, 0.30, 0.09)  # brows
    depth += 0.055 * bump(side, y, 0.38, 0.02, 0.17, 0.12)  # eyeballs
    bridge = np.exp(-((x / (0.10 + 0.05 * np.clip(y, 0, 1))) ** 2))
    rise = np.where(y < 0.36, np.clip((y + 0.22) / 0.62, 0, 1), np.exp(-(((y - 0.36) / 0.13) ** 2)))
    depth += 0.26 * bridge * rise
    depth += 0.10 * bump(x, y, 0, 0.37, 0.15, 0.12)  # tip of the nose
    depth += 0.11 * bump(side, y, 0.155, 0.43, 0.075, 0.075)  # its wings
    depth -= 0.025 * bump(side - 0.25 * (y - 0.5), y, 0.29, 0.56, 0.07, 0.17)  # smile folds
    depth -= 0.035 * bump(x, y, 0, 0.60, 0.05, 0.09)
    depth += 0.07 * bump(x, y, 0, 0.80, 0.30, 0.13)  # mouth
    depth -= 0.05 * bump(x, y, 0, 1.00, 0.22, 0.06)
    return cv2.GaussianBlur(depth, (0, 0), unit * 0.014), inside


def _skin(x: Plane, y: Plane) -> tuple[Picture, Plane]:
    """Return the skin's colour with flush, nostrils and brows, and how it shines."""
    side = np.abs(x)
    flush = (
        0.8 * bump(side, y, 0.56, 0.42, 0.28, 0.24)
        + 0.9 * bump(x, y, 0, 0.40, 0.16, 0.12)
        + 0.4 * bump(side, y, 0.36, 0.12, 0.22, 0.10)
        + 0.4 * bump(x, y, 0, 1.25, 0.3, 0.2)
    )
    shade = 0.10 * bump(side, y, 0.35, 0.17, 0.20, 0.05) + 0.10 * bump(side, y, 0.8, 0.95, 0.3, 0.4)
    shade += 0.60 * bump(side, y, 0.085, 0.49, 0.05, 0.025)  # nostrils
    shade += 0.16 * bump(x, y, 0, 0.52, 0.20, 0.035)
    colour = 1 - flush[..., None] * np.array((0.02, 0.16, 0.13), np.float32)
    colour *= np.array(SKIN, np.float32) * (1 - shade)[..., None]
    arch = -0.255 - 0.055 * np.sin(np.clip((side - 0.10) / 0.56, 0, 1) * 2.9)
    thick = 0.052 * np.clip((0.70 - side) / 0.35, 0, 1) ** 0.6 * np.clip((side - 0.12) / 0.07, 0, 1)
    brow = np.exp(-(((y - arch) / (thick + 1e-3)) ** 2)) * (thick > 2e-3)
    mix(colour, np.array(HAIR, np.float32) * np.float32(1.15), 0.88 * brow)
    gloss = 0.30 + 0.4 * bump(x, y, 0, 0.36, 0.1, 0.1) + 0.15 * bump(x, y, 0, -0.5, 0.5, 0.3)
    return colour, gloss


def _hair(x: Plane, y: Plane, unit: float) -> _Hair:
    depth, inside = height(x, y, _LOCKS, 8)
    fine, turn_x, turn_y = strands(x, y, 5)
    depth = depth + 0.018 * fine
    # The opening round the face: a side parting and two falling wings.
    wing = 0.045 * np.sin(np.clip((y + 1.0) * 1.6, 0, 3.2))
    opening = 1 - ((np.abs(x - 0.02) + wing) / 0.86) ** 2.4 - (np.abs(y - 0.55) / 1.42) ** 2.6
    parting = -0.98 + 0.95 * np.abs(x - 0.24) ** 1.35 * np.where(x > 0.24, 1.55, 0.75)
    opening = np.minimum(opening, (y - parting) * 1.2)
    edge = opening + 0.035 * fine * (y < 0.4)
    cover = soft(inside + 0.02 * fine, 2 / unit) * soft(-edge, 0.10)
    fall = soft(0.035 - np.abs(edge + 0.03), 0.07) * soft(opening + 0.12, 0.2)
    cast = 0.45 * np.exp(-7 * np.clip(opening, 0, 1)) * (y < 0.9)
    albedo = np.array(HAIR, np.float32) * ((1 + 0.28 * fine) * (1 - 0.45 * fall))[..., None]
    normals = normal(cv2.GaussianBlur(depth, (0, 0), 1.0), unit)
    sheen = _sheen(normals, turn_x, turn_y) * (0.75 + 0.45 * fine) * cover
    return _Hair(depth, normals, albedo, cover, np.clip(sheen, 0, 1), cast.astype(np.float32))


def _sheen(normals: Picture, turn_x: Plane, turn_y: Plane) -> Plane:
    """Return the light that strands throw back across their length (Kajiya and Kay, 1989)."""
    nx, ny, nz = cv2.split(normals)
    turn_z = -(turn_x * nx + turn_y * ny) / np.maximum(nz, 0.2)
    along = (-0.42 * turn_x - 0.42 * turn_y + 0.80 * turn_z) / np.sqrt(1 + turn_z**2)
    return np.maximum(1 - along**2, 0) ** 18 * np.maximum(0.55 - 0.5 * nx, 0)
