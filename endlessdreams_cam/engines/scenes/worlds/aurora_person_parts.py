"""A person woven out of northern light: every column a ray as bright and tall as their tone."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes import paint
from endlessdreams_cam.engines.scenes.paint import Array
from endlessdreams_cam.engines.scenes.world import Person
from endlessdreams_cam.engines.scenes.worlds.aurora_parts import Loom, line_of_noise, noise_at
from endlessdreams_cam.frame import Size

_SCALE = 0.71  # of the person, so that the shoulders meet the mountains
_TOP = 0.03  # where the camera picture's top edge comes to lie, in picture heights
_FLOW = 0.012  # widths that the light sways sideways


@dataclass(frozen=True, slots=True)
class Woven:
    """A person's light on the loom's canvas (low real, high imaginary) and what it covers, 0…1."""

    light: NDArray[np.complex64]
    cover: Array


class Weaver:
    """Turns a person into curtains of light."""

    def __init__(self, size: Size, loom: Loom, random: np.random.Generator) -> None:
        self._loom = loom
        self._aspect = size.width / size.height
        self._rays = line_of_noise(random, 120)
        self._fine = line_of_noise(random, 330)
        columns = (np.arange(loom.columns) + 0.5) / loom.columns
        self._columns = columns.astype(np.float32)
        self._rows = (np.arange(loom.rows, dtype=np.float32) + 0.5) * (loom.horizon / loom.rows)
        length = max(loom.rows // 4, 4)
        fall = np.exp(-np.arange(length, dtype=np.float32) / (length / 3.2))
        self._upward = (fall / fall.sum())[:, None]

    def weave(self, person: Person, amount: float, t: float) -> Woven:
        """Return the person's light at time t."""
        presence, tone, relief, detail = self._placed(person, t)
        cover = paint.smoothstep(0.25, 0.75, presence) * amount
        light = np.clip(0.85 * tone + 0.30 * relief + 0.40 * detail, 0.04, 1.2)
        light *= light * cover
        light *= cv2.exp(1.6 * np.minimum(detail, 0))
        risen = cv2.filter2D(
            light, cv2.CV_32F, self._upward, anchor=(0, 0), borderType=cv2.BORDER_CONSTANT
        )
        rays = self._ray_pattern(t)
        body = (0.85 * light + 0.30 * risen) * rays
        low = 1.75 * body
        high = (0.60 * risen + 0.30 * light * light) * rays + 0.09 * cover * rays
        woven = (low + 1j * high).astype(np.complex64)
        woven += self._crown(cover, t)
        return Woven(woven, cover)

    def _placed(self, person: Person, t: float) -> tuple[Array, Array, Array, Array]:
        """Return presence, tone, relief and detail where the person stands in the sky."""
        height, width = person.presence.shape
        y = (self._rows[:, None] - _TOP) / _SCALE
        sway = np.sin(9.0 * y - 1.3 * t) + 0.6 * np.sin(21.0 * y + 0.9 * t + 8 * self._columns)
        x = (self._columns - 0.5) / _SCALE + 0.5 + _FLOW * 0.35 * sway
        at_x = (x * width - 0.5).astype(np.float32)
        at_y = np.broadcast_to(y * height - 0.5, at_x.shape).astype(np.float32)

        def taken(plane: Array, border: int) -> Array:
            return cv2.remap(plane, at_x, at_y, cv2.INTER_LINEAR, borderMode=border)

        return (
            taken(person.presence, cv2.BORDER_CONSTANT),
            taken(person.tone, cv2.BORDER_REPLICATE),
            taken(person.relief, cv2.BORDER_CONSTANT),
            taken(person.detail, cv2.BORDER_CONSTANT),
        )

    def _ray_pattern(self, t: float) -> Array:
        """Return rays that race sideways, about 0.5 … 1.4, (rows, columns)."""
        bend = 0.015 * np.sin(4 * self._rows + 0.5 * t)
        x = (self._columns + bend[:, None]).astype(np.float32)
        broad = noise_at(self._rays, 0.5 * x - np.float32(0.013 * t))
        fine = noise_at(self._fine, 0.5 * x + np.float32(0.008 * t))
        return 0.10 + 0.85 * broad + 0.95 * fine

    def _crown(self, cover: Array, t: float) -> NDArray[np.complex64]:
        """Return rays that rise from hair and shoulders."""
        loom = self._loom
        solid = cover > 0.45
        there = solid.any(0)
        top = np.where(there, solid.argmax(0), loom.rows).astype(np.float32)
        smooth = cv2.blur(np.stack((top, there.astype(np.float32))), (9, 1))
        foot = smooth[0] * np.float32(loom.horizon / loom.rows) + np.float32(0.012)
        noise = noise_at(self._rays, 0.5 * self._columns + np.float32(0.021 * t))
        steep = np.gradient(smooth[0])
        bright = smooth[1] * (0.12 + 1.4 * noise * noise) / (1 + 0.5 * steep * steep)
        return loom.rays(foot, 0.10 + 0.28 * noise, bright)
