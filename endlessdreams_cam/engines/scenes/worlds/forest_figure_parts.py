"""The person in the forest: a volume of light in the fog."""

from __future__ import annotations

import math

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.mood import Colour, Light, mix, scale
from endlessdreams_cam.engines.scenes.paint import fbm, smoothstep
from endlessdreams_cam.engines.scenes.world import Moment, Plane
from endlessdreams_cam.engines.scenes.worlds.forest_parts import Shafts
from endlessdreams_cam.engines.scenes.worlds.land_parts import (
    Planes,
    Strip,
    chance,
    enlarge,
    smooth,
    tinted,
    veil,
)
from endlessdreams_cam.frame import Size


class Figure:
    """The person as a volume in the fog: tone is how much light falls there, relief bends rays."""

    def __init__(
        self, size: Size, light: Light, shafts: Shafts, air: Colour, seed: int
    ) -> None:  # fmt: skip
        self._size, self._shafts = size, shafts
        width, height = shafts.size
        # Light through needles: green in the middle tones, gold where the sun comes through.
        day = 1 - light.night
        green = _times((0.27, 0.47, 0.46), mix(light.ambient, light.key, 0.45))
        gold = _times(mix((1, 1, 1), (1.0, 0.86, 0.66), 0.75 * day), light.key)
        self._dark = mix(scale(green, 0.36), air, 0.28 - 0.14 * light.night)
        self._middle = mix(
            green, mix(air, light.key, 0.4), 0.30 + 0.45 * max(light.night, light.dusk)
        )
        self._bright = mix(gold, air, 0.08 + 0.12 * light.night)
        self._fog = mix(air, green, 0.30 * day)
        self._strength = 0.95 - 0.17 * light.night
        dx = (np.arange(width, dtype=np.float32)[None, :] - shafts.x) / width
        dy = (np.arange(height, dtype=np.float32)[:, None] - shafts.y) / width
        away = np.sqrt(dx * dx + dy * dy) + 1e-3
        self._toward_x, self._toward_y = dx / away, dy / away
        rows = np.linspace(0, 1, height, dtype=np.float32)[:, None]
        self._sink = 1 - 0.72 * smoothstep(0.74, 1.0, rows)
        wisps = fbm(chance(seed, 86), Size(width * 2, height), cells=18, octaves=4)
        self._wisps = Strip((wisps - 0.5)[None], width)

    def paint(self, planes: Planes, moment: Moment, pan: float) -> None:
        if moment.person is None or moment.amount <= 0:
            return
        person = moment.person.at(self._shafts.size)
        width = self._shafts.size.width
        wisps = self._wisps.seen(
            (moment.t * 0.012 + pan * 0.5) * width, 2 * math.sin(moment.t / 5)
        )[0]
        fade = self._sink * smooth(0, 0.4, moment.amount)
        body = smoothstep(0.12, 0.80, person.presence + wisps * 0.24) * fade
        rays = self._shafts.within(moment.t, moment.wander, person.relief * person.presence * 5)
        lit = np.clip((person.tone - 0.12) * 0.92 + person.detail * 0.46, 0, 1)
        lit *= (0.55 + 0.45 * lit) * body
        streaks = self._streaks(lit)
        lit *= 0.60 + 0.38 * rays + 0.45 * wisps
        lit += streaks * rays * 0.20
        lit += self._rim(person.presence) * body * 0.5
        bank = self._bank(body) * (0.55 + wisps)
        veil(planes, self._fog, enlarge(np.clip(bank, 0, 0.85), *self._size))
        cover = enlarge(body * (0.64 + 0.16 * rays + 0.5 * wisps), *self._size)
        light = enlarge(np.minimum(lit, 1.0), *self._size)
        light *= np.float32(self._strength)
        planes *= 1 - cover
        hot = light * light
        light -= hot
        planes += tinted(self._dark, cover)
        planes += tinted(self._middle, light)
        planes += tinted(self._bright, hot)

    def _bank(self, body: Plane) -> Plane:
        """Return the bank of fog that the person is seen in: wide and soft about them."""
        width, height = body.shape[1] // 4, body.shape[0] // 4
        small = cv2.resize(body, (width, height), interpolation=cv2.INTER_AREA)
        soft = cv2.GaussianBlur(small, (0, 0), max(width / 15, 1))
        return enlarge(soft, body.shape[1], body.shape[0])

    def _rim(self, presence: Plane) -> Plane:
        """Return where the outline faces the sun, 0…1."""
        soft = cv2.GaussianBlur(presence, (0, 0), 1.2)
        across = cv2.Sobel(soft, cv2.CV_32F, 1, 0, ksize=3, scale=0.6)
        down = cv2.Sobel(soft, cv2.CV_32F, 0, 1, ksize=3, scale=0.6)
        return np.clip(across * self._toward_x + down * self._toward_y, 0, 1)

    def _streaks(self, light: Plane) -> Plane:
        """Return light drawn out away from the sun, as fog shows it: zoomed copies."""
        width, height = light.shape[1] // 2, light.shape[0] // 2
        small = cv2.resize(light, (width, height), interpolation=cv2.INTER_AREA)
        x, y = self._shafts.x / 2, self._shafts.y / 2
        for step in (1.06, 1.12, 1.25):
            matrix = np.array([[step, 0, x - step * x], [0, step, y - step * y]], np.float32)
            moved = cv2.warpAffine(small, matrix, (width, height))
            small = cv2.addWeighted(small, 0.5, moved, 0.5, 0)
        return enlarge(small, light.shape[1], light.shape[0])


def _times(a: Colour, b: Colour) -> Colour:
    return (a[0] * b[0], a[1] * b[1], a[2] * b[2])
