"""Controllers on the desk: the real hands, rack, mapper and lights; only the cable is played."""

import threading
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from endlessdreams_cam import clock
from endlessdreams_cam.controllers.faults import FaultSystem
from endlessdreams_cam.controllers.profiles import shipped
from endlessdreams_cam.controllers.rack import Rack
from endlessdreams_cam.parameters import Store
from endlessdreams_cam.presets import Library
from endlessdreams_cam.runtime.controls import FirstUses
from endlessdreams_cam.runtime.desk import Desk
from endlessdreams_cam.runtime.hands import Hands

KORG = "nanoKONTROL2:nanoKONTROL2 MIDI 1 24:0"
BOX = "Some Box:Some Box MIDI 1 28:0"


class Stage:
    def __init__(self, folder):
        self.system = FaultSystem()
        self.store = Store(clock.now_ns)
        self.desk = Desk(self.store, Library(folder / "presets"), clock.now_ns)
        self.troubles = []
        self.uses = FirstUses(folder / "controllers" / "first-use.json")
        woken = threading.Event()
        self.rack = Rack(shipped(), woken.set, clock.now_ns, self.system, self.uses.of)
        self.hands = Hands(self.desk, self.store, self.rack, lambda *row: self.troubles.append(row))

    def plug(self, name=KORG):
        self.system.plug(name)
        self.rack.scan()
        self.round()

    def unplug(self, name=KORG):
        self.system.unplug(name)
        self.rack.scan()
        self.round()

    def play(self, *rows, name=KORG):
        for row in rows:
            self.system.play(name, *row)
        self.round()

    def round(self, ahead_ns=0):
        self.hands._round(clock.now_ns() + ahead_ns)

    def value(self, name):
        return self.store.snapshot.values[name]

    def lights(self):
        """What each light was told last."""
        return {(d[0], d[1]): d[2] for _, d in self.system.sent}

    def settle(self):
        for n in range(40):
            self.round(n * 40_000_000)


@pytest.fixture
def stage(tmp_path):
    made = Stage(tmp_path)
    yield made
    made.rack.close()


def test_a_known_controller_plays_its_default_layout(stage):
    stage.plug()
    stage.play((0xB0, 0, 127))
    stage.play((0xB0, 0, 64))
    assert stage.value("prompt.1.weight") == pytest.approx(64 / 127, abs=0.01)
    stage.play((0xB0, 42, 127), (0xB0, 42, 0))
    assert stage.value("program.cut") == "slate"
    assert stage.desk.latched
    stage.settle()
    blinks = [value for _, (_, number, value) in stage.system.sent if number == 42]
    assert {0, 127} <= set(blinks[1:]), "panic blinks"
    stage.play((0xB0, 41, 127), (0xB0, 41, 0))
    assert stage.value("program.cut") == "dream"
    stage.settle()
    assert stage.lights()[0xB0, 42] == 0


def test_every_button_edge_of_a_round_counts_and_only_the_last_position(stage):
    stage.plug()
    version = stage.store.snapshot.version
    taps = [(0xB0, 68, v) for _ in range(5) for v in (127, 0)]
    sweep = [(0xB0, 1, v) for v in range(128)]
    stage.play(*sweep[:1])
    stage.play(*taps, *sweep)
    assert stage.value("dream.reseed") == 5
    assert stage.value("prompt.2.weight") == 1.0
    assert stage.store.snapshot.version - version <= 12


def test_a_prompt_pad_glides_on_a_tap_and_solos_while_held(stage):
    stage.desk.recall("ember", origin="test")
    stage.plug()
    stage.play((0xB0, 34, 127))
    stage.play((0xB0, 34, 0))
    assert stage.value("prompt.3.weight") == 1
    assert stage.value("prompt.1.weight") == 0
    stage.play((0xB0, 36, 127))
    stage.round(400_000_000)
    assert stage.value("prompt.5.solo")
    stage.play((0xB0, 36, 0))
    assert not stage.value("prompt.5.solo")


def test_a_preset_pad_recalls_and_its_light_follows_whoever_recalls(stage):
    stage.plug()
    names = stage.desk.recalls.order.names()
    stage.play((0xB0, 49, 127), (0xB0, 49, 0))
    assert stage.store.snapshot.preset == names[1]
    stage.settle()
    assert stage.lights()[0xB0, 49] == 127
    stage.desk.recall(names[0], origin="send")
    stage.settle()
    assert (stage.lights()[0xB0, 48], stage.lights()[0xB0, 49]) == (127, 0)


def test_after_a_recall_faders_do_not_jump(stage):
    stage.plug()
    for value in (59, 60, 30):
        stage.play((0xB0, 16, value))
    stage.desk.recall("abyss", origin="send")
    before = stage.value("dream.strength")
    stage.play((0xB0, 16, 40))
    assert stage.value("dream.strength") == before
    assert [w.name for w in stage.hands.waiting] == ["dream.strength"]


def test_the_presets_own_bindings_come_and_go_with_it(stage, tmp_path):
    (tmp_path / "presets").mkdir()
    (tmp_path / "presets" / "mine.toml").write_text(
        'title = "Mine"\n[[bind]]\ncontrol = "knob.1"\nto = "look.hue"\npickup = "jump"\n'
        '[[bind]]\ncontrol = "cc14:1:3"\nto = "view.rotate"\npickup = "jump"\n'
    )
    stage.plug()
    stage.desk.recall("mine", origin="send")
    stage.round()
    stage.play((0xB0, 16, 127))
    assert stage.value("look.hue") == 180
    stage.play((0xB0, 3, 127), (0xB0, 35, 127))
    assert stage.value("view.rotate") == 180
    stage.desk.recall("ember", origin="send")
    stage.round()
    stage.play((0xB0, 16, 0))
    assert stage.value("look.hue") == 0


def test_a_program_change_recalls(stage, tmp_path):
    (tmp_path / "presets").mkdir()
    (tmp_path / "presets" / "mine.toml").write_text(
        'title = "Mine"\n[[bind]]\ncontrol = "program:*:4"\nto = "preset.2"\n'
    )
    stage.desk.recall("mine", origin="send")
    stage.plug()
    stage.play((0xC3, 4))
    assert stage.store.snapshot.preset == stage.desk.recalls.order.names()[1]


def test_a_cable_pulled_on_stage_costs_nothing_and_the_lights_come_back(stage):
    stage.plug()
    stage.play((0xB0, 0, 127), (0xB0, 0, 90))
    value = stage.value("prompt.1.weight")
    for _ in range(20):
        stage.unplug()
        assert stage.value("prompt.1.weight") == value
        stage.system.sent.clear()
        stage.plug()
        stage.settle()
        assert stage.lights()[0xB0, 41] == 127, "the dream's light, told anew"
    stage.play((0xB0, 0, 20))
    assert stage.value("prompt.1.weight") == value, "it may have been moved meanwhile"
    assert stage.troubles == []


def test_an_unknown_controller_plays_in_order_of_first_use_for_ever(stage, tmp_path):
    stage.plug(BOX)
    for row in ((0xB2, 70, 90), (0xB2, 71, 1), (0xB2, 71, 50)):
        stage.play(row, name=BOX)
    assert stage.value("prompt.2.weight") == pytest.approx(50 / 127, abs=0.01)
    path = tmp_path / "controllers" / "first-use.json"
    stage.uses.save()
    assert FirstUses(path).of("Some Box").addresses == ("cc:3:70", "cc:3:71")
    path.write_text("[broken")
    assert FirstUses(path).of("Some Box").addresses == ()


def test_a_refused_change_is_told_and_does_not_stop_the_others(stage, tmp_path):
    def refuse(values, _origin):
        if "look.hue" in values:
            from endlessdreams_cam.errors import SettingError

            raise SettingError("no hue today")

    stage.store.guard(refuse)
    (tmp_path / "presets").mkdir()
    (tmp_path / "presets" / "mine.toml").write_text(
        'title = "Mine"\npartial = true\n'
        '[[bind]]\ncontrol = "knob.1"\nto = "look.hue"\npickup = "jump"\n'
        '[[bind]]\ncontrol = "knob.1"\nto = "look.contrast"\npickup = "jump"\n'
    )
    stage.desk.recall("mine", origin="send")
    stage.plug()
    stage.play((0xB0, 16, 127))
    assert stage.value("look.contrast") == 2
    assert any("no hue today" in text for _, text in stage.troubles)


def test_a_lesson_plays_nothing_and_binds_from_then_on(stage):
    stage.plug()
    before = dict(stage.store.snapshot.values)
    stage.hands.begin_lesson()
    stage.play((0xB0, 23, 90), (0xB0, 23, 100))
    assert dict(stage.store.snapshot.values) == before
    learned = stage.hands.end_lesson("look.saturation")
    assert (learned.control, learned.kind) == ("knob.8", "absolute")
    stage.play((0xB0, 23, 64))
    stage.play((0xB0, 23, 127))
    assert stage.value("look.saturation") > 1


def test_a_midi_clock_sets_the_tempo(stage):
    stage.plug()
    stage.play((0xFA,))
    for _ in range(60):
        stage.play((0xF8,))
        time.sleep(0.005)
    assert 100 < stage.value("tempo.bpm") <= 300


@given(st.lists(st.binary(min_size=1, max_size=12), max_size=60))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_a_cable_brings_the_show_goes_on(stage, blocks):
    stage.plug()
    for block in blocks:
        stage.play(tuple(block))
    stage.round(2_000_000_000)
    assert all(worker == "midi" for worker, _ in stage.troubles)


def test_a_resync_holds_against_a_clock_that_only_ticks(stage, monkeypatch):
    """Most gear sends ticks and no start: where the bar begins, a hand says."""
    stage.plug()
    stage.store.listen(stage.hands._on_change)
    (device,) = stage.rack._devices
    now = clock.now_ns()
    monkeypatch.setattr(stage.store, "_clock", lambda: round(now))

    def ticks(count, bpm):
        nonlocal now
        for _ in range(count):
            now += 60 * clock.SECOND_NS / (bpm * 24)
            heard = device.follower.feed("clock", round(now))
            if heard:
                stage.rack._follow(device, heard)
                stage.round()

    ticks(100, 120)
    stage.store.pull("tempo.resync", origin="hand")
    first = stage.store.snapshot.beat.count(round(now))
    ticks(8 * 24, 130)
    assert stage.store.snapshot.values["tempo.bpm"] == pytest.approx(130, abs=0.2)
    assert stage.store.snapshot.beat.count(round(now)) == pytest.approx(first + 8, abs=0.05)
