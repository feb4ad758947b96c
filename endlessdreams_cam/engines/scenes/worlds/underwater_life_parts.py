"""What swims: shoals with beating tails, bubbles, a manta's shadow, jellyfish."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes.mood import Colour
from endlessdreams_cam.engines.scenes.world import Person, Plane
from endlessdreams_cam.engines.scenes.worlds.land_parts import Planes
from endlessdreams_cam.engines.scenes.worlds.sky_life_parts import Sheet
from endlessdreams_cam.frame import Size

Points = NDArray[np.float64]
# A fish's outline from nose to tail root, along and half its height; then its tail.
_ALONG = np.array([0.0, 0.10, 0.25, 0.42, 0.60, 0.76, 0.86])
_TALL = np.array([0.0, 0.085, 0.150, 0.165, 0.120, 0.055, 0.028])


@dataclass(frozen=True, slots=True)
class Crowd:
    """What fish see of a person, coarse: where somebody is, and which way they move."""

    presence: Plane
    flow: NDArray[np.float32]

    @classmethod
    def of(cls, person: Person) -> Crowd:
        """Return a person as fish see them."""
        small = [cv2.resize(plane, (40, 23), interpolation=cv2.INTER_AREA)
                 for plane in (person.presence, person.flow)]  # fmt: skip
        return cls(cv2.GaussianBlur(small[0], (0, 0), 1.5), small[1])

    def pressed(self, scale: float) -> Plane:
        """Return how far their motion presses the water sideways: flow times `scale`."""
        return self.flow[..., 0] * np.float32(scale)


class Shoal:
    """Fish that follow one path together, each in its own place, and shy away from people."""

    def __init__(
        self, random: np.random.Generator, size: Size, *, count: int, long: float, row: float,
        colours: tuple[Colour, Colour], pace: float,
    ) -> None:  # fmt: skip
        """long: a fish in units of a 360th of the height; row: their mean height, 0…1.

        colours: of the back and the belly; pace: how fast, in heights per second.
        """
        self._size, self._unit = size, size.height / 360
        self._long = long * self._unit * random.uniform(0.75, 1.2, count)
        spread = 0.0125 * long * math.sqrt(count / 20)
        self._seat = random.normal(0, 1, (count, 2)) * (2.1 * spread, spread)
        self._wobble = random.uniform(0, math.tau, (count, 3))
        self._row, self._pace = row, pace
        back, pale = (np.array(colour, np.float32)[:, None, None] for colour in colours)
        self._tables = back + (pale - back) * np.linspace(0, 0.9, 256, dtype=np.float32)[None]
        self._phase = random.uniform(0, math.tau, 4)
        self._aspect = size.width / size.height
        self._shy = np.zeros((count, 2))
        self._last: Points | None = None
        self._beat = random.uniform(0, math.tau, count)
        self._heading = np.ones((count, 2)) * (1, 0)

    def _guide(self, t: Points | float) -> tuple[Points, Points]:
        """Return where the shoal is led, in heights: wide loops that never repeat."""
        one, two, three, four = self._phase
        pace = self._pace
        t = np.asarray(t) * pace
        x = 1 + 0.72 * np.sin(0.9 * t + one) + 0.34 * np.sin(0.41 * t + two)
        y = self._row + 0.09 * np.sin(0.67 * t + three) + 0.04 * np.sin(1.7 * t + four)
        return 0.5 * self._aspect * x, y

    def swim(self, t: float, dt: float, real_dt: float, crowd: Crowd | None, pan: float) -> None:
        """Move on to time t; a person's presence and motion push the fish aside."""
        ahead = np.subtract(self._guide(t), self._guide(t - 1.2))
        course = math.atan2(ahead[1], ahead[0])
        turned = np.array(
            [[math.cos(course), math.sin(course)], [-math.sin(course), math.cos(course)]]
        )
        drift = 0.02 * np.stack(
            (np.sin(0.7 * t + self._wobble[:, 0]), np.sin(0.9 * t + self._wobble[:, 1])), 1
        )
        lag = 0.35 * self._seat[:, 0]
        guide = np.stack(self._guide(t + lag), 1)
        place = guide + self._seat @ turned + drift + self._shy
        place[:, 0] += pan * self._aspect
        if self._last is not None and dt > 0:
            speed = (place - self._last) / dt
            self._heading += (speed - self._heading) * min(1.0, 5 * dt)
            self._beat += dt * (5.5 + 26 * np.minimum(np.hypot(*speed.T), 0.6))
        self._last = place
        self._flee(place, real_dt, crowd)

    def _flee(self, place: Points, dt: float, crowd: Crowd | None) -> None:
        self._shy *= math.exp(-dt / 1.8)
        if crowd is None or dt <= 0:
            return
        soft, flow = crowd.presence, crowd.flow
        rows, columns = soft.shape
        x = np.clip(place[:, 0] / self._aspect * columns, 1, columns - 2).astype(int)
        y = np.clip(place[:, 1] * rows, 1, rows - 2).astype(int)
        away = np.stack((soft[y, x - 1] - soft[y, x + 1], soft[y - 1, x] - soft[y + 1, x]), 1)
        self._shy += (away * 1.5 + flow[y, x] * (self._aspect, 1) * 0.9) * min(dt, 0.1) * 3.0
        np.clip(self._shy, -0.35, 0.35, out=self._shy)

    def paint(self, planes: Planes) -> None:
        """Paint the fish over the planes in place."""
        if self._last is None:
            return
        places = self._last * self._size.height
        inside = (places[:, 0] > -60 * self._unit) & (
            places[:, 0] < self._size.width + 60 * self._unit
        )
        if not inside.any():
            return
        sheet = Sheet.round(self._size, places[inside], float(self._long.max()))
        if sheet is None:
            return
        tone = np.zeros_like(sheet.mask)
        bodies, bellies = _outlines(self._heading[inside], self._long[inside], self._beat[inside])
        shift = (places[inside] - (sheet.left, sheet.top))[:, None]
        for mask, shapes in ((sheet.mask, bodies), (tone, bellies)):
            for fixed in np.round((shapes + shift) * 16).astype(np.int32):
                cv2.fillPoly(mask, [fixed], 255, cv2.LINE_AA, 4)
        cover = sheet.mask * np.float32(1 / 255)
        rows, columns = tone.shape
        part = planes[:, sheet.top : sheet.top + rows, sheet.left : sheet.left + columns]
        for plane, table in zip(part, self._tables, strict=True):
            colour = cv2.LUT(tone, table)
            colour -= plane
            colour *= cover
            plane += colour


def _outlines(heading: Points, long: Points, beat: Points) -> tuple[Points, Points]:
    """Return fishes' outlines and bellies round their middles, (count, corners, 2) in pixels."""
    pace = np.hypot(*heading.T) + 1e-6
    across, climb = heading[:, 0] / pace, heading[:, 1] / pace
    # Seen from the side: turning, a fish shortens; it tilts a little as it climbs.
    facing = np.copysign(np.maximum(np.abs(across), 0.3), across)
    tilt = 0.5 * np.clip(climb, -0.9, 0.9)[:, None]
    beat = beat[:, None]
    bend = 0.10 * np.sin(beat - 3.2 * _ALONG) * _ALONG**1.6
    along = np.broadcast_to(0.5 - _ALONG, bend.shape)
    top = np.stack((along, bend - _TALL), 2)
    low = np.stack((along, bend + _TALL * 0.92), 2)
    root, tip = bend[:, -1:], bend[:, -1:] + 0.16 * np.sin(beat - 3.4)
    fin = np.stack((np.full_like(root, -0.06), bend[:, 3:4] - 0.245), 2)
    tail = np.stack(
        (np.broadcast_to([-0.58, -0.51, -0.58], (len(beat), 3)),
         np.concatenate((tip - 0.15, tip, tip + 0.15), 1)), 2,
    )  # fmt: skip
    root = np.stack((np.full_like(root, -0.38), root), 2)
    body = np.concatenate((top[:, :3], fin, top[:, 4:], root, tail, root, low[:, ::-1]), 1)
    belly = np.concatenate((low[:, 1:], (low * 0.65 + top * 0.35)[:, :0:-1]), 1)
    return tuple(_placed(shape, facing, tilt, long) for shape in (body, belly))  # type: ignore[return-value]


def _placed(shape: Points, facing: Points, tilt: Points, long: Points) -> Points:
    """Return outlines turned by `tilt`, faced left or right, in pixels."""
    x, y = shape[..., 0], shape[..., 1]
    x, y = x * np.cos(tilt) - y * np.sin(tilt), x * np.sin(tilt) + y * np.cos(tilt)
    return np.stack((x * (facing * long)[:, None], y * long[:, None]), 2)


class Bubbles:
    """Bubbles that rise, swing and grow; born where water is stirred."""

    def __init__(self, random: np.random.Generator, size: Size) -> None:
        self._random, self._size, self._unit = random, size, size.height / 360
        self._all = np.zeros((0, 4))  # x, y, radius in pixels; phase
        self._due = 0.0

    def born(self, x: float, y: float, radius: float) -> None:
        """Add one at x, y in pixels, unless there are many."""
        if len(self._all) < 70:
            row = (x, y, radius * self._unit, self._random.uniform(0, math.tau))
            self._all = np.vstack((self._all, row))

    def stir(self, person: Person, amount: float, dt: float) -> None:
        """Let bubbles rise where a person moves."""
        speed = np.abs(person.flow).sum(axis=2) * person.presence
        self._due += min(float(speed.mean()) * 900 * amount, 40.0) * dt
        while self._due > 1:
            self._due -= 1
            row = speed.ravel() + 1e-9
            at = int(self._random.choice(row.size, p=row / row.sum()))
            y, x = divmod(at, speed.shape[1])
            self.born(
                x / speed.shape[1] * self._size.width, y / speed.shape[0] * self._size.height,
                self._random.uniform(1.0, 3.4),
            )  # fmt: skip

    def well(self, x: float, count: float) -> None:
        """Let so many of them, 0… on average, well out of the floor at x (0…1)."""
        for _ in range(int(self._random.poisson(max(count, 0.0)))):
            aside = self._random.normal(0, 0.012)
            self.born((x + aside) * self._size.width, 0.9 * self._size.height,
                      self._random.uniform(0.9, 3.6))  # fmt: skip

    def rise(self, t: float, dt: float) -> None:
        """Move them on by dt."""
        if not len(self._all):
            return
        rows = self._all
        rows[:, 1] -= dt * (26 + 11 * np.sqrt(rows[:, 2] / self._unit)) * self._unit
        rows[:, 0] += dt * 9 * self._unit * np.sin(3.1 * t + rows[:, 3])
        rows[:, 2] *= 1 + 0.05 * dt
        self._all = rows[rows[:, 1] > -8 * self._unit]

    def paint(self, planes: Planes, colour: Colour) -> None:
        """Paint them over the planes in place: a ring, and a glint to the light."""
        if not len(self._all):
            return
        sheet = Sheet.round(self._size, self._all[:, :2], 8 * self._unit)
        if sheet is None:
            return
        for x, y, radius, _ in self._all:
            middle = (round((x - sheet.left) * 16), round((y - sheet.top) * 16))
            cv2.circle(sheet.mask, middle, round(radius * 16), 60, -1, cv2.LINE_AA, 4)
            cv2.circle(sheet.mask, middle, round(radius * 16), 150, 1, cv2.LINE_AA, 4)
            glint = (middle[0] - round(radius * 5.5), middle[1] - round(radius * 6))
            cv2.circle(sheet.mask, glint, max(round(radius * 4.5), 8), 255, -1, cv2.LINE_AA, 4)
        sheet.cover(planes, colour, 0.72)


class Manta:
    """A manta that glides over, its wings beating slowly: a shadow against the light."""

    def __init__(self, random: np.random.Generator, size: Size, colour: Colour) -> None:
        self._size, self._colour = size, colour
        self._towards = 1.0 if random.random() < 0.5 else -1.0
        self._row, self._span = random.uniform(0.20, 0.34), random.uniform(0.15, 0.21)
        self._phase = random.uniform(0, math.tau)

    def paint(self, planes: Planes, age: float, lasts: float) -> None:
        """Paint it at age 0…1 of its crossing, which lasts so many seconds."""
        height, width = self._size.height, self._size.width
        span = self._span * height
        x = width * (0.5 + self._towards * (age * 1.7 - 0.85))
        y = height * (self._row + 0.07 * math.sin(2.6 * age + self._phase))
        beat = math.sin(age * lasts * 1.35)
        s = np.linspace(0, 1, 9)
        lead = np.stack((0.42 - 0.55 * s**1.5, -s), 1)
        trail = np.stack((-0.42 + 0.34 * np.sin(s * 1.5), -s), 1)[::-1]
        wing = np.concatenate((lead, trail))
        # Seen from below and the side: the far wing is foreshortened, tips bend with the beat.
        near_tip = (0.62 + 0.32 * beat) * np.abs(wing[:, 1]) ** 1.3
        far_tip = (0.50 - 0.30 * beat) * np.abs(wing[:, 1]) ** 1.3
        near = np.stack((wing[:, 0] - 0.16 * wing[:, 1] ** 2, near_tip), 1)
        far = np.stack((wing[:, 0] - 0.10 * wing[:, 1] ** 2, -far_tip), 1)
        head = np.array(
            [(0.40, -0.10), (0.60, -0.13), (0.52, -0.04), (0.52, 0.05), (0.60, 0.14), (0.40, 0.11)]
        )
        tail = np.array([(-0.40, -0.03), (-1.25, 0.06 + 0.08 * beat), (-0.40, 0.03)])
        shapes = [
            np.stack((x + self._towards * shape[:, 0] * span, y + shape[:, 1] * span), 1)
            for shape in (far, near, head, tail)
        ]
        sheet = Sheet.round(self._size, np.concatenate(shapes), 4)
        if sheet is None:
            return
        for level, shape in zip((190, 255, 255, 255), shapes, strict=True):
            fixed = np.round((shape - (sheet.left, sheet.top)) * 16).astype(np.int32)
            cv2.fillPoly(sheet.mask, [fixed], level, cv2.LINE_AA, 4)
        fade = min(1.0, 8 * age, 8 * (1 - age))
        sheet.cover(planes, self._colour, 0.9 * fade)


class Jelly:
    """A jellyfish: a bell that pulses and glows, and what trails from it."""

    def __init__(
        self, random: np.random.Generator, size: Size, colours: tuple[Colour, Colour], near: float
    ) -> None:
        self._size, self._colours = size, colours
        self._wide = size.height * (0.035 + 0.075 * near)
        self._x, self._y = random.uniform(0, 1), random.uniform(0, 1)
        self._pace = random.uniform(0.75, 1.1)
        self._phase = random.uniform(0, math.tau)
        self._near = near

    def paint(self, planes: Planes, t: float, pan: float) -> None:
        """Paint it at time t."""
        width, height, wide = self._size.width, self._size.height, self._wide
        beat = self._pace * t + self._phase
        squeeze = 0.5 + 0.5 * math.sin(2 * beat)
        span = width + 4 * wide
        drift = 0.010 * height * t * math.cos(self._phase)
        drift += 0.05 * width * math.sin(0.11 * t + self._phase)
        x = (self._x * width + drift + pan * width) % span - 2 * wide
        tall = height + 5 * wide
        y = (
            self._y * height - 0.016 * height * t - 0.02 * height * math.sin(2 * beat - 0.6)
        ) % tall - wide
        sheet = Sheet.round(
            self._size, np.array([(x - 1.3 * wide, y - wide), (x + 1.3 * wide, y + 3.4 * wide)]), 4
        )
        if sheet is None:
            return
        half = wide * (0.86 - 0.20 * squeeze)
        up = wide * (0.62 + 0.22 * squeeze)
        a = np.linspace(0, math.pi, 25)
        dome = np.stack((x + half * np.cos(a), y - up * np.sin(a) ** 0.8), 1)
        scallop = np.linspace(-1, 1, 25)
        rim = np.stack((x + half * scallop, y + wide * (0.10 + 0.05 * np.cos(scallop * 19))), 1)
        bell = np.concatenate((dome, rim))
        self._trail(sheet, x, y, half, beat)
        soft = cv2.GaussianBlur(sheet.mask, (0, 0), max(0.5 * self._size.height / 360, 0.4))
        Sheet(sheet.left, sheet.top, soft).cover(planes, self._colours[1], 0.38 + 0.2 * self._near)
        sheet.mask[:] = 0
        self._fill(sheet, bell, 120)
        self._fill(sheet, (bell - (x, y)) * (0.62, 0.55) + (x, y - 0.16 * up), 200)
        sheet.line(np.concatenate((dome, dome[:1])), 0.9, self._size.height / 360)
        glow = cv2.GaussianBlur(sheet.mask, (0, 0), max(wide * 0.05, 0.5))
        Sheet(sheet.left, sheet.top, glow).cover(planes, self._colours[0], 0.62 + 0.25 * self._near)

    def _trail(self, sheet: Sheet, x: float, y: float, half: float, beat: float) -> None:
        s = np.linspace(0, 1, 14)
        for k, u in enumerate(np.linspace(-0.9, 0.9, 9)):
            long = self._wide * (1.7 + 0.9 * math.sin(k * 2.4 + self._phase))
            sway = self._wide * 0.16 * np.sin(2 * beat - 4.5 * s + k) * s
            sheet.line(np.stack((x + half * u * (1 - 0.3 * s) + sway, y + long * s), 1), 0.75, 1)
        for k in (-1, 0, 1):
            sway = self._wide * 0.12 * np.sin(2 * beat - 3.6 * s + k) * s
            arm = np.stack((x + k * 0.2 * half + sway, y + 1.25 * self._wide * s), 1)
            sheet.line(arm, 0.9, max(1.0, 0.07 * self._wide))

    @staticmethod
    def _fill(sheet: Sheet, shape: Points, level: int) -> None:
        fixed = np.round((shape - (sheet.left, sheet.top)) * 16).astype(np.int32)
        cv2.fillPoly(sheet.mask, [fixed], level, cv2.LINE_AA, 4)
