"""What the landscapes share: pictures in planes, endless strips, rare events."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes.world import Picture, Plane

Planes: TypeAlias = NDArray[np.float32]
"""Float planes of one size, (count, height, width): a picture's red, green and blue, for one.

Planes are quicker than pixels of three channels: one plane covers or shades all of them without
being copied three times.
"""


def tinted(colour: Sequence[float], plane: Plane) -> Planes:
    """Return red, green and blue planes of one colour, as strong as `plane`."""
    planes: Planes = np.asarray(colour, np.float32)[:, None, None] * plane.astype(np.float32)
    return planes


def veil(planes: Planes, colour: Sequence[float], cover: Plane) -> None:
    """Paint one colour over the picture in place where `cover` is 0…1."""
    planes *= 1 - cover
    planes += tinted(colour, cover)


def picture_of(planes: Planes) -> Picture:
    """Return planes of red, green and blue as a picture."""
    return cv2.merge((planes[0], planes[1], planes[2]))


def enlarge(plane: Plane, width: int, height: int) -> Plane:
    """Return a plane resized smoothly."""
    return cv2.resize(plane, (width, height), interpolation=cv2.INTER_LINEAR)


class Strip:
    """Planes that go on sideways for ever, seen through a window.

    planes must tile in x. `seen` moves them by parts of a pixel; rows beyond the strip repeat its
    first and last.
    """

    def __init__(self, planes: Planes, window: int) -> None:
        count, self.rows, self.width = planes.shape
        self._window = window
        pad = window + 2
        self._planes = [
            cv2.copyMakeBorder(plane, 0, 0, 0, pad, cv2.BORDER_WRAP) for plane in planes
        ]
        self._out = np.empty((count, self.rows, window), np.float32)

    def seen(self, x: float, y: float = 0.0) -> Planes:
        """Return the planes moved right by x and down by y pixels; reused at the next call."""
        left = -x % self.width
        centre = (left + (self._window - 1) / 2, (self.rows - 1) / 2 - y)
        for plane, out in zip(self._planes, self._out, strict=True):
            cv2.getRectSubPix(plane, (self._window, self.rows), centre, out)
        return self._out


class Swaying:
    """A strip of red, green, blue (times cover) and cover whose rows lean as the wind has it.

    Kept interleaved: OpenCV samples four channels at once about as fast as one.
    """

    def __init__(self, planes: Planes, window: int) -> None:
        """planes: (4, rows, width), tiling in x."""
        _, self.rows, self.width = planes.shape
        self._window, self._margin = window, max(window // 12, 16)
        joined = cv2.merge([np.ascontiguousarray(plane) for plane in planes])
        self._strip = cv2.copyMakeBorder(
            joined, 0, 0, self._margin, self._margin + window + 2, cv2.BORDER_WRAP
        )
        shape = (self.rows, window)
        self._across = np.broadcast_to(np.arange(window, dtype=np.float32), shape).copy()
        self._down = np.repeat(np.arange(self.rows, dtype=np.float32)[:, None], window, axis=1)
        self._joined = np.empty((*shape, 4), np.float32)
        self._out = np.empty((4, *shape), np.float32)
        self._from = np.empty(shape, np.float32)

    def seen(self, x: float, lean: Plane) -> Planes:
        """Return the planes moved right by x pixels and by `lean`, per pixel; reused next time.

        lean: (rows, window), within a twelfth of the window.
        """
        left = -x % self.width + self._margin
        np.subtract(self._across, lean, out=self._from)
        self._from += np.float32(left)
        cv2.remap(self._strip, self._from, self._down, cv2.INTER_LINEAR, self._joined)
        cv2.split(self._joined, list(self._out))
        return self._out


def lay(planes: Planes, top: int, seen: Planes) -> None:
    """Lay red, green, blue (times cover) and cover over a picture, from row `top` down."""
    part = planes[:, top : top + seen.shape[1]]
    seen = seen[:, : part.shape[1]]
    part *= 1 - seen[3]
    part += seen[:3]


def blit(planes: Planes, colours: Planes, cover: Plane, left: int, top: int) -> None:
    """Lay a small picture (times cover) over a larger one, cut at its edges."""
    rows, columns = planes.shape[1:]
    first, last = max(top, 0), min(top + cover.shape[0], rows)
    begin, end = max(left, 0), min(left + cover.shape[1], columns)
    if first >= last or begin >= end:
        return
    cut = np.s_[first - top : last - top, begin - left : end - left]
    part = planes[:, first:last, begin:end]
    part *= 1 - cover[cut]
    part += colours[:, cut[0], cut[1]]


def paste(planes: Planes, sprite: Planes, x: float, foot: float) -> None:
    """Lay a sprite into a strip, its middle at x, its last row over `foot`.

    Both are red, green, blue (times cover) and cover; what sticks out goes on at the other side.
    """
    rows, width = planes.shape[1:]
    _, tall, wide = sprite.shape
    top, left = round(foot) - tall, round(x - wide / 2) % width
    first, last = max(top, 0), min(top + tall, rows)
    if first >= last:
        return
    for start in (left, left - width):
        begin, end = max(start, 0), min(start + wide, width)
        if begin < end:
            seen = sprite[:, first - top : last - top, begin - start : end - start]
            part = planes[:, first:last, begin:end]
            part *= 1 - seen[3]
            part += seen


def lit(sprite: Planes, shade: Sequence[float], sun: Sequence[float]) -> Planes:
    """Return a sprite of cover and light in colours: red, green, blue (times cover) and cover."""
    colour = tinted(shade, sprite[0]) + tinted(sun, sprite[1])
    return np.concatenate((colour, sprite[:1]))


def hazed(planes: Planes, air: Sequence[float], haze: float) -> Planes:
    """Return a strip seen through so much air, 0…1."""
    colour = planes[:3] * np.float32(1 - haze) + tinted(air, planes[3] * np.float32(haze))
    return np.concatenate((colour, planes[3:]))


@dataclass(frozen=True, slots=True)
class Event:
    """A rare event under way: its number (for what it looks like) and age 0…1."""

    number: int
    age: float

    @property
    def fade(self) -> float:
        """0 at birth and death, 1 between: nothing pops."""
        return smooth(0, 0.12, self.age) * smooth(1, 0.85, self.age)


class Rare:
    """When rare events happen: one in every slot of time, at a seeded place in it."""

    def __init__(self, seed: int, lasts: float, slot: float = 57.0) -> None:
        self._seed, self._lasts, self._slot = seed, lasts, slot

    def at(self, t: float) -> Event | None:
        """Return the event under way at time t, if any."""
        number = math.floor(t / self._slot)
        random = np.random.default_rng((self._seed, number & 0xFFFFFFFF))
        room = self._slot - self._lasts
        begins = number * self._slot + room * (0.15 + 0.7 * random.random())
        age = (t - begins) / self._lasts
        return Event(number, age) if 0 <= age <= 1 else None


def smooth(low: float, high: float, x: float) -> float:
    """Return 0 at low, 1 at high and a soft step between (Hermite); low may be over high."""
    u = min(max((x - low) / (high - low), 0.0), 1.0)
    return u * u * (3 - 2 * u)


def chance(*key: int) -> np.random.Generator:
    """Return a generator that depends on these numbers alone."""
    return np.random.default_rng([part & 0xFFFFFFFF for part in key])
