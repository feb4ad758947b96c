"""A black hole: a disc of hot gas whose far side its gravity lifts above and below it."""

from __future__ import annotations

import math

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes import paint
from endlessdreams_cam.engines.scenes.paint import Array
from endlessdreams_cam.engines.scenes.worlds.galaxy_parts import Dyes, View
from endlessdreams_cam.frame import Size

_TILE = Size(768, 256)
_SHEAR = 11.0  # seconds until sheared gas gives way to fresh gas
_INNER, _OUTER = 1.55, 6.2  # the disc's edges, in radii of the shadow


class Hole:
    """A black hole with its disc; the same face to the scene as a spiral's disc."""

    def __init__(
        self, size: Size, aspect: float, random: np.random.Generator, view: View, dyes: Dyes
    ) -> None:
        self._dyes, self._view, self._aspect = dyes, view, aspect
        x, y = paint.grid(size)
        unit = 0.125 * view.radius / 0.8
        tilt = 0.35 * view.tilt
        x, y = (x - view.x) * aspect / unit, (y - view.y) / unit
        c, s = math.cos(tilt), math.sin(tilt)
        u, v = x * c + y * s, y * c - x * s
        near = np.hypot(u, v).astype(np.float32)
        flat = np.hypot(u, v / 0.17).astype(np.float32)
        self._shadow = paint.smoothstep(1.0, 1.08, near)
        front = np.maximum(
            paint.smoothstep(-0.02, 0.06, v.astype(np.float32)), paint.smoothstep(1.05, 1.25, near)
        )
        self._direct = (self._band(flat) * front).astype(np.float32)
        # Light from the disc's far side comes round the shadow: a ring of it, thinner below.
        lifted = (_INNER + (near - 1.12) * np.where(v < 0, 2.6, 6.0)).astype(np.float32)
        ring = self._band(lifted) * paint.smoothstep(1.02, 1.16, near)
        self._bent = (0.75 * ring * np.where(v < 0, 1.0, 0.7)).astype(np.float32)
        photon = np.exp(-(((near - 1.09) / 0.035) ** 2))
        # What comes towards us is brighter (Doppler beaming).
        beam = (1.0 - 0.55 * view.turn * u / np.maximum(near, 0.6)) ** 1.6
        self._beam = np.clip(beam, 0.12, 2.2).astype(np.float32)
        self._photon = (0.9 * photon).astype(np.float32)
        self._glow = (0.10 / (1 + (near / 1.6) ** 3)).astype(np.float32)
        self._flat = self._places(np.arctan2(v / 0.17, u), flat)
        self._round = self._places(np.arctan2(-np.abs(v), u), lifted)
        gas = paint.fbm(random, _TILE, cells=14, octaves=5, gain=0.6, tile_y=False)
        streaks = paint.fbm(random, Size(64, _TILE.height), cells=64, octaves=3, tile_y=False)
        streaks = cv2.resize(streaks, _TILE, interpolation=cv2.INTER_CUBIC)
        self._gas = (0.15 + 1.3 * gas * gas + 0.5 * streaks * gas).astype(np.float32)

    @staticmethod
    def _band(r: Array) -> Array:
        """Return the disc's light by radius: sharp within, fading outwards."""
        edge = paint.smoothstep(_INNER, _INNER + 0.12, r) * paint.smoothstep(_OUTER, 3.0, r)
        return (edge * (_INNER / np.maximum(r, _INNER)) ** 1.5).astype(np.float32)

    @staticmethod
    def _places(angle: Array, r: Array) -> tuple[Array, Array, Array]:
        """Return column and row in the tile of gas, and how fast it turns there."""
        r = np.clip(r, 1.0, 8.0).astype(np.float32)
        rate = 0.95 * (_INNER / r) ** 1.5 * _TILE.width / math.tau
        down = (r - 1.0) / 7.0 * (_TILE.height - 1)
        return tuple(  # type: ignore[return-value]
            p.astype(np.float32) for p in (angle * _TILE.width / math.tau, down, rate)
        )

    def light(self, t: float) -> Array:
        """Return the linear light, (height, width, 3)."""
        heat = self._direct * self._turning(self._flat, t)
        heat += self._bent * self._turning(self._round, t)
        heat += self._photon
        heat *= self._beam
        heat += self._glow * self._shadow
        core, arms = self._dyes.core, self._dyes.arms
        white = heat * heat
        return cv2.merge([
            heat * (1.5 * core[k]) + white * (0.35 + 0.3 * arms[k]) for k in range(3)
        ])  # fmt: skip

    def _turning(self, places: tuple[Array, Array, Array], t: float) -> Array:
        """Return the gas at places, turned and sheared: two ages, each fading out unseen."""
        across, down, rate = places
        found = []
        for half in (0.0, 0.5):
            age = (t / _SHEAR + half) % 1.0
            shift = math.floor(t / _SHEAR + half) * 197 % _TILE.width
            u = across + (shift + rate * np.array((age - 0.5) * _SHEAR, np.float32))
            gas = cv2.remap(self._gas, u, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
            found.append((gas, 1 - abs(2 * age - 1)))
        (first, a), (second, b) = found
        return cv2.addWeighted(first, a, second, b, 0)

    def stars(self, t: float) -> tuple[Array, Array, Array]:
        """Return no single stars."""
        return np.empty(0, np.float32), np.empty(0, np.float32), np.empty((0, 3), np.float32)
