"""Gas and dust between the stars: clouds that drift, eddies that a hand leaves, a face in them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes import paint
from endlessdreams_cam.engines.scenes.paint import Array
from endlessdreams_cam.engines.scenes.world import Person
from endlessdreams_cam.frame import Size

_TILE = Size(512, 512)
_COARSE = Size(80, 45)


class Eddies:
    """How far the gas is stirred aside, in picture widths: it spins and comes to rest in 3 s."""

    def __init__(self) -> None:
        self.shift = np.zeros((_COARSE.height, _COARSE.width, 2), np.float32)

    def step(self, dt: float, person: Person | None, amount: float) -> None:
        """Let dt seconds pass; a person's motion drags the gas along."""
        self.shift *= math.exp(-dt / 1.3)
        turn = 1.7 * dt
        c, s = math.cos(turn), math.sin(turn)
        self.shift = cv2.transform(self.shift, np.array(((c, -s), (s, c)), np.float32))
        if person is not None:
            flow = cv2.resize(person.flow, _COARSE, interpolation=cv2.INTER_AREA)
            self.shift += cv2.GaussianBlur(flow, (0, 0), 2.0) * (0.9 * dt * amount)
            np.clip(self.shift, -0.12, 0.12, out=self.shift)


@dataclass(frozen=True, slots=True)
class Haze:
    """What the gas does at one moment: light (linear), and how much shines through it, 0…1."""

    light: Array
    clear: Array


class Clouds:
    """Glowing clouds behind, dark ones before: two tiles of noise that drift across each other.

    key: where the light comes from (0…1); clearing: how far round it the gas is thin, in heights.
    """

    def __init__(
        self, size: Size, random: np.random.Generator, ramp: Array, key: tuple[float, float],
        clearing: float = 0.55,
    ) -> None:  # fmt: skip
        self.size = size
        self._ramp = ramp
        x, y = paint.grid(size)
        aspect = size.width / size.height
        self._x, self._y = x, y
        unit = _TILE.height / 1.55
        self._u, self._v = (x * aspect * unit).astype(np.float32), (y * unit).astype(np.float32)
        billow = paint.fbm(random, _TILE, cells=5, octaves=7, gain=0.56)
        warp = paint.fbm(random, _TILE, cells=6, octaves=4)
        ridge = 1 - np.abs(2 * paint.fbm(random, _TILE, cells=6, octaves=6, gain=0.58) - 1)
        self._tile = cv2.merge((_warped(billow, warp, 60.0), _warped(ridge, warp, 80.0)))
        self._key = key
        towards = np.hypot((x - key[0]) * aspect, y - key[1])
        away = np.maximum(towards, 1e-3)
        self._towards = ((key[0] - x) * aspect / away, (key[1] - y) / away)
        self._lit = (0.42 + 0.5 / (1 + (towards / 0.5) ** 2)).astype(np.float32)
        field = paint.fbm(random, size, cells=3, octaves=3, tile_x=False, tile_y=False)
        self._place = paint.smoothstep(0.25, 0.75, field)
        if clearing > 0:
            self._place *= paint.smoothstep(0.1, clearing, towards)
        else:
            self._place = 0.35 + 0.75 * self._place
        frame = np.abs(x - 0.5) * 1.5 + np.maximum(y - 0.45, 0) * 1.5
        self._front = paint.smoothstep(0.55, 1.25, frame)

    def at(self, t: float, x: float, y: float, shift: Array) -> tuple[Array, Array]:
        """Return billows and ridges at time t, 0…1, moved by x, y (widths) and stirred aside."""
        width = float(self._u[0, -1] - self._u[0, 0])
        bent = cv2.resize(shift, self.size, interpolation=cv2.INTER_LINEAR) * np.float32(-width)
        u, v = self._u + bent[..., 0], self._v + bent[..., 1]
        u += -x * width + 0.9 * t
        v += -y * width + 0.25 * t
        first = cv2.remap(self._tile, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
        u *= 1.7
        v *= 1.7
        u -= 2.1 * t
        second = cv2.remap(self._tile, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
        billow = 0.62 * first[..., 0] + 0.38 * second[..., 0]
        ridge = 0.55 * first[..., 1] + 0.45 * second[..., 1]
        return billow, ridge

    def pixels(self, width: int, height: int) -> tuple[Array, Array]:
        """Return each place's column and row in a plane of width × height."""
        return self._x * width - 0.5, self._y * height - 0.5

    def towards(self) -> tuple[Array, Array]:
        """Return the direction of the key light at each place, a unit vector."""
        return self._towards

    def behind(self, billow: Array, ridge: Array, energy: float) -> Haze:
        """Return the glowing gas behind everything."""
        gas = (billow - 0.30) * 1.5
        gas *= self._place
        np.clip(gas, 0, 1, out=gas)
        gas *= (0.25 + 1.1 * ridge) * self._lit
        index = np.minimum(gas * (620 + 300 * energy), 1023).astype(np.intp)
        return Haze(np.take(self._ramp, index, axis=0), 1 - 0.8 * np.minimum(gas, 1))

    def before(self, billow: Array, ridge: Array) -> Haze:
        """Return the dark dust before everything, with light on its edges."""
        dust = paint.smoothstep(0.52, 0.60, billow[:, ::-1] * 0.62 + 0.42 * self._front)
        edge = dust * (1 - dust) * ridge[:, ::-1]
        edge *= 0.55 * self._lit
        return Haze(edge, 1 - 0.93 * dust)


def _warped(tile: Array, by: Array, amount: float) -> Array:
    """Return a tile bent by another: curls instead of blots."""
    height, width = tile.shape
    ys, xs = np.mgrid[:height, :width].astype(np.float32)
    bend = (by - 0.5) * amount
    return cv2.remap(
        tile, xs + bend, ys + np.roll(bend, width // 3, 1), cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_WRAP,
    )  # fmt: skip


def portrait(
    person: Person, clouds: Clouds, billow: Array, ridge: Array, amount: float
) -> tuple[Array, Array, Array]:
    """Return a person made of gas: its heat 0…1, cover 0…1, and the rim that faces the key light.

    The outline is torn by the gas that they stand in; what is dark in them is dust.
    """
    height, width = person.presence.shape
    wave_x, wave_y = (billow - 0.5) * (0.035 * width), (ridge - 0.5) * (0.03 * width)
    x, y = clouds.pixels(width, height)
    torn = (x + wave_x, y + wave_y)
    fine = (x + 0.25 * wave_x, y + 0.25 * wave_y)
    presence = cv2.remap(person.presence, *torn, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    tone, relief, detail = (
        cv2.remap(plane, *fine, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        for plane in (person.tone, person.relief, person.detail)
    )
    cover = paint.smoothstep(0.30, 0.70, presence) * amount
    heat = np.clip(0.85 * tone + 0.3 * relief + 0.4 * detail, 0.02, 1.1)
    heat *= heat
    heat *= (0.10 + 0.75 * billow + 0.55 * ridge * ridge) * cv2.exp(1.5 * np.minimum(detail, 0))
    soft = cv2.GaussianBlur(cover, (0, 0), max(clouds.size.height / 70, 0.8))
    slope_x = cv2.Sobel(soft, cv2.CV_32F, 1, 0, ksize=1) * clouds.size.height
    slope_y = cv2.Sobel(soft, cv2.CV_32F, 0, 1, ksize=1) * clouds.size.height
    towards_x, towards_y = clouds.towards()
    facing = np.clip((slope_x * towards_x + slope_y * towards_y) * -0.03, 0, 1)
    return heat, cover, facing * cover * (0.35 + 0.9 * ridge)
