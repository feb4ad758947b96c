"""The forest: what only it does."""

from __future__ import annotations

import numpy as np
import pytest

from endlessdreams_cam.engines.scenes.mood import Mood, light_for
from endlessdreams_cam.engines.scenes.wind import Wind
from endlessdreams_cam.engines.scenes.world import Moment, Person, Picture
from endlessdreams_cam.engines.scenes.worlds import undergrowth_parts as floor
from endlessdreams_cam.engines.scenes.worlds.conifer_parts import Kind, conifer, resized
from endlessdreams_cam.engines.scenes.worlds.forest import Forest
from endlessdreams_cam.engines.scenes.worlds.forest_life_parts import Deer, Motes, Owl
from endlessdreams_cam.engines.scenes.worlds.forest_parts import Shafts, gusts
from endlessdreams_cam.engines.scenes.worlds.land_parts import Event
from endlessdreams_cam.frame import Size

_SIZE = Size(128, 72)


def _picture(mood: Mood, t: float = 3.0, person: Person | None = None) -> Picture:
    return Forest(_SIZE, mood).paint(Moment(t, 0.0, 0.0, person=person)).copy()


def _someone() -> Person:
    presence = np.zeros((90, 160), np.float32)
    presence[15:70, 60:100] = 1
    tone = np.where(presence > 0, 0.9, 0.5).astype(np.float32)
    tone[40:, 60:100] = 0.1
    flat = np.zeros_like(presence)
    return Person(presence, tone, flat, flat, np.zeros((90, 160, 2), np.float32))


@pytest.mark.parametrize("kind", list(Kind))
def test_a_tree_stands_on_its_last_row_and_narrows_upward(kind: Kind) -> None:
    tree = conifer(np.random.default_rng(2), kind, 120)
    cover, light = tree
    assert cover.shape[0] == 120
    assert 0 <= cover.min() <= cover.max() <= 1
    assert (light <= cover + 1e-6).all()
    assert cover[-2].max() > 0.5
    if kind in (Kind.SPRUCE, Kind.FIR):
        assert cover[5:25].sum() < 0.5 * cover[85:105].sum()


def test_trees_of_one_kind_differ() -> None:
    one, other = (conifer(np.random.default_rng(n), Kind.SPRUCE, 90) for n in (1, 2))
    assert np.abs(one - other).mean() > 0.02


def test_a_tree_is_resized_whole() -> None:
    tree = conifer(np.random.default_rng(2), Kind.FIR, 120)
    small = resized(tree, 40)
    assert small.shape[1] == 40
    assert small[0].mean() == pytest.approx(tree[0].mean(), rel=0.1)


def test_undergrowth_covers_and_is_lit() -> None:
    random = np.random.default_rng(4)
    for sprite in (
        floor.fern(random, 30),
        floor.grass(random, 24),
        floor.stone(random, 20),
        floor.trunk(random, 90, 20),
    ):
        cover, light = sprite
        assert 0.05 < cover.mean() < 1
        assert (light <= cover + 1e-6).all()
        assert light.max() > 0.2


def test_treetops_lean_the_way_the_wind_blows() -> None:
    wind = Wind(3)
    lean = np.mean([gusts(wind, t, 0.5, 0.0).mean() for t in np.arange(0, 60, 0.5)])
    assert np.sign(lean) == wind.towards
    calm = np.mean([np.abs(gusts(wind, t, 0.1, 0.0)).mean() for t in np.arange(0, 60, 0.5)])
    assert calm < 0.4 * abs(lean)


def test_shafts_fall_from_the_sun_and_sweep() -> None:
    shafts = Shafts(_SIZE, 64.0, 5.0, 3)
    first, later = shafts.at(0.0, 0.0), shafts.at(6.0, 0.0)
    assert first[:3].max() < 0.1
    assert first[18:].max() > 0.15
    assert np.abs(first - later).max() > 0.1


def test_night_is_darker_than_noon_but_not_black() -> None:
    noon, night = (float(_picture(Mood(seed=2, hour=hour)).mean()) for hour in (13.0, 0.0))
    assert 0.03 < night < 0.5 * noon


def test_words_dress_the_trees() -> None:
    plain, autumn, winter = (
        _picture(Mood(seed=2, hour=13.0, words=frozenset(words)))[50:]
        for words in ((), ("autumn",), ("winter",))
    )
    assert (autumn[..., 0] - autumn[..., 1]).mean() > (plain[..., 0] - plain[..., 1]).mean() + 0.05
    assert winter.mean() > plain.mean() + 0.05


def test_tone_is_the_light_that_falls_into_the_person() -> None:
    mood = Mood(seed=2, hour=22.0)
    change = _picture(mood, person=_someone()) - _picture(mood)
    bright, dark = change[16:30, 52:76].mean(), change[36:50, 52:76].mean()
    assert bright > 0.05
    assert dark < 0.3 * bright


def test_fireflies_gather_on_the_person() -> None:
    motes = Motes(_SIZE, 3, light_for(Mood(seed=3, hour=23.0)), many=True, cold=False)
    person = _someone()

    def near() -> int:
        x, y = motes._places(t, 0.0).T
        return int(((x > 0.36) & (x < 0.64) & (y > 0.15) & (y < 0.47)).sum())

    t, before = 0.0, 0
    planes = np.zeros((3, 72, 128), np.float32)
    for n in range(300):
        if n == 60:
            before = near()
        someone = person if n >= 60 else None
        motes.paint(planes, Moment(t, 1 / 30, 1 / 30, person=someone), 0.0)
        t += 1 / 30
    assert near() > before + 5


@pytest.mark.parametrize("age", [0.0, 1.0])
def test_visitors_neither_pop_in_nor_out(age: float) -> None:
    light = light_for(Mood(seed=5, hour=13.0))
    planes = np.ones((3, 72, 128), np.float32)
    Deer(_SIZE, 5, light, (0.1, 0.1, 0.1), 0.86).paint(planes, Event(0, age), 0.0)
    Owl(_SIZE, 5, (0.1, 0.1, 0.1)).paint(planes, Event(1, age), 3.0)
    assert planes.min() > 0.95
    Deer(_SIZE, 5, light, (0.1, 0.1, 0.1), 0.86).paint(planes, Event(0, 0.5), 0.0)
    assert planes.min() < 0.5
