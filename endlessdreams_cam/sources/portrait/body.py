"""The sitter's body: neck and shoulders in a knitted jumper, and a hand to wave with."""

from __future__ import annotations

import functools

import cv2
import numpy as np

from endlessdreams_cam.sources.portrait.clay import (
    HAIR,
    WOOL,
    Ball,
    Part,
    Picture,
    Plane,
    bump,
    height,
    melt,
    mix,
    normal,
    plane,
    soft,
    strands,
)

_TORSO = [
    Ball(0, 4.82, -0.9, 2.75, 2.9, 1.5),
    Ball(-1.85, 3.67, -0.75, 1.05, 1.15, 0.95),  # shoulders
    Ball(1.85, 3.67, -0.75, 1.05, 1.15, 0.95),
    Ball(-2.45, 5.82, -0.75, 0.85, 2.6, 0.95),  # arms
    Ball(2.45, 5.82, -0.75, 0.85, 2.6, 0.95),
    Ball(0, 2.82, -0.75, 1.45, 0.75, 0.85),
]
_NECK = [Ball(0, 1.12, -0.5, 0.53, 2.2, 0.60), Ball(0, 2.37, -0.55, 1.0, 0.55, 0.5)]
_PALM = [Ball(0, -0.48, 0.0, 0.54, 0.62, 0.26), Ball(0, 0.25, 0.0, 0.36, 0.75, 0.28)]
_SLEEVE = [Ball(0.05, 2.9, 0.0, 0.62, 2.5, 0.6)]
_FINGERS = (  # from x, y to x, y, half as thick as
    (-0.42, -0.85, -0.62, -1.55, 0.115),
    (-0.15, -0.98, -0.20, -1.86, 0.125),
    (0.13, -0.97, 0.20, -1.82, 0.125),
    (0.40, -0.85, 0.58, -1.50, 0.11),
    (-0.42, -0.22, -0.98, -0.72, 0.14),
)


@functools.lru_cache(maxsize=4)
def body(unit: float) -> Part:
    """Return neck, hair behind the neck and shoulders, at `unit` pixels per unit."""
    left, top = -4.2, -0.1
    x, y = plane(unit, left, top, 4.2, 5.4)
    wool_depth, wool, wool_cover = _jumper(x, y, unit)
    neck_depth, in_neck = height(x, y, _NECK, 8)
    neck_depth += 0.05 * bump(np.abs(x) - 0.22 - 0.12 * (1.92 - y), y, 0, 1.72, 0.08, 0.6)
    fine, _, _ = strands(x, y + 0.38, 6)
    in_back = 1 - (np.abs(x) / 1.02) ** 3 - (np.abs(y - 0.52) / 1.02) ** 3
    back_cover = soft(in_back * 0.4 + 0.02 * fine, 2.2 / unit)
    neck_cover = soft(in_neck, 2.2 / unit)
    shadow = 0.60 * np.exp(-(((y - 0.87) / 0.62) ** 2)) + 0.28 * np.exp(-(((y - 2.24) / 0.25) ** 2))
    albedo = np.array(HAIR, np.float32) * (0.55 * (1 + 0.25 * fine))[..., None]
    mix(albedo, np.array((0.72, 0.47, 0.36), np.float32) * (1 - shadow)[..., None], neck_cover)
    mix(albedo, wool, wool_cover)
    normals = normal(neck_depth, unit)
    mix(normals, normal(wool_depth, unit), np.round(wool_cover))
    cover = np.maximum(np.maximum(neck_cover, wool_cover), back_cover)
    gloss = 0.25 * neck_cover * (1 - wool_cover)
    flat = np.zeros_like(cover)
    return Part(unit, left, top, cover, flat, normals, albedo, gloss, flat)


def _jumper(x: Plane, y: Plane, unit: float) -> tuple[Plane, Picture, Plane]:
    """Return the jumper's height, colour and cover."""
    depth, inside = height(x, y, _TORSO, 5)
    slope = 1.97 + 0.30 * np.abs(x) + 0.16 * np.maximum(np.abs(x) - 1.5, 0) ** 2
    inside = np.minimum(inside, (y - slope) * 0.6 + 0.25)
    line = 2.04 + 0.28 * (1 - (x / 0.95) ** 2)
    collar = np.exp(-(((y - line) / 0.13) ** 2)) * (np.abs(x) < 0.98)
    rows, columns = y * 15, x * 11 + 0.5 * np.sin(y * 0.7)
    stitch = np.abs(((columns % 1) - 0.5) * 2)
    knit = 0.5 * np.cos((rows + stitch * 0.9) * 2 * np.pi) - 0.6 * np.cos(columns * 2 * np.pi)
    ribs = np.cos(np.arctan2(x, 1.2) * 70)
    # A stitch finer than a few pixels would only glitter.
    knit = np.where(collar > 0.35, ribs, knit) * min(max((unit - 10) / 40, 0), 1)
    random = np.random.default_rng(3)
    size = (x.shape[1], x.shape[0])
    folds = cv2.resize(random.random((7, 9), np.float32), size, interpolation=cv2.INTER_CUBIC)
    depth = depth + 0.12 * collar + 0.010 * knit + 0.16 * (folds - 0.5)
    below = np.exp(-np.clip(y - line - 0.10, 0, 2) / 0.16) * (collar < 0.6)
    light = (1 + 0.13 * knit - 0.06 * collar) * (1 - 0.35 * below)
    cover = soft(y - line + 0.14, 2.2 / unit) * soft(inside, 2.2 / unit)
    return depth.astype(np.float32), np.array(WOOL, np.float32) * light[..., None], cover


@functools.lru_cache(maxsize=4)
def hand(unit: float) -> Part:
    """Return a raised open hand with its sleeve; its origin is the wrist."""
    left, top = -1.5, -2.5
    x, y = plane(unit, left, top, 1.5, 3.2)
    depth, inside = _palm_and_fingers(x, y)
    sleeve, in_sleeve = height(x, y, _SLEEVE, 8)
    wool = soft(in_sleeve, 2.2 / unit) * soft(y - 0.75 - 0.05 * np.cos(x * 4), 2.2 / unit)
    knit = np.cos(y * 15 * 2 * np.pi) * np.cos(x * 11 * np.pi) * min(max((unit - 10) / 40, 0), 1)
    lines = 0.16 * np.exp(-((inside / 0.03) ** 2)) * (inside > 0)
    albedo = np.array((0.80, 0.52, 0.40), np.float32) * (1 - lines)[..., None]
    mix(albedo, np.array(WOOL, np.float32) * (1 + 0.12 * knit)[..., None], wool)
    depth = np.where(wool > 0.5, sleeve, depth).astype(np.float32)
    cover = np.maximum(soft(inside, 2.2 / unit), wool)
    normals = normal(cv2.GaussianBlur(depth, (0, 0), 1.0), unit)
    flat = np.zeros_like(cover)
    return Part(unit, left, top, cover, flat, normals, albedo, 0.2 * (1 - wool), flat)


def _palm_and_fingers(x: Plane, y: Plane) -> tuple[Plane, Plane]:
    palm, in_palm = height(x, y, _PALM, 12)
    heights, insides = [palm], [in_palm]
    for x0, y0, x1, y1, thick in _FINGERS:
        dx, dy = x1 - x0, y1 - y0
        along = np.clip(((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy), 0, 1)
        inside = thick**2 - (x - x0 - along * dx) ** 2 - (y - y0 - along * dy) ** 2
        heights.append(np.where(inside > 0, np.sqrt(np.maximum(inside, 0)), inside * 6))
        insides.append(inside / np.float32(2 * thick))
    hollow = 0.05 * bump(x, y, 0.05, -0.45, 0.25, 0.25)
    return melt(heights, 22) - hollow, melt(insides, 40)
