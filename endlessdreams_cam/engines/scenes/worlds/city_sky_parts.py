"""The sky over the city: clouds that glow with its lamps, a moon or a low sun, searchlights."""

from __future__ import annotations

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.mood import Light, Mood, Weather, mix, scale
from endlessdreams_cam.engines.scenes.paint import Array, disc, fbm, grid, halo, smoothstep
from endlessdreams_cam.engines.scenes.weather import lightning
from endlessdreams_cam.engines.scenes.wind import Wind
from endlessdreams_cam.engines.scenes.worlds.city_parts import Air, wrapped
from endlessdreams_cam.frame import Size

_COVER = {
    Weather.CLEAR: 0.5, Weather.CLOUDS: 0.68, Weather.MIST: 0.6,
    Weather.RAIN: 0.85, Weather.SNOW: 0.8, Weather.STORM: 0.95,
}  # fmt: skip


class Sky:
    """The sky above the skyline, (rows, width): soft, painted at a quarter of its size."""

    def __init__(
        self, random: np.random.Generator, size: Size, mood: Mood, light: Light, air: Air
    ) -> None:
        self._size, self._mood = size, mood
        self._small = Size(max(size.width // 4, 16), max(size.height // 4, 12))
        self._wind = Wind(mood.seed)
        tile = Size(self._small.width * 2, self._small.width)
        self._bulk, self._fray = (
            cv2.copyMakeBorder(fbm(random, tile, cells=c, octaves=4, gain=g), 0, 1, 0, 1,
                               cv2.BORDER_WRAP) for c, g in ((5, 0.5), (11, 0.6))
        )  # fmt: skip
        xs, ys = grid(self._small)
        # A ceiling in perspective: small and close together toward the horizon.
        away = 0.3 * self._small.width / (1.09 - ys)
        self._u = ((xs - 0.5) * (size.width / size.height) * away).astype(np.float32)
        self._v = away.astype(np.float32)
        self._thin = smoothstep(0.02, 0.3, 1 - ys) * np.float32(0.94)
        self._cover = _COVER[mood.weather]
        self._still = self._gradient(random, light, air)
        self._beam = np.array(mix(light.key, air.glow, 0.3), np.float32)
        dome = np.exp(-(((1 - ys) / 0.62) ** 2)) * (0.8 + 0.2 * np.cos((xs - 0.5) * 3))
        lit = mix(
            mix(light.key, light.horizon, 0.4), mix(air.glow, light.haze, 0.25), 0.8 * light.night
        )
        self._lit = np.array(scale(lit, 1.05 - 0.2 * light.night), np.float32)
        shade = mix(mix(light.middle, light.ambient, 0.5), scale(air.glow, 0.25), 0.4 * light.night)
        self._shade = np.array(scale(shade, 0.92), np.float32)
        sun = halo(self._small, light.sun_x * self._small.width,
                   (0.06 + 0.9 * light.sun_y) * self._small.height,
                   0.3 * self._small.height)  # fmt: skip
        under = (
            0.2
            + 0.8 * dome * air.evening
            + (0.75 - 0.4 * light.night) * sun
            + 0.3 * (1 - air.evening)
        )
        self._under = np.clip(under, 0, 1.3).astype(np.float32)
        self._body = self._find_body(light)
        self._beams = self._aim(random, mood, light)
        self._noise = random.random((size.height, size.width, 3), np.float32)

    def _gradient(self, random: np.random.Generator, light: Light, air: Air) -> Array:
        """Return the cloudless sky at a quarter of the size, the city's glow along its foot."""
        width, height = self._small
        sky = np.repeat(light.sky(height)[:, None, :], width, 1)
        xs, ys = grid(self._small)
        dome = np.exp(-((1 - ys) / 0.34)) * (
            0.7 + 0.3 * np.cos((xs - random.uniform(0.3, 0.7)) * 4)
        )
        clear = 0.25 if self._cover > 0.75 else 1.0
        glow = np.array(air.glow, np.float32)
        sky += (
            (1 - sky)
            * glow
            * (dome * ((0.62 if clear == 1 else 0.45) * light.night + 0.08))[..., None]
        )
        sun_y = (0.06 + 0.9 * light.sun_y) * height
        sun = halo(self._small, light.sun_x * width, sun_y, (0.2 + 0.15 * light.dusk) * height)
        strength = 0.62 + 0.25 * light.dusk - 0.4 * light.night
        sky += (
            (1 - np.minimum(sky, 1))
            * np.array(light.key, np.float32)
            * (sun**1.5 * strength * clear)[..., None]
        )
        return sky.astype(np.float32)

    def _find_body(self, light: Light) -> tuple[tuple[slice, slice], Array, Array]:
        """Return the sun's or moon's place in the picture, its disc and its colour."""
        width, height = self._size
        x, y = light.sun_x * width, (0.06 + 0.9 * light.sun_y) * height
        radius = (0.042 + 0.04 * light.dusk) * height
        veil = 0.0 if self._cover > 0.75 else 0.3 if self._cover > 0.65 else 0.92
        face = disc(self._size, x, y, radius, 1.8) * np.float32(veil)
        place = (slice(max(round(y - radius - 2), 0), max(round(y + radius + 3), 0)),
                 slice(max(round(x - radius - 2), 0), max(round(x + radius + 3), 0)))  # fmt: skip
        colour = np.array(mix(light.key, (1, 1, 1), 0.5), np.float32)
        return place, face[place][..., None], colour

    def _aim(
        self, random: np.random.Generator, mood: Mood, light: Light
    ) -> tuple[tuple[Array, Array, float], ...]:
        """Return searchlights behind the skyline: each point's bearing and light, and the phase."""
        if light.night < 0.5 or not (mood.says("searchlight", "party", "gotham") or mood.seed % 3):
            return ()
        xs, ys = grid(self._small)
        aspect = self._size.width / self._size.height
        beams = []
        for x in (random.uniform(0.2, 0.45), random.uniform(0.55, 0.85)):
            across, up = (xs - x) * aspect, 1.06 - ys
            bearing = np.arctan2(across, up)
            fade = np.exp(-np.hypot(across, up) / 0.55) * light.night * 0.34
            beams.append(
                (bearing.astype(np.float32), fade.astype(np.float32), random.uniform(0, 6))
            )
        return tuple(beams)

    def paint(self, t: float, wander: float, pan: float) -> Array:
        """Return the sky (rows, width, 3), 0…255 float32 with the dither in it."""
        blown = self._wind.travelled(t) * 6 + pan * self._small.width * 0.5
        bulk = self._sample(self._bulk, -blown, wander * 2 + t * 0.11)
        fray = self._sample(self._fray, -blown * 1.6 + wander * 3, t * 0.23)
        low = 0.9 - self._cover
        dense = smoothstep(low, low + 0.36, bulk * 0.66 + fray * 0.34)
        dense *= self._thin
        # Thin edges let the light through, and the folds away from the city stay dark.
        glow = self._under * (1.25 - 0.85 * dense + 1.1 * (fray - 0.5))
        if self._mood.weather is Weather.STORM:
            glow = glow + 0.4 * lightning(self._mood.seed, t)
        np.clip(glow, 0, 1.2, out=glow)
        clouds = self._shade + (self._lit - self._shade) * glow[..., None]
        sky = self._still + (clouds.astype(np.float32) - self._still) * dense[..., None]
        for bearing, fade, phase in self._beams:
            towards = 0.5 * np.sin(t * 0.19 + phase) + 0.16 * np.sin(t * 0.31 + 2 * phase)
            apart = (bearing - np.float32(towards)) * np.float32(1 / 0.05)
            sky += (np.exp(-apart * apart) * fade * (0.6 + 0.6 * dense))[..., None] * self._beam
        sky *= 255
        whole = cv2.resize(sky, self._size, interpolation=cv2.INTER_LINEAR)
        whole += self._noise
        place, face, colour = self._body
        part = whole[place]
        part += (colour * 255 - part) * face
        return cv2.min(whole, (255.0, 255.0, 255.0, 0.0))

    def _sample(self, tile: Array, x: float, y: float) -> Array:
        down, across = tile.shape
        return cv2.remap(
            tile, wrapped(self._u + np.float32(x % across), across - 1),
            wrapped(self._v + np.float32(y % down), down - 1), cv2.INTER_LINEAR,
        )  # fmt: skip
