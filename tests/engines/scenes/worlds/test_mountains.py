"""Mountains: what only they do."""

from __future__ import annotations

import numpy as np
import pytest

from endlessdreams_cam.engines.scenes.mood import Mood, Weather, light_for
from endlessdreams_cam.engines.scenes.world import Moment, Person, Picture
from endlessdreams_cam.engines.scenes.worlds import mountains_parts as parts
from endlessdreams_cam.engines.scenes.worlds.land_parts import Event
from endlessdreams_cam.engines.scenes.worlds.mountains import Mountains
from endlessdreams_cam.engines.scenes.worlds.mountains_life_parts import Eagle
from endlessdreams_cam.frame import Size

_SIZE = Size(128, 72)


def _picture(mood: Mood, t: float = 3.0, person: Person | None = None) -> Picture:
    return Mountains(_SIZE, mood).paint(Moment(t, 0.0, 0.0, person=person)).copy()


def _someone() -> Person:
    presence = np.zeros((90, 160), np.float32)
    presence[15:, 50:110] = 1
    tone = np.where(presence > 0, 0.9, 0.5).astype(np.float32)
    flat = np.zeros_like(presence)
    return Person(presence, tone, flat, flat, np.zeros((90, 160, 2), np.float32))


def test_relief_tiles_in_both_directions() -> None:
    sun = parts.Sunlight(0.7, 0.4)
    stock = parts.relief(np.random.default_rng(1), Size(192, 96), 4, sun)
    for plane in (stock.ridges, stock.warp):
        inner = np.abs(np.diff(plane, axis=1)).max()
        assert np.abs(plane[:, 0] - plane[:, -1]).max() < inner * 1.5
        inner = np.abs(np.diff(plane, axis=0)).max()
        assert np.abs(plane[0] - plane[-1]).max() < inner * 1.5


def test_what_stands_before_hides_what_lies_behind() -> None:
    field = np.zeros((20, 8), np.float32)
    field[5], field[15] = 30, 10
    shape = parts.RangeShape(1.0, 0.0, 0.0, (), 0.0, (0.0, 0.0), 1.0, depth=20)
    view = parts.look(field, shape, 60)
    assert not (view.near[view.cover > 0.9] > 5).any()
    assert view.crest == pytest.approx(30.0)


def test_a_wall_throws_its_shadow_away_from_the_sun() -> None:
    field = np.zeros((10, 100), np.float32)
    field[:, 48:52] = 20
    from_right, _ = parts.lit(field, parts.Sunlight(0.8, 0.3), 1.0)
    assert from_right[5, 40] < 0.3 * from_right[5, 65]
    from_left, _ = parts.lit(field, parts.Sunlight(-0.8, 0.3), 1.0)
    assert from_left[5, 60] < 0.3 * from_left[5, 35]


def test_the_land_stays_where_it_is_all_day() -> None:
    morning, evening = (Mountains(_SIZE, Mood(seed=4, hour=hour)) for hour in (7.0, 19.0))
    for one, other in zip(morning._ranges, evening._ranges, strict=True):
        np.testing.assert_array_equal(one.crest, other.crest)


def test_night_is_darker_than_noon_but_not_black() -> None:
    noon, night = (float(_picture(Mood(seed=2, hour=hour)).mean()) for hour in (13.0, 0.0))
    assert 0.04 < night < 0.5 * noon


def test_winter_whitens_the_near_ranges_and_a_desert_reddens_them() -> None:
    plain, snowy, desert = (
        _picture(Mood(seed=2, hour=13.0, words=frozenset(words)))[60:]
        for words in ((), ("snowy",), ("desert",))
    )
    assert snowy.mean() > plain.mean() + 0.05
    assert (desert[..., 0] - desert[..., 2]).mean() > (plain[..., 0] - plain[..., 2]).mean() + 0.1


def test_the_person_stands_behind_the_nearest_range() -> None:
    mood = Mood(seed=2, hour=13.0)
    alone, together = _picture(mood), _picture(mood, person=_someone())
    change = np.abs(together - alone).max(axis=2)
    assert change[20:35, 50:75].mean() > 0.1
    assert change[-3:].max() < 0.02


def test_an_eagle_fades_in_where_nothing_was() -> None:
    eagle = Eagle(_SIZE, 5, light_for(Mood(seed=5, hour=13.0)))
    seen = []
    for age in (0.0, 0.5):
        sky = np.ones((3, 72, 128), np.float32)
        eagle.paint(sky, Event(0, age), 12.0, 0.0)
        seen.append(1 - sky.min())
    assert seen[0] < 0.05
    assert seen[1] > 0.3


def test_a_storm_lights_the_clouds_softly() -> None:
    scene = Mountains(_SIZE, Mood(seed=2, hour=15.0, weather=Weather.STORM))
    means = [
        float(np.clip(scene.paint(Moment(t, 1 / 30, 1 / 30)), 0, 1).mean())
        for t in np.arange(0, 20, 1 / 15)
    ]
    assert max(means) > np.median(means) * 1.02
    assert max(means) < np.median(means) * 1.12
