"""What shows itself at sea: a sail, a whale, an island with its lighthouse, gulls."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes.mood import Colour, Light, mix, scale
from endlessdreams_cam.engines.scenes.world import Plane
from endlessdreams_cam.engines.scenes.worlds.heaven_parts import Place
from endlessdreams_cam.engines.scenes.worlds.land_parts import Planes, smooth
from endlessdreams_cam.engines.scenes.worlds.sky_life_parts import Sheet

Points = NDArray[np.float64]


def _fill(sheet: Sheet, points: Points, level: float = 1.0) -> None:
    """Fill a polygon on a sheet, anti-aliased."""
    fixed = np.round((points - (sheet.left, sheet.top)) * 16).astype(np.int32)
    cv2.fillPoly(sheet.mask, [fixed], round(255 * level), cv2.LINE_AA, 4)


class Boat:
    """A sailing boat near the horizon, heeling in the swell, over its broken reflection."""

    def __init__(
        self, random: np.random.Generator, place: Place, light: Light, near: float
    ) -> None:
        """Make a boat that passes so close, 0…1."""
        self._place = place
        self._tall = (17 + 26 * near) * place.unit
        self._line = place.horizon + (2.5 + 16 * near) * place.unit
        self._towards = 1.0 if random.random() < 0.5 else -1.0
        self._from = random.uniform(0.2, 0.8)
        self._hull = mix(scale(light.ambient, 0.35), light.haze, 0.28 * (1 - near))
        cloth = mix(mix(light.middle, light.horizon, 0.5), light.key, 0.35)
        backlit = mix(scale(light.ambient, 0.55), light.horizon, 0.30)
        self._sail = mix(cloth, backlit, max(light.dusk, light.night) * 0.75)

    def paint(self, planes: Planes, t: float, moved: float, share: float = 1.0) -> None:
        """Paint it after it has moved so many widths; share 0…1 fades it into the haze."""
        size, tall = self._place.size, self._tall
        span = size.width + 4 * tall
        x = (self._from * size.width + self._towards * moved * size.width) % span - 2 * tall
        heel = 0.05 * math.sin(t * 1.13) + 0.07 * self._towards
        y = self._line + 0.03 * tall * math.sin(t * 0.83)

        def at(points: list[tuple[float, float]]) -> Points:
            shape = np.array(points) * (self._towards, 1) * tall
            return np.stack((x + shape[:, 0] - heel * shape[:, 1], y + shape[:, 1]), 1)

        hull = at([(-0.36, -0.10), (0.48, -0.13), (0.34, 0.02), (-0.28, 0.02)])
        main = at([(0.02, -0.15), (0.03, -0.97), (-0.10, -0.62), (-0.34, -0.17)])
        jib = at([(0.07, -0.15), (0.06, -0.88), (0.22, -0.48), (0.44, -0.16)])
        mirrored = np.concatenate((main, jib))
        mirrored = np.stack((mirrored[:, 0], 2 * y - mirrored[:, 1] * 1.0), 1)
        self._shadow(planes, mirrored, y, t, share)
        for colour, shapes in ((self._sail, (main, jib)), (self._hull, (hull,))):
            sheet = Sheet.round(size, np.concatenate(shapes), 3)
            if sheet is not None:
                for shape in shapes:
                    _fill(sheet, shape)
                sheet.cover(planes, colour, share)

    def _shadow(self, planes: Planes, points: Points, y: float, t: float, share: float) -> None:
        """Paint the reflection: thinner with every row, and shifted by the swell."""
        sheet = Sheet.round(self._place.size, points, 6 * self._place.unit)
        if sheet is None:
            return
        half = len(points) // 2
        for part in (points[:half], points[half:]):
            _fill(sheet, part)
        rows, columns = sheet.mask.shape
        down = np.arange(rows, dtype=np.float32)[:, None] + sheet.top - y
        shift = 2.2 * self._place.unit * np.sin(down * (1.1 / self._place.unit) - 2.1 * t)
        xs = np.arange(columns, dtype=np.float32)[None] + shift * np.clip(down * 0.15, 0, 1)
        ys = np.repeat(np.arange(rows, dtype=np.float32)[:, None], columns, 1)
        broken = cv2.remap(sheet.mask, xs.astype(np.float32), ys, cv2.INTER_LINEAR)
        fade = np.clip(1 - down / (0.9 * self._tall), 0, 1) * (down > 0)
        Sheet(sheet.left, sheet.top, (broken * fade).astype(np.uint8)).cover(
            planes, self._hull, 0.42 * share
        )


class Whale:
    """A whale's back, three times, with its breath; then its fluke."""

    def __init__(self, random: np.random.Generator, place: Place, light: Light) -> None:
        self._place = place
        self._line = place.horizon + random.uniform(0.10, 0.22) * (
            place.size.height - place.horizon
        )
        self._x = random.uniform(0.2, 0.8) * place.size.width
        self._towards = 1.0 if self._x < place.size.width / 2 else -1.0
        self._long = (18 + 0.34 * (self._line - place.horizon) / place.unit) * 1.7 * place.unit
        self._skin = mix(scale(light.ambient, 0.38), scale(light.zenith, 0.5), 0.4)
        self._wet = mix(light.middle, light.horizon, 0.6)
        self._breath = mix(light.horizon, light.key, 0.5)

    def paint(self, planes: Planes, age: float) -> None:
        """Paint it at age 0…1 of its visit."""
        part, within = divmod(age * 4, 1)
        x = self._x + self._towards * (age - 0.5) * 4 * self._long
        if part < 3:
            self._blow(planes, x + self._towards * 0.55 * self._long, within)
            self._back(planes, x, math.sin(math.pi * within) ** 1.5, within)
        else:
            self._fluke(planes, x, min(within * 1.15, 1.0))

    def _back(self, planes: Planes, x: float, rise: float, within: float) -> None:
        u = np.linspace(-1, 1, 25)
        fin = 0.10 * np.exp(-(((u * self._towards + 0.45 - 0.5 * (within - 0.5)) / 0.07) ** 2))
        tall = self._long * 0.36 * rise
        up = tall * ((1 - u * u) ** 0.75 * (1 + 0.25 * u * self._towards) + fin * 1.6)
        line = np.stack((x + u * self._long * (0.55 + 0.45 * rise), self._line - up), 1)
        self._lay(planes, line, 0.95 * smooth(0, 0.12, rise))

    def _fluke(self, planes: Planes, x: float, age: float) -> None:
        rise = math.sin(math.pi * age) ** 0.8 * self._long * 0.62
        tilt = 1 - 0.75 * smooth(0.45, 1.0, age)
        half = [
            (0.17, 0.0),
            (0.075, 0.60),
            (0.16, 0.80),
            (0.52, 1.0),
            (0.44, 0.80),
            (0.2, 0.64),
            (0.0, 0.70),
        ]
        right = np.array([(a, b * tilt if b > 0.62 else b) for a, b in half])
        left = right[::-1] * (-1, 1)
        shape = np.concatenate((right, left)) * (self._long * 0.75, self._long * 0.72)
        up = np.clip(shape[:, 1] - self._long * 0.72 + rise + 0.1 * self._long * age, 0, None)
        self._lay(
            planes,
            np.stack((x + shape[:, 0], self._line - up), 1),
            smooth(0, 0.1, age) * smooth(1, 0.9, age),
        )

    def _lay(self, planes: Planes, shape: Points, share: float) -> None:
        """Paint a dark wet shape with light along its top, and the white water at its foot."""
        unit = self._place.unit
        sheet = Sheet.round(self._place.size, shape, 4 * unit)
        if sheet is None or share <= 0:
            return
        _fill(sheet, shape)
        sheet.cover(planes, self._skin, share)
        top = Sheet(
            sheet.left,
            sheet.top,
            cv2.subtract(sheet.mask, np.roll(sheet.mask, max(1, round(unit)), 0)),
        )
        top.cover(planes, self._wet, 0.75 * share)
        foot = np.array(
            [[shape[:, 0].min() - 3 * unit, self._line], [shape[:, 0].max() + 3 * unit, self._line]]
        )
        foam = Sheet.round(self._place.size, foot, 6 * unit)
        if foam is not None:
            foam.line(foot, 0.8, 1.6 * unit)
            soft = cv2.GaussianBlur(foam.mask, (0, 0), sigmaX=4 * unit, sigmaY=max(0.7 * unit, 0.4))
            Sheet(foam.left, foam.top, soft).cover(planes, self._breath, 0.8 * share)

    def _blow(self, planes: Planes, x: float, within: float) -> None:
        """Paint the breath: a plume that shoots up, leans away and thins."""
        age = (within - 0.32) / 0.5
        if not 0 < age < 1:
            return
        unit, tall = self._place.unit, self._long * 0.85 * age**0.4
        ends = np.array([[x - tall, self._line - tall], [x + tall, self._line]])
        sheet = Sheet.round(self._place.size, ends, 6 * unit)
        if sheet is None:
            return
        for k in range(14):
            up = (k + 1) / 14
            middle = (x - self._towards * tall * 0.22 * up * age, self._line - tall * up)
            fixed = [
                round((c - o) * 16) for c, o in zip(middle, (sheet.left, sheet.top), strict=True)
            ]
            radius = round((0.8 + 4.2 * up * (0.4 + age)) * unit * 16)
            cv2.circle(sheet.mask, fixed, radius, 210, -1, cv2.LINE_AA, 4)
        soft = cv2.GaussianBlur(sheet.mask, (0, 0), max(1.8 * unit, 0.6))
        Sheet(sheet.left, sheet.top, soft).cover(planes, self._breath, 0.5 * (1 - age) ** 1.3)


class Islet:
    """An island on the horizon, with palms or a lighthouse."""

    def __init__(
        self, random: np.random.Generator, place: Place, light: Light, *, palms: bool, lamp: bool
    ) -> None:
        self._place = place
        side = -1.0 if place.x > place.size.width / 2 else 1.0
        self._x = place.size.width * (0.5 + side * random.uniform(0.2, 0.3))
        self._lamp_on = lamp and (light.night > 0.2 or light.dusk > 0.3)
        self._colour = mix(mix(scale(light.ambient, 0.5), light.zenith, 0.2), light.haze, 0.22)
        self._tower = mix(self._colour, mix(light.horizon, light.key, 0.4), 0.35)
        self._lamp = (self._x, place.horizon - 50 * place.unit)
        self._palms, self._lighthouse = palms, lamp
        self._sheets: list[tuple[Sheet, Colour]] = []
        self._draw(random)

    def paint(self, planes: Planes) -> None:
        """Paint the island over the planes in place."""
        for sheet, colour in self._sheets:
            sheet.cover(planes, colour)

    def _draw(self, random: np.random.Generator) -> None:
        unit, base = self._place.unit, self._place.horizon + 1
        u = np.linspace(-1, 1, 40)
        rough = np.interp(u, np.linspace(-1, 1, 12), random.uniform(0.55, 1.0, 12))
        up = 20 * unit * (1 - np.abs(u) ** 1.7) * rough
        shape = np.stack((self._x + u * 74 * unit, base - up), 1)
        shape = np.concatenate((shape, [(self._x + 74 * unit, base), (self._x - 74 * unit, base)]))
        all_of_it = np.concatenate((shape, [(self._x, base - 70 * unit)]))
        sheet = Sheet.round(self._place.size, all_of_it, 6)
        if sheet is None:
            return
        _fill(sheet, shape)
        if self._palms:
            for x in random.uniform(-50, 50, 7):
                self._palm(sheet, random, self._x + x * unit, base - 11 * unit)
        self._sheets.append((sheet, self._colour))
        if self._lighthouse:
            self._house(base)

    def _palm(self, sheet: Sheet, random: np.random.Generator, x: float, y: float) -> None:
        unit, lean = self._place.unit, random.uniform(-0.35, 0.35)
        tall = random.uniform(17, 30) * unit
        s = np.linspace(0, 1, 8)
        trunk = np.stack((x + lean * tall * s**1.6, y - tall * s), 1)
        sheet.line(trunk, 1.0, 1.3 * unit)
        for angle in np.linspace(-2.7, -0.4, 7) + random.normal(0, 0.12, 7):
            reach = random.uniform(6.5, 9.5) * unit
            across, down = math.cos(angle) * s, math.sin(angle) * s + 0.9 * s * s
            leaf = trunk[-1] + np.stack((across, down), 1) * reach
            sheet.line(leaf, 1.0, unit)

    def _house(self, base: float) -> None:
        unit, x = self._place.unit, self._x
        foot, top = base - 17 * unit, self._lamp[1]
        wide = np.array([(-3.4, foot), (-2.3, top), (2.3, top), (3.4, foot)])
        room = np.array([(-3.0, top), (-1.8, top), (-1.8, top - 4 * unit), (0, top - 7.5 * unit),
                         (1.8, top - 4 * unit), (1.8, top), (3.0, top), (3.0, top + 1.2 * unit),
                         (-3.0, top + 1.2 * unit)])  # fmt: skip
        for shape, colour in ((wide, self._tower), (room, self._colour)):
            points = np.stack((x + shape[:, 0] * unit, shape[:, 1]), 1)
            sheet = Sheet.round(self._place.size, points, 3)
            if sheet is not None:
                _fill(sheet, points)
                self._sheets.append((sheet, colour))

    def shine(self, planes: Planes, t: float) -> None:
        """Add the lamp, which turns, in place."""
        if not self._lamp_on:
            return
        turn = 0.5 + 0.5 * math.cos(t * math.tau / 6.3)
        radius = (3 + 16 * turn**6) * self._place.unit
        side = round(4 * 19 * self._place.unit)
        left, top = (
            round(self._lamp[0]) - side // 2,
            round(self._lamp[1] - 2 * self._place.unit) - side // 2,
        )
        height, width = planes.shape[1:]
        rows, columns = (
            slice(max(top, 0), min(top + side, height)),
            slice(max(left, 0), min(left + side, width)),
        )
        if rows.stop <= rows.start or columns.stop <= columns.start:
            return
        ys, xs = np.ogrid[rows, columns]
        far = np.hypot(xs - self._lamp[0], ys - self._lamp[1] + 2 * self._place.unit).astype(
            np.float32
        )
        halo: Plane = np.exp(far / -radius) * np.float32(0.45 + 0.5 * turn**6)
        for plane, level in zip(planes, (1.0, 0.88, 0.66), strict=True):
            part = plane[rows, columns]
            part += (1 - part) * halo * np.float32(level)
