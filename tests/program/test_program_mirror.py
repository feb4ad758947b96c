import numpy as np
import pytest

from endlessdreams_cam.frame import Size
from endlessdreams_cam.program.mirror import drawn, reflect

SIZES = [(8, 6), (9, 7), (1, 1), (2, 1), (1, 2)]


def picture(width, height):
    return np.random.default_rng(3).integers(0, 256, (height, width, 3), np.uint8)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("mirror", ["off", "left", "right", "top", "quad"])
def test_what_is_drawn_is_kept_and_the_rest_follows_from_it(mirror, size):
    before = picture(*size)
    part = drawn(mirror, Size(*size))
    broken = np.zeros_like(before)
    part.of(broken)[:] = part.of(before)
    reflect(mirror, before)
    reflect(mirror, broken)
    assert np.array_equal(before, broken), "nothing outside the drawn part may matter"
    if mirror in ("left", "right", "quad"):
        assert np.array_equal(before, before[:, ::-1])
    if mirror in ("top", "quad"):
        assert np.array_equal(before, before[::-1])


def test_left_and_top_keep_their_side():
    for mirror, side in (
        ("left", np.s_[:, :4]), ("right", np.s_[:, 4:]), ("top", np.s_[:3]), ("quad", np.s_[:3, :4])
    ):  # fmt: skip
        before = picture(8, 6)
        after = before.copy()
        reflect(mirror, after)
        assert np.array_equal(after[side], before[side])
        assert not np.array_equal(after, before)
