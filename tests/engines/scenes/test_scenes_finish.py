import numpy as np
import pytest
from scene_fakes import SMALL

from endlessdreams_cam.engines.scenes.finish import Finish
from endlessdreams_cam.frame import Size, check_pixels


def plain(value, size=SMALL):
    return np.full((size.height, size.width, 3), value, np.float32)


@pytest.mark.parametrize("size", [SMALL, Size(64, 64), Size(97, 131)])
def test_pixels_come_out(size):
    pixels = check_pixels(Finish(size)(plain(0.5, size)))
    assert pixels.shape == (size.height, size.width, 3)


def test_black_stays_black_and_the_middle_the_middle():
    finish = Finish(SMALL)
    assert finish(plain(0.0)).max() <= 1
    assert finish(plain(0.5))[20:34, 30:66].mean() == pytest.approx(127, abs=3)


def test_lights_are_rolled_off_instead_of_clipped():
    finish = Finish(SMALL)
    levels = [float(finish(plain(v))[27, 48].mean()) for v in (0.8, 0.9, 1.0, 1.1)]
    assert levels == sorted(set(levels))
    assert levels[2] < 252


def test_corners_are_a_little_darker():
    pixels = Finish(SMALL)(plain(0.6)).astype(int)
    assert 5 < pixels[27, 48].mean() - pixels[0, 0].mean() < 25


def test_dither_shows_what_lies_between_two_levels():
    finish = Finish(SMALL)
    means = [finish(plain(v / 255))[10:44, 20:76].mean() for v in (60.0, 60.25, 60.5, 60.75)]
    steps = np.diff(means)
    assert (steps > 0.15).all()


def test_dither_stands_still_and_has_no_low_frequencies():
    finish = Finish(Size(128, 128))
    one = finish(plain(0.3, Size(128, 128))).copy()
    assert np.array_equal(one, finish(plain(0.3, Size(128, 128))))
    noise = finish._dither[..., 0]
    assert np.abs(noise).max() <= 0.5 + 1e-6
    power = np.abs(np.fft.fft2(noise)) ** 2
    assert power[1:6, 1:6].mean() < 0.05 * power.mean()


def test_what_is_not_a_number_does_not_raise():
    picture = plain(0.5)
    picture[3, 3] = np.nan
    picture[4, 4] = np.inf
    assert Finish(SMALL)(picture).dtype == np.uint8
