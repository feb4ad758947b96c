from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endlessdreams_cam.bindings import Binding, Event, Gesture
from endlessdreams_cam.bindings.feedback import Facts
from endlessdreams_cam.controllers.lights import PERIOD_NS, QUIET_NS, Lights, Lit
from endlessdreams_cam.controllers.profile import Control, Light, Part, Profile
from endlessdreams_cam.controllers.profiles import shipped
from endlessdreams_cam.parameters import Move, Snapshot
from endlessdreams_cam.parameters.table import defaults

MS = 1_000_000
PROFILES = {profile.name: profile for profile in shipped()}
LIT_ONES = ("nanokontrol2", "midimix", "xtouch-mini", "launch-control-xl")
BANK = {f"prompt.{n}.text": "a sky" for n in range(1, 9)}


class Rig:
    """Lights, and a device that believes what it is told and puts out what it overwrites."""

    def __init__(self, profile, **more):
        self.profile = PROFILES[profile] if isinstance(profile, str) else profile
        self.lights = Lights(self.profile, "dev", **more)
        self.values = defaults() | BANK
        self.moves = {}
        self.facts = Facts()
        self.now_ns = 10_000 * MS
        self.device = {}
        self.told = []

    def step(self, after_ns=PERIOD_NS):
        self.now_ns += after_ns
        snapshot = Snapshot(version=1, values=self.values, moves=self.moves)
        told = self.lights.step(snapshot, self.now_ns, self.facts)
        for lit in told:
            assert 0 <= lit.value <= 127
            self.device[lit.address] = lit.value
            self.told.append((self.now_ns, lit))
        return told

    def settle(self):
        for _ in range(40):
            self.step()
        return self

    def use(self, name, gesture, value=0.5):
        control = self.profile.by_name[name]
        light = control.light
        if light and light.on_release and (gesture is Gesture.RELEASE or light.continuous):
            self.device[light.address] = None  # who knows what it shows now
        self.lights.heard(Event("dev", control.address, name, gesture, value, self.now_ns))

    def shown(self, name):
        return self.device[self.profile.by_name[name].light.address]


def test_a_device_that_comes_is_told_everything_and_then_nothing():
    rig = Rig("nanokontrol2")
    first = rig.step()
    assert len(first) == 30
    assert {lit.address for lit in first if lit.value} == {"cc:1:32", "cc:1:64", "cc:1:41"}
    assert [rig.step() for _ in range(60)] == [[]] * 60


def test_no_more_than_the_limit_at_a_time_and_the_oldest_first():
    rig = Rig("nanokontrol2", limit=8)
    sizes = [len(rig.step()) for _ in range(5)]
    assert sizes == [8, 8, 8, 6, 0]
    assert len({lit.address for _, lit in rig.told}) == 30
    assert rig.lights.settled


def test_steps_that_follow_faster_share_the_limit():
    rig = Rig("nanokontrol2", limit=8)
    sizes = [len(rig.step(PERIOD_NS if n % 4 == 0 else PERIOD_NS // 10)) for n in range(8)]
    assert sizes == [8, 0, 0, 0, 8, 0, 0, 0]


def test_after_a_reconnect_everything_is_told_again():
    rig = Rig("midimix").settle()
    before, rig.device = dict(rig.device), {}
    rig.lights.refresh()
    rig.settle()
    assert rig.device == before


def test_a_pad_answers_at_once():
    rig = Rig("nanokontrol2").settle()
    rig.use("pad.18", Gesture.PRESS)
    rig.values["program.cut"] = "hold"
    rig.step()
    assert (rig.shown("pad.18"), rig.shown("pad.17"), rig.shown("button.play")) == (127, 0, 0)


def test_panic_blinks_twice_a_second_where_the_device_cannot():
    rig = Rig("nanokontrol2").settle()
    rig.facts = Facts(latched=True)
    rig.told.clear()
    for _ in range(120):
        rig.step()
    stop = [lit.value for _, lit in rig.told if lit.address == "cc:1:42"]
    assert len(stop) in (15, 16, 17)
    assert all(a != b for a, b in pairwise(stop))
    assert {lit.address for _, lit in rig.told} == {"cc:1:42"}


def test_a_device_that_blinks_by_itself_is_told_once():
    rig = Rig("xtouch-mini").settle()
    rig.facts = Facts(latched=True)
    rig.told.clear()
    rig.settle()
    assert [lit for _, lit in rig.told] == [Lit("note:1:15", 2)]


def test_a_light_that_goes_out_on_release_is_lit_again():
    rig = Rig("xtouch-mini").settle()
    rig.use("pad.17", Gesture.PRESS)
    rig.step()
    rig.use("pad.17", Gesture.RELEASE)
    assert rig.step(10 * MS) == [], "after the device's own switching"
    rig.settle()
    assert rig.shown("pad.17") == 1


def test_a_ring_is_left_alone_while_it_is_turned_and_set_after():
    rig = Rig("xtouch-mini").settle()
    ring = rig.profile.by_name["knob.1"].light.address
    assert rig.device[ring] == 7
    rig.told.clear()
    for n in range(30):
        rig.values["dream.strength"] = 0.5 + n / 100
        rig.use("knob.1", Gesture.ABSOLUTE)
        rig.step()
    assert ring not in {lit.address for _, lit in rig.told}
    turned_ns = rig.now_ns - PERIOD_NS
    rig.settle()
    [(told_ns, lit)] = [(t, lit) for t, lit in rig.told if lit.address == ring]
    assert told_ns >= turned_ns + QUIET_NS
    assert lit.value == 10


def test_a_swing_is_told_in_the_rings_steps_and_thirty_times_a_second_at_most():
    rig = Rig("xtouch-mini").settle()
    rig.moves = {"motion.speed": Move(4.0, 0.0, rig.now_ns, 0.6)}
    rig.told.clear()
    for _ in range(600):
        rig.step(MS)
    values = [lit.value for _, lit in rig.told if lit.address == "cc:1:12"]
    assert values == sorted(set(values)), "each position once"
    assert len(values) <= 19


def test_a_control_that_waits_for_its_parameter_blinks():
    rig = Rig("xtouch-mini").settle()
    rig.facts = Facts(waiting=frozenset({("dev", "knob.1"), ("other", "knob.2")}))
    rig.settle()
    assert rig.shown("knob.1") == 14 + 6, "the ring blinks at its place"
    assert rig.shown("knob.2") == 11
    pads = Rig("nanokontrol2").settle()
    pads.facts = Facts(waiting=frozenset({("dev", "cc:1:55")}))
    assert len({pads.shown("pad.16") for _ in range(20) if pads.step() is not None}) == 2


def test_a_motor_fader_never_blinks():
    motor = Light(address="pitch:1", continuous=True)
    profile = Profile(
        name="m", title="M", layout=(Binding(control="fader.1", to="dream.wander"),),
        controls=(Control(name="fader.1", address="pitch:1", part=Part.FADER, light=motor),),
    )  # fmt: skip
    rig = Rig(profile).settle()
    rig.facts = Facts(waiting=frozenset({("dev", "fader.1")}))
    rig.told.clear()
    rig.settle()
    assert rig.told == []


def test_the_lights_follow_the_devices_own_layer():
    rig = Rig("xtouch-mini").settle()
    rig.facts = Facts(preset=3)
    rig.settle()
    assert rig.device["note:1:0"] == 1, "layer A: prompt 1 leads"
    assert rig.device["note:1:2"] == 0
    rig.use("push.9", Gesture.PRESS)  # of layer B
    rig.settle()
    assert rig.device["note:1:0"] == 0
    assert rig.device["note:1:2"] == 1, "layer B: preset 3"
    assert rig.device["cc:1:9"] == 13, "prompt 1's weight"


def test_a_template_is_told_on_its_channel_and_both_before_it_is_known():
    rig = Rig("launch-control-xl").settle()
    assert {lit.address.split(":")[1] for _, lit in rig.told} == {"1", "9"}
    rig.use("fader.1", Gesture.ABSOLUTE)
    rig.told.clear()
    rig.settle()
    assert {lit.address.split(":")[1] for _, lit in rig.told} == {"9"}


def test_shift_shows_its_layer_and_keeps_the_rest():
    rig = Rig("launch-control-xl")
    rig.facts = Facts(preset=2)
    rig.use("fader.1", Gesture.ABSOLUTE)
    rig.settle()
    assert (rig.shown("pad.10"), rig.shown("pad.9")) == (60, 12)
    rig.lights.use(shift=True)
    rig.settle()
    assert (rig.shown("pad.10"), rig.shown("pad.9")) == (12, 60), "dream is on air"
    assert rig.shown("button.solo") == 63
    assert rig.shown("pad.1") == 63, "no second meaning: prompt 1 leads"


def test_a_presets_binding_lies_over_the_layout():
    rig = Rig("nanokontrol2").settle()
    assert rig.shown("pad.1") == 127
    rig.lights.use([Binding(control="pad.1", to="source.mirror"),
                    Binding(control="cc:*:33", to="auto.on", device="dev")])  # fmt: skip
    rig.values["auto.on"] = True
    rig.settle()
    assert (rig.shown("pad.1"), rig.shown("pad.2")) == (0, 127)
    rig.lights.use([Binding(control="pad.1", to="source.mirror", device="another")])
    rig.settle()
    assert (rig.shown("pad.1"), rig.shown("pad.2")) == (127, 0)


@pytest.mark.parametrize("name", LIT_ONES)
def test_at_the_end_every_led_can_be_put_out(name):
    rig = Rig(name)
    dark = rig.lights.dark()
    assert len({lit.address for lit in dark}) == len(dark)
    assert all(lit.value in (0, 12) for lit in dark)


def test_a_controller_without_lights_is_told_nothing():
    assert Rig("generic").settle().told == []


moments = st.fixed_dictionaries(
    {
        "after_ms": st.integers(1, 400),
        "values": st.dictionaries(
            st.sampled_from(
                ["prompt.1.weight", "prompt.2.weight", "dream.strength", "view.zoom", "drift.zoom"]
            ),
            st.floats(0, 1), max_size=3,
        ),
        "cut": st.sampled_from(["dream", "hold", "slate"]),
        "facts": st.builds(
            Facts, latched=st.booleans(), preset=st.integers(0, 8), pending=st.integers(0, 8),
            waiting=st.sampled_from([frozenset(), frozenset({("dev", "knob.1")})]),
        ),
        "glide": st.booleans(),
        "shift": st.booleans(),
        "hands": st.lists(
            st.tuples(st.integers(0, 200), st.sampled_from(Gesture)), max_size=4
        ),
        "replug": st.integers(0, 9).map(lambda n: n == 0),
    }
)  # fmt: skip


def play(rig, moment):
    """Do what happens in a moment, and return the controls that were turned."""
    rig.values |= moment["values"] | {"program.cut": moment["cut"]}
    rig.facts = moment["facts"]
    if moment["glide"]:
        rig.moves = {"motion.speed": Move(4.0, 0.0, rig.now_ns, 1.0)}
    if moment["replug"]:
        rig.device.clear()
        rig.lights.refresh()
    rig.lights.use(shift=moment["shift"])
    names = [control.name for control in rig.profile.controls]
    turned = []
    for n, gesture in moment["hands"]:
        control = rig.profile.by_name[names[n % len(names)]]
        rig.use(control.name, gesture)
        if control.part is not Part.BUTTON and control.light:
            turned.append(control.light.address)
    return turned


@pytest.mark.parametrize("name", LIT_ONES)
@settings(max_examples=80, deadline=None)
@given(moments=st.lists(moments, max_size=8), limit=st.sampled_from([4, 32]))
def test_whatever_happens_the_device_ends_up_with_what_is_wanted(name, moments, limit):
    rig = Rig(name, limit=limit)
    quiet_until, per_period = {}, Counter()
    for moment in moments:
        turned = play(rig, moment)
        quiet_until |= dict.fromkeys(turned, rig.now_ns + QUIET_NS)
        end_ns = rig.now_ns + moment["after_ms"] * MS
        while rig.now_ns < end_ns:
            told = rig.step(13 * MS)
            per_period[rig.now_ns // PERIOD_NS] += len(told)
            assert per_period[rig.now_ns // PERIOD_NS] <= limit
            for lit in told:
                assert rig.now_ns >= quiet_until.get(lit.address, 0), "never under the hand"
    rig.moves = {}
    rig.facts = Facts(preset=rig.facts.preset)  # nothing blinks
    rig.settle()
    assert rig.lights.settled
    assert {a: rig.device[a] for a in rig.lights.wanted} == rig.lights.wanted
    assert [rig.step() for _ in range(30)] == [[]] * 30, "a repeated snapshot sends nothing"
