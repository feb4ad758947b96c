"""OBS on the page and in the dock."""

import pytest
from fake_obs import FakeObs
from page_browser import Panel, a_show, chromium

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60)]

QUICK = (
    "--output", "null", "--size", "640x360", "--dream-size", "160x90", "--midi", "off",
    "--set", "auto.on=off", "--panel", "0", "glass-garden",
)  # fmt: skip


@pytest.fixture(scope="module")
def obs():
    fake = FakeObs()
    fake.answers["GetStreamStatus"] = {"outputActive": True, "outputDuration": 3_723_000}
    yield fake
    fake.stop()


@pytest.fixture(scope="module")
def running(obs, tmp_path_factory):
    with a_show(tmp_path_factory, *QUICK, "--obs", f"ws://127.0.0.1:{obs.port}") as running:
        yield running


def test_obs_on_the_page_and_in_the_dock(obs, running):
    running.until(lambda status: status["obs"]["phase"] == "connected")
    with chromium() as browser:
        _page(obs, Panel(browser, running))
        dock = Panel(browser, running, at="/dock", width=320, height=900)
        dock.find("edc-obs").get_by_text("streaming 1:0").wait_for()
        assert dock.find("edc-obs button").count() == 0
        dock.close()


def _page(obs, panel):
    panel.tab("Show")
    part = panel.find("edc-obs")
    part.get_by_text("streaming 1:0").wait_for()
    part.get_by_text("a scene without us").wait_for()
    obs.event("CurrentProgramSceneChanged", sceneName="EndlessDreams")
    obs.answers["GetCurrentProgramScene"] = {"currentProgramSceneName": "EndlessDreams"}
    part.get_by_text("our scene").wait_for()
    obs.refusals["StartVirtualCam"] = (604, "")
    obs.refusals["GetVirtualCamStatus"] = (604, "")
    part.get_by_role("button", name="start OBS").click()
    panel.find("edc-notes").get_by_text("no virtual camera").wait_for()
    panel.until(lambda: part.get_by_role("button", name="start OBS").is_disabled())
    obs.refusals.clear()
    obs.answers["GetVirtualCamStatus"] = {"outputActive": True}
    part.get_by_role("button", name="stop OBS").wait_for()
    obs.drop(4011)
    part.get_by_text("OBS ended the connection").wait_for()
    part.get_by_role("button", name="connect to OBS").click()
    part.get_by_text("our scene").wait_for()
    panel.close()
