import numpy as np
import pytest
from scene_fakes import SMALL, STEP, AtOnce, Later, make_waves

from endlessdreams_cam.engines.scenes.mood import Mood
from endlessdreams_cam.engines.scenes.studio import Key, Studio
from endlessdreams_cam.engines.scenes.world import Moment

SECOND = 1_000_000_000


def key(n):
    return Key("ocean", Mood(seed=n))


class Made(list):
    def __call__(self, name, size, mood):
        self.append(make_waves(name, size, mood))
        return self[-1]


@pytest.fixture
def made():
    return Made()


@pytest.fixture
def studio(made):
    return Studio(SMALL, AtOnce(), made)


def test_a_scene_is_built_once(studio, made):
    for _ in range(3):
        studio.want(key(1), 0)
    assert studio.ready(key(1))
    assert len(made) == 1


def test_scenes_are_built_one_at_a_time(made):
    later = Later()
    studio = Studio(SMALL, later, made)
    studio.want(key(1), 0)
    studio.want(key(2), 0)
    assert len(later.waiting) == 1
    later.go()
    studio.want(key(2), 0)
    assert studio.ready(key(1))
    assert not studio.ready(key(2))
    assert len(later.waiting) == 1


def test_what_is_not_ready_is_not_painted(studio):
    studio.build_now(key(1), 0)
    pictures = studio.paint({key(1): 0.5, key(2): 0.5}, Moment(0, STEP, STEP), 0)
    assert set(pictures) == {key(1)}


def test_the_heaviest_is_painted_always_and_the_others_in_turn(studio, made):
    weights = {key(n): 0.1 for n in range(5)} | {key(0): 0.6}
    for k in weights:
        studio.build_now(k, 0)
    for n in range(40):
        pictures = studio.paint(weights, Moment(n * STEP, STEP, STEP), n)
    assert len(pictures) == 5
    painted = [scene.painted for scene in made]
    assert painted[0] == 40
    assert sum(painted) == 80
    assert all(8 <= count <= 12 for count in painted[1:])


def test_a_scene_that_waited_is_given_the_time_it_missed(studio, made):
    weights = {key(0): 0.6, key(1): 0.2, key(2): 0.2}
    for k in weights:
        studio.build_now(k, 0)
    for n in range(20):
        studio.paint(weights, Moment(n * STEP, STEP, STEP), n)
    assert made[1].moments[-1].dt == pytest.approx(2 * STEP)


def test_a_moods_energy_is_added_to_the_hands(studio, made):
    wild = Key("ocean", Mood(energy=1.0))
    studio.build_now(wild, 0)
    studio.paint({wild: 1}, Moment(0, STEP, STEP, energy=0.3), 0)
    assert made[0].moments[0].energy == pytest.approx(0.8)


def test_unused_scenes_go(studio):
    studio.build_now(key(1), 0)
    studio.build_now(key(2), 0)
    moment = Moment(0, STEP, STEP)
    for s in range(25):
        studio.paint({key(2): 1}, moment, s * SECOND)
    assert not studio.ready(key(1))
    assert studio.ready(key(2))


def test_memory_is_bounded(studio):
    for n in range(30):
        studio.build_now(key(n), n)
        studio.paint({key(n): 1}, Moment(0, STEP, STEP), n)
    assert sum(studio.ready(key(n)) for n in range(30)) <= 6


def test_all_that_is_in_the_mix_lives(studio):
    weights = {key(n): 0.1 for n in range(9)}
    for k in weights:
        studio.build_now(k, 0)
    for n in range(20):
        pictures = studio.paint(weights, Moment(0, STEP, STEP), n)
    assert len(pictures) == 9


def test_a_fault_in_a_scene_is_not_hidden():
    def broken(name, size, mood):
        raise RuntimeError("no paint")

    with pytest.raises(RuntimeError, match="no paint"):
        Studio(SMALL, AtOnce(), broken).build_now(key(1), 0)


def test_the_place_is_the_scene_and_its_seed():
    assert key(1).place == Key("ocean", Mood(seed=1, hour=3)).place
    assert len({key(1).place, key(2).place, Key("sky", Mood(seed=1)).place}) == 3
    assert np.iinfo(np.int32).max >= key(1).place >= 0
