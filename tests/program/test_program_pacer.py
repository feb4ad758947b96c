from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endlessdreams_cam.program import Pacer

S = 1_000_000_000
rates = st.sampled_from([1, 10, 24, 25, 29.97, 30, 50, 59.94, 60, Fraction(30000, 1001)])


def on_time(pacer, count):
    now, ticks = 0, []
    for _ in range(count):
        ticks.append(pacer.next(now))
        now = ticks[-1].deadline_ns
    return ticks


def test_an_hour_at_30_has_no_drift():
    pacer = Pacer(30, origin_ns=1000)
    assert pacer.next(3600 * S + 1000).deadline_ns == 3600 * S + 1000
    ticks = on_time(Pacer(30, 0), 91)
    assert ticks[90].deadline_ns == 3 * S
    assert {tick.skipped for tick in ticks} == {0}
    gaps = {b.deadline_ns - a.deadline_ns for a, b in pairwise(ticks)}
    assert gaps == {33_333_333, 33_333_334}


def test_television_rates_are_exact():
    assert on_time(Pacer(Fraction(30000, 1001), 0), 30001)[-1].deadline_ns == 1001 * S
    assert Pacer(60, 0).tick_ns == 16_666_667


def test_the_first_tick_is_the_origin():
    assert Pacer(30, origin_ns=500).next(400).deadline_ns == 500


def test_a_little_late_sends_at_once_and_skips_nothing():
    pacer = Pacer(10, 0)
    on_time(pacer, 3)
    tick = pacer.next(350_000_000)  # tick 3 was due at 300 ms
    assert (tick.index, tick.skipped, tick.deadline_ns) == (3, 0, 300_000_000)


def test_late_by_ticks_goes_on_with_the_present():
    pacer = Pacer(10, 0)
    on_time(pacer, 3)
    tick = pacer.next(950_000_000)
    assert (tick.index, tick.skipped, tick.deadline_ns) == (9, 6, 900_000_000)
    assert pacer.next(950_000_000).deadline_ns == S


@given(rates, st.integers(-S, S), st.lists(st.integers(-S, 3 * S), min_size=1, max_size=50))
def test_it_never_goes_back_and_gives_no_tick_twice(fps, origin, steps):
    pacer, now, last = Pacer(fps, origin), origin, None
    skipped = 0
    for step in steps:
        now += step  # a clock that jumps back must not harm either
        tick = pacer.next(now)
        skipped += tick.skipped
        assert tick.skipped >= 0
        # What is due lies at most one tick ahead, or no whole tick behind.
        assert tick.deadline_ns > now - pacer.tick_ns - 2
        if last:
            assert tick.index == last.index + tick.skipped + 1
            assert tick.deadline_ns > last.deadline_ns
        last = tick
    assert last.index == len(steps) + skipped - 1


@pytest.mark.parametrize("fps", [0, -30])
def test_a_rate_is_positive(fps):
    with pytest.raises(ValueError, match="above 0"):
        Pacer(fps, 0)
