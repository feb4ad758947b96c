from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from endlessdreams_cam.bindings import ACTIONS, Binding, Button, Curve, Encoding, Pickup
from endlessdreams_cam.bindings.row import BindRow
from endlessdreams_cam.documents import faults
from endlessdreams_cam.parameters import PARAMETERS, Kind


def row(**given):
    return BindRow.model_validate({"control": "knob.1", "to": "look.hue"} | given)


def fault(**given):
    with pytest.raises(ValidationError) as caught:
        row(**given)
    return faults(caught.value)


def test_a_row_has_the_fields_and_the_defaults_of_a_binding():
    assert {field.name for field in fields(Binding)} == set(BindRow.model_fields)
    assert row().binding() == Binding(control="knob.1", to="look.hue")
    for field in fields(Binding)[2:]:
        assert BindRow.model_fields[field.name].default == field.default, field.name


def test_everything_that_a_row_says_arrives():
    said = {
        "control": "cc:*:74", "to": "view.zoom", "device": "x-touch", "shift": True,
        "range": [1, 2.5], "invert": True, "curve": "exp", "pickup": "scaled", "smooth_ms": 200,
        "dead_zone": 0.1, "step": 0.5, "threshold": 0.1, "relative": "offset", "ticks": 48,
        "acceleration": 4, "button": "toggle", "values": [1, 2],
    }  # fmt: skip
    assert BindRow.model_validate(said).binding() == Binding(
        control="cc:*:74", to="view.zoom", device="x-touch", shift=True, range=(1.0, 2.5),
        invert=True, curve=Curve.EXP, pickup=Pickup.SCALED, smooth_ms=200.0, dead_zone=0.1,
        step=0.5, threshold=0.1, relative=Encoding.OFFSET, ticks=48, acceleration=4.0,
        button=Button.TOGGLE, values=(1.0, 2.0),
    )  # fmt: skip
    assert set(said) == {field.name for field in fields(Binding)}


@pytest.mark.parametrize("to", sorted(ACTIONS))
def test_every_action_can_be_bound(to):
    assert row(to=to).binding().to == to


@given(st.sampled_from(sorted(n for n, p in PARAMETERS.items() if p.kind is not Kind.TEXT)))
def test_every_parameter_can_be_bound_and_locked(name):
    assert row(to=name).binding().to == name
    assert row(to=f"lock.{name}").binding().to == f"lock.{name}"


def test_an_alias_becomes_the_parameter():
    assert row(to="source", values=["camera:0"]).to == "source.input"


def test_a_range_from_high_to_low_turns_the_control_round():
    assert row(range=[30, -10]).binding() == row(range=[-10, 30], invert=True).binding()
    assert row(range=[30, -10], invert=True).binding() == row(range=[-10, 30]).binding()


def test_values_become_what_the_parameter_takes():
    assert row(to="view.mirror", values=["Quad", "off"]).binding().values == ("quad", "off")
    assert row(to="dream.steps", values=[2, 4]).binding().values == (2, 4)
    assert row(to="auto.on", values=[True]).binding().values == (True,)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"control": "fader"}, "control: 'fader' is no control: use a name such as fader.1"),
        ({"control": "cc:17:4"}, "channel 1 to 16"),
        ({"to": "look.heu"}, "to: There is no parameter 'look.heu'. Did you mean look.hue?"),
        ({"to": "preset.nxt"}, "Did you mean preset.next?"),
        ({"to": "lock.look.heu"}, "Did you mean look.hue?"),
        ({"to": "slate.text"}, "slate.text is a text: say which in values"),
        ({"to": "shift", "shift": True}, "leave shift out"),
        ({"to": "panic", "values": [1]}, "only a parameter has values"),
        ({"to": "view.mirror", "values": ["up"]}, "values: view.mirror cannot be 'up'"),
        ({"range": [0, float("nan")]}, "range.2"),
        ({"range": [0]}, "range"),
        ({"pickup": "maybe"}, "pickup: Input should be 'jump', 'pickup' or 'scaled'"),
        ({"acceleration": 0}, "acceleration"),
        ({"threshhold": 0.1}, "threshhold: this key is not known"),
    ],
)
def test_a_fault_is_named_with_its_place(given, said):
    assert said in fault(**given)
