import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from jack import wait_for

from endlessdreams_cam.bindings import Event, Gesture
from endlessdreams_cam.cli.midi import Watch
from endlessdreams_cam.controllers.device import DeviceRow
from endlessdreams_cam.controllers.midi_clock import Heard
from endlessdreams_cam.controllers.ports import MidiSystem
from endlessdreams_cam.controllers.profiles import shipped

ROOT = Path(__file__).parents[2]
KORG = next(profile for profile in shipped() if profile.name == "nanokontrol2")


def row(*, connected=True, trouble=""):
    return DeviceRow("nanoKONTROL2", KORG, "port", "port", connected, 1, 0, 0, trouble)


def event(address, control, gesture, value):
    return Event("nanoKONTROL2", address, control, gesture, value, 1_500_000_000)


def watch():
    made = Watch(500_000_000)
    made.look(MidiSystem(), [row()])
    return made


@pytest.mark.parametrize(
    ("told", "line"),
    [
        (
            event("cc:1:0", "fader.1", Gesture.ABSOLUTE, 0.5),
            "    1.000 nanoKONTROL2     cc:1:0       fader.1      absolute  0.500  "
            "→ prompt.1.weight",
        ),
        (
            event("cc:1:99", "", Gesture.RELATIVE, -3.0),
            "    1.000 nanoKONTROL2     cc:1:99      -            relative     -3",
        ),
    ],
)
def test_a_line_says_what_came_and_what_it_plays(told, line):
    assert watch().tell([told]) == [line]


def test_a_knob_says_what_it_plays_with_shift_too():
    (line,) = watch().tell([event("cc:1:16", "knob.1", Gesture.ABSOLUTE, 0)])
    assert line.endswith("→ dream.strength, shift: motion.energy")


def test_a_release_has_no_value():
    (line,) = watch().tell([event("cc:1:42", "button.stop", Gesture.RELEASE, 0.0)])
    assert line.split()[4:] == ["release", "→", "panic"]


def test_a_clock_is_a_line():
    assert watch().tell([], Heard(120.5, 1_000_000_000, 8)) == [
        "    0.500 clock: 120.5 beats per minute, beat 8"
    ]


def test_only_changes_of_the_devices_are_told():
    made = Watch(0)
    assert made.look(MidiSystem(), []) == []
    assert made.look(MidiSystem(), [row()]) == [f"nanoKONTROL2: connected ({KORG.title})"]
    assert made.look(MidiSystem(), [row()]) == []
    assert made.look(MidiSystem(), [row(connected=False)]) == [
        f"nanoKONTROL2: unplugged ({KORG.title})"
    ]
    gone = MidiSystem(problem="no MIDI system", remedy="Get one.")
    assert made.look(gone, [row(connected=False)]) == ["MIDI: no MIDI system. Get one."]


def command(*words, **keywords):
    return subprocess.Popen(
        [sys.executable, "-m", "endlessdreams_cam", "midi", *words],
        cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "COLUMNS": "200"}, **keywords,
    )  # fmt: skip


@pytest.mark.jack
def test_the_list_knows_a_controller(controller):
    controller()
    done = command("list")
    said, errors = done.communicate(timeout=60)
    assert done.returncode == 0, errors
    assert "nanoKONTROL2" in said
    assert KORG.title in said
    assert "connected" in said


@pytest.mark.jack
def test_the_list_says_so_where_there_is_none(jack):
    done = command("list")
    said, _ = done.communicate(timeout=60)
    assert (done.returncode, said.split(".")[0]) == (0, "No controller is plugged in")


@pytest.mark.jack
def test_the_monitor_prints_until_ctrl_c(controller):
    korg = controller()
    monitor = command("monitor")
    try:
        assert monitor.stdout.readline() == f"nanoKONTROL2: connected ({KORG.title})\n"
        for _ in range(5):  # JACK needs a moment until it carries what comes from a new connection
            korg.do("cc", 1, 0, 127)
            time.sleep(0.05)
        assert monitor.stdout.readline().endswith("1.000  → prompt.1.weight\n")
        monitor.send_signal(signal.SIGINT)
        wait_for(lambda: monitor.poll() is not None)
    finally:
        monitor.kill()
        _, errors = monitor.communicate()
    assert monitor.returncode == 0, errors


def test_a_wrong_api_is_refused_with_the_remedy(monkeypatch):
    pytest.importorskip("rtmidi", reason="python-rtmidi is not here: pip install python-rtmidi")
    monkeypatch.setenv("MIDO_BACKEND", "mido.backends.rtmidi/NO_SUCH")
    done = command("list")
    _, errors = done.communicate(timeout=60)
    assert (done.returncode, errors) == (
        1, "RtMidi has no API 'NO_SUCH' here.\nCorrect or unset MIDO_BACKEND.\n",
    )  # fmt: skip
