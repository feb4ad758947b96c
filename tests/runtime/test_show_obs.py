"""A show beside a real OBS that is killed, frozen, given another password, and played."""

import os
import socket
import stat
import threading
import time

import pytest
from missing import missing
from obs import REMEDY, Obs

from endlessdreams_cam.errors import DeviceError
from endlessdreams_cam.frame import Size
from endlessdreams_cam.obs.client import ObsClient
from endlessdreams_cam.runtime.options import ShowOptions
from endlessdreams_cam.runtime.show import Show

pytestmark = [pytest.mark.obs, pytest.mark.timeout(240)]

RESTARTS = int(os.environ.get("ENDLESSDREAMS_OBS_RESTARTS", "5"))
"""Twenty in CI; each takes about three seconds."""

SKIPPED = 0.02
"""Of the program's ticks, on a machine that other programs load."""


@pytest.fixture(scope="module")
def obs(tmp_path_factory):
    """An OBS whose system says that it has a virtual camera, which then never starts."""
    if not Obs.there():
        missing("OBS Studio", REMEDY)
    tools = tmp_path_factory.mktemp("tools")
    for name, code in (("modinfo", 0), ("pkexec", 1)):
        (tools / name).write_text(f"#!/bin/sh\nexit {code}\n")
        (tools / name).chmod(stat.S_IRWXU)
    peer = Obs(tmp_path_factory.mktemp("obs"), tools=tools)
    try:
        peer.start()
        yield peer
    finally:
        peer.stop()


class Running:
    """A whole show in this process, connected to OBS."""

    def __init__(self, folder, url):
        options = {"size": Size(320, 180), "dream_size": Size(160, 90), "fps": 20.0}
        self.show = Show(ShowOptions(outputs=("null",), midi="off", obs=url, preset="room",
                                     sets={"auto.on": "off"}, **options))  # fmt: skip
        self.show.open()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._poll)
        self._thread.start()

    def close(self):
        self._end.set()
        self._thread.join()
        self.show.close()

    def _poll(self):
        while not self._end.wait(0.1):
            self.show.poll()

    @property
    def row(self):
        return self.show.obs.row()

    @property
    def preset(self):
        return self.show.store.snapshot.preset

    def until(self, found, within_s=20):
        deadline = time.monotonic() + within_s
        while not found():
            assert time.monotonic() < deadline, self.row
            time.sleep(0.01)

    def phase(self, phase):
        self.until(lambda: self.row.phase == phase)

    def back(self):
        """Wait until OBS, which is well, is connected: the attempt under way or the next does it.

        With pauses of 3 s at most that is within 5 s.
        """
        attempts = self.row.attempts
        self.phase("connected")
        assert self.row.attempts - attempts <= 2

    def steady(self):
        """Hold that the program's pace was the same all the while."""
        output = self.show.overview().output
        assert output.frames > 0
        assert output.skipped <= max(SKIPPED * output.frames, 1)


@pytest.fixture
def running(tmp_path, obs, monkeypatch):
    """Return a show with two presets that are tied to scenes of OBS."""
    for name in ("RUNTIME", "PRESETS", "OBS"):
        monkeypatch.setenv(f"ENDLESSDREAMS_{name}", str(tmp_path / name.lower()))
    monkeypatch.setenv("ENDLESSDREAMS_OBS_PASSWORD", obs.password)
    (tmp_path / "presets").mkdir()
    for name in ("room", "stage"):
        (tmp_path / "presets" / f"{name}.toml").write_text(
            f'title = "{name}"\n[obs]\nenter = ["{name} scene"]\nshow = "{name} scene"\n'
        )
    opened = Running(tmp_path, f"ws://127.0.0.1:{obs.port}")
    yield opened
    opened.close()


@pytest.fixture
def hand(obs):
    """Somebody at OBS itself."""
    with ObsClient("127.0.0.1", obs.port, obs.password) as client:
        names = [row["sceneName"] for row in client.ask("GetSceneList")["scenes"]]
        for name in ("room scene", "stage scene"):
            if name not in names:
                client.ask("CreateScene", sceneName=name)
        yield client


def scene(hand):
    return hand.ask("GetCurrentProgramScene")["currentProgramSceneName"]


def test_an_obs_that_is_killed_comes_back_each_time(obs, running):
    running.phase("connected")
    for _ in range(RESTARTS):
        obs.kill()
        running.phase("absent")
        obs.launch()
        running.back()
    assert running.row.connects == RESTARTS + 1
    running.steady()


def test_a_frozen_obs_holds_nobody_up(obs, running):
    running.phase("connected")
    obs.freeze()
    try:
        running.phase("silent")
        running.show.desk.recall("stage", origin="keys")
        running.until(lambda: running.row.attempts > 1)  # it gave up on the old connection
        assert running.preset == "stage"
    finally:
        obs.thaw()
    running.back()
    running.steady()


def test_a_show_ends_at_once_beside_a_frozen_obs(obs, running):
    running.phase("connected")
    obs.freeze()
    try:
        running.phase("silent")
        running.show.obs.close()
        assert not running.show.obs._line._thread.is_alive()
    finally:
        obs.thaw()


def test_another_password(obs, running, monkeypatch):
    running.phase("connected")
    obs.kill()
    obs.password = "a new one"
    obs.launch()
    running.phase("refused")
    assert "password" in running.row.cause
    monkeypatch.setenv("ENDLESSDREAMS_OBS_PASSWORD", obs.password)
    running.back()
    running.steady()


def test_a_silent_host_in_its_place(obs, running):
    running.phase("connected")
    obs.kill()
    with socket.create_server(("127.0.0.1", obs.port)):
        running.phase("silent")
    running.phase("absent")
    obs.launch()
    running.phase("connected")
    running.steady()


def test_scenes_recall_presets_and_presets_show_scenes(running, hand):
    running.phase("connected")
    hand.ask("SetCurrentProgramScene", sceneName="stage scene")
    running.until(lambda: running.preset == "stage")
    running.show.desk.recall("room", origin="keys")
    running.until(lambda: scene(hand) == "room scene")
    entered = running.show.obs._line.state.entered
    running.until(lambda: running.show.obs._line.state.scene == "room scene")
    time.sleep(0.5)  # were they to play ping-pong, it would be now
    assert (running.preset, scene(hand)) == ("room", "room scene")
    assert running.show.obs._line.state.entered <= entered + 1
    hand.ask("SetCurrentProgramScene", sceneName="stage scene")
    running.until(lambda: running.show.obs._line.state.scene == "stage scene")
    time.sleep(0.3)
    assert running.preset == "room", "a hand has just played"
    assert "scene" not in str(running.row)


def test_cuts_and_obs_transition(running, hand):
    running.phase("connected")
    hand.ask("SetStudioModeEnabled", studioModeEnabled=True)
    try:
        running.until(lambda: running.row.studio)
        desk = running.show.desk
        desk.set({"obs.studio": "follow"}, origin="keys")
        desk.cut("hold", origin="keys")
        assert running.show.overview().waiting[0].on == "obs"
        time.sleep(0.3)
        assert running.show.overview().cut == "dream"
        hand.ask("TriggerStudioModeTransition")
        running.until(lambda: running.show.overview().cut == "hold")
        desk.set({"obs.studio": "lead"}, origin="keys")
        hand.ask("SetCurrentPreviewScene", sceneName="room scene")
        desk.cut("dream", origin="keys")
        running.until(lambda: scene(hand) == "room scene")
    finally:
        hand.ask("SetStudioModeEnabled", studioModeEnabled=False)


def test_a_recording_in_obs_is_seen(running, hand):
    running.phase("connected")
    hand.ask("StartRecord")
    try:
        running.until(lambda: running.row.recording and running.row.record_s > 0.2)
    finally:
        hand.ask("StopRecord")
    running.until(lambda: not running.row.recording)


def test_obs_says_yes_and_its_camera_does_not_run(running, hand):
    running.phase("connected")
    assert running.row.camera is False
    hand.ask("StartVirtualCam")  # answered with success
    with pytest.raises(DeviceError, match="says yes") as failed:
        running.show.obs.camera(True)
    assert "v4l2loopback" in failed.value.remedy
    assert running.row.camera is False
    running.steady()
