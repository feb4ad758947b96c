import pytest

from endlessdreams_cam import clock
from endlessdreams_cam.controllers.osc import Address, Asked
from endlessdreams_cam.parameters import Store
from endlessdreams_cam.presets import Library
from endlessdreams_cam.runtime.desk import Desk
from endlessdreams_cam.runtime.osc_desk import OscDesk

HERE, ELSEWHERE = Address("127.0.0.1", 5000), Address("192.168.1.9", 5000)


@pytest.fixture
def desk(tmp_path):
    store = Store(clock.now_ns)
    played = Desk(store, Library(tmp_path), clock.now_ns)
    return OscDesk("127.0.0.1", 0, played, store, lambda do, words: None), store


def ask(desk, values, sender=HERE):
    desk._receive(Asked(values, (), sender))


def test_one_refused_value_does_not_stop_the_others(desk):
    osc, store = desk
    ask(osc, {"look.hue": "much", "view.zoom": 2.0})
    assert store.snapshot.values["view.zoom"] == 2
    assert osc.port.ignored == 1


def test_nobody_from_the_network_chooses_files(desk):
    osc, store = desk
    asked = {"source.input": "file:x.mp4", "engine.model": "/x", "view.zoom": 2.0}
    ask(osc, asked, ELSEWHERE)
    assert store.snapshot.values["engine.model"] == "auto"
    assert store.snapshot.values["source.input"] == "none"
    assert store.snapshot.values["view.zoom"] == 2
    assert osc.port.ignored == 2
    ask(osc, {"source.input": "pattern"})
    assert store.snapshot.values["source.input"] == "pattern"
