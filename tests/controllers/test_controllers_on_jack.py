"""Real MIDI through JACK, from a controller in another process."""

import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from jack import wait_for

from endlessdreams_cam import clock
from endlessdreams_cam.bindings import Binding, Encoding, Gesture
from endlessdreams_cam.controllers.profile import Control, Part, Profile
from endlessdreams_cam.controllers.rack import Rack

pytestmark = [pytest.mark.jack, pytest.mark.timeout(170)]

ROOT = Path(__file__).parents[2]
KORG = Profile(
    name="nanokontrol2",
    title="Korg nanoKONTROL2",
    match=("nanokontrol2",),
    controls=(
        *(Control(name=f"fader.{n + 1}", address=f"cc:1:{n}", part=Part.FADER) for n in range(8)),
        Control(name="knob.1", address="cc:1:16", part=Part.KNOB),
        Control(name="button.play", address="cc:1:41", part=Part.BUTTON),
    ),
)
OURS = ("nanoKONTROL2", "MIDI Mix")
CALLS = 16  # the channel on which a controller calls until it is heard
LAST = 64  # how much higher the note of its last call is
TURNS = Binding(control="cc:1:100", to="view.zoom", relative=Encoding.TWOS)


class Hands:
    """A rack, and everything that was drained from it."""

    def __init__(self):
        self.woken = threading.Event()
        self.rack = Rack([KORG], self.woken.set, clock.now_ns, scan_s=0.05)
        self.events = []
        self.calls = set()
        self.heard = []

    def drain(self):
        for event in self.rack.drain():
            kind, channel, number = event.address.split(":")
            if (kind, channel) == ("note", str(CALLS)):
                self.calls.add(int(number))
            else:
                self.events.append(event)
        news = self.rack.heard()
        if news:
            self.heard.append(news)
        return self.events

    def until(self, condition):
        """Drain whenever it wakes, until a condition holds."""

        def look():
            self.woken.clear()
            self.drain()
            return condition()

        return wait_for(look)

    def meet(self, *controllers):
        """Wait until controllers are connected, and JACK carries what they send.

        It takes a cycle or two to do so after a connection was made; what is sent before is lost.
        """
        rows = wait_for(lambda: self.connected(len(controllers)))
        self.calls.clear()
        for number, controller in enumerate(controllers):

            def heard(number=number, controller=controller):
                controller.do("note", CALLS, number, 0)
                self.drain()
                return number in self.calls

            wait_for(heard)
            controller.do("note", CALLS, number + LAST, 0)
            self.until(lambda number=number: number + LAST in self.calls)
        return rows

    @property
    def rows(self):
        """The tests' own controllers: a machine may have others."""
        return [row for row in self.rack.devices() if row.name.startswith(OURS)]

    def connected(self, count=1):
        rows = [row for row in self.rows if row.connected and row.output]
        return rows if len(rows) == count else None


@pytest.fixture
def hands(jack):
    hands = Hands()
    with hands.rack:
        yield hands


def test_a_fader_and_a_button_arrive(hands, controller):
    korg = controller()
    hands.meet(korg)
    korg.do("cc", 1, 0, 127)
    korg.do("cc", 1, 41, 127)
    korg.do("cc", 1, 41, 0)
    korg.do("note", 10, 36, 100)
    hands.until(lambda: len(hands.events) == 4)
    assert [(e.device, e.control, e.gesture) for e in hands.events] == [
        ("nanoKONTROL2", "fader.1", Gesture.ABSOLUTE),
        ("nanoKONTROL2", "button.play", Gesture.PRESS),
        ("nanoKONTROL2", "button.play", Gesture.RELEASE),
        ("nanoKONTROL2", "", Gesture.PRESS),
    ]
    times = [e.at_ns for e in hands.events]
    assert times == sorted(times)


def test_lights_come_back(hands, controller):
    korg = controller()
    hands.meet(korg)
    lights = [(0xB0, number, 127) for number in range(100)]
    hands.rack.send("nanoKONTROL2", lights)
    wait_for(lambda: len(korg.lights) == 100)
    assert korg.lights == lights


def test_twenty_times_out_and_in(hands, controller):
    korg = controller()
    rows = hands.meet(korg)
    for number in range(20):
        korg.do("unplug")
        wait_for(lambda: not hands.rows[0].connected)
        beginning = time.monotonic()
        korg.do("plug")
        before, rows = rows, wait_for(hands.connected)
        assert time.monotonic() - beginning < 3.0
        hands.meet(korg)
        assert rows[0].generation > before[0].generation
        korg.do("cc", 1, 0, number)
        hands.until(lambda number=number: len(hands.events) == number + 1)
        hands.rack.send("nanoKONTROL2", [(0xB0, 1, number)])
        wait_for(lambda number=number: korg.lights[-1:] == [(0xB0, 1, number)])
    assert {e.device for e in hands.events} == {"nanoKONTROL2"}
    assert len(hands.rows) == 1


def test_renumbered_it_is_the_same_device(hands, controller):
    """The first one's number is taken meanwhile, so it comes back under another."""
    korg, other = controller(), controller("MIDI Mix", plugged=False)
    (before,) = wait_for(hands.connected)
    korg.do("unplug")
    wait_for(lambda: not hands.rows[0].connected)
    squatter = controller("nanoKONTROL2", plugged=False)
    squatter.do("plug")
    wait_for(hands.connected)
    squatter.do("unplug")
    other.do("plug")
    korg.do("plug")
    wait_for(lambda: hands.connected(2))
    (row,) = [row for row in hands.rows if row.name == "nanoKONTROL2"]
    assert row.profile == before.profile
    assert sorted(row.name for row in hands.rows) == ["MIDI Mix", "nanoKONTROL2"]


def test_two_of_a_kind(hands, controller):
    one = controller()
    wait_for(hands.connected)
    two = controller()
    rows = hands.meet(one, two)
    assert [row.name for row in rows] == ["nanoKONTROL2", "nanoKONTROL2 2"]
    for number, korg in enumerate((one, two)):
        korg.do("cc", 1, 0, number)
        hands.rack.send(rows[number].name, [(0xB0, 1, number)])
        wait_for(lambda number=number, korg=korg: korg.lights == [(0xB0, 1, number)])
    hands.until(lambda: len(hands.events) == 2)
    assert [e.device for e in hands.events] == ["nanoKONTROL2", "nanoKONTROL2 2"]
    one.do("unplug")
    wait_for(lambda: [row.name for row in hands.rows if row.connected] == ["nanoKONTROL2 2"])


def test_a_flood_keeps_what_counts(hands, controller):
    """5,000 messages a second; absolute values, ticks and a button's edges in turn."""
    rate, seconds = 5000, 5
    korg = controller()
    hands.meet(korg)
    hands.rack.require([TURNS])
    before = hands.rows[0].messages
    korg.begin("flood", rate, seconds)
    turns = rate * seconds // 4
    hands.until(lambda: hands.rows[0].messages - before == 4 * turns)
    korg.end("flood", rate, seconds)
    hands.drain()
    edges = [e.gesture for e in hands.events if e.control == "button.play"]
    assert edges == [Gesture.RELEASE if n % 2 else Gesture.PRESS for n in range(turns)]
    ticks = sum(e.value for e in hands.events if e.gesture is Gesture.RELATIVE)
    assert ticks == sum(1 if n % 3 else -1 for n in range(turns))
    for fader in range(8):
        values = [e.value for e in hands.events if e.control == f"fader.{fader + 1}"]
        last = next(n for n in reversed(range(turns)) if n % 8 == fader)
        assert values[-1] == last % 128 / 127
    assert hands.rows[0].errors == 0
    assert hands.rack.lost == 0


def test_sysex_and_garbage_do_no_harm(hands, controller, jack):
    if not jack.carries_garbage:
        pytest.skip("ALSA's own encoder lets no garbage through")
    korg = controller()
    hands.meet(korg)
    korg.do("bytes", 0xF0, *range(100), 0xF7)
    for garbage in ((64,), (0xB0,), (0xB0, 1), (0xE0,), (0xF4,), (0xF5, 1), (0xB0, 200, 200)):
        korg.do("bytes", *garbage)
    korg.do("bytes", 0xFE)
    korg.do("bytes", 0xFF)
    korg.do("cc", 1, 0, 127)
    hands.until(lambda: hands.events)
    assert [(e.control, e.value) for e in hands.events] == [("fader.1", 1.0)]
    assert hands.rows[0].errors == 7


def test_a_clock_is_followed(hands, controller):
    korg = controller()
    hands.meet(korg)
    before = hands.rows[0].messages
    korg.do("bytes", 0xFA)
    korg.begin("clock", 120, 24 * 12)
    hands.until(lambda: hands.rows[0].messages - before > 24 * 12)
    korg.end("clock", 120, 24 * 12)
    assert hands.heard
    assert abs(hands.heard[-1].bpm - 120) < 6
    assert Counter(news.beat is None for news in hands.heard)[True] == 0


CLOSING = """
import threading, time
from endlessdreams_cam import clock
from endlessdreams_cam.controllers.rack import Rack

for number in range(15):
    arrived = threading.Event()
    rack = Rack([], arrived.set, clock.now_ns)
    rack.open()
    while not any(row.messages for row in rack.devices()):
        arrived.wait(1)
    time.sleep(number / 1000)
    rack.close()
print("closed")
"""


def test_closing_in_the_middle_of_a_flood_is_safe(controller):
    """In a process of its own, because what is feared is a crash or a hang of the interpreter."""
    controller().begin("flood", 5000, 60)
    done = subprocess.run(
        [sys.executable, "-c", CLOSING], cwd=ROOT, text=True, capture_output=True, timeout=120
    )
    assert (done.returncode, done.stdout) == (0, "closed\n"), done.stderr


def test_another_one_comes_and_goes_while_the_first_is_played(hands, controller):
    """Opening and closing a port loses nothing of the others.

    A server that waits for a callback which waits for the interpreter would stand for 10 seconds.
    How long it takes says more of JACK on this machine, which stands for seconds on a busy one.
    """
    korg = controller()
    hands.meet(korg)
    hands.rack.require([TURNS])
    rate, seconds = 200, 5  # no more: on a busy machine JACK itself drops and repeats messages
    before = hands.rows[0].messages
    korg.begin("flood", rate, seconds)
    for _ in range(3):
        mix = controller("MIDI Mix")
        hands.until(lambda: hands.connected(2))
        mix.close()
        hands.until(lambda: hands.connected(1))
    korg.end("flood", rate, seconds)
    turns = rate * seconds // 4
    hands.until(lambda: hands.rows[0].messages - before == 4 * turns)
    edges = [e.gesture for e in hands.events if e.control == "button.play"]
    assert edges == [Gesture.RELEASE if n % 2 else Gesture.PRESS for n in range(turns)]
    ticks = sum(e.value for e in hands.events if e.gesture is Gesture.RELATIVE)
    assert ticks == sum(1 if n % 3 else -1 for n in range(turns))
