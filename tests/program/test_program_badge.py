import numpy as np
import pytest

from endlessdreams_cam.frame import Size
from endlessdreams_cam.parameters import Snapshot, Switch
from endlessdreams_cam.parameters.table import defaults
from endlessdreams_cam.program.badge import Badge, corner_of

SIZE = Size(1280, 720)


def marked(corner, ground=128, share=1.0):
    out = np.full((720, 1280, 3), ground, np.uint8)
    Badge(SIZE).draw(corner, share, out)
    return out


def box(out, ground=128):
    rows, columns = (out != ground).any(axis=2).nonzero()
    return rows.min(), rows.max(), columns.min(), columns.max()


def test_it_is_three_per_cent_high_and_stands_in_its_corner():
    top, bottom, left, right = box(marked("bottom-right"))
    assert bottom - top + 1 == 22
    assert right - left < 3 * 22
    assert 720 - bottom in range(15, 25)
    assert 1280 - right in range(15, 25)
    assert box(marked("top-left"))[:1] == (box(marked("top-right"))[0],)
    assert box(marked("top-left"))[2] == box(marked("bottom-left"))[2] in range(15, 25)


@pytest.mark.parametrize("ground", [0, 128, 255])
def test_it_can_be_read_on_every_ground(ground):
    out = marked("bottom-right", ground)[690:701, 1220:1265].astype(int)
    assert out.max() - out.min() > 90


def test_it_is_translucent_and_fades():
    full, half = marked("top-left").astype(int), marked("top-left", share=0.5).astype(int)
    assert (full < 128).any()
    assert full.min() > 40
    assert np.abs(half - (full + 128) / 2).max() <= 1.5


@pytest.mark.parametrize("size", [(1, 1), (16, 9), (90, 160)])
def test_it_fits_any_program(size):
    out = np.zeros((size[1], size[0], 3), np.uint8)
    Badge(Size(*size)).draw("bottom-right", 1, out)


@pytest.mark.parametrize(
    ("set_to", "camera", "corner"),
    [
        ("auto", True, "bottom-right"),
        ("auto", False, "off"),
        ("top-left", False, "top-left"),
        ("off", True, "off"),
    ],
)
def test_auto_marks_what_a_camera_was_made_into(set_to, camera, corner):
    snapshot = Snapshot(1, defaults() | {"program.badge": set_to}, switch=Switch("a", camera))
    assert corner_of(snapshot) == corner
