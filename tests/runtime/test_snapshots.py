"""The publisher: every change reaches the slot, and no more often than it should."""

import threading
import time

import pytest

from endlessdreams_cam import clock
from endlessdreams_cam.parameters import Snapshot, Store
from endlessdreams_cam.runtime.snapshots import Publisher
from endlessdreams_cam.slots import TextSlot


@pytest.fixture
def published():
    store, slot = Store(clock.now_ns), TextSlot.make("test")
    publisher = Publisher(store, slot)
    yield store, slot, publisher
    publisher.close()
    slot.close()


def newest(slot):
    return Snapshot.decode(slot.read())


def wait_for(slot, version):
    until = time.monotonic() + 5
    while newest(slot).version != version and time.monotonic() < until:
        time.sleep(0.001)
    return newest(slot).version == version


def test_a_change_is_there_when_the_call_returns(published):
    store, slot, _ = published
    time.sleep(0.01)
    store.set("view.zoom", 2, origin="hand")
    assert newest(slot).values["view.zoom"] == 2


def test_of_many_changes_the_last_arrives_and_few_are_written(published):
    store, slot, _ = published
    before, began = slot.sequence, clock.now_ns()
    for n in range(400):
        last = store.set("view.zoom", 1 + n / 400, origin="hand")
    assert wait_for(slot, last.version)
    took = clock.now_ns() - began
    assert slot.sequence - before <= 2 + took / (2 * clock.MILLISECOND_NS)


def test_changes_from_many_threads_all_arrive_whole(published):
    store, slot, _ = published
    names = [f"prompt.{n}.weight" for n in range(1, 9)]

    def play(name):
        for n in range(100):
            store.set(name, n / 99, origin="hand")

    threads = [threading.Thread(target=play, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wait_for(slot, store.snapshot.version)
    assert all(newest(slot).values[name] == 1 for name in names)


def test_nothing_is_written_after_the_end(published):
    store, slot, publisher = published
    publisher.close()
    before = slot.sequence
    time.sleep(0.005)
    store.set("view.zoom", 3, origin="hand")
    assert slot.sequence == before
