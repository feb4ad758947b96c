"""Printed media: comic and woodblock."""

from __future__ import annotations

import math

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.styles.exposure import Exposure
from endlessdreams_cam.engines.scenes.styles.line import contours
from endlessdreams_cam.engines.scenes.styles.stylist import Style
from endlessdreams_cam.engines.scenes.styles.texture import (
    curve,
    fibres,
    flat_colour,
    grain,
    luma,
    mix,
    saturate,
    steps,
    three,
    vivid_flat,
)
from endlessdreams_cam.engines.scenes.world import Picture
from endlessdreams_cam.frame import Size


class Comic(Style):
    """Ink lines, flat colours in four steps, and a screen of dots in the half shadows."""

    def __init__(self, size: Size) -> None:
        super().__init__(size)
        self._tones = Exposure(0.02, 0.97)
        self._colours = saturate(1.55)
        self._ink = flat_colour(size, (0.055, 0.045, 0.10))
        pitch = max(size.width / 118, 3.0)
        ys, xs = np.mgrid[: size.height, : size.width].astype(np.float32)
        u, v = (xs + ys) * (math.tau / pitch * 0.7071), (xs - ys) * (math.tau / pitch * 0.7071)
        screen = 0.5 + 0.25 * (np.cos(u) + np.cos(v))
        self._screen = (9 * (screen - 1) + 0.5).astype(np.float32)
        self._line = max(size.width / 560, 0.7)
        tone = np.arange(256, dtype=np.float32) / 255
        self._levels = curve((steps(4, edge=0.42, sharp=9) * 4 + 0.55) / 4.4)
        self._shades = curve(9 * np.clip((0.62 - tone) * 1.5, 0, 0.86))
        self._room = curve(0.42 * np.clip(tone * 6 - 0.4, 0, 1))  # no dots on black

    def __call__(self, picture: Picture, t: float) -> Picture:
        light = luma(picture)
        tone = self._tones.bytes(cv2.GaussianBlur(light, (3, 3), 0.8))
        colour = vivid_flat(picture, self.size, self._colours)
        body = cv2.add(luma(colour), 0.06)
        gain = cv2.max(cv2.min(cv2.divide(cv2.LUT(tone, self._levels), body), 3.0), 0.35)
        colour = cv2.min(cv2.multiply(colour, three(gain)), _WHITE)
        dots = np.clip(cv2.add(cv2.LUT(tone, self._shades), self._screen), 0, 1)
        dots = cv2.multiply(dots, cv2.LUT(tone, self._room))
        line = contours(light, self._line)
        ink = cv2.max(cv2.min(cv2.addWeighted(line, 3.0, line, 0, -0.95), 1.0), dots)
        return mix(colour, self._ink, ink)


class Woodcut(Style):
    """A woodblock print: indigo key lines, a few flat inks with wood grain, on washi paper."""

    _INDIGO = (0.09, 0.12, 0.25)

    def __init__(self, size: Size) -> None:
        super().__init__(size)
        self._tones = Exposure(0.02, 0.97)
        self._colours = saturate(1.2)
        wood = fibres(size, 61, 4.0, length=size.width / 9, width=max(size.width / 420, 0.7))
        self._wood = 0.05 * wood
        self._washi = flat_colour(size, (0.955, 0.925, 0.855))
        self._washi *= three(1 + 0.03 * grain(size, 62, fine=0.35))
        self._indigo = flat_colour(size, self._INDIGO)
        down = np.linspace(0, 1, size.height, dtype=np.float32)[:, None]
        fade = np.clip(1 - down / 0.22, 0, 1) ** 1.6 * 0.5  # bokashi: ink wiped towards the top
        self._fade = np.repeat(fade, size.width, 1).astype(np.float32)
        self._line = max(size.width / 520, 0.7)
        levels = (steps(5, edge=0.4, sharp=7) * 5 + 0.4) / 5.3
        self._levels = curve(levels)
        self._pulls = curve(1.3 * (1 - np.abs(2 * levels - 1) * 0.45))

    def __call__(self, picture: Picture, t: float) -> Picture:
        light = luma(picture)
        colour = vivid_flat(picture, self.size, self._colours)
        own = luma(colour)
        tone = self._tones(cv2.GaussianBlur(own, (0, 0), 1.2))
        tone = cv2.addWeighted(tone, 255.0, self._wood, 255.0, 0.0, dtype=cv2.CV_8U)
        printed = mix(self._indigo, self._washi, cv2.LUT(tone, self._levels))
        hue = cv2.multiply(cv2.subtract(colour, three(own)), three(cv2.LUT(tone, self._pulls)))
        printed = cv2.add(printed, hue)
        line = contours(light, self._line, least=0.03)
        line = np.clip(cv2.addWeighted(line, 2.2, line, 0, -0.68), 0, 0.9)
        return mix(printed, self._indigo, cv2.max(line, self._fade))


_WHITE = (1.0, 1.0, 1.0, 1.0)
