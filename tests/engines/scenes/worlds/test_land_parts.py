"""What the landscapes share."""

from __future__ import annotations

import numpy as np
import pytest

from endlessdreams_cam.engines.scenes.mood import Mood, light_for
from endlessdreams_cam.engines.scenes.worlds import land_parts as land
from endlessdreams_cam.engines.scenes.worlds.land_sky_parts import Sky
from endlessdreams_cam.frame import Size


def _waves(width: int = 40, rows: int = 6, count: int = 4) -> land.Planes:
    wave = np.sin(np.arange(width) * (2 * np.pi * 2 / width)).astype(np.float32)
    return np.tile(wave, (count, rows, 1))


@pytest.mark.parametrize("x", [0.0, 3.0, -7.5, 1234.25])
def test_a_strip_goes_on_for_ever(x: float) -> None:
    strip = land.Strip(_waves(), 24)
    seen = strip.seen(x)[0]
    expected = np.sin((np.arange(24) - x) * (2 * np.pi * 2 / 40))
    assert seen[3] == pytest.approx(expected, abs=0.03)


def test_a_swaying_strip_leans_as_told() -> None:
    strip = land.Swaying(_waves(), 24)
    lean = np.zeros((6, 24), np.float32)
    lean[0] = 2.0
    seen = strip.seen(5.0, lean)
    assert seen[0][0] == pytest.approx(np.sin((np.arange(24) - 7) * (2 * np.pi * 2 / 40)), abs=0.03)
    assert seen[3][5] == pytest.approx(np.sin((np.arange(24) - 5) * (2 * np.pi * 2 / 40)), abs=0.03)


def test_a_sprite_at_the_edge_goes_on_at_the_other_side() -> None:
    planes = np.zeros((4, 10, 20), np.float32)
    land.paste(planes, np.ones((4, 3, 6), np.float32), 0.0, 8)
    assert planes[3, 6, :3].min() == 1
    assert planes[3, 6, -3:].min() == 1
    assert planes[3, 6, 3:-3].max() == 0
    assert planes[3, 8:].max() == 0


def test_a_small_picture_is_cut_at_the_edges() -> None:
    planes = np.zeros((3, 8, 8), np.float32)
    cover = np.ones((4, 4), np.float32)
    land.blit(planes, land.tinted((1, 1, 1), cover), cover, -2, 6)
    assert planes.sum() == pytest.approx(3 * 2 * 2)
    land.blit(planes, land.tinted((1, 1, 1), cover), cover, 30, 3)
    assert planes.sum() == pytest.approx(3 * 2 * 2)


@pytest.mark.parametrize("seed", [1, 2, 99])
def test_rare_events_come_every_25_to_90_seconds(seed: int) -> None:
    rare = land.Rare(seed, 14.0)
    begins: dict[int, float] = {}
    for t in np.arange(0, 1200, 0.25):
        event = rare.at(float(t))
        if event is not None:
            begins.setdefault(event.number, float(t))
    gaps = np.diff(list(begins.values()))
    assert len(begins) > 15
    assert gaps.min() >= 25
    assert gaps.max() <= 90
    assert gaps.std() > 3


def test_an_event_fades_in_and_out() -> None:
    assert land.Event(0, 0.0).fade == 0
    assert land.Event(0, 0.5).fade == 1
    assert land.Event(0, 1.0).fade == pytest.approx(0)


def test_haze_hides_what_is_far() -> None:
    strip = np.ones((4, 2, 3), np.float32)
    strip[:3] = 0
    assert land.hazed(strip, (0.5, 0.6, 0.7), 0.5)[1] == pytest.approx(0.3)


def test_the_sky_has_stars_by_night_alone() -> None:
    size = Size(160, 90)
    bright = []
    for hour in (13.0, 0.0):
        mood = Mood(seed=2, hour=hour, words=frozenset({"cloudless"}))
        sky = Sky(size, mood, light_for(mood), 0.7)
        first = sky.paint(1.0, 0.0, 0.0).copy()
        bright.append(float(np.abs(first - sky.paint(1.6, 0.0, 0.0)).max()))
    assert bright[0] < 0.03
    assert bright[1] > 0.05


def test_the_sun_is_the_brightest_thing_in_the_sky() -> None:
    mood = Mood(seed=1, hour=10.0, words=frozenset({"cloudless"}))
    sky = Sky(Size(160, 90), mood, light_for(mood), 0.7)
    luma = sky.paint(1.0, 0.0, 0.0).mean(axis=0)
    row, column = np.unravel_index(int(luma.argmax()), luma.shape)
    assert abs(column - sky.sun_x) < 6
    assert abs(row - sky.sun_y) < 6
