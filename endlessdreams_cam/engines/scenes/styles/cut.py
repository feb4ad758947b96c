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
    three_bytes,
    vivid_flat,
)
from endlessdreams_cam.engines.scenes.world import Picture, Plane
from endlessdreams_cam.frame import Pixels, Size

_SHEETS = 6
_ONE_COLOUR = 0.75  # how much of a sheet's colour is its own at most, the rest is its place's
_FOLLOW = 0.04  # per dream
_SHARP = 30.0  # how steep a cut edge is, per unit of tone


class Paper(Style):
    """Six sheets, the lightest at the back; each is one colour, tinted by what lies there."""

    def __init__(self, size: Size) -> None:
        super().__init__(size)
        self._half = half(size)
        self._quarter = Size(max(size.width // 4, 8), max(size.height // 4, 8))
        self._tones = Exposure(0.02, 0.98, high_key=0.85)
        self._paper = three(1 + 0.035 * grain(size, 91, fine=0.5))
        self._drop = self._quarter.width / 140
        self._colours = saturate(1.35)
        self._dyes: Picture | None = None
        at = np.linspace(0, 1, 256, dtype=np.float32)
        self._cuts = [
            curve(np.clip((n / _SHEETS - at) * _SHARP + 0.5, 0, 1))
            for n in range(_SHEETS - 1, 0, -1)
        ]
        fronts = np.stack([np.ones(256), *(cut[:, 0] for cut in self._cuts), np.zeros(256)])
        self._sheet_of = (fronts[:-1] - fronts[1:])[::-1].T.astype(np.float32)  # tone → its sheet
        level = steps(_SHEETS, edge=1 - _SHEETS / _SHARP, sharp=_SHARP / _SHEETS)
        self._levels = curve(0.08 + 0.92 * level)

    def __call__(self, picture: Picture, t: float) -> Picture:
        tone = self._simple(picture)
        place = vivid_flat(picture, self.size, self._colours)
        sheets = cv2.LUT(three_bytes(tone), self._dyed(tone, place))
        plain = self._plain(place, sheets)
        place = cv2.blendLinear(sheets, place, plain, 1 - plain)
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
            self._tones(light), 0.90 * 255, around, 0.10 * 255, 0.05 * 255, dtype=cv2.CV_8U
        )
        tone = cv2.medianBlur(cv2.medianBlur(tone, 5), 5)
        return cv2.resize(tone, self.size, interpolation=cv2.INTER_LINEAR)

    def _dyed(self, tone: Pixels, place: Picture) -> Picture:
        """Return the colour of the sheet that each tone belongs to, a table for cv2.LUT.

        A sheet has the mean colour of what it shows, and follows it in about a second.
        """
        eighth = (self._quarter.width // 2, self._quarter.height // 2)
        small = cv2.resize(tone, eighth, interpolation=cv2.INTER_AREA)
        seen = cv2.resize(place, eighth, interpolation=cv2.INTER_AREA).reshape(-1, 3)
        sheet = np.minimum(small.ravel().astype(np.intp) * _SHEETS // 256, _SHEETS - 1)
        count = np.bincount(sheet, minlength=_SHEETS)[:, None]
        total = np.stack([np.bincount(sheet, seen[:, c], _SHEETS) for c in range(3)], 1)
        whole = seen.mean(0)
        found = (total + 8 * whole) / (count + 8)
        if self._dyes is None:
            self._dyes = found.astype(np.float32)
        self._dyes += (found - self._dyes) * np.float32(_FOLLOW)
        return np.ascontiguousarray((self._sheet_of @ self._dyes)[:, None, :], np.float32)

    def _plain(self, place: Picture, sheets: Picture) -> Plane:
        """Return how far a place has its sheet's colour, 0…1: a red flower in a green one stays."""
        small, sheet = (
            cv2.resize(p, self._quarter, interpolation=cv2.INTER_AREA) for p in (place, sheets)
        )
        apart = cv2.absdiff(small - three(luma(small)), sheet - three(luma(sheet)))
        plain = np.clip(_ONE_COLOUR + 0.3 - 3.2 * apart.max(2), 0.1, _ONE_COLOUR)
        return cv2.resize(plain, self.size, interpolation=cv2.INTER_LINEAR)

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
