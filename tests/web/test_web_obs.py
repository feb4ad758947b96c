"""OBS through the API: connected, its camera, left again."""

import pytest
from fake_obs import FakeObs
from panel_client import until

from endlessdreams_cam.obs import access


@pytest.fixture
def obs(stage, monkeypatch):
    fake = FakeObs()
    access.save(access.Kept(f"ws://127.0.0.1:{fake.port}"))
    yield fake
    stage.show.obs.disconnect()
    until(lambda: row(stage)["phase"] == "off")
    access.forget()
    fake.stop()


def ask(stage, what):
    return stage.ask("POST", "/api/obs", {"what": what})


def row(stage):
    return stage.ask("GET", "/api/status")[2]["obs"]


def test_nobody_who_never_connected_is_connected(stage):
    assert row(stage)["phase"] == "off"
    assert row(stage)["attempts"] == 0
    code, _, answer = ask(stage, "camera start")
    assert (code, answer["text"]) == (422, "OBS is not connected.")


def test_connect_camera_disconnect(stage, obs):
    assert ask(stage, "connect")[0] == 200
    until(lambda: row(stage)["phase"] == "connected")
    obs.refusals["StartVirtualCam"] = (500, "")  # it runs already
    obs.answers["GetVirtualCamStatus"] = {"outputActive": True}
    assert ask(stage, "camera start")[0] == 200
    assert row(stage)["camera"] is True
    obs.answers["GetVirtualCamStatus"] = {"outputActive": False}
    assert ask(stage, "camera stop")[0] == 200
    assert row(stage)["camera"] is False
    assert ask(stage, "disconnect")[0] == 200
    until(lambda: row(stage)["phase"] == "off")


def test_what_cannot_be_asked_of_obs(stage):
    assert ask(stage, "stream start")[0] == 422


def test_the_status_has_no_word_of_the_users(stage, obs):
    obs.answers["GetCurrentProgramScene"] = {"currentProgramSceneName": "My bedroom"}
    ask(stage, "connect")
    until(lambda: row(stage)["phase"] == "connected")
    assert stage.show.obs._line.state.scene == "My bedroom"
    with stage.client("status", hz=30) as client:
        assert "bedroom" not in str(client.until("status"))
    assert "bedroom" not in str(stage.ask("GET", "/api/status")[2])
