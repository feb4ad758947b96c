from __future__ import annotations

import numpy as np
import pytest

from endlessdreams_cam.engines.scenes.mood import Mood, Palette
from endlessdreams_cam.engines.scenes.world import Moment, Person, Picture
from endlessdreams_cam.engines.scenes.worlds.fire import Fire
from endlessdreams_cam.engines.scenes.worlds.fire_light_parts import emission
from endlessdreams_cam.engines.scenes.worlds.fire_parts import Burn, Gas
from endlessdreams_cam.engines.scenes.worlds.fire_spark_parts import Sparks
from endlessdreams_cam.frame import Size

_SMALL = Size(128, 72)
_STEP = 1 / 30


def _person(speed: float = 0.0) -> Person:
    ys, xs = np.mgrid[:90, :160].astype(np.float32)
    presence = (((xs - 80) / 30) ** 2 + ((ys - 45) / 35) ** 2 < 1).astype(np.float32)
    eyes = np.exp(-(((np.abs(xs - 80) - 12) / 4) ** 2) - ((ys - 38) / 3) ** 2)
    tone = 0.75 * presence + 0.5 * (1 - presence)
    flow = np.dstack((presence * speed, 0 * presence))
    planes = (presence, tone, 0 * presence, -1.2 * eyes * presence, flow)
    return Person(*(plane.astype(np.float32) for plane in planes))


def _later(scene: Fire, seconds: float, **fields: object) -> Picture:
    picture = scene.paint(Moment(0.0, _STEP, _STEP))
    for n in range(1, round(seconds / _STEP)):
        picture = scene.paint(Moment(n * _STEP, _STEP, _STEP, **fields))  # type: ignore[arg-type]
    return picture.copy()


def _gas() -> Gas:
    return Gas(_SMALL, np.random.default_rng(1), Burn(cooling=0.05, tearing=0.0, fading=0.0))


def _blob(gas: Gas) -> np.ndarray:
    fuel = np.zeros_like(gas.visible)
    rows, columns = fuel.shape
    fuel[rows // 2 : rows // 2 + 10, columns // 2 - 6 : columns // 2 + 6] = 1
    return fuel


def _risen(burn: Burn) -> float:
    """Return how many rows a blob of heat rises in a third of a second."""
    gas = Gas(_SMALL, np.random.default_rng(1), burn)
    gas.step(_STEP, _blob(gas))
    rows = np.arange(gas.heat.shape[0])
    before = (gas.heat.sum(1) @ rows) / gas.heat.sum()
    for _ in range(10):
        gas.step(_STEP, np.zeros_like(gas.visible))
    return float(before - (gas.heat.sum(1) @ rows) / gas.heat.sum())


def test_heat_rises_by_itself_and_with_the_draught() -> None:
    calm = {"cooling": 0.05, "tearing": 0.0, "fading": 0.0, "turbulence": 0.0}
    assert abs(_risen(Burn(buoyancy=0.0, updraft=0.0, **calm))) < 1
    assert _risen(Burn(updraft=0.0, **calm)) > 2
    assert _risen(Burn(buoyancy=0.0, **calm)) > 10


def test_heat_cools_away() -> None:
    gas = Gas(_SMALL, np.random.default_rng(1), Burn())
    gas.step(_STEP, _blob(gas))
    for _ in range(90):
        gas.step(_STEP, np.zeros_like(gas.visible))
    assert gas.visible.max() < 0.05


def test_the_gas_keeps_its_volume_where_nothing_burns() -> None:
    gas = Gas(_SMALL, np.random.default_rng(1), Burn(expansion=0.0))
    for _ in range(10):
        gas.step(_STEP, _blob(gas))
    x, y = gas.velocity[..., 0], gas.velocity[..., 1]
    along = 0.5 * (np.roll(x, -1, 1) - np.roll(x, 1, 1))
    down = 0.5 * (np.roll(y, -1, 0) - np.roll(y, 1, 0))
    assert np.abs(along + down).max() < 1e-3 * np.abs(gas.velocity).max()


def test_a_push_moves_the_flames() -> None:
    still, pushed = _gas(), _gas()
    push = np.zeros((still.rows, still.coarse.width, 2), np.float32)
    push[..., 0] = 60.0
    push[: still.rows // 3] = 0
    columns = np.arange(still.heat.shape[1])
    middles = []
    for gas, given in ((still, None), (pushed, push)):
        for _ in range(6):
            gas.step(_STEP, _blob(gas), given)
        middles.append((gas.heat.sum(0) @ columns) / gas.heat.sum())
    assert middles[1] > middles[0] + 2


def test_a_shift_by_a_whole_width_comes_back() -> None:
    gas = _gas()
    gas.step(_STEP, _blob(gas))
    before = gas.heat.copy()
    gas.shift(0.3)
    assert np.abs(gas.heat - before).max() > 0.5
    gas.shift(0.7)
    assert np.abs(gas.heat - before).mean() < 0.01


def test_hotter_is_brighter_and_never_darker() -> None:
    light = emission(Mood())
    assert (np.diff(light, axis=0) >= 0).all()
    assert (light[0] == 0).all()


def test_gas_burns_blue_and_a_palette_dyes_the_flames() -> None:
    blue = emission(Mood(words=frozenset({"gas"})))[700]
    green = Palette("green", ((0.0, 0.1, 0.0), (0.1, 0.9, 0.2)), 1.0)
    dyed = emission(Mood(palette=green))[700]
    assert blue[2] > 2 * blue[0]
    assert dyed[1] > 2 * dyed[0]


@pytest.mark.parametrize("words", [set(), {"inferno"}, {"bonfire"}])
def test_little_is_clipped(words: set[str]) -> None:
    scene = Fire(_SMALL, Mood(seed=2, words=frozenset(words)))
    picture = _later(scene, 2.0, energy=1.0)
    assert (picture.min(2) > 0.98).mean() < 0.08
    assert picture[..., 0].mean() > picture[..., 1].mean() > picture[..., 2].mean()


@pytest.mark.parametrize("word", ["embers", "campfire", "bonfire", "candle", "lava", "gas"])
def test_words_choose_what_burns(word: str) -> None:
    natural = _later(Fire(_SMALL, Mood(seed=2)), 0.5)
    asked = _later(Fire(_SMALL, Mood(seed=2, words=frozenset({word}))), 0.5)
    assert np.abs(asked - natural).mean() > 0.02


def test_eyes_stay_dark_in_a_glowing_face() -> None:
    picture = _later(Fire(Size(160, 90), Mood(seed=2)), 0.5, person=_person())
    eyes = picture[36:41, 65:71].mean()
    cheeks = picture[50:56, 68:92].mean()
    assert cheeks > 1.6 * eyes


def test_flames_are_born_on_the_person() -> None:
    seen = Fire(Size(160, 90), Mood(seed=2))
    alone = Fire(Size(160, 90), Mood(seed=2))
    _later(seen, 1.0, person=_person())
    _later(alone, 1.0)
    above = (slice(0, seen._gas.visible.shape[0] // 8), slice(60, 100))
    assert seen._gas.visible[above].mean() > alone._gas.visible[above].mean() + 0.05


def test_a_log_that_drops_throws_sparks() -> None:
    scene = Fire(_SMALL, Mood(seed=2))
    moments = np.arange(0, 200, 0.1)
    begins = next(t for t in moments if scene._drop.at(t) is not None)
    for n in range(24):
        scene.paint(Moment(begins + n * _STEP, _STEP, _STEP))
    busy = int((scene._sparks.light() > 0.05).sum())
    assert busy > 60


def test_sparks_die() -> None:
    sparks = Sparks(20, np.random.default_rng(1))
    place = np.full(8, 0.5, np.float32)
    sparks.bear(place, place, 0.3, 0.1)
    still = np.zeros(20, np.float32)
    sparks.step(0.2, 0.0, still, still)
    assert sparks.paint(_SMALL, 0.03).max() > 0.3
    for n in range(40):
        sparks.step(0.1, n * 0.1, still, still)
    assert sparks.paint(_SMALL, 0.03).max() == 0
