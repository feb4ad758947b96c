"""The river's bank: shops, trees, lamps, traffic; the line that crosses before it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.mood import Colour, mix, scale
from endlessdreams_cam.engines.scenes.worlds.city_parts import Air
from endlessdreams_cam.engines.scenes.worlds.city_towers_parts import (
    Draft,
    Pixels8,
    fixed,
    to_bytes,
)
from endlessdreams_cam.frame import Size

# Rows above the water, in pixels of a picture 360 high.
_WALL, _ROAD, _SHOPS = 4.0, 7.0, 14.0
_WARM: Colour = (1.0, 0.68, 0.36)


def furnish(draft: Draft) -> None:
    """Draw shop fronts, trees, lamps and the quay along the foot of a skyline."""
    unit, height, width = draft.unit, draft.size.height, draft.size.width
    top, road, wall = (
        height - max(round(r * unit), k + 1) for k, r in enumerate((_SHOPS, _ROAD, _WALL))
    )
    _shops(draft, top, road)
    stone = mix(draft.air.shade, draft.air.lit, 0.3)
    draft.face(0, width, road, height, scale(stone, 0.45))
    draft.face(0, width, wall, height, scale(stone, 0.6))
    draft.face(0, width, wall, wall + 1, scale(stone, 1.2))
    draft.light((0, road, width, wall - road), scale(_WARM, 0.26 * draft.air.evening))
    x = 0.0
    while x < width - 4 * unit:
        if draft.random.random() < 0.75:
            _tree(draft, x, road, draft.random.uniform(3.5, 8) * unit)
        x += draft.random.uniform(4, 17) * unit
    for x in np.arange(6 * unit, width - 4, 22 * unit):
        _lamp(draft, float(x), wall)


def _shops(draft: Draft, top: int, road: int) -> None:
    """Draw lit shop fronts along the street."""
    random, air, x = draft.random, draft.air, 0
    while x < draft.size.width:
        wide = max(3, round(random.uniform(5, 20) * draft.unit))
        right = min(x + wide, draft.size.width)
        first = top + round(random.uniform(0, 3) * draft.unit)
        draft.face(x, right, first, road, scale(air.shade, 0.5))
        lamp = _WARM if random.random() < 0.62 else air.neon[int(random.integers(len(air.neon)))]
        level = random.uniform(0.25, 0.95) * (0.15 + 0.85 * air.evening)
        draft.light((x + 1, first + 1, right - x - 2, road - first - 1), scale(lamp, level))
        posts = np.s_[first + 1 : road, x + 1 : right - 1 : max(3, round(3.5 * draft.unit))]
        draft.accent[posts] = 0
        if random.random() < 0.5:
            draft.light((x + 1, first, right - x - 2, 1), scale(mix(lamp, (1, 1, 1), 0.4), level))
        x = right


def _tree(draft: Draft, x: float, ground: int, tall: float) -> None:
    random, air = draft.random, draft.air
    leaf = mix(scale(air.shade, 0.5), (0.12, 0.3, 0.17), 0.45 * (1 - air.evening) + 0.12)
    for _ in range(9):
        at = (x + random.normal(0, 0.28) * tall, ground - tall * random.uniform(0.25, 1.0))
        tone = scale(leaf, random.uniform(0.55, 1.25))
        centre, radius = fixed([at])[0], round(tall * random.uniform(0.16, 0.3) * 16)
        colour = [float(c) for c in to_bytes(tone)]
        cv2.circle(draft.paint, centre, radius, colour, -1, cv2.LINE_AA, 4)
        cv2.circle(draft.accent, centre, radius, (0, 0, 0), -1, cv2.LINE_AA, 4)
        cv2.circle(draft.cover, centre, radius, 255, -1, cv2.LINE_AA, 4)


def _lamp(draft: Draft, x: float, ground: int) -> None:
    unit, level = draft.unit, draft.air.evening
    top = ground - 13 * unit
    post = [float(c) for c in to_bytes(scale(draft.air.shade, 0.4))]
    ends = fixed([(x, ground), (x, top)])
    cv2.line(draft.paint, ends[0], ends[1], post, 1, cv2.LINE_AA, 4)
    glow = fixed([(x, top)])[0]
    for radius, share in ((5.0, 0.10), (2.6, 0.22), (1.25, 1.0)):
        tone = scale(mix(_WARM, (1, 1, 1), 0.35 * share), share * level)
        mask = np.zeros_like(draft.cover)
        cv2.circle(mask, glow, round(radius * unit * 16), 255, -1, cv2.LINE_AA, 4)
        y0, y1 = max(int(top - 6 * unit), 0), int(top + 6 * unit) + 1
        x0, x1 = max(int(x - 6 * unit), 0), int(x + 6 * unit) + 1
        area = np.s_[y0:y1, x0:x1]
        light = mask[area][..., None] * np.float32(1 / 255) * to_bytes(tone)
        draft.accent[area] = np.minimum(draft.accent[area] + light, 255)


@dataclass(frozen=True, slots=True)
class View:
    """How an endless strip is seen: its column at the picture's left edge, and how near it is."""

    left: float
    near: float
    width: int
    rows: int

    def across(self, x: float, length: int) -> float:
        """Return where a column of a strip `length` wide stands in the picture, in pixels."""
        apart = (x - self.left + length / 4) % length - length / 4
        return self.width / 2 + (apart - self.width / 2) * self.near

    def down(self, y: float) -> float:
        return self.rows + (y - self.rows) * self.near


class Traffic:
    """Beads of light on a road: white toward us, red away, in the platoons that signals make."""

    def __init__(
        self, random: np.random.Generator, length: int, unit: float, air: Air, above: float
    ) -> None:
        self._length, self._unit = length, unit
        self._cars: list[tuple[float, float, float, Colour, float]] = []
        for lane in range(2):
            speed = random.uniform(20, 27) * unit * (1 if lane else -1)
            x = 0.0
            while x < length:
                for _ in range(int(random.integers(2, 8))):
                    white: Colour = (1.0, 0.95, 0.84)
                    colour = (1.0, 0.16, 0.14) if lane else white
                    body = scale(air.lit, random.uniform(0.25, 1.0))
                    colour = mix(body, colour, min(1.0, air.evening * 1.5))
                    quick = speed * random.uniform(0.92, 1.1)
                    height = above + lane * 1.6
                    self._cars.append((x, quick, height, colour, random.uniform(0.55, 1.0)))
                    x += random.uniform(5, 14) * unit
                x += random.uniform(20, 90) * unit

    def drive(self, picture: Pixels8, view: View, t: float) -> None:
        """Draw the cars at time t into a picture of uint8 RGBA."""
        unit = self._unit
        radius = round(max(0.95 * unit, 0.6) * 16)
        for x, speed, above, colour, level in self._cars:
            at = view.across((x + speed * t) % self._length, self._length)
            if not -4 < at < view.width + 4:
                continue
            y = view.down(view.rows - above * unit)
            tone = [255 * c * level for c in colour]
            centre = (round(at * 16), round(y * 16))
            cv2.circle(picture, centre, radius, (*tone, 255), -1, cv2.LINE_AA, 4)


def beacons(picture: Pixels8, view: View, masts: list[tuple[float, float]], length: int,
            unit: float, t: float, level: float) -> None:  # fmt: skip
    """Draw the warning lamps on a skyline's masts: each breathes at its own pace."""
    for n, (x, y) in enumerate(masts):
        pulse = max(0.0, math.sin(t * math.tau / (1.9 + 0.37 * (n % 5)) + n * 2.4)) ** 3
        at = view.across(x, length)
        if pulse < 0.06 or not 0 <= at < view.width:
            continue
        centre = (round(at * 16), round(view.down(y) * 16))
        tone = (80 + 175 * pulse, 26 + 20 * pulse, 40 + 10 * pulse)
        radius = round(max(0.6, (0.55 + 0.6 * pulse * level) * unit) * 16)
        cv2.circle(picture, centre, radius, (*tone, 255), -1, cv2.LINE_AA, 4)


class Crossing:
    """A line before the city: a hung bridge or a viaduct, with cars, and now and then a train.

    strip: endless, premultiplied RGBA like a skyline's.
    """

    def __init__(
        self, random: np.random.Generator, size: Size, unit: float, air: Air, hung: bool
    ) -> None:
        self.size, self._unit, self._air, self._hung = size, unit, air, hung
        self.above = (25.0 if hung else 20.0) * unit
        self.strip = np.zeros((size.height, size.width, 4), np.uint8)
        self._steel = mix(scale(air.shade, 0.5), air.haze, 0.16)
        if hung:
            self._hang()
        else:
            self._prop()
        deck = size.height - round(self.above)
        thick = max(2, round(3 * unit))
        self._bar(0, size.width, deck, deck + thick, self._steel)
        self._bar(0, size.width, deck, deck + 1, mix(self._steel, air.lit, 0.6))
        self.traffic = Traffic(random, size.width, unit, air, (self.above + 1.2 * unit) / unit)
        self._train = _train(random, unit, air)

    def _bar(self, left: int, right: int, top: int, bottom: int, colour: Colour) -> None:
        self.strip[top:bottom, left:right, :3] = to_bytes(colour).astype(np.uint8)
        self.strip[top:bottom, left:right, 3] = 255

    def _line(
        self, a: tuple[float, float], b: tuple[float, float], colour: Colour, alpha: float
    ) -> None:
        ends = fixed([a, b])
        tone = [float(c) * alpha for c in to_bytes(colour)]
        cv2.line(self.strip, ends[0], ends[1], (*tone, 255 * alpha), 1, cv2.LINE_AA, 4)

    def _prop(self) -> None:
        """Draw the arches of a viaduct."""
        unit, height = self._unit, self.size.height
        deck, count = height - round(self.above), max(1, round(self.size.width / (46 * self._unit)))
        pitch = self.size.width / count
        mask = np.zeros((height, self.size.width), np.uint8)
        mask[deck:] = 255
        for n in range(count + 1):
            centre = fixed([(n * pitch, height + 1)])[0]
            axes = (round((pitch / 2 - 3.2 * unit) * 16), round((self.above - 5.5 * unit) * 16))
            cv2.ellipse(
                mask, (int(centre[0]), int(centre[1])), axes, 0, 180, 360, 0, -1, cv2.LINE_AA, 4
            )
        rows = np.linspace(1.25, 0.7, height - deck, dtype=np.float32)[:, None]
        alpha = mask[deck:].astype(np.float32)
        for c in range(3):
            self.strip[deck:, :, c] = np.clip(alpha * rows * self._steel[c], 0, 255)
        self.strip[deck:, :, 3] = mask[deck:]

    def _hang(self) -> None:
        """Draw pylons, main cables with their lights, and hangers."""
        unit, (width, height) = self._unit, self.size
        deck, tall = height - self.above, 0.27 * height
        span, broad = width / 2, max(2, round(3.4 * unit))
        for pylon in (0.25, 0.75):
            x = round(pylon * width)
            self._bar(x - broad - 1, x - 1, round(deck - tall), height, self._steel)
            self._bar(x + 2, x + broad + 2, round(deck - tall), height, scale(self._steel, 1.35))
            for share in (0.98, 0.55, 0.2):
                y = round(deck - tall * share)
                self._bar(x - broad, x + broad, y, y + max(2, round(2 * unit)), self._steel)
        for at in map(float, np.arange(0, width, 5.5 * unit)):
            cable = deck - self._sag(at / span) * tall
            self._line((at, deck), (at, cable), self._steel, 0.55)
        for x in range(0, width, 2):
            a, b = (deck - self._sag(u / span) * tall for u in (x, x + 2))
            self._line((x, a), (x + 2, b), self._steel, 1.0)
        lamp = scale(mix(_WARM, (1, 1, 1), 0.5), 0.25 + 0.75 * self._air.evening)
        for at in map(float, np.arange(0, width, 9 * unit)):
            cable = deck - self._sag(at / span) * tall
            tone = (*(float(c) for c in to_bytes(lamp)), 255)
            cv2.circle(self.strip, fixed([(at, cable)])[0], round(0.6 * unit * 16), tone, -1,
                       cv2.LINE_AA, 4)  # fmt: skip

    def _sag(self, spans: float) -> float:
        """Return how high the cable hangs, 0.06 between pylons … 1 at them."""
        apart = spans % 1.0 - 0.5
        return 0.06 + 0.94 * (1 - 2 * abs(apart)) ** 2

    def pull(self, picture: Pixels8, view: View, along: float) -> None:
        """Draw the train on its way, `along` 0…1 from off one side to off the other."""
        tall, long = self._train.shape[:2]
        x = view.width + 10 - along * (view.width + long + 20)
        top = round(view.down(self.size.height - self.above)) - tall
        first, last = max(math.floor(x), 0), min(math.floor(x) + long + 1, view.width)
        if last <= first or top < 0:
            return
        matrix = np.array([[1, 0, x - first], [0, 1, 0]], np.float32)
        train = cv2.warpAffine(self._train, matrix, (last - first, tall))
        area = np.s_[top : top + tall, first:last]
        picture[area] = lay(np.ascontiguousarray(picture[area]), train)


def _train(random: np.random.Generator, unit: float, air: Air) -> Pixels8:
    """Return a lit train, premultiplied RGBA."""
    tall, car = max(4, round(6 * unit)), max(12, round(34 * unit))
    train = np.zeros((tall, car * 6, 4), np.uint8)
    steel, lamp = to_bytes(mix(air.shade, air.lit, 0.4)), to_bytes((1.0, 0.87, 0.62))
    level = 0.35 + 0.65 * air.evening
    for n in range(6):
        left, right = n * car + 1, (n + 1) * car - 1
        train[:, left:right, :3], train[:, left:right, 3] = steel, 255
        step = max(3, round(4.4 * unit))
        for x in range(left + 2, right - step, step):
            bright = level * random.uniform(0.65, 1.0)
            train[1 : tall // 2 + 1, x : x + step - 1, :3] = lamp * bright
        train[-1, left:right, :3] = to_bytes(scale(air.neon[1], 0.8 * level))
    return train


def lay(below: Pixels8, layer: Pixels8) -> Pixels8:
    """Return a premultiplied layer over a picture, both RGBA."""
    through = cv2.bitwise_not(cv2.extractChannel(layer, 3))
    below = cv2.multiply(below, cv2.merge((through,) * 4), scale=1 / 255)
    return cv2.add(below, layer, dst=below)
