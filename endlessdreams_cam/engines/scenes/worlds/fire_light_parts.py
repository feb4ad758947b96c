"""The colour of heat."""

from __future__ import annotations

import numpy as np

from endlessdreams_cam.engines.scenes.mood import Mood
from endlessdreams_cam.engines.scenes.paint import Array

HOTTEST = 1.4
"""The heat that the table of colours ends at."""


def emission(mood: Mood) -> Array:
    """Return linear light by heat 0…1.4, (1024, 3): a black body's way from red to white.

    Gas burns blue; a palette dyes the flames in its own colours.
    """
    x = np.linspace(0, HOTTEST, 1024)
    rows = np.stack((3.6 * x**2.4, 1.35 * x**3.7, 0.42 * x**6.0), 1)
    if mood.says("gas", "blue") and not mood.palette.ramp:
        rows = np.stack((0.34 * x**5.0, 0.95 * x**3.2, 3.4 * x**1.9), 1)
    if mood.palette.ramp:
        shown = np.sqrt(1 - np.exp(-rows))
        bright = shown @ (0.30, 0.59, 0.11)
        dyes = np.array(mood.palette.ramp)
        stops = np.linspace(0, 1, len(dyes))
        dyed = np.stack([np.interp(bright**0.8, stops, dyes[:, c]) for c in range(3)], 1)
        dyed *= np.clip(bright * 6, 0, 1)[:, None]
        shown += (dyed - shown) * mood.palette.strength
        rows = -np.log(1 - np.clip(shown, 0, 0.985) ** 2)
    return rows.astype(np.float32)
