"""The sky: clouds that are solid, endless, and lit from where the light stands."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from endlessdreams_cam.engines.scenes.mood import Mood, Weather, light_for
from endlessdreams_cam.engines.scenes.world import Moment, Person, Picture
from endlessdreams_cam.engines.scenes.worlds.heaven_parts import Ceiling, Place, Shafts, Stars
from endlessdreams_cam.engines.scenes.worlds.sky import Sky
from endlessdreams_cam.engines.scenes.worlds.sky_life_parts import FallingStar, Flock, Trail
from endlessdreams_cam.engines.scenes.worlds.sky_parts import (
    NOWHERE,
    Body,
    Deck,
    Dye,
    Sun,
    ball,
    cauliflower,
    shrunk,
    tower,
)
from endlessdreams_cam.engines.scenes.worlds.sky_person_parts import Visitor
from endlessdreams_cam.frame import Pose, Size

_SMALL = Size(128, 72)
_STEP = 1 / 30
_GREY = Dye([(0.0, (0.0, 0.0, 0.0)), (1.0, (1.0, 1.0, 1.0))])


def _at(hour: float, t: float = 3.0, **mood: object) -> Picture:
    scene = Sky(_SMALL, Mood(seed=3, hour=hour, **mood))  # type: ignore[arg-type]
    return np.clip(scene.paint(Moment(t, _STEP, _STEP)), 0, 1)


def _seam(tile: np.ndarray) -> float:
    """Return how much larger the step over a tile's edge is than the steps within it."""
    inside = np.abs(np.diff(tile, axis=1)).mean()
    return float(np.abs(tile[:, 0] - tile[:, -1]).mean() / inside)


def test_night_is_darker_than_day() -> None:
    night, dusk, noon = (_at(hour).mean() for hour in (1.0, 19.0, 13.0))
    assert night < 0.6 * dusk < 0.6 * noon


def test_night_has_stars_and_day_has_none() -> None:
    place = Place(_SMALL, 60.0, 40.0, 20.0)
    for night, lit in ((1.0, True), (0.0, False)):
        planes = np.zeros((3, 72, 128), np.float32)
        Stars(np.random.default_rng(1), place, night).light(planes, 2.0)
        assert (planes.max() > 0.3) == lit


def test_a_tile_of_cauliflower_has_no_seam() -> None:
    tile = cauliflower(np.random.default_rng(1), Size(192, 192), 0.5)
    for found in (tile, shrunk(tile, 0.5)):
        assert _seam(found) < 1.6
        assert _seam(found.T) < 1.6


def test_a_ball_goes_on_at_the_other_end_of_its_strip() -> None:
    strip = np.full((40, 100), NOWHERE, np.float32)
    ball(strip, 1.0, 20.0, 10.0)
    assert strip[20, 1] == pytest.approx(10.0, abs=0.1)
    assert strip[20, 98] == pytest.approx(strip[20, 4], abs=0.1)
    assert strip[20, 50] == NOWHERE


@pytest.mark.parametrize(("sun_x", "brighter"), [(-60.0, slice(0, 40)), (160.0, slice(60, 100))])
def test_a_cloud_is_bright_on_the_side_of_the_sun(sun_x: float, brighter: slice) -> None:
    strip = np.full((100, 100), NOWHERE, np.float32)
    tower(np.random.default_rng(2), strip, x=50, base=90, width=70, height=60)
    body = Body(Sun.seen(Size(100, 100), sun_x, 40.0, 0.3), _GREY, 0.3)
    cover, lit = body.cover(strip), body.light(strip)
    cloud = np.where(cover > 0.9, lit, np.nan)
    darker = slice(100 - brighter.stop, 100 - brighter.start)
    assert np.nanmean(cloud[:, brighter]) > np.nanmean(cloud[:, darker]) + 0.1


def test_a_deck_goes_round_without_an_end() -> None:
    random = np.random.default_rng(3)
    strip = random.random((30, 200), np.float32)
    body = Body(Sun.seen(Size(80, 30), 40.0, 0.0, 0.2), _GREY, 0.2)
    deck = Deck(strip, np.zeros((16, 16), np.float32), body, 80, top=0)
    assert np.allclose(deck.height(7.0, 0.0), deck.height(207.0, 0.0), atol=1e-4)
    assert np.allclose(deck.height(0.0, 0.0), strip[:, :80], atol=1e-4)
    assert np.allclose(deck.height(-10.0, 0.0), strip[:, 10:90], atol=1e-4)


def test_the_sun_breaks_through_only_where_nothing_is_before_it() -> None:
    shafts = Shafts(Place(_SMALL, 60.0, 64.0, 30.0), (1.0, 1.0, 1.0), 0.8)
    cover = np.zeros((shafts.small.height, shafts.small.width), np.float32)
    assert shafts.open(cover) == pytest.approx(1.0)
    cover[:, :10] = 1
    assert shafts.open(cover) > 0.95
    assert shafts.open(np.ones_like(cover)) == pytest.approx(0.0, abs=1e-3)


def test_the_high_deck_covers_as_much_as_asked() -> None:
    mood = Mood(hour=12.0)
    place = Place(_SMALL, 60.0, 64.0, 10.0)
    found = [
        Ceiling(np.random.default_rng(4), place, light_for(mood), mood, amount).look(3.0, 5.0, 1.0)
        for amount in (0.05, 0.9)
    ]
    assert found[0][0].mean() < 0.15 < 0.3 < found[1][0].mean()


def test_near_clouds_pass_faster_than_far_ones() -> None:
    still, panned = (
        Sky(Size(160, 90), Mood(seed=3, hour=12.0))
        .paint(Moment(3.0, _STEP, _STEP, pose=Pose(pan_x=pan)))
        .copy()
        for pan in (0.0, 0.05)
    )
    change = np.abs(panned - still).mean(axis=(1, 2))
    assert change[-20:].mean() > 1.5 * change[:30].mean()


def test_words_bring_birds_balloons_and_jets() -> None:
    plain = _at(13.0, t=14.0)
    for word in ("birds", "balloon", "plane", "rainbow", "cloudless"):
        assert np.abs(_at(13.0, t=14.0, words=frozenset({word})) - plain).max() > 0.05, word


def test_passers_come_and_go_without_a_jump() -> None:
    size, light = Size(160, 90), light_for(Mood(hour=18.0))
    for passer in (
        Trail(np.random.default_rng(2), size, light),
        FallingStar(np.random.default_rng(2), size),
    ):
        shown = []
        for age in np.linspace(0, 1, 60):
            planes = np.full((3, 90, 160), 0.4, np.float32)
            passer.paint(planes, float(age))
            shown.append(np.abs(planes - 0.4).mean())
        assert shown[0] < 1e-4 > shown[-1]
        assert max(shown) > 1e-4
        assert max(abs(b - a) for a, b in pairwise(shown)) < 0.35 * max(shown)


def test_birds_cross_the_picture() -> None:
    size = Size(160, 90)
    flock = Flock(np.random.default_rng(5), size, light_for(Mood(hour=12.0)))
    columns = []
    for age in (0.3, 0.5, 0.7):
        planes = np.ones((3, 90, 160), np.float32)
        flock.paint(planes, 2.0, age)
        columns.append(float(np.average(np.arange(160), weights=(1 - planes).sum(axis=(0, 1)))))
    assert columns in (sorted(columns), sorted(columns, reverse=True))
    assert abs(columns[2] - columns[0]) > 20


def test_a_storm_flashes_softly() -> None:
    scene = Sky(Size(96, 54), Mood(seed=3, hour=15.0, weather=Weather.STORM))
    means = [float(scene.paint(Moment(n / 15, 1 / 15, 1 / 15)).mean()) for n in range(300)]
    assert max(abs(b - a) / a for a, b in pairwise(means)) < 0.10


def test_wisps_tear_off_where_the_person_moves_and_fade() -> None:
    size = Size(160, 90)
    ys, xs = np.mgrid[:90, :160].astype(np.float32)
    presence = np.clip(1.5 - np.hypot((xs - 80) / 30, (ys - 50) / 35), 0, 1)
    half = np.full_like(presence, 0.5)
    none = np.zeros_like(presence)
    skin = np.zeros((32, 32), np.float32)
    visitor = Visitor(size, Sun.seen(size, 20.0, 20.0, 0.25), skin, _GREY, 0.25)

    def wisps(speed: float, seconds: float) -> float:
        flow = np.dstack((presence * speed, none)).astype(np.float32)
        planes = np.zeros((3, 90, 160), np.float32)
        for _ in range(round(seconds * 30)):
            person = Person(presence, half, none, none, flow)
            visitor.paint(planes, person, 1.0, 1.0, rise=0.0, wind=0.05, dt=_STEP)
        return float(visitor._wisps.mean())

    assert wisps(0.0, 0.3) == 0
    torn = wisps(0.6, 0.7)
    assert torn > 0.005
    assert wisps(0.0, 6.0) < 0.1 * torn
