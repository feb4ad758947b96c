import numpy as np
import pytest

from endlessdreams_cam.engines.scenes import strength

CURVE = np.linspace(0, 1, 201)


def test_the_ends():
    assert strength.painted(0) == 0
    assert strength.live(0, 1) == 1
    assert strength.person(0) == 0
    assert strength.person(1) == 0
    assert strength.live(1, 1) == 0
    assert strength.memory(1, 0.97, has_live=True) == 0


def test_the_usual_strength_is_the_person_in_the_scenes_light():
    assert strength.person(strength.USUAL) == 1
    assert strength.live(strength.USUAL, 1) == 0


def test_low_strength_is_mostly_the_live_picture_painted():
    assert strength.painted(0.2) == 1
    assert strength.live(0.2, 1) > 0.7


def test_less_of_the_source_is_less_of_it_in_the_canvas():
    shares = [strength.live(0.1, amount) for amount in (0, 0.3, 0.6, 1)]
    assert shares == sorted(shares)
    assert shares[0] == 0


@pytest.mark.parametrize(
    "curve",
    [
        strength.painted,
        strength.person,
        lambda s: strength.live(s, 1),
        lambda s: strength.memory(s, 0.7, has_live=True),
        lambda s: strength.memory(s, 0.7, has_live=False),
    ],
)
def test_every_curve_is_continuous(curve):
    values = np.array([curve(s) for s in CURVE])
    assert np.abs(np.diff(values)).max() < 0.05


def test_without_a_source_strength_trades_memory_for_paint():
    times = [strength.memory(s, 0.9, has_live=False) for s in CURVE]
    assert times == sorted(times, reverse=True)
    assert times[0] > 2 * times[110] > 0
