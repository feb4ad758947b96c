"""What grows and lies on a forest's floor: ferns, grass, mossy stones, great trunks."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes.paint import fbm, smoothstep
from endlessdreams_cam.engines.scenes.worlds.land_parts import Planes
from endlessdreams_cam.frame import Size

_SHIFT = 4


def _planes(canvas: NDArray[np.uint8]) -> Planes:
    planes = np.empty((2, *canvas.shape[:2]), np.float32)
    np.multiply(canvas[..., 1], np.float32(1 / 255), out=planes[0])
    np.multiply(canvas[..., 0], np.float32(1 / 255), out=planes[1])
    return planes


def _curves(
    canvas: NDArray[np.uint8], lines: NDArray[np.float64], shade: float, thick: int = 1
) -> None:
    fixed = list(np.round(lines * (1 << _SHIFT)).astype(np.int32))
    level = int(min(max(shade, 0.0), 1.0) * 255)
    cv2.polylines(canvas, fixed, False, (level, 255, 0), thick, cv2.LINE_AA, _SHIFT)


def fern(random: np.random.Generator, height: int) -> Planes:
    """Return a fern, (2, height, width): arching fronds with leaflets, light from the right."""
    width = int(height * 2.3)
    canvas = np.zeros((height, width, 3), np.uint8)
    leaflets = 15 if height > 24 else 8
    along = np.linspace(0.12, 1, leaflets)
    for lean in random.permutation(np.linspace(-1.25, 1.25, 11)):
        lean += random.normal(0, 0.08)
        long = height * random.uniform(0.78, 1.0)
        x = width / 2 + math.sin(lean) * long * along
        y = height - math.cos(lean * 0.85) * long * along + 0.42 * long * abs(lean) * along**2.4
        spine = np.stack((x, y), 1)
        shade = 0.22 + 0.42 * (0.5 + 0.5 * math.sin(lean)) + random.uniform(-0.06, 0.12)
        slope = np.gradient(spine, axis=0)
        slope /= np.linalg.norm(slope, axis=1, keepdims=True) + 1e-6
        normal = np.stack((-slope[:, 1], slope[:, 0]), 1)
        size = (0.20 * long * np.sin(np.pi * np.clip(along * 0.92 + 0.06, 0, 1)) ** 0.8)[:, None]
        for side, light in ((-1, 1.0), (1, 0.62)):
            tips = spine + side * normal * size + slope * size * 0.55
            _curves(canvas, np.stack((spine, tips), 1), shade * light, max(1, height // 48))
        _curves(canvas, spine[None], shade * 0.7)
    return _planes(canvas)


def grass(random: np.random.Generator, height: int) -> Planes:
    """Return a tuft of grass, (2, height, width)."""
    width = int(height * 1.5)
    canvas = np.zeros((height, width, 3), np.uint8)
    along = np.linspace(0, 1, 6)
    for _ in range(26):
        lean, long = random.normal(0, 0.42), height * random.uniform(0.45, 0.98)
        root = width / 2 + random.normal(0, width * 0.12)
        x = root + math.sin(lean) * long * along**1.6
        y = height - long * along * math.cos(lean * 0.8)
        shade = 0.2 + 0.35 * random.random() + 0.2 * math.sin(lean)
        _curves(canvas, np.stack((x, y), 1)[None], shade)
    return _planes(canvas)


def stone(random: np.random.Generator, height: int) -> Planes:
    """Return a mossy stone, (2, height, width): moss catches the light on its top right."""
    width = int(height * random.uniform(1.5, 2.2))
    around = np.linspace(0, math.tau, 40)
    wobble = 1 + 0.09 * np.sin(around * 3 + random.uniform(0, 6)) + 0.05 * np.sin(around * 5 + 1)
    x = width / 2 + np.cos(around) * width * 0.44 * wobble
    y = height * 0.62 - np.sin(around) * height * 0.52 * wobble
    mask = np.zeros((height, width), np.uint8)
    outline = np.round(np.stack((x, y), 1) * 16).astype(np.int32)
    cv2.fillPoly(mask, [outline], 255, cv2.LINE_AA, _SHIFT)
    cover = mask.astype(np.float32) / 255
    noise = fbm(random, Size(width, height), cells=9, octaves=4, tile_x=False, tile_y=False)
    ys, xs = np.mgrid[:height, :width].astype(np.float32)
    form = 0.52 - 0.55 * (ys / height) + 0.32 * (xs / width - 0.4)
    light = np.clip(form * (0.5 + 1.0 * noise) + 0.10, 0.02, 0.8)
    return np.stack((cover, cover * light)).astype(np.float32)


def trunk(random: np.random.Generator, height: int, width: int) -> Planes:
    """Return a great trunk with bark, (2, height, wide), light from the right; no top, no foot."""
    flare = int(width * 0.9)
    wide = width + 2 * flare
    ys, xs = np.mgrid[:height, :wide].astype(np.float32)
    down = ys / height
    half = width * (0.42 + 0.09 * down + 0.55 * np.clip((down - 0.86) / 0.14, 0, 1) ** 2.2)
    bark = fbm(random, Size(wide, max(height // 5, 8)), cells=max(wide // 3, 4), octaves=3,
               tile_x=False, tile_y=False)  # fmt: skip
    bark = cv2.resize(bark, (wide, height), interpolation=cv2.INTER_CUBIC)
    fine = fbm(random, Size(wide, height), cells=max(height // 5, 8), octaves=2)
    centre = wide / 2 + width * 0.05 * np.sin(down * 4 + random.uniform(0, 6))
    across = (xs - centre + (bark - 0.5) * width * 0.10) / half
    cover = np.clip((1 - np.abs(across)) * half / 1.2, 0, 1)
    plates = 0.35 + 0.65 * smoothstep(0.25, 0.7, bark) * (0.6 + 0.4 * fine)
    rim = smoothstep(0.25, 0.98, across)
    light = (0.10 + 0.26 * np.clip(across * 0.5 + 0.5, 0, 1) + 0.52 * rim) * plates
    return np.stack((cover, cover * light)).astype(np.float32)
