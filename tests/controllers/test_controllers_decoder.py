import pytest
from hypothesis import given
from hypothesis import strategies as st
from mido import Message

from endlessdreams_cam.bindings import Binding, Button, Encoding, Gesture
from endlessdreams_cam.controllers.decoder import Decoder, ticks_of
from endlessdreams_cam.controllers.demands import demands
from endlessdreams_cam.controllers.first_use import FirstUse
from endlessdreams_cam.controllers.profile import Control, Part, Profile

PROFILE = Profile(
    name="test",
    title="Test",
    controls=(
        Control(name="fader.1", address="cc:1:0", part=Part.FADER),
        Control(name="button.play", address="cc:1:41", part=Part.BUTTON),
        Control(name="pad.1", address="note:10:36", part=Part.BUTTON),
        Control(name="encoder.1", address="cc:1:80", part=Part.ENCODER, relative=Encoding.OFFSET),
    ),
)

MESSAGES = st.lists(st.lists(st.integers(0, 255), max_size=4), max_size=60)


def decoder(*bindings, profile=PROFILE):
    return Decoder("test", profile, demands(profile, bindings))


def told(decoder, *messages):
    """Return what messages mean: address, name, gesture and value of each event."""
    return [
        (event.address, event.control, event.gesture, event.value)
        for message in messages
        for event in decoder.feed(message.bytes(), 1)
    ]


def cc(control, value, channel=1):
    return Message("control_change", channel=channel - 1, control=control, value=value)


def test_a_controller_stands_somewhere():
    assert told(decoder(), cc(0, 127), cc(7, 0, channel=16)) == [
        ("cc:1:0", "fader.1", Gesture.ABSOLUTE, 1.0),
        ("cc:16:7", "", Gesture.ABSOLUTE, 0.0),
    ]


def test_what_a_controller_means_may_change_at_any_message():
    one = decoder()
    plain = [("cc:1:74", "", Gesture.ABSOLUTE, 0.0)]
    assert told(one, cc(74, 0), cc(74, 0)) == plain * 2
    one.demand(
        demands(PROFILE, [Binding(control="cc:1:74", to="view.zoom", relative=Encoding.TWOS)])
    )
    assert told(one, cc(74, 1)) == [("cc:1:74", "", Gesture.RELATIVE, 1.0)]
    one.demand(demands(PROFILE, [Binding(control="cc14:1:10", to="view.zoom")]))
    assert told(one, cc(74, 0)) == plain
    assert told(one, cc(10, 1), cc(42, 0), cc(10, 1), cc(42, 0))[-1][0] == "cc14:1:10"


def test_an_event_knows_its_device_and_time():
    (event,) = decoder().feed(cc(0, 1).bytes(), 42)
    assert (event.device, event.at_ns) == ("test", 42)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (Message("pitchwheel", channel=1, pitch=8191), ("pitch:2", Gesture.ABSOLUTE, 1.0)),
        (Message("pitchwheel", channel=1, pitch=-8192), ("pitch:2", Gesture.ABSOLUTE, 0.0)),
        (Message("aftertouch", channel=2, value=127), ("touch:3", Gesture.ABSOLUTE, 1.0)),
        (
            Message("polytouch", channel=2, note=5, value=127),
            ("poly:3:5", Gesture.ABSOLUTE, 1.0),
        ),
        (Message("note_on", channel=0, note=60, velocity=127), ("note:1:60", Gesture.PRESS, 1.0)),
        (Message("note_on", channel=0, note=60, velocity=0), ("note:1:60", Gesture.RELEASE, 0.0)),
        (Message("note_off", channel=0, note=60, velocity=9), ("note:1:60", Gesture.RELEASE, 0.0)),
    ],
)
def test_what_the_other_messages_mean(message, expected):
    address, gesture, value = expected
    assert told(decoder(), message) == [(address, "", gesture, value)]


def test_a_pad_has_its_name_and_its_velocity():
    (event,) = told(decoder(), Message("note_on", channel=9, note=36, velocity=64))
    assert event == ("note:10:36", "pad.1", Gesture.PRESS, 64 / 127)


def test_a_program_change_is_a_place_and_a_tap():
    assert told(decoder(), Message("program_change", channel=0, program=127)) == [
        ("program:1", "", Gesture.ABSOLUTE, 1.0),
        ("program:1:127", "", Gesture.PRESS, 1.0),
        ("program:1:127", "", Gesture.RELEASE, 0.0),
    ]


@pytest.mark.parametrize(
    "data",
    [
        (),
        (64,),
        (0xB0,),
        (0xB0, 1),
        (0xB0, 1, 2, 3),
        (0xC0, 1, 2),
        (0xE0, 1),
        (0xB0, 200, 1),
        (0xF8,),
    ],
)
def test_what_is_no_channel_message_is_refused(data):
    with pytest.raises(ValueError, match="no MIDI message"):
        decoder().feed(data, 0)


def test_a_profiles_button_has_edges_only():
    values = (127, 127, 64, 63, 0, 100)
    assert [t[2:] for t in told(decoder(), *(cc(41, v) for v in values))] == [
        (Gesture.PRESS, 1.0),
        (Gesture.RELEASE, 0.0),
        (Gesture.PRESS, 100 / 127),
    ]


@pytest.mark.parametrize(
    ("encoding", "value", "ticks"),
    [
        (Encoding.TWOS, 1, 1), (Encoding.TWOS, 127, -1), (Encoding.TWOS, 64, -64),
        (Encoding.OFFSET, 65, 1), (Encoding.OFFSET, 63, -1), (Encoding.OFFSET, 0, -64),
        (Encoding.SIGN, 1, 1), (Encoding.SIGN, 65, -1), (Encoding.SIGN, 127, -63),
    ],
)  # fmt: skip
def test_an_endless_encoders_ticks(encoding, value, ticks):
    assert ticks_of(value, encoding) == ticks


def test_an_encoder_of_the_profile_turns():
    assert told(decoder(), cc(80, 67), cc(80, 64)) == [
        ("cc:1:80", "encoder.1", Gesture.RELATIVE, 3.0)
    ]


@pytest.mark.parametrize("control", ["cc:1:74", "cc:*:74"])
def test_a_binding_makes_an_encoder(control):
    binding = Binding(control=control, to="view.zoom", relative=Encoding.TWOS)
    assert told(decoder(binding), cc(74, 127))[0][2:] == (Gesture.RELATIVE, -1.0)


def test_a_binding_of_a_named_control_makes_an_encoder_of_it():
    binding = Binding(control="fader.1", to="view.zoom", relative=Encoding.SIGN)
    assert told(decoder(binding), cc(0, 66))[0][2:] == (Gesture.RELATIVE, -2.0)


def test_controls_without_a_message_are_named_at_their_first_use():
    profile = Profile(
        name="generic", title="Any", controls=(Control(name="cc.2", address="", part=Part.KNOB),)
    )
    bound = Binding(control="cc.2", to="view.zoom", relative=Encoding.TWOS)
    one = Decoder("test", profile, demands(profile, [bound]), FirstUse())
    messages = (cc(20, 1), cc(10, 1), cc(10, 127), cc(20, 127))
    assert [t[1:] for t in told(one, *messages)] == [
        ("cc.1", Gesture.ABSOLUTE, 1 / 127),
        ("cc.2", Gesture.RELATIVE, 1.0),
        ("cc.2", Gesture.RELATIVE, -1.0),
        ("cc.1", Gesture.ABSOLUTE, 1.0),
    ]
    (unknown,) = one.feed((0xB0, 20, 0), 0)
    assert one.is_edge(unknown)


def test_a_control_of_several_layers_is_an_encoder_in_each():
    layers = [
        Control(name="encoder.1", address=f"cc:11:{n}", part=Part.ENCODER, layer=layer)
        for n, layer in ((1, "a"), (11, "b"))
    ]
    profile = Profile(name="x", title="X", controls=tuple(layers))
    bound = Binding(control="encoder.1", to="view.zoom", relative=Encoding.TWOS)
    assert set(demands(profile, [bound]).relative) == {"cc:11:1", "cc:11:11"}


@pytest.mark.parametrize("control", ["cc14:1:0", "cc14:*:0"])
def test_fourteen_bits_are_put_together_where_asked_for(control):
    fine = decoder(Binding(control=control, to="view.zoom"))
    told(fine, cc(0, 64), cc(32, 1))
    assert told(fine, cc(0, 100), cc(32, 5), cc(32, 6)) == [
        ("cc14:1:0", "fader.1", Gesture.ABSOLUTE, (100 << 7 | 5) / 16383),
        ("cc14:1:0", "fader.1", Gesture.ABSOLUTE, (100 << 7 | 6) / 16383),
    ]


def test_a_fine_half_is_a_control_of_its_own_where_nobody_asks():
    assert [t[0] for t in told(decoder(), cc(0, 64), cc(32, 1))] == ["cc:1:0", "cc:1:32"]


def test_a_sender_without_fine_halves_is_heard_at_once():
    fine = decoder(Binding(control="cc14:1:7", to="view.zoom"))
    assert [t[3] for t in told(fine, cc(7, 127), cc(7, 0))] == [1.0, 0.0]


def test_a_fine_half_without_a_coarse_one_is_nothing():
    assert told(decoder(Binding(control="cc14:1:7", to="view.zoom")), cc(39, 5)) == []


def test_an_nrpn_is_put_together_where_asked_for():
    fine = decoder(Binding(control="nrpn:2:300", to="view.zoom"))
    pick = [cc(99, 300 >> 7, 2), cc(98, 300 & 127, 2)]
    first = told(fine, *pick, cc(6, 64, 2), cc(38, 1, 2))
    assert first[-1] == ("nrpn:2:300", "", Gesture.ABSOLUTE, (64 << 7 | 1) / 16383)
    assert told(fine, *pick, cc(6, 127, 2), cc(38, 127, 2)) == [
        ("nrpn:2:300", "", Gesture.ABSOLUTE, 1.0)
    ]


def test_another_nrpn_or_an_rpn_leaves_the_data_entry_alone():
    fine = decoder(Binding(control="nrpn:1:300", to="view.zoom"))
    other = told(fine, cc(99, 0), cc(98, 5), cc(6, 64))
    assert [t[0] for t in other] == ["cc:1:6"]
    told(fine, cc(99, 300 >> 7), cc(98, 300 & 127))
    rpn = told(fine, cc(101, 0), cc(100, 0), cc(6, 64))
    assert [t[0] for t in rpn] == ["cc:1:101", "cc:1:100", "cc:1:6"]


def test_nrpn_messages_are_controls_of_their_own_where_nobody_asks():
    addresses = [t[0] for t in told(decoder(), cc(99, 1), cc(98, 2), cc(6, 3), cc(38, 4))]
    assert addresses == ["cc:1:99", "cc:1:98", "cc:1:6", "cc:1:38"]


def test_other_demands_hold_from_the_next_message_on():
    one = decoder()
    assert told(one, cc(74, 1))[0][2] is Gesture.ABSOLUTE
    bound = Binding(control="cc:1:74", to="view.zoom", relative=Encoding.TWOS)
    one.demand(demands(PROFILE, [bound]))
    assert told(one, cc(74, 1))[0][2] is Gesture.RELATIVE


@pytest.mark.parametrize(
    ("message", "bindings", "edge"),
    [
        (cc(0, 127), (), False),  # the profile's fader
        (cc(41, 127), (), True),
        (cc(80, 65), (), False),
        (cc(9, 127), (), True),  # nobody knows it
        (cc(9, 0), (), True),
        (cc(9, 64), (), False),
        (cc(9, 127), (Binding(control="cc:*:9", to="view.zoom"),), False),
        (cc(9, 127), (Binding(control="cc:1:9", to="view.edge"),), False),
        (cc(9, 127), (Binding(control="cc:1:9", to="dream.reseed"),), True),
        (cc(9, 127), (Binding(control="cc:1:9", to="program.record"),), True),
        (cc(9, 127), (Binding(control="cc:1:9", to="panic"),), True),
        (
            cc(9, 127),
            (Binding(control="cc:1:9", to="view.zoom", button=Button.MOMENTARY),),
            True,
        ),
        (Message("note_on", note=1), (), True),
        (Message("note_off", note=1), (), True),
        (Message("aftertouch", value=127), (), False),
    ],
)
def test_what_a_later_value_must_not_replace(message, bindings, edge):
    one = decoder(*bindings)
    (event,) = one.feed(message.bytes(), 1)
    assert one.is_edge(event) is edge


def test_a_binding_of_something_unknown_asks_nothing():
    assert demands(PROFILE, [Binding(control="cc:1:9", to="no.such")]).turned == {
        "cc:1:0", "cc:1:80",
    }  # fmt: skip


EVERYTHING = (
    Binding(control="cc14:*:1", to="view.zoom"),
    Binding(control="nrpn:*:0", to="view.zoom"),
    Binding(control="cc:*:9", to="view.zoom", relative=Encoding.TWOS),
)


@given(MESSAGES)
def test_no_bytes_can_hurt(messages):
    one = decoder(*EVERYTHING)
    for data in messages:
        try:
            events = one.feed(data, 0)
        except ValueError:
            continue
        for event in events:
            assert event.gesture is Gesture.RELATIVE or 0.0 <= event.value <= 1.0
            one.is_edge(event)


@given(st.lists(st.integers(0, 127), max_size=200))
def test_ticks_add_up(values):
    ticks = sum(t[3] for t in told(decoder(*EVERYTHING), *(cc(9, v) for v in values)))
    assert ticks == sum(ticks_of(v, Encoding.TWOS) for v in values)


@given(st.lists(st.integers(0, 127), max_size=200))
def test_edges_alternate(values):
    edges = [t[2] for t in told(decoder(), *(cc(41, v) for v in values))]
    expected, down = [], False
    for value in values:
        if (value >= 64) != down:
            down = not down
            expected.append(Gesture.PRESS if down else Gesture.RELEASE)
    assert edges == expected


@given(st.lists(st.integers(0, 16383), min_size=1, max_size=50))
def test_the_last_fourteen_bits_are_exact(values):
    one = decoder(*EVERYTHING)
    messages = [half for v in values for half in (cc(1, v >> 7), cc(33, v & 127))]
    assert told(one, *messages)[-1][3] == values[-1] / 16383
