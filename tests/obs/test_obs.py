import contextlib
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cv2
import numpy as np
import pytest

from endlessdreams_cam.errors import DeviceError, DeviceLost, DeviceMissing, SettingError
from endlessdreams_cam.obs import scene
from endlessdreams_cam.obs.client import ObsClient, ObsRefusal, parse_url
from endlessdreams_cam.obs.proof import Verdict
from endlessdreams_cam.obs.routes import Program, Route, Way, routes
from endlessdreams_cam.obs.watch import Watch, prove, see


@pytest.fixture
def client(obs):
    with ObsClient("127.0.0.1", obs.port, obs.password) as client:
        yield client


@contextlib.contextmanager
def streaming(channel):
    """A program of one colour with a white bar that moves."""
    ended = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=b")
            self.end_headers()
            number = 0
            while not ended.wait(1 / 15):
                picture = np.zeros((90, 160, 3), np.uint8)
                picture[:, :, channel] = 200
                picture[:10, number % 150 : number % 150 + 10] = 255
                number += 10
                data = cv2.imencode(".jpg", picture)[1].tobytes()
                head = f"--b\r\nContent-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n"
                try:
                    self.wfile.write(head.encode() + data + b"\r\n")
                except OSError:
                    return

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/program.mjpg"
    ended.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def stream():
    with streaming(channel=1) as url:
        yield url


def route(stream):
    (found,) = routes(Program("", stream), {"ffmpeg_source"}, local=True)
    return found


@pytest.mark.obs
def test_setup_shows_the_moving_program_and_remove_takes_it_back(client, stream):
    before = client.ask("GetSceneList")
    scene.setup(client, route(stream))
    scene.setup(client, route(stream))
    names = [row["sourceName"] for row in
             client.ask("GetSceneItemList", sceneName=scene.SCENE)["sceneItems"]]  # fmt: skip
    assert names == [scene.SOURCE]
    with Watch(stream, see) as watch:
        assert prove(client, watch).verdict is Verdict.MOVES
    picture = cv2.imdecode(np.frombuffer(scene.screenshot(client), np.uint8), cv2.IMREAD_COLOR)
    blue, green, red = picture[100:, :].mean(axis=(0, 1))
    assert green > 150
    assert max(blue, red) < 60
    assert scene.remove(client)
    after = client.ask("GetSceneList")
    assert after == before


@pytest.mark.obs
def test_another_programs_picture_and_none_are_told_from_ours(client, stream):
    with streaming(channel=2) as other, Watch(stream, see) as watch:
        scene.setup(client, route(other))
        assert prove(client, watch, within_s=3).verdict is Verdict.OTHER
        scene.setup(client, route("http://127.0.0.1:9/program.mjpg"))
        assert prove(client, watch, within_s=1).verdict in (Verdict.NOTHING, Verdict.OTHER)
    assert scene.remove(client)


@pytest.mark.obs
def test_a_scene_with_something_of_the_users_in_it_stays(client, stream):
    scene.setup(client, route(stream))
    theirs = client.ask("CreateInput", sceneName=scene.SCENE, inputName="Theirs",
                        inputKind="color_source_v3", inputSettings={},
                        sceneItemEnabled=True)["sceneItemId"]  # fmt: skip
    assert not scene.remove(client)
    assert scene.SCENE in [row["sceneName"] for row in client.ask("GetSceneList")["scenes"]]
    # RemoveInput would leave the item in a scene that is not drawn.
    client.ask("RemoveSceneItem", sceneName=scene.SCENE, sceneItemId=theirs)
    assert scene.remove(client)
    assert scene.SCENE not in [row["sceneName"] for row in client.ask("GetSceneList")["scenes"]]


@pytest.mark.obs
def test_what_only_has_our_name_is_left_alone(client, stream):
    client.ask("CreateScene", sceneName="Theirs")
    item = client.ask("CreateInput", sceneName="Theirs", inputName=scene.SOURCE,
                      inputKind="ffmpeg_source", inputSettings={"input": "theirs"},
                      sceneItemEnabled=True)["sceneItemId"]  # fmt: skip
    try:
        with pytest.raises(DeviceError, match="another source"):
            scene.setup(client, route(stream))
        assert not scene.there(client)
        assert scene.remove(client)
        settings = client.ask("GetInputSettings", inputName=scene.SOURCE)["inputSettings"]
        assert settings["input"] == "theirs"
    finally:
        client.ask("RemoveSceneItem", sceneName="Theirs", sceneItemId=item)
        client.ask("RemoveScene", sceneName="Theirs")


@pytest.mark.obs
def test_a_scene_of_that_name_is_not_built_into(client, stream):
    client.ask("CreateScene", sceneName=scene.SCENE)
    item = client.ask("CreateInput", sceneName=scene.SCENE, inputName="Theirs",
                      inputKind="color_source_v3", inputSettings={},
                      sceneItemEnabled=True)["sceneItemId"]  # fmt: skip
    try:
        with pytest.raises(DeviceError, match="another scene"):
            scene.setup(client, route(stream))
        assert not scene.remove(client)
    finally:
        client.ask("RemoveSceneItem", sceneName=scene.SCENE, sceneItemId=item)
        assert scene.remove(client)


@pytest.mark.obs
def test_a_source_that_changes_its_way_is_made_anew(client, stream):
    scene.setup(client, Route(Way.PAGE, "", "image_source", {}))
    scene.setup(client, route(stream))
    (row,) = client.ask("GetSceneItemList", sceneName=scene.SCENE)["sceneItems"]
    assert (row["sourceName"], row["inputKind"]) == (scene.SOURCE, "ffmpeg_source")
    assert scene.remove(client)
    assert not scene.there(client)


@pytest.mark.obs
def test_a_device_that_obs_does_not_list_is_said(client):
    camera = Program("", "http://127.0.0.1/", "/dev/video77", "EndlessDreams Cam")
    (found,) = routes(camera, {"v4l2_input"}, local=True, wanted=Way.CAMERA, platform="linux")
    with pytest.raises(DeviceMissing, match="/dev/video77"):
        scene.setup(client, found)
    assert scene.remove(client)


@pytest.mark.obs
def test_a_refusal_has_its_code_and_hides_the_name(client):
    with pytest.raises(ObsRefusal) as refused:
        client.ask("GetSceneItemList", sceneName="Secret Room")
    assert refused.value.code == 600
    assert "Secret" not in str(refused.value)


@pytest.mark.obs
def test_a_wrong_password_is_said(obs):
    with pytest.raises(SettingError, match="password"):
        ObsClient("127.0.0.1", obs.port, "wrong").open()


def test_a_silent_host_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = ObsClient("127.0.0.1", silent.getsockname()[1], timeout_s=0.2)
        with pytest.raises(DeviceMissing, match="silent"):
            client.open()


def test_nobody_there():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        with pytest.raises(DeviceMissing, match="Nothing listens"):
            ObsClient("127.0.0.1", probe.getsockname()[1]).open()


def test_asking_before_connecting_is_refused():
    with pytest.raises(DeviceLost):
        ObsClient().ask("GetVersion")


@pytest.mark.parametrize("url", ["", "http://x:1", "ws://", "ws://x:many", "ws://x:99999"])
def test_an_address_that_cannot_be_used(url):
    with pytest.raises(SettingError):
        parse_url(url)


def test_the_port_is_obs_own_where_none_is_given():
    assert parse_url("ws://studio") == ("studio", 4455)
    assert parse_url("ws://[::1]:4000") == ("::1", 4000)


def test_a_web_server_is_not_obs(stream):
    with pytest.raises(DeviceError, match="not OBS"):
        ObsClient(*stream.removeprefix("http://").split("/")[0].split(":")).open()
