import numpy as np
import pytest
from scene_fakes import SMALL

from endlessdreams_cam.engines.scenes.dissolve import Dissolve, Share


@pytest.fixture
def dissolve():
    return Dissolve(SMALL)


def plain(value):
    return np.full((SMALL.height, SMALL.width, 3), value, np.float32)


DARK, LIGHT, MIDDLE = plain(0.2), plain(0.8), plain(0.5)


def mix(dissolve, w, t=3.0):
    return dissolve.blend([Share(DARK, 1 - w, 5), Share(LIGHT, w, 9)], t)


def test_alone_is_exact(dissolve):
    assert dissolve.blend([Share(LIGHT, 0.3, 9)], 0) is LIGHT
    assert mix(dissolve, 1.0) is LIGHT
    assert mix(dissolve, 0.0) is DARK


def test_the_share_of_the_picture_is_the_weight(dissolve):
    areas = [
        np.mean([(mix(dissolve, w, t) - 0.2).mean() / 0.6 for t in range(0, 400, 20)])
        for w in (0.25, 0.5, 0.75)
    ]
    assert areas == pytest.approx([0.25, 0.5, 0.75], abs=0.12)


def test_worlds_interlock_instead_of_lying_on_each_other(dissolve):
    mixed = (mix(dissolve, 0.5)[..., 0] - 0.2) / 0.6
    assert np.mean((mixed < 0.1) | (mixed > 0.9)) > 0.4


def test_it_is_continuous_in_the_weights(dissolve):
    before = mix(dissolve, 0.0)
    for w in np.arange(0.01, 1.005, 0.01):
        after = mix(dissolve, min(w, 1.0))
        assert np.abs(after - before).mean() < 0.02
        before = after


def test_a_trace_of_weight_is_hardly_seen(dissolve):
    assert np.abs(mix(dissolve, 1e-3) - DARK).max() < 0.03


def test_it_is_continuous_in_time(dissolve):
    assert np.abs(mix(dissolve, 0.5, 3.0) - mix(dissolve, 0.5, 3.033)).mean() < 0.004


def test_the_shapes_drift(dissolve):
    assert np.abs(mix(dissolve, 0.5, 3.0) - mix(dissolve, 0.5, 30.0)).mean() > 0.05


def test_order_does_not_matter(dissolve):
    shares = [Share(DARK, 0.2, 5), Share(LIGHT, 0.5, 9), Share(MIDDLE, 0.3, 2)]
    one = dissolve.blend(shares, 1.0)
    assert np.array_equal(one, dissolve.blend(shares[::-1], 1.0))


def test_weights_are_normalised(dissolve):
    one = dissolve.blend([Share(DARK, 0.2, 5), Share(LIGHT, 0.6, 9)], 1.0)
    two = dissolve.blend([Share(DARK, 2.0, 5), Share(LIGHT, 6.0, 9)], 1.0)
    assert np.allclose(one, two, atol=1e-5)


def test_a_world_that_is_lifted_shows_there(dissolve):
    lift = np.zeros((dissolve.coarse.height, dissolve.coarse.width), np.float32)
    lift[:, : dissolve.coarse.width // 2] = 6
    mixed = dissolve.blend([Share(DARK, 0.5, 5), Share(LIGHT, 0.5, 9, lift=lift)], 1.0)
    assert mixed[:, : SMALL.width // 2 - 4].mean() > 0.75


def test_lights_come_through_first(dissolve):
    lamp = plain(0.0)
    lamp[20:34, 40:56] = 1.0
    mixed = dissolve.blend([Share(MIDDLE, 0.8, 5), Share(lamp, 0.2, 9)], 1.0)
    assert mixed[22:32, 42:54].mean() - 0.5 > 0.2


def test_nothing_to_blend_is_an_error(dissolve):
    with pytest.raises(ValueError, match="weights"):
        dissolve.blend([Share(DARK, 0.0, 1)], 0)


def test_many_worlds_stay_bounded(dissolve):
    for n in range(60):
        dissolve.blend([Share(DARK, 0.5, n), Share(LIGHT, 0.5, n + 1)], n)
    assert len(dissolve._fields) < 30
