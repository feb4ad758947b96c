import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from endlessdreams_cam.frame import Pose, Size
from endlessdreams_cam.program.pictures import Buffer, Picture, centre, fill, size_of

sides = st.integers(1, 300)


def test_a_buffer_keeps_its_memory():
    buffer = Buffer()
    large = buffer.sized(Size(20, 10))
    small = buffer.sized(Size(8, 4))
    assert small.shape == (4, 8, 3)
    assert small.flags.c_contiguous
    assert np.shares_memory(large, small)
    picture = np.full((10, 20, 3), 7, np.uint8)
    copy = buffer.copy(picture)
    assert np.shares_memory(copy, large)
    assert np.array_equal(copy, picture)


@given(sides, sides, sides, sides)
def test_the_centre_has_the_aspect_and_any_picture_fills(width, height, across, down):
    picture, size = np.zeros((height, width, 3), np.uint8), Size(across, down)
    part = size_of(centre(picture, size))
    # One side is kept whole, the other is off by less than a pixel.
    assert part.width == width or part.height == height
    exact = min(width / across, height / down)
    assert abs(part.width - max(1, exact * across)) <= 0.5
    assert abs(part.height - max(1, exact * down)) <= 0.5
    assert fill(picture, np.empty((down, across, 3), np.uint8)).shape == (down, across, 3)


def test_a_crop_is_centred():
    picture = np.arange(10, dtype=np.uint8)[None, :, None].repeat(4, 0).repeat(3, 2)
    assert centre(picture, Size(4, 4))[0, :, 0].tolist() == [3, 4, 5, 6]


def test_a_picture_knows_whether_it_is_moved():
    pixels = np.zeros((2, 2, 3), np.uint8)
    assert not Picture(pixels, Pose(zoom=1e-12)).moved
    assert Picture(pixels, Pose(rotate=-0.01)).moved
