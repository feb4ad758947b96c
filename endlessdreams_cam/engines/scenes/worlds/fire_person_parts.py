"""A person made of embers: what glows, what burns, and what stays dark."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes import paint
from endlessdreams_cam.engines.scenes.paint import Array
from endlessdreams_cam.engines.scenes.world import Person
from endlessdreams_cam.engines.scenes.worlds.fire_bed_parts import crust
from endlessdreams_cam.frame import Size

_TILE = Size(192, 192)


@dataclass(frozen=True, slots=True)
class Glow:
    """How a person shows: cover 0…1 and heat, planes of the picture's size."""

    cover: Array
    heat: Array


class Embers:
    """Turns a person into a body of coal with fire inside."""

    def __init__(self, size: Size, random: np.random.Generator) -> None:
        self._size = size
        cracks, grain = crust(_TILE, random, 12)
        self._scale = _TILE.height / (0.55 * size.height)
        self._cracks, self._grain = (self._laid_out(tile) for tile in (cracks, grain))
        flicker = paint.fbm(random, Size(128, 256), cells=14, octaves=3)
        flicker = np.clip(2.1 * flicker - 0.45, 0.05, 1)
        self._flicker = np.concatenate((flicker, flicker[:64]))

    def _laid_out(self, tile: Array) -> Array:
        """Return a tile repeated over twice the picture's size."""
        width, height = 2 * self._size.width, 2 * self._size.height
        across = int(width * self._scale / _TILE.width) + 2
        down = int(height * self._scale / _TILE.height) + 2
        small = Size(round(_TILE.width / self._scale), round(_TILE.height / self._scale))
        way = cv2.INTER_AREA if self._scale > 1 else cv2.INTER_CUBIC
        return np.tile(cv2.resize(tile, small, interpolation=way), (down, across))[:height, :width]

    def glow(self, person: Person, amount: float, breath: float) -> Glow:
        """Return how the person glows; breath 0…1 is how the draught stands."""
        seen = person.at(self._size)
        cover = paint.smoothstep(0.25, 0.75, seen.presence)
        light = 0.8 * seen.tone + 0.28 * seen.relief + 0.35 * seen.detail
        np.clip(light, 0.02, 1.1, out=light)
        cracks, grain = self._here(person)
        heat = light * (0.13 + 0.42 * light)
        heat *= 0.62 + 0.65 * grain
        heat += 0.11 + 0.22 * np.maximum(seen.detail, 0)
        cracks *= (0.18 + 0.20 * light) * (0.75 + 0.4 * breath)
        heat += cracks
        heat *= cv2.exp(1.9 * np.minimum(seen.detail, 0))
        if amount < 1:
            cover *= amount
        return Glow(cover, heat)

    def _here(self, person: Person) -> tuple[Array, Array]:
        """Return cracks and grain, moved along with the person so that they are theirs."""
        height, width = person.presence.shape
        weight = max(float(person.presence.sum()), 1e-3)
        x = float(person.presence.sum(0) @ np.arange(width)) / weight / width
        y = float(person.presence.sum(1) @ np.arange(height)) / weight / height
        size = self._size
        centre = (size.width * (1.5 - x) - 0.5, size.height * (1.5 - y) - 0.5)
        return (
            cv2.getRectSubPix(self._cracks, size, centre),
            cv2.getRectSubPix(self._grain, size, centre),
        )

    def fuel(self, person: Person, size: Size, amount: float, t: float) -> Array:
        """Return where flames are born, 0…1, a plane of `size`: edges that face up, highlights."""
        cover = paint.smoothstep(0.3, 0.7, person.presence)
        rim = _rim(cover)
        light = np.clip(person.tone + 0.6 * person.relief + 0.4 * person.detail - 0.8, 0, 0.5)
        fuel = np.sqrt(rim) + 0.8 * light * cover
        row = int(t * 40) % 256
        noise = self._flicker[row : row + 64]
        fuel *= cv2.resize(noise, (cover.shape[1], cover.shape[0]))
        return cv2.resize(fuel * amount, size, interpolation=cv2.INTER_LINEAR)


def _rim(cover: Array) -> Array:
    """Return the edges of a cover that face upwards: hair and shoulders, 0…1."""
    down = max(cover.shape[0] // 30, 1)
    rim = np.zeros_like(cover)
    rim[down:-down] = np.maximum(cover[2 * down :] - cover[: -2 * down], 0)
    return rim


def outline(person: Person, random: np.random.Generator, count: int) -> tuple[Array, Array]:
    """Return `count` points along the top of hair and shoulders, x and y 0…1 of the picture."""
    cover = person.presence > 0.5
    columns = np.flatnonzero(cover.any(0))
    if not len(columns):
        return np.empty(0, np.float32), np.empty(0, np.float32)
    chosen = random.choice(columns, count)
    height, width = cover.shape
    top = cover[:, chosen].argmax(0)
    return ((chosen + 0.5) / width).astype(np.float32), (top / height).astype(np.float32)
