from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from endlessdreams_cam.engines.scenes.mood import Mood
from endlessdreams_cam.engines.scenes.world import Moment, Person, Picture
from endlessdreams_cam.engines.scenes.worlds.galaxy import Galaxy
from endlessdreams_cam.engines.scenes.worlds.galaxy_event_parts import Comet, Supernova
from endlessdreams_cam.engines.scenes.worlds.galaxy_gas_parts import Eddies
from endlessdreams_cam.engines.scenes.worlds.galaxy_hole_parts import Hole
from endlessdreams_cam.engines.scenes.worlds.galaxy_nova_parts import Empty, Remnant
from endlessdreams_cam.engines.scenes.worlds.galaxy_parts import Disc, Dyes, View
from endlessdreams_cam.engines.scenes.worlds.galaxy_star_parts import spiked, splat, stamp
from endlessdreams_cam.frame import Size

_SIZE = Size(160, 90)
_VIEW = View(0.5, 0.5, 0.8, 0.0, 0.6, 2, 0.3, 1.0)


def _person(speed: float = 0.0) -> Person:
    ys, xs = np.mgrid[:90, :160].astype(np.float32)
    presence = (((xs - 80) / 30) ** 2 + ((ys - 45) / 35) ** 2 < 1).astype(np.float32)
    hair = presence * (ys < 24)
    tone = (0.85 - 0.8 * hair) * presence + 0.5 * (1 - presence)
    flow = np.dstack((presence * speed, 0 * presence))
    planes = (presence, tone, 0 * presence, 0 * presence, flow)
    return Person(*(plane.astype(np.float32) for plane in planes))


def _picture(mood: Mood, person: Person | None = None) -> Picture:
    return Galaxy(_SIZE, mood).paint(Moment(4.0, 1 / 30, 1 / 30, person=person))


def test_the_inside_turns_faster_than_the_outside() -> None:
    disc = Disc(_SIZE, 16 / 9, np.random.default_rng(1), _VIEW, Dyes())
    (x0, y0, _), (x1, y1, _) = disc.stars(0.0), disc.stars(4.0)
    unit = _VIEW.radius / (16 / 9)
    angle = [np.arctan2((y - 0.5) / np.cos(_VIEW.slant), (x - 0.5) * 16 / 9) for x, y in
             ((x0, y0), (x1, y1))]  # fmt: skip
    turned = np.abs((angle[1] - angle[0] + np.pi) % (2 * np.pi) - np.pi)
    away = np.hypot((x0 - 0.5), (y0 - 0.5) / np.cos(_VIEW.slant) * 9 / 16) / unit
    inner, outer = turned[away < 0.25].mean(), turned[away > 0.5].mean()
    assert inner > 1.5 * outer > 0


def test_the_disc_has_no_seam() -> None:
    disc = Disc(Size(240, 240), 1.0, np.random.default_rng(1), _VIEW, Dyes())
    gas = disc._gas_at(3.0)[..., 0]
    jumps = np.abs(np.diff(disc._round, axis=0))
    seam = jumps > 300  # the angle goes from 180° to −180°
    beside = np.abs(np.diff(gas, axis=0))
    assert seam.sum() > 50
    assert beside[seam].mean() < 0.1


def test_gas_changes_over_without_a_jump() -> None:
    disc = Disc(Size(80, 80), 1.0, np.random.default_rng(1), _VIEW, Dyes())
    pictures = [disc.light(t) for t in np.arange(33.5, 34.5, 1 / 15)]
    steps = [np.abs(b - a).mean() for a, b in pairwise(pictures)]
    assert max(steps) < 2.5 * np.median(steps)


def test_a_black_hole_is_dark_in_a_bright_disc() -> None:
    hole = Hole(Size(160, 160), 1.0, np.random.default_rng(1), _VIEW, Dyes())
    light = hole.light(2.0).mean(2)
    assert light[66:72, 74:86].mean() < 0.15
    assert light[:, 110:120].max() > 0.3


def test_eddies_outlive_the_hand_by_seconds() -> None:
    eddies = Eddies()
    for _ in range(10):
        eddies.step(1 / 30, _person(speed=0.8), 1.0)
    stirred = np.abs(eddies.shift).max()
    for _ in range(30):
        eddies.step(1 / 30, None, 1.0)
    after_one = np.abs(eddies.shift).max()
    for _ in range(150):
        eddies.step(1 / 30, None, 1.0)
    assert stirred > 0.01
    assert after_one > 0.2 * stirred
    assert np.abs(eddies.shift).max() < 0.05 * stirred


def test_a_star_keeps_its_light_between_pixels() -> None:
    for x, y in ((10.0, 20.0), (10.3, 20.8)):
        light = np.zeros((40, 40, 3), np.float32)
        at = np.array([x], np.float32), np.array([y], np.float32)
        splat(light, *at, np.ones((1, 3), np.float32))
        assert light.sum() == pytest.approx(3.0, abs=1e-4)


def test_a_sprite_may_be_cut_by_the_edge() -> None:
    light = np.zeros((40, 60, 3), np.float32)
    sprite = spiked(9)
    for x, y in ((-3.5, 10), (58.2, 39.9), (30.5, -20), (200, 200)):
        stamp(light, sprite, x, y, np.ones(3, np.float32))
    assert np.isfinite(light).all()
    assert light[10, 0].sum() > 0


@pytest.mark.parametrize("kind", [Comet, Supernova])
def test_rare_events_fade_in_and_out(kind: type[Comet] | type[Supernova]) -> None:
    event = kind(_SIZE)
    totals = []
    for age in np.linspace(0, 1, 41):
        light = np.zeros((90, 160, 3), np.float32)
        act = event.fly if isinstance(event, Comet) else event.flare
        act(light, np.random.default_rng(4), float(age))
        totals.append(float(light.sum()))
    assert max(totals) > 10
    assert totals[0] < 0.02 * max(totals)
    assert totals[-1] < 0.02 * max(totals)


def test_a_face_glows_and_its_hair_is_dust() -> None:
    alone, seen = _picture(Mood(seed=2)), _picture(Mood(seed=2), _person())
    hair, face = seen[14:20, 70:90].mean(), seen[40:60, 70:90].mean()
    assert face > 1.5 * hair
    assert np.abs(seen - alone)[40:60, 70:90].mean() > 0.03


@pytest.mark.parametrize("word", ["nebula", "hole", "stars"])
def test_words_choose_what_is_out_there(word: str) -> None:
    natural = _picture(Mood(seed=2))
    asked = _picture(Mood(seed=2, words=frozenset({word})))
    assert np.abs(asked - natural).mean() > 0.005


@pytest.mark.parametrize(
    ("words", "body"),
    [
        ("spiral galaxy", Disc),
        ("galaxy nebula", Disc),
        ("nebula", Empty),
        ("comet", Empty),
        ("supernova", Remnant),
        ("black hole", Hole),
    ],
)
def test_the_words_choose_what_stands_in_the_gas(words: str, body: type[object]) -> None:
    scene = Galaxy(_SIZE, Mood(seed=2, words=frozenset(words.split())))
    assert type(scene._disc) is body
    assert np.isfinite(scene.paint(Moment(4.0, 1 / 30, 1 / 30))).all()


def test_a_remnant_is_a_shell_round_a_bright_core_that_drifts() -> None:
    remnant = Remnant(Size(160, 160), 1.0, np.random.default_rng(1), _VIEW, Dyes())
    light = remnant.light(2.0).mean(2)
    assert light[80, 80] > light[80, 40:60].max() > 2 * light[80, :6].max()
    step = np.abs(remnant.light(2.0 + 1 / 30) - remnant.light(2.0)).mean()
    assert 1e-4 < step < 0.02
