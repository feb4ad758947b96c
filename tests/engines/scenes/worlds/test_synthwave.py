from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from endlessdreams_cam.engines.scenes.mood import Mood, Palette, light_for
from endlessdreams_cam.engines.scenes.palettes import PALETTES
from endlessdreams_cam.engines.scenes.world import Moment, Person, Picture
from endlessdreams_cam.engines.scenes.worlds.synthwave import Synthwave
from endlessdreams_cam.engines.scenes.worlds.synthwave_ground_parts import Ground
from endlessdreams_cam.engines.scenes.worlds.synthwave_parts import Backdrop, beats, scheme_for
from endlessdreams_cam.engines.scenes.worlds.synthwave_road_parts import shoot
from endlessdreams_cam.frame import Size

_SIZE = Size(200, 112)
_HORIZON = 66
_STEP = 1 / 30
_MOOD = Mood(seed=2, hour=22)
_SCHEME = scheme_for(light_for(_MOOD), _MOOD)


def _ground(rugged: float = 1.0) -> Ground:
    return Ground(np.random.default_rng(1), _SIZE, _HORIZON, _SCHEME, rugged)


def _person() -> Person:
    ys, xs = np.mgrid[:90, :160].astype(np.float32)
    presence = ((xs - 80) ** 2 / 28**2 + (ys - 50) ** 2 / 36**2 < 1).astype(np.float32)
    eyes = (np.abs(np.abs(xs - 80) - 12) < 5) & (np.abs(ys - 42) < 4)
    tone = np.where(eyes, 0.08, 0.8) * presence + 0.5 * (1 - presence)
    nothing = np.zeros_like(presence)
    flow = np.dstack((nothing, nothing))
    return Person(*(p.astype(np.float32) for p in (presence, tone, nothing, nothing, flow)))


def _shown(words: str = "", t: float = 3.0, seed: int = 2, **fields: object) -> Picture:
    scene = Synthwave(_SIZE, Mood(seed=seed, hour=22, words=frozenset(words.split())))
    return np.clip(scene.paint(Moment(t, _STEP, _STEP, **fields)), 0, 1)  # type: ignore[arg-type]


def test_the_tempo_is_120_beats_a_minute() -> None:
    assert beats(60.0) == 120


def test_two_lines_go_by_with_each_beat_and_take_their_mountains_along() -> None:
    ground = _ground()
    now, later = ground.mesh(4.0, 0.0), ground.mesh(4.5, 0.0)
    assert np.allclose(now.z, later.z)
    # Rows are far to near: half a beat later each stands where the next nearer one stood.
    assert np.allclose(now.height[8:-1], later.height[9:], atol=1e-5)


def test_the_grid_rolls_without_a_jump() -> None:
    ground = _ground(0.0)
    rows = [ground.mesh(beat, 0.0).z for beat in np.arange(0, 0.5, 0.05)]
    steps = [np.abs(b[:20] - a[:20]).max() for a, b in pairwise(rows)]
    assert 0 < max(steps) < 0.07


def test_mountains_rise_to_both_sides_and_leave_the_way_free() -> None:
    flat, rugged = (
        ground.draw(ground.mesh(3.0, 0.0))[0] > 0 for ground in (_ground(0.0), _ground())
    )
    above = np.s_[: _HORIZON - 3]
    assert not flat[above].any()
    assert rugged[above][:, :30].any()
    assert rugged[above][:, -30:].any()
    assert not rugged[above][:, 94:106].any()


def test_lines_behind_a_mountain_are_hidden() -> None:
    ground = _ground()
    mesh = ground.mesh(3.0, 0.0)
    _, lines = ground.draw(mesh)
    seen = (lines > 40).mean()
    ground._lines[:] = 0
    ground._solid[:] = 0
    plain = _ground(0.0)
    _, flat = plain.draw(plain.mesh(3.0, 0.0))
    # Every line of the plain is in sight; mountains hide some of theirs.
    assert 0 < seen < 1.6 * (flat > 40).mean()


def test_bars_slide_down_the_sun_and_grow() -> None:
    backdrop = Backdrop(np.random.default_rng(1), Size(400, 224), 130, _SCHEME, light_for(_MOOD))
    first, later = backdrop._slits(0.0), backdrop._slits(1.0)
    assert first.min() < 0.2
    assert first.max() == 1
    assert np.abs(first - later).max() > 0.3
    quarter = len(first) // 4
    assert (first[:quarter] == 1).all()
    assert (1 - first[-quarter:]).sum() > (1 - first[2 * quarter : 3 * quarter]).sum()


@pytest.mark.parametrize(("hour", "darker"), [(22, 18.7), (18.7, 13)])
def test_night_is_darker_than_dusk_and_dusk_than_day(hour: float, darker: float) -> None:
    pictures = [
        np.clip(Synthwave(_SIZE, Mood(seed=2, hour=h)).paint(Moment(2.0, _STEP, _STEP)), 0, 1)
        for h in (hour, darker)
    ]
    assert pictures[0].mean() < pictures[1].mean()


def test_the_bust_has_dark_eyes_and_hides_the_sun() -> None:
    alone, seen = _shown(), _shown(person=_person())
    cheek, eye = seen[62:72, 90:110].mean(), seen[49:55, 82:88].mean()
    assert cheek > 1.5 * eye
    assert np.abs(seen - alone)[40:60, 95:105].mean() > 0.05


def test_a_desert_is_flat_and_alps_are_high() -> None:
    edges = np.s_[30:58, :30]
    flat, high = (_shown(word, seed=2)[edges] for word in ("desert", "mountains"))
    assert high.std() > flat.std()


def test_palms_come_where_they_are_wanted() -> None:
    moods = (Mood(seed=2, words=words) for words in (frozenset(), frozenset({"palm"})))
    assert [Synthwave(_SIZE, mood)._roadside is not None for mood in moods] == [False, True]


def test_a_car_draws_away_to_the_horizon() -> None:
    scene = Synthwave(Size(640, 360), _MOOD)
    lit = []
    for age in (1.8, 4.0, 8.0, 12.0):
        picture = np.zeros((360, 640, 3), np.uint8)
        scene._car.paint(picture, age)
        lit.append(np.argwhere(picture[..., 0] > 100))
    spans = [np.ptp(points[:, 1]) for points in lit[:3]]
    assert spans[0] > 2 * spans[1] > 3 * spans[2]
    assert len(lit[3]) == 0


def test_a_vector_crosses_the_sky_and_is_gone() -> None:
    heads = []
    for age in (-0.1, 0.6, 1.4, 2.7):
        picture = np.zeros((_SIZE.height, _SIZE.width, 3), np.uint8)
        shoot(picture, age, 5, _SCHEME, _HORIZON)
        heads.append(np.argwhere(picture.sum(2) > 150)[:, 1])
    assert len(heads[0]) == len(heads[3]) == 0
    assert abs(heads[2].mean() - heads[1].mean()) > 20


def test_a_palette_of_one_colour_is_taken() -> None:
    mood = Mood(seed=2, hour=22, palette=Palette("green", ((0.0, 0.5, 0.1),), 1.0))
    scheme = scheme_for(light_for(mood), mood)
    assert scheme.near[1] > scheme.near[0]


def test_a_sun_is_never_grey():
    for seed in range(5):
        for name in ("neon", "cobalt", "teal", "magenta"):
            mood = Mood(seed=seed, hour=19.4, palette=PALETTES[name])
            sun = scheme_for(light_for(mood), mood).sun_top
            assert max(sun) - min(sun) > 0.2
