"""The first lines in the terminal, from the state of the show."""

import pytest

from endlessdreams_cam.cli.screen import Screen
from endlessdreams_cam.runtime.overview import Overview
from endlessdreams_cam.runtime.statuses import CaptureStatus, EngineStatus, OutputStatus, State

ON_AIR = OutputStatus(state=State.LIVE, label="EndlessDreams Cam", frames=5)
UNSEEN = OutputStatus(state=State.WAITING, frames=5)
DREAMING = EngineStatus(state=State.LIVE, engine="scenes", frames=9, fps=29.7)
FIRST_TWO = EngineStatus(state=State.LIVE, engine="scenes", frames=2, fps=62.0)
ASKED = CaptureStatus(state=State.STARTING)
LIVE = CaptureStatus(state=State.LIVE, label="Brio 500")


def overview(output=ON_AIR, engine=DREAMING, source=LIVE, at_s=1.0):
    return Overview(
        preset="ember", cut="dream", latched=False, held_s=0, autopilot=True, rest_s=0,
        source_words="camera:0", layer_words="none", output=output, engine=engine, source=source,
        layer=None, viewers=(), workers=(), errors=(), begun_ns=0, uptime_s=at_s,
        source_restarts=0,
    )  # fmt: skip


@pytest.fixture
def screen():
    return Screen(None, live=False)


def test_nothing_is_said_before_something_is_on_air(screen, capsys):
    screen.update(overview(OutputStatus()), last=True)
    assert not screen.introduced
    assert capsys.readouterr().out == ""


def test_all_first_lines_at_once_when_all_is_there(screen, capsys):
    screen.update(overview())
    screen.update(overview(at_s=9), last=True)
    assert screen.introduced
    assert capsys.readouterr().out.splitlines()[:3] == [
        "EndlessDreams Cam is on air.",
        "Choose this camera in OBS, Zoom, Meet: EndlessDreams Cam",
        "You: Brio 500   Dream: scenes, 30 per second",
    ]


@pytest.mark.parametrize("early", [overview(source=ASKED), overview(engine=FIRST_TWO)])
def test_who_is_live_is_said_when_it_is_known(screen, capsys, early):
    screen.update(early)
    assert "You:" not in capsys.readouterr().out
    screen.update(overview(at_s=1.4))
    assert "You: Brio 500   Dream: scenes, 30 per second" in capsys.readouterr().out


def test_a_camera_that_does_not_come_is_waited_for_two_seconds(screen, capsys):
    for at_s in (1.0, 2.9):
        screen.update(overview(engine=EngineStatus(), source=ASKED, at_s=at_s))
        assert "You:" not in capsys.readouterr().out
    screen.update(overview(engine=EngineStatus(), source=ASKED, at_s=3.1))
    assert "You: camera:0 (starting)   Dream: starting\n" in capsys.readouterr().out


def test_an_end_that_comes_early_leaves_no_line_unsaid(screen, capsys):
    screen.update(overview(source=ASKED))
    screen.update(overview(source=LIVE, engine=EngineStatus(), at_s=1.1), last=True)
    said = capsys.readouterr().out
    assert "You: Brio 500   Dream: starting\n" in said
    assert "Keys: 1-8 dreams" in said


def test_the_virtual_camera_that_appears_later_is_named(screen, capsys):
    screen.update(overview(UNSEEN))
    assert "No virtual camera" in capsys.readouterr().out
    screen.update(overview(ON_AIR, at_s=8))
    assert capsys.readouterr().out == "Choose this camera in OBS, Zoom, Meet: EndlessDreams Cam\n"
