"""Eyes and mouth: painted into the head's colours anew for every picture."""

from __future__ import annotations

import numpy as np

from endlessdreams_cam.sources.portrait.clay import LIPS, Part, Picture, Plane, mix

_EYE_X, _EYE_Y = 0.38, 0.03
_MOUTH_Y = 0.80


def paint_eyes(head: Part, albedo: Picture, lids: float, gaze: float) -> None:
    """Paint both eyes in place; lids 0 (shut) … 1, gaze in units to the right."""
    for x in (-_EYE_X, _EYE_X):
        patch, xs, ys = _patch(head, albedo, x, _EYE_Y, 0.30, 0.30)
        _paint_eye(patch, xs, ys, -np.sign(x), 1.5 / head.unit, lids, gaze)


def _patch(
    head: Part, albedo: Picture, x: float, y: float, wide: float, tall: float
) -> tuple[Picture, Plane, Plane]:
    """Return a view of the colours round a point, and x and y from that point in units."""
    column, row = head.pixel(x, y)
    half_w, half_h = round(wide * head.unit), round(tall * head.unit)
    x0, y0 = round(column) - half_w, round(row) - half_h
    ys, xs = np.mgrid[y0 : y0 + 2 * half_h, x0 : x0 + 2 * half_w].astype(np.float32)
    view = albedo[y0 : y0 + 2 * half_h, x0 : x0 + 2 * half_w]
    unit = np.float32(head.unit)
    return view, (xs - np.float32(column)) / unit, (ys - np.float32(row)) / unit


def _edge(inside: Plane, pixel: float) -> Plane:
    return np.clip(inside / np.float32(pixel) + 0.5, 0, 1)


def _paint_eye(
    patch: Picture, x: Plane, y: Plane, nose: float, pixel: float, lids: float, gaze: float
) -> None:
    slant = 0.012 * x * nose  # the inner corner lies lower
    arch = np.maximum(1 - (x / 0.215) ** 2, 0)
    within = np.clip(arch * 12, 0, 1)
    upper = -0.125 * arch**0.75 * lids + 0.055 * (1 - lids) * arch - slant
    lower = 0.075 * arch + slant
    opened = _edge(y - upper, pixel) * _edge(lower - y, pixel) * within
    eye = _eyeball(x - gaze, y + 0.018, x, pixel)
    eye *= (1 - 0.55 * np.exp(-np.clip(y - upper, 0, 1) / 0.045))[..., None]  # the lid's shadow
    mix(patch, eye, opened)
    lash = 0.85 * np.exp(-(((y - upper) / 0.026) ** 2))
    lash += 0.30 * np.exp(-(((y - lower) / 0.014) ** 2))
    lash += 0.30 * np.exp(-(((y - upper + 0.070) / 0.022) ** 2))  # the crease above
    patch *= (1 - np.clip(lash * within, 0, 0.9))[..., None]


def _eyeball(x: Plane, y: Plane, across: Plane, pixel: float) -> Picture:
    """Return white, iris, pupil and the window's spark, centred on the pupil."""
    away = np.hypot(x, y)
    white = 1 - 0.45 * np.clip(np.abs(across) / 0.215, 0, 1) ** 3
    eye = np.array((0.84, 0.80, 0.77), np.float32) * white[..., None]
    ring = 0.55 + 0.75 * np.clip(away / 0.105, 0, 1) ** 2 * (y > -0.02)
    mix(eye, np.array((0.20, 0.26, 0.24), np.float32) * ring[..., None], _edge(0.112 - away, pixel))
    eye *= (1 - 0.96 * _edge(0.050 - away, pixel))[..., None]
    spark = _edge(0.026 - np.hypot(x + 0.045, y + 0.045), pixel)
    mix(eye, np.full(3, 1.8, np.float32), spark)
    return eye


def paint_mouth(head: Part, albedo: Picture, opened: float, smile: float) -> None:
    """Paint the lips in place; opened 0…1 by speech, smile 0…1."""
    patch, x, y = _patch(head, albedo, 0.0, _MOUTH_Y, 0.48, 0.34)
    pixel = 2.5 / head.unit
    wide = 0.325 + 0.03 * smile - 0.05 * opened
    across = np.clip(np.abs(x) / wide, 0, 1)
    taper = np.sqrt(np.maximum(1 - across**2.2, 0))
    middle = -0.075 * smile * across**2 + 0.010 * np.cos(across * 5)
    gap = 0.085 * opened
    upper, lower = middle - 0.5 * gap * taper, middle + gap * taper
    bow = 0.085 * taper * (1 - 0.22 * np.exp(-((x / 0.06) ** 2)))
    lips = _edge(y - upper + bow, pixel) * _edge(lower + 0.115 * taper - y, pixel)
    lit = 1.05 + 0.22 * np.exp(-(((y - lower - 0.05) / 0.03) ** 2))
    tone = np.where(y < middle, 0.80, lit)
    within = np.clip((wide - np.abs(x)) * 25, 0, 1)
    mix(patch, np.array(LIPS, np.float32) * tone[..., None], 0.88 * lips * within)
    patch *= (1 - 0.62 * np.exp(-(((y - middle) / 0.016) ** 2)) * within)[..., None]
    hollow = _edge(y - upper, pixel) * _edge(lower - y, pixel) * within
    hollow *= min(max(gap * 40, 0.0), 1.0)
    mix(patch, np.array((0.20, 0.07, 0.07), np.float32), hollow)
    mix(patch, np.array((0.74, 0.70, 0.66), np.float32), 0.8 * hollow * (y < upper + 0.05))
