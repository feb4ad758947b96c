"""Stars in three depths: dust far away, points, and near ones with spikes."""

from __future__ import annotations

import math

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.paint import Array
from endlessdreams_cam.frame import Size

# Spectral classes B, A, F, G, K, M as linear light, and how common they are among bright stars.
SPECTRUM = np.array(
    ((0.55, 0.70, 1.0), (0.75, 0.86, 1.0), (0.95, 0.96, 1.0),
     (1.0, 0.90, 0.70), (1.0, 0.72, 0.44), (1.0, 0.50, 0.28)), np.float32)  # fmt: skip
COMMON = (0.16, 0.22, 0.20, 0.18, 0.15, 0.09)


class Stars:
    """The stars of a sky that goes round in both directions, seen through the picture."""

    def __init__(
        self, size: Size, random: np.random.Generator, crowd: Array, density: float
    ) -> None:
        """Take where stars crowd (a plane 0…1 of any size) and how many there are (1: natural)."""
        self._size = size
        unit = size.height / 288
        self._far = self._dust(size, random, crowd, density)
        count = int(0.0032 * density * size.width * size.height / max(unit, 0.5))
        self._x, self._y = random.random((2, count)).astype(np.float32)
        bright = 0.10 * (1 - random.random(count)) ** -0.7
        self._bright = np.minimum(bright, 2.0).astype(np.float32)
        self._colour = SPECTRUM[random.choice(6, count, p=COMMON)]
        self._pace = random.uniform(0.7, 2.6, count).astype(np.float32)
        self._phase = random.uniform(0, math.tau, count).astype(np.float32)
        near = 26
        self._near = random.random((near, 2))
        self._near_size = 0.25 + 0.75 * random.random(near) ** 2.5
        self._near_colour = SPECTRUM[random.choice(6, near, p=COMMON)]
        self._near_phase = random.uniform(0, math.tau, near)
        self._sprites = [spiked(max(int(r * unit), 5)) for r in (7, 11, 17, 26)]

    @staticmethod
    def _dust(size: Size, random: np.random.Generator, crowd: Array, density: float) -> Array:
        """Return the farthest stars as one picture, linear light."""
        count = int(0.02 * density * size.width * size.height)
        x, y = random.random((2, count))
        dense = cv2.resize(crowd, size, interpolation=cv2.INTER_LINEAR)
        column, row = (x * (size.width - 1)), (y * (size.height - 1))
        keep = random.random(count) < 0.25 + 0.75 * dense[row.astype(int), column.astype(int)]
        column, row = column[keep], row[keep]
        bright = np.minimum(0.022 * (1 - random.random(len(row))) ** -0.8, 0.6)
        colour = SPECTRUM[random.choice(6, len(row), p=COMMON)] * bright[:, None]
        light = np.zeros((size.height, size.width, 3), np.float32)
        splat(light, column.astype(np.float32), row.astype(np.float32), colour.astype(np.float32))
        return light

    def shine(self, light: Array, t: float, x: float, y: float, veil: Array) -> None:
        """Add the stars to linear light; x, y: how far the near ones moved, in widths and heights.

        veil: how much of the far and middle stars is seen, 0…1, the picture's size.
        """
        width, height = self._size
        light += self._far * cv2.merge((veil, veil, veil))
        column = ((self._x + 0.45 * x) % 1) * (width - 1.01)
        row = ((self._y + 0.45 * y) % 1) * (height - 1.01)
        seen = veil[row.astype(np.intp), column.astype(np.intp)]
        twinkle = 0.8 + 0.2 * np.sin(self._pace * t + self._phase)
        splat(light, column, row, self._colour * (self._bright * twinkle * seen)[:, None])
        for n, (at_x, at_y) in enumerate(self._near):
            glow = self._near_size[n] * (0.88 + 0.12 * math.sin(t * 1.1 + self._near_phase[n]))
            sprite = self._sprites[min(int(self._near_size[n] * 4), 3)]
            reach = sprite.shape[0] / height
            column = (((at_x + x) % 1) * (1 + 2 * reach) - reach) * width
            row = (((at_y + y) % 1) * (1 + 2 * reach) - reach) * height
            stamp(light, sprite, column, row, self._near_colour[n] * glow)


def splat(light: Array, x: Array, y: Array, colour: Array) -> None:
    """Add points at fractional pixels, shared among the four nearest; (count, 3) colours."""
    inside = (x >= 0) & (y >= 0) & (x < light.shape[1] - 1) & (y < light.shape[0] - 1)
    x, y, colour = x[inside], y[inside], colour[inside]
    column, row = x.astype(np.intp), y.astype(np.intp)
    part_x, part_y = (x - column)[:, None], (y - row)[:, None]
    width = light.shape[1]
    flat = light.reshape(-1, 3)
    at = row * width + column
    for step, share in (
        (0, (1 - part_x) * (1 - part_y)), (1, part_x * (1 - part_y)),
        (width, (1 - part_x) * part_y), (width + 1, part_x * part_y),
    ):  # fmt: skip
        np.add.at(flat, at + step, colour * share)


def spiked(radius: int) -> Array:
    """Return a star with a soft heart and four fine spikes, (side, side), 1 in the middle."""
    side = 2 * radius + 1
    ys, xs = np.mgrid[-radius : radius + 1, -radius : radius + 1].astype(np.float32)
    r2 = xs * xs + ys * ys
    heart = np.exp(-r2 / (2 * (0.055 * radius + 0.45) ** 2))
    halo = 0.10 / (1 + r2 / (0.12 * radius) ** 2)
    spike = np.zeros((side, side), np.float32)
    for along, across in ((xs, ys), (ys, xs)):
        spike += np.exp(-(across**2) / 0.55) * np.maximum(1 - np.abs(along) / radius, 0) ** 3
    edge = np.clip(1 - np.sqrt(r2) / radius, 0, 1)
    return ((1.6 * heart + halo * edge + 0.33 * spike) * np.minimum(edge * 6, 1)).astype(np.float32)


def stamp(light: Array, sprite: Array, x: float, y: float, colour: Array) -> None:
    """Add a sprite in a colour with its middle at (x, y) pixels, parts of a pixel included."""
    half = sprite.shape[0] // 2
    left, top = math.floor(x), math.floor(y)
    x0, x1 = max(left - half, 0), min(left + half + 2, light.shape[1])
    y0, y1 = max(top - half, 0), min(top + half + 2, light.shape[0])
    if x0 >= x1 or y0 >= y1:
        return
    centre = ((x0 + x1 - 1) / 2 - x + half, (y0 + y1 - 1) / 2 - y + half)
    padded = cv2.copyMakeBorder(sprite, 2, 2, 2, 2, cv2.BORDER_CONSTANT)
    part = cv2.getRectSubPix(padded, (x1 - x0, y1 - y0), (centre[0] + 2, centre[1] + 2))
    light[y0:y1, x0:x1] += part[..., None] * colour
