"""The sky behind a landscape: gradient, sun or moon, stars, clouds."""

from __future__ import annotations

import math

import numpy as np

from endlessdreams_cam.engines.scenes.mood import Colour, Light, Mood, Weather, mix
from endlessdreams_cam.engines.scenes.paint import disc, fbm, grid, halo, smoothstep
from endlessdreams_cam.engines.scenes.world import Plane
from endlessdreams_cam.engines.scenes.worlds.land_cloud_parts import Above, Bolt, Deck, Heaps
from endlessdreams_cam.engines.scenes.worlds.land_parts import Planes, chance, tinted
from endlessdreams_cam.frame import Size


class Sky:
    """The sky down to `horizon` (a share of the height), as planes of the whole picture.

    sun_x and sun_y say where the sun or moon stands, in pixels; `moon` which of them it is.
    """

    def __init__(self, size: Size, mood: Mood, light: Light, horizon: float) -> None:
        self.size, self.light, self._mood = size, light, mood
        self.rows = max(round(horizon * size.height), 8)
        self.moon = not 5.6 <= mood.hour % 24 <= 19.9
        self.sun_x = light.sun_x * size.width
        self.sun_y = (0.06 + 0.94 * light.sun_y) * self.rows
        self.veiled = {Weather.RAIN: 0.9, Weather.STORM: 1.0, Weather.SNOW: 0.75,
                       Weather.MIST: 0.5, Weather.CLOUDS: 0.15}.get(mood.weather, 0.0)  # fmt: skip
        self.glow = self._glow()
        self._still = self._gradient()
        self._add_body()
        self._stars = _Stars(
            chance(mood.seed, 11), size, self.rows, light.night * (1 - self.veiled)
        )
        above = Above(size, self.rows, self.sun_x, self.sun_y, self.veiled, self.glow, light, mood)
        fair = mood.weather in (Weather.CLEAR, Weather.CLOUDS) and not mood.says("cloudless")
        self._deck = Deck(above)
        self._heaps = Heaps(above) if fair else None
        self._bolt = Bolt(above) if mood.weather is Weather.STORM else None

    def paint(self, t: float, wander: float, pan: float) -> Planes:
        """Return the sky at time t; pan is how far its clouds moved right, in widths."""
        planes = self._still.copy()
        self._stars.light(planes, t)
        self._deck.cover(planes, t, wander, pan)
        if self._heaps is not None:
            self._heaps.cover(planes, t, pan)
        if self._bolt is not None:
            self._bolt.strike(planes, t)
        return planes

    def _glow(self) -> Plane:
        """Return the light round the sun or moon: wide, and wider along the horizon at dusk."""
        xs, ys = grid(self.size)
        aspect = self.size.width / self.size.height
        x = (xs - self.sun_x / self.size.width) * aspect
        y = ys - self.sun_y / self.size.height
        near = 1 / (1 + (x * x + y * y) / (0.12 if not self.moon else 0.045) ** 2)
        low = ys - self.rows / self.size.height
        broad = np.exp(-(x * x) / 0.9 - low * low / 0.05) * self.light.dusk
        wide = np.exp(-(x * x + y * y) / 0.32)
        share = 0.42 if not self.moon else 0.30
        total = share * near + 0.26 * wide * (1 - 0.4 * self.light.night) + 0.30 * broad
        return (total * (1 - 0.75 * self.veiled)).astype(np.float32)

    def _gradient(self) -> Planes:
        rows = self.light.sky(self.rows)
        rest = np.repeat(rows[-1:], self.size.height - len(rows), axis=0)
        column = np.concatenate((rows, rest)).T[:, :, None]
        planes = np.repeat(column, self.size.width, axis=2).astype(np.float32)
        # Half a level of noise keeps the long gradients free of bands.
        noise = chance(self._mood.seed, 7).random(planes.shape[1:], np.float32) - 0.5
        return planes + noise * np.float32(1.6 / 255)

    def _add_body(self) -> None:
        key, horizon = self.light.key, self.light.horizon
        if self.light.night > 0.1:
            self._add_milky_way()
        _screen(self._still, mix(key, horizon, 0.35), self.glow)
        radius = (0.034 if self.moon else 0.040) * self.size.height
        bright = 1 - self.veiled
        if not self.moon:
            corona = halo(self.size, self.sun_x, self.sun_y, radius * 1.5, 3.0)
            _screen(self._still, mix(key, (1, 0.96, 0.85), 0.4), corona * (0.55 * bright))
        face = disc(self.size, self.sun_x, self.sun_y, radius, 1.6) * bright
        if self.moon:
            face *= self._moon_face(radius)
        shine = mix(key, (1.0, 1.0, 0.97), 0.65) if self.moon else mix(key, (1, 0.98, 0.90), 0.72)
        self._still *= 1 - face
        self._still += tinted(shine, face)

    def _add_milky_way(self) -> None:
        """Lay a faint band of stars' light across the night, with dust in it."""
        random = chance(self._mood.seed, 9)
        xs, ys = grid(self.size)
        slope = random.uniform(0.35, 0.7) * random.choice((-1.0, 1.0))
        across = (ys - random.uniform(0.15, 0.35)) - slope * (xs - 0.5)
        clouds = fbm(random, self.size, cells=7, octaves=5, tile_x=False, tile_y=False)
        band = np.exp(-((across / 0.15) ** 2)) * (0.25 + 0.75 * clouds)
        dust = np.exp(-((across / 0.05) ** 2)) * smoothstep(0.45, 0.75, clouds[::-1])
        light = np.clip(band - 0.5 * dust, 0, 1) * (0.17 * self.light.night * (1 - self.veiled))
        _screen(self._still, (0.72, 0.78, 1.0), light.astype(np.float32))

    def _moon_face(self, radius: float) -> Plane:
        seas = fbm(
            chance(self._mood.seed, 5),
            self.size,
            cells=round(self.size.width / radius / 1.1),
            octaves=3,
            tile_x=False,
            tile_y=False,
        )
        return 0.72 + 0.28 * smoothstep(0.3, 0.62, seas)


def _screen(planes: Planes, colour: Colour, light: Plane) -> None:
    """Add light so that it never clips: 1 − (1 − a)(1 − b)."""
    for plane, level in zip(planes, colour, strict=True):
        plane += (1 - plane) * np.clip(light * level, 0, 1)


class _Stars:
    """Points that twinkle, each at its own pace; dimmer and fewer near the horizon."""

    def __init__(self, random: np.random.Generator, size: Size, rows: int, night: float) -> None:
        self._night = night
        count = round(420 * math.sqrt(size.width * size.height / 147456))
        magnitude = random.random(count) ** 3.2
        self._y = (random.random(count) ** 1.35 * (rows - 3)).astype(int) + 1
        self._x = random.integers(1, max(size.width - 1, 2), count)
        fade = 1 - (self._y / rows) ** 2
        self._level = (0.16 + 0.84 * magnitude) * fade
        self._pace = random.uniform(0.7, 3.1, count)
        self._phase = random.uniform(0, math.tau, count)
        self._tint = (np.array([[0.80, 0.90, 1.0]]).T + random.normal(0, 0.07, (3, count))).clip(
            0.6, 1
        )
        self._near = magnitude > 0.35

    def light(self, planes: Planes, t: float) -> None:
        if self._night < 0.03:
            return
        twinkle = 0.76 + 0.24 * np.sin(t * self._pace + self._phase)
        level = (self._level * twinkle * self._night * self._tint).astype(np.float32)
        planes[:, self._y, self._x] += level
        glimmer, y, x = level[:, self._near] * 0.38, self._y[self._near], self._x[self._near]
        for down, right in ((0, 1), (0, -1), (1, 0), (-1, 0)):
            planes[:, y + down, x + right] += glimmer
