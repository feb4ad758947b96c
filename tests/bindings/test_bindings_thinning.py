"""Positions that a later one makes idle are not played: nobody can tell."""

from hypothesis import given
from hypothesis import strategies as st

from endlessdreams_cam.bindings import Act, Binding, Button, Event, Gesture, Pickup
from endlessdreams_cam.bindings.mapper import Mapper
from endlessdreams_cam.bindings.thinning import thin
from endlessdreams_cam.parameters.table import defaults

DEVICE = "desk"
LAYOUT = (
    Binding(control="fader.1", to="dream.strength", pickup=Pickup.JUMP),
    Binding(control="fader.2", to="view.zoom", pickup=Pickup.JUMP),
    Binding(control="fader.3", to="view.zoom", pickup=Pickup.JUMP),
    Binding(control="fader.1", to="look.hue", pickup=Pickup.JUMP, shift=True),
    Binding(control="button.a", to="dream.reseed"),
    Binding(control="button.b", to="view.zoom", button=Button.SET, values=(2.0,)),
    Binding(control="button.c", to="preset.next"),
    Binding(control="button.d", to="shift"),
    Binding(control="button.e", to="look.hue", button=Button.MOMENTARY, values=(30.0,)),
)
FADERS = ("fader.1", "fader.2", "fader.3")
BUTTONS = ("button.a", "button.b", "button.c", "button.d", "button.e")
moves = st.one_of(
    st.tuples(st.sampled_from(FADERS), st.just(Gesture.ABSOLUTE), st.sampled_from((0.1, 0.4, 0.9))),
    st.tuples(st.sampled_from(BUTTONS), st.sampled_from((Gesture.PRESS, Gesture.RELEASE)),
              st.just(1.0)),
)  # fmt: skip


def a_mapper():
    mapper = Mapper(defaults())
    mapper.plug(DEVICE, LAYOUT, burst=99)
    return mapper


def events(rows):
    return [
        Event(DEVICE, control, control, gesture, value, n * 1_000_000)
        for n, (control, gesture, value) in enumerate(rows, 1)
    ]


def play(mapper, rows):
    values, acts = defaults(), []
    for event in rows:
        for change in mapper.feed(event, values):
            if isinstance(change, Act):
                # What a recall finds is what it may change.
                acts.append((change, values["view.zoom"], values["dream.strength"]))
            else:
                values[change.name] = change.value
    return values, acts


@given(st.lists(moves, max_size=30))
def test_all_ends_as_if_every_position_had_been_played(rows):
    told, mapper = events(rows), a_mapper()
    # Faders 2 and 3 share a parameter: of two hands on one the last mover wins, as ever.
    assert play(mapper, thin(told, mapper.nature)) == play(a_mapper(), told)


def test_a_trigger_lets_the_positions_before_it_go():
    rows = [("fader.1", Gesture.ABSOLUTE, v / 10) for v in range(5)]
    between = [row for fader in rows for row in (fader, ("button.a", Gesture.PRESS, 1.0))]
    left = thin(events(between), a_mapper().nature)
    assert [event.control for event in left].count("fader.1") == 1
    assert [event.control for event in left].count("button.a") == 5


def test_an_act_keeps_what_was_before_it():
    rows = [("fader.1", Gesture.ABSOLUTE, 0.1), ("button.c", Gesture.PRESS, 1.0),
            ("fader.1", Gesture.ABSOLUTE, 0.2)]  # fmt: skip
    assert len(thin(events(rows), a_mapper().nature)) == 3
