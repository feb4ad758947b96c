import threading

import pytest

from endlessdreams_cam.bindings import Binding, Encoding, Gesture
from endlessdreams_cam.clock import SECOND_NS
from endlessdreams_cam.controllers.faults import KINDS, FaultSystem
from endlessdreams_cam.controllers.ports import list_ports
from endlessdreams_cam.controllers.profile import Control, Part, Profile
from endlessdreams_cam.controllers.profiles import shipped
from endlessdreams_cam.controllers.rack import Rack
from endlessdreams_cam.errors import SettingError

KORG = Profile(
    name="nanokontrol2",
    title="Korg nanoKONTROL2",
    match=("nanokontrol2",),
    controls=(
        Control(name="fader.1", address="cc:1:0", part=Part.FADER),
        Control(name="button.play", address="cc:1:41", part=Part.BUTTON),
    ),
)
ONE = "nanoKONTROL2:nanoKONTROL2 MIDI 1 24:0"
TWO = "nanoKONTROL2:nanoKONTROL2 MIDI 1 28:0"
OTHER = "Knobs:Knobs MIDI 1 32:0"


class Stage:
    """A rack on a faulty system, scanned by hand, at a time of the test's choosing."""

    def __init__(self, kind=""):
        self.system = FaultSystem(kind)
        self.now = SECOND_NS
        self.woken = 0
        self.rack = Rack([KORG], self._wake, lambda: self.now, self.system)

    def _wake(self):
        self.woken += 1

    def scan(self, after_s=1.0):
        self.now += round(after_s * SECOND_NS)
        self.rack.scan()

    def rows(self):
        return {row.name: row for row in self.rack.devices()}

    def connected(self):
        return [row.name for row in self.rack.devices() if row.connected]


@pytest.fixture
def stage():
    made = Stage()
    yield made
    made.rack.close()
    assert made.system.open_now == []


def test_a_controller_is_recognised_and_played(stage):
    stage.system.plug(ONE)
    stage.scan()
    stage.system.play(ONE, 0xB0, 0, 127)
    (event,) = stage.rack.drain()
    assert (event.device, event.control, event.value) == ("nanoKONTROL2", "fader.1", 1.0)
    assert event.at_ns == stage.now
    (row,) = stage.rack.devices()
    assert (row.profile, row.port, row.output, row.connected) == (KORG, ONE, ONE, True)
    assert (row.messages, row.errors, row.trouble) == (1, 0, "")


def test_an_unknown_one_gets_the_generic_profile(stage):
    stage.system.plug(OTHER)
    stage.scan()
    assert stage.rows()["Knobs"].profile.name == "generic"


def test_the_given_generic_profile_comes_first():
    generic = Profile(name="generic", title="Mine")
    system = FaultSystem()
    system.plug(OTHER)
    rack = Rack([KORG, generic], lambda: None, lambda: 0, system)
    rack.scan()
    assert rack.devices()[0].profile is generic
    rack.close()


def test_first_names_outlive_the_plug():
    system = FaultSystem()
    system.plug(OTHER)
    rack = Rack(shipped(), lambda: None, lambda: 0, system)
    rack.scan()
    for number in (70, 30):
        system.play(OTHER, 0xB0, number, 64)
    system.unplug(OTHER)
    rack.scan()
    system.plug(OTHER)
    rack.scan()
    system.play(OTHER, 0xB0, 30, 65)
    assert [e.control for e in rack.drain()] == ["cc.1", "cc.2"]
    rack.close()


def test_ports_that_are_no_devices_stay_closed(stage):
    for name in ("Midi Through:Midi Through Port-0 14:0", "EndlessDreams Cam:in 130:0"):
        stage.system.plug(name)
    stage.scan()
    assert stage.system.opened == 0
    assert stage.rack.devices() == ()
    assert stage.rack.ports.ports == ()


def test_it_wakes_once_for_many_messages_and_for_every_coming_and_going(stage):
    stage.system.plug(ONE)
    stage.scan()
    assert stage.woken == 1
    for value in range(5):
        stage.system.play(ONE, 0xB0, 0, value)
    assert stage.woken == 2
    stage.rack.drain()
    stage.scan()
    assert stage.woken == 2
    stage.system.unplug(ONE)
    stage.scan()
    assert stage.woken == 3


def test_plugged_in_again_it_is_the_same_device(stage):
    stage.system.plug(ONE)
    stage.scan()
    first = stage.rows()["nanoKONTROL2"].generation
    for number in range(20):
        stage.system.unplug(stage.rows()["nanoKONTROL2"].port)
        stage.scan()
        assert stage.connected() == []
        assert stage.system.open_now == []
        port = f"nanoKONTROL2:nanoKONTROL2 MIDI 1 {40 + number}:0"
        stage.system.plug(port)
        stage.scan()
        stage.system.play(port, 0xB0, 0, number)
        assert [e.device for e in stage.rack.drain()] == ["nanoKONTROL2"]
        assert stage.rows()["nanoKONTROL2"].generation > first
        first = stage.rows()["nanoKONTROL2"].generation


def test_a_cable_out_between_two_looks_is_seen(stage):
    stage.system.plug(ONE)
    stage.scan()
    before = stage.rows()["nanoKONTROL2"].generation
    stage.system.unplug(ONE)
    stage.system.plug(ONE)
    stage.scan()
    assert stage.rows()["nanoKONTROL2"].generation > before
    stage.system.play(ONE, 0xB0, 0, 1)
    assert len(stage.rack.drain()) == 1


def test_two_of_a_kind_keep_their_names(stage):
    stage.system.plug(ONE)
    stage.system.plug(TWO)
    stage.scan()
    assert stage.connected() == ["nanoKONTROL2", "nanoKONTROL2 2"]
    assert [row.output for row in stage.rack.devices()] == [ONE, TWO]
    stage.system.unplug(ONE)
    stage.scan()
    assert stage.connected() == ["nanoKONTROL2 2"]
    stage.system.unplug(TWO)
    stage.scan()
    stage.system.plug(TWO)
    stage.scan()
    assert stage.connected() == ["nanoKONTROL2 2"]
    stage.system.plug(ONE)
    stage.scan()
    assert [row.port for row in stage.rack.devices()] == [ONE, TWO]


def test_a_busy_port_is_one_trouble_and_tried_every_three_seconds(stage):
    stage.system.plug(ONE)
    stage.system.busy.add(ONE)
    stage.scan()
    row = stage.rows()["nanoKONTROL2"]
    assert not row.connected
    assert row.trouble == f"{ONE} cannot be opened (fault). End that program."
    assert stage.system.opened == 2
    stage.scan(1)
    stage.scan(1)
    assert (stage.system.opened, stage.woken) == (2, 1)
    stage.scan(1.5)
    assert stage.system.opened == 4
    stage.system.busy.clear()
    stage.scan(3)
    assert stage.rows()["nanoKONTROL2"].connected
    assert stage.rows()["nanoKONTROL2"].trouble == ""


def test_a_busy_port_does_not_take_its_twins_name(stage):
    stage.system.plug(ONE)
    stage.system.plug(TWO)
    stage.system.busy.add(ONE)
    stage.scan()
    stage.system.busy.clear()
    stage.scan(3)
    assert [row.port for row in stage.rack.devices()] == [ONE, TWO]


def test_an_output_that_takes_nothing_is_opened_again(stage):
    stage.system.plug(ONE)
    stage.scan()
    before = stage.rows()["nanoKONTROL2"].generation
    stage.system.mute.add(ONE)
    stage.rack.send("nanoKONTROL2", [(0x90, 1, 127), (0x90, 2, 127)])
    row = stage.rows()["nanoKONTROL2"]
    assert (row.connected, row.errors) == (True, 1)
    assert row.trouble
    stage.system.mute.clear()
    stage.scan(1)
    stage.scan(3)
    row = stage.rows()["nanoKONTROL2"]
    assert (row.output, row.trouble, row.generation) == (ONE, "", before + 1)
    stage.rack.send("nanoKONTROL2", [(0x90, 1, 127)])
    assert stage.system.sent == [(ONE, (0x90, 1, 127))]


def test_lights_for_a_device_that_is_not_there_are_dropped(stage):
    stage.rack.send("nobody", [(0x90, 1, 1)])
    stage.system.plug(ONE)
    stage.scan()
    stage.system.unplug(ONE)
    stage.scan()
    stage.rack.send("nanoKONTROL2", [(0x90, 1, 1)])
    assert stage.system.sent == []


def test_a_machine_without_midi_is_a_reason_and_tried_every_ten_seconds(stage):
    stage.system.missing = True
    stage.scan()
    assert stage.rack.ports.problem == "no MIDI system (fault)"
    assert stage.rack.ports.remedy
    stage.system.missing = False
    stage.system.plug(ONE)
    stage.scan(9)
    assert stage.rack.devices() == ()
    stage.scan(1.5)
    assert stage.connected() == ["nanoKONTROL2"]
    assert stage.rack.ports.problem == ""


def test_a_midi_system_that_goes_takes_its_devices_along(stage):
    stage.system.plug(ONE)
    stage.scan()
    stage.system.missing = True
    stage.scan()
    assert stage.connected() == []
    assert stage.system.open_now == []
    assert "gone" in stage.rack.ports.problem
    stage.system.missing = False
    stage.scan(10)
    assert stage.connected() == ["nanoKONTROL2"]


def test_bindings_change_while_it_plays(stage):
    stage.system.plug(ONE)
    stage.scan()
    turn = Binding(control="cc:*:74", to="view.zoom", relative=Encoding.TWOS)
    stage.rack.require([turn])
    stage.system.play(ONE, 0xB0, 74, 127)
    assert stage.rack.drain()[0].gesture is Gesture.RELATIVE
    stage.rack.require([])
    stage.system.play(ONE, 0xB0, 74, 127)
    assert stage.rack.drain()[0].gesture is Gesture.ABSOLUTE


def test_bindings_hold_for_their_device_and_for_later_ones(stage):
    turn = Binding(control="cc:1:74", to="view.zoom", relative=Encoding.TWOS, device="nano")
    stage.rack.require([turn])
    stage.system.plug(ONE)
    stage.system.plug(OTHER)
    stage.scan()
    for port in (ONE, OTHER):
        stage.system.play(port, 0xB0, 74, 1)
    assert [e.gesture for e in stage.rack.drain()] == [Gesture.RELATIVE, Gesture.ABSOLUTE]


def test_a_button_held_while_the_cable_goes_is_up_afterwards(stage):
    stage.system.plug(ONE)
    stage.scan()
    stage.system.play(ONE, 0xB0, 41, 127)
    stage.system.unplug(ONE)
    stage.scan()
    stage.system.plug(ONE)
    stage.scan()
    stage.system.play(ONE, 0xB0, 41, 127)
    assert [e.gesture for e in stage.rack.drain()] == [Gesture.PRESS, Gesture.PRESS]


@pytest.mark.parametrize("data", [(), (64,), (0xB0,), (0xE0,), (0xF4,), (0xB0, 200, 1), (0xF2,)])
def test_garbage_is_counted_and_said_once(stage, data, caplog):
    stage.system.plug(ONE)
    stage.scan()
    for _ in range(3):
        stage.system.play(ONE, *data)
    assert stage.rack.drain() == []
    assert stage.rows()["nanoKONTROL2"].errors == 3
    assert len(caplog.records) == 1


def test_nothing_is_thrown_at_rtmidi(caplog):
    system = FaultSystem()
    system.plug(ONE)

    def fails():
        raise RuntimeError("on purpose")

    rack = Rack([KORG], fails, lambda: 0, system)
    with pytest.raises(RuntimeError):
        rack.scan()  # the thread logs it and goes on
    system.play(ONE, 0xB0, 0, 1)
    assert rack.devices()[0].errors == 1
    assert len(rack.drain()) == 1
    rack.close()


def tick(stage, port, count=1, bpm=120):
    for _ in range(count):
        stage.system.play(port, 0xF8)
        stage.now += round(60 * SECOND_NS / 24 / bpm)


def test_a_clock_is_heard(stage):
    stage.system.plug(ONE)
    stage.scan()
    stage.system.play(ONE, 0xFA)
    tick(stage, ONE, 30)
    heard = stage.rack.heard()
    assert (heard.bpm, heard.beat) == (120.0, 0)
    assert stage.rack.heard() is None
    assert stage.rack.drain() == []
    stage.system.play(ONE, 0xFC)
    stage.system.play(ONE, 0xF2, 16, 0)
    stage.system.play(ONE, 0xFB)
    tick(stage, ONE)
    assert stage.rack.heard().beat == 4


def test_of_two_clocks_one_is_followed_until_it_stops(stage):
    stage.system.plug(ONE)
    stage.system.plug(OTHER)
    stage.scan()
    for _ in range(60):
        tick(stage, ONE)
        stage.now -= round(60 * SECOND_NS / 24 / 120)
        stage.system.play(OTHER, 0xF8)
        stage.now += round(60 * SECOND_NS / 24 / 120)
    assert stage.rack.heard().bpm == 120
    tick(stage, OTHER, 20, bpm=90)
    assert stage.rack.heard() is None
    tick(stage, OTHER, 100, bpm=90)
    assert stage.rack.heard().bpm == 90


def test_a_stalled_drain_keeps_within_bounds(stage):
    stage.system.plug(ONE)
    stage.scan()
    for number in range(20_000):
        stage.system.play(ONE, 0xB0, 41, 127 * (number % 2))
        stage.system.play(ONE, 0xB0, 0, number % 128)
    assert stage.rack.lost > 0
    events = stage.rack.drain()
    assert len(events) < 17_000
    faders = [event for event in events if event.control == "fader.1"]
    assert faders[-1].value == 19_999 % 128 / 127


@pytest.mark.parametrize("kind", KINDS)
def test_every_fault_is_survived(kind):
    stage = Stage(kind)
    for _ in range(20):
        stage.scan()
        stage.rack.send("nanoKONTROL2", [(0x90, 1, 1)])
    assert len(stage.rack.devices()) <= 1
    stage.rack.close()
    assert stage.system.open_now == []


def test_an_unknown_fault_is_refused():
    with pytest.raises(SettingError, match="no fault called"):
        FaultSystem("sulk")


def test_the_thread_scans_and_closes_everything():
    came = threading.Event()
    system = FaultSystem()
    system.plug(ONE)
    with Rack([KORG], came.set, lambda: 0, system) as rack:
        assert came.wait(20)
        assert rack.devices()[0].connected
    assert system.open_now == []
    rack.close()


def test_the_ports_for_people():
    system = FaultSystem()
    system.plug(ONE)
    system.plug("Midi Through:Midi Through Port-0 14:0")
    found = list_ports(system)
    assert (found.ports, found.outputs, found.problem) == ((ONE,), (ONE,), "")
    assert list_ports(FaultSystem("missing")).problem == "no MIDI system (fault)"
