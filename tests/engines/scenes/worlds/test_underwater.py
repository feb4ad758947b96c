"""Under water: nets of light, what sways and what swims."""

from __future__ import annotations

import numpy as np
import pytest

from endlessdreams_cam.engines.scenes.mood import Mood, Palette
from endlessdreams_cam.engines.scenes.world import Moment, Person, Picture
from endlessdreams_cam.engines.scenes.worlds.kelp_parts import Brush, Grove, frond
from endlessdreams_cam.engines.scenes.worlds.sky_parts import Dye
from endlessdreams_cam.engines.scenes.worlds.underwater import Underwater
from endlessdreams_cam.engines.scenes.worlds.underwater_life_parts import (
    Bubbles,
    Crowd,
    Jelly,
    Manta,
    Shoal,
)
from endlessdreams_cam.engines.scenes.worlds.underwater_parts import (
    TILE,
    Net,
    Shafts,
    caustics,
    padded,
)
from endlessdreams_cam.frame import Size

_SIZE = Size(160, 90)
_STEP = 1 / 30
_PALE = (0.9, 0.9, 0.9)
_DARK = (0.1, 0.1, 0.1)


def _person(speed: float = 0.0) -> Person:
    ys, xs = np.mgrid[:90, :160].astype(np.float32)
    presence = np.clip(2.0 - 2 * np.hypot((xs - 80) / 40, (ys - 45) / 50), 0, 1)
    none = np.zeros_like(presence)
    flow = np.dstack((presence * speed, none)).astype(np.float32)
    return Person(presence, np.full_like(presence, 0.5), none, none, flow)


def _at(t: float = 3.0, **mood: object) -> Picture:
    scene = Underwater(_SIZE, Mood(seed=3, **mood))  # type: ignore[arg-type]
    return np.clip(scene.paint(Moment(t, _STEP, _STEP)), 0, 1).copy()


def test_night_and_the_abyss_are_darker_than_noon() -> None:
    noon = _at(hour=12.0)
    assert _at(hour=1.0).mean() < 0.5 * noon.mean()
    assert _at(hour=12.0, words=frozenset({"abyss"})).mean() < 0.7 * noon.mean()


def test_it_is_bright_above_and_dark_below() -> None:
    rows = _at(hour=12.0).mean(axis=(1, 2))
    assert rows[:20].mean() > rows[50:65].mean() + 0.1


def test_a_palette_dyes_the_water() -> None:
    red = Palette("red", ((0.1, 0.0, 0.0), (1.0, 0.3, 0.2)), 1.0)
    picture = _at(hour=12.0, palette=red)
    assert picture[..., 0].mean() > picture[..., 2].mean() + 0.1


def test_a_net_of_caustics_has_lines_and_no_seam() -> None:
    net = caustics(np.random.default_rng(1))
    assert net.shape == (TILE, TILE)
    assert net.mean() == pytest.approx(1.0, abs=0.02)
    assert net.max() > 3 * float(np.median(net))
    for plane in (net, net.T):
        inside = np.abs(np.diff(plane, axis=1)).mean()
        assert np.abs(plane[:, 0] - plane[:, -1]).mean() < 1.6 * inside


def test_nets_move_with_time_and_place() -> None:
    ys, xs = np.mgrid[:40, :60].astype(np.float32)
    net = Net(padded(caustics(np.random.default_rng(1))), xs, ys)
    first = net.at(1.0).copy()
    assert np.abs(net.at(1.0 + _STEP) - first).mean() < 0.35 * np.abs(net.at(2.0) - first).mean()
    assert np.abs(net.at(1.0, 20.0) - first).mean() > 0.05


def test_shafts_fade_with_depth() -> None:
    light = Shafts(np.random.default_rng(2), _SIZE, 80.0, -30.0).at(4.0, 0.0)
    assert light[10:30].mean() > 1.5 * light[70:].mean() > 0


def test_tips_of_kelp_swing_and_feet_stand() -> None:
    brush = Brush(Size(200, 80))
    frond(np.random.default_rng(1), brush, 60.0, 80.0, 76.0, 0.5)
    dye = Dye([(0.0, _DARK), (1.0, _PALE)])
    grove = Grove(brush, Size(160, 80), 0, dye, sway=8.0)
    found = []
    for t in (0.0, 2.0):
        planes = np.zeros((3, 80, 160), np.float32)
        grove.paint(planes, t, 0.0, sun=1.0, swell=1.0, push=None)
        found.append(planes.copy())
    change = np.abs(found[1] - found[0]).mean(axis=(0, 2))
    assert change[:20].mean() > 4 * change[-8:].mean()


def test_fish_part_before_a_person() -> None:
    crowd = Crowd.of(_person())
    among = []
    for seen in (None, crowd):
        shoal = Shoal(np.random.default_rng(4), _SIZE, count=40, long=17, row=0.5, pace=0.0,
                      colours=(_DARK, _PALE))  # fmt: skip
        shoal._phase[:] = 0.0  # led to the middle, where the person is
        for n in range(60):
            shoal.swim(n * _STEP, _STEP, _STEP, seen, 0.0)
        places = shoal._last
        assert places is not None
        x = np.clip(places[:, 0] / (16 / 9) * 40, 0, 39).astype(int)
        y = np.clip(places[:, 1] * 23, 0, 22).astype(int)
        among.append(float(crowd.presence[y, x].mean()))
    assert among[1] < 0.6 * among[0]


def test_fish_stay_where_they_are_when_time_stands() -> None:
    shoal = Shoal(np.random.default_rng(4), _SIZE, count=5, long=17, row=0.5, pace=0.1,
                  colours=(_DARK, _PALE))  # fmt: skip
    shoal.swim(2.0, _STEP, _STEP, None, 0.0)
    first = None if shoal._last is None else shoal._last.copy()
    shoal.swim(2.0, 0.0, _STEP, None, 0.0)
    assert first is not None
    assert np.allclose(first, shoal._last)


def test_bubbles_are_born_where_somebody_stirs_and_rise_away() -> None:
    bubbles = Bubbles(np.random.default_rng(5), _SIZE)
    bubbles.stir(_person(0.0), 1.0, 0.5)
    assert len(bubbles._all) == 0
    bubbles.stir(_person(0.8), 1.0, 0.5)
    count = len(bubbles._all)
    assert count > 3
    assert np.all(np.abs(bubbles._all[:, 0] - 80) < 45)
    rows = bubbles._all[:, 1].copy()
    bubbles.rise(1.0, 0.5)
    assert bubbles._all[:, 1].mean() < rows.mean() - 2
    for n in range(60):
        bubbles.rise(1.0 + n, 0.5)
    assert len(bubbles._all) == 0


def test_a_manta_comes_and_goes_without_a_jump() -> None:
    manta = Manta(np.random.default_rng(1), _SIZE, _DARK)
    shown = []
    for age in np.linspace(0, 1, 200):
        planes = np.full((3, 90, 160), 0.6, np.float32)
        manta.paint(planes, float(age), 24.0)
        shown.append(float(np.abs(planes - 0.6).mean()))
    assert shown[0] == shown[-1] == 0
    assert max(shown) > 3e-3
    assert max(np.abs(np.diff(shown))) < 0.25 * max(shown)


def test_a_jellyfish_pulses() -> None:
    jelly = Jelly(np.random.default_rng(7), _SIZE, (_PALE, (0.9, 0.4, 0.7)), 1.0)
    areas = []
    for n in range(40):
        planes = np.zeros((3, 90, 160), np.float32)
        jelly.paint(planes, 5.0 + n / 10, 0.0)
        areas.append(float((planes.sum(axis=0) > 0.3).sum()))
    assert max(areas) > 1.1 * max(min(areas), 1.0)
