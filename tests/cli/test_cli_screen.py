"""The terminal, from the state of the show."""

import io
import re

import pytest
from rich.console import Console

from endlessdreams_cam.cli.screen import Screen
from endlessdreams_cam.runtime.overview import ControlsRow, OrderRow, Overview
from endlessdreams_cam.runtime.statuses import (
    CaptureStatus,
    EngineStatus,
    LogRow,
    OutputStatus,
    State,
    Trouble,
    ViewerStatus,
)

S = 1_000_000_000
UNSEEN = Trouble("There is no virtual camera on this machine.", "sudo modprobe v4l2loopback", 1)


def overview(**changes):
    base = {
        "preset": "aurora",
        "order": OrderRow("", 0, 0, "", ""),
        "waiting": (),
        "morph_s": 0.0,
        "locks": (),
        "controls": ControlsRow(),
        "bpm": 120.0,
        "cut": "dream",
        "latched": False,
        "held_s": 0.0,
        "autopilot": False,
        "rest_s": 0.0,
        "source_words": "none",
        "layer_words": "none",
        "output": OutputStatus(State.LIVE, "a camera", frames=300, fps=30.0, shown="dream"),
        "engine": EngineStatus(State.LIVE, engine="scenes", frames=300, fps=30.0),
        "source": None,
        "layer": None,
        "viewers": (),
        "workers": (),
        "errors": (),
        "begun_ns": 0,
        "uptime_s": 10.0,
        "source_restarts": 0,
    }
    return Overview(**{**base, **changes})


class Terminal:
    """A screen, what it wrote since the last look, and the time."""

    def __init__(self, *, live=True, has_keys=True, width=200, height=40):
        self.ns = 5 * S
        self.file = io.StringIO()
        self.console = Console(
            file=self.file, width=width, height=height, force_terminal=live, highlight=False
        )
        self.screen = Screen(
            live=live, has_keys=has_keys, console=self.console, now=lambda: self.ns
        )

    def shows(self, *overviews):
        """Return the text that it writes for some overviews, without colours and moves."""
        self.file.seek(0)
        self.file.truncate()
        for each in overviews:
            self.screen.update(each)
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.file.getvalue())


@pytest.fixture
def terminal():
    made = Terminal()
    with made.screen.open():
        yield made


def test_without_a_virtual_camera_the_first_lines_say_why_and_what_to_do():
    terminal = Terminal(live=False)
    waiting = OutputStatus(state=State.WAITING, frames=9, fps=30.0, trouble=UNSEEN)
    row = LogRow("t", "output", f"{UNSEEN.cause} {UNSEEN.remedy}", number=1)
    said = terminal.shows(overview(output=waiting, errors=(row,)))
    assert f"Other programs cannot see it yet. {UNSEEN.cause}\n{UNSEEN.remedy}\n" in said
    assert said.count("modprobe") == 1, "the same thing is not said twice"


def test_a_busy_virtual_camera_is_not_called_missing():
    terminal = Terminal(live=False)
    busy = Trouble("The virtual camera belongs to another program (obs).", "In OBS: Stop.", 1)
    said = terminal.shows(overview(output=OutputStatus(State.WAITING, "", busy, frames=9)))
    assert "belongs to another program (obs)" in said
    assert "modprobe" not in said


def test_a_live_camera_is_named_with_the_way_to_turn_it_off():
    terminal = Terminal(live=False)
    source = CaptureStatus(state=State.LIVE, label="HD Webcam")
    said = terminal.shows(overview(source_words="camera:/dev/video0", source=source))
    assert "You: HD Webcam" in said
    assert "endlessdreams-cam send source=none" in said


def test_keys_are_offered_only_where_they_are_read():
    assert "Keys: 1-8" in Terminal(live=False).shows(overview())
    said = Terminal(live=False, has_keys=False).shows(overview())
    assert "Keys:" not in said
    assert "endlessdreams-cam send" in said


def test_words_go_after_a_while(terminal):
    terminal.screen.say("new seed")
    assert "new seed" in terminal.shows(overview())
    terminal.ns += 9 * S
    assert "new seed" not in terminal.shows(overview())


def test_an_error_leaves_the_note_after_a_minute_and_comes_back(terminal):
    row = LogRow("t", "engine", "it fell", number=1)
    assert "engine: it fell" in terminal.shows(overview(errors=(row,)))
    terminal.ns += 61 * S
    assert "it fell" not in terminal.shows(overview(errors=(row,)))
    again = LogRow("t", "engine", "it fell", times=2, number=1)
    assert "engine: it fell (2×)" in terminal.shows(overview(errors=(again,)))


def test_news_are_printed_once_however_many_there_were():
    terminal = Terminal(live=False)
    rows = [LogRow("t", "a", f"error {n}", number=n) for n in range(1, 151)]
    terminal.shows(overview(errors=tuple(rows[:100])))
    assert terminal.shows(overview(errors=tuple(rows[:100]))) == ""
    assert terminal.shows(overview(errors=tuple(rows[50:]))).splitlines() == [
        f"a: error {n}" for n in range(101, 151)
    ]


def test_a_terminal_of_another_size_is_drawn_anew(terminal):
    terminal.shows(overview())
    assert "on air." not in terminal.shows(overview())
    terminal.console.size = (60, 20)
    said = terminal.shows(overview())
    assert "EndlessDreams Cam is on air." in said
    assert "\x1b[2J" in terminal.file.getvalue()
    assert "on air." not in terminal.shows(overview())


def test_in_a_small_terminal_words_come_first():
    terminal = Terminal(height=6)
    with terminal.screen.open():
        terminal.screen.say("Press q again to end the show.")
        terminal.shows(overview())
        assert "Press q again" in terminal.shows(overview())


def test_a_recording_is_seen_and_named_at_the_end(terminal):
    viewer = ViewerStatus(state=State.LIVE, label="recording", file="/films/show.mkv")
    assert "record  ● /films/show.mkv" in terminal.shows(overview(viewers=(viewer,)))
    output = OutputStatus(frames=300, first_frame_ns=S, last_frame_ns=126 * S)
    terminal.screen.farewell(overview(viewers=(viewer,), output=output))
    said = terminal.file.getvalue()
    assert "Off air after 2:05, 300 frames." in said
    assert "Recorded: /films/show.mkv" in said


def test_what_the_engine_makes_of_unknown_words_is_seen(terminal):
    engine = EngineStatus(engine="scenes", fps=30.0, notes=("prompt 1: painted as ocean",))
    assert "prompt 1: painted as ocean" in terminal.shows(overview(engine=engine))


ON_AIR = OutputStatus(State.LIVE, "EndlessDreams Cam", frames=5)
WAITING = OutputStatus(State.WAITING, "", UNSEEN, frames=5)
DREAMING = EngineStatus(State.LIVE, engine="scenes", frames=9, fps=29.7)
FIRST_TWO = EngineStatus(State.LIVE, engine="scenes", frames=2, fps=62.0)
ASKED = CaptureStatus(State.STARTING)
LIVE = CaptureStatus(State.LIVE, "Brio 500")


def early(*, output=ON_AIR, engine=DREAMING, source=LIVE, at_s=1.0):
    """Return a state of the first seconds."""
    words = "camera:0"
    return overview(output=output, engine=engine, source=source, source_words=words, uptime_s=at_s)


@pytest.fixture
def screen():
    return Screen(live=False, has_keys=True)


def test_nothing_is_said_before_something_is_on_air(screen, capsys):
    screen.update(early(output=OutputStatus()), last=True)
    assert not screen.introduced
    assert capsys.readouterr().out == ""


def test_all_first_lines_at_once_when_all_is_there(screen, capsys):
    screen.update(early())
    screen.update(early(at_s=9), last=True)
    assert screen.introduced
    assert capsys.readouterr().out.splitlines()[:3] == [
        "EndlessDreams Cam is on air.",
        "Choose this camera in OBS, Zoom, Meet: EndlessDreams Cam",
        "You: Brio 500   Dream: scenes, 30 per second",
    ]


@pytest.mark.parametrize("before", [early(source=ASKED), early(engine=FIRST_TWO)])
def test_who_is_live_is_said_when_it_is_known(screen, capsys, before):
    screen.update(before)
    assert "You:" not in capsys.readouterr().out
    screen.update(early(at_s=1.4))
    assert "You: Brio 500   Dream: scenes, 30 per second" in capsys.readouterr().out


def test_a_camera_that_does_not_come_is_waited_for_two_seconds(screen, capsys):
    for at_s in (1.0, 2.9):
        screen.update(early(engine=EngineStatus(), source=ASKED, at_s=at_s))
        assert "You:" not in capsys.readouterr().out
    screen.update(early(engine=EngineStatus(), source=ASKED, at_s=3.1))
    assert "You: camera:0 (starting)   Dream: starting\n" in capsys.readouterr().out


def test_an_end_that_comes_early_leaves_no_line_unsaid(screen, capsys):
    screen.update(early(source=ASKED))
    screen.update(early(source=LIVE, engine=EngineStatus(), at_s=1.1), last=True)
    said = capsys.readouterr().out
    assert "You: Brio 500   Dream: starting\n" in said
    assert "Keys: 1-8 dreams" in said


def test_the_virtual_camera_that_appears_later_is_named(screen, capsys):
    screen.update(early(output=WAITING))
    assert "There is no virtual camera" in capsys.readouterr().out
    screen.update(early(at_s=8))
    assert capsys.readouterr().out == "Choose this camera in OBS, Zoom, Meet: EndlessDreams Cam\n"
