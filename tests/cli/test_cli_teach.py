"""`midi learn --profile`: the questions, a unit that answers, and the file that is kept."""

import threading

import pytest
from typer.testing import CliRunner

from endlessdreams_cam import clock
from endlessdreams_cam.cli import teach
from endlessdreams_cam.cli.app import app
from endlessdreams_cam.controllers.faults import FaultSystem
from endlessdreams_cam.controllers.profiles import read, shipped, source
from endlessdreams_cam.controllers.rack import Rack
from endlessdreams_cam.controllers.teaching import Teaching

KORG = "nanoKONTROL2:nanoKONTROL2 MIDI 1 24:0"
OTHER = "MIDI Mix:MIDI Mix MIDI 1 28:0"


@pytest.fixture
def korg(tmp_path):
    return Teaching(source(tmp_path, "nanokontrol2").read_bytes(), name="nanokontrol2.toml")


@pytest.fixture
def rack():
    system = FaultSystem()
    system.plug(KORG)
    system.plug(OTHER)
    made = Rack(shipped(), threading.Event().set, clock.now_ns, system)
    made.scan()
    yield made, system
    made.close()


def test_the_unit_that_speaks_first_teaches(korg, rack, capsys):
    rack, system = rack

    def answer():
        """Play the eight faders on channel 3, and press Enter at all that comes later."""
        if korg.lesson.names[0] == "fader.1":
            for n in range(8):
                system.play(KORG, 0xB2, n, 64)
                system.play(OTHER, 0xB0, n, 64)
            return False
        return True

    teach.learn(korg, rack, threading.Event(), answer, seconds=30)
    _, profile = korg.written()
    faders = [c.address for c in profile.controls if c.name.startswith("fader.")]
    assert faders == [f"cc:3:{n}" for n in range(8)]
    told = capsys.readouterr().out
    assert "fader.1 to fader.8, one after the other\n  fader.1 = cc:3:0\n" in told


def test_a_row_that_nobody_moves_is_left_as_it_is(korg, rack):
    teach.learn(korg, rack[0], threading.Event(), lambda: False, seconds=0)
    assert not korg.changed


def test_what_was_learned_is_kept_in_the_users_folder(tmp_path, monkeypatch, korg):
    monkeypatch.setenv("ENDLESSDREAMS_CONTROLLERS", str(tmp_path / "new"))
    for n in range(8):
        korg.feed(_event(f"cc:5:{n}"))
    path = teach._keep(korg, "nanokontrol2")
    kept = read(tmp_path / "new" / "nanokontrol2.toml")
    assert path == str(tmp_path / "new" / "nanokontrol2.toml")
    assert kept.by_name["fader.8"].address == "cc:5:7"
    assert source(tmp_path / "new", "nanokontrol2").parent == tmp_path / "new"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--profile", "nobody"], "There is no profile called 'nobody'"),
        (["view.zoom", "--profile", "midimix"], "one of them"),
        ([], "Name a parameter"),
    ],
)
def test_a_wrong_question_is_refused(words, text):
    result = CliRunner().invoke(app, ["midi", "learn", *words])
    assert result.exit_code
    assert text in f"{result.output}{result.exception}"


def _event(address):
    from endlessdreams_cam.bindings import Event, Gesture

    return Event("nanoKONTROL2", address, "", Gesture.ABSOLUTE, 0.5)
