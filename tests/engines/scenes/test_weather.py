"""Rain, snow, mist and lightning."""

from __future__ import annotations

import numpy as np
import pytest

from endlessdreams_cam.engines.scenes.mood import Mood, Weather, light_for
from endlessdreams_cam.engines.scenes.weather import Weathering, lightning
from endlessdreams_cam.frame import Size

_SIZE = Size(160, 90)


def _over(weather: Weather, t: float, grey: float = 0.3) -> np.ndarray:
    mood = Mood(seed=2, hour=13.0, weather=weather)
    picture = np.full((90, 160, 3), grey, np.float32)
    return Weathering(_SIZE, mood, light_for(mood)).over(picture, t).copy()


@pytest.mark.parametrize("weather", [Weather.CLEAR, Weather.CLOUDS])
def test_fair_weather_leaves_the_picture_alone(weather: Weather) -> None:
    assert (_over(weather, 3.0) == np.float32(0.3)).all()


@pytest.mark.parametrize("weather", [Weather.RAIN, Weather.STORM, Weather.SNOW, Weather.MIST])
def test_weather_shows_and_moves(weather: Weather) -> None:
    first, later = _over(weather, 3.0), _over(weather, 3.5)
    assert first.min() >= 0.3 - 1e-6
    assert first.max() > 0.38
    assert np.abs(first - later).max() > 0.01


def test_snow_falls_down() -> None:
    first, later = _over(Weather.SNOW, 10.0)[..., 1], _over(Weather.SNOW, 10.1)[..., 1]

    def match(shift: int) -> float:
        return float(np.abs(np.roll(first, shift, axis=0)[8:-8] - later[8:-8]).mean())

    assert match(1) < match(-1)


def test_mist_lies_low() -> None:
    rows = _over(Weather.MIST, 5.0).mean(axis=(1, 2))
    assert rows[-20:].mean() > rows[:20].mean() + 0.05


def test_lightning_strikes_twice_at_most_and_then_rests() -> None:
    times = np.arange(0, 240, 1 / 60)
    levels = np.array([lightning(4, float(t)) for t in times])
    rising = (levels[1:] > 0.05) & (levels[:-1] <= 0.05)
    starts = times[1:][rising]
    assert len(starts) > 8
    assert np.diff(starts).min() > 6
    assert levels.max() <= 1
    # Two strokes show as two peaks close together, never three.
    peaks = (levels[1:-1] > levels[:-2]) & (levels[1:-1] >= levels[2:]) & (levels[1:-1] > 0.1)
    for start in starts:
        assert peaks[(times[1:-1] >= start) & (times[1:-1] < start + 5)].sum() <= 2
