"""The air of the city: its colours by hour, weather, palette and seed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes.mood import (
    Colour,
    Light,
    Mood,
    Weather,
    luminance,
    mix,
    scale,
)

# What a city's night glows like, and the neon that goes with it: one per seed.
_GLOWS: tuple[Colour, ...] = ((1.0, 0.36, 0.58), (0.3, 0.62, 0.9), (1.0, 0.5, 0.5), (0.6, 0.4, 1))
_NEONS: tuple[tuple[Colour, ...], ...] = (
    ((1.0, 0.2, 0.52), (0.2, 0.86, 1.0), (1.0, 0.62, 0.36), (0.55, 0.36, 1.0)),
    ((0.2, 0.95, 0.8), (1.0, 0.34, 0.4), (0.3, 0.62, 1.0), (1.0, 0.8, 0.7)),
    ((1.0, 0.45, 0.26), (1.0, 0.18, 0.5), (0.4, 0.84, 1.0), (0.78, 0.5, 1.0)),
    ((0.75, 0.4, 1.0), (0.3, 0.95, 1.0), (1.0, 0.3, 0.7), (0.95, 0.95, 1.0)),
)
# Hour → share of windows with a lamp on: the city gets up, comes home, goes to bed.
_OCCUPIED = ((0, 0.4), (3, 0.24), (5.5, 0.34), (7, 0.4), (9, 0.2), (15, 0.2), (18, 0.5), (20, 0.64),
             (22, 0.55), (24, 0.4))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Air:
    """The colours that the city is painted in.

    lit, shade: a wall toward and away from the key light; glass: unlit panes; glow: what the
    city's lamps give the night sky; neon: its signs. side: 1 when the light comes from the right.
    evening: 0 by day … 1 when lamps count. occupied: share of windows with a lamp on; warm: how
    far their light is a home's, 0…1.
    """

    lit: Colour
    shade: Colour
    haze: Colour
    glass: Colour
    glow: Colour
    neon: tuple[Colour, ...]
    side: int
    evening: float
    occupied: float
    thickness: float
    warm: float = 0.0


def air_for(light: Light, mood: Mood) -> Air:
    """Return the city's colours in a light and a mood."""
    evening = min(1.0, light.night + 0.7 * light.dusk)
    if mood.weather in (Weather.RAIN, Weather.STORM, Weather.MIST):
        evening = max(evening, 0.6)
    glow, neon = _palette(mood)
    sun = 0.62 - 0.45 * light.night - 0.28 * light.dusk
    lit = tuple(min(a * 0.36 + k * sun, 1.0) for a, k in zip(light.ambient, light.key, strict=True))
    wet = mood.weather in (Weather.RAIN, Weather.STORM, Weather.MIST)
    haze = mix(light.haze, light.horizon, 0.35 + 0.2 * light.dusk)
    haze = mix(haze, scale(glow, 0.5 if wet else 0.55), (0.62 if wet else 0.55) * light.night)
    hours, shares = zip(*_OCCUPIED, strict=True)
    return Air(
        lit=(lit[0], lit[1], lit[2]),
        shade=scale(light.ambient, 0.5 - 0.1 * light.dusk),
        haze=haze,
        glass=scale(mix(light.middle, light.zenith, 0.5), 0.5),
        glow=glow,
        neon=neon,
        side=1 if light.azimuth >= 0 else -1,
        evening=evening,
        occupied=float(np.interp(mood.hour % 24, hours, shares)),
        thickness=0.35 * light.haziness,
        warm=0.85 if mood.says("warm", "cosy", "cozy", "amber", "golden", "yellow") else 0.0,
    )


_SLATE: Colour = (0.2, 0.27, 0.4)
_WET = {Weather.RAIN: 0.55, Weather.STORM: 0.7}


def weathered(light: Light, mood: Mood) -> Light:
    """Return the light under rain clouds: a slate dusk in which lamps count, whatever the hour."""
    wet = _WET.get(mood.weather, 0.0)

    def under(colour: Colour, dim: float) -> Colour:
        return mix(colour, scale(_SLATE, 0.5 + 1.6 * luminance(colour) * dim), wet)

    return replace(
        light, zenith=under(light.zenith, 0.5), middle=under(light.middle, 0.6),
        horizon=under(light.horizon, 0.75), haze=under(light.haze, 0.75),
        ambient=under(light.ambient, 0.7), key=under(light.key, 0.9),
    )  # fmt: skip


def _palette(mood: Mood) -> tuple[Colour, tuple[Colour, ...]]:
    glow = _GLOWS[mood.seed % len(_GLOWS)]
    neon = _NEONS[mood.seed * 7 // 3 % len(_NEONS)]
    ramp, strength = mood.palette.ramp, mood.palette.strength
    if not ramp:
        return glow, neon
    glow = mix(glow, ramp[len(ramp) * 2 // 3], strength)
    bright = ramp[len(ramp) // 2 :]
    neon = tuple(mix(c, bright[n % len(bright)], 0.85 * strength) for n, c in enumerate(neon))
    return glow, neon


def wrapped(at: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """Bring places into 0…side of a tile, in place; OpenCV's own wrapping is five times slower."""
    at -= np.floor(at * np.float32(1 / side)) * np.float32(side)
    return at
