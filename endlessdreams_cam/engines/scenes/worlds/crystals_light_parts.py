"""Light in the crystals' air: dust that sparkles, flashes on facets, the ring of a birth."""

from __future__ import annotations

import math

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.mood import Colour
from endlessdreams_cam.engines.scenes.paint import Array
from endlessdreams_cam.engines.scenes.worlds.crystals_cluster_parts import Glint
from endlessdreams_cam.frame import Size

_BITS = 4


class Sparkles:
    """Draws points of light; `shine` adds them, and what bright facets bleed, to a picture."""

    def __init__(
        self, random: np.random.Generator, size: Size, colour: Colour, threshold: float
    ) -> None:
        self._size, self._unit = size, size.height / 360
        self._colour, self._threshold = colour, threshold
        self._plane = np.zeros((size.height, size.width), np.uint8)
        count = max(24, round(90 * min(size.width / 640, 1.5)))
        self._home = random.random((count, 2))
        self._pace = random.uniform(0.3, 1.0, count)
        self._phase = random.uniform(0, math.tau, (count, 3))
        self._mass = random.random(count) ** 2
        self._star = _star()

    def dust(self, t: float, blown: float, energy: float, stirred: tuple[float, float]) -> None:
        """Draw the dust at time t; each mote lights up as it turns to the light.

        blown, stirred: how far wind and the person have carried it, in widths and heights.
        """
        self._plane[:] = 0
        depth = 0.4 + 0.6 * self._mass
        sway = 0.012 * np.sin(t * 0.23 * self._pace + self._phase[:, 0])
        x = (self._home[:, 0] + sway + (0.05 * blown + stirred[0]) * depth) % 1.06 - 0.03
        rise = 0.006 * t * self._pace + 0.01 * np.sin(t * 0.31 * self._pace + self._phase[:, 1])
        y = (self._home[:, 1] - rise + stirred[1] * depth) % 1.06 - 0.03
        turn = 0.5 + 0.5 * np.sin(t * 1.7 * self._pace + self._phase[:, 2])
        level = (40 + 190 * turn**6) * (0.35 + 0.65 * self._mass) * (0.6 + 0.8 * energy)
        radius = (0.6 + 0.9 * self._mass) * self._unit
        xs, ys = (
            np.rint(p * s * 16).astype(int).tolist()
            for p, s in ((x, self._size[0]), (y, self._size[1]))
        )
        sizes = np.rint(np.maximum(radius, 0.5) * 16).astype(int).tolist()
        for at_x, at_y, r, bright in zip(
            xs, ys, sizes, np.minimum(level, 255).tolist(), strict=True
        ):
            cv2.circle(self._plane, (at_x, at_y), r, bright, -1, cv2.LINE_AA, _BITS)

    def flash(self, glints: list[Glint]) -> None:
        """Draw the brightest flashes as stars of four rays."""
        for glint in sorted(glints, key=lambda g: -g.strength)[:7]:
            share = max(0.0, glint.strength - 0.4) / 0.6
            self._add_star(glint.x, glint.y, (5 + 15 * share) * self._unit, 235 * share)

    def _add_star(self, x: float, y: float, reach: float, level: float) -> None:
        side = int(reach) + 1
        left, top = max(int(x) - side, 0), max(int(y) - side, 0)
        right, bottom = (
            min(int(x) + side + 2, self._size.width),
            min(int(y) + side + 2, self._size.height),
        )
        if right <= left or bottom <= top:
            return
        zoom = (self._star.shape[0] - 1) / 2 / max(reach, 1.0)
        middle = (self._star.shape[0] - 1) / 2
        matrix = np.array(
            [[zoom, 0, (left - x) * zoom + middle], [0, zoom, (top - y) * zoom + middle]]
        )
        star = cv2.warpAffine(self._star, matrix, (right - left, bottom - top),
                              flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)  # fmt: skip
        part = self._plane[top:bottom, left:right]
        part[:] = cv2.scaleAdd(star, level / 255, np.ascontiguousarray(part))

    def ring(self, x: float, y: float, reach: float, level: float) -> None:
        """Draw a ring of light on the ground round a place, in pixels."""
        centre = (round(x * 16), round(y * 16))
        for wide, share in ((5, 0.25), (2, 0.5), (1, 1.0)):
            tone = 230 * level * share
            axes = (round(reach * 16), round(reach * 0.26 * 16))
            cv2.ellipse(
                self._plane,
                centre,
                axes,
                0,
                0,
                360,
                tone,
                max(1, round(wide * self._unit)),
                cv2.LINE_AA,
                _BITS,
            )

    def shine(self, picture: Array) -> None:
        """Add the points, and the glow of all that is bright, to a picture in place."""
        width, height = self._size
        quarter = (max(width // 4, 8), max(height // 4, 8))
        small = cv2.resize(picture, quarter, interpolation=cv2.INTER_AREA)
        np.maximum(small - np.float32(self._threshold), 0, out=small)
        near = cv2.GaussianBlur(small, (0, 0), max(0.016 * quarter[1], 0.7))
        wide = cv2.GaussianBlur(near, (0, 0), 0.07 * quarter[1])
        bloom = cv2.addWeighted(near, 0.45, wide, 0.75, 0)
        picture += cv2.resize(bloom, (width, height), interpolation=cv2.INTER_LINEAR)
        soft = cv2.resize(self._plane, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        soft = cv2.GaussianBlur(soft, (0, 0), max(1.6 * self._unit, 0.6))
        points = cv2.addWeighted(
            self._plane,
            0.8 / 255,
            cv2.resize(soft, (width, height)),
            1.1 / 255,
            0,
            dtype=cv2.CV_32F,
        )
        picture += cv2.merge([points * np.float32(c) for c in self._colour])


def _star(side: int = 63) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    """Return a star of four rays with a soft core, uint8."""
    at = np.linspace(-1, 1, side)
    x, y = np.meshgrid(at, at)
    rays = np.exp(-np.abs(x) * 26) * np.clip(1 - np.abs(y), 0, 1) ** 2
    rays += np.exp(-np.abs(y) * 26) * np.clip(1 - np.abs(x), 0, 1) ** 2
    core = np.exp(-(x * x + y * y) * 60)
    return np.clip((rays * 0.9 + core) * 255, 0, 255).astype(np.uint8)
