import pytest
from hypothesis import given
from hypothesis import strategies as st

from endlessdreams_cam.bindings import (
    ACTIONS,
    Act,
    Binding,
    Button,
    Do,
    Encoding,
    Event,
    Gesture,
    Pickup,
    good_control,
    matches,
)  # fmt: skip
from endlessdreams_cam.bindings.mapper import Mapper, Move
from endlessdreams_cam.parameters import PARAMETERS
from endlessdreams_cam.parameters.table import defaults

MS = 1_000_000
DEVICE = "nanoKONTROL2"


class Rig:
    """A mapper with the values that it moves, and a clock."""

    def __init__(self, layout=(), preset=(), device=DEVICE):
        self.mapper = Mapper(defaults())
        self.mapper.plug(device, layout)
        self.mapper.use(preset)
        self.values = defaults()
        self.now_ns = 1000 * MS
        self.acts = []

    def event(self, control, gesture, value=0.0, *, device=DEVICE, address=None, after_ms=200):
        self.now_ns += after_ms * MS
        address = address or f"cc:1:{sum(map(ord, control)) % 128}"
        return self.take(
            self.mapper.feed(
                Event(device, address, control, gesture, value, self.now_ns), self.values
            )
        )

    def turn(self, control, value, **more):
        return self.event(control, Gesture.ABSOLUTE, value, **more)

    def press(self, control, velocity=1.0, **more):
        return self.event(control, Gesture.PRESS, velocity, **more)

    def release(self, control, **more):
        return self.event(control, Gesture.RELEASE, **more)

    def wait(self, ms):
        changes = []
        for _ in range(ms // 10):
            self.now_ns += 10 * MS
            changes += self.take(self.mapper.tick(self.now_ns, self.values))
        return changes

    def take(self, changes):
        for change in changes:
            if isinstance(change, Move):
                assert PARAMETERS[change.name].clean(change.value) == change.value
                self.values[change.name] = change.value
            else:
                self.acts.append(change)
        return changes


def bind(control, to, **fields):
    return Binding(control=control, to=to, **fields)


def test_one_control_moves_several_and_several_move_one():
    rig = Rig(
        [
            bind("knob.1", "dream.wander", pickup=Pickup.JUMP),
            bind("knob.1", "motion.energy", pickup=Pickup.JUMP, invert=True),
            bind("knob.2", "dream.wander", pickup=Pickup.JUMP),
        ]
    )
    rig.turn("knob.1", 0.9)
    assert (rig.values["dream.wander"], rig.values["motion.energy"]) == (0.9, pytest.approx(0.1))
    rig.turn("knob.2", 0.3)
    assert rig.values["dream.wander"] == 0.3, "the last mover wins"


def test_a_presets_binding_takes_the_control_from_the_layout():
    rig = Rig(
        [bind("knob.1", "dream.wander", pickup=Pickup.JUMP)],
        [bind("cc:*:5", "motion.energy", pickup=Pickup.JUMP)],
    )
    rig.turn("knob.1", 0.8, address="cc:3:5")
    assert rig.values["motion.energy"] == 0.8
    assert rig.values["dream.wander"] == defaults()["dream.wander"]
    rig.mapper.use([])
    rig.turn("knob.1", 0.7, address="cc:3:5")
    assert rig.values["dream.wander"] == 0.7


def test_a_binding_may_be_for_one_device_only():
    rig = Rig(preset=[bind("cc:1:5", "dream.wander", device="x-touch", pickup=Pickup.JUMP)])
    assert not rig.turn("", 0.8, address="cc:1:5")
    assert rig.turn("", 0.8, address="cc:1:5", device="X-TOUCH MINI 2")


def test_prompt_faders_are_scaled_and_knobs_pick_up_by_default():
    rig = Rig([bind("fader.2", "prompt.2.weight"), bind("knob.1", "dream.wander")])
    rig.turn("fader.2", 0.5)
    rig.turn("fader.2", 0.6)
    assert rig.values["prompt.2.weight"] == pytest.approx(0.2)
    rig.turn("knob.1", 0.9)
    assert rig.mapper.waiting(rig.values)[0].control == "knob.1"
    assert rig.values["dream.wander"] == 0.1
    rig.turn("knob.1", 0.0)
    rig.wait(200)
    assert rig.values["dream.wander"] == 0.0
    assert not rig.mapper.waiting(rig.values)


def test_after_a_recall_the_control_waits_again():
    rig = Rig([bind("knob.1", "dream.wander")])
    rig.turn("knob.1", 0.1)
    rig.turn("knob.1", 0.2)
    assert rig.values["dream.wander"] == pytest.approx(0.2)
    rig.values["dream.wander"] = 0.8
    assert not rig.turn("knob.1", 0.25)
    [waiting] = rig.mapper.waiting(rig.values)
    assert (waiting.position, waiting.target) == (0.25, 0.8)


def test_shift_is_another_layer_and_a_knob_without_one_goes_home():
    rig = Rig(
        [
            bind("button.set", "shift"),
            bind("knob.1", "dream.wander", pickup=Pickup.JUMP),
            bind("knob.1", "motion.energy", shift=True, pickup=Pickup.JUMP),
            bind("knob.2", "look.hue", pickup=Pickup.JUMP),
        ]
    )
    rig.turn("knob.2", 0.9)
    rig.press("button.set")
    assert rig.mapper.shifted(DEVICE)
    rig.turn("knob.1", 0.7)
    assert rig.values["motion.energy"] == 0.7
    assert rig.turn("knob.2", 0.91) == [Move("look.hue", 0)]
    assert not rig.turn("knob.2", 0.92), "once per hold"
    rig.release("button.set")
    rig.turn("knob.1", 0.6)
    assert rig.values["dream.wander"] == 0.6
    assert not rig.mapper.shifted(DEVICE)


def test_a_button_without_a_second_meaning_keeps_its_first_while_shift_is_held():
    rig = Rig([bind("button.set", "shift"), bind("button.stop", "panic")])
    rig.press("button.set")
    rig.press("button.stop")
    assert rig.acts == [Act(Do.PANIC)]


def test_a_set_button_without_a_value_brings_the_shows_own_default():
    rig = Rig([bind("push.3", "dream.feedback", button=Button.SET)])
    rig.mapper = Mapper({**defaults(), "dream.feedback": 0.35})
    rig.mapper.plug(DEVICE, [bind("push.3", "dream.feedback", button=Button.SET)])
    rig.press("push.3")
    assert rig.values["dream.feedback"] == 0.35


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"to": "source.mirror"}, [True, True, False, False]),
        ({"to": "dream.reseed"}, [1, 1, 2, 2]),
        ({"to": "view.mirror"}, ["left", "left", "right", "right"]),
        ({"to": "view.mirror", "values": ("quad", "off")}, ["quad", "quad", "off", "off"]),
        ({"to": "motion.speed", "values": (0.0,)}, [0, 0, 0, 0]),
        ({"to": "motion.speed"}, [4, 1, 4, 1]),
        ({"to": "motion.speed", "values": (0.5, 2.0), "button": Button.MOMENTARY},
         [2, 0.5, 2, 0.5]),
        ({"to": "motion.speed", "button": Button.TOGGLE}, [4, 4, 0, 0]),
        ({"to": "motion.speed", "button": Button.VELOCITY}, [3, 3, 3, 3]),
        ({"to": "slate.text", "values": ("soon",)}, ["soon"] * 4),
    ],
)  # fmt: skip
def test_what_buttons_do(fields, expected):
    rig, found = Rig([bind("pad.1", **fields)]), []
    for _ in range(2):
        rig.press("pad.1", 0.75 if fields.get("button") is Button.VELOCITY else 1.0)
        found.append(rig.values[fields["to"]])
        rig.release("pad.1")
        found.append(rig.values[fields["to"]])
    assert found == expected


def test_a_fader_used_as_a_button_has_one_edge_per_crossing():
    rig = Rig([bind("fader.9", "panic")])
    for value in (0.2, 0.49, 0.51, 0.45, 0.55, 0.1, 0.9):
        rig.turn("fader.9", value)
    assert rig.acts == [Act(Do.PANIC), Act(Do.PANIC)]


def test_encoders_turn_from_where_the_parameter_is():
    rig = Rig([bind("encoder.1", "dream.wander", relative=Encoding.TWOS, ticks=100)])
    rig.event("encoder.1", Gesture.RELATIVE, 5)
    assert rig.values["dream.wander"] == pytest.approx(0.15)
    rig.values["dream.wander"] = 0.9
    rig.event("encoder.1", Gesture.RELATIVE, -10)
    assert rig.values["dream.wander"] == pytest.approx(0.8)


def test_sixteen_positions_at_once_are_learned_not_played():
    layout = [bind(f"knob.{n}", name, pickup=Pickup.JUMP) for n, name in enumerate(
        sorted(n for n in PARAMETERS if n.startswith(("view.p", "drift.", "look.", "dream.w")))
        + [f"prompt.{n}.weight" for n in range(1, 9)], 1)]  # fmt: skip
    assert len(layout) > 14
    rig = Rig(layout)
    before = dict(rig.values)
    for n in range(1, len(layout) + 1):
        rig.turn(f"knob.{n}", 0.77, after_ms=5, address=f"cc:1:{n}")
    assert rig.values == before
    rig.turn("knob.1", 0.8, after_ms=400, address="cc:1:1")
    assert rig.values != before, "later moves count again"


def test_ten_fingers_are_no_burst():
    layout = [bind(f"fader.{n}", f"prompt.{n}.weight", pickup=Pickup.JUMP) for n in range(1, 9)]
    rig = Rig(layout)
    for step in range(1, 11):
        for n in range(1, 9):
            rig.turn(f"fader.{n}", step / 10, after_ms=2, address=f"cc:1:{n}")
    assert all(rig.values[f"prompt.{n}.weight"] == 1 for n in range(1, 9))


def test_a_cable_pulled_and_put_back_starts_afresh():
    rig = Rig([bind("knob.1", "dream.wander"), bind("pad.1", "prompt.1")])
    rig.turn("knob.1", 0.1)
    rig.press("pad.1")
    rig.wait(400)
    assert rig.acts == [Act(Do.SOLO, "1")]
    assert rig.mapper.unplug(DEVICE, rig.now_ns) == [Act(Do.UNSOLO, "1")]
    assert rig.mapper.due_ns is None
    assert not rig.turn("knob.1", 0.1)
    rig.mapper.plug(DEVICE, [bind("knob.1", "dream.wander")])
    assert not rig.turn("knob.1", 0.9), "it waits: it may have been moved meanwhile"


TARGETS = sorted(
    n for n, p in PARAMETERS.items() if p.kind not in ("text",) or n == "slate.text"
) + sorted(ACTIONS)  # fmt: skip


@st.composite
def bindings(draw):
    to = draw(st.sampled_from(TARGETS))
    spec = PARAMETERS.get(to)
    number = spec is not None and spec.kind in ("number", "integer")
    inside = st.floats(spec.low, spec.high) if number else st.none()
    return Binding(
        control=draw(st.sampled_from(["knob.1", "knob.2", "pad.1", "cc:*:3"])),
        to=to,
        shift=draw(st.booleans()) and to != "shift",
        range=draw(st.none() | st.tuples(inside, inside)) if number else None,
        invert=draw(st.booleans()),
        pickup=draw(st.none() | st.sampled_from(Pickup)),
        acceleration=draw(st.floats(1, 8)),
        button=draw(st.none() | st.sampled_from(Button)) if number else None,
        values=("soon",) if to == "slate.text" else (),
    )


events = st.tuples(
    st.sampled_from(["knob.1", "knob.2", "pad.1", ""]),
    st.sampled_from(Gesture),
    st.floats(0, 1) | st.integers(-64, 63),
    st.integers(0, 800),
)


@given(st.lists(bindings(), max_size=8), st.lists(events, max_size=40))
def test_whatever_comes_every_value_stays_in_its_range(layout, played):
    rig = Rig(layout)
    for control, gesture, value, after_ms in played:
        if gesture in (Gesture.ABSOLUTE, Gesture.PRESS):
            value = min(max(value, 0.0), 1.0)
        rig.event(control, gesture, value, address="cc:1:3", after_ms=after_ms)
        rig.take(rig.mapper.tick(rig.now_ns, rig.values))  # `take` checks every value
    rig.wait(3000)
    assert rig.mapper.due_ns is None, "it comes to rest"


@pytest.mark.parametrize(
    "good", ["fader.1", "button.play", "encoder.a.1", "cc:1:74", "cc:*:74", "pitch:1", "touch:*",
             "program:1", "program:16:5", "nrpn:1:300", "cc14:1:7", "note:10:36"],
)  # fmt: skip
def test_good_controls(good):
    assert good_control(good)


@pytest.mark.parametrize(
    "bad", ["", "fader", "cc:0:1", "cc:17:1", "cc:1:128", "cc:1", "pitch:1:2", "cc14:1:40", "x:1:1",
            "nrpn:1:99999", "../etc"],
)  # fmt: skip
def test_bad_controls(bad):
    assert not good_control(bad)


def test_a_star_is_any_channel():
    assert matches("cc:*:7", "cc:11:7")
    assert not matches("cc:*:7", "cc:11:8")
    assert not matches("cc:1:7", "cc14:1:7")
