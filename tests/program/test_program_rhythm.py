import pytest

from endlessdreams_cam.program.rhythm import Rhythm

TICK = 1_000_000_000 // 30


def noted(*ticks):
    rhythm = Rhythm()
    for tick in ticks:
        rhythm.note(tick * TICK)
    return rhythm


def test_nothing_is_known_before_the_second_arrival():
    assert noted().interval_ns == noted(3).interval_ns == 0
    assert noted().age_s(5) == float("inf")
    assert noted().overdue(5, TICK)


def test_the_interval_is_the_usual_one():
    assert noted(0, 4, 8, 11, 15, 19, 22).interval_ns == pytest.approx(3.6 * TICK)
    assert noted(0, 1, 2, 33, 34).interval_ns == pytest.approx(TICK), "a stall is no rhythm"


def test_age_is_in_seconds():
    assert noted(0, 30).age_s(45 * TICK) == pytest.approx(0.5)


def test_overdue_is_later_than_usual():
    full = noted(0, 1, 2, 3)
    assert not full.overdue(3 * TICK, TICK)
    assert full.overdue(4 * TICK, TICK), "at full rate every tick brings a dream"
    slow = noted(0, 4, 8, 12)
    assert [slow.overdue((12 + n) * TICK, TICK) for n in range(6)] == [False] * 4 + [True] * 2
