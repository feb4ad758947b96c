"""Where the crystals grow: a cave by night, an ice hall or a bright studio by day."""

from __future__ import annotations

import math

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.mood import Colour, Light, mix, scale
from endlessdreams_cam.engines.scenes.paint import Array, fbm, grid, smoothstep
from endlessdreams_cam.engines.scenes.worlds.crystals_cluster_parts import (
    Facets,
    Garden,
    Lapidary,
    grow,
    wrap,
)
from endlessdreams_cam.engines.scenes.worlds.crystals_parts import FIRE, Gem, Pixels8
from endlessdreams_cam.frame import Size


class Cave:
    """What lies behind the crystals, out of focus; the floor that catches their light; stones.

    back: (height, width, 3) float32. gems: the stones of the place. floor: a row of the picture.
    """

    def __init__(
        self, random: np.random.Generator, size: Size, light: Light, gems: tuple[Gem, Gem],
        inner: Array, day: float, floor: float,
    ) -> None:  # fmt: skip
        self._size, self._gems, self._gem, self._day = size, gems, gems[0], day
        self._light, self._floor = light, floor / size.height
        self._half = Size(max(size.width // 2, 32), max(size.height // 2, 32))
        self._rough = fbm(
            random, self._half, cells=9, octaves=5, gain=0.62, tile_x=False, tile_y=False
        )
        self._xs, self._ys = grid(self._half)
        self._x = (self._xs - 0.5) * (size.width / size.height)
        self.back = self._paint(random, inner)
        self._lay_floor(random)
        shape = (size.height, size.width, 3)
        self._front, self._through = np.zeros(shape, np.float32), np.ones(shape, np.float32)
        self._fronts = round(0.72 * size.height)
        self._frame(random, inner)

    def _frame(self, random: np.random.Generator, inner: Array) -> None:
        """Stand crystals before the picture's lower corners, too near to be in focus."""
        half = self._half
        facets = Facets(half)
        garden = Garden(half, 1.12 * half.height, self._gems, (0.3, 0.8, -0.5))
        for side in (-1, 1):
            where = (
                side * 0.5 * half.width / half.height + side * random.uniform(-0.05, 0.05),
                -0.2,
            )
            garden.draw(facets, grow(random, where, 0.26, 6), 0.0, np.ones(6, np.float32))
        area = facets.area()
        if area is None:
            return
        layer = np.zeros((half.height, half.width, 4), np.float32)
        dark = np.zeros(facets.cover[area].shape, np.float32)
        stone = Lapidary(half, inner, self._gem, self._day).shade(facets, area, dark)
        layer[area][..., :3] = stone * np.float32(0.3 + 0.5 * self._day) * 255
        layer[..., 3] = 255
        layer *= facets.cover[..., None].astype(np.float32) / 255
        layer = cv2.GaussianBlur(layer, (0, 0), 3.2 * half.height / 180)
        layer[: round(0.74 * half.height)] *= smoothstep(
            0.72, 0.74, self._ys[: round(0.74 * half.height), :1]
        )[..., None]
        self.lay(np.clip(cv2.resize(layer, self._size), 0, 255).astype(np.uint8))

    def _paint(self, random: np.random.Generator, inner: Array) -> Array:
        """Return the cave, from far to near."""
        light, ys, x = self._light, self._ys, self._x
        dark = mix(scale(self._gem.deep, 0.34), scale(light.zenith, 0.5), 0.35)
        pale = mix(light.horizon, self._gem.pale, 0.4)
        self._room = mix(dark, scale(pale, 0.84), self._day)
        picture = np.empty((*self._half[::-1], 3), np.float32)
        picture[:] = np.array(self._room, np.float32)
        far = np.exp(-((x / 0.6) ** 2) - ((ys - 0.52) / 0.38) ** 2)
        shine = mix(
            scale(mix(self._gem.body, light.key, 0.3), 0.7), (1.0, 1.0, 1.0), 0.7 * self._day
        )
        _add(picture, far, shine, 0.72)
        self._walls(picture, random)
        picture = self._distance(picture, random, inner)
        self._shaft(picture, random)
        self._bokeh(picture, random)
        self._ground(picture)
        edge = np.clip(1.02 - 0.34 * (x / 1.0) ** 2 - 0.25 * ((ys - 0.55) / 0.6) ** 2, 0.35, 1)
        picture *= (edge + (1 - edge) * 0.55 * self._day)[..., None].astype(np.float32)
        return np.clip(cv2.resize(picture, self._size, interpolation=cv2.INTER_CUBIC), 0, 1)

    def _walls(self, picture: Array, random: np.random.Generator) -> None:
        """Paint rock to both sides and above, out of focus, lit from the middle."""
        bulk = fbm(random, self._half, cells=3, octaves=2, tile_x=False, tile_y=False) - 0.5
        bulk = cv2.GaussianBlur(bulk, (0, 0), self._half.height / 40)
        slope = cv2.Sobel(bulk, cv2.CV_32F, 1, 0, ksize=5) * (self._half.height / 500)
        for reach, dim in ((0.0, 0.7), (0.26, 0.4)):
            roof = np.maximum(0.4 - self._ys, 0) ** 2 * 2.2
            away = np.abs(self._x) + 0.26 * bulk + roof - 0.66 - reach
            cover = smoothstep(-0.16, 0.2, away) * np.float32(0.94)
            lit = np.clip(0.45 + slope * np.sign(self._x), 0, 1) * np.exp(
                -np.maximum(away, 0) / 0.3
            )
            stone = mix(scale(self._room, dim * 0.6), scale(self._light.ambient, 0.2), 0.2)
            stone = mix(stone, scale(self._room, 0.6 + 0.4 * dim), self._day)
            shine = mix(self._gem.body, self._gem.glow, 0.4)
            shine = mix(scale(shine, 0.42 * dim), scale(self._gem.pale, 0.6), 0.6 * self._day)
            painted = np.array(stone, np.float32) + lit[..., None] * np.array(shine, np.float32)
            picture += (np.minimum(painted, 1) - picture) * cover[..., None]

    def _distance(self, picture: Array, random: np.random.Generator, inner: Array) -> Array:
        """Return the cave with far crystals in it, from the ground and from the roof, blurred."""
        for hanging, blur, veil in ((True, 2.6, 0.5), (False, 3.4, 0.58), (False, 1.5, 0.36)):
            facets = Facets(self._half)
            garden = Garden(self._half, 0.8 * self._half.height, self._gems, (0.3, 0.8, -0.5))
            for side in (-1, 1):
                x = side * random.uniform(0.5, 0.95)
                cluster = grow(random, (x, random.uniform(0.5, 1.1)), random.uniform(0.34, 0.5), 7)
                garden.draw(facets, cluster, 0.0, np.ones(7, np.float32))
            area = facets.area()
            if area is None:
                continue
            layer = np.zeros_like(picture)
            glow = np.zeros(facets.cover[area].shape, np.float32)
            layer[area] = Lapidary(self._half, inner, self._gem, self._day).shade(
                facets, area, glow
            )
            alpha = facets.cover.astype(np.float32) / 255
            layer *= alpha[..., None]
            if hanging:
                layer, alpha = layer[::-1], alpha[::-1]
            sigma = blur * self._half.height / 180
            layer, alpha = (
                cv2.GaussianBlur(np.ascontiguousarray(p), (0, 0), sigma) for p in (layer, alpha)
            )
            # By day the air between is bright: what lies far is pale in it, not a smudge.
            veil += 0.14 * self._day
            hidden = alpha * np.float32(1 - veil * (0.4 + 0.6 * self._day))
            picture = picture * (1 - hidden)[..., None] + layer * np.float32(1 - veil)
        return picture

    def _shaft(self, picture: Array, random: np.random.Generator) -> None:
        """Let light fall in from an opening above."""
        middle = 0.5 + 0.25 * self._light.azimuth - 0.32 * self._light.azimuth * self._ys
        wide = 0.06 + 0.12 * self._ys
        at = (self._xs - middle) / wide
        streaks = np.interp(
            at, np.linspace(-2, 2, 40), np.convolve(random.random(42), (0.25, 0.5, 0.25), "valid")
        )
        beam = np.exp(-(at**2)) * np.exp(-self._ys * 1.4) * (0.6 + 0.8 * streaks)
        _add(picture, beam.astype(np.float32), self._light.key, 0.3 + 0.25 * self._light.dusk)

    def _bokeh(self, picture: Array, random: np.random.Generator) -> None:
        """Scatter far flashes, out of focus: pale discs."""
        discs = np.zeros(self._half[::-1], np.uint8)
        for _ in range(34):
            x = random.normal(0.5, 0.3) * self._half.width
            y = random.uniform(0.08, 0.78) * self._half.height
            radius = random.uniform(0.006, 0.026) * self._half.height
            disc = np.zeros_like(discs)
            cv2.circle(
                disc,
                (round(x * 16), round(y * 16)),
                round(radius * 16),
                random.uniform(25, 130),
                -1,
                cv2.LINE_AA,
                4,
            )
            discs = cv2.add(discs, disc)
        level = cv2.GaussianBlur(discs, (0, 0), 0.9).astype(np.float32) / 255
        _add(picture, level, mix(self._gem.pale, self._gem.glow, 0.35), 0.5)

    def _ground(self, picture: Array) -> None:
        """Paint the floor: dark and wet, mirroring the far light."""
        top = self._floor - 0.08
        down = (self._ys - top) / (1.0 - top)
        cover = smoothstep(-0.05, 0.1, down + (self._rough - 0.5) * 0.06)
        mirror = cv2.flip(picture, 0)
        shift = round((2 * top - 1) * self._half.height)
        mirror = np.roll(mirror, shift, 0)
        mirror = cv2.GaussianBlur(mirror, (0, 0), sigmaX=2.5, sigmaY=5.0)
        fine = np.clip(0.72 + (0.7 - 0.45 * self._day) * (self._rough - 0.5), 0.2, 1.1)
        stone = mix(scale(self._room, 0.3), scale(self._room, 0.8), self._day)
        painted = (
            mirror * (0.55 * fine)[..., None] + np.array(stone, np.float32) * fine[..., None] * 0.6
        )
        picture += (np.clip(painted, 0, 1) - picture) * cover[..., None]

    def _lay_floor(self, random: np.random.Generator) -> None:
        """Prepare the floor that the crystals' broken light moves over."""
        width, height = self._size
        self._top = min(round((self._floor - 0.04) * height), height - 2)
        down = (np.arange(self._top, height, dtype=np.float32)[:, None] - self._top) / height
        away = 0.09 / (down + 0.07)
        x = (np.arange(width, dtype=np.float32)[None, :] - width / 2) / height
        self._u = (x * away * 700).astype(np.float32)
        self._v = np.repeat(away * 620, width, 1).astype(np.float32)
        spread = np.exp(-((x / 0.6) ** 2)) * smoothstep(0.0, 0.05, down) * np.exp(-down * 3)
        self._spread = (spread * (0.9 - 0.45 * self._day)).astype(np.float32)
        net = fbm(random, Size(FIRE, FIRE), cells=14, octaves=2)
        lines = np.exp(-(((net - 0.5) / 0.07) ** 2)) + 0.25 * net
        lines = cv2.GaussianBlur(lines.astype(np.float32), (0, 0), 1.6)
        self._net = cv2.copyMakeBorder(lines, 0, 1, 0, 1, cv2.BORDER_WRAP)
        self._shine = mix(self._gem.body, self._gem.pale, 0.4)

    def light_floor(self, picture: Array, turned: float, t: float, glow: float) -> None:
        """Let the light that the stones break play over the floor, in place."""
        level = self._spread.copy()
        for zoom, turn, flow in ((1.0, 190.0, 1.1), (0.7, -260.0, -0.6)):
            u = wrap(self._u * np.float32(zoom) + np.float32(turned * turn), FIRE)
            v = wrap(self._v * np.float32(zoom) + np.float32(t * flow % FIRE), FIRE)
            level *= cv2.remap(self._net, u, v, cv2.INTER_LINEAR)
        level *= np.float32(glow)
        picture[self._top :] += cv2.merge([level * np.float32(c) for c in self._shine])

    def heap(self, random: np.random.Generator, at: tuple[float, float], broad: float) -> None:
        """Heap broken stone round a place, in pixels: it hides where crystals enter the ground."""
        dark = scale(mix(self._room, self._gem.deep, 0.5), 0.35 + 0.5 * self._day)
        layer = np.zeros((self._size.height, self._size.width, 4), np.uint8)
        for angle in np.sort(np.abs(random.normal(math.pi / 2, 0.75, 46)) % math.pi):
            reach = random.uniform(0.6, 1.05)
            x = at[0] + math.cos(angle) * broad * reach
            y = at[1] + math.sin(angle) * broad * 0.26 * reach
            _stone(random, layer, (x, y), random.uniform(0.05, 0.13) * broad, dark, self._shine)
        self.lay(layer)

    def lay(self, layer: Pixels8) -> None:
        """Lay premultiplied RGBA over what stands before the crystals."""
        alpha = layer[..., 3:].astype(np.float32) / 255
        self._front *= 1 - alpha
        self._front += layer[..., :3].astype(np.float32) / 255
        self._through *= 1 - alpha

    def cover(self, picture: Array) -> None:
        """Paint what stands before the crystals, in place."""
        rows = np.s_[self._fronts :]
        picture[rows] *= self._through[rows]
        picture[rows] += self._front[rows]


def _stone(random: np.random.Generator, layer: Pixels8, at: tuple[float, float], size: float,
           dark: Colour, shine: Colour) -> None:  # fmt: skip
    """Draw a broken stone: a dark body, a face toward the light, an edge that glints."""
    angles = np.sort(random.uniform(0, math.tau, 6))
    ring = np.stack([np.cos(angles) * 1.2, np.sin(angles) * 0.8], 1) * size + at
    peak = np.add(at, (random.normal(0, 0.2) * size, -0.35 * size))
    hull = cv2.convexHull(np.rint(ring * 16).astype(np.int32))
    tone = random.uniform(0.6, 1.3)
    cv2.fillConvexPoly(
        layer, hull, (*(min(255 * c * tone, 255) for c in dark), 255), cv2.LINE_AA, 4
    )
    upper = ring[np.argsort(ring[:, 1])[:3]]
    face = cv2.convexHull(np.rint(np.concatenate((upper, peak[None])) * 16).astype(np.int32))
    lit = mix(dark, shine, random.uniform(0.12, 0.4))
    cv2.fillConvexPoly(layer, face, (*(255 * c for c in lit), 255), cv2.LINE_AA, 4)


def _add(picture: Array, level: Array, colour: Colour, amount: float) -> None:
    """Screen light onto a picture, in place."""
    light = (level * np.float32(amount))[..., None] * np.array(colour, np.float32)
    picture += (1 - np.minimum(picture, 1)) * light
