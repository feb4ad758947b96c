import time

import numpy as np
import pytest

from endlessdreams_cam import clock
from endlessdreams_cam.engines import Paint
from endlessdreams_cam.frame import Size
from endlessdreams_cam.parameters import Store
from endlessdreams_cam.runtime.easel import Easel, Stroke
from endlessdreams_cam.slots import FrameSlot

DREAM, PROGRAM = Size(160, 90), Size(320, 180)


@pytest.fixture
def easel():
    slot = FrameSlot.make("paint", Size(DREAM.width, 2 * DREAM.height))
    store = Store(clock.now_ns)
    opened = Easel(slot, DREAM, PROGRAM, lambda: store.snapshot)
    opened.store = store
    opened.paint = lambda: Paint.of(slot.read())
    yield opened
    opened.close()
    slot.close()


def stroke(kind="colour", at=((0.5, 0.5),), **options):
    return Stroke(kind, at, **{"size": 0.2, "decay_s": 100.0, **options})


def middle(mask):
    """Return where a mask is, in parts of the picture."""
    rows, columns = np.nonzero(mask > 128)
    return columns.mean() / DREAM.width, rows.mean() / DREAM.height


def test_a_stroke_lies_where_it_was_drawn(easel):
    easel.draw([stroke(at=((0.25, 0.75),), colour=(10, 200, 30))])
    paint = easel.paint()
    assert middle(paint.colour_mask) == pytest.approx((0.25, 0.75), abs=0.02)
    assert tuple(paint.pixels[67, 40]) == (10, 200, 30)
    assert (paint.colour_mask > 128).sum() == pytest.approx(np.pi * 9**2, rel=0.4)
    assert not paint.noise_mask.any()


def test_a_stroke_lies_where_the_view_shows_it(easel):
    easel.store.apply({"view.zoom": 2.0, "view.pan_x": 0.0}, origin="test", glide_s=0.0)
    easel.draw([stroke(at=((0.0, 0.5),))])
    x, _ = middle(easel.paint().colour_mask)
    assert x == pytest.approx(0.25, abs=0.03)  # the left edge of what is seen
    assert (easel.paint().colour_mask > 128).sum() == pytest.approx(np.pi * 4.5**2, rel=0.5)


def test_a_line_joins_its_points(easel):
    easel.draw([stroke("noise", at=((0.1, 0.5), (0.9, 0.5)))])
    assert (easel.paint().noise_mask[45, 20:140] > 200).all()


def test_the_eraser_takes_everything_under_it(easel):
    easel.draw([stroke("colour"), stroke("keep")])
    easel.draw([stroke("erase", size=0.4)])
    assert easel.paint() is None or (easel.paint().masks < 30).all()


def test_it_fades_and_is_gone(easel):
    easel.draw([stroke(decay_s=0.4), stroke("keep", at=((0.1, 0.1),))])
    first = int(easel.paint().colour_mask.max())
    deadline = time.monotonic() + 4
    while easel.paint().colour_mask.any() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert first > 200
    assert not easel.paint().colour_mask.any()
    assert easel.paint().keep_mask.max() > 200  # every stroke has its own time


def test_cleared_is_clear(easel):
    easel.draw([stroke()])
    easel.clear()
    assert easel.paint() is None


def test_beyond_the_edge_nothing_breaks(easel):
    easel.store.apply({"view.zoom": 4.0, "view.pan_x": 1.0}, origin="test", glide_s=0.0)
    easel.draw(
        [stroke(at=((1.0, 1.0), (0.0, 0.0)), size=1.0), stroke(at=((0.5, 0.5),), size=0.001)]
    )
    easel.close()
    easel.draw([stroke()])  # too late, and no error
