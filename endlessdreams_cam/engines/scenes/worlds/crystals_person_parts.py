"""The person among the crystals: a bust cut from one stone, its facets finer at eyes and mouth."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes.mood import Light, mix, scale
from endlessdreams_cam.engines.scenes.paint import Array, ramp_table
from endlessdreams_cam.engines.scenes.world import Moment, Person
from endlessdreams_cam.engines.scenes.worlds.crystals_cluster_parts import BITS, Facets, Glint
from endlessdreams_cam.engines.scenes.worlds.crystals_parts import FIRE, Gem
from endlessdreams_cam.frame import Size

_FIELDS = Size(160, 90)
_GROW_S, _SHRINK_S, _FOLLOW_S = 0.14, 0.5, 0.22
# The template's reach in head widths from the top of the head: left, top, right, bottom.
_LEFT, _TOP, _RIGHT, _BOTTOM = -2.0, -0.45, 2.0, 2.6
# How much of the camera's picture fits above the ground, so that shoulders show too.
_FIT, _GROUND = 0.86, 0.86


@dataclass(frozen=True, slots=True)
class Cut:
    """How a bust is cut: corners (n, 2) in head widths, facets (m, 3) by their corners."""

    corners: Array
    facets: NDArray[np.int64]


def cut(random: np.random.Generator) -> Cut:
    """Return the facets of a bust: small at eyes and mouth, large on the shoulders (Delaunay)."""
    points = np.empty((0, 2), np.float32)
    tries = random.uniform((_LEFT, _TOP), (_RIGHT, _BOTTOM), (7000, 2)).astype(np.float32)
    finest = np.argsort(_grain(tries) + random.uniform(0, 0.03, len(tries)))
    for at, apart in zip(tries[finest], _grain(tries[finest]).tolist(), strict=True):
        near = points - at
        if not len(points) or float((near * near).sum(1).min()) > apart * apart:
            points = np.concatenate((points, at[None]))
    return Cut(points, _delaunay(points))


def _grain(at: Array) -> Array:
    """Return how far apart corners stand at some places, in head widths."""
    x, y = np.abs(at[:, 0]), at[:, 1]
    eyes = np.hypot((x - 0.19) / 1.5, y - 0.6)
    mouth = np.hypot(x / 1.7, y - 0.96)
    face = np.hypot(x / 0.42, (y - 0.76) / 0.5)
    head = np.hypot(x / 0.62, (y - 0.65) / 0.8)
    grain = np.where(face < 1, 0.075, np.where(head < 1, 0.12, 0.23))
    return np.where(np.minimum(eyes, mouth) < 0.13, 0.048, grain).astype(np.float32)


def _delaunay(points: Array) -> NDArray[np.int64]:
    low = points.min(0) - 1
    division = cv2.Subdiv2D((0, 0, 8, 8))
    division.insert([(float(x), float(y)) for x, y in points - low])
    corners = np.asarray(division.getTriangleList()).reshape(-1, 3, 2) + low
    inside = np.all((corners > low + 0.5) & (corners < points.max(0) + 0.5), axis=(1, 2))
    found = np.array(
        [[int(((points - c) ** 2).sum(1).argmin()) for c in t] for t in corners[inside]]
    )
    return found.reshape(-1, 3).astype(np.int64)


class Bust:
    """The person as a cut stone, drawn as facets."""

    def __init__(
        self, random: np.random.Generator, size: Size, gem: Gem, light: Light, day: float
    ) -> None:
        self._size = size
        self._cut = cut(random)
        count = len(self._cut.facets)
        self._middle = self._cut.corners[self._cut.facets].mean(1)
        self._grain = _grain(self._middle)
        wild = np.interp(self._grain, (0.05, 0.2), (0.1, 0.3))[:, None]
        self._tilt = (random.normal(0, 1, (count, 2)) * wild).astype(np.float32)
        self._luck = random.random((count, 3)).astype(np.float32)
        # The face's facets see the calm half of the inner light, so that it stays a face.
        calm = self._grain < 0.11
        self._depth = np.where(calm, 1.35 + 0.35 * self._luck[:, 2], 0.3 + 0.4 * self._luck[:, 2])
        self._grown = np.zeros(count, np.float32)
        self._head: tuple[float, float, float] | None = None
        toward = np.array([0.75 * light.azimuth, -0.55, 0.6], np.float32)
        self._light = toward / np.float32(np.linalg.norm(toward))
        half = self._light + np.array([0, 0, 1], np.float32)
        self._half = (half / np.linalg.norm(half)).astype(np.float32)
        colours = [
            scale(gem.deep, 0.45),
            mix(gem.deep, gem.body, 0.4),
            mix(gem.body, gem.deep, 0.12),
            mix(gem.body, gem.pale, 0.45),
            gem.pale,
            (1.0, 1.0, 1.0),
        ]
        lifted = [mix(c, gem.pale, 0.1 * day) for c in colours]
        self._table = ramp_table(lifted) * 255
        self.glints: list[Glint] = []

    @property
    def there(self) -> float:
        """How much of the bust stands, 0…1."""
        return min(1.0, float((self._grown > 0.5).mean()) * 2.5)

    def draw(self, facets: Facets, moment: Moment, turned: float) -> None:
        """Draw the bust as far as it stands."""
        person = moment.person
        target = np.zeros(len(self._grown), np.float32)
        if person is not None:
            small = person.at(_FIELDS)
            self._follow(small, moment.real_dt)
            if self._head is not None:
                self._fields = self._read(small)
                target = np.clip((self._fields[0] * moment.amount - 0.4) * 5, 0, 1)
                _, top, wide = self._head
                target[(self._middle[:, 1] * wide + top) * _FIT > _GROUND * _FIELDS.height] = 0
        pace = np.where(target > self._grown, 1 - math.exp(-moment.real_dt / _GROW_S),
                        1 - math.exp(-moment.real_dt / _SHRINK_S))  # fmt: skip
        self._grown += (target - self._grown) * pace.astype(np.float32)
        self.glints.clear()
        if self._head is not None and float(self._grown.max()) > 0.03:
            self._draw(facets, turned)
            if person is not None:
                self._engrave(facets, person.at(_FIELDS))

    def _engrave(self, facets: Facets, small: Person) -> None:
        """Cut the face's fine light and shade, finer than any facet, into the stone."""
        width, height = self._size
        zoom = np.array([[1, 0, 80 * (1 - _FIT)], [0, 1, 0]], np.float32)
        zoom[0, 0] = zoom[1, 1] = _FIT
        fine = cv2.warpAffine(small.detail * small.presence, zoom, _FIELDS)
        xs = np.flatnonzero(np.abs(fine).max(0) > 0.05)
        if len(xs) == 0:
            return
        left, right = int(xs[0]) * width // 160, (int(xs[-1]) + 1) * width // 160
        gain = cv2.resize(
            1 + np.float32(0.3) * fine, (width, height), interpolation=cv2.INTER_LINEAR
        )[:, left:right]
        area = facets.body[:, left:right]
        area[:] = cv2.multiply(np.ascontiguousarray(area), cv2.merge((gain,) * 4), dtype=cv2.CV_8U)

    def _follow(self, small: Person, dt: float) -> None:
        """Find the head: at half its width below its top, the outline is as wide as the head."""
        inside = small.presence > 0.5
        widths = inside.sum(1)
        rows = np.flatnonzero(widths >= 4)
        if len(rows) == 0 or len(rows) < 6:
            return
        top = int(rows[0])
        below = widths[top:]
        met = np.flatnonzero(2 * np.arange(len(below)) >= below)
        wide = float(np.clip(2 * met[0] if len(met) else below.max(), 8, 90))
        columns = inside[top : top + max(round(wide), 4)].sum(0)
        middle = float((columns * np.arange(_FIELDS.width)).sum() / max(int(columns.sum()), 1))
        found = (middle, float(top), wide)
        if self._head is None or float(self._grown.max()) < 0.05:
            self._head = found
        follow = 1 - math.exp(-dt / _FOLLOW_S)
        slow = 1 - math.exp(-dt / (4 * _FOLLOW_S))
        x, y, w = self._head
        self._head = (
            x + (found[0] - x) * follow,
            y + (found[1] - y) * follow,
            w + (found[2] - w) * slow,
        )

    def _read(self, small: Person) -> tuple[Array, ...]:
        """Return presence, light, and slope to the right and down at each facet's middle."""
        assert self._head is not None
        x, y, wide = self._head
        at = (self._middle * np.float32(wide) + np.array([x, y], np.float32))[:, None]
        light = np.clip(small.tone + 0.22 * small.detail, 0, 1)
        soft = cv2.GaussianBlur(light, (0, 0), 1.6)
        shape = cv2.GaussianBlur(small.presence * np.float32(0.9) + 0.3 * small.relief, (0, 0), 2.5)
        slope_x, slope_y = (cv2.Sobel(shape, cv2.CV_32F, *d, ksize=3) for d in ((1, 0), (0, 1)))
        fields = cv2.merge((small.presence, light, soft))
        found = cv2.remap(fields, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[:, 0]
        slope = cv2.remap(cv2.merge((slope_x, slope_y)), at, None, cv2.INTER_LINEAR)[:, 0]
        fine = np.clip((self._grain - 0.1) / 0.06, 0, 1)
        value = found[:, 1] + (found[:, 2] - found[:, 1]) * fine
        return found[:, 0], value, slope[:, 0], slope[:, 1]

    def _draw(self, facets: Facets, turned: float) -> None:
        assert self._head is not None
        _, value, slope_x, slope_y = self._fields
        x, y, wide = self._head
        normal = np.stack([self._tilt[:, 0] - slope_x * 2.2 + 0.35 * turned,
                           self._tilt[:, 1] - slope_y * 2.2, np.ones_like(value)], 1)  # fmt: skip
        normal /= np.linalg.norm(normal, axis=1, keepdims=True)
        toward = np.clip(normal @ self._light, -0.2, 1)
        flash = np.maximum(normal @ self._half, 0) ** 40
        shade = np.clip((value - 0.08) * (0.72 + 0.24 * toward), 0, 1)
        body = self._table[(shade * 1023).astype(np.int32)]
        unit = np.array([self._size.width / 160, self._size.height / 90], np.float32)
        corners = self._cut.corners * np.float32(wide) + np.array([x, y], np.float32) + 0.5
        corners = (corners * _FIT + np.array([80 * (1 - _FIT), 0], np.float32)) * unit
        shapes = corners[self._cut.facets]
        middle = shapes.mean(1, keepdims=True)
        shapes = middle + (shapes - middle) * self._grown[:, None, None]
        angle, zoom = self._luck[:, 0] * math.tau, 1.4 * 360 / self._size.height
        a, b = zoom * np.cos(angle), zoom * np.sin(angle)
        mx, my = middle[:, 0, 0], middle[:, 0, 1]
        c = self._luck[:, 1] * FIRE + normal[:, 0] * 120 - a * mx + b * my
        d = FIRE * self._depth + normal[:, 1] * 60 - b * mx - a * my
        turn = np.stack([a, b, c, d], 1)
        shine = flash * (255 * 0.7) * np.minimum(value * 1.5, 1)
        body = np.concatenate((body, shine[:, None]), 1)
        fixed = np.rint(shapes * 2**BITS).astype(np.int32)
        shown = np.flatnonzero(self._grown > 0.03)
        for n, inside, colour in zip(
            shown, turn[shown].tolist(), body[shown].tolist(), strict=True
        ):
            facets.outline(fixed[n])
            facets.face(fixed[n], inside, colour)
        cv2.polylines(facets.edge, list(fixed[shown]), True, 34, 1, cv2.LINE_AA, BITS)
        for n in np.flatnonzero((flash > 0.75) & (self._grown > 0.8) & (value > 0.55))[:5].tolist():
            self.glints.append(Glint(float(mx[n]), float(my[n]), float(flash[n]) * 0.7))
