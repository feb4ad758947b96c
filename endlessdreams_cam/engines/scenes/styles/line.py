"""Drawn media: pencil and neon tubes."""

from __future__ import annotations

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.styles.exposure import Exposure
from endlessdreams_cam.engines.scenes.styles.stylist import Style
from endlessdreams_cam.engines.scenes.styles.texture import (
    curve,
    fibres,
    flat_colour,
    grain,
    half,
    local_contrast,
    luma,
    mix,
    saturate,
    three,
)
from endlessdreams_cam.engines.scenes.world import Picture, Plane
from endlessdreams_cam.frame import Size


def contours(light: Plane, width: float, *, least: float = 0.02) -> Plane:
    """Return dark lines where a shape ends, 0…1, as strong in the dark as in the day."""
    blurred = cv2.GaussianBlur(light, (0, 0), width)
    size = (light.shape[1], light.shape[0])
    small = cv2.resize(blurred, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), 1.2 * width)
    edge = cv2.subtract(cv2.resize(small, size, interpolation=cv2.INTER_LINEAR), blurred)
    return local_contrast(edge, radius=18 * width, least=least * 0.4)


class Sketch(Style):
    """Graphite and a breath of colour on warm paper: contours, and three layers of hatching."""

    def __init__(self, size: Size) -> None:
        super().__init__(size)
        self._tones = Exposure(0.02, 0.97)
        thin = max(size.width / 800, 0.55)
        tooth = grain(size, 54, fine=0.7)
        hatches = [
            np.clip(
                0.5 + 0.6 * fibres(size, 51 + n, angle, length=size.width / 70, width=thin), 0, 1
            )
            for n, angle in enumerate((42.0, -33.0, 68.0))
        ]
        self._hatches = [(h * (1 + 0.3 * tooth) * 0.46).astype(np.float32) for h in hatches]
        dark = 1 - np.arange(256) / 255
        self._depths = [
            curve(np.clip((dark - start) * 2.6, 0, 1).astype(np.float32))
            for start in (0.40, 0.62, 0.82)
        ]
        self._paper = flat_colour(size, (0.965, 0.95, 0.915)) * three(1 + 0.022 * tooth)
        self._graphite = flat_colour(size, (0.13, 0.13, 0.17))
        self._fine = max(size.width / 620, 0.6)

    def __call__(self, picture: Picture, t: float) -> Picture:
        light = luma(picture)
        around = local_contrast(light, radius=self.size.width / 14, least=0.03)
        tone = cv2.addWeighted(self._tones(light), 0.66 * 255, around, 0.26 * 255, 0.17 * 255,
                               dtype=cv2.CV_8U)  # fmt: skip
        line = np.clip(cv2.addWeighted(contours(light, self._fine), 1.2, light, 0, -0.12), 0, 1)
        ink = cv2.multiply(line, line, scale=0.95)
        for hatch, depth in zip(self._hatches, self._depths, strict=True):
            ink = cv2.accumulateProduct(cv2.LUT(tone, depth), hatch, ink)
        small = cv2.resize(picture, half(self.size), interpolation=cv2.INTER_AREA)
        tint = cv2.blur(cv2.subtract(small, three(luma(small))), (5, 5))
        tint = cv2.resize(tint, self.size, interpolation=cv2.INTER_LINEAR)
        paper = cv2.scaleAdd(tint, 0.7, self._paper)
        return mix(paper, self._graphite, cv2.min(ink, 0.97))


class Neon(Style):
    """Glowing tubes along the contours, in the scene's own colours at full brightness."""

    def __init__(self, size: Size) -> None:
        super().__init__(size)
        self._quarter = Size(max(size.width // 4, 8), max(size.height // 4, 8))
        self._colours = saturate(2.2)
        xs = np.linspace(0, 1, self._quarter.width, dtype=np.float32)[None, :, None]
        ys = np.linspace(0, 1, self._quarter.height, dtype=np.float32)[:, None, None]
        pink, blue = (np.array(c, np.float32) for c in ((1.0, 0.16, 0.66), (0.12, 0.72, 1.0)))
        u = np.clip(0.75 * xs + 0.5 * ys - 0.1, 0, 1)
        self._gas = (pink + (blue - pink) * u).astype(np.float32)
        self._line = max(size.width / 520, 0.7)

    def __call__(self, picture: Picture, t: float) -> Picture:
        light = cv2.GaussianBlur(luma(picture), (0, 0), self._line)
        edge = cv2.magnitude(cv2.Scharr(light, -1, 1, 0), cv2.Scharr(light, -1, 0, 1))
        small = cv2.resize(edge, self._quarter, interpolation=cv2.INTER_AREA)
        around = cv2.GaussianBlur(small, (0, 0), self._quarter.width / 9)
        around = around + np.float32(0.35 * float(around.mean()) + 0.02)
        around = cv2.resize(around, self.size, interpolation=cv2.INTER_LINEAR)
        tube = np.clip(cv2.divide(edge, around, scale=0.5) - np.float32(0.5), 0, 1)
        gas = self._lit(picture)
        colour = cv2.resize(gas, self.size, interpolation=cv2.INTER_LINEAR)
        glow = cv2.resize(tube, self._quarter, interpolation=cv2.INTER_AREA)
        near = cv2.GaussianBlur(glow, (0, 0), 1.6)
        far = cv2.GaussianBlur(near, (0, 0), 7.0)
        halo = cv2.multiply(gas, three(cv2.addWeighted(near, 0.75, far, 1.0, 0.0)))
        halo = cv2.resize(halo, self.size, interpolation=cv2.INTER_LINEAR)
        night = cv2.addWeighted(halo, 0.8, picture, 0.15, 0.0)
        hot = cv2.addWeighted(colour, 0.85, colour, 0.0, 0.3)
        return cv2.add(night, cv2.multiply(hot, three(tube)))

    def _lit(self, picture: Picture) -> Picture:
        """Return the scene's colours as bright gas, quarter size; greys become pink to blue."""
        small = cv2.resize(picture, self._quarter, interpolation=cv2.INTER_AREA)
        small = cv2.GaussianBlur(small, (0, 0), 2.0) + np.float32(0.02)
        vivid = np.maximum(cv2.transform(small, self._colours), 0)
        top = vivid.max(2, keepdims=True) + np.float32(1e-3)
        strong = np.clip((top - vivid.min(2, keepdims=True)) / top * 1.6 - 0.25, 0, 1)
        return (self._gas + (vivid / top - self._gas) * strong).astype(np.float32)
