"""The sea: waves in perspective, the light's path on them, what passes."""

from __future__ import annotations

import numpy as np
import pytest

from endlessdreams_cam.engines.scenes.mood import Mood, light_for
from endlessdreams_cam.engines.scenes.world import Moment, Person, Picture
from endlessdreams_cam.engines.scenes.worlds.heaven_parts import Place
from endlessdreams_cam.engines.scenes.worlds.ocean import Ocean
from endlessdreams_cam.engines.scenes.worlds.ocean_life_parts import Boat, Islet, Whale
from endlessdreams_cam.engines.scenes.worlds.ocean_parts import Surface, ripples
from endlessdreams_cam.frame import Size

_SIZE = Size(160, 90)
_STEP = 1 / 30


def _film(mood: Mood, times: list[float], energy: float = 0.5) -> list[Picture]:
    scene = Ocean(_SIZE, mood)
    return [
        np.clip(scene.paint(Moment(t, _STEP, _STEP, energy=energy)), 0, 1).copy() for t in times
    ]


def _mean_path(picture: Picture) -> float:
    """Return the column where the sea is brightest, 0…1."""
    sea = picture[45:].mean(axis=(0, 2))
    weights = np.clip(sea - np.percentile(sea, 80), 0, None)
    return float(np.average(np.arange(sea.size), weights=weights) / sea.size)


def test_night_is_darker_than_day() -> None:
    night, noon = (_film(Mood(seed=3, hour=hour), [2.0])[0].mean() for hour in (1.0, 13.0))
    assert night < 0.5 * noon


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_the_path_of_light_lies_under_the_sun(seed: int) -> None:
    mood = Mood(seed=seed, hour=18.2)
    path = np.mean([_mean_path(picture) for picture in _film(mood, [2.0, 4.0, 6.0])])
    assert abs(path - light_for(mood).sun_x) < 0.12


def test_the_sun_sinks_and_stays_above_the_horizon() -> None:
    early, late = _film(Mood(seed=3, hour=18.4), [1.0, 900.0])
    rows = [
        float(
            np.average(
                np.arange(40), weights=np.clip(p[:40].min(axis=2) - 0.8, 0, None).sum(1) + 1e-6
            )
        )
        for p in (early, late)
    ]
    assert rows[1] > rows[0] + 2


def test_a_tile_of_ripples_has_no_seam_and_slopes_of_variance_1() -> None:
    tile = ripples(np.random.default_rng(1))
    for n in (0, 1):
        assert tile[..., n].std() == pytest.approx(1.0, abs=0.01)
    for plane in (tile[..., 0], tile[..., 2], tile[..., 1].T):
        inside = np.abs(np.diff(plane, axis=1)).mean()
        assert np.abs(plane[:, 0] - plane[:, -1]).mean() < 1.5 * inside


def test_far_water_does_not_flicker_more_than_near_water() -> None:
    first, second = _film(Mood(seed=3, hour=12.0), [3.0, 3.0 + _STEP])
    change = np.abs(second - first).mean(axis=(1, 2))
    assert change[40:48].mean() < 1.5 * change[60:].mean() + 0.005
    assert change[60:].mean() > 0.002


def test_energy_raises_the_sea() -> None:
    surface = Surface(np.random.default_rng(2), _SIZE, 36)
    calm, rough = (surface.at(3.0, 3.0, swell, 1.0).height * swell for swell in (0.4, 2.0))
    assert rough.std() > 2 * calm.std()
    quiet, loud = (
        _film(Mood(seed=3, hour=12.0), [2.0, 3.0], energy=energy)[1][50:] for energy in (0.0, 1.0)
    )
    assert loud.std() > quiet.std()


def test_swell_travels() -> None:
    surface = Surface(np.random.default_rng(2), _SIZE, 36)
    first = surface.at(3.0, 0.0, 1.0, 0.0).height.copy()
    later = surface.at(5.0, 0.0, 1.0, 0.0).height
    assert np.corrcoef(first.ravel(), later.ravel())[0, 1] < 0.9


def test_the_face_is_drawn_light_and_dark() -> None:
    ys, xs = np.mgrid[:90, :160].astype(np.float32)
    presence = (np.hypot((xs - 80) / 24, (ys - 45) / 32) < 1).astype(np.float32)
    tone = np.where(xs < 80, 0.9, 0.1).astype(np.float32)
    none = np.zeros_like(presence)
    person = Person(presence, tone, none, none, np.dstack((none, none)))
    scene = Ocean(_SIZE, Mood(seed=3, hour=13.0))
    picture = scene.paint(Moment(2.0, _STEP, _STEP, person=person))
    assert picture[30:60, 62:76].mean() > picture[30:60, 84:98].mean() + 0.2


def test_a_word_brings_boats_island_and_lighthouse() -> None:
    plain = _film(Mood(seed=3, hour=20.5), [12.0])[0]
    for word in ("sail", "lighthouse", "palm", "gulls"):
        with_it = _film(Mood(seed=3, hour=20.5, words=frozenset({word})), [12.0])[0]
        assert np.abs(with_it - plain).max() > 0.08, word


def test_a_whale_surfaces_and_leaves_without_a_jump() -> None:
    light = light_for(Mood(hour=18.0))
    whale = Whale(np.random.default_rng(3), Place(_SIZE, 36.0, 40.0, 20.0), light)
    shown = []
    for age in np.linspace(0, 1, 240):
        planes = np.full((3, 90, 160), 0.5, np.float32)
        whale.paint(planes, min(float(age), 0.9999))
        shown.append(float(np.abs(planes - 0.5).mean()))
    assert shown[0] < 1e-4 > shown[-1]
    assert max(shown) > 1e-3
    assert max(np.abs(np.diff(shown))) < 0.45 * max(shown)


def test_a_boat_fades_with_its_share_and_sails_on() -> None:
    light = light_for(Mood(hour=18.0))
    boat = Boat(np.random.default_rng(1), Place(_SIZE, 36.0, 40.0, 20.0), light, 0.5)
    found = []
    for moved, share in ((0.0, 1.0), (0.0, 0.0), (0.1, 1.0)):
        planes = np.full((3, 90, 160), 0.5, np.float32)
        boat.paint(planes, 1.0, moved, share)
        found.append(np.abs(planes - 0.5).sum(axis=(0, 1)))
    assert found[1].sum() == 0 < found[0].sum()
    assert abs(int(found[2].argmax()) - int(found[0].argmax())) > 8


def test_a_lamp_turns_at_night_alone() -> None:
    place = Place(_SIZE, 36.0, 40.0, 20.0)
    for hour, lit in ((22.0, True), (13.0, False)):
        islet = Islet(
            np.random.default_rng(1), place, light_for(Mood(hour=hour)), palms=False, lamp=True
        )
        found = []
        for t in (0.0, 3.15):
            planes = np.zeros((3, 90, 160), np.float32)
            islet.shine(planes, t)
            found.append(float(planes.sum()))
        assert (found[0] > 2 * found[1] > 0) == lit
