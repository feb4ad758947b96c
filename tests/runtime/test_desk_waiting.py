"""What waits for the beat."""

import threading
import time as real

import pytest
from played_time import Time

from endlessdreams_cam.errors import SettingError
from endlessdreams_cam.parameters import Store
from endlessdreams_cam.presets import Library
from endlessdreams_cam.runtime.conductor import Conductor
from endlessdreams_cam.runtime.desk import Desk

S = 1_000_000_000
MS = 1_000_000


@pytest.fixture
def time():
    return Time(10 * S)


@pytest.fixture
def store(time):
    return Store(time, {"tempo.bpm": 120})  # beats at 10, 10.5 …; bars at 10, 12 …


@pytest.fixture
def desk(store, time, tmp_path):
    desk = Desk(store, Library(tmp_path), time)
    desk.recall("ember", origin="start")
    time.ns += 100 * MS
    return desk


def wait_for(desk, what):
    desk.set({"preset.wait": what}, origin="t")


def cut(desk):
    return desk.snapshot.text("program.cut")


def at(desk, time, seconds):
    time.ns = round(seconds * S)
    desk.tick(time.ns)


def test_without_waiting_nothing_waits(desk):
    desk.recall("abyss", origin="keys")
    desk.cut("hold", origin="keys")
    assert (desk.snapshot.preset, cut(desk)) == ("abyss", "hold")
    assert desk.waiting == ()
    assert desk.due_ns is None


@pytest.mark.parametrize(("what", "due"), [("beat", 10.5), ("bar", 12.0)])
def test_a_recall_waits(desk, time, what, due):
    wait_for(desk, what)
    desk.recall("abyss", origin="keys")
    assert desk.snapshot.preset == "ember"
    assert [row.what for row in desk.waiting] == ["Abyss"]
    assert desk.due_ns == pytest.approx(due * S, abs=1000)
    at(desk, time, due - 0.01)
    assert desk.wait_s(time.ns) == pytest.approx(0.01, abs=1e-3)
    assert desk.snapshot.preset == "ember"
    at(desk, time, due + 0.001)
    assert desk.snapshot.preset == "abyss"
    assert desk.waiting == ()
    assert desk.wait_s(time.ns) is None
    assert desk.snapshot.morph.began_ns == time.ns


@pytest.mark.parametrize("to", ["source", "hold"])
def test_a_cut_waits(desk, time, to):
    wait_for(desk, "bar")
    desk.cut(to, origin="midi")
    assert cut(desk) == "dream"
    at(desk, time, 12.001)
    assert cut(desk) == to


def test_a_hold_that_waited_is_held_from_then_on(desk, time):
    wait_for(desk, "bar")
    desk.toggle("hold", origin="keys")
    at(desk, time, 12.001)
    time.ns += 3 * S
    assert desk.held_s() == 3


def test_a_cut_by_name_waits_and_the_rest_does_not(desk, time):
    wait_for(desk, "bar")
    desk.set({"program.cut": "source", "look.hue": 20}, origin="send")
    assert (cut(desk), desk.snapshot.values["look.hue"]) == ("dream", 20)
    at(desk, time, 12.001)
    assert cut(desk) == "source"
    with pytest.raises(SettingError):
        desk.set({"program.cut": "dream", "look.hue": "much"}, origin="send")
    assert desk.waiting == ()


@pytest.mark.parametrize("to", ["slate", "black"])
def test_emergencies_do_not_wait_and_drop_a_cut_that_does(desk, time, to):
    wait_for(desk, "bar")
    desk.cut("source", origin="keys")
    desk.cut(to, origin="keys")
    assert cut(desk) == to
    at(desk, time, 13)
    assert cut(desk) == to
    desk.set({"program.cut": "dream"}, origin="keys")
    desk.set({"program.cut": to}, origin="keys")
    at(desk, time, 15)
    assert cut(desk) == to


def test_a_panic_drops_all_that_waits(desk, time):
    wait_for(desk, "bar")
    desk.recall("abyss", origin="keys")
    desk.cut("source", origin="keys")
    assert len(desk.waiting) == 2
    desk.panic(origin="keys")
    at(desk, time, 13)
    assert (cut(desk), desk.snapshot.preset) == ("slate", "ember")
    desk.cut("dream", origin="keys")
    assert cut(desk) == "dream", "the way out of a panic does not wait"


def test_a_cut_that_is_due_as_panic_is_hit_does_not_end_it(desk, time):
    desk.cut("hold", origin="keys")
    wait_for(desk, "bar")
    desk.cut("dream", origin="keys")
    (waiting,) = desk.waiting
    desk.panic(origin="keys")
    waiting.act()
    assert (cut(desk), desk.latched) == ("slate", True)


def test_privacy_does_not_wait(desk):
    wait_for(desk, "bar")
    desk.set({"program.privacy": True}, origin="keys")
    assert desk.snapshot.toggle("program.privacy")


def test_the_newest_of_each_kind_wins(desk, time):
    wait_for(desk, "bar")
    desk.recall("abyss", origin="keys")
    desk.cut("source", origin="keys")
    desk.recall("aurora", origin="midi")
    desk.cut("hold", origin="midi")
    assert sorted(row.what for row in desk.waiting) == ["Aurora", "hold"]
    at(desk, time, 12.001)
    assert (desk.snapshot.preset, cut(desk)) == ("aurora", "hold")


def test_next_and_next_again_goes_two_further(desk, time):
    wait_for(desk, "bar")
    names = desk.recalls.order.names()
    here = names.index("ember")
    desk.step(1, origin="keys")
    assert desk.step(1, origin="keys") == names[here + 2]
    assert desk.recalls.next == names[here + 3]
    at(desk, time, 12.001)
    assert desk.snapshot.preset == names[here + 2]


def test_asked_twice_a_hold_waits_no_more(desk, time):
    wait_for(desk, "bar")
    desk.toggle("hold", origin="keys")
    desk.toggle("hold", origin="keys")
    at(desk, time, 12.001)
    assert cut(desk) == "dream"


def test_undo_takes_back_a_recall_that_waits(desk, time):
    wait_for(desk, "bar")
    desk.recall("abyss", origin="keys")
    desk.undo(origin="keys")
    at(desk, time, 13)
    assert desk.snapshot.preset == "ember"


def test_finish_does_not_let_it_wait_any_longer(desk, time):
    wait_for(desk, "bar")
    time.ns += 20 * S  # the opening's morph is over
    desk.recall("abyss", origin="keys")
    desk.finish(origin="keys")
    assert desk.snapshot.preset == "abyss"


@pytest.mark.parametrize("origin", ["start", "preset", "auto"])
def test_who_is_no_hand_does_not_wait(desk, origin):
    wait_for(desk, "bar")
    desk.recall("abyss", origin=origin)
    assert desk.snapshot.preset == "abyss"


def test_another_tempo_moves_what_waits(desk, time):
    wait_for(desk, "bar")
    desk.recall("abyss", origin="keys")
    desk.set({"tempo.bpm": 240}, origin="keys")
    assert desk.due_ns == pytest.approx(11.05 * S, abs=1000)


def test_a_resync_brings_it_in_now(desk, time):
    wait_for(desk, "bar")
    desk.recall("abyss", origin="keys")
    at(desk, time, 11.2)
    desk.set({"tempo.resync": 1}, origin="keys")
    assert desk.wait_s(time.ns) == 0
    desk.tick(time.ns)
    assert desk.snapshot.preset == "abyss"


def test_a_bad_name_is_refused_at_once(desk):
    wait_for(desk, "bar")
    with pytest.raises(SettingError, match="no preset"):
        desk.recall("nothing", origin="keys")
    assert desk.waiting == ()


def test_the_conductor_comes_in_on_the_beat(tmp_path):
    store = Store(real.perf_counter_ns, {"tempo.bpm": 300, "preset.wait": "bar"})
    desk = Desk(store, Library(tmp_path), real.perf_counter_ns)
    came = threading.Event()
    store.listen(lambda change: came.set() if change.snapshot.preset == "abyss" else None)
    noted = []
    conductor = Conductor(desk, store, real.perf_counter_ns, noted.append)
    conductor.open()
    try:
        lates = []
        for _ in range(5):
            desk.recall("ember", origin="start")
            came.clear()
            desk.recall("abyss", origin="keys")
            due = desk.due_ns
            assert came.wait(2)
            lates.append((desk.snapshot.morph.began_ns - due) / MS)
        assert min(lates) >= 0
        assert sorted(lates)[2] < 20
        assert noted == []
        assert desk.snapshot.ahead.texts, "it looked at the next preset meanwhile"
    finally:
        conductor.close()


def test_a_closed_conductor_ends(desk, store, time):
    conductor = Conductor(desk, store, time, print)
    conductor.open()
    conductor.close()
    assert not conductor._thread.is_alive()
