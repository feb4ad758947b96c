"""Lenses and screens: soft focus, film noir, video tape."""

from __future__ import annotations

import math

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.styles.stylist import Style
from endlessdreams_cam.engines.scenes.styles.texture import grain, luma, saturate, three
from endlessdreams_cam.engines.scenes.world import Picture, Plane
from endlessdreams_cam.frame import Size


class Soft(Style):
    """Soft focus: a bright blurred copy screened over a sharp one (Orton), shadows lifted."""

    def __init__(self, size: Size) -> None:
        super().__init__(size)
        self._quarter = Size(max(size.width // 4, 8), max(size.height // 4, 8))
        self._colours = saturate(1.12) * 0.92

    def __call__(self, picture: Picture, t: float) -> Picture:
        small = cv2.resize(picture, self._quarter, interpolation=cv2.INTER_AREA)
        near = cv2.GaussianBlur(small, (0, 0), self.size.width / 320)
        far = cv2.GaussianBlur(near, (0, 0), self.size.width / 75)
        veil = cv2.addWeighted(near, 0.30, far, 0.38, -0.03)
        veil = cv2.resize(np.clip(veil, 0, 1), self.size, interpolation=cv2.INTER_CUBIC)
        base = cv2.transform(picture, self._colours)
        # screen: 1 − (1 − a)(1 − b) = a + b − ab
        product = cv2.multiply(base, veil)
        return cv2.scaleAdd(product, -1.0, cv2.add(base, veil)) * np.float32(0.95) + np.float32(
            0.02
        )


class Noir(Style):
    """Black and white film: deep blacks, silver lights, halation round the lamps, fine grain."""

    def __init__(self, size: Size) -> None:
        super().__init__(size)
        self._quarter = Size(max(size.width // 4, 8), max(size.height // 4, 8))
        self._grain = 0.019 * grain(size, 31, fine=0.85)
        xs = np.linspace(-1, 1, size.width, dtype=np.float32)[None, :]
        ys = np.linspace(-1, 1, size.height, dtype=np.float32)[:, None]
        self._vignette = (1 - 0.42 * ((xs * xs + ys * ys) / 2) ** 1.4).astype(np.float32)
        # A red-sensitive film: skies darken, faces and flames shine.
        self._film = np.array([[0.56, 0.36, 0.08]], np.float32)
        self._level = 1.0

    def __call__(self, picture: Picture, t: float) -> Picture:
        light = cv2.transform(picture, self._film)
        small = cv2.resize(light, self._quarter, interpolation=cv2.INTER_AREA)
        self._level += (self._gain(small) - self._level) * 0.05
        lamps = cv2.GaussianBlur(np.maximum(small - 0.6, 0), (0, 0), self.size.width / 110)
        halo = cv2.resize(lamps, self.size, interpolation=cv2.INTER_LINEAR)
        light = cv2.addWeighted(light, self._level, halo, 0.45, 0.0)
        np.clip(light, 0, 1, out=light)
        smooth = light * light * (3 - 2 * light)
        light = cv2.addWeighted(light, 0.3, smooth, 0.68, 0.0)
        light = cv2.multiply(light, self._vignette) + self._grain * (0.35 + light)
        cool = cv2.merge((light * np.float32(0.985), light, light * np.float32(1.02)))
        return cool + np.array([0.006, 0.007, 0.012], np.float32)

    @staticmethod
    def _gain(light: Plane) -> float:
        """Return the exposure that puts the lights of a dark scene where film wants them."""
        top = float(np.partition(light.ravel(), int(light.size * 0.97))[int(light.size * 0.97)])
        return min(max(0.84 / max(top, 0.05), 0.8), 3.2)


class Vhs(Style):
    """A tape of the eighties: smeared colour, scan lines, a soft tracking band that rolls by."""

    _ROLL_S = 11.0

    def __init__(self, size: Size) -> None:
        super().__init__(size)
        rows = np.arange(size.height, dtype=np.float32)
        self._rows = rows
        lines = 1 - 0.10 * (0.5 - 0.5 * np.cos(rows * math.pi * max(360 / size.height, 0.5)))
        self._lines = np.repeat(np.repeat(lines[:, None, None], size.width, 1), 3, 2).astype(
            np.float32
        )
        self._noise = 0.02 * grain(Size(size.width * 2, size.height), 41, fine=1.0)
        self._haze = np.array((0.018, 0.010, 0.028), np.float32)
        # Colour has a quarter of the light's detail along a line, and comes a little late.
        self._narrow = Size(max(size.width // 4, 8), max(size.height // 2, 8))
        wide, tall = size.width / self._narrow.width, size.height / self._narrow.height
        self._late = np.array(
            [[wide, 0, wide / 2 - 0.5 + size.width / 220], [0, tall, tall / 2 - 0.5]], np.float32
        )
        ys, xs = np.mgrid[: size.height, : size.width].astype(np.float32)
        self._xs, self._ys = xs, ys

    def __call__(self, picture: Picture, t: float) -> Picture:
        light = luma(picture)
        small = cv2.resize(picture, self._narrow, interpolation=cv2.INTER_AREA)
        small = cv2.blur(cv2.subtract(small, three(luma(small))), (3, 1))
        colour = cv2.warpAffine(
            small, self._late, self.size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        soft = cv2.blur(light, (3, 1))
        ringing = cv2.addWeighted(soft, 1.7, cv2.blur(soft, (9, 1)), -0.7, 0.0)
        ringing = self._tracked(ringing, t)
        tape = cv2.scaleAdd(colour, 1.25, three(ringing))
        tape = cv2.multiply(tape, self._lines)
        return tape * np.float32(0.95) + self._haze

    def _tracked(self, light: Plane, t: float) -> Plane:
        """Return the light with the tape's noise and its band, a few lines that lean aside."""
        height, width = light.shape
        u = (t / self._ROLL_S) % 1.3
        band = np.exp(-((((self._rows / height) - u) / 0.03) ** 2))
        lean = band * width * 0.012
        start = (int(t * 30) * 977) % width
        noise = self._noise[:, start : start + width]
        xs = self._xs + lean[:, None].astype(np.float32)
        moved = cv2.remap(light, xs, self._ys, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return moved + noise * (1 + 2.5 * band[:, None].astype(np.float32))
