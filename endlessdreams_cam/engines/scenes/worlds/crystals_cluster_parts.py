"""Crystals that grow from the ground: prisms with points, seen as the camera walks round them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes.paint import Array
from endlessdreams_cam.engines.scenes.worlds.crystals_parts import FIRE, Gem
from endlessdreams_cam.frame import Size

_SIDES = 6
# A crystal's facets by its corners: 0–5 the ring at the root, 6–11 at the shoulder, 12 the point.
_FACES = [[k, (k + 1) % 6, 6 + (k + 1) % 6, 6 + k] for k in range(6)]
_FACES += [[6 + k, 6 + (k + 1) % 6, 12] for k in range(6)]
_CORNERS = np.array([face[:3] for face in _FACES])
BITS = 4
Points = NDArray[np.int32]


class Facets:
    """The facets that a picture shows, point by point.

    turn: (height, width, 4) how a point finds the light inside its stone, U = a x − b y + c and
    V = b x + a y + d; body: uint8 RGB and how much the facet flashes; cover: uint8, smooth;
    edge: uint8, where faces meet.
    """

    def __init__(self, size: Size) -> None:
        shape = (size.height, size.width)
        self.size = size
        self.turn = np.zeros((*shape, 4), np.float32)
        self.body = np.zeros((*shape, 4), np.uint8)
        self.cover = np.zeros(shape, np.uint8)
        self.edge = np.zeros(shape, np.uint8)

    def clear(self) -> None:
        """Forget all facets; what lies under no cover need not be cleared."""
        self.cover[:] = 0
        self.edge[:] = 0

    def outline(self, hull: Points) -> None:
        """Begin a stone: cover its outline, and hide the edges behind it."""
        cv2.fillConvexPoly(self.cover, hull, 255, cv2.LINE_AA, BITS)
        cv2.fillConvexPoly(self.edge, hull, 0, cv2.LINE_8, BITS)
        cv2.fillConvexPoly(self.body, hull, (8, 8, 12, 0), cv2.LINE_8, BITS)

    def face(self, points: Points, turn: list[float], body: list[float]) -> None:
        """Draw a convex facet."""
        cv2.fillConvexPoly(self.turn, points, turn, cv2.LINE_8, BITS)
        cv2.fillConvexPoly(self.body, points, body, cv2.LINE_8, BITS)

    def area(self) -> tuple[slice, slice] | None:
        """Return the part of the picture that has facets."""
        left, top, wide, tall = cv2.boundingRect(self.cover)
        return (slice(top, top + tall), slice(left, left + wide)) if wide else None


@dataclass(frozen=True, slots=True)
class Crystals:
    """Crystals as rows: root (n, 3), axis (n, 3), length, radius, colours; lengths in heights.

    x to the right, y up, z away. corners: (n, 13, 3), the ring at the root, the ring at the
    shoulder and the point, for a crystal of full growth.
    """

    root: Array
    corners: Array
    tall: Array
    gem: NDArray[np.int64]
    luck: Array


def grow(
    random: np.random.Generator, where: tuple[float, float], size: float, count: int
) -> Crystals:
    """Return a cluster round a place (x, z): a tall one, its court leaning out, a fringe."""
    roots, corners, talls, gems = [], [], [], []
    for n in range(count):
        ring = 0.0 if n == 0 else 0.35 if n <= count // 3 else 0.75
        angle = n * 2.399963 + random.uniform(-0.3, 0.3)
        out = ring * size * random.uniform(0.3, 0.6)
        tall = size * (
            1.5
            if n == 0
            else random.uniform(0.75, 1.15)
            if ring < 0.5
            else random.uniform(0.25, 0.6)
        )
        wide = tall * random.uniform(0.13, 0.19) + 0.02 * size
        lean = (0.06 if n == 0 else 0.25 + 0.5 * ring) * random.uniform(0.7, 1.3)
        axis = np.array(
            [math.cos(angle) * math.sin(lean), math.cos(lean), math.sin(angle) * math.sin(lean)]
        )
        root = np.array([where[0] + math.cos(angle) * out, -0.03, where[1] + math.sin(angle) * out])
        roots.append(root)
        corners.append(_prism(random, axis, tall, wide))
        talls.append(tall)
        gems.append(int(random.random() < 0.22))
    return Crystals(
        np.array(roots, np.float32),
        np.array(corners, np.float32),
        np.array(talls, np.float32),
        np.array(gems),
        random.random((count, 2 * _SIDES)).astype(np.float32),
    )


def _prism(random: np.random.Generator, axis: Array, tall: float, wide: float) -> Array:
    """Return the corners of a six-sided prism with a point, (13, 3), its root at 0."""
    side = np.cross(axis, (0.3, 0.1, 1.0))
    side /= np.linalg.norm(side)
    other = np.cross(axis, side)
    twist = random.uniform(0, math.tau)
    angles = twist + np.arange(_SIDES) * (math.tau / _SIDES) + random.normal(0, 0.1, _SIDES)
    spoke = np.outer(np.cos(angles), side) + np.outer(np.sin(angles), other)
    spoke *= wide * random.uniform(0.8, 1.15, (_SIDES, 1))
    up = tall * random.uniform(0.66, 0.84, (_SIDES, 1)) * axis
    point = axis * tall + side * wide * random.normal(0, 0.2) + other * wide * random.normal(0, 0.2)
    return np.concatenate((spoke * 0.8, spoke + up, point[None]))


@dataclass(frozen=True, slots=True)
class Glint:
    """A flash of light on a facet: where, in pixels, and how strong, 0…1."""

    x: float
    y: float
    strength: float


class Garden:
    """Clusters of crystals, turned before the camera and drawn as facets.

    floor: the picture's row where the ground is, for z = 0. light: where it comes from.
    """

    def __init__(
        self, size: Size, floor: float, gems: tuple[Gem, Gem], light: tuple[float, float, float]
    ) -> None:
        self._size, self._floor = size, floor
        self._stones = np.array([[g.deep, g.body, g.pale] for g in gems], np.float32)
        self._light = np.array(light, np.float32) / np.float32(np.linalg.norm(light))
        half = np.add(self._light, (0, 0, -1))
        self._half = (half / np.linalg.norm(half)).astype(np.float32)
        self._edge = 150 if size.height >= 128 else 90
        self.glints: list[Glint] = []

    def draw(self, facets: Facets, crystals: Crystals, turned: float, grown: Array) -> None:
        """Draw crystals from far to near; grown 0…1 is how far each has grown."""
        cos, sin = math.cos(turned), math.sin(turned)
        spin = np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]], np.float32)
        whole = (crystals.root[:, None] + crystals.corners * grown[:, None, None]) @ spin
        near = np.float32(self._size.height) / (1 + 0.42 * (whole[..., 2] + 0.25))
        px = self._size.width / 2 + whole[..., 0] * near
        py = self._floor - (whole[..., 1] + 0.2 * whole[..., 2]) * near
        pixels = np.stack([px, py], -1)
        seen, turn, body, flash = self._look(crystals, whole, pixels)
        fixed = np.rint(pixels * 2**BITS).astype(np.int32)
        order = np.argsort(-whole[:, :, 2].mean(1))
        for n in order[grown[order] > 0.02].tolist():
            facets.outline(cv2.convexHull(fixed[n]))
            shapes = [fixed[n, _FACES[k]] for k in np.flatnonzero(seen[n])]
            faces = zip(shapes, turn[n, seen[n]].tolist(), body[n, seen[n]].tolist(), strict=True)
            for shape, inside, colour in faces:
                facets.face(shape, inside, colour)
            cv2.polylines(facets.edge, shapes, True, self._edge, 1, cv2.LINE_AA, BITS)
        for n, k in np.argwhere(seen & (flash > 0.45) & (grown > 0.5)[:, None]).tolist():
            x, y = pixels[n, _FACES[k]].mean(0).tolist()
            self.glints.append(Glint(x, y, float(flash[n, k])))

    def _look(
        self, crystals: Crystals, whole: Array, pixels: Array
    ) -> tuple[NDArray[np.bool_], Array, Array, Array]:
        """Return which facets are seen (n, 12), how their inside lies, colour and flash."""
        corner = [whole[:, _CORNERS[:, c]] for c in range(3)]
        normal = np.cross(corner[1] - corner[0], corner[2] - corner[0])
        normal /= np.linalg.norm(normal, axis=2, keepdims=True) + 1e-9
        normal *= np.where(normal[..., 2:] > 0, -1, 1)
        first, u, v = (pixels[:, _CORNERS[:, c]] for c in range(3))
        u, v = u - first, v - first
        seen = u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0] < 0
        toward = normal @ self._light
        flash = np.maximum(normal @ self._half, 0) ** 22
        graze = (1 - np.abs(normal[..., 2])) ** 2
        along = pixels[:, 12] - pixels[:, :6].mean(1)
        lean = np.arctan2(along[:, 0], -along[:, 1])[:, None]
        zoom = 19 / np.sqrt(np.maximum(np.hypot(along[:, 0], along[:, 1]), 30))[:, None]
        zoom = zoom * (360 / self._size.height) ** 0.5
        a, b = zoom * np.cos(lean), -zoom * np.sin(lean)
        x, y = first[..., 0], first[..., 1]
        c = crystals.luck * FIRE + normal[..., 0] * 170 - a * x + b * y
        d = crystals.luck * 7 * FIRE + normal[..., 1] * 170 - b * x - a * y
        turn = np.stack([np.broadcast_to(a, c.shape), np.broadcast_to(b, c.shape), c, d], -1)
        return seen, turn, self._colour(crystals, toward, graze, flash), flash

    def _colour(self, crystals: Crystals, toward: Array, graze: Array, flash: Array) -> Array:
        """Return each facet's colour and flash, 0…255, (n, 12, 4)."""
        deep, body, pale = (self._stones[crystals.gem][:, None, c] for c in range(3))
        tip = np.arange(2 * _SIDES) >= _SIDES
        thin = np.where(tip[None], 0.35, 0.1 + 0.25 * crystals.luck)[..., None]
        lit = body + (pale - body) * thin
        dark = (deep + (lit - deep) * 0.55) * 0.8
        colour = dark + (lit - dark) * np.clip(0.45 + 0.55 * toward, 0, 1)[..., None]
        colour += (pale - colour) * (0.35 * graze)[..., None]
        return np.concatenate((np.minimum(colour, 1), flash[..., None]), 2) * 255


class Lapidary:
    """Shades facets: the light inside each stone, split into its colours, and flashes."""

    def __init__(self, size: Size, inner: Array, gem: Gem, day: float) -> None:
        # Red, green and blue are bent by different amounts: the stone's fire.
        bent = cv2.merge([np.roll(inner, (n * 2, n * 3), (0, 1)) for n in range(3)])
        # One more row and column, so that no lookup has to wrap: OpenCV is slow at that.
        self._inner = cv2.copyMakeBorder(bent, 0, 1, 0, 1, cv2.BORDER_WRAP)
        self._gem, self._day = gem, day
        self._xs = np.arange(size.width, dtype=np.float32)[None, :]
        self._ys = np.arange(size.height, dtype=np.float32)[:, None]

    def shade(self, facets: Facets, area: tuple[slice, slice], glow: Array) -> Array:
        """Return the stones' picture in an area; glow: the light within, a plane as large."""
        rows, columns = area
        a, b, c, d = cv2.split(facets.turn[area])
        xs, ys = self._xs[:, columns], self._ys[rows]
        c += a * xs
        c -= b * ys
        d += b * xs
        d += a * ys
        seen = cv2.remap(self._inner, wrap(c, FIRE), wrap(d, 2 * FIRE), cv2.INTER_LINEAR)
        middle = cv2.extractChannel(seen, 1)
        stone = np.multiply(facets.body[area][..., :3], np.float32(1 / 255))
        stone += cv2.merge([glow * np.float32(0.8 * g) for g in self._gem.glow])
        white = np.maximum(middle - np.float32(0.72), 0) * np.float32(0.9)
        flash = facets.body[area][..., 3] * np.float32(0.8 / 255)
        white += flash * (middle + np.float32(0.5))
        seen *= np.float32(1.15)
        seen += np.float32(0.15 + 0.25 * self._day)
        stone *= seen
        edge = facets.edge[area] * np.float32((0.5 - 0.2 * self._day) / 255)
        stone += cv2.merge([white + edge * np.float32(p) for p in self._gem.pale])
        return stone


def wrap(at: Array, side: int) -> Array:
    """Bring places into 0…side of a tile, in place."""
    at -= np.floor(at * np.float32(1 / side)) * np.float32(side)
    return at
