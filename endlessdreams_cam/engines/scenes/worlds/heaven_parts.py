"""The heavens: gradient, glow, sun or moon, stars, a high deck in perspective, shafts of light."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes import paint
from endlessdreams_cam.engines.scenes.mood import Colour, Light, Mood, Weather, mix, scale
from endlessdreams_cam.engines.scenes.world import Plane
from endlessdreams_cam.engines.scenes.worlds.land_parts import Planes
from endlessdreams_cam.engines.scenes.worlds.sky_parts import Dye, lay
from endlessdreams_cam.frame import Size

_WHITE: Colour = (1.0, 1.0, 1.0)
_OVERCAST = {Weather.MIST: 0.55, Weather.RAIN: 0.85, Weather.SNOW: 0.7, Weather.STORM: 0.95}


def is_moon(mood: Mood) -> bool:
    """Whether the light in the sky is the moon."""
    return not 5.6 <= mood.hour % 24 <= 19.9


def overcast(mood: Mood) -> float:
    """Return how far the weather hides the sun, 0…1."""
    return _OVERCAST.get(mood.weather, 0.0)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the sky is: its size, the horizon's row, the light's x and y; a 360th of the height."""

    size: Size
    horizon: float
    x: float
    y: float

    @property
    def unit(self) -> float:
        """A 360th of the picture's height, in pixels."""
        return self.size.height / 360


def heaven(random: np.random.Generator, place: Place, light: Light, mood: Mood) -> Planes:
    """Return the sky that stands still: its gradient, and the glow round the light."""
    size, unit = place.size, place.unit
    height = max(2, round(place.horizon))
    rows = light.sky(height)
    below = np.repeat(rows[-1:], max(size.height - height, 0), axis=0)
    column = np.concatenate((rows, below))[: size.height].T
    planes = np.repeat(column[:, :, None], size.width, axis=2)
    # A level of noise keeps the long gradients free of bands.
    planes += (random.random((size.height, size.width), np.float32) - 0.5) * np.float32(1.6 / 255)
    ys, xs = np.mgrid[: size.height, : size.width].astype(np.float32)
    dx, dy = (xs - place.x) / unit, (ys - place.y) / unit
    distance = np.sqrt(dx * dx + dy * dy)
    seen = 1 - overcast(mood)
    if is_moon(mood):
        wide = 0.34 * np.exp(distance / -34) + 0.20 * np.exp(distance / -130)
        _screen(planes, light.key, wide * seen)
    else:
        low = (ys - place.horizon) / unit
        band = np.exp(-((dx / 330) ** 2) - (low / 62) ** 2) * light.dusk
        _screen(planes, light.horizon, 0.6 * band)
        wide = 0.46 * np.exp(distance / -110) + 0.16 * np.exp(distance / -300)
        _screen(planes, mix(light.key, light.horizon, 0.35), wide * (0.3 + 0.7 * seen))
        _screen(planes, mix(light.key, _WHITE, 0.35), 0.85 * np.exp(distance / -30) * seen)
    return planes


def _screen(planes: Planes, colour: Colour, light: Plane) -> None:
    """Add light so that it never clips: 1 − (1 − a)(1 − b)."""
    for plane, level in zip(planes, colour, strict=True):
        plane += (1 - plane) * (light * level)


_Spot = tuple[tuple[slice, slice], tuple[slice, slice], tuple[float, float]]


class Luminary:
    """The disc of the sun or the moon."""

    def __init__(self, random: np.random.Generator, place: Place, light: Light, mood: Mood) -> None:
        moon = is_moon(mood)
        self._place = place
        radius = (16.0 if moon else 13.0) * place.unit
        self._side = math.ceil(radius) * 2 + 6
        middle = (self._side - 1) / 2
        square = Size(self._side, self._side)
        self._cover = paint.disc(square, middle, middle, radius, 1.5 * max(place.unit, 0.6))
        self._cover *= max(1 - 1.25 * overcast(mood), 0.0)
        face = np.ones_like(self._cover)
        if moon:
            seas = paint.fbm(random, square, cells=3, octaves=4, tile_x=False, tile_y=False)
            face = 1 - 0.26 * paint.smoothstep(0.40, 0.72, seas)
        shine = mix(light.key, _WHITE, 0.55 if moon else 0.8)
        self._face = [face * np.float32(level) for level in shine]

        self._bloom = _bloom(round(75 * place.unit) * 2 + 1, 24 * place.unit)
        self._bloom *= (0.40 if moon else 0.85) * (1 - overcast(mood))
        self._glare = mix(light.key, _WHITE, 0.3)

    def paint(self, planes: Planes, down: float = 0.0) -> None:
        """Paint it over the planes in place, `down` pixels under its place."""
        spot = self._spot(self._side, down)
        if spot is None:
            return
        where, own, middle = spot
        window = (self._side, self._side)
        cover = cv2.getRectSubPix(self._cover, window, middle)[own]
        for plane, face in zip(planes, self._face, strict=True):
            part = plane[where]
            part += (cv2.getRectSubPix(face, window, middle)[own] - part) * cover

    def bloom(self, planes: Planes, level: float, down: float = 0.0) -> None:
        """Add the glare of its disc, 0…1 of it, to what is painted over it, in place."""
        side = len(self._bloom)
        spot = self._spot(side, down)
        if spot is None:
            return
        where, own, middle = spot
        glare = cv2.getRectSubPix(self._bloom, (side, side), middle)[own] * np.float32(level)
        for plane, colour in zip(planes, self._glare, strict=True):
            part = plane[where]
            part += (1 - part) * glare * np.float32(colour)

    def _spot(self, side: int, down: float) -> _Spot | None:
        """Return where a square round the disc lies in the picture and which part of it does.

        And the middle at which to sample the square; None when all of it is outside.
        """
        width, height = self._place.size
        x, y = self._place.x - (side - 1) / 2, self._place.y + down - (side - 1) / 2
        left, top = math.floor(x), math.floor(y)
        first, last = max(top, 0), min(top + side, height)
        begin, end = max(left, 0), min(left + side, width)
        if last <= first or end <= begin:
            return None
        where = (slice(first, last), slice(begin, end))
        own = (slice(first - top, last - top), slice(begin - left, end - left))
        return where, own, ((side - 1) / 2 - (x - left), (side - 1) / 2 - (y - top))


def _bloom(side: int, reach: float) -> Plane:
    """Return light that falls off to nothing at the edges of a square."""
    ys, xs = np.mgrid[:side, :side].astype(np.float32) - (side - 1) / 2
    edge = math.exp(-(side / 2) / reach)
    return np.maximum(np.exp(np.hypot(xs, ys) / -reach) - edge, 0).astype(np.float32)


class Stars:
    """Stars of three sizes over the upper sky, each twinkling at its own pace."""

    def __init__(self, random: np.random.Generator, place: Place, night: float) -> None:
        size = place.size
        count = round(520 * night * min(1.6, size.width * size.height / 230400))
        x, y = random.random(count) * (size.width - 3) + 1, random.random(count) ** 1.25
        y = y * max(place.horizon - 4, 2) + 1
        level = random.random(count) ** 4.5
        left, top = np.floor(x).astype(np.intp), np.floor(y).astype(np.intp)
        fx, fy = (x - left).astype(np.float32), (y - top).astype(np.float32)
        low = 1 - (y / max(place.horizon, 1)) ** 3
        strength = ((0.13 + 0.87 * level) * low * night).astype(np.float32)
        tint = random.normal(0, 0.09, count)
        colour = np.stack((1 + tint, np.ones(count), 1.08 - tint)).clip(0.7, 1.1)
        self._at = [(top + j, left + i) for j in (0, 1) for i in (0, 1)]
        self._shares = [
            colour * (strength * (fx if i else 1 - fx) * (fy if j else 1 - fy))
            for j in (0, 1)
            for i in (0, 1)
        ]
        self._pace = random.uniform(0.9, 4.2, count).astype(np.float32)
        self._phase = random.uniform(0, math.tau, count).astype(np.float32)
        self._depth = (0.12 + 0.38 * (1 - level)).astype(np.float32)

    def light(self, planes: Planes, t: float) -> None:
        """Add the stars to the planes in place."""
        if not self._pace.size:
            return
        angle = np.float32(t) * self._pace + self._phase
        twinkle = 1 - self._depth * (0.5 + 0.5 * np.sin(angle))
        for at, share in zip(self._at, self._shares, strict=True):
            planes[:, at[0], at[1]] += (share * twinkle).astype(np.float32)


class Ceiling:
    """High cloud in perspective: ripples and streaks that come over from the vanishing point."""

    _TILE = 512

    def __init__(
        self, random: np.random.Generator, place: Place, light: Light, mood: Mood, amount: float
    ) -> None:
        """Make a deck that covers so much of the sky, 0…1."""
        self._rows, self._width = max(8, round(place.horizon)), place.size.width
        self._small = Size(max(16, self._width // 2), max(8, self._rows // 2))
        xs, ys = paint.grid(self._small)
        above = (1 - ys) * (place.horizon / place.size.height)
        away = 1 / (above + 0.11)
        aspect = place.size.width / place.size.height
        turn = random.uniform(-0.5, 0.5)
        across, ahead = (xs - 0.5) * aspect * away, away
        cos, sin = math.cos(turn) * 128, math.sin(turn) * 128
        # Wrapped here and padded below: remap is slow beyond its picture.
        side = self._TILE // 2
        self._u = (0.5 * (across * cos + ahead * sin) % side).astype(np.float32)
        self._v = (0.5 * (ahead * cos - across * sin) % side).astype(np.float32)
        sun = (place.x / place.size.width - 0.5) * aspect
        toward = np.array([sun * cos + 1.5 * sin, 1.5 * cos - sun * sin])
        texture = self._texture(random, toward / np.hypot(*toward))
        self._tile = cv2.copyMakeBorder(texture, 0, side + 2, 0, side + 2, cv2.BORDER_WRAP)
        self._low, self._high = 1.02 - 0.62 * amount, 1.34 - 0.52 * amount
        fade = paint.smoothstep(0.03, 0.26, above)
        fade *= 1 - 0.4 * paint.smoothstep(0.5, 0.95, above)
        left, top = xs * self._width - place.x, ys * self._rows - place.y
        distance = np.hypot(left, top) / place.unit
        fade *= 1 - 0.6 * np.exp(-((distance / 26) ** 2))
        self._fade = (fade * (0.9 - 0.25 * light.night)).astype(np.float32)
        self._near = np.exp(distance / -170).astype(np.float32)
        self._dye = self._colours(light, mood)

    @staticmethod
    def _colours(light: Light, mood: Mood) -> Dye:
        grey = overcast(mood)
        thick = mix(mix(light.ambient, light.middle, 0.55), light.haze, 0.15)
        lit = mix(light.key, light.horizon, 0.45 * light.dusk)
        lit = mix(lit, _WHITE, 0.35 * (1 - light.night) * (1 - light.dusk))
        lit = mix(lit, thick, 0.5 * light.night + 0.5 * grey)
        turn = mix(mix(thick, lit, 0.5), light.horizon, 0.35 * light.dusk)
        burn = mix(mix(light.key, _WHITE, 0.4), lit, grey)
        dark = mix(scale(thick, 0.9), scale(light.zenith, 0.8), 0.7 * grey)
        return Dye([(0.0, dark), (0.5, turn), (1.0, lit), (1.4, burn)])

    def _texture(
        self, random: np.random.Generator, toward: NDArray[np.float64]
    ) -> NDArray[np.float32]:
        """Return four planes: formations, their light, ripples and streaks, theirs."""
        side = Size(self._TILE // 2, self._TILE // 2)
        form = paint.fbm(random, side, cells=4, octaves=4, gain=0.5)
        streak = paint.fbm(
            random, Size(side.width, side.height // 8), cells=16, octaves=4, gain=0.6
        )
        streak = cv2.resize(streak, side, interpolation=cv2.INTER_CUBIC)
        ripple = paint.fbm(random, side, cells=22, octaves=3, gain=0.6)
        bend = (paint.fbm(random, side, cells=5, octaves=3) - 0.5) * 22
        ys, xs = np.mgrid[: side.height, : side.width].astype(np.float32)

        def bent(plane: Plane, x: Plane | float, y: Plane | float) -> Plane:
            where = ((xs + x).astype(np.float32), (ys + y).astype(np.float32))
            return cv2.remap(plane, *where, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)

        share = random.uniform(0.3, 0.8)
        fine = bent(streak, bend, bend * 0.3) * (1 - share) + bent(ripple, bend * 0.5, bend) * share
        planes = []
        for plane, step, gain in ((form, 5.0, 1.7), (fine, 1.7, 2.6)):
            there = bent(plane, toward[0] * step, toward[1] * step)
            planes += [plane, (plane - there) * gain]
        return cv2.merge(planes)

    def look(self, x: float, ahead: float, boil: float) -> tuple[Plane, Plane]:
        """Return the deck's cover and its light, at half size down to the horizon.

        x, ahead: how far it has come sideways and towards the viewer, boil how far its ripples
        have run through it, in hundredths of the picture's height.
        """
        form = self._sample(x, ahead)
        fine = self._sample(x * 1.1 + boil, ahead * 1.04 - 0.4 * boil)
        dense = form[..., 0] * 0.92 + fine[..., 2] * 0.66
        cover = paint.smoothstep(self._low, self._high, dense)
        lit = (form[..., 1] + fine[..., 3] + 0.55) * (1.15 - 0.45 * cover)
        lit += self._near * (0.95 - 0.75 * cover)
        cover *= self._fade
        return cover, lit

    def paint(self, planes: Planes, cover: Plane, lit: Plane, sun: float) -> None:
        """Paint the deck over the planes in place; sun 0…1: how bright its light is."""
        whole = (self._width, self._rows)
        lay(
            planes[:, : self._rows], cv2.resize(lit, whole), cv2.resize(cover, whole),
            self._dye.tables(sun),
        )  # fmt: skip

    def _sample(self, x: float, ahead: float) -> NDArray[np.float32]:
        side = self._TILE // 2
        u, v = self._u + np.float32(-x % side), self._v + np.float32(ahead % side)
        return cv2.remap(self._tile, u, v, cv2.INTER_LINEAR)


class Shafts:
    """Light that streams past clouds from the sun (a radial blur of what they let through)."""

    _STEPS = (0.78, 0.85, 0.90, 0.94)

    def __init__(self, place: Place, colour: Colour, strength: float) -> None:
        self._full = place.size
        self.small = Size(max(16, place.size.width // 4), max(9, place.size.height // 4))
        self._x, self._y = place.x / 4 - 0.375, place.y / 4 - 0.375
        ys, xs = np.mgrid[: self.small.height, : self.small.width].astype(np.float32)
        distance = np.hypot(xs - self._x, ys - self._y) / (place.unit / 4)
        self._source = np.exp(-((distance / 120) ** 1.6)).astype(np.float32)
        near = np.exp(-((distance / 16) ** 2)).astype(np.float32)
        self._disc = near / float(near.sum() + 1e-6)
        reach = np.exp(distance / -240) * (1 - np.exp(-((distance / 34) ** 2)))
        self._reach = reach.astype(np.float32)
        self._clear = self._blur(self._source)
        self._colour = [level * strength for level in colour]

    def open(self, cover: Plane) -> float:
        """Return how much of the sun's disc a cover (at `small` size) leaves, 0…1."""
        return 1 - float((self._disc * cover).sum())

    def light(self, planes: Planes, cover: Plane) -> None:
        """Add to the planes, in place, the shafts that `cover` (at `small` size) leaves.

        Only what is brighter or darker than an open sky's glow counts: that glow is painted.
        """
        rays = self._blur(self._source * (1 - cover))
        rays -= self._clear * 0.30
        np.maximum(rays, 0, out=rays)
        rays *= self._reach
        whole = cv2.resize(rays, self._full, interpolation=cv2.INTER_LINEAR)
        for plane, level in zip(planes, self._colour, strict=True):
            add = 1 - plane
            add *= whole
            add *= level
            plane += add

    def _blur(self, rays: Plane) -> Plane:
        for step in self._STEPS:
            at = np.array(
                [[step, 0, self._x * (1 - step)], [0, step, self._y * (1 - step)]], np.float32
            )
            seen = cv2.warpAffine(
                rays, at, self.small, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
            )
            rays = cv2.addWeighted(rays, 0.4, seen, 0.6, 0)
        return rays
