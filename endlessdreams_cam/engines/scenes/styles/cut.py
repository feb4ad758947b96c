"""Cut paper: sheets on each other by their tone, each with its shadow on the one below."""

from __future__ import annotations

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.styles.exposure import Exposure
from endlessdreams_cam.engines.scenes.styles.stylist import Style
from endlessdreams_cam.engines.scenes.styles.texture import (
    curve,
    grain,
    half,
    local_contrast,
    luma,
    saturate,
    steps,
    three,
    vivid_flat,
)
from endlessdreams_cam.engines.scenes.world import Picture, Plane
from endlessdreams_cam.frame import Pixels, Size

_SHEETS = 6
_SHARP = 30.0  # how steep a cut edge is, per unit of tone


class Paper(Style):
    """Six sheets, the lightest at the back; each keeps the colours of its place."""

    def __init__(self, size: Size) -> None:
        super().__init__(size)
        self._half = half(size)
        self._quarter = Size(max(size.width // 4, 8), max(size.height // 4, 8))
        self._tones = Exposure(0.02, 0.98, high_key=0.85)
        self._paper = three(1 + 0.035 * grain(size, 91, fine=0.5))
        self._drop = self._quarter.width / 140
        self._colours = saturate(1.3)
        at = np.linspace(0, 1, 256, dtype=np.float32)
        self._cuts = [
            curve(np.clip((n / _SHEETS - at) * _SHARP + 0.5, 0, 1))
            for n in range(_SHEETS - 1, 0, -1)
        ]
        level = steps(_SHEETS, edge=1 - _SHEETS / _SHARP, sharp=_SHARP / _SHEETS)
        self._levels = curve(0.08 + 0.92 * level)

    def __call__(self, picture: Picture, t: float) -> Picture:
        tone = self._simple(picture)
        place = vivid_flat(picture, self.size, self._colours)
        # The place's own colour, brought to the light of its sheet.
        gain = cv2.divide(cv2.LUT(tone, self._levels), cv2.add(luma(place), 0.06))
        gain = cv2.max(cv2.min(gain, 2.4), 0.5)
        lit = cv2.multiply(gain, cv2.addWeighted(self._shadow(tone), -0.42, gain, 0.0, 1.0))
        return cv2.multiply(cv2.multiply(place, three(lit)), self._paper)

    def _simple(self, picture: Picture) -> Pixels:
        """Return the tone in the big shapes that scissors can cut; distant ridges count too."""
        light = luma(cv2.resize(picture, self._half, interpolation=cv2.INTER_AREA))
        around = local_contrast(light, radius=self._half.width / 8, least=0.06)
        tone = cv2.addWeighted(
            self._tones(light), 0.86 * 255, around, 0.14 * 255, 0.07 * 255, dtype=cv2.CV_8U
        )
        tone = cv2.medianBlur(tone, 5)
        return cv2.resize(tone, self.size, interpolation=cv2.INTER_LINEAR)

    def _shadow(self, tone: Pixels) -> Plane:
        """Return the shadows that sheets cast on those behind them, 0…1."""
        move = np.array([[1, 0, self._drop], [0, 1, self._drop]], np.float32)
        shadow = np.zeros(tone.shape, np.float32)
        for cut in self._cuts:  # from the lightest at the back to the darkest in front
            sheet = cv2.LUT(tone, cut)
            small = cv2.resize(sheet, self._quarter, interpolation=cv2.INTER_AREA)
            fallen = cv2.warpAffine(small, move, self._quarter, borderMode=cv2.BORDER_REPLICATE)
            fallen = cv2.GaussianBlur(fallen, (0, 0), 0.9 * self._drop)
            fallen = cv2.resize(fallen, self.size, interpolation=cv2.INTER_LINEAR)
            shadow = cv2.multiply(cv2.max(shadow, fallen), 1 - sheet)
        return shadow
