import json
import os
import socket
import sys
import threading

import pytest
from websockets.sync.server import serve

from endlessdreams_cam import clock
from endlessdreams_cam.doctor import probes
from endlessdreams_cam.doctor.check import State
from endlessdreams_cam.doctor.obs import check_obs
from endlessdreams_cam.obs import access, installation
from endlessdreams_cam.obs.access import Kept
from endlessdreams_cam.sinks import virtualcam
from endlessdreams_cam.sinks.virtualcam import VirtualDevice


@pytest.fixture(autouse=True)
def machine(tmp_path, monkeypatch):
    """A machine with OBS 30 installed, not running, and nothing remembered."""
    monkeypatch.setenv("ENDLESSDREAMS_OBS", str(tmp_path / "obs.json"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(installation, "version", lambda: "30.1.2")
    monkeypatch.setattr(installation, "running", lambda: False)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed = f"ws://127.0.0.1:{probe.getsockname()[1]}"
        access.save(Kept(closed))
        yield tmp_path


def settings(folder, **row):
    (folder / "obs-studio/plugin_config/obs-websocket").mkdir(parents=True)
    file = folder / "obs-studio/plugin_config/obs-websocket/config.json"
    file.write_text(json.dumps({"server_port": 9, "server_password": "secret horse", **row}))


def checks():
    found = check_obs()
    assert "horse" not in repr(found)
    return {check.name: check for check in found}


def test_a_machine_without_obs_lacks_nothing(machine, monkeypatch):
    access.forget()
    monkeypatch.setattr(installation, "version", lambda: None)
    assert checks()["OBS"].state is State.OK


def test_an_old_obs(monkeypatch):
    monkeypatch.setattr(installation, "version", lambda: "27.2.4")
    assert checks()["OBS"].remedy == "Install OBS 28 or newer."


@pytest.mark.parametrize(
    ("runs", "enabled", "state", "words"),
    [
        (True, True, State.WARNING, "server is off or at another port"),
        (False, False, State.WARNING, "off in OBS's settings"),
        (False, True, State.OK, "its server is on"),
        (False, None, State.OK, "not running"),
    ],
)
def test_nobody_listens(machine, monkeypatch, runs, enabled, state, words):
    monkeypatch.setattr(installation, "running", lambda: runs)
    if enabled is not None:
        settings(machine, server_enabled=enabled)
    found = checks()["OBS WebSocket"]
    assert found.state is state
    assert words in found.text
    assert state is State.OK or "Enable WebSocket server" in found.remedy


def test_who_stays_silent_is_given_up_soon():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        access.save(Kept(f"ws://127.0.0.1:{silent.getsockname()[1]}"))
        began = clock.now_ns()
        assert "stays silent" in checks()["OBS WebSocket"].text
        assert clock.seconds(clock.now_ns() - began) < 5


@pytest.mark.parametrize(
    ("hello", "words"),
    [
        ({"obsWebSocketVersion": "5.5.2", "rpcVersion": 1}, "asks for no password"),
        ({"obsWebSocketVersion": "4.9", "rpcVersion": 0}, "too old"),
        ({"something": "else"}, "not OBS"),
    ],
)
def test_what_is_said_before_the_password(hello, words):
    with serve(lambda line: line.send(json.dumps({"op": 0, "d": hello})), "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        access.save(Kept(f"ws://127.0.0.1:{server.socket.getsockname()[1]}"))
        found = checks()["OBS WebSocket"]
        server.shutdown()
        thread.join()
    assert (found.state, words in found.text) == (State.WARNING, True)
    assert found.remedy


@pytest.mark.obs
def test_a_real_obs_is_found_reachable(obs, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setenv("ENDLESSDREAMS_OBS", str(obs.home / "none.json"))
    monkeypatch.setenv("HOME", os.fspath(obs.home))
    monkeypatch.setenv("XDG_CONFIG_HOME", os.fspath(obs.home / ".config"))
    found = {check.name: check for check in check_obs()}
    assert found["OBS"].text.endswith(", running")
    assert found["OBS WebSocket"].state is State.OK
    assert str(obs.port) in found["OBS WebSocket"].text


@pytest.mark.parametrize(
    ("file", "text", "version"),
    [
        ("var/lib/flatpak/app/com.obsproject.Studio/current/active/files/share/metainfo/"
         "com.obsproject.Studio.metainfo.xml", '<release version="31.0.1" date="x"/>', "31.0.1"),
        ("snap/obs-studio/current/meta/snap.yaml", "name: obs\nversion: '30.2.3'\n", "30.2.3"),
        ("snap/obs-studio/current/meta/snap.yaml", "\x00", ""),
        ("elsewhere", "", None),
    ],
)  # fmt: skip
def test_the_version_of_a_packed_obs(tmp_path, file, text, version):
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text(text)
    assert installation._packed_version(tmp_path) == version


def test_the_version_on_macos(tmp_path):
    file = tmp_path / "Info.plist"
    assert installation._mac_version(file) is None
    file.write_text('<plist version="1.0"><dict><key>CFBundleShortVersionString</key>'
                    "<string>30.0.2</string></dict></plist>")  # fmt: skip
    assert installation._mac_version(file) == "30.0.2"
    file.write_text("broken")
    assert installation._mac_version(file) == ""


def test_a_program_that_hangs_tells_no_version(tmp_path):
    program = tmp_path / "obs"
    program.write_text("#!/bin/sh\nexec sleep 30\n")
    program.chmod(0o755)
    assert installation._said_version(str(program), 0.1) == ""


@pytest.mark.parametrize(
    ("platform", "label", "trap"),
    [
        ("darwin", "OBS Virtual Camera", True),
        ("win32", "OBS Virtual Camera", True),
        ("win32", "Unity Video Capture", False),
    ],
)
def test_the_one_camera_and_the_way_out(monkeypatch, platform, label, trap):
    monkeypatch.setattr(virtualcam, "list_devices", lambda: [VirtualDevice(label, label)])
    monkeypatch.setattr(sys, "platform", platform)
    found = {check.name: check for check in probes.virtual_camera()[0]}
    for program in ("Zoom", "Meet", "Discord", "OBS"):
        assert f"{program}:" in found["virtual camera"].text
    assert ("one camera" in found) is trap
    if trap:
        assert "--output null" in found["one camera"].remedy
        assert "obs setup" in found["one camera"].remedy
