import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from endlessdreams_cam.frame import Pose, Size
from endlessdreams_cam.motion import compose, invert, matrix, warp

SIZE = Size(160, 90)
drifts = st.builds(
    Pose, st.floats(-1, 1), st.floats(-0.5, 0.5), st.floats(-0.5, 0.5), st.floats(-90, 90)
)


def place(affine, x, y):
    return affine @ np.array([x, y, 1.0])


def spot(x=80, y=45, size=SIZE):
    picture = np.zeros((size.height, size.width, 3), np.uint8)
    cv2.circle(picture, (x, y), 4, (255, 255, 255), -1, cv2.LINE_AA)
    return picture


def where(picture):
    plane = picture[..., 0].astype(float)
    ys, xs = np.mgrid[: plane.shape[0], : plane.shape[1]]
    return (plane * xs).sum() / plane.sum(), (plane * ys).sum() / plane.sum()


def test_no_delta_changes_nothing():
    assert matrix(Pose(), SIZE).dtype == np.float32
    assert np.array_equal(matrix(Pose(), SIZE), [[1, 0, 0], [0, 1, 0]])
    picture = np.random.default_rng(1).integers(0, 256, (90, 160, 3), np.uint8)
    assert np.array_equal(warp(picture, Pose()), picture)


def test_pan_is_in_widths_and_heights():
    assert place(matrix(Pose(pan_x=0.25, pan_y=-0.1), SIZE), 10, 20) == pytest.approx((50, 11))


def test_zoom_and_rotation_are_about_the_centre():
    affine = matrix(Pose(zoom=1, rotate=90), SIZE)
    assert place(affine, 79.5, 44.5) == pytest.approx((79.5, 44.5))
    # Twice as near, and turned clockwise: what was to the right of the centre is below it.
    assert place(affine, 89.5, 44.5) == pytest.approx((79.5, 64.5), abs=1e-4)


@given(drifts, st.floats(0, 1), st.floats(0, 1))
def test_moves_of_one_drift_add_up_exactly(drift, first, second):
    def after(time):
        return matrix(Pose(*(speed * time for speed in drift)), SIZE)

    twice, once = compose(after(second), after(first)), after(first + second)
    assert np.allclose(twice, once, atol=2e-3)


@given(drifts)
def test_the_way_back_is_the_opposite_move(delta):
    back = matrix(Pose() - delta, SIZE)
    assert np.allclose(invert(matrix(delta, SIZE)), back, atol=2e-3)


def test_a_picture_moves_by_parts_of_a_pixel():
    places = [where(warp(spot(), Pose(pan_x=n / 1600)))[0] for n in range(11)]
    assert places[0] == pytest.approx(80, abs=0.01)
    assert np.diff(places) == pytest.approx(np.full(10, 0.1), abs=0.02)


def test_positive_pan_moves_the_picture_right_and_down():
    assert where(warp(spot(), Pose(pan_x=0.1, pan_y=0.2))) == pytest.approx((96, 63), abs=0.01)


def test_edges_mirror_and_the_given_room_is_used():
    picture = np.repeat(np.arange(160, dtype=np.uint8)[None, :, None], 90, 0).repeat(3, 2)
    room = np.empty_like(picture)
    assert warp(picture, Pose(pan_x=10 / 160), room) is room
    assert room[5, :12, 0].tolist() == [10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 1]
