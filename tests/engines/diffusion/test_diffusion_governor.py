"""The governor against a simulated engine: a dream's time has a fixed part and one per step."""

from itertools import pairwise

import pytest

from endlessdreams_cam.engines.diffusion.governor import Goal, Governor
from endlessdreams_cam.parameters import Store

S, MS = 1_000_000_000, 1_000_000


class Played:
    """An engine whose dreams take `fixed_ms` + `step_ms` for each step, and its governor."""

    def __init__(self, fixed_ms, step_ms):
        self.fixed_ms, self.step_ms = fixed_ms, step_ms
        self.governor, self.now, self.seen = Governor(), 0, []

    def dream(self, seconds, asked, goal):
        """Dream for so long and return the steps of every dream."""
        end, seen = self.now + round(seconds * S), []
        while self.now < end:
            steps = self.governor.steps(asked, goal, self.now)
            duration = round((self.fixed_ms + self.step_ms * steps) * MS)
            self.governor.took(duration)
            self.now += duration
            seen.append(steps)
        return seen


def test_without_a_goal_the_steps_are_what_was_asked():
    assert set(Played(0, 100).dream(5, 8, Goal())) == {8}


def test_steps_are_given_until_the_goal_holds():
    played = Played(10, 10)
    seen = played.dream(10, 8, Goal(longest_ms=45))
    assert seen[0] == 8
    assert seen[-1] == 3
    assert len(set(seen)) <= 3, "it does not feel its way down one by one"
    assert seen.index(3) * 90 < 2000, "and is there within two seconds"


def test_no_fewer_than_the_user_allows():
    played = Played(10, 10)
    assert played.dream(10, 8, Goal(longest_ms=20, least_steps=2))[-1] == 2
    assert played.governor.load > 1, "that this is not enough is said"


def test_fewer_steps_asked_than_allowed_at_least_are_played():
    assert set(Played(0, 5).dream(2, 2, Goal(longest_ms=50, least_steps=4))) == {2}


def test_steps_come_back_when_there_is_room():
    played = Played(5, 30)
    assert played.dream(8, 4, Goal(longest_ms=50))[-1] == 1
    played.step_ms = 8
    assert played.dream(30, 4, Goal(longest_ms=50))[-1] == 4


def test_a_large_fixed_part_does_not_keep_steps_away():
    played = Played(30, 20)
    assert played.dream(8, 4, Goal(longest_ms=75))[-1] == 2
    played.step_ms = 8  # 4 steps take 62, far less than twice as long as two
    assert played.dream(30, 4, Goal(longest_ms=75))[-1] == 4


def changes(seen):
    return sum(a != b for a, b in pairwise(seen))


def test_it_does_not_swing_between_two_numbers_for_ever():
    played, goal = Played(0, 20), Goal(longest_ms=65)
    total = 0
    for n in range(120):  # another program comes and goes every three and a half seconds
        played.step_ms = 14 if n % 2 else 20
        total += changes(played.dream(3.5, 4, goal))
    assert total < 30, "each time that it was wrong it waits longer"


def test_one_long_dream_is_no_reason():
    played, goal = Played(10, 10), Goal(longest_ms=60)
    played.dream(3, 4, goal)
    for _ in range(10):
        played.governor.took(500 * MS)
        assert set(played.dream(1, 4, goal)) == {4}


@pytest.mark.parametrize(
    ("values", "longest_ms"),
    [({}, 0), ({"governor.rate": 20}, 46), ({"governor.latency": 40}, 40),
     ({"governor.rate": 20, "governor.latency": 100}, 46)],
)  # fmt: skip
def test_the_goal_is_what_rate_and_latency_allow_together(values, longest_ms):
    store = Store(lambda: 0)
    store.apply({**values, "governor.least_steps": 2}, origin="test")
    assert Goal.of(store.snapshot, 0) == Goal(pytest.approx(longest_ms), 2)
