from __future__ import annotations

import numpy as np
import pytest

from endlessdreams_cam.engines.scenes.mood import Mood, Weather, light_for, luminance
from endlessdreams_cam.engines.scenes.world import Moment, Person, Picture
from endlessdreams_cam.engines.scenes.worlds import city_plates_parts
from endlessdreams_cam.engines.scenes.worlds.city import City
from endlessdreams_cam.engines.scenes.worlds.city_bank_parts import Crossing, View, lay
from endlessdreams_cam.engines.scenes.worlds.city_parts import air_for, weathered, wrapped
from endlessdreams_cam.engines.scenes.worlds.city_plates_parts import Depth, Plate
from endlessdreams_cam.engines.scenes.worlds.city_water_parts import Water
from endlessdreams_cam.frame import Size

_SMALL = Size(128, 72)
_STEP = 1 / 30
_DEPTH = Depth(0.2, 0.1, 0.6, (0.06, 0.14), (3, 4), 2)


def _air(hour: float = 22.0):
    mood = Mood(seed=3, hour=hour)
    return air_for(light_for(mood), mood)


def _plate() -> Plate:
    return Plate(np.random.default_rng(4), Size(300, 100), 0.5, _DEPTH, _air())


def _person(tone: float = 0.8) -> Person:
    ys, xs = np.mgrid[:90, :160].astype(np.float32)
    presence = ((np.abs(xs - 80) < 26) & (ys > 20)).astype(np.float32)
    eyes = (np.abs(np.abs(xs - 80) - 12) < 5) & (np.abs(ys - 45) < 5)
    light = np.where(eyes, 0.1, tone) * presence + 0.5 * (1 - presence)
    nothing = np.zeros_like(presence)
    flow = np.dstack((nothing, nothing))
    return Person(*(p.astype(np.float32) for p in (presence, light, nothing, nothing, flow)))


def _shown(scene: City, t: float, seconds: float = 0.0, **fields: object) -> Picture:
    for n in range(round(seconds / _STEP), -1, -1):
        picture = scene.paint(Moment(t - n * _STEP, _STEP, _STEP, **fields))  # type: ignore[arg-type]
    return np.clip(picture, 0, 1)


def test_the_night_is_darker_than_the_day_and_has_its_windows_lit() -> None:
    night, day = (_shown(City(Size(320, 180), Mood(seed=3, hour=h)), 2.0) for h in (23, 13))
    assert night.mean() < 0.6 * day.mean()
    assert np.percentile(night, 99.5) > 3 * np.median(night)


def test_windows_depend_on_the_time_alone() -> None:
    hasty, patient = _plate(), _plate()
    for t in np.arange(0, 40, 0.25):
        patient.switch(float(t))
    for plate in (hasty, patient):
        plate.switch(41.0)
    assert np.array_equal(hasty.strip, patient.strip)


def test_somebody_switches_a_window_now_and_then_and_never_all_at_once() -> None:
    plate = _plate()
    plate.switch(10.0)
    before = plate.strip.copy()
    plate.switch(10.5)
    soon = (plate.strip != before).any(2).mean()
    plate.switch(40.0)
    later = (plate.strip != before).any(2).mean()
    assert soon < 0.05
    assert later > soon


def test_a_window_lights_up_without_a_pop() -> None:
    windows = _plate().windows
    times = np.arange(0, 60, 1 / 60)
    light = np.array([windows.lit(float(t)) for t in times])
    assert light.min() == 0
    assert light.max() == 1
    assert np.abs(np.diff(light, axis=0)).max() < 0.1


def test_without_power_the_windows_are_dark() -> None:
    plate = _plate()
    plate.switch(5.0)
    lit = plate.strip[..., :3].sum()
    plate.switch(5.0, 0.0)
    assert plate.strip[..., :3].sum() < lit
    plate.switch(5.0)
    assert plate.strip[..., :3].sum() == lit


def test_a_brownout_rolls_through_and_passes() -> None:
    scene = City(_SMALL, Mood(seed=3, hour=22, words=frozenset({"blackout"})))
    starts = next(t for t in np.arange(0, 100, 0.1) if 0 <= scene._event(float(t))[1] < 0.2)
    power = [scene._power(scene._plates[1], float(starts) + age) for age in (0.0, 4.0, 7.0, 15.0)]
    assert np.mean(power[0]) > 0.9
    assert np.min(power[1]) < 0.2
    assert np.mean(power[1] == 1) > 0.2  # not everywhere at once
    assert np.min(power[3]) == 1


@pytest.mark.parametrize("hung", [True, False])
def test_a_train_crosses_from_side_to_side(hung: bool) -> None:
    crossing = Crossing(np.random.default_rng(1), Size(400, 120), 0.5, _air(), hung)
    view = View(0.0, 1.0, 200, 120)
    seen = []
    for along in (0.0, 0.2, 0.5, 1.0):
        picture = np.zeros((120, 200, 4), np.uint8)
        crossing.pull(picture, view, along)
        seen.append(picture[..., :3].sum(axis=(0, 2)))
    assert seen[0].sum() == 0
    assert seen[1][150:].sum() > 0
    assert seen[1][:50].sum() == 0
    assert seen[2][80:120].sum() > 0
    assert seen[3].sum() == 0


def test_a_strip_is_seen_wrapped_without_a_jump() -> None:
    view = View(10.0, 1.0, 200, 100)
    assert view.across(10, 400) == pytest.approx(0)
    assert view.across(410, 400) == pytest.approx(0)
    assert view.across(60, 400) == pytest.approx(50)


def test_a_layer_covers_where_it_is_solid() -> None:
    below = np.full((2, 2, 4), (100, 100, 100, 255), np.uint8)
    layer = np.zeros((2, 2, 4), np.uint8)
    layer[0, 0] = (20, 30, 40, 255)
    found = lay(below, layer)
    assert found[0, 0].tolist() == [20, 30, 40, 255]
    assert found[1, 1, :3].tolist() == [100, 100, 100]


def test_the_river_mirrors_a_light_under_it() -> None:
    light = light_for(Mood(seed=3, hour=22))
    water = Water(np.random.default_rng(1), Size(200, 120), 80, light, _air())
    dark = np.zeros((80, 200, 4), np.uint8)
    lamp = dark.copy()
    lamp[60:70, 96:104] = 255
    shine = (water.paint(lamp, 3.0, 0.5) - water.paint(dark, 3.0, 0.5)).sum(axis=(0, 2))
    assert shine[90:110].sum() > 0.8 * shine.sum() > 0


def test_the_person_is_lit_in_windows_with_dark_eyes() -> None:
    scene = City(Size(320, 180), Mood(seed=3, hour=22))
    picture = _shown(scene, 3.0, 1.5, person=_person())
    face, eye = picture[74:90, 150:170].mean(), picture[72:80, 136:144].mean()
    assert face > 1.5 * eye


def test_their_towers_sink_when_the_person_leaves() -> None:
    scene, alone = (City(_SMALL, Mood(seed=3, hour=22)) for _ in range(2))
    there = np.abs(_shown(scene, 3.0, 1.0, person=_person()) - _shown(alone, 3.0)).mean()
    gone = np.abs(_shown(scene, 7.0, 4.0) - _shown(alone, 7.0)).mean()
    assert there > 0.02
    assert gone < 0.1 * there


def test_rain_darkens_the_day_and_lights_the_lamps() -> None:
    mood = Mood(seed=3, hour=13, weather=Weather.RAIN)
    dry = light_for(Mood(seed=3, hour=13))
    wet = weathered(light_for(mood), mood)
    assert luminance(wet.horizon) < luminance(dry.horizon)
    assert air_for(wet, mood).evening > air_for(dry, Mood(seed=3, hour=13)).evening
    assert weathered(dry, Mood(seed=3, hour=13)) == dry


def test_words_build_higher_or_lower() -> None:
    words = ("skyscraper", "town")
    moods = (Mood(seed=3, hour=13, words=frozenset({word})) for word in words)
    built = [(City(_SMALL, mood)._plates[1].strip[..., 3] > 0).mean() for mood in moods]
    assert built[0] > 1.3 * built[1]


def test_places_are_wrapped_into_a_tile() -> None:
    found = wrapped(np.array([-1.5, 0, 255.5, 256.25, 1024], np.float32), 256)
    assert found.tolist() == [254.5, 0, 255.5, 0.25, 0]


def test_warm_windows_are_warm():
    mood = Mood(seed=3, hour=22, words=frozenset(["warm", "window"]))
    assert air_for(light_for(mood), mood).warm > 0.5
    cold = np.array([[0.7, 0.86, 1.0]], np.float32)
    warm = city_plates_parts._warmed(cold, 0.85)
    assert warm[0, 0] > warm[0, 1] > warm[0, 2]
    assert np.array_equal(city_plates_parts._warmed(cold, 0.0), cold)
