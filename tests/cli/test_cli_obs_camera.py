"""`obs camera` without a show, and through one."""

import pytest
from fake_obs import FakeObs
from typer.testing import CliRunner

from endlessdreams_cam.cli.app import app
from endlessdreams_cam.errors import DeviceError
from endlessdreams_cam.runtime.post import Post


@pytest.fixture
def obs(tmp_path, monkeypatch):
    monkeypatch.setenv("ENDLESSDREAMS_OBS", str(tmp_path / "obs.json"))
    monkeypatch.setenv("ENDLESSDREAMS_RUNTIME", str(tmp_path / "run"))
    fake = FakeObs()
    (tmp_path / "obs.json").write_text(f'{{"url": "ws://127.0.0.1:{fake.port}"}}')
    yield fake
    fake.stop()


def run(*words):
    done = CliRunner().invoke(app, ["obs", "camera", *words])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_directly(obs):
    obs.answers["GetVirtualCamStatus"] = {"outputActive": True}
    assert run("start") == "OBS's virtual camera runs.\n"
    obs.answers["GetVirtualCamStatus"] = {"outputActive": False}
    assert run("stop") == "OBS's virtual camera is off.\n"
    assert [name for name, _ in obs.asked if name.endswith("VirtualCam")] == [
        "StartVirtualCam", "StopVirtualCam",
    ]  # fmt: skip


def test_where_there_is_none(obs):
    obs.refusals["StartVirtualCam"] = (604, "")
    with pytest.raises(DeviceError, match="no virtual camera"):
        run("start")


@pytest.mark.parametrize(("phase", "through"), [("connected", True), ("absent", False)])
def test_through_the_show_that_is_connected(obs, phase, through):
    asked = []

    def answer(request):
        asked.append(request)
        return {"status": {"obs": {"phase": phase}}} if request["do"] == "status" else {}

    obs.answers["GetVirtualCamStatus"] = {"outputActive": True}
    post = Post(answer)
    post.open()
    try:
        assert run("start") == "OBS's virtual camera runs.\n"
    finally:
        post.close()
    assert ({"do": "obs", "what": "camera start"} in asked) is through
    assert bool(obs.requests("StartVirtualCam")) is not through
