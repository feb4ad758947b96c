"""The whole show, played: by a real controller on JACK, and by OSC."""

import socket
import subprocess
import sys
import time

import pytest
from jack import wait_for
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_packet import OscPacket

QUICK = ("--output", "null", "--size", "320x180", "--dream-size", "160x90", "--source", "none")


def message(address, *arguments):
    builder = OscMessageBuilder(address)
    for argument in arguments:
        builder.add_arg(argument)
    return builder.build().dgram


def connected(status):
    return [row["name"] for row in status["controls"]["rows"] if row["connected"]]


@pytest.mark.jack
@pytest.mark.timeout(120)
def test_from_the_cable_to_the_program_and_back_to_the_lights(show, controller):
    korg = controller()
    running = show(*QUICK)
    running.until(lambda s: connected(s) == ["nanoKONTROL2"])
    assert not running.status()["parameters"]["auto.on"], "who plays wants no autopilot"
    korg.do("cc", 1, 67, 127)
    korg.do("cc", 1, 67, 0)
    running.until(lambda s: s["output"]["shown"] == "black")
    running.until(lambda s: (0xB0, 67, 127) in korg.lights)
    korg.do("cc", 1, 41, 127)
    korg.do("cc", 1, 41, 0)
    running.until(lambda s: s["output"]["shown"] == "dream")
    assert running.send("preset", "abyss").returncode == 0
    running.until(lambda s: (0xB0, 48, 127) in korg.lights)

    for _ in range(3):
        korg.do("unplug")
        running.until(lambda s: not connected(s))
        korg.lights.clear()
        korg.do("plug")
        running.until(lambda s: connected(s))
        running.until(lambda s: (0xB0, 41, 127) in korg.lights)
    frames = running.status()["output"]["frames"]
    running.until(lambda s: s["output"]["frames"] > frames)
    korg.lights.clear()
    running.end()
    assert (0xB0, 41, 0) in korg.lights, "the lights go out with the show"


def test_no_midi_system_is_one_line_in_the_status(show):
    running = show(*QUICK, "--midi", "fault:missing")
    status = running.until(lambda s: s["controls"]["problem"])
    assert "no MIDI system" in status["controls"]["problem"]
    assert status["errors"] == []
    running.end()


def test_osc_plays_and_is_told(show):
    surface = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    surface.bind(("127.0.0.1", 0))
    surface.settimeout(10)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = show(*QUICK, "--osc", str(port))
    heard = {}

    def hears(address, value):
        while heard.get(address) != value:
            for found in OscPacket(surface.recv(65507)).messages:
                heard[found.message.address] = found.message.params[0]

    def send(address, *arguments):
        surface.sendto(message(address, *arguments), ("127.0.0.1", port))

    send("/subscribe")
    hears("/program/cut", "dream")
    running.send("look.hue=20")
    hears("/look/hue", 20.0)
    send("/view/zoom", 99.0)
    send("/do/cut", "hold")
    send("/do/nonsense")
    send("/look/hue", "much")
    hears("/program/cut", "hold")
    status = running.until(lambda s: s["controls"]["osc_ignored"] == 2)
    assert status["parameters"]["view.zoom"] == 4, "clamped"
    assert status["parameters"]["look.hue"] == 20
    send("/do/panic")
    running.until(lambda s: s["latched"])
    surface.close()
    running.end()


@pytest.mark.jack
@pytest.mark.timeout(120)
def test_a_control_is_learned_on_air_and_kept_in_a_preset(show, controller):
    box = controller("Some Box")
    running = show(*QUICK)
    running.until(lambda s: connected(s) == ["Some Box"])
    learning = running.begin("midi", "learn", "look.hue", "--preset", "aurora")
    assert learning.stdout.readline().startswith("Move the control for look.hue")
    for value in (60, 61, 63):
        box.do("cc", 2, 20, value)
    said, _ = learning.communicate(timeout=30)
    assert learning.returncode == 0
    assert 'to = "look.hue"' in said
    assert running.status()["parameters"]["look.hue"] == 0, "it moved nothing meanwhile"
    kept = (running.folder / "presets" / "aurora.toml").read_text()
    assert kept.count("[[bind]]") == 1
    box.do("cc", 2, 20, 64)  # where the hue is: picked up
    running.until(lambda s: s["controls"]["rows"][0]["messages"] == 4)
    assert running.status()["controls"]["rows"][0]["waiting"] == []
    box.do("cc", 2, 20, 127)
    running.until(lambda s: s["parameters"]["look.hue"] == 180)
    refused = running.begin("midi", "learn", "look.hu")
    assert "Did you mean look.hue" in refused.communicate(timeout=30)[1]
    running.end()


@pytest.mark.jack
@pytest.mark.timeout(120)
def test_the_lights_are_run_and_the_profiles_listed(controller, tmp_path):
    korg = controller()
    ran = subprocess.run(
        [sys.executable, "-m", "endlessdreams_cam", "midi", "test"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert "nanoKONTROL2: " in ran.stdout
    wait_for(lambda: (0xB0, 41, 0) in korg.lights)
    assert (0xB0, 41, 127) in korg.lights
    listed = subprocess.run(
        [sys.executable, "-m", "endlessdreams_cam", "midi", "profiles", "--draw", str(tmp_path)],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert "Korg nanoKONTROL2" in listed.stdout
    assert (tmp_path / "nanokontrol2.svg").is_file()


SETLIST = """
title = "Tonight"
[[song]]
preset = "ember"
note = "opener; fader 3 on the drop"
[[song]]
preset = "night-train"
[[song]]
preset = "neon-mile"
wait = "bar"
[[song]]
preset = "aurora"
morph = 12
"""


@pytest.mark.jack
@pytest.mark.timeout(120)
def test_from_the_cable_to_a_set_with_four_presets(show, controller):
    """The walk through docs/performing.md."""
    korg = controller()
    running = show(*QUICK)
    running.until(lambda s: connected(s) == ["nanoKONTROL2"])

    def pad(number):
        korg.do("cc", 1, number, 127)
        korg.do("cc", 1, number, 0)

    for value in (127, 90, 50, 10):
        korg.do("cc", 1, 0, value)
        time.sleep(0.1)  # a hand, not a jump
    running.until(lambda s: s["parameters"]["prompt.1.weight"] < 0.2)

    path = running.folder / "presets" / "setlist.toml"
    assert str(path.parent) in running.send("save", "warm-up").stdout
    path.write_text(SETLIST)
    running.until(lambda s: s["order"]["songs"] == 4)
    for _ in range(4):
        pad(71)
        time.sleep(0.4)
    running.until(lambda s: s["parameters"]["tempo.bpm"] != 120)

    pad(49)
    running.until(lambda s: s["preset"] == "night-train" and s["morph_s"] > 0)
    pad(49)
    running.until(lambda s: s["morph_s"] == 0)
    running.send("tempo.bpm=30")
    running.send("tempo.resync=1")  # the bar has just begun: it lasts eight seconds
    korg.lights.clear()
    pad(50)
    running.until(lambda s: [row["what"] for row in s["waiting"]] == ["Neon Mile"])
    running.until(lambda s: s["preset"] == "neon-mile", within_s=15)
    told = [value for _, number, value in korg.lights if number == 50]
    assert {0, 127} <= set(told[:-1]), "it blinked while it waited"

    pad(49)
    running.until(lambda s: s["preset"] == "night-train")
    running.send("look.hue=33")
    korg.do("cc", 1, 49, 127)
    saved = running.folder / "presets" / "night-train.toml"
    running.until(lambda s: saved.is_file())
    korg.do("cc", 1, 49, 0)
    assert '"look.hue" = 33' in saved.read_text()
    pad(58)
    running.until(lambda s: s["preset"] == "neon-mile")
    pad(42)
    running.until(lambda s: s["output"]["shown"] == "slate" and s["latched"])
    pad(41)
    running.until(lambda s: s["output"]["shown"] == "dream")
    running.end()
