"""Flowers painted petal by petal: poppy, tulip, daisy, cornflower, sunflower, lavender.

A bloom is five planes: its own red, green and blue (already times cover), cover, and how much the
light falls on it (0…1), from the right. `lit` puts it into a scene's light.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from enum import Enum

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.mood import Colour
from endlessdreams_cam.engines.scenes.paint import Array, fbm, smoothstep
from endlessdreams_cam.engines.scenes.worlds.land_parts import Planes
from endlessdreams_cam.frame import Size

_SIDE = 96


class Species(Enum):
    """The flowers that grow here."""

    POPPY = "poppy"
    TULIP = "tulip"
    DAISY = "daisy"
    CORNFLOWER = "cornflower"
    SUNFLOWER = "sunflower"
    LAVENDER = "lavender"


def bloom(random: np.random.Generator, species: Species, colour: Colour) -> Planes:
    """Return one head of a flower, (5, side, side), in a colour of its petals."""
    return _PAINTERS[species](random, colour)


def lit(flower: Planes, ambient: Colour, key: Colour) -> Planes:
    """Return a flower in a light: red, green, blue (times cover) and cover, (4, rows, columns)."""
    shade = np.asarray(ambient, np.float32)[:, None, None]
    sun = np.asarray(key, np.float32)[:, None, None] * flower[4]
    return np.concatenate((flower[:3] * (shade + sun), flower[3:4]))


def _canvas(squash: float = 1.0, turn: float = 0.0) -> tuple[Array, Array, Array, Array]:
    """Return x, y (−1.1…1.1), and radius and angle of a flower's face that leans back."""
    line = np.linspace(-1.1, 1.1, _SIDE, dtype=np.float32)
    x, y = np.meshgrid(line, line)
    lean = y / squash
    return x, y, np.hypot(x, lean), np.arctan2(lean, x) + np.float32(turn)


def _noise(random: np.random.Generator, cells: int) -> Array:
    return fbm(random, Size(_SIDE, _SIDE), cells=cells, octaves=3, tile_x=False, tile_y=False)


def _sprite(albedo: Sequence[Array], cover: Array, light: Array) -> Planes:
    planes = [plane * cover for plane in albedo]
    return np.stack([*planes, cover, np.clip(light, 0, 1.3)]).astype(np.float32)


def _edge(signed: Array) -> Array:
    """Return cover from a distance to the outline in units (positive: inside)."""
    return np.clip(signed * (_SIDE / 2.2) / 1.3 + 0.5, 0, 1)


def _daisy(random: np.random.Generator, colour: Colour) -> Planes:
    return _rays(random, colour, count=15, heart=0.27, thin=0.42, heart_colour=(0.98, 0.70, 0.10))


def _sunflower(random: np.random.Generator, colour: Colour) -> Planes:
    return _rays(random, colour, count=19, heart=0.46, thin=0.62, heart_colour=(0.32, 0.17, 0.08))


def _rays(
    random: np.random.Generator, colour: Colour, *, count: int, heart: float, thin: float,
    heart_colour: Colour,
) -> Planes:  # fmt: skip
    """Paint a daisy's kind: rays round a heart, in two rings."""
    squash = random.uniform(0.62, 0.95)
    x, y, radius, angle = _canvas(squash, random.uniform(0, 6))
    noise = _noise(random, 10)
    wave = np.abs(np.cos(angle * count / 2 + 0.4 * np.sin(angle * 3)))
    back = np.abs(np.sin(angle * count / 2 + 0.4 * np.sin(angle * 3)))
    front = wave**thin * (0.90 + 0.10 * np.cos(angle * 4))
    outline = np.maximum(front, 0.93 * back**thin)
    cover = _edge(np.maximum(outline, heart) - radius)
    shade = np.where(front > radius, 1.0, 0.74) * (0.70 + 0.30 * radius) * (0.86 + 0.2 * noise)
    shade *= 0.78 + 0.22 * wave
    side = 0.80 + 0.22 * x - 0.20 * y
    middle = _edge(heart - radius)
    dots = 0.72 + 0.5 * _noise(random, 26)
    dome = (0.80 + 0.5 * x / max(heart, 0.1) * 0.5 - 0.5 * y / max(heart, 0.1) * 0.5) * dots
    albedo = [
        colour[n] * (1 - middle) + heart_colour[n] * middle for n in range(3)
    ]  # fmt: skip
    return _sprite(albedo, cover, shade * side * (1 - middle) + dome * middle)


def _poppy(random: np.random.Generator, colour: Colour) -> Planes:
    """Paint a poppy: four crumpled petals round a dark heart."""
    squash = random.uniform(0.55, 0.88)
    x, y, radius, angle = _canvas(squash, random.uniform(0, 6))
    crumple = _noise(random, 7)
    outline = 0.84 + 0.11 * np.cos(angle * 4) + 0.14 * (crumple - 0.5)
    cover = _edge(outline - radius)
    fold = 0.5 + 0.5 * np.cos(angle * 2 + 0.5)
    pleats = 0.5 + 0.5 * np.sin(angle * 26 + crumple * 9)
    light = (0.44 + 0.42 * radius + 0.24 * (fold - 0.5)) * (
        0.80 + 0.22 * pleats * radius + 0.2 * crumple
    )
    light *= 0.86 + 0.24 * x - 0.30 * y
    light += 0.30 * smoothstep(0.10, 0.0, np.abs(outline - radius)) * (0.5 + 0.5 * x)
    heart = _edge(0.22 + 0.06 * np.cos(angle * 4) - radius)
    ring = np.clip(1 - np.abs(radius - 0.25) / 0.06, 0, 1) * (_noise(random, 30) > 0.5)
    pod = _edge(0.09 - radius)
    dark, pale = (0.10, 0.05, 0.09), (0.62, 0.68, 0.42)
    albedo = []
    for n in range(3):
        plane = colour[n] + (dark[n] - colour[n]) * np.maximum(heart, ring * 0.8)
        albedo.append(plane + (pale[n] - plane) * pod)
    return _sprite(albedo, cover, light)


def _tulip(random: np.random.Generator, colour: Colour) -> Planes:
    """Paint a tulip from the side: a cup of three petals before two."""
    x, y, _, _ = _canvas()
    x = x * random.uniform(1.25, 1.5)
    up = (0.85 - y) / 1.75  # 0 at the base, 1 at the tips
    belly = np.where(up < 0.36, (0.36 - up) / 0.40, (up - 0.36) / 0.72)
    belly = np.sqrt(np.clip(1 - belly**2, 0, 1)) * 0.86
    tips = 0.80 + 0.17 * np.cos(x * math.pi * 1.9)
    whole = np.minimum(belly - np.abs(x), np.minimum(tips - up, up + 0.02) * 1.6)
    cover = _edge(whole)
    front = np.minimum(
        0.50 * np.sqrt(np.clip(1 - ((up - 0.36) / 0.50) ** 2, 0, 1)) - np.abs(x + 0.05), 0.9 - up
    )
    face = _edge(front)
    veins = 0.90 + 0.13 * np.sin(x * 34 + _noise(random, 6) * 5)
    light = (0.46 + 0.46 * up) * veins * (0.80 + 0.34 * x) * (0.72 + 0.30 * face)
    light += 0.22 * np.clip(1 - np.abs(front) / 0.05, 0, 1) * (x > 0) * (up > 0.2)
    base = smoothstep(0.22, 0.0, up)
    pale = (0.93, 0.90, 0.60)
    edge = smoothstep(0.62, 0.95, up) * 0.30
    albedo = [
        colour[n] + (pale[n] - colour[n]) * np.clip(base * 0.5 + edge, 0, 1) for n in range(3)
    ]
    return _sprite(albedo, cover, light)


def _cornflower(random: np.random.Generator, colour: Colour) -> Planes:
    """Paint a cornflower: fringed florets in a wreath, violet in the middle."""
    x, y, radius, angle = _canvas(random.uniform(0.6, 0.9), random.uniform(0, 6))
    floret = np.cos(angle * 9)
    fringe = 0.10 * np.sign(np.sin(angle * 45)) * smoothstep(0.2, 0.9, floret)
    outline = 0.56 + 0.36 * np.clip(floret, -0.6, 1) + fringe
    cover = _edge(outline - radius)
    light = (0.42 + 0.5 * radius) * (0.80 + 0.22 * floret) * (0.86 + 0.22 * x - 0.26 * y)
    light *= 0.85 + 0.3 * _noise(random, 14)
    heart = smoothstep(0.42, 0.15, radius)
    violet = (0.42, 0.16, 0.58)
    albedo = [colour[n] + (violet[n] - colour[n]) * heart for n in range(3)]
    return _sprite(albedo, cover, light)


def _lavender(random: np.random.Generator, colour: Colour) -> Planes:
    """Paint a spike of lavender: whorls of little buds, thinner to the top."""
    tall = _SIDE
    canvas = np.zeros((tall, tall, 3), np.uint8)
    for whorl in range(11):
        up = whorl / 10
        y = tall * (0.94 - 0.86 * up)
        half = tall * 0.125 * (1 - 0.55 * up) * random.uniform(0.8, 1.15)
        for place in random.permutation(np.linspace(-1, 1, 6)):
            x = tall / 2 + place * half + random.normal(0, 0.8)
            level = int(255 * min(0.34 + 0.26 * place + 0.3 * random.random() + 0.12 * up, 1.0))
            centre = (round(x * 16), round((y + abs(place) * 2 + random.normal(0, 1)) * 16))
            axes = (round(tall * 0.036 * 16), round(tall * 0.052 * 16))
            cv2.ellipse(canvas, centre, axes, float(place * 26), 0, 360, (max(level, 0), 255, 0),
                        -1, cv2.LINE_AA, 4)  # fmt: skip
    cover = canvas[..., 1].astype(np.float32) / 255
    light = canvas[..., 0].astype(np.float32) / 255
    albedo = [np.minimum(level + 0.15 * light, 1) for level in colour]
    return _sprite(albedo, cover, light / np.maximum(cover, 0.05) * 1.1)


_PAINTERS: dict[Species, Callable[[np.random.Generator, Colour], Planes]] = {
    Species.POPPY: _poppy,
    Species.TULIP: _tulip,
    Species.DAISY: _daisy,
    Species.CORNFLOWER: _cornflower,
    Species.SUNFLOWER: _sunflower,
    Species.LAVENDER: _lavender,
}
