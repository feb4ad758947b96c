from __future__ import annotations

import numpy as np
import pytest

from endlessdreams_cam.engines.scenes.mood import Mood, Weather
from endlessdreams_cam.engines.scenes.world import Moment, Person, Picture
from endlessdreams_cam.engines.scenes.worlds.aurora import Aurora
from endlessdreams_cam.engines.scenes.worlds.aurora_land_parts import Lake, mountains, shore
from endlessdreams_cam.engines.scenes.worlds.aurora_parts import Curtain, Loom, noise_at
from endlessdreams_cam.frame import Size

_SIZE = Size(160, 90)


def _person() -> Person:
    ys, xs = np.mgrid[:90, :160].astype(np.float32)
    presence = (((xs - 80) / 24) ** 2 + ((ys - 42) / 30) ** 2 < 1).astype(np.float32)
    eyes = np.exp(-(((np.abs(xs - 80) - 10) / 4) ** 2) - ((ys - 36) / 3) ** 2)
    tone = (0.8 - 0.6 * eyes) * presence + 0.5 * (1 - presence)
    planes = (presence, tone, 0 * presence, -eyes * presence, np.zeros((90, 160, 2)))
    return Person(*(np.asarray(plane, np.float32) for plane in planes))


def _picture(mood: Mood, person: Person | None = None) -> Picture:
    scene = Aurora(_SIZE, mood)
    for n in range(20):
        picture = scene.paint(Moment(4 + n / 10, 0.1, 0.1, person=person))
    return picture


def test_a_line_of_noise_goes_round() -> None:
    curtain = Curtain(np.random.default_rng(1), 1.5, 0.4, 0.5, 1.0)
    line = curtain._rays
    places = np.array([0.2, 0.9], np.float32)
    assert np.allclose(noise_at(line, places), noise_at(line, places - 3), atol=0.02)
    assert abs(float(line[0] - line[-1])) < 0.1


def test_a_curtain_hangs_above_its_foot() -> None:
    loom = Loom(100, 80, 0.8)
    foot = np.full(100, 0.5, np.float32)
    light = loom.rays(foot, np.full(100, 0.4, np.float32), np.ones(100, np.float32)).real
    rows = np.flatnonzero(light[:, 50] > 0.01) * 0.01
    assert rows.max() <= 0.5
    assert 0.05 < rows.min() < 0.3
    assert light[:, 50].argmax() > 40


def test_curtains_fold_without_leaving_the_canvas() -> None:
    random = np.random.default_rng(3)
    loom = Loom(120, 60, 0.7)
    for n in range(12):
        loom.weave(Curtain(random, 1.0 + 0.2 * n, 0.4, 0.6, 1.0), 7.0 * n, 0.1 * n)
    assert np.isfinite(loom.canvas).all()
    assert loom.canvas.real.min() >= 0
    assert (loom.canvas.real.max(0) > 0.02).mean() > 0.9


def test_the_lake_mirrors_late() -> None:
    lake = Lake(_SIZE, np.random.default_rng(1), 60, 1.0)
    dark, bright = np.zeros((60, 160, 3), np.float32), np.ones((60, 160, 3), np.float32)
    lake.reflect(dark, 0.0, 0.1, 0.5)
    soon = lake.reflect(bright, 0.1, 0.1, 0.5).mean()
    for _ in range(20):
        later = lake.reflect(bright, 0.2, 0.1, 0.5).mean()
    assert 0 < soon < 0.4 * later


def test_the_lake_mirrors_the_sky_upside_down() -> None:
    lake = Lake(_SIZE, np.random.default_rng(1), 60, 0.2)
    above = np.zeros((60, 160, 3), np.float32)
    above[40:44] = 1
    for _ in range(3):
        water = lake.reflect(above, 0.0, 1.0, 0.3)
    row = water.mean((1, 2)).argmax()
    assert abs(row * 1.45 - 18) < 5


def test_the_land_goes_on_sideways() -> None:
    light = [np.ones((90, 160, 3), np.float32) for _ in range(2)]
    random = np.random.default_rng(1)
    falling, own = np.full((160, 3), 0.3, np.float32), np.zeros(3)
    for layer in (
        mountains(_SIZE, random, 0.68, 0.2, 4, 1.0),
        shore(_SIZE, random, 1.0, True, 1.0),
    ):
        for canvas, pan in zip(light, (0.0, 1.0), strict=True):
            layer.put(canvas, falling, own, pan, 1.0)
    assert np.allclose(light[0], light[1], atol=0.02)
    assert light[0].min() < 0.2


def test_the_sky_is_green_and_the_lake_too() -> None:
    picture = _picture(Mood(seed=9, hour=23))
    sky, lake = picture[:50].mean((0, 1)), picture[62:80].mean((0, 1))
    assert sky[1] > sky[0] + 0.02
    assert lake[1] > lake[0]


def test_day_is_brighter_than_night() -> None:
    assert _picture(Mood(seed=5, hour=13)).mean() > _picture(Mood(seed=5, hour=0)).mean() + 0.05


@pytest.mark.parametrize("word", ["cabin", "fjord", "moon", "stars", "storm", "frozen"])
def test_words_change_the_land_and_the_sky(word: str) -> None:
    natural = _picture(Mood(seed=2, hour=23))
    asked = _picture(Mood(seed=2, hour=23, words=frozenset({word})))
    assert np.abs(asked - natural).max() > 0.1


def test_a_face_shines_in_the_sky_and_in_the_lake() -> None:
    mood = Mood(seed=2, hour=23)
    alone, seen = _picture(mood), _picture(mood, _person())
    change = np.abs(seen - alone).mean(2)
    assert change[20:45, 66:94].mean() > 0.04
    assert change[64:76, 66:94].mean() > 0.01
    eyes = seen[27:30, 71:75].mean()
    cheeks = seen[35:40, 74:86].mean()
    assert cheeks > 1.3 * eyes


def test_a_shooting_star_crosses_the_night() -> None:
    scene = Aurora(_SIZE, Mood(seed=3, hour=0))
    begins = next(t for t in np.arange(0, 100, 0.1) if scene._meteor.at(t) is not None)
    middle = scene._stars * 0
    scene._paint_sky(middle, begins + 0.6)
    quiet = scene._stars * 0
    scene._paint_sky(quiet, begins - 3)
    assert middle.max() > quiet.max() + 0.05


def test_the_land_is_the_same_at_every_hour_and_in_every_weather() -> None:
    moods = Mood(seed=4, hour=23), Mood(seed=4, hour=8, weather=Weather.SNOW)
    first, second = (Aurora(_SIZE, mood)._far._strip.seen(0)[0].copy() for mood in moods)
    assert np.array_equal(first, second)
