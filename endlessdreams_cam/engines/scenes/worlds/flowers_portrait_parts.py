"""A person planted in flowers: every bloom one colour, its size and shade the person's."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes.mood import Colour, mix
from endlessdreams_cam.engines.scenes.paint import Array, ramp_table, smoothstep
from endlessdreams_cam.engines.scenes.world import Moment, Person, Plane
from endlessdreams_cam.engines.scenes.worlds.flowers_parts import Colours
from endlessdreams_cam.engines.scenes.worlds.land_parts import Planes, chance, smooth
from endlessdreams_cam.frame import Size

_FIELD = (160, 90)


class Portrait:
    """Blooms packed over the whole picture, each shown only where a person stands.

    For every pixel it is known which bloom covers it (its centre, as a place in the person's
    fields), how far it is from the bloom's middle and how its petals are shaded; so one look-up per
    field plants them all.
    """

    def __init__(
        self, size: Size, seed: int, petals: tuple[Colour, ...], colours: Colours, side: float,
        bottom: float,
    ) -> None:  # fmt: skip
        """petals: from the darkest to the lightest; side −1…1: where the light comes from.

        bottom: the row at which the flowers before it hide everything.
        """
        self._size, self._bottom = size, min(math.ceil(bottom), size.height)
        self._colours, self._side = colours, side
        self._cell = max(size.width / 132, 2.4)
        random = chance(seed, 101)
        self._pack(random)
        self._paint_petals(random, side)
        self._tables(petals)
        rows = np.arange(size.height, dtype=np.float32)[:, None] / size.height
        end = self._bottom / size.height
        self._low = 0.85 * smoothstep(end - 0.16, end, rows)
        self._open = np.zeros((_FIELD[1], _FIELD[0]), np.float32)

    def _pack(self, random: np.random.Generator) -> None:
        """Find every pixel's bloom: the nearest of a jittered lattice's points."""
        width, height = self._size
        cell = self._cell
        columns, rows = math.ceil(width / cell) + 2, math.ceil(height / cell) + 2
        down, right = np.mgrid[:rows, :columns]
        jitter = random.uniform(-0.34, 0.34, (2, rows, columns))
        # A lattice point wider all round, so that pixels at the edge have a bloom outside.
        pad = math.ceil(cell)
        x = np.clip((right - 0.5 + jitter[0]) * cell + pad, 0, width + 2 * pad - 1).astype(int)
        y = np.clip((down - 0.5 + jitter[1]) * cell + pad, 0, height + 2 * pad - 1).astype(int)
        points = np.ones((height + 2 * pad, width + 2 * pad), np.uint8)
        points[y, x] = 0
        _, labels = cv2.distanceTransformWithLabels(
            points, cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
        )
        which = labels[pad : pad + height, pad : pad + width]
        self._count = int(labels.max()) + 1
        centre = np.zeros((2, self._count), np.float32)
        centre[:, labels[y, x]] = x - pad + 0.5, y - pad + 0.5
        cx, cy = centre[0][which], centre[1][which]
        self._dx = np.arange(width, dtype=np.float32)[None, :] + 0.5 - cx
        self._dy = np.arange(height, dtype=np.float32)[:, None] + 0.5 - cy
        grown = random.uniform(0.80, 1.22, self._count).astype(np.float32)[which]
        self._radius = np.sqrt(self._dx**2 + self._dy**2) / (grown * np.float32(0.62 * cell))
        self._which = which
        self._u = cx * np.float32(_FIELD[0] / width) - 0.5
        self._v = cy * np.float32(_FIELD[1] / height) - 0.5

    def _paint_petals(self, random: np.random.Generator, side: float) -> None:
        turn = random.uniform(0, 6, self._count).astype(np.float32)[self._which]
        tint = random.normal(0, 0.055, self._count).astype(np.float32)[self._which]
        angle = np.arctan2(self._dy, self._dx) + turn
        wave = np.cos(angle * 5)
        self._outline = (0.90 + 0.10 * wave).astype(np.float32)
        across = self._dx / self._cell
        up = -self._dy / self._cell
        form = 0.80 + 0.26 * self._radius + 0.42 * side * across + 0.34 * up + 0.06 * wave
        heart = smoothstep(0.34, 0.20, self._radius)
        self._shade = (form * (1 - 0.30 * heart)).astype(np.float32)
        self._tint = tint
        del self._dx, self._dy, self._which

    def _tables(self, petals: tuple[Colour, ...]) -> None:
        """Lay out petals' colours by tone, in shade and in the sun, 256 each."""
        rows = ramp_table(petals)[::4]
        sun = np.asarray(self._colours.sun, np.float32)
        shade = np.asarray(self._colours.shade, np.float32)
        self._in_sun = np.clip(rows * sun, 0, 1.2)[None].transpose(1, 0, 2)
        self._in_shade = np.clip(rows * shade * 1.35, 0, 1)[None].transpose(1, 0, 2)
        leaf = mix(self._colours.leaf, self._colours.leaf_sun, 0.22)
        self._leaf = np.asarray(leaf, np.float32)[:, None]

    def paint(self, planes: Planes, moment: Moment, lean: Array, shine: Array) -> None:
        """Plant the person; lean and shine: how the wind sways and turns flowers, per column."""
        if moment.person is None or moment.amount <= 0:
            return
        person = moment.person.at(Size(*_FIELD))
        self._stir(person, moment.real_dt)
        box = _box(person.presence, self._size, self._bottom)
        if box is None:
            return
        u, v = self._u[box], self._v[box]
        there, tone, light = (
            cv2.remap(field, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            for field in self._fields(person)
        )
        # Everything grows out of nothing where the person comes, and low down gives way to grass.
        grown = smoothstep(0.30, 0.58, there - self._low[box[0]])
        grown *= smooth(0, 0.4, moment.amount)
        radius = self._radius[box]
        sharp = np.float32(0.55 * self._cell)
        reach = (0.76 + 0.36 * tone) * self._outline[box] * grown
        leafy = np.clip((1.75 * grown - radius) * sharp, 0, 1)
        cover = np.clip((reach - radius) * sharp + 0.5, 0, 1) * leafy
        level = np.clip((tone + self._tint[box]) * 255, 0, 255).astype(np.uint8)
        petals = self._petals(level, self._shade[box] * (light * shine[box[1]]))
        petals *= cv2.merge((cover, cover, cover))
        under = (leafy - cover) * (0.55 + 0.45 * light)
        petals += cv2.transform(under, self._leaf)
        self._lay(planes, petals, leafy, box, lean)

    def _petals(self, level: NDArray[np.uint8], shine: Plane) -> Array:
        """Return petals of such tones (0…255) in such light, (rows, columns, 3)."""
        level3 = cv2.merge((level, level, level))
        colours = cv2.LUT(level3, self._in_sun)
        colours *= cv2.merge((shine, shine, shine))
        colours += cv2.LUT(level3, self._in_shade)
        return colours

    def _lay(
        self, planes: Planes, petals: Array, cover: Plane, box: tuple[slice, slice], lean: Array
    ) -> None:  # fmt: skip
        """Lay the flowers over the picture, swaying a little, more the higher they stand."""
        rows, columns = cover.shape
        joined = cv2.merge((*cv2.split(petals), cover))
        high = np.linspace(1.0, 0.0, rows, dtype=np.float32)[:, None]
        across = high * (lean[box[1]] * np.float32(-0.5 * self._cell))
        across += np.arange(columns, dtype=np.float32)
        down = np.broadcast_to(np.arange(rows, dtype=np.float32)[:, None], across.shape).copy()
        swayed = cv2.remap(joined, across, down, cv2.INTER_LINEAR)
        part = planes[:, box[0], box[1]]
        *colours, seen = cv2.split(swayed)
        part *= 1 - seen
        for plane, colour in zip(part, colours, strict=True):
            plane += colour

    def _fields(self, person: Person) -> tuple[Plane, Plane, Plane]:
        """Return where blooms stand, their tone 0…1 and how the sun falls on them."""
        tone = np.clip((person.tone - 0.10) * 1.02 + 0.30 * person.detail, 0, 1)
        tone *= smoothstep(0.2, 0.85, person.presence)
        tone += 0.25 * self._open
        form = person.relief + 0.5 * person.tone
        across = cv2.Sobel(form, cv2.CV_32F, 1, 0, ksize=3, scale=0.5)
        down = cv2.Sobel(form, cv2.CV_32F, 0, 1, ksize=3, scale=0.4)
        light = np.clip(
            0.72 + 0.16 * person.relief - 0.8 * across * self._side + 0.7 * down, 0.40, 1.12
        )
        return person.presence, tone, light

    def _stir(self, person: Person, dt: float) -> None:
        """Let blooms open where the person moves, and close again in about 2 s."""
        speed = np.abs(person.flow[..., 0]) + np.abs(person.flow[..., 1])
        opened = np.clip(speed * 3.0, 0, 1) * person.presence
        self._open *= np.float32(math.exp(-dt / 1.4))
        np.maximum(self._open, self._open + (opened - self._open) * min(dt * 6, 1), out=self._open)


def _box(presence: Plane, size: Size, bottom: int) -> tuple[slice, slice] | None:
    there = presence > 0.4
    rows, columns = np.flatnonzero(there.any(axis=1)), np.flatnonzero(there.any(axis=0))
    if not len(rows):
        return None
    down, across = size.height / presence.shape[0], size.width / presence.shape[1]
    top, last = max(int((rows[0] - 2) * down), 0), min(math.ceil((rows[-1] + 3) * down), bottom)
    left = max(int((columns[0] - 2) * across), 0)
    right = min(math.ceil((columns[-1] + 3) * across), size.width)
    return (slice(top, last), slice(left, right)) if last > top else None
