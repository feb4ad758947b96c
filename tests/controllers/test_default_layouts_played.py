"""Every row of every default layout, played through the mapper."""

import pytest

from endlessdreams_cam.bindings import Act, Do, Event, Gesture
from endlessdreams_cam.bindings.mapper import Mapper, Move
from endlessdreams_cam.controllers.first_use import FirstUse
from endlessdreams_cam.controllers.profile import Part
from endlessdreams_cam.controllers.profiles import shipped
from endlessdreams_cam.parameters import PARAMETERS
from endlessdreams_cam.parameters.table import defaults

MS = 1_000_000
PROFILES = {profile.name: profile for profile in shipped()}
NUMBERS = {name for name, spec in PARAMETERS.items() if spec.kind == "number"}
ROWS = [
    pytest.param(p, b, id=f"{p.name} {'shift ' * b.shift}{b.control}")
    for p in PROFILES.values()
    for b in p.layout
    if b.to != "shift"
]


class Rig:
    def __init__(self, profile):
        self.profile = profile
        self.mapper = Mapper(defaults())
        self.mapper.plug("dev", profile.layout, burst=profile.burst)
        self.values = defaults()
        self.now_ns = 1000 * MS
        self.did = []

    def send(self, name, gesture, value=0.0, *, address=None):
        self.now_ns += 40 * MS
        address = address or self.profile.by_name[name].address
        event = Event("dev", address, name, gesture, value, self.now_ns)
        self.take(self.mapper.feed(event, self.values))
        self.take(self.mapper.tick(self.now_ns, self.values))

    def take(self, changes):
        self.did += changes
        for change in changes:
            if isinstance(change, Move):
                self.values[change.name] = change.value

    def hold(self, ms):
        for _ in range(ms // 10):
            self.now_ns += 10 * MS
            self.take(self.mapper.tick(self.now_ns, self.values))


@pytest.mark.parametrize(("profile", "binding"), ROWS)
def test_every_row_does_what_it_says(profile, binding):
    rig = Rig(profile)
    if binding.shift:
        [shift] = [b.control for b in profile.layout if b.to == "shift"]
        rig.send(shift, Gesture.PRESS, 1.0)
    if profile.by_name[binding.control].part is Part.BUTTON:
        if binding.to in NUMBERS:
            rig.values[binding.to] = PARAMETERS[binding.to].high  # so that a default is a change
        rig.send(binding.control, Gesture.PRESS, 1.0)
        rig.hold(320)
        rig.send(binding.control, Gesture.RELEASE)
    else:
        for value in [n / 20 for n in range(21)] * 2:
            rig.send(binding.control, Gesture.ABSOLUTE, value)
    moved = {change.name for change in rig.did if isinstance(change, Move)}
    assert moved == ({binding.to} if binding.to in PARAMETERS else set())
    assert bool(moved) != bool([change for change in rig.did if isinstance(change, Act)])


@pytest.mark.parametrize("solo_was_missed", [False, True])
def test_a_prompt_pad_of_the_midimix_acts_once(solo_was_missed):
    rig = Rig(PROFILES["midimix"])
    if not solo_was_missed:
        rig.send("button.solo", Gesture.PRESS, 1.0)
    rig.send("pad.3", Gesture.PRESS, 1.0)
    rig.send("button.solo", Gesture.RELEASE)
    rig.send("pad.3", Gesture.RELEASE)
    assert rig.did == [Act(Do.PROMPT, "3")]


def test_panic_counts_while_shift_is_held():
    for name in ("nanokontrol2", "midimix", "launch-control-xl"):
        rig = Rig(PROFILES[name])
        bound = {b.to: b.control for b in rig.profile.layout if not b.shift}
        rig.send(bound["shift"], Gesture.PRESS, 1.0)
        rig.send(bound["panic"], Gesture.PRESS, 1.0)
        assert rig.did == [Act(Do.PANIC)]


def test_both_layers_of_the_x_touch_have_one_master_fader_and_one_panic():
    rig = Rig(PROFILES["xtouch-mini"])
    for address in ("cc:11:9", "cc:11:10"):
        assert rig.profile.by_address[address].name == "fader.master"
    for address in ("note:11:23", "note:11:47"):
        rig.did.clear()
        name = rig.profile.by_address[address].name
        rig.send(name, Gesture.PRESS, 1.0, address=address)
        assert rig.did == [Act(Do.PANIC)]


def test_an_unknown_controller_mixes_the_prompts_with_what_moves_first():
    rig, names = Rig(PROFILES["generic"]), FirstUse()
    for n in range(1, 10):
        address = f"cc:3:{50 - n}"
        for value in (0.0, 0.5, 1.0, 0.5, 1.0):
            rig.send(names.name(address), Gesture.ABSOLUTE, value, address=address)
    assert all(rig.values[f"prompt.{n}.weight"] == 1.0 for n in range(1, 9))
    assert {change.name for change in rig.did} == {
        *(f"prompt.{n}.weight" for n in range(1, 9)), "program.mix",
    }  # fmt: skip
