"""What goes by in the synthwave world: palms and gates, a car, a vector shot across the sky."""

from __future__ import annotations

import itertools
import math

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.mood import Colour, mix, scale
from endlessdreams_cam.engines.scenes.worlds.synthwave_parts import Pixels8, Scheme
from endlessdreams_cam.frame import Size

_APART = 4.8
_PALMS_FAR = 17.0


class Roadside:
    """Palms along both sides of the way; they come nearer with the grid and pass.

    focal: pixels per unit at a distance of one; horizon: a row of the picture.
    """

    def __init__(
        self, random: np.random.Generator, size: Size, horizon: int, focal: float, scheme: Scheme
    ) -> None:
        self._size, self._horizon, self._focal = size, horizon, focal
        tall = round(0.8 * size.height)
        self._palms = [_palm(random, tall, scheme) for _ in range(3)]
        self._sides = random.uniform(1.55, 2.0, 64)
        self._heights = random.uniform(1.5, 2.3, 64)

    def paint(self, picture: Pixels8, beat: float, blown: float) -> None:
        """Paint the palms, far ones first; `blown` −1…1 leans them."""
        travelled = beat * 1.2
        first = math.ceil((travelled + 0.5) / _APART)
        for n in range(first + int(_PALMS_FAR / _APART), first - 1, -1):
            z = n * _APART - travelled
            for side in (-1, 1):
                k = (2 * n + (side > 0)) % 64
                where = (
                    side * float(self._sides[k]),
                    float(self._heights[k]),
                    z + 1.1 * (side > 0),
                )
                self._stand(picture, self._palms[k % 3], where, blown)

    def _stand(
        self, picture: Pixels8, palm: Pixels8, where: tuple[float, float, float], blown: float
    ) -> None:
        """Paint one palm at a place (x, height, distance)."""
        x, tall, z = where
        if z < 0.55:
            return
        fade = min(1.0, (_PALMS_FAR + 1 - z) / 6)
        foot_x = self._size.width / 2 + self._focal * x / z
        foot_y = self._horizon + self._focal / z
        zoom = self._focal * tall / z / palm.shape[0]
        wide, high = palm.shape[1] * zoom, palm.shape[0] * zoom
        x0, x1 = (
            max(int(foot_x - wide / 2) - 2, 0),
            min(int(foot_x + wide / 2) + 3, self._size.width),
        )
        y0, y1 = max(int(foot_y - high) - 1, 0), min(int(foot_y) + 1, self._size.height)
        if x1 <= x0 or y1 <= y0 or fade <= 0:
            return
        lean = 0.06 * blown
        matrix = np.array(
            [
                [
                    1 / zoom,
                    lean / zoom,
                    (x0 - foot_x) / zoom + palm.shape[1] / 2 + (y0 - foot_y) * lean / zoom,
                ],
                [0, 1 / zoom, (y0 - foot_y) / zoom + palm.shape[0]],
            ],
            np.float32,
        )
        flags = (cv2.INTER_AREA if zoom < 0.6 else cv2.INTER_LINEAR) | cv2.WARP_INVERSE_MAP
        if zoom < 0.5:
            half = cv2.resize(palm, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
            matrix = (matrix * 0.25).astype(np.float32)
            palm, flags = half, cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        part = cv2.warpAffine(palm, matrix, (x1 - x0, y1 - y0), flags=flags)
        lay(picture[y0:y1, x0:x1], part, fade)


def lay(below: Pixels8, layer: Pixels8, strength: float = 1.0) -> None:
    """Lay premultiplied RGBA over a part of a picture, in place."""
    alpha = cv2.extractChannel(layer, 3)
    through = cv2.addWeighted(alpha, -strength, alpha, 0, 255)
    part = cv2.multiply(np.ascontiguousarray(below), cv2.merge((through,) * 3), scale=1 / 255)
    below[:] = cv2.scaleAdd(cv2.cvtColor(layer, cv2.COLOR_RGBA2RGB), strength, part)


def _palm(random: np.random.Generator, tall: int, scheme: Scheme) -> Pixels8:
    """Return a palm, premultiplied RGBA: black against the sun, edged with its light."""
    height, width = tall, round(tall * 0.8)
    mask = np.zeros((height, width), np.uint8)
    bend = random.uniform(-0.1, 0.1) * width
    crown = (width / 2 + bend, height * 0.27)
    points = [
        (width / 2 + bend * u * u, height - u * (height - crown[1])) for u in np.linspace(0, 1, 14)
    ]
    for n, (a, b) in enumerate(itertools.pairwise(points)):
        thick = max(1, round(height * (0.021 - 0.0008 * n)))
        cv2.line(mask, _fixed(a), _fixed(b), 255, thick, cv2.LINE_AA, 4)
    for angle in np.linspace(-0.35, math.pi + 0.35, 11) + random.normal(0, 0.09, 11):
        _frond(mask, crown, float(angle), height * random.uniform(0.23, 0.31))
    lit = np.clip(mask.astype(np.int16) - np.roll(mask, max(2, tall // 90), 0), 0, 255).astype(
        np.float32
    )
    colour = np.array(scale(mix(scheme.floor, scheme.upper, 0.25), 0.6)) * mask[..., None]
    edge = np.array(mix(scheme.far, scheme.sun_foot, 0.5)) * lit[..., None] * 0.75
    return np.dstack([np.clip(colour + edge, 0, 255).astype(np.uint8), mask])


def _frond(mask: Pixels8, crown: tuple[float, float], angle: float, long: float) -> None:
    """Draw a frond: a rib that droops, with leaves hanging from it."""
    last = crown
    for u in np.linspace(0.05, 1, 15):
        x = crown[0] + math.cos(angle) * long * u
        y = crown[1] - math.sin(angle) * long * u * 0.75 + 0.62 * long * u * u
        cv2.line(mask, _fixed(last), _fixed((x, y)), 255, 2, cv2.LINE_AA, 4)
        leaf = long * 0.34 * math.sin(math.pi * min(u + 0.12, 1.0))
        for side in (-0.45, 0.45):
            tip = (x + leaf * (side + 0.35 * math.cos(angle)), y + leaf * 0.85)
            cv2.line(mask, _fixed((x, y)), _fixed(tip), 235, 1, cv2.LINE_AA, 4)
        last = (x, y)


def _fixed(point: tuple[float, float]) -> tuple[int, int]:
    return (round(point[0] * 16), round(point[1] * 16))


class Car:
    """A car that overtakes and draws away: a wedge of dark metal, a bar of red light."""

    def __init__(self, size: Size, horizon: int, focal: float, scheme: Scheme) -> None:
        self._size, self._horizon, self._focal = size, horizon, focal
        self._sprite = _car(max(48, round(0.55 * size.height)), scheme)

    def paint(self, picture: Pixels8, age: float) -> None:
        """Paint the car `age` seconds after it came by; it is out of sight after 11 s."""
        z = 0.42 + 0.34 * age + 0.115 * age * age
        fade = min(1.0, max(0.0, (11.0 - age) / 2.5))
        if fade <= 0:
            return
        tall, wide = self._sprite.shape[:2]
        zoom = self._focal * 0.72 / z / wide
        x = self._size.width / 2 + self._focal * (0.62 - 0.04 * math.sin(age * 1.3)) / z
        y = self._horizon + self._focal / z
        x0, x1 = (
            max(int(x - wide * zoom / 2) - 1, 0),
            min(int(x + wide * zoom / 2) + 2, self._size.width),
        )
        y0, y1 = max(int(y - tall * zoom) - 1, 0), min(int(y) + 2, self._size.height)
        if x1 <= x0 or y1 <= y0:
            return
        matrix = np.array([[1 / zoom, 0, (x0 - x) / zoom + wide / 2],
                           [0, 1 / zoom, (y0 - y) / zoom + tall]], np.float32)  # fmt: skip
        sprite = self._sprite
        if zoom < 0.35:
            sprite = cv2.resize(sprite, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
            matrix = (matrix * 0.25).astype(np.float32)
        part = cv2.warpAffine(sprite, matrix, (x1 - x0, y1 - y0),
                              flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)  # fmt: skip
        lay(picture[y0:y1, x0:x1], part, fade)


def _car(wide: int, scheme: Scheme) -> Pixels8:
    """Return the back of a car, premultiplied RGBA, with the glow of its lamps on the ground."""
    tall = round(wide * 0.52)
    sprite = np.zeros((tall, wide, 4), np.float32)

    def part(points: list[tuple[float, float]], colour: Colour, level: float = 1.0) -> None:
        mask = np.zeros((tall, wide), np.uint8)
        corners = np.array([_fixed((x * wide, y * tall)) for x, y in points], np.int32)
        cv2.fillPoly(mask, [corners], 255, cv2.LINE_AA, 4)
        cover = mask[..., None].astype(np.float32) * (level / 255)
        sprite[:] = sprite * (1 - cover) + np.array((*colour, 1.0), np.float32) * cover

    metal = scale(mix(scheme.floor, scheme.upper, 0.3), 0.7)
    red: Colour = (1.0, 0.12, 0.2)
    part([(0.12, 0.86), (0.24, 0.86), (0.24, 0.97), (0.13, 0.97)], (0.01, 0.01, 0.02))
    part([(0.76, 0.86), (0.88, 0.86), (0.87, 0.97), (0.76, 0.97)], (0.01, 0.01, 0.02))
    part([(0.3, 0.2), (0.7, 0.2), (0.82, 0.48), (0.18, 0.48)], metal)
    part(
        [(0.33, 0.24), (0.67, 0.24), (0.75, 0.44), (0.25, 0.44)],
        mix(scheme.horizon, scheme.upper, 0.5),
    )
    part([(0.12, 0.46), (0.88, 0.46), (0.93, 0.62), (0.9, 0.88), (0.1, 0.88), (0.07, 0.62)], metal)
    part(
        [(0.16, 0.44), (0.84, 0.44), (0.85, 0.475), (0.15, 0.475)],
        mix(scheme.far, scheme.sun_foot, 0.4),
    )
    for n in range(3):
        y = 0.565 + 0.045 * n
        part([(0.13, y), (0.87, y), (0.87, y + 0.026), (0.13, y + 0.026)], red)
    part([(0.4, 0.74), (0.6, 0.74), (0.6, 0.82), (0.4, 0.82)], scale(metal, 1.8))
    glow = cv2.GaussianBlur(np.where(sprite[..., 0] > 0.8, sprite[..., 0], 0), (0, 0), wide * 0.045)
    sprite[..., :3] += np.multiply.outer(glow * 1.3, np.array(red, np.float32))
    sprite[..., 3] = np.clip(sprite[..., 3] + glow * 0.25, 0, 1)
    return np.clip(sprite * 255, 0, 255).astype(np.uint8)


def shoot(picture: Pixels8, age: float, seed: int, scheme: Scheme, horizon: int) -> None:
    """Draw a vector that is shot across the sky: a point of light that draws its line after it."""
    length = 2.6
    if not 0 <= age < length:
        return
    random = np.random.default_rng(seed & 0xFFFFFFFF)
    width = picture.shape[1]
    side = 1 if random.random() < 0.5 else -1
    start = np.array([width * (0.5 - 0.62 * side), horizon * random.uniform(0.08, 0.3)])
    end = np.array([width * (0.5 + 0.7 * side), horizon * random.uniform(0.25, 0.6)])
    head = age / length
    tail = max(0.0, head - 0.22)
    for n in range(12):
        u, v = tail + (head - tail) * n / 12, tail + (head - tail) * (n + 1) / 12
        a, b = start + (end - start) * u, start + (end - start) * v
        share = ((n + 1) / 12) ** 2 * min(1.0, age * 4, (length - age) * 3)
        colour = np.array(mix(scheme.near, (1, 1, 1), 0.6 * share))
        x0, x1 = sorted((int(a[0]), int(b[0])))
        y0, y1 = sorted((int(a[1]), int(b[1])))
        area = np.s_[max(y0 - 2, 0) : y1 + 3, max(x0 - 2, 0) : max(x1 + 3, 0)]
        part = picture[area]
        if part.size == 0:
            continue
        mask = np.zeros(part.shape[:2], np.uint8)
        offset = np.array([max(x0 - 2, 0), max(y0 - 2, 0)])
        cv2.line(mask, _fixed(tuple(a - offset)), _fixed(tuple(b - offset)), 255, 1, cv2.LINE_AA, 4)
        light = mask[..., None] * (share / 255) * (colour * 255 - part)
        part[:] = np.clip(part + light, 0, 255)
