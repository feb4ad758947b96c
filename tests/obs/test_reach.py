import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from obs import Obs

from endlessdreams_cam.errors import DeviceError, DeviceMissing
from endlessdreams_cam.obs import installation, reach
from endlessdreams_cam.obs.access import Access


def until(condition, within_s=20.0):
    deadline = time.monotonic() + within_s
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


class Says:
    """An OBS that tells its version."""

    def __init__(self, version):
        self.version = version

    def ask(self, request):
        assert request == "GetVersion"
        return {"obsVersion": self.version, "obsWebSocketVersion": "5.1.0"}


@pytest.mark.parametrize("version", ["27.2.4", "", "26"])
def test_an_obs_that_is_too_old(version):
    with pytest.raises(DeviceError, match="too old") as refused:
        reach.versions(Says(version))
    assert refused.value.remedy == "Install OBS 28 or newer."


@pytest.mark.parametrize("version", ["28.0.0", "29.0.2.1-1+b1", "31.0.0-beta1"])
def test_an_obs_that_is_new_enough(version):
    assert reach.versions(Says(version)).obs == version


def test_what_is_not_obs():
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        with pytest.raises(DeviceError, match="is not OBS"):
            reach.connect(Access(f"ws://127.0.0.1:{server.server_port}"))
        server.shutdown()


def test_an_obs_elsewhere_that_does_not_listen(monkeypatch):
    monkeypatch.setattr(installation, "is_here", lambda host: False)
    with pytest.raises(DeviceMissing) as missing:
        reach.connect(Access("ws://127.0.0.1:9"))
    assert "Start OBS there" in missing.value.remedy


@pytest.mark.obs
def test_a_real_obs_whose_server_is_off(obs, tmp_path):
    off = Obs(tmp_path, listens=False)
    try:
        off.start()
        log = until(lambda: next(tmp_path.glob(".config/obs-studio/logs/*.txt"), None))
        until(lambda: "obs-websocket.so" in log.read_text(errors="replace"))
        with pytest.raises(DeviceMissing, match="server is off or at another port") as missing:
            reach.connect(Access(f"ws://127.0.0.1:{off.port}"))
        assert "Enable WebSocket server" in missing.value.remedy
        assert off.process.poll() is None
    finally:
        off.stop()
