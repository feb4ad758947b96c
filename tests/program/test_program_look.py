import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from endlessdreams_cam.parameters import Snapshot
from endlessdreams_cam.parameters.table import defaults
from endlessdreams_cam.program.look import look_matrix, read_look

LUMA = np.array([0.2126, 0.7152, 0.0722])
grey = np.full((1, 1, 3), 90, np.uint8)


def looked(colour, **look):
    picture = np.array([[colour]], np.uint8)
    return cv2.transform(picture, look_matrix(**look))[0, 0].astype(int)


def test_neutral_is_the_identity_and_is_skipped():
    assert np.allclose(look_matrix(), np.eye(3, 4), atol=1e-6)
    assert read_look(Snapshot(1, defaults()), 0) is None
    assert read_look(Snapshot(1, defaults() | {"look.hue": 1.0}), 0) is not None


def test_a_swing_moves_it_from_tick_to_tick():
    swing = {"target": "look.brightness", "source": "square", "depth": 1.0, "beats": 2}
    named = {f"mod.1.{part}": value for part, value in swing.items()}
    snapshot = Snapshot(1, defaults() | named)  # at 120 a beat is half a second
    light, dark = (read_look(snapshot, at * 10**8) for at in (1, 6))
    assert light[:, 3] == pytest.approx([255] * 3)
    assert dark[:, 3] == pytest.approx([-255] * 3)


@given(st.floats(-180, 180))
def test_hue_keeps_luma_and_leaves_grey_alone(hue):
    matrix = look_matrix(hue=hue)[:, :3].astype(float)
    assert LUMA @ matrix == pytest.approx(LUMA, abs=1e-6)
    assert matrix @ np.ones(3) == pytest.approx(np.ones(3), abs=1e-6)


def test_hue_turns_red_towards_green_and_back():
    red, green, blue = looked((180, 40, 40), hue=120)
    assert green > max(red, blue)
    assert np.allclose(look_matrix(hue=180), look_matrix(hue=-180), atol=1e-6)


def test_saturation_zero_is_black_and_white():
    red, green, blue = looked((200, 30, 90), saturation=0)
    assert red == green == blue == pytest.approx(LUMA @ (200, 30, 90), abs=1)
    assert looked((120, 100, 80), saturation=2)[0] > 120


def test_brightness_reaches_white_and_black():
    assert looked((0, 0, 0), brightness=1).tolist() == [255] * 3
    assert looked((255, 255, 255), brightness=-1).tolist() == [0] * 3


def test_contrast_is_about_the_middle():
    assert looked((10, 128, 250), contrast=0).tolist() == pytest.approx([128] * 3, abs=1)
    assert looked((100, 100, 100), contrast=2).tolist() == pytest.approx([72] * 3, abs=1)
