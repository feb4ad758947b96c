import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endlessdreams_cam.bindings import Binding, Curve
from endlessdreams_cam.bindings.scale import DEAD_ZONE, Scale
from endlessdreams_cam.parameters import PARAMETERS, Kind, find

NUMBERS = sorted(n for n, p in PARAMETERS.items() if p.kind in (Kind.NUMBER, Kind.INTEGER))
units = st.floats(0, 1)


def scale(name, **fields):
    return Scale(Binding(control="knob.1", to=name, **fields), find(name))


@st.composite
def scales(draw):
    name = draw(st.sampled_from(NUMBERS))
    spec = find(name)
    inside = st.floats(spec.low, spec.high)
    made = scale(
        name,
        range=draw(st.none() | st.tuples(inside, inside)),
        invert=draw(st.booleans()),
        curve=draw(st.sampled_from(Curve)),
        dead_zone=draw(st.none() | st.floats(0, 0.5)),
        step=draw(st.just(0.0) | st.floats(0.01, 1)),
    )
    return spec, made


@given(scales(), st.floats(-3, 3))
def test_the_value_is_always_in_range_and_the_unit_on_the_travel(made, unit):
    spec, this = made
    value = this.value(unit)
    assert spec.low <= value <= spec.high
    assert spec.clean(value) == value
    assert 0 <= this.unit(value) <= 1


@given(scales(), units, units)
def test_more_travel_is_never_less_value(made, a, b):
    _, this = made
    low, high = sorted((a, b))
    up = this.value(1) >= this.value(0)
    first, second = this.value(low), this.value(high)
    room = 1e-9 * max(1.0, abs(float(second)))
    assert (first <= second + room) if up else (first >= second - room)


@pytest.mark.parametrize("curve", Curve)
@pytest.mark.parametrize("name", ["view.zoom", "dream.strength", "drift.zoom", "look.hue"])
@given(unit=units)
def test_the_unit_of_a_value_gives_the_value_again(name, curve, unit):
    this = scale(name, curve=curve)
    value = this.value(unit)
    assert this.value(this.unit(value)) == pytest.approx(value, rel=1e-6, abs=1e-6)


def test_the_knobs_range_and_curve_are_the_parameters_own():
    assert scale("view.zoom").value(0.5) == pytest.approx(math.sqrt(3))
    assert scale("dream.strength").value(0) == 0.2
    assert scale("motion.speed", range=(0.3, 2.0)).value(1) == 2.0
    assert scale("motion.speed", range=(0.3, 2.0), invert=True).value(1) == 0.3


@pytest.mark.parametrize("name", ["drift.zoom", "view.pan_x", "view.rotate", "look.hue"])
def test_bipolar_parameters_have_a_dead_zone_of_four_percent(name):
    this = scale(name)
    assert this.value(0.5 - 0.49 * DEAD_ZONE) == this.value(0.5 + 0.49 * DEAD_ZONE) == 0
    assert abs(this.value(0.5 + 0.6 * DEAD_ZONE + 0.01)) > 0
    assert this.value(1) == find(name).high
    assert this.value(0.52 - 1e-9, dead_zone=False) > 0


def test_what_is_not_bipolar_has_none():
    assert scale("dream.strength").value(0.51) != scale("dream.strength").value(0.5)


def test_a_step_makes_a_grid():
    values = {scale("view.rotate", step=45).value(u / 50) for u in range(51)}
    assert values == {45.0 * n for n in range(-4, 5)}


def test_curves_bend_to_both_sides():
    by = {c: scale("dream.wander", curve=c).value(0.5) for c in Curve}
    assert by[Curve.EXP] < by[Curve.LINEAR] == 0.5 < by[Curve.LOG]


def test_choices_lie_side_by_side_on_the_travel():
    this = scale("program.cut")
    assert [this.value(u) for u in (0, 0.3, 0.5, 0.7, 1)] == [
        "dream", "source", "hold", "slate", "black",
    ]  # fmt: skip
    assert this.value(this.unit("hold")) == "hold"
