"""The commands of `obs` against a real OBS and a real show that counts."""

import re
import socket
import time

import cv2
import numpy as np
import pytest
from shows import RunningShow
from typer.testing import CliRunner

from endlessdreams_cam import clock
from endlessdreams_cam.cli import obs as commands
from endlessdreams_cam.cli.app import app
from endlessdreams_cam.errors import DeviceMissing, NoShow, SettingError
from endlessdreams_cam.obs import access, installation, scene, vault
from endlessdreams_cam.obs.access import Kept
from endlessdreams_cam.obs.client import ObsClient
from endlessdreams_cam.obs.watch import Watch
from endlessdreams_cam.obs.webcams import Webcam
from endlessdreams_cam.sources.pattern import read_number

pytestmark = pytest.mark.obs

SHOW = ("--source", "pattern", "--engine", "scenes", "--output", "null", "--size", "640x360",
        "--midi", "off", "--panel", "0", "--set", "auto.on=off")  # fmt: skip


@pytest.fixture(scope="module")
def running(tmp_path_factory, obs):
    folder = tmp_path_factory.mktemp("show")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ENDLESSDREAMS_OBS", str(folder / "obs.json"))
        patch.setenv("HOME", str(obs.home))
        patch.setenv("XDG_CONFIG_HOME", str(obs.home / ".config"))
        show = RunningShow(folder, *SHOW, wait=False)
    try:
        show.until(lambda status: status["output"]["first_dream_ns"])
        show.send("cut", "source")
        yield show
    finally:
        show.process.terminate()
        show.process.communicate()


@pytest.fixture
def home(tmp_path, monkeypatch, obs):
    """A user with nothing but that OBS, and no show."""
    monkeypatch.setenv("ENDLESSDREAMS_OBS", str(tmp_path / "obs.json"))
    monkeypatch.setenv("ENDLESSDREAMS_RUNTIME", str(tmp_path / "run"))
    monkeypatch.setenv("HOME", str(obs.home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(obs.home / ".config"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv(access.ENVIRONMENT, raising=False)
    return tmp_path


@pytest.fixture
def on_air(home, running, obs, monkeypatch):
    monkeypatch.setenv("ENDLESSDREAMS_RUNTIME", running.environment["ENDLESSDREAMS_RUNTIME"])
    monkeypatch.setenv(access.ENVIRONMENT, obs.password)
    return running


def run(*words, says=""):
    done = CliRunner().invoke(app, ["obs", *words], input=says)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def url(obs):
    return f"ws://127.0.0.1:{obs.port}"


def test_connect_with_the_environments_password_keeps_no_password(home, obs, monkeypatch):
    monkeypatch.setenv(access.ENVIRONMENT, obs.password)
    said = run("connect", "--url", url(obs))
    assert re.search(r"Connected to OBS \d+\.", said)
    assert "The password is not kept" in said
    assert obs.password not in said + (home / "obs.json").read_text()
    assert access.load().url == url(obs)


def test_connect_with_obs_own_settings_needs_no_address(home, obs):
    said = run("connect", "--use-obs-settings")
    assert f"at {url(obs)}" in said
    assert "stays with OBS" in said
    assert obs.password not in said + (home / "obs.json").read_text()
    assert "Connected" in run("connect")  # the leave is remembered


def test_a_wrong_password_names_its_place_and_not_itself(home, obs, monkeypatch):
    monkeypatch.setenv(access.ENVIRONMENT, "wrong horse")
    with pytest.raises(SettingError, match=r"environment") as refused:
        run("connect", "--url", url(obs))
    assert "horse" not in str(refused.value)
    assert not (home / "obs.json").exists()


def test_no_password_says_all_ways_to_give_one(home, obs):
    with pytest.raises(SettingError, match="none was found") as refused:
        run("connect", "--url", url(obs))
    for way in (access.ENVIRONMENT, "obs-password", "--use-obs-settings", "Show Connect Info"):
        assert way in refused.value.remedy


@pytest.fixture
def person(monkeypatch):
    """Somebody at the terminal, who types these passwords when asked."""
    typed = []
    monkeypatch.setattr(commands, "_person", lambda: True)
    monkeypatch.setattr(commands.getpass, "getpass", lambda prompt: typed.pop(0))
    return typed


def test_a_person_may_let_it_read_obs_own_settings(home, obs, person):
    said = run("connect", "--url", url(obs), says="y\n")
    assert "stays with OBS" in said
    assert access.load() == Kept(url(obs), read_obs=True)


def test_a_person_may_type_the_password_and_gets_it_wrong_first(home, obs, person, monkeypatch):
    kept = {}
    monkeypatch.setattr(
        vault, "store", lambda account, password, **_: kept.update({account: password})
    )
    person += ["wrong horse", obs.password]
    said = run("connect", "--url", url(obs), says="n\n")
    assert "OBS refuses the password from what was typed" in said
    assert "in the keyring" in said
    assert kept == {url(obs): obs.password}
    assert "horse" not in said
    assert access.load() == Kept(url(obs))


def test_three_wrong_passwords_are_enough(home, obs, person):
    person += ["a", "b", "c", obs.password]
    with pytest.raises(SettingError, match="what was typed"):
        run("connect", "--url", url(obs), says="n\n")
    assert not (home / "obs.json").exists()


def test_closed_and_switched_off_are_told_apart(home, monkeypatch):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = f"ws://127.0.0.1:{probe.getsockname()[1]}"
        for runs, words in ((False, "OBS is not running"), (True, "server is off")):
            monkeypatch.setattr(installation, "running", lambda runs=runs: runs)
            with pytest.raises(DeviceMissing, match=words) as missing:
                run("connect", "--url", nobody)
            assert "Enable WebSocket server" in missing.value.remedy


def test_the_benchmark_leaves_an_obs_out_that_is_not_there(home):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        access.save(Kept(f"ws://127.0.0.1:{probe.getsockname()[1]}"))
        done = CliRunner().invoke(app, ["bench", "obs"])
    assert "obs left out" in done.output
    assert done.exit_code == 0


def test_a_real_obs_is_seen_to_run(obs):
    assert installation.running()


def test_a_silent_host_may_be_an_old_obs(home):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = clock.now_ns()
        with pytest.raises(DeviceMissing, match="older than 28"):
            run("connect", "--url", f"ws://127.0.0.1:{silent.getsockname()[1]}")
        assert clock.seconds(clock.now_ns() - began) < 15


def test_setup_without_a_show_says_so(home, obs):
    with pytest.raises(NoShow) as missing:
        run("setup", "--url", url(obs))
    assert "endlessdreams-cam run" in missing.value.remedy


def test_setup_proves_the_program_and_a_second_one_changes_nothing(on_air, obs):
    with ObsClient("127.0.0.1", obs.port, obs.password) as client:
        before = client.ask("GetSceneList")
        assert on_air.status()["obs"]["phase"] == "off"
        said = run("setup", "--url", url(obs))
        assert access.load().url == url(obs)  # who never connected has now
        assert "the program's stream" in said
        (offset,) = re.findall(r"Sync Offset: (\d+) ms", said)
        assert 10 < int(offset) < 1500
        assert "/dock#" in said
        first = client.ask("GetSceneItemList", sceneName=scene.SCENE)
        run("setup", "--url", url(obs))
        assert client.ask("GetSceneItemList", sceneName=scene.SCENE) == first
        assert client.ask("GetSceneList")["currentProgramSceneName"] != scene.SCENE
        assert "out of OBS" in run("remove", "--url", url(obs))
        assert client.ask("GetSceneList") == before


def test_a_running_show_is_told_and_connects_by_itself(on_air, obs, monkeypatch):
    monkeypatch.setenv("ENDLESSDREAMS_OBS", on_air.environment["ENDLESSDREAMS_OBS"])
    monkeypatch.delenv(access.ENVIRONMENT)
    run("connect", "--use-obs-settings")
    on_air.until(lambda status: status["obs"]["phase"] == "connected")
    assert "are forgotten" in run("remove", "--forget")
    on_air.until(lambda status: status["obs"]["phase"] == "off")
    assert access.load() == Kept()


def test_the_shows_webcam_is_taken_only_with_leave_and_given_back(on_air, obs, monkeypatch):
    monkeypatch.setattr(commands, "_webcam", lambda status: Webcam("/dev/video77", "Webcam"))
    with ObsClient("127.0.0.1", obs.port, obs.password) as client:
        client.ask("CreateScene", sceneName="Theirs")
        item = client.ask("CreateInput", sceneName="Theirs", inputName="Face",
                          inputKind="v4l2_input", inputSettings={"device_id": "/dev/video77"},
                          sceneItemEnabled=True)["sceneItemId"]  # fmt: skip

        def device():
            return client.ask("GetInputSettings", inputName="Face")["inputSettings"]["device_id"]

        try:
            assert "It is left there" in run("setup", "--url", url(obs))
            assert device() == "/dev/video77"
            assert "It is free" in run("setup", "--url", url(obs), "--free-camera")
            assert device() == ""
            assert "have their webcam again" in run("remove", "--url", url(obs))
            assert device() == "/dev/video77"
        finally:
            client.ask("RemoveSceneItem", sceneName="Theirs", sceneItemId=item)
            client.ask("RemoveScene", sceneName="Theirs")


def test_the_numbers_of_the_program_come_through_in_time(on_air, obs):
    run("setup", "--url", url(obs), "--route", "stream")
    picture_url = on_air.status()["panel"]["picture_url"]
    try:
        with (
            ObsClient("127.0.0.1", obs.port, obs.password) as client,
            Watch(picture_url, lambda jpeg, time_ns: number(jpeg)) as program,
        ):
            time.sleep(0.5)
            ages = [age(client, program) for _ in range(80)]
    finally:
        run("remove", "--url", url(obs))
    seen = [frames for frames in ages if frames is not None]
    assert len(seen) > 60
    assert np.median(seen) * 1000 / 30 <= 150
    quarter = len(seen) // 4
    assert np.median(seen[-quarter:]) <= np.median(seen[:quarter]) + 2


def age(client, program):
    """Return how many frames OBS's picture is behind the program, which counts its frames."""
    time.sleep(0.02)
    newest = program.frames()[-1]
    shown = number(scene.screenshot(client, 640, 360))
    return None if shown is None else newest - shown


def number(jpeg):
    bgr = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    return read_number(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)).number
