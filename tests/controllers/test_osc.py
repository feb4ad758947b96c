import socket
import struct
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_packet import OscPacket

from endlessdreams_cam.controllers.osc import NAMES, OscPort, address_of, datagrams
from endlessdreams_cam.errors import DeviceBusy
from endlessdreams_cam.parameters import PARAMETERS
from endlessdreams_cam.parameters.table import defaults


def message(address, *arguments):
    builder = OscMessageBuilder(address)
    for argument in arguments:
        builder.add_arg(argument)
    return builder.build()


class Peer:
    """A touch surface on the other end."""

    def __init__(self):
        self.now_s = 0.0
        self.asked = []
        self.port = OscPort("127.0.0.1", 0, self.asked.append, lambda: self.now_s)
        self.port.open()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(5)

    def send(self, data):
        self.socket.sendto(data, self.port.place)

    def until(self, condition):
        deadline = time.monotonic() + 5
        while not condition():
            assert time.monotonic() < deadline
            time.sleep(0.005)

    def hears(self):
        return {m.message.address: m.message.params[0]
                for m in OscPacket(self.socket.recv(65507)).messages}  # fmt: skip

    def close(self):
        self.port.close()
        self.socket.close()


@pytest.fixture
def peer():
    made = Peer()
    yield made
    made.close()


def test_a_parameter_an_action_and_a_bundle_as_one_change(peer):
    peer.send(message("/view/zoom", 2.0).dgram)
    peer.send(message("/do/preset", "neon-mile").dgram)
    bundle = OscBundleBuilder(IMMEDIATELY)
    bundle.add_content(message("/look/hue", 20))
    bundle.add_content(message("/prompt/1/text", "a koi pond"))
    peer.send(bundle.build().dgram)
    peer.until(lambda: len(peer.asked) == 3)
    first, second, third = peer.asked
    assert first.values == {"view.zoom": 2.0}
    assert second.actions == (("preset", "neon-mile"),)
    assert third.values == {"look.hue": 20, "prompt.1.text": "a koi pond"}
    assert (peer.port.received, peer.port.ignored) == (3, 0)


def test_buttons_send_one_and_zero(peer):
    for value in (1.0, 0.0):
        peer.send(message("/source/mirror", value).dgram)
        peer.send(message("/dream/reseed", value).dgram)
    peer.until(lambda: len(peer.asked) == 3)
    values = [asked.values for asked in peer.asked]
    assert values == [{"source.mirror": True}, {"dream.reseed": 1}, {"source.mirror": False}]


def test_subscribers_hear_changes(peer):
    peer.send(message("/subscribe").dgram)
    peer.until(peer.port.subscribers)
    there = peer.port.subscribers()
    values = {"view.zoom": 1.5, "source.mirror": True, "program.cut": "hold"}
    peer.port.mirror(values, to=there)
    heard = peer.hears()
    assert heard == {"/view/zoom": 1.5, "/source/mirror": 1, "/program/cut": "hold"}
    peer.port.mirror({"view.zoom": 3.0}, to=[])
    peer.port.mirror({"view.zoom": 4.0}, to=there)
    assert peer.hears() == {"/view/zoom": 4.0}
    peer.now_s = 61.0
    assert not peer.port.subscribers(), "it holds for a minute"


def test_another_port_of_the_senders_machine_may_be_named(peer):
    peer.send(message("/subscribe", 9001).dgram)
    peer.until(peer.port.subscribers)
    assert list(peer.port.subscribers()) == [("127.0.0.1", 9001)]
    peer.send(message("/unsubscribe", 9001).dgram)
    peer.until(lambda: not peer.port.subscribers())
    for n in range(40):
        peer.send(message("/subscribe", 10_000 + n).dgram)
    peer.until(lambda: peer.port.ignored >= 24)
    assert len(peer.port.subscribers()) == 16


@given(st.binary(max_size=200) | st.builds(lambda b: b"/view/zoom\0\0,f\0\0" + b, st.binary()))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
def test_garbage_is_counted_and_ignored(data):
    asked = []
    port = OscPort("127.0.0.1", 0, asked.append, lambda: 0.0)
    port._take(data, ("127.0.0.1", 1))
    assert port.received + port.ignored >= len(asked)


def test_deep_bundles_unknown_addresses_and_missing_values_cost_nothing(peer):
    deep = message("/view/zoom", 2.0).dgram
    for _ in range(2000):
        deep = b"#bundle\0" + struct.pack(">Qi", 1, len(deep)) + deep
    peer.send(deep[:60000])
    peer.send(message("/no/such", 1).dgram)
    peer.send(message("/view/zoom").dgram)
    peer.send(message("/view/zoom", 1.0, 2.0).dgram)
    peer.until(lambda: peer.port.ignored == 4)
    peer.send(message("/view/zoom", 2.0).dgram)
    peer.until(lambda: len(peer.asked) == 1)


def test_a_taken_port_is_told_with_the_remedy(peer):
    with pytest.raises(DeviceBusy) as caught:
        OscPort("127.0.0.1", peer.port.place.port, print, lambda: 0.0).open()
    assert "--osc" in caught.value.remedy


def test_all_values_fit_into_datagrams_of_any_network():
    found = datagrams(defaults())
    assert max(map(len, found)) < 1400
    heard = {m.message.address for data in found for m in OscPacket(data).messages}
    assert heard == set(NAMES) == {address_of(name) for name in PARAMETERS}


def test_closing_twice_is_closing_once():
    port = OscPort("127.0.0.1", 0, print, lambda: 0.0)
    port.open()
    port.close()
    port.close()
