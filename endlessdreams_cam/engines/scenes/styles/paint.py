"""Wet media: watercolour and oil."""

from __future__ import annotations

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.paint import fbm
from endlessdreams_cam.engines.scenes.styles.stylist import Style
from endlessdreams_cam.engines.scenes.styles.texture import (
    fibres,
    grain,
    half,
    inset,
    luma,
    saturate,
    smooth_flat,
    three,
    to_bytes,
    wobble,
)
from endlessdreams_cam.engines.scenes.world import Picture, Plane
from endlessdreams_cam.frame import Size

_PAPER = (0.985, 0.975, 0.95)


class Watercolour(Style):
    """Washes on cold-pressed paper: pigment pools at their rims and granulates in the tooth."""

    def __init__(self, size: Size) -> None:
        super().__init__(size)
        self._half = half(size)
        reach = size.width / 230
        xs, ys = wobble(size, 11, reach, 30)
        self._maps = (xs * (self._half.width / size.width), ys * (self._half.height / size.height))
        blooms = fbm(np.random.default_rng(12), self._half, cells=9, octaves=5, gain=0.55)
        self._density = (0.92 + 0.42 * (blooms - 0.5)).astype(np.float32)
        tooth = grain(size, 13, fine=0.55)
        frame = inset(size, 14, 0.022)
        self._tooth = tooth
        self._cover = three(frame)
        self._bare = (1 - self._cover) * np.array(_PAPER, np.float32) * (1 + 0.03 * three(tooth))
        self._colours = saturate(1.3)

    def __call__(self, picture: Picture, t: float) -> Picture:
        flat = smooth_flat(picture, self._half)
        wash = cv2.multiply(flat, 0.9 / 255, dtype=cv2.CV_32F)
        wash = cv2.transform(wash, self._colours)
        np.clip(wash, 0.0, 1.0, out=wash)
        wash += 0.1
        light = luma(wash)
        near = cv2.GaussianBlur(light, (0, 0), 2.5)
        pool = np.clip(near - light, 0, 0.2) * 2.2  # the darker side of an edge gets darker
        logs = np.log(wash) * three((self._density + pool).astype(np.float32))
        wash = cv2.remap(np.exp(logs), *self._maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        light = luma(picture)
        fine = cv2.subtract(light, cv2.blur(light, (5, 5)))
        touch = cv2.scaleAdd(self._tooth, 0.055, 1.3 * fine + 1)
        wash = cv2.multiply(wash, three(touch))
        return cv2.add(cv2.multiply(wash, self._cover), self._bare)


class Oil(Style):
    """Short thick strokes along the forms, lit from the upper left."""

    _ANGLES = (0.0, 45.0, 90.0, 135.0)

    def __init__(self, size: Size) -> None:
        super().__init__(size)
        self._half = half(size)
        self._quarter = Size(max(size.width // 4, 8), max(size.height // 4, 8))
        long = size.width / 130
        wide = size.width / 420
        self._strokes = [
            fibres(size, 21 + n, angle, length=long, width=wide)
            for n, angle in enumerate(self._ANGLES)
        ]
        # Every direction's strokes also push the colours along themselves.
        self._reach = size.width / 190
        ys, xs = np.mgrid[: size.height, : size.width].astype(np.float32)
        self._xs, self._ys = xs, ys
        self._colours = saturate(1.22)

    def __call__(self, picture: Picture, t: float) -> Picture:
        weights = self._directions(picture)
        relief = np.zeros((self.size.height, self.size.width), np.float32)
        for stroke, weight in zip(self._strokes, weights, strict=True):
            relief = cv2.accumulateProduct(
                stroke, cv2.resize(weight, self.size, interpolation=cv2.INTER_LINEAR), relief
            )
        xs = cv2.scaleAdd(relief, self._reach * 0.8, self._xs)
        ys = cv2.scaleAdd(relief, self._reach * 0.6, self._ys)
        small = to_bytes(cv2.resize(picture, self._half, interpolation=cv2.INTER_AREA))
        flat = cv2.bilateralFilter(small, 5, 60.0, 2)
        scale_x, scale_y = self._half.width / self.size.width, self._half.height / self.size.height
        paint = cv2.remap(
            flat, xs * scale_x, ys * scale_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
        )
        paint = cv2.transform(cv2.multiply(paint, 1 / 255, dtype=cv2.CV_32F), self._colours)
        lit = cv2.filter2D(relief, -1, _LIT)
        light = luma(picture)
        fine = cv2.subtract(light, cv2.blur(light, (5, 5)))
        shade = cv2.scaleAdd(lit, 0.085, 1 + 1.5 * fine)
        return cv2.multiply(paint, three(shade))

    def _directions(self, picture: Picture) -> list[Plane]:
        """Return how much strokes of each angle are wanted, quarter size, summing to 1.

        From the structure tensor: strokes run along edges; where there are none, aslant.
        """
        small = luma(cv2.resize(picture, self._quarter, interpolation=cv2.INTER_AREA))
        dx, dy = cv2.Scharr(small, cv2.CV_32F, 1, 0), cv2.Scharr(small, cv2.CV_32F, 0, 1)
        xx, yy, xy = (cv2.GaussianBlur(p, (0, 0), 2.5) for p in (dx * dx, dy * dy, dx * dy))
        # Along the edge: the tensor's direction turned by 90°.
        cos2, sin2 = yy - xx + np.float32(0.004), -2 * xy + np.float32(0.006)
        size = np.sqrt(cos2 * cos2 + sin2 * sin2) + np.float32(1e-6)
        cos2, sin2 = cos2 / size, sin2 / size
        raw = []
        for angle in self._ANGLES:
            a = np.radians(-2 * angle)  # rows grow downwards
            raw.append(np.maximum(cos2 * np.float32(np.cos(a)) + sin2 * np.float32(np.sin(a)), 0))
        total = raw[0] + raw[1] + raw[2] + raw[3] + np.float32(1e-6)
        return [(r / total).astype(np.float32) for r in raw]


_LIT = np.array([[1.0, 0.7, 0.0], [0.7, 0.0, -0.7], [0.0, -0.7, -1.0]], np.float32)
