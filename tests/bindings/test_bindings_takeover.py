import pytest
from hypothesis import given
from hypothesis import strategies as st

from endlessdreams_cam.bindings import Binding, Pickup
from endlessdreams_cam.bindings.scale import Scale
from endlessdreams_cam.bindings.takeover import Hand
from endlessdreams_cam.parameters import find

NAME = "dream.wander"  # 0 to 1, linear: its value is its travel
REACH = Binding(control="knob.1", to=NAME).threshold
units = st.floats(0, 1)
MS = 1_000_000


def hand(pickup=Pickup.PICKUP, name=NAME, **fields):
    binding = Binding(control="knob.1", to=name, **fields)
    return Hand(binding, Scale(binding, find(name)), pickup)


def play(this, positions, value=0.5):
    """Move the control through positions; the values that the parameter then had."""
    found = []
    for position in positions:
        new = this.move(position, value)
        value = value if new is None else new
        found.append(value)
    return found


def test_nothing_moves_until_the_control_passes_the_value():
    this = hand()
    assert play(this, [0.0, 0.2, 0.4], 0.6) == [0.6, 0.6, 0.6]
    assert this.waiting
    assert play(this, [0.65], 0.6) == [pytest.approx(0.6 + REACH)]
    assert not this.waiting
    assert play(this, [0.7, 0.72], 0.6 + REACH)[-1] == pytest.approx(0.72)


def test_near_is_near_enough():
    assert play(hand(), [0.49], 0.5) == [0.49]


def test_another_hand_takes_it_away_and_the_control_must_pass_again():
    this = hand()
    play(this, [0.5])
    assert play(this, [0.52], 0.5) == [0.52]
    assert play(this, [0.54], 0.9) == [0.9]
    assert this.waiting
    assert play(this, [0.89], 0.9) == [0.89]


def test_a_value_set_to_where_the_control_stands_needs_no_pickup():
    this = hand()
    play(this, [0.5])
    assert play(this, [0.3], 0.3) == [0.3]


@given(st.lists(units, min_size=1, max_size=60), units)
def test_pickup_never_jumps_by_more_than_its_threshold(positions, value):
    this, before = hand(), None
    for position in positions:
        found = this.move(position, value)
        if found is not None:
            by_hand = abs(position - before) if before is not None else 0.0
            assert abs(found - value) <= REACH + by_hand + 1e-9
            value = found
        while (more := this.follow(value)) is not None:
            assert abs(more - value) <= REACH + 1e-9
            value = more
        before = position


@given(st.lists(units, min_size=1, max_size=60), units)
def test_who_has_picked_it_up_keeps_it_in_the_end(positions, value):
    this, engaged = hand(), False
    for position in positions:
        found = this.move(position, value)
        engaged |= found is not None
        value = value if found is None else found
    while (more := this.follow(value)) is not None:
        value = more
    if engaged:
        assert value == pytest.approx(positions[-1], abs=1e-6)
        assert not this.behind


@given(st.lists(units, min_size=2, max_size=60), units)
def test_scaled_moves_with_the_hand_and_meets_it_at_the_ends(positions, value):
    this, before = hand(Pickup.SCALED), None
    for position in positions:
        found = this.move(position, value)
        if before is None:
            assert found is None or abs(found - value) <= REACH + 1e-9
        elif found is not None:
            assert 0 <= found <= 1
            assert (found - value) * (position - before) >= -1e-9, "it goes the hand's way"
        value = value if found is None else found
        before = position
    if before == 1.0 or before == 0.0:
        return
    first = this.move(1.0, value)
    assert first == 1.0
    assert this.move(0.25, 1.0) == pytest.approx(0.25), "from the end on they are one"


def test_jump_jumps():
    assert play(hand(Pickup.JUMP), [0.1, 0.9], 0.5) == [0.1, 0.9]


@given(st.lists(st.integers(-20, 20), max_size=80), st.sampled_from([NAME, "dream.steps"]))
def test_relative_never_drifts(ticks, name):
    spec = find(name)
    this, value = hand(name=name, ticks=10_000), spec.clean((spec.low + spec.high) / 2)
    start = value
    for n in [*ticks, *(-t for t in reversed(ticks))]:
        value = this.turn(n, value, 0)
        assert spec.low <= value <= spec.high
    assert value == pytest.approx(start, abs=1e-9)


def test_small_ticks_add_up_to_a_step_of_an_integer():
    this, value, seen = hand(name="dream.steps", ticks=70), 1, []
    for n in range(70):
        value = this.turn(1, value, n * 1000 * MS)
        seen.append(value)
    assert seen[0] == 1 and seen[-1] == 8 and sorted(seen) == seen


def test_a_fast_turn_is_accelerated_and_a_slow_one_is_not():
    def travel(gap_ms):
        this, value = hand(ticks=1000, acceleration=4.0), 0.0
        for n in range(1, 11):
            value = this.turn(1, value, n * gap_ms * MS)
        return value

    assert travel(200) == pytest.approx(0.01)
    assert travel(5) > 0.03


def test_a_position_that_is_learned_moves_nothing():
    this = hand(Pickup.SCALED)
    this.learn(0.2)
    assert this.position == 0.2
    assert this.move(0.3, 0.5) == pytest.approx(0.5 + 0.1 * 0.5 / 0.8)
