"""The rendered sitter looks and moves like somebody before a camera."""

import cv2
import numpy as np
import pytest

from endlessdreams_cam.frame import Pixels, Size, check_pixels
from endlessdreams_cam.sources.sitter import bearing, sitter

SMALL = Size(320, 180)
WINDOW = np.s_[40:100, 32:92]
FACE = np.s_[60:95, 155:182]


def _differs(a: Pixels, b: Pixels) -> float:
    return float(cv2.absdiff(a, b).mean())


@pytest.mark.parametrize("size", [Size(1280, 720), SMALL, Size(160, 90), Size(96, 160)])
def test_it_is_a_picture_of_the_size_asked_for(size: Size) -> None:
    pixels = check_pixels(sitter(0.5, size))
    assert pixels.shape == (size.height, size.width, 3)
    assert pixels.std() > 30


def test_the_same_time_shows_the_same_picture() -> None:
    assert np.array_equal(sitter(4.2, SMALL), sitter(4.2, SMALL))


def test_the_camera_has_noise() -> None:
    still = [sitter(t, SMALL, present=False).astype(float) for t in (1.0, 1.1)]
    assert 0.2 < np.abs(still[0] - still[1]).mean() < 4


def test_the_face_is_skin_and_the_window_is_bright() -> None:
    pixels = sitter(1.0, SMALL).astype(float)
    red, green, blue = pixels[FACE].reshape(-1, 3).mean(0)
    assert red > 1.25 * green > 1.25 * blue
    assert pixels[WINDOW].mean() > pixels[FACE].mean() + 40


def test_the_window_s_side_of_the_face_is_lit() -> None:
    t = next(t for t in np.arange(0, 9, 0.05) if abs(bearing(t).yaw) < 0.02)
    how, unit = bearing(t), 0.150 * SMALL.height
    x = 0.525 * SMALL.width + (how.x + how.lean) * unit
    y = 0.415 * SMALL.height + (how.y + how.breath + 0.42) * unit
    grey = cv2.cvtColor(sitter(t, SMALL), cv2.COLOR_RGB2GRAY)
    left, right = (
        grey[round(y) - 3 : round(y) + 4, round(x + side * unit) - 3 :][:, :7].mean()
        for side in (-0.48, 0.48)
    )
    assert left > 1.2 * right


def test_who_is_not_present_leaves_the_room_as_it_was() -> None:
    there, gone = sitter(1.0, SMALL), sitter(1.0, SMALL, present=False)
    assert _differs(there[FACE], gone[FACE]) > 20
    assert np.array_equal(there[WINDOW], gone[WINDOW])


def test_they_move_a_little_all_the_time_and_the_room_does_not() -> None:
    for t in (0.5, 2.0, 8.0):
        now, soon, later = (sitter(t + d, SMALL) for d in (0.0, 1 / 30, 1.0))
        assert _differs(now[FACE], soon[FACE]) < _differs(now[FACE], later[FACE])
        assert _differs(now[WINDOW], later[WINDOW]) < 4


def test_they_wave_for_two_seconds_in_nine() -> None:
    waving = [bearing(t).wave > 0.5 for t in np.arange(0, 45, 0.1)]
    assert 0.1 < np.mean(waving) < 0.3
    raised = next(t for t in np.arange(0, 9, 0.1) if bearing(t).wave > 0.99)
    beside = np.s_[70:120, 195:240]
    assert _differs(sitter(raised, SMALL)[beside], sitter(1.0, SMALL)[beside]) > 15


def test_they_blink() -> None:
    lids = [bearing(t).lids for t in np.arange(0, 20, 0.02)]
    assert min(lids) < 0.1
    assert np.mean(lids) > 0.9
