"""The flower field: what only it does."""

from __future__ import annotations

import numpy as np
import pytest

from endlessdreams_cam.engines.scenes.mood import Mood, Weather, light_for
from endlessdreams_cam.engines.scenes.palettes import palette
from endlessdreams_cam.engines.scenes.world import Moment, Person, Picture
from endlessdreams_cam.engines.scenes.worlds import bloom_parts as blooms
from endlessdreams_cam.engines.scenes.worlds import flowers
from endlessdreams_cam.engines.scenes.worlds.flowers import Flowers
from endlessdreams_cam.engines.scenes.worlds.flowers_life_parts import Balloon
from endlessdreams_cam.engines.scenes.worlds.flowers_parts import colours_of
from endlessdreams_cam.engines.scenes.worlds.land_parts import Event
from endlessdreams_cam.frame import Size

_SIZE = Size(160, 90)


def _picture(mood: Mood, t: float = 3.0, person: Person | None = None) -> Picture:
    return Flowers(_SIZE, mood).paint(Moment(t, 0.0, 0.0, person=person)).copy()


def _someone(speed: float = 0.0) -> Person:
    presence = np.zeros((90, 160), np.float32)
    presence[10:, 55:105] = 1
    tone = np.where(presence > 0, 0.9, 0.5).astype(np.float32)
    tone[10:, 80:105] = 0.15
    flat = np.zeros_like(presence)
    return Person(presence, tone, flat, flat, np.full((90, 160, 2), speed, np.float32))


def _field(word: str) -> Picture:
    return _picture(Mood(seed=1, hour=12.0, words=frozenset({word})))[50:]


@pytest.mark.parametrize("species", list(blooms.Species))
def test_a_bloom_is_of_its_colour(species: blooms.Species) -> None:
    flower = blooms.bloom(np.random.default_rng(1), species, (0.9, 0.2, 0.5))
    cover = flower[3]
    assert 0.1 < cover.mean() < 0.8
    assert (flower[:3] <= cover + 1e-4).all()
    assert flower[0].sum() > flower[1].sum()
    edges = np.concatenate((cover[:, 0], cover[:, -1]))
    assert edges.max() < 0.5


def test_words_choose_the_flowers() -> None:
    poppies, lavender = _field("poppies"), _field("lavender")
    red = (poppies[..., 0] - poppies[..., 1]).clip(0).mean()
    violet = (lavender[..., 2] - lavender[..., 1]).clip(0).mean()
    assert red > 3 * (lavender[..., 0] - lavender[..., 1] - 0.2).clip(0).mean()
    assert violet > 3 * (poppies[..., 2] - poppies[..., 1]).clip(0).mean()


def test_one_flower_or_many_stand_for_the_same_field() -> None:
    np.testing.assert_array_equal(_field("tulip"), _field("tulips"))


def test_night_is_darker_than_noon_but_not_black() -> None:
    noon, night = (float(_picture(Mood(seed=2, hour=hour)).mean()) for hour in (13.0, 0.0))
    assert 0.03 < night < 0.5 * noon


def test_a_gust_bends_the_field() -> None:
    scene = Flowers(_SIZE, Mood(seed=2, hour=12.0))
    times = np.arange(0, 30, 1.0)
    x = np.linspace(0, 1, 160, dtype=np.float32)
    leans = [np.abs(scene._sway(t, 0.5, x, 5)[0]).mean() for t in times]
    assert max(leans) > 2 * min(leans)
    still = [np.abs(scene._sway(t, 0.0, x, 5)[0]).max() for t in times]
    assert max(still) < 1e-6


def test_tone_chooses_the_blooms() -> None:
    picture = _picture(Mood(seed=1, hour=12.0), person=_someone())
    bright, dark = picture[20:50, 58:76].mean(), picture[20:50, 84:102].mean()
    assert bright > dark + 0.15


def test_the_portrait_is_planted_bloom_by_bloom() -> None:
    shown = _picture(Mood(seed=1, hour=12.0), person=_someone())[18:48, 58:76].mean(axis=2)
    assert shown.std() > 0.04  # petals and the leaves between them, not one flat tone


def test_motion_opens_the_blooms_and_they_close_again() -> None:
    scene = Flowers(_SIZE, Mood(seed=1, hour=12.0))
    levels = []
    for speed, frames in ((0.0, 3), (0.5, 12), (0.0, 150)):
        for _ in range(frames):
            picture = scene.paint(Moment(3.0, 0.0, 1 / 30, person=_someone(speed)))
        levels.append(float(picture[20:45, 84:102].mean()))
    assert levels[1] > levels[0] + 0.05
    assert levels[2] == pytest.approx(levels[0], abs=0.01)


def test_a_balloon_comes_from_outside_and_floats_through() -> None:
    light = light_for(Mood(seed=1, hour=10.0))
    balloon = Balloon(_SIZE, 1, light, colours_of(light, (0.2, 0.4, 0.2)))
    changed = []
    for age in (0.0, 0.5, 1.0):
        sky = np.full((3, 90, 160), 0.5, np.float32)
        balloon.paint(sky, Event(0, age), 4.0, 0.0)
        changed.append(float(np.abs(sky - 0.5).max()))
    assert changed[0] < 0.02
    assert changed[1] > 0.1
    assert changed[2] < 0.02


def test_butterflies_stay_away_in_the_rain() -> None:
    painted: list[float] = []
    for weather in (Weather.CLEAR, Weather.RAIN):
        scene = Flowers(_SIZE, Mood(seed=1, hour=12.0, weather=weather))
        scene._butterflies.paint = lambda *_: painted.append(1.0)  # type: ignore[method-assign]
        scene.paint(Moment(3.0, 0.0, 0.0))
    assert len(painted) == 1


def test_the_words_colour_the_flowers_but_green_means_the_leaves():
    tulips = flowers._FIELDS["tulips"]
    dyed = flowers._dyed(tulips, palette(["rose", "pearl"]))[0].colours
    assert len(dyed) == len(tulips[0].colours)
    assert all(red >= 0.95 * max(green, blue) for red, green, blue in dyed)
    assert flowers._dyed(tulips, palette(["jade"])) == tulips
    assert flowers._dyed(tulips, palette([])) == tulips
