"""Over hours the time of day and the weather wander, while the autopilot dreams alone."""

from __future__ import annotations

import math
from dataclasses import replace

from endlessdreams_cam.engines.scenes.lexicon import Wish
from endlessdreams_cam.engines.scenes.mood import Mood, Weather
from endlessdreams_cam.engines.scenes.seeds import pick

# (hours of the day, period in seconds): at their fastest together one hour in four minutes.
_SWINGS = ((4.0, 2.6 * 3600), (1.0, 1.3 * 3600))
_STEP_H = 0.5  # a scene takes its new light in such steps
_NAMED = 0.3  # how far an hour that the words name gives way
_SKIES = (Weather.CLEAR, Weather.CLEAR, Weather.CLOUDS, Weather.MIST)
_SKY_S = 23 * 60.0
_SETTLED_S = 10 * 60.0  # the first sky stays as the words have it


class Hours:
    """Integrates the time that the autopilot was on."""

    def __init__(self) -> None:
        self._alone_s = 0.0

    def advance(self, dt: float, *, alone: bool) -> None:
        """Let time go on; it stands while a hand plays."""
        if alone:
            self._alone_s += dt

    def light(self, wish: Wish, mood: Mood) -> Mood:
        """Return a mood at the hour, and in the weather, to which it has wandered."""
        offset = sum(
            reach * math.sin(math.tau * self._alone_s / period) for reach, period in _SWINGS
        )
        steps = round(offset * (_NAMED if wish.timed else 1.0) / _STEP_H)
        if steps:
            mood = mood.at(mood.hour + steps * _STEP_H)
        if self._alone_s > _SETTLED_S and wish.mood.weather is Weather.CLEAR:
            mood = replace(mood, weather=pick(_SKIES, "sky", mood.seed, self._alone_s // _SKY_S))
        return mood
