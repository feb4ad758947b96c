from __future__ import annotations

import numpy as np
import pytest

from endlessdreams_cam.engines.scenes.mood import Mood
from endlessdreams_cam.engines.scenes.world import Moment, Person, Picture
from endlessdreams_cam.engines.scenes.worlds.crystals import Crystals
from endlessdreams_cam.engines.scenes.worlds.crystals_cluster_parts import (
    Facets,
    Garden,
    grow,
    wrap,
)
from endlessdreams_cam.engines.scenes.worlds.crystals_parts import FIRE, fire, gems_for
from endlessdreams_cam.engines.scenes.worlds.crystals_person_parts import cut
from endlessdreams_cam.frame import Size

_SIZE = Size(160, 90)
_STEP = 1 / 30


def _person(x: float = 80.0) -> Person:
    ys, xs = np.mgrid[:90, :160].astype(np.float32)
    head = ((xs - x) / 17) ** 2 + ((ys - 34) / 22) ** 2 < 1
    body = ((xs - x) / 42) ** 2 + ((ys - 96) / 38) ** 2 < 1
    presence = (head | body).astype(np.float32)
    eyes = np.exp(-(((np.abs(xs - x) - 7) / 4) ** 2) - ((ys - 33) / 3) ** 2)
    tone = (0.75 - 0.7 * eyes) * presence + 0.5 * (1 - presence)
    nothing = np.zeros_like(presence)
    flow = np.dstack((nothing, nothing))
    planes = (presence, tone, nothing, -eyes * presence, flow)
    return Person(*(p.astype(np.float32) for p in planes))


def _shown(scene: Crystals, t: float, seconds: float = 0.0, **fields: object) -> Picture:
    for n in range(round(seconds / _STEP), -1, -1):
        picture = scene.paint(Moment(t - n * _STEP, _STEP, _STEP, **fields))  # type: ignore[arg-type]
    return np.clip(picture, 0, 1)


@pytest.mark.parametrize(("word", "channel"), [("ruby", 0), ("emerald", 1), ("sapphire", 2)])
def test_a_stone_has_its_colour(word: str, channel: int) -> None:
    picture = _shown(Crystals(_SIZE, Mood(seed=1, hour=23, words=frozenset({word}))), 2.0)
    assert int(picture[30:75].mean((0, 1)).argmax()) == channel


def test_by_day_it_is_a_bright_hall_unless_it_is_a_cave() -> None:
    night = _shown(Crystals(_SIZE, Mood(seed=1, hour=23)), 2.0).mean()
    noon = _shown(Crystals(_SIZE, Mood(seed=1, hour=13)), 2.0).mean()
    cave = _shown(Crystals(_SIZE, Mood(seed=1, hour=13, words=frozenset({"cave"}))), 2.0).mean()
    assert night < 0.5 * noon
    assert cave < 0.7 * noon


def test_the_light_inside_a_stone_has_no_seam() -> None:
    inner = fire(np.random.default_rng(1), 0.0)
    assert inner.shape == (2 * FIRE, FIRE)
    seam = np.abs(inner[:, 0] - inner[:, -1]).mean()
    inside = np.abs(np.diff(inner, axis=1)).mean()
    assert seam < 3 * inside


def test_the_calm_light_is_calmer() -> None:
    inner = fire(np.random.default_rng(1), 0.0)
    assert inner[FIRE:].std() < 0.6 * inner[:FIRE].std()


def test_places_are_wrapped_into_a_tile() -> None:
    assert wrap(np.array([-1.0, 511.5, 512.0], np.float32), 512).tolist() == [511, 511.5, 0]


def test_crystals_stand_on_the_ground_and_turn() -> None:
    mood = Mood(seed=1)
    facets = Facets(_SIZE)
    garden = Garden(_SIZE, 75.0, gems_for(mood), (0.5, 0.8, -0.5))
    cluster = grow(np.random.default_rng(1), (0.0, 0.0), 0.4, 9)
    covers = []
    for turned in (0.0, 0.3):
        facets.clear()
        garden.draw(facets, cluster, turned, np.ones(9, np.float32))
        covers.append(facets.cover.copy())
    area = facets.area()
    assert area is not None
    assert 70 < area[0].stop < 88
    assert (covers[0] != covers[1]).mean() > 0.01


def test_what_has_not_grown_is_not_drawn() -> None:
    facets = Facets(_SIZE)
    garden = Garden(_SIZE, 75.0, gems_for(Mood(seed=1)), (0.5, 0.8, -0.5))
    garden.draw(
        facets, grow(np.random.default_rng(1), (0, 0), 0.4, 5), 0.0, np.zeros(5, np.float32)
    )
    assert facets.area() is None


def test_a_bust_is_cut_finer_at_eyes_and_mouth_than_on_the_shoulders() -> None:
    found = cut(np.random.default_rng(1))
    corners = found.corners[found.facets]
    a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    area = np.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]) / 2
    middle = corners.mean(1)
    eyes = (np.abs(np.abs(middle[:, 0]) - 0.19) < 0.12) & (np.abs(middle[:, 1] - 0.6) < 0.08)
    low = middle[:, 1] > 1.6
    assert eyes.any()
    assert area[eyes].mean() < 0.2 * area[low].mean()


def test_the_person_is_a_bust_with_dark_eyes() -> None:
    scene = Crystals(Size(320, 180), Mood(seed=1, hour=23))
    picture = _shown(scene, 3.0, 1.0, person=_person())
    # The bust stands at 0.86 of the camera's picture.
    eye, cheek = picture[54:60, 146:150].mean(), picture[64:74, 150:170].mean()
    assert cheek > 1.3 * eye


def test_the_bust_follows_the_head() -> None:
    scene = Crystals(_SIZE, Mood(seed=1, hour=23))
    _shown(scene, 2.0, 0.6, person=_person(70))
    assert scene._bust._head is not None
    before = scene._bust._head[0]
    _shown(scene, 4.0, 1.5, person=_person(95))
    assert scene._bust._head[0] - before == pytest.approx(25, abs=3)


def test_the_middle_crystals_make_room_and_come_back() -> None:
    scene, alone = (Crystals(_SIZE, Mood(seed=1, hour=23)) for _ in range(2))
    _shown(scene, 3.0, 1.0, person=_person())
    assert scene._bust.there > 0.5
    assert scene._bust.there <= 1
    back = _shown(scene, 8.0, 5.0)
    assert np.abs(back - _shown(alone, 8.0)).mean() < 0.01


def test_a_crystal_is_born_and_goes_again() -> None:
    scene = Crystals(_SIZE, Mood(seed=1, hour=23))
    starts = next(t for t in np.arange(0, 80, 0.1) if 0 < scene._birth(float(t)) < 0.2)
    sizes = []
    for age in (-1.0, 2.0, 10.0, 40.0):
        scene._grow(Moment(float(starts), 0, 0), 0.0, -1.0)
        before = (scene._facets.cover > 0).sum()
        scene._grow(Moment(float(starts), 0, 0), 0.0, age)
        sizes.append(int((scene._facets.cover > 0).sum() - before))
    assert sizes[0] == sizes[3] == 0
    assert 0 < sizes[1] < sizes[2]
