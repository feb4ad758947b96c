"""What every world keeps to."""

from __future__ import annotations

import importlib.util
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from endlessdreams_cam.engines.scenes.catalogue import SCENES, make
from endlessdreams_cam.engines.scenes.mood import Mood, Palette, Weather
from endlessdreams_cam.engines.scenes.world import Moment, Person, Picture, Scene
from endlessdreams_cam.frame import Pose, Size

_SMALL = Size(128, 72)
_WORLDS = [name for name, at in SCENES.items() if importlib.util.find_spec(at.partition(":")[0])]
_STEP = 1 / 30


def _person(x: float = 0.5, speed: float = 0.0) -> Person:
    """Return somebody with a head, shoulders, eyes and a mouth, 160 × 90."""
    ys, xs = np.mgrid[:90, :160].astype(np.float32)
    across = (xs / 160 - x) * 16 / 9
    down = ys / 90
    head = ((across / 0.17) ** 2 + ((down - 0.42) / 0.25) ** 2) < 1
    body = ((across / 0.42) ** 2 + ((down - 1.05) / 0.36) ** 2) < 1
    presence = (head | body).astype(np.float32)
    dark = np.zeros_like(presence)
    for left, top, size in ((-0.07, 0.38, 0.03), (0.07, 0.38, 0.03), (0.0, 0.55, 0.05)):
        dark += np.exp(-(((across - left) / size) ** 2) - ((down - top) / 0.02) ** 2)
    tone = np.where(presence > 0, 0.55 - 0.9 * across, 0.5).clip(0.05, 1)
    relief = presence * np.cos(across * 9) * 0.5
    flow = np.dstack((presence * speed, np.zeros_like(presence)))
    fields = (
        presence,
        tone * (1 - 0.7 * dark.clip(0, 1)),
        relief,
        -dark.clip(0, 1) * presence,
        flow,
    )
    return Person(*(field.astype(np.float32) for field in fields))


def _film(scene: Scene, times: list[float], step: float = _STEP, **fields: object) -> list[Picture]:
    """Return pictures at rising times, painting every frame between."""
    found: list[Picture] = []
    t = times[0]
    while len(found) < len(times):
        picture = scene.paint(Moment(t, step, step, **fields))  # type: ignore[arg-type]
        if t + step / 2 >= times[len(found)]:
            found.append(picture.copy())
        t += step
    return found


def _mean(picture: Picture) -> float:
    return float(np.clip(picture, 0, 1).mean())


def _shown(picture: Picture) -> Picture:
    return np.clip(picture, 0, 1)


@pytest.mark.parametrize("name", _WORLDS)
@pytest.mark.parametrize("size", [Size(64, 64), Size(96, 160), Size(160, 90)])
def test_a_picture_has_its_size_and_range(name: str, size: Size) -> None:
    scene = make(name, size, Mood(seed=3))
    for person in (None, _person()):
        picture = scene.paint(Moment(2.0, _STEP, _STEP, person=person))
        assert picture.shape == (size.height, size.width, 3)
        assert picture.dtype == np.float32
        assert np.isfinite(picture).all()
        assert picture.min() > -0.5
        assert picture.max() < 3


@pytest.mark.parametrize("name", _WORLDS)
@pytest.mark.parametrize("weather", [Weather.CLEAR, Weather.RAIN, Weather.SNOW])
def test_memory_is_written_before_it_is_read(
    name: str, weather: Weather, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fresh memory holds anything: here what no sum and no product survives unnoticed."""
    fresh, fresh_like = np.empty, np.empty_like

    def poisoned(array: Any) -> Any:
        if array.dtype == np.float32:
            array.view(np.uint32)[...] = 0x7FA00000  # a signalling NaN
        return array

    monkeypatch.setattr(np, "empty", lambda *a, **k: poisoned(fresh(*a, **k)))
    monkeypatch.setattr(np, "empty_like", lambda *a, **k: poisoned(fresh_like(*a, **k)))
    scene = make(name, _SMALL, Mood(seed=3, hour=22.0, weather=weather))
    for n, person in enumerate((None, None, _person())):
        assert np.isfinite(scene.paint(Moment(2 + n * _STEP, _STEP, _STEP, person=person))).all()


@pytest.mark.parametrize("name", _WORLDS)
def test_the_same_seed_shows_the_same_world(name: str) -> None:
    first, second = (_film(make(name, _SMALL, Mood(seed=5)), [1.0, 1.2]) for _ in range(2))
    assert np.array_equal(first[1], second[1])


@pytest.mark.parametrize("name", _WORLDS)
def test_another_seed_shows_another_world(name: str) -> None:
    first, second = (_film(make(name, _SMALL, Mood(seed=s)), [1.0])[0] for s in (5, 6))
    assert np.abs(_shown(first) - _shown(second)).mean() > 0.01


@pytest.mark.parametrize("name", _WORLDS)
def test_it_moves_smoothly(name: str) -> None:
    pictures = _film(make(name, _SMALL, Mood(seed=2)), [3.0, 3.0 + _STEP, 4.5])
    next_frame = np.abs(_shown(pictures[1]) - _shown(pictures[0])).mean()
    later = np.abs(_shown(pictures[2]) - _shown(pictures[0])).mean()
    assert later > 0.001
    assert next_frame < 0.05


@pytest.mark.parametrize("name", _WORLDS)
def test_it_stands_still_when_time_stands(name: str) -> None:
    scene = make(name, _SMALL, Mood(seed=2))
    _film(scene, [3.0, 3.2])
    still = [scene.paint(Moment(3.2, 0.0, _STEP)).copy() for _ in range(30)]
    assert np.abs(still[-1] - still[-2]).mean() < 0.002


@pytest.mark.parametrize("name", _WORLDS)
def test_time_may_jump(name: str) -> None:
    scene = make(name, _SMALL, Mood(seed=4))
    for t in (0.0, 0.25, 0.5, 7200.0, 7200.25, 3.0):
        picture = scene.paint(Moment(t, 0.25, 0.25, energy=1.0, person=_person(speed=0.5)))
        assert np.isfinite(picture).all()


@pytest.mark.parametrize("name", _WORLDS)
def test_the_person_changes_the_picture_where_they_are(name: str) -> None:
    person = _person()
    alone, seen = (
        _film(make(name, Size(160, 90), Mood(seed=2)), [2.0, 2.5], person=p)[1]
        for p in (None, person)
    )
    change = np.abs(_shown(seen) - _shown(alone)).mean(2)
    there = person.presence > 0.5
    assert change[there].mean() > 0.02
    assert change[there].mean() > 1.5 * change[:, :16].mean()


@pytest.mark.parametrize("name", _WORLDS)
def test_amount_0_leaves_the_person_out(name: str) -> None:
    alone, faint = (
        _film(make(name, _SMALL, Mood(seed=2)), [2.0, 2.3], person=p, amount=0.0)[1]
        for p in (None, _person())
    )
    assert np.abs(_shown(faint) - _shown(alone)).mean() < 0.02


@pytest.mark.parametrize("name", _WORLDS)
@pytest.mark.parametrize("hour", [7.0, 13.0, 22.0])
def test_nothing_flashes(name: str, hour: float) -> None:
    scene = make(name, _SMALL, Mood(seed=7, hour=hour))
    means = [_mean(scene.paint(Moment(1 + n * 0.1, 0.1, 0.1))) for n in range(150)]  # 15 seconds
    steps = [abs(b - a) / max(a, 0.05) for a, b in zip(means, means[3:], strict=False)]
    assert sum(step > 0.10 for step in steps) <= 2


@pytest.mark.parametrize("name", _WORLDS)
@pytest.mark.parametrize("weather", list(Weather))
def test_any_weather_can_be_painted(name: str, weather: Weather) -> None:
    scene = make(name, Size(96, 54), Mood(seed=2, weather=weather))
    picture = scene.paint(Moment(1.0, _STEP, _STEP))
    assert np.isfinite(picture).all()
    assert _mean(picture) > 0.005


@pytest.mark.parametrize("name", _WORLDS)
def test_a_palette_colours_the_world(name: str) -> None:
    natural, green = (
        _shown(_film(make(name, _SMALL, Mood(seed=2, palette=palette)), [2.0])[0]).mean((0, 1))
        for palette in (
            Palette(),
            Palette("green", ((0.0, 0.05, 0.0), (0.0, 0.5, 0.1), (0.7, 1.0, 0.7)), 0.9),
        )
    )
    assert green[1] / green.sum() > natural[1] / natural.sum()


@pytest.mark.parametrize("name", _WORLDS)
def test_panning_is_continuous(name: str) -> None:
    scene = make(name, _SMALL, Mood(seed=2))
    pictures = [
        _shown(scene.paint(Moment(2.0, 0.0, _STEP, pose=Pose(pan_x=n * 0.004)))).copy()
        for n in range(12)
    ]
    steps = [np.abs(b - a).mean() for a, b in pairwise(pictures[2:])]
    assert max(steps) < 0.06
