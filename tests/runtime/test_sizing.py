"""The size that the governor gives, against a simulated engine: its work is that of its area."""

import pytest

from endlessdreams_cam.runtime.sizing import SCALES, Sizing
from endlessdreams_cam.runtime.statuses import EngineStatus

S = 1_000_000_000


class Played:
    """An engine that would take `load` of the longest time at full size; 2 s for a new one."""

    def __init__(self, load):
        self.load, self.sizing, self.now, self.ready_ns = load, Sizing(), 0, 0
        self.changes = 0

    def go_on(self, seconds, least=0.5, *, at_least=True):
        for _ in range(round(seconds * 4)):
            self.now += S // 4
            before = self.sizing.scale
            status = EngineStatus(load=self.load * before**2, at_least=at_least, steps=1,
                                  steps_asked=1)  # fmt: skip
            coming = self.now < self.ready_ns
            if self.sizing.follow(None if coming else status, least, self.now) != before:
                self.changes += 1
                self.ready_ns = self.now + 2 * S
        return self.sizing.scale


def test_a_size_that_fits_is_taken_at_once_and_kept():
    played = Played(1.9)
    assert played.go_on(60) == 0.7
    assert played.changes == 1


def test_steps_are_given_first():
    assert Played(1.9).go_on(60, at_least=False) == 1


def test_it_stays_within_what_the_user_allows():
    assert Played(9).go_on(60, least=0.7) == 0.7
    assert Played(9).go_on(60, least=1) == 1
    assert Played(9).go_on(60) == SCALES[-1]


def test_no_goal_any_more_is_the_full_size_again():
    played = Played(1.9)
    played.go_on(10)
    assert played.go_on(1, least=1.0) == 1


def test_it_comes_back_slowly_when_there_is_room():
    played = Played(1.9)
    played.go_on(10)
    played.load = 0.5
    assert played.go_on(15) == 0.7
    assert played.go_on(60) == 1


def test_it_does_not_swing_for_ever():
    played = Played(1.1)
    for n in range(60):  # half an hour of another program that comes and goes
        played.load = 1.1 if n % 2 else 0.7
        played.go_on(30)
    assert played.changes < 16


def test_a_short_halt_is_no_reason():
    played = Played(0.8)
    for _ in range(20):
        played.load = 3
        played.go_on(2)
        played.load = 0.8
        played.go_on(2)
    assert played.changes == 0


@pytest.mark.parametrize("load", [0.0, 5.0])
def test_while_an_engine_is_prepared_nothing_is_decided(load):
    sizing = Sizing()
    for n in range(100):
        assert sizing.follow(None, 0.5, n * S) == 1


def test_while_scenes_stand_in_the_size_stays():
    played = Played(1.9)
    played.go_on(10)
    played.load = 0.0
    assert played.go_on(600) == 0.7
