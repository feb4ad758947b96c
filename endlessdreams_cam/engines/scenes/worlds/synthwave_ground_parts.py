"""The ground of the synthwave world: a grid that rolls on the beat between wire mountains."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes.mood import mix
from endlessdreams_cam.engines.scenes.paint import Array, smoothstep
from endlessdreams_cam.engines.scenes.worlds.synthwave_parts import Pixels8, Scheme
from endlessdreams_cam.frame import Size

_ROWS, _ROW = 40, 0.6
"""Lines across the way, and how far they are apart; two go by with each beat."""
_COLUMNS, _STEP = 32, 0.8
_NEAREST = 0.4
_SHADED = 12.0
"""How far mountains have lit and shaded faces: beyond, haze has them."""
_TILE = 128
_BITS = 3


@dataclass(frozen=True, slots=True)
class _Mesh:
    """Points of the mesh, rows from far to near.

    Pixels (rows, columns, 2) with three bits of fraction, how much light each quad catches
    (−1…1), its height, and the rows' distances.
    """

    points: NDArray[np.int32]
    light: Array
    height: Array
    z: Array


class Ground:
    """A mesh seen from one unit above it.

    `focal` is how many pixels one unit is at a distance of one.
    """

    def __init__(
        self, random: np.random.Generator, size: Size, horizon: int, scheme: Scheme, rugged: float
    ) -> None:
        self._size, self._horizon, self._scheme = size, horizon, scheme
        self.focal = 0.42 * size.height
        self._unit = size.height / 360
        self._noise = 0.2 + 0.8 * random.random((_TILE, _TILE), np.float32) ** 1.5
        self._noise += 0.35 * cv2.GaussianBlur(
            self._noise, (0, 0), 1.5, borderType=cv2.BORDER_REPLICATE
        )
        self._rugged = np.float32(2.6 * rugged * random.uniform(0.8, 1.25))
        self._solid = np.zeros((size.height, size.width), np.uint8)
        self._lines = np.zeros_like(self._solid)
        self._colours = self._line_colours()
        self._fills = self._fill_table()
        below = np.arange(size.height, dtype=np.float32) - horizon
        self._distance = self.focal / np.maximum(below, 0.5)
        haze = self._horizon_haze(below) + random.random((size.height, 1, 1), np.float32) / 255
        self._haze8 = np.repeat((haze * 255).astype(np.uint8), size.width, 1)

    def _line_colours(self) -> Array:
        """Return the lines' colour for each row of the picture, (height, 1, 3)."""
        rows = (np.arange(self._size.height, dtype=np.float32) - self._horizon) / self._size.height
        u = np.clip((rows + 0.02) / 0.26, 0, 1)[:, None] ** 0.8
        far, near = np.array(self._scheme.far), np.array(self._scheme.near)
        return (far + (near - far) * u).astype(np.float32)[:, None, :]

    def _fill_table(self) -> Pixels8:
        """Return the solids' colour by code, (1, 256, 3): 0 is sky, 1 far or lit … 255 near."""
        u = np.linspace(0, 1, 256)[:, None] ** 0.75
        stops = np.array(
            [
                mix(self._scheme.lower, self._scheme.horizon, 0.3),
                mix(self._scheme.ridge, self._scheme.upper, 0.35),
                self._scheme.floor,
            ]
        )
        parts = [np.interp(u[:, 0], (0, 0.45, 1), stops[:, c]) for c in range(3)]
        return (np.stack(parts, 1) * 255).astype(np.uint8)[None]

    def _horizon_haze(self, below: Array) -> Array:
        """Return the light that hangs over the end of the valley, (height, 1, 3)."""
        band = np.exp(-((below / (0.045 * self._size.height)) ** 2)) * 0.34
        colour = mix(self._scheme.horizon, self._scheme.sun_foot, 0.3)
        return (band[:, None, None] * np.array(colour)).astype(np.float32)

    def mesh(self, beat: float, across: float) -> _Mesh:
        """Return the mesh at a beat, seen from `across` columns to the right."""
        whole, part = divmod(beat * 2, 1.0)
        z = (np.arange(_ROWS, 0, -1, dtype=np.float32) + np.float32(0.2 - part)) * np.float32(_ROW)
        row = np.arange(_ROWS, 0, -1) + int(whole)
        row, z = row[z > _NEAREST] % _TILE, z[z > _NEAREST]
        shift, rest = divmod(across, 1.0)
        j = np.arange(-_COLUMNS, _COLUMNS + 1)
        x = ((j - rest) * _STEP).astype(np.float32)
        noise = self._noise[row][:, (j + int(shift)) % _TILE]
        wall = smoothstep(1.7, 8.0, np.abs(x)) * self._rugged
        # Mountains swell out of the haze at the valley's end.
        rise = np.clip((_ROWS * _ROW - z) / 4, 0, 1)[:, None]
        height = wall[None, :] * noise * rise
        px = self._size.width / 2 + self.focal * x[None, :] / z[:, None]
        py = self._horizon + self.focal * (1 - height) / z[:, None]
        points = np.clip(np.stack([px, py], -1) * 2**_BITS, -30000, 30000)
        # The sun stands at the valley's end: slopes that look to its middle catch it.
        slope = (height[:-1, 1:] - height[:-1, :-1]) * np.sign(x[1:] + 1e-3)[None, :]
        back = height[:-1, 1:] - height[1:, 1:]
        light = np.clip(0.75 * slope - 0.35 * back, -1, 1)
        return _Mesh(np.rint(points).astype(np.int32), light, height, z)

    def draw(self, mesh: _Mesh) -> tuple[Pixels8, Pixels8]:
        """Return the solid ground (codes) and its lines, hidden ones left out, as uint8."""
        self._solid[:] = 0
        self._lines[:] = 0
        points, z = mesh.points, mesh.z
        width, height = (v << _BITS for v in self._size)
        for n in range(len(z)):
            inside = np.flatnonzero(np.abs(points[n, :, 0] - width // 2) < width)
            first, last = max(int(inside[0]) - 1, 0), min(int(inside[-1]) + 2, len(points[n]))
            edge = points[n, first:last]
            foot = np.array([[edge[-1, 0], height], [edge[0, 0], height]], np.int32)
            shape = np.concatenate((edge, foot))
            code = 40 + 200 * min(float(1.5 / z[n]), 1.0)
            cv2.fillPoly(self._solid, [shape], round(code), cv2.LINE_8, _BITS)
            cv2.fillPoly(self._lines, [shape], 0, cv2.LINE_8, _BITS)
            if n + 1 < len(z):
                self._shade(mesh, n, first, last - 1, code)
            fade = 1.3 / (1 + (float(z[n]) / 8.0) ** 2)
            broad = 1.0 if z[n] > 2.2 else 1.6 if z[n] > 1.0 else 2.2
            strokes = [edge]
            if n + 1 < len(z):
                strokes += list(np.stack([edge, points[n + 1, first:last]], 1))
            cv2.polylines(self._lines, strokes, False, 255 * min(max(fade, 0.06), 1.0),
                          max(1, round(self._unit * broad)), cv2.LINE_AA, _BITS)  # fmt: skip
        return self._solid, self._lines

    def _shade(self, mesh: _Mesh, n: int, first: int, last: int, code: float) -> None:
        """Shade the mountains' faces between a row and the next nearer one."""
        if mesh.z[n] > _SHADED:
            return
        tall = mesh.height[n, first:last] + mesh.height[n, first + 1 : last + 1]
        steep = np.flatnonzero((tall > 0.15) & (np.abs(mesh.light[n, first:last]) > 0.08)) + first
        here, next_ = mesh.points[n], mesh.points[n + 1]
        quads = np.stack((here[steep], here[steep + 1], next_[steep + 1], next_[steep]), 1)
        reach = 90 * min(1.0, 3.0 / float(mesh.z[n]) + 0.35)
        tones = np.clip(code - reach * mesh.light[n, steep], 3, 255)
        for quad, tone in zip(quads, tones.tolist(), strict=True):
            cv2.fillConvexPoly(self._solid, quad, tone, cv2.LINE_8, _BITS)

    def paint(self, picture: Pixels8, mesh: _Mesh, beat: float, ring: float) -> None:
        """Paint the ground over a picture; `ring` 0…1 is the strength of the beat's wave."""
        solid, lines = self.draw(mesh)
        margin = round(24 * self._unit)
        top = max(int((solid.max(1) > 0).argmax()) - margin, 0)
        self._colour(picture[top:], solid[top:], lines[top:], top, self._wave(beat, ring))

    def _colour(
        self, picture: Pixels8, solid: Pixels8, lines: Pixels8, top: int, wave: Array
    ) -> None:
        """Colour solids and lines, and let the lines glow; all in uint8, for speed."""
        height, width = solid.shape
        fill = cv2.LUT(cv2.merge((solid,) * 3), self._fills)
        cv2.copyTo(fill, solid, picture)
        half = (max(width // 2, 4), max(height // 2, 4))
        glow = cv2.GaussianBlur(cv2.resize(lines, half, interpolation=cv2.INTER_AREA), (0, 0),
                                max(1.9 * self._unit, 0.6))  # fmt: skip
        wide = cv2.GaussianBlur(glow, (0, 0), max(4.5 * self._unit, 0.8))
        glow = cv2.resize(cv2.addWeighted(glow, 0.7, wide, 0.6, 0), (width, height))
        level = cv2.add(lines, glow)
        hot = cv2.subtract(lines, 170)
        colours = np.clip(self._colours[top:] * wave[top:, None, None] * 255, 0, 255).astype(
            np.uint8
        )
        light = cv2.multiply(cv2.merge((level,) * 3), np.repeat(colours, width, 1), scale=1 / 255)
        light = cv2.add(cv2.add(light, cv2.merge((hot,) * 3)), self._haze8[top:])
        # Screen, so that crossing lines do not clip.
        through = cv2.multiply(cv2.bitwise_not(picture), light, scale=1 / 255)
        cv2.add(picture, through, dst=picture)

    def _wave(self, beat: float, ring: float) -> Array:
        """Return how a wave of light that leaves the horizon with each bar lifts each row."""
        at = 20.0 * (1 - (beat / 4) % 1.0) ** 1.6
        apart = (self._distance - np.float32(at)) / np.float32(0.5 + 0.25 * at)
        return (1 + ring * np.exp(-apart * apart)).astype(np.float32)
