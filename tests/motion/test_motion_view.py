import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from endlessdreams_cam.frame import Size
from endlessdreams_cam.motion import View, cover, invert, view_matrix, within
from endlessdreams_cam.parameters import Move, Snapshot
from endlessdreams_cam.parameters.table import defaults

PROGRAM = Size(160, 90)
sizes = st.builds(Size, st.integers(8, 400), st.integers(8, 400))
views = st.builds(View, st.floats(0.5, 4), st.floats(-1, 1), st.floats(-1, 1), st.floats(-180, 180))


def place(affine, x, y):
    return affine @ np.array([x, y, 1.0])


@given(sizes)
def test_at_rest_the_source_covers_the_program_unstretched_and_centred(source):
    affine = view_matrix(1, 0, 0, 0, source, PROGRAM)
    middle = place(affine, (source.width - 1) / 2, (source.height - 1) / 2)
    assert middle == pytest.approx((79.5, 44.5), abs=1e-3)
    assert affine[0, 0] == affine[1, 1] == pytest.approx(cover(source, PROGRAM))
    # In continuous coordinates the scaled source reaches or passes every edge.
    assert source.width * affine[0, 0] >= PROGRAM.width - 1e-3
    assert source.height * affine[1, 1] >= PROGRAM.height - 1e-3


@pytest.mark.parametrize("zoom", [0.5, 1, 2, 4])
def test_pan_is_half_a_program_at_every_zoom(zoom):
    source = Size(80, 45)
    rest = view_matrix(zoom, 0, 0, 0, source, PROGRAM)
    panned = view_matrix(zoom, 1, 1, 0, source, PROGRAM)
    moved = place(panned, 40, 22) - place(rest, 40, 22)
    assert moved == pytest.approx((-80, -45), abs=1e-3), "looking right moves the content left"


def test_rotation_is_clockwise_about_the_programs_centre():
    affine = view_matrix(1, 0, 0, 90, Size(160, 90), PROGRAM)
    assert place(affine, 89.5, 44.5) == pytest.approx((79.5, 54.5), abs=1e-4)


@given(views, sizes)
def test_fit_never_looks_beyond_the_edge(view, source):
    held = within(view, source, PROGRAM)
    back = invert(view_matrix(held.zoom, held.pan_x, held.pan_y, held.rotate, source, PROGRAM))
    corners = [(x, y) for x in (-0.5, 159.5) for y in (-0.5, 89.5)]
    found = np.array([place(back, x, y) for x, y in corners])
    assert found.min() >= -0.55
    assert found[:, 0].max() <= source.width - 0.45
    assert found[:, 1].max() <= source.height - 0.45


def test_fit_leaves_alone_what_fits():
    view = View(2.0, 0.3, -0.4, 0.0, "fit")
    held = within(view, PROGRAM, PROGRAM)
    assert (held.zoom, held.pan_x, held.pan_y) == pytest.approx((2.0, 0.3, -0.4))
    # Square sources have room above and below although the program is at zoom 1.
    assert within(View(pan_y=0.5), Size(90, 90), PROGRAM).pan_y == pytest.approx(0.5)
    assert within(View(pan_x=0.5), Size(90, 90), PROGRAM).pan_x == pytest.approx(0)


def test_fit_slides_along_an_edge():
    low, high = (within(View(1.5, x, 0.1, 30), PROGRAM, PROGRAM) for x in (0.5, 0.9))
    assert math.hypot(low.pan_x - high.pan_x, low.pan_y - high.pan_y) > 0


def test_a_view_is_read_from_a_snapshot_at_a_time():
    values = defaults() | {"view.zoom": 2.0, "view.edge": "black", "view.mirror": "quad"}
    snapshot = Snapshot(1, values, moves={"view.zoom": Move(2.0, 1.0, 0, 1.0)})
    assert View.read(snapshot, 500_000_000).zoom == pytest.approx(1.5)
    late = View.read(snapshot, 2_000_000_000)
    assert (late.zoom, late.edge, late.mirror) == (2.0, "black", "quad")
    assert not late.at_rest
    assert View.read(Snapshot(1, defaults()), 0).at_rest
