"""The colours of the synthwave world, and what stands still behind it: sky, stars, the slit sun."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes.mood import Colour, Light, Mood, luminance, mix, scale
from endlessdreams_cam.engines.scenes.paint import Array, fbm, grid, halo, smoothstep
from endlessdreams_cam.frame import Size

Pixels8 = NDArray[np.uint8]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Scheme:
    """The colours of one hour: sky from top to horizon, the sun's top and foot, lines, solids."""

    zenith: Colour
    upper: Colour
    lower: Colour
    horizon: Colour
    sun_top: Colour
    sun_foot: Colour
    near: Colour
    far: Colour
    floor: Colour
    ridge: Colour


def _scheme(codes: str) -> Scheme:
    colours = [
        (int(c[0:2], 16) / 255, int(c[2:4], 16) / 255, int(c[4:6], 16) / 255) for c in codes.split()
    ]
    return Scheme(*colours)


# Families of night, dusk and day.
_FAMILIES: tuple[tuple[Scheme, Scheme, Scheme], ...] = tuple(
    (_scheme(night), _scheme(dusk), _scheme(day))
    for night, dusk, day in (
        (  # magenta and cyan
            "07031f 1a0a4a 4a1280 b81f92 ffc04a ff1f86 1fd0ff c93cff 080220 150630",
            "160c48 52207e c23c92 ff7d5a ffe770 ff3a80 35dcff ff58cf 140630 250c46",
            "3f97e0 86c6f0 e9b6e6 ffdccb fff4bf ff86b4 f4fdff ff74d0 5b46a8 7058bd",
        ),
        (  # coral and teal
            "020b24 06234e 15567c e0567f ffcf5a ff4a6a 2ff0d6 ff5d9e 02101f 071c38",
            "0d1d4f 2d4d8c b4668f ffa05e fff08a ff5a5a 3ff5d8 ff7a9a 0a1a36 15284e",
            "2fa6c8 7fd4d8 ffd0c0 ffe9c8 fffad0 ff9a8a ffffff ff8f9e 3c7aa0 5590b0",
        ),
        (  # violet and electric blue
            "03041c 0c1350 2b27a0 8a3ae0 e8d0ff 8a3cff 4d8dff a04dff 030318 0a0a32",
            "10104a 3a2a9a 8d4ad0 ff8ad0 fff0c0 ff6ac0 5aa8ff c46aff 0b0a34 1a1650",
            "5a8af0 9ab8f8 d8c0fa ffdcec fff4dc ffa0d8 ffffff b07aff 5058c0 6a6ed4",
        ),
        (  # red and gold
            "0c0316 2a0833 6a1040 d8303c ffd060 ff3a3a ffb03a ff3a6a 0c0212 1e0620",
            "24093c 6a1a56 cf3f52 ff9148 fff07a ff5038 ffc84a ff5a7a 1c0726 340d34",
            "5a8ad0 a8b8e0 f6c2b4 ffe2b8 fff8c8 ff9a70 fff6e0 ff8a8a 7a5a9a 9070a8",
        ),
    )
)


def scheme_for(light: Light, mood: Mood) -> Scheme:
    """Return the colours of a mood: its seed's family at its hour, tinted by its palette."""
    night, dusk, day = _FAMILIES[mood.seed % len(_FAMILIES)]
    at_dusk = light.dusk * (1 - 0.5 * light.night)
    by_day = (1 - light.night) * (1 - at_dusk)
    found = []
    for field in fields(Scheme):
        dark, low, high = (getattr(s, field.name) for s in (night, dusk, day))
        colour = mix(dark, low, at_dusk / max(at_dusk + light.night * (1 - at_dusk), 1e-3))
        colour = mix(colour, high, by_day)
        found.append(_sunny(colour, mood) if "sun" in field.name else _tinted(colour, mood))
    return Scheme(*found)


def _sunny(colour: Colour, mood: Mood) -> Colour:
    """Return the sun's colour, tinted; a yellow one dyed cyan would be grey and stays itself."""
    tinted = _tinted(colour, mood)
    if not mood.palette.ramp or _chroma(tinted) > max(0.3, 0.55 * _chroma(colour)):
        return tinted
    vivid = max(mood.palette.ramp[3:], key=_chroma, default=colour)
    return colour if _chroma(colour) > 0.4 else mix(colour, vivid, mood.palette.strength)


def _chroma(colour: Colour) -> float:
    return max(colour) - min(colour)


def _tinted(colour: Colour, mood: Mood) -> Colour:
    """Return a colour drawn toward the palette's at its own brightness."""
    ramp = mood.palette.ramp
    if not ramp:
        return colour
    at = luminance(colour) ** 0.6 * (len(ramp) - 1)
    low = min(int(at), len(ramp) - 2)
    return mix(colour, mix(ramp[low], ramp[low + 1], at - low), 0.85 * mood.palette.strength)


def beats(t: float) -> float:
    """Return how many beats have gone by at a time: 120 a minute."""
    return 2.0 * t


class Backdrop:
    """Sky, stars and the sun down to the horizon; the rows below it glow faintly."""

    def __init__(
        self, random: np.random.Generator, size: Size, horizon: int, scheme: Scheme, light: Light
    ) -> None:
        self._size, self._horizon, self._scheme = size, horizon, scheme
        self._unit = size.height / 360
        self.sun_x = size.width * (0.5 + random.uniform(-0.05, 0.05))
        day = (1 - light.night) * (1 - light.dusk)
        self.radius = size.height * random.uniform(0.235, 0.275)
        self.sun_y = horizon - size.height * (0.12 + 0.06 * day)
        self._still = self._sky(random, light)
        self._stars = self._scatter(random, light.night + 0.45 * light.dusk)
        self._place_sun()

    def _sky(self, random: np.random.Generator, light: Light) -> Pixels8:
        width, height = self._size
        scheme = self._scheme
        at = np.clip(np.arange(height, dtype=np.float32) / max(self._horizon, 1), 0, 1)
        stops = np.array([scheme.zenith, scheme.upper, scheme.lower, scheme.horizon])
        rows = np.stack([np.interp(at**1.15, (0, 0.42, 0.78, 1), stops[:, c]) for c in range(3)], 1)
        small = Size(max(width // 2, 16), max(height // 2, 16))
        xs, ys = grid(small)
        haze = fbm(random, small, cells=3, octaves=4)
        band = np.exp(-(((ys * height / self._horizon - 0.45 - 0.2 * (xs - 0.5)) / 0.28) ** 2))
        veil = cv2.resize(smoothstep(0.35, 0.95, haze) * band, (width, height))
        glow = halo(self._size, self.sun_x, self.sun_y, self.radius * 1.25, 2.6)
        wide = np.exp(-np.abs(np.arange(height) - self._horizon) / (0.09 * height))[:, None]
        sky = np.repeat(rows[:, None, :], width, 1)
        for level, colour in (
            (veil * (0.2 + 0.16 * light.night), mix(scheme.lower, scheme.horizon, 0.4)),
            (glow * 0.55, mix(scheme.horizon, scheme.sun_foot, 0.35)),
            (wide * 0.32, mix(scheme.horizon, scheme.sun_top, 0.4)),
        ):
            sky += (1 - sky) * np.multiply.outer(np.broadcast_to(level, sky.shape[:2]), colour)
        noise = random.random((height, width, 3), np.float32)
        return np.clip(sky * 255 + noise, 0, 255).astype(np.uint8)

    def _scatter(self, random: np.random.Generator, night: float) -> tuple[NDArray[Any], ...]:
        """Return the stars as columns: x, y, level, pace, phase."""
        count = round(230 * min(night, 1.0) * (self._size.width / 640) ** 0.5)
        x = random.uniform(2, max(self._size.width - 3, 3), count)
        y = random.uniform(0, 1, count) ** 1.3 * self._horizon * 0.94
        level = random.random(count) ** 3.5 * 0.85 + 0.15
        level *= 1 - 0.8 * (y / self._horizon) ** 2
        far = np.hypot(x - self.sun_x, y - self.sun_y) > self.radius * 1.06
        keep = [part[far] for part in (x, y, level)]
        count = int(far.sum())
        keep[:2] = [part.astype(np.int64) for part in keep[:2]]
        return (*keep, random.uniform(0.6, 3.2, count), random.uniform(0, math.tau, count))

    def _place_sun(self) -> None:
        """Paint the sun's disc, its gradient and its place in the picture."""
        x, y, r = self.sun_x, self.sun_y, self.radius
        top, bottom = max(int(y - r - 2), 0), min(int(y + r + 3), self._horizon + 1)
        left, right = max(int(x - r - 2), 0), min(int(x + r + 3), self._size.width)
        self._area = np.s_[top:bottom, left:right]
        ys, xs = np.mgrid[top:bottom, left:right].astype(np.float32)
        apart = np.sqrt((xs + 0.5 - x) ** 2 + (ys + 0.5 - y) ** 2)
        self._disc = np.clip((r - apart) / 1.3 + 0.5, 0, 1)
        self._down = ((np.arange(top, bottom, dtype=np.float32) + 0.5 - y) / r + 1) / 2
        scheme = self._scheme
        colours = np.array([scale(scheme.sun_top, 1.04), mix(scheme.sun_top, scheme.sun_foot, 0.5),
                            scheme.sun_foot])  # fmt: skip
        rows = np.stack(
            [np.interp(self._down, (0.05, 0.45, 0.95), colours[:, c]) for c in range(3)], 1
        )
        # A hint of a sphere: the limb is a little deeper.
        limb = 1 - 0.16 * np.clip(apart / r, 0, 1) ** 6
        self._sun = np.clip(rows[:, None, :] * limb[..., None] * 255, 0, 255).astype(np.float32)

    def _slits(self, t: float) -> Array:
        """Return how much of each of the sun's rows is left between the bars that slide down it."""
        u = (self._down - 0.36) / 0.64
        bars = np.float32(7.0)
        # Bars come from nowhere at the sun's middle and grow on their way down.
        along = bars * np.maximum(u, 0) ** 0.8 - np.float32(t * 0.16)
        wide = np.clip(0.05 + 0.5 * u, 0, 0.6)
        slope = bars * 0.8 * np.maximum(u, 0.05) ** -0.2 / (0.64 * 2 * self.radius)
        inside = wide / 2 - np.abs((along % 1.0) - 0.5)
        open_ = np.clip(inside / slope + 0.5, 0, 1) * smoothstep(0.0, 0.12, u)
        return (1 - open_).astype(np.float32)

    def paint(self, t: float) -> Pixels8:
        """Return the backdrop at time t, uint8 (height, width, 3)."""
        picture = self._still.copy()
        x, y, level, pace, phase = self._stars
        shine = (level * (0.72 + 0.28 * np.sin(t * pace + phase)) * 235).astype(np.uint8)
        _brighten(picture, y, x, shine)
        big = shine > 100
        for down, right in ((0, 1), (1, 0), (0, -1), (-1, 0)):
            _brighten(picture, y[big] + down, x[big] + right, shine[big] // 3)
        part = picture[self._area]
        cover = (self._disc * self._slits(t)[:, None])[..., None]
        part[:] = part + (self._sun - part) * cover
        return picture


def _brighten(picture: Pixels8, rows: Places, columns: Places, level: Pixels8) -> None:
    found = picture[rows, columns]
    picture[rows, columns] = np.maximum(found, level[:, None])
