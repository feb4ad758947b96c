import random

import pytest

from endlessdreams_cam.parameters import Store
from endlessdreams_cam.presets import Library
from endlessdreams_cam.runtime.autopilot import Autopilot
from endlessdreams_cam.runtime.desk import Desk

S = 1_000_000_000


class Time:
    ns = S

    def __call__(self):
        return self.ns


class Flight:
    def __init__(self, folder, seed=1):
        self.time = Time()
        self.store = Store(self.time, {"auto.on": True})
        self.desk = Desk(self.store, Library(folder), self.time)
        self.desk.recall("aurora", origin="start")
        self.pilot = Autopilot(self.store, self.time, random.Random(seed))

    def fly(self, seconds, allowed=True):
        for _ in range(int(seconds * 5)):
            self.time.ns += S // 5
            self.pilot.tick(allowed=allowed)

    def weights(self):
        return self.store.snapshot.weights(self.time.ns)


@pytest.fixture
def flight(tmp_path):
    return Flight(tmp_path)


def test_the_first_change_comes_after_auto_every(flight):
    flight.fly(4)
    flight.time.ns += 0
    settled = flight.weights()
    flight.fly(15.5)
    assert flight.weights() == settled
    flight.fly(12)
    assert flight.weights() != settled
    assert flight.store.snapshot.offsets


def test_a_shorter_time_between_changes_counts_at_once(flight):
    flight.store.set("auto.every", 600, origin="t")
    flight.fly(100)
    assert not flight.store.snapshot.offsets
    flight.store.set("auto.every", 5, origin="t")
    flight.fly(1)
    assert flight.store.snapshot.offsets


def test_it_visits_most_of_the_bank(flight):
    leads = set()
    for _ in range(40):
        flight.fly(20)
        weights = flight.weights()
        assert sum(weights) == pytest.approx(1)
        leads.add(weights.index(max(weights)))
    assert len(leads) >= 6


def test_bases_stay_the_hands(flight):
    before = dict(flight.store.snapshot.values)
    flight.fly(100)
    assert dict(flight.store.snapshot.values) == before


def test_a_hand_rests_it_and_nothing_else_jumps(flight):
    flight.fly(31)
    before = flight.weights()
    flight.store.set("drift.zoom", 0.1, origin="midi")
    assert flight.weights() == pytest.approx(before)
    assert flight.pilot.rest_s == pytest.approx(60)
    flight.fly(59)
    assert flight.weights() == pytest.approx(before)
    flight.fly(30)
    assert flight.weights() != pytest.approx(before)


def test_a_fader_gets_what_it_asks(flight):
    flight.fly(31)
    name = f"prompt.{flight.weights().index(max(flight.weights())) + 1}.weight"
    flight.store.set(name, 0.0, origin="midi")
    flight.time.ns += S
    assert flight.store.snapshot.number(name, flight.time.ns) == 0


def test_a_hand_on_the_view_does_not_rest_it(flight):
    flight.store.set("view.zoom", 2, origin="midi")
    assert flight.pilot.rest_s == 0


def test_not_in_a_panic_and_not_when_off(flight, tmp_path):
    flight.fly(60, allowed=False)
    assert not flight.store.snapshot.offsets
    off = Flight(tmp_path)
    off.store.set("auto.on", False, origin="t")
    off.fly(120)
    assert not off.store.snapshot.offsets


def test_turning_it_off_leaves_the_picture(flight):
    flight.fly(31)
    before = flight.weights()
    flight.store.set("auto.on", False, origin="keys")
    flight.fly(1)
    assert flight.weights() == pytest.approx(before)


def test_a_recall_replaces_what_it_added(flight, tmp_path):
    flight.fly(31)
    flight.desk.recall("ember", origin="preset")
    flight.time.ns += 5 * S
    store = Store(flight.time)
    Desk(store, Library(tmp_path), flight.time).recall("ember", origin="start")
    flight.time.ns += 5 * S
    assert flight.weights() == pytest.approx(store.snapshot.weights(flight.time.ns))


@pytest.mark.parametrize("origin", ["web", "preset"])
def test_a_new_seed_in_the_middle_of_a_recall_lets_the_mix_arrive(flight, origin, tmp_path):
    flight.fly(31)
    assert flight.store.snapshot.offsets
    flight.desk.recall("ember", origin=origin, morph_s=4.0)
    flight.time.ns += S // 5
    flight.desk.set({"dream.reseed": 1}, origin="web")
    flight.time.ns += 6 * S
    store = Store(flight.time)
    Desk(store, Library(tmp_path), flight.time).recall("ember", origin="start")
    flight.time.ns += 6 * S
    assert flight.weights() == pytest.approx(store.snapshot.weights(flight.time.ns))


def test_what_a_swing_adds_stays_out_of_the_base(flight):
    flight.fly(31)
    name = f"prompt.{flight.weights().index(max(flight.weights())) + 1}.weight"
    steady = flight.store.snapshot.steady(name, flight.time.ns)
    flight.store.apply(
        {"mod.1.target": name, "mod.1.source": "square", "mod.1.depth": 0.5}, origin="midi"
    )
    flight.store.set("drift.zoom", 0.1, origin="midi")
    assert flight.store.snapshot.values[name] == pytest.approx(steady)
