"""A spiral galaxy: a turning disc of stars, gas and dust, seen at a slant."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes import paint
from endlessdreams_cam.engines.scenes.paint import Array
from endlessdreams_cam.frame import Size

_TILE = Size(768, 384)  # the gas, once round the disc by its radius
_SHEAR = 34.0  # seconds until sheared gas gives way to fresh gas


@dataclass(frozen=True, slots=True)
class View:
    """How the disc lies: its middle (0…1), radius in heights, tilt and slant in radians."""

    x: float
    y: float
    radius: float
    tilt: float
    slant: float
    arms: int
    pitch: float
    turn: float


@dataclass(frozen=True, slots=True)
class Dyes:
    """The disc's colours as linear light: its old core, young arms, glowing gas."""

    core: tuple[float, float, float] = (1.0, 0.66, 0.34)
    arms: tuple[float, float, float] = (0.24, 0.46, 1.0)
    knots: tuple[float, float, float] = (1.0, 0.16, 0.38)


class Disc:
    """A spiral galaxy that turns: its arms as a whole, its gas faster inside than outside."""

    def __init__(
        self, size: Size, aspect: float, random: np.random.Generator, view: View, dyes: Dyes
    ) -> None:
        self._size, self._dyes, self._view = size, dyes, view
        x, y = paint.grid(size)
        x, y = (x - view.x) * aspect / view.radius, (y - view.y) / view.radius
        c, s = math.cos(view.tilt), math.sin(view.tilt)
        u, v = x * c + y * s, (y * c - x * s) / math.cos(view.slant)
        bend = paint.fbm(random, size, cells=5, octaves=4) - 0.5
        r = (np.sqrt(u * u + v * v) + 1e-3).astype(np.float32)
        angle = np.arctan2(v, u) * view.turn
        wound = angle - np.log(r) / math.tan(view.pitch)
        phase = view.arms * wound + 2.2 * bend
        self._cos = np.cos(phase).astype(np.float32)
        self._sin = np.sin(phase).astype(np.float32)
        flowing = angle - 0.25 * np.log(r) / math.tan(view.pitch)
        self._round = (flowing * (_TILE.width / math.tau)).astype(np.float32)
        self._out = np.clip(np.log(r / 0.03) * (_TILE.height / 4.6), 0, _TILE.height - 1)
        self._out = self._out.astype(np.float32)
        self._rate = (_TILE.width / math.tau * 0.018 / (0.12 + r)).astype(np.float32)
        self._gas = self._tile(random)
        fade = np.exp(-r / 0.34) * paint.smoothstep(1.25, 0.35, r)
        inner = paint.smoothstep(0.05, 0.22, r)
        self._arm_light = (2.3 * fade * inner).astype(np.float32)
        # A bulge is round: it does not lie flat like the disc.
        ball = np.sqrt(u * u + (0.6 * v) ** 2)
        glow = 2.0 * np.exp(-ball / 0.045) + 0.26 * np.exp(-ball / 0.13) + 0.05 * fade
        self._core = glow.astype(np.float32)
        near = paint.smoothstep(-0.5, 0.5, v.astype(np.float32))
        veil = fade**0.35 * paint.smoothstep(0.04, 0.14, r) * paint.smoothstep(1.1, 0.5, r)
        self._veil = ((0.35 + 0.9 * near) * veil).astype(np.float32)
        self._scatter(random, aspect)

    def _scatter(self, random: np.random.Generator, aspect: float) -> None:
        """Scatter single stars over the disc, more of them inside."""
        count = 420
        self._star_r = (0.08 + 0.75 * random.random(count) ** 1.3).astype(np.float32)
        self._star_angle = random.uniform(0, math.tau, count).astype(np.float32)
        self._star_light = (0.08 * (1 - random.random(count)) ** -0.55).clip(0, 0.9)
        self._star_blue = random.random(count) < 0.7
        self._aspect = aspect

    def stars(self, t: float) -> tuple[Array, Array, Array]:
        """Return single stars of the disc: x and y (0…1 of the picture), colours, (count, 3)."""
        view = self._view
        angle = (self._star_angle - 0.018 * t / (0.12 + self._star_r)) * view.turn
        u = self._star_r * np.cos(angle)
        v = self._star_r * np.sin(angle) * math.cos(view.slant)
        c, s = math.cos(view.tilt), math.sin(view.tilt)
        x = (view.x + (u * c - v * s) * view.radius / self._aspect).astype(np.float32)
        y = (view.y + (u * s + v * c) * view.radius).astype(np.float32)
        colour = np.where(self._star_blue[:, None], self._dyes.arms, self._dyes.core)
        return x, y, (colour * self._star_light[:, None]).astype(np.float32)

    @staticmethod
    def _tile(random: np.random.Generator) -> NDArray[np.uint8]:
        """Return gas, dust and knots, 0…255, by angle and radius; they go round."""
        gas = paint.fbm(random, _TILE, cells=22, octaves=5, gain=0.62, tile_y=False)
        dust = 1 - np.abs(2 * paint.fbm(random, _TILE, cells=18, octaves=5, tile_y=False) - 1)
        knots = paint.fbm(random, _TILE, cells=100, octaves=2, tile_y=False)
        bright = paint.smoothstep(0.66, 0.95, knots) * paint.smoothstep(0.35, 0.7, gas)
        return (cv2.merge((gas, dust**2, bright)) * 255).astype(np.uint8)

    def light(self, t: float) -> Array:
        """Return the disc's linear light, (height, width, 3)."""
        turned = 0.045 * t * self._view.arms
        arm = self._wave(turned)
        arm *= arm
        lane = self._wave(turned - 0.9)
        gas, dust, knots = cv2.split(self._gas_at(t))
        young = self._arm_light * arm
        pink = young * knots
        gas *= gas
        gas *= 2.2
        gas += 0.10
        blue = young * gas
        lane *= self._veil
        dust *= 1.9
        dust += 0.2
        lane *= dust
        dyes, planes = self._dyes, []
        for k, thick in enumerate((0.8, 1.3, 1.8)):
            plane = self._core * dyes.core[k]
            plane += blue * dyes.arms[k]
            plane += pink * (1.5 * dyes.knots[k])
            plane *= cv2.exp(lane * -thick)
            planes.append(plane)
        return cv2.merge(planes)

    def _wave(self, turned: float) -> Array:
        """Return 1 on the arms, 0 between, turned on by an angle; the arms trail."""
        c, s = 0.5 * math.cos(turned), 0.5 * math.sin(turned)
        return cv2.addWeighted(self._cos, c, self._sin, -s, 0.5)

    def _gas_at(self, t: float) -> Array:
        """Return the gas sheared by the rotation: two ages of it, each fading out unseen."""
        found = []
        for half in (0.0, 0.5):
            age = (t / _SHEAR + half) % 1.0
            number = math.floor(t / _SHEAR + half)
            shift = (number * 197 + 97 * (half > 0)) % _TILE.width
            across = self._round + (shift + self._rate * np.array((age - 0.5) * _SHEAR, np.float32))
            sheared = cv2.remap(
                self._gas, across, self._out, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP
            )
            found.append((sheared, 1 - abs(2 * age - 1)))
        (first, a), (second, b) = found
        return cv2.addWeighted(first, a / 255, second, b / 255, 0, dtype=cv2.CV_32F)
