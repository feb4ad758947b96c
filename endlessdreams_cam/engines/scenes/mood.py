"""The mood of a scene (hour, weather, palette) and the light that follows from it.

One key light colours all layers: scenes take their colours from `Light`, so that any scene goes
with any hour, and blends with any other.
"""

from __future__ import annotations

import colorsys
import math
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Colour = tuple[float, float, float]
"""RGB as displayed, 0…1."""


class Weather(StrEnum):
    """What the air does."""

    CLEAR = "clear"
    CLOUDS = "clouds"
    MIST = "mist"
    RAIN = "rain"
    SNOW = "snow"
    STORM = "storm"


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours that words asked for ("emerald", "rose and gold"): ramp from dark to light.

    name is empty for the scene's natural colours; strength 0…1 is how far they give way.
    """

    name: str = ""
    ramp: tuple[Colour, ...] = ()
    strength: float = 0.0


@dataclass(frozen=True, slots=True)
class Mood:
    """What the words of a prompt ask of a scene.

    hour: 0…24, the time of day. detail words such as "calm" or "stormy" arrive as energy, −1…1,
    added to the hand's. words are the prompt's own, lower case, for what only one scene knows
    ("campfire", "jellyfish", "tulips").
    """

    seed: int = 1
    hour: float = 19.0
    weather: Weather = Weather.CLEAR
    palette: Palette = Palette()
    energy: float = 0.0
    words: frozenset[str] = frozenset()

    def at(self, hour: float) -> Mood:
        """Return this mood at another hour."""
        return replace(self, hour=hour % 24)

    def says(self, *words: str) -> bool:
        """Whether the prompt has one of these words."""
        return any(word in self.words for word in words)


@dataclass(frozen=True, slots=True)
class Light:
    """The light of a scene.

    zenith, middle, horizon: the sky from top to bottom. key: the sun's or moon's colour on
    things; ambient: what the shadows get; haze: what far things fade into. sun_x, sun_y: where
    the key light stands in the picture (0…1, sun_y over 1: below the horizon); azimuth −1…1: the
    side that it shines from. night 0…1; dusk 0…1 near sunrise and sunset; haziness 0…1.
    """

    zenith: Colour
    middle: Colour
    horizon: Colour
    key: Colour
    ambient: Colour
    haze: Colour
    sun_x: float
    sun_y: float
    azimuth: float
    night: float
    dusk: float
    haziness: float

    def sky(self, height: int) -> NDArray[np.float32]:
        """Return the sky's colours from zenith (row 0) to horizon, (height, 3) float32."""
        at = np.linspace(0, 1, max(height, 2), dtype=np.float32)
        stops = np.array([self.zenith, self.middle, self.horizon], np.float32)
        channels = [np.interp(at**0.85, (0, 0.55, 1), stops[:, c]) for c in range(3)]
        return np.stack(channels, axis=1).astype(np.float32)


# The day: hour → zenith, middle, horizon, key, ambient, haze, as sRGB hex. Nights are blue to
# violet (never olive or mustard: no hue of 45–75° as night or key light), dusks rose to amber.
_DAY: tuple[tuple[float, str, str, str, str, str, str], ...] = (
    (0.0, "050818", "0b1538", "1b2f63", "9fb8ee", "0e1734", "1a2a58"),
    (4.3, "070b22", "131d4a", "33407f", "93a8e8", "141c40", "29366f"),
    (5.6, "1b2257", "5c4a8c", "e58f86", "ffb59a", "3d3768", "9c6f92"),
    (6.6, "3a5b9e", "b78fb0", "ffc48f", "ffd0a0", "5d6494", "d9a9a4"),
    (8.5, "2f74c8", "7fb4e6", "cfe4f2", "fff0d8", "7f9cc4", "c3d9ea"),
    (13.0, "1f66c4", "5fa4e6", "bfe0f4", "fff8ea", "86a8cc", "b9d6ec"),
    (16.5, "2a68ba", "84b0de", "f0dcc4", "ffe6bd", "8594ba", "d2cfd4"),
    (18.2, "35479a", "c0719a", "ffab6b", "ffbe80", "66558c", "cf8f93"),
    (19.3, "1f2566", "8c3f82", "ff7a4d", "ff9a66", "452f6b", "9e5277"),
    (20.3, "11174a", "43307c", "c0567a", "e88aa0", "2a2357", "5f3f7c"),
    (20.9, "0d1950", "2a4796", "8d86c4", "b7b6f2", "1f2a5e", "4c5698"),
    (21.5, "080d2c", "1a2258", "3d3f86", "a3b2ec", "161b44", "2b3370"),
    (24.0, "050818", "0b1538", "1b2f63", "9fb8ee", "0e1734", "1a2a58"),
)


def _rgb(code: str) -> Colour:
    red, green, blue = (int(code[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return (red, green, blue)


def mix(a: Colour, b: Colour, u: float) -> Colour:
    """Return the colour a share u of the way from a to b."""
    return (a[0] + (b[0] - a[0]) * u, a[1] + (b[1] - a[1]) * u, a[2] + (b[2] - a[2]) * u)


def scale(a: Colour, by: float) -> Colour:
    """Return a colour made brighter or darker."""
    return (a[0] * by, a[1] * by, a[2] * by)


_VIVID = 2.2  # how many times the chroma of a mixed colour is raised at most


def luminance(a: Colour) -> float:
    """Return a displayed colour's luma, 0…1 (Rec. 709 weights)."""
    return 0.2126 * a[0] + 0.7152 * a[1] + 0.0722 * a[2]


def _smooth(low: float, high: float, x: float) -> float:
    u = min(max((x - low) / (high - low), 0.0), 1.0)
    return u * u * (3 - 2 * u)


def _tint(colour: Colour, palette: Palette, amount: float) -> Colour:
    """Return `colour` recoloured by the palette's ramp at its own brightness."""
    if not palette.ramp or amount <= 0:
        return colour
    ramp = palette.ramp
    at = min(max(luminance(colour), 0.0), 1.0) ** 0.7 * (len(ramp) - 1)
    low = min(int(at), len(ramp) - 2) if len(ramp) > 1 else 0
    found = mix(ramp[low], ramp[min(low + 1, len(ramp) - 1)], at - low)
    return _vivid(mix(colour, found, amount), amount * _chroma(found))


def _chroma(colour: Colour) -> float:
    return max(colour) - min(colour)


def _vivid(colour: Colour, chroma: float) -> Colour:
    """Return a colour with at least so much chroma: a blue sky mixed with gold is not grey."""
    more = min(chroma / max(_chroma(colour), 1e-3), _VIVID)
    if more <= 1:
        return colour
    grey = luminance(colour)
    red, green, blue = (min(max(grey + (c - grey) * more, 0.0), 1.0) for c in colour)
    return (red, green, blue)


def _greyer(colour: Colour, share: float) -> Colour:
    hue, light, saturation = colorsys.rgb_to_hls(*colour)
    red, green, blue = colorsys.hls_to_rgb(hue, light, saturation * (1 - share))
    return (red, green, blue)


def _slated(colour: Colour, share: float) -> Colour:
    return mix(colour, scale(_SLATE, luminance(colour)), share)


_GREY_BY_WEATHER = {
    Weather.CLEAR: 0.0,
    Weather.CLOUDS: 0.12,
    Weather.MIST: 0.35,
    Weather.RAIN: 0.55,
    Weather.SNOW: 0.35,
    Weather.STORM: 0.6,
}
_DARK_BY_WEATHER = {Weather.RAIN: 0.86, Weather.STORM: 0.70, Weather.CLOUDS: 0.96}
_SLATE_BY_WEATHER = {Weather.RAIN: 0.6, Weather.STORM: 0.6}
_SLATE: Colour = (0.82, 0.99, 1.28)
"""What rain clouds let through, at a luminance of about 1: a dusk under them is not brown."""
_HAZE_BY_WEATHER = {
    Weather.CLEAR: 0.25,
    Weather.CLOUDS: 0.35,
    Weather.MIST: 0.9,
    Weather.RAIN: 0.65,
    Weather.SNOW: 0.6,
    Weather.STORM: 0.5,
}


def light_for(mood: Mood) -> Light:
    """Return the light of a mood: interpolated between the hours, tinted by weather and palette."""
    hour = mood.hour % 24
    after = next(i for i, row in enumerate(_DAY) if row[0] > hour)
    early, late = _DAY[after - 1], _DAY[after]
    u = (hour - early[0]) / (late[0] - early[0])
    colours = [mix(_rgb(str(a)), _rgb(str(b)), u) for a, b in zip(early[1:], late[1:], strict=True)]
    grey, dark = _GREY_BY_WEATHER[mood.weather], _DARK_BY_WEATHER.get(mood.weather, 1.0)
    slate = _SLATE_BY_WEATHER.get(mood.weather, 0.0)
    colours = [scale(_slated(_greyer(colour, grey), slate), dark) for colour in colours]
    colours = [_tint(colour, mood.palette, mood.palette.strength) for colour in colours]
    zenith, middle, horizon, key, ambient, haze = colours
    # The sun crosses from left (6 h) to right (19 h), the moon likewise through the night. A seed
    # mirrors the day, so that not every sunset sinks at the right.
    by_day = 5.6 <= hour <= 19.9
    course = (hour - 5.6) / 14.3 if by_day else ((hour - 19.9) % 24) / 9.7
    height = math.sin(math.pi * course)
    side = 1 if mood.seed % 2 else -1
    sun_x = 0.5 + side * 0.34 * (2 * course - 1)
    dusk = max(_smooth(4.6, 6.2, hour) - _smooth(6.8, 8.6, hour),
               _smooth(16.6, 18.6, hour) - _smooth(19.8, 21.2, hour))  # fmt: skip
    night = 1 - _smooth(5.0, 6.6, hour) + _smooth(19.4, 21.0, hour)
    return Light(
        zenith=zenith,
        middle=middle,
        horizon=horizon,
        key=key,
        ambient=ambient,
        haze=haze,
        sun_x=sun_x,
        sun_y=1.0 - 0.85 * height,
        azimuth=min(max((sun_x - 0.5) * 2.4, -1.0), 1.0),
        night=min(max(night, 0.0), 1.0),
        dusk=min(max(dusk, 0.0), 1.0),
        haziness=_HAZE_BY_WEATHER[mood.weather],
    )
