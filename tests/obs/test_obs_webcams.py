import pytest

from endlessdreams_cam.obs import webcams
from endlessdreams_cam.obs.client import ObsClient
from endlessdreams_cam.obs.webcams import Webcam

pytestmark = pytest.mark.obs

MINE = Webcam("/dev/video77", "Their Webcam")


@pytest.fixture
def client(obs):
    with ObsClient("127.0.0.1", obs.port, obs.password) as client:
        yield client


@pytest.fixture
def theirs(client):
    """Two webcams in a scene of the user's: the show's and another."""
    client.ask("CreateScene", sceneName="Theirs")
    items = [
        client.ask("CreateInput", sceneName="Theirs", inputName=name, inputKind="v4l2_input",
                   inputSettings={"device_id": device}, sceneItemEnabled=True)["sceneItemId"]
        for name, device in (("Face", "/dev/video77"), ("Hands", "/dev/video78"))
    ]  # fmt: skip
    yield lambda name: client.ask("GetInputSettings", inputName=name)["inputSettings"]["device_id"]
    webcams.give_back(client)
    for item in items:
        client.ask("RemoveSceneItem", sceneName="Theirs", sceneItemId=item)
    client.ask("RemoveScene", sceneName="Theirs")


def test_the_source_that_holds_the_camera_lets_it_go_and_has_it_again(client, theirs):
    (holder,) = webcams.holders(client, MINE, platform="linux")
    assert holder.name == "Face"
    assert "Face" not in repr(holder)
    webcams.let_go(client, holder)
    assert (theirs("Face"), theirs("Hands")) == ("", "/dev/video78")
    assert webcams.holders(client, MINE, platform="linux") == []
    assert webcams.give_back(client) == (1, 0)
    assert theirs("Face") == "/dev/video77"
    assert webcams.give_back(client) == (0, 0)


def test_a_source_that_was_given_another_camera_meanwhile_keeps_it(client, theirs):
    webcams.let_go(client, *webcams.holders(client, MINE, platform="linux"))
    client.ask("SetInputSettings", inputName="Face", inputSettings={"device_id": "/dev/video79"})
    assert webcams.give_back(client) == (0, 0)
    assert theirs("Face") == "/dev/video79"


def test_what_is_in_another_collection_stays_remembered(client, theirs):
    webcams.let_go(client, *webcams.holders(client, MINE, platform="linux"))
    client.ask("SetInputName", inputName="Face", newInputName="Elsewhere")
    assert webcams.give_back(client) == (0, 1)
    client.ask("SetInputName", inputName="Elsewhere", newInputName="Face")
    assert webcams.give_back(client) == (1, 0)


@pytest.mark.parametrize(
    ("platform", "device", "settings", "same"),
    [
        ("win32", "Their Webcam:\\\\?\\usb#22vid", {}, True),
        ("win32", "Their Webcam 2:\\\\?\\usb#22vid", {}, False),
        ("win32", "A#3AB:path", {}, False),
        ("darwin", "0x1234", {"device_name": "Their Webcam"}, True),
        ("darwin", "0x1234", {}, False),
    ],
)
def test_whose_webcam_it_is_on_other_systems(platform, device, settings, same):
    assert webcams._same(MINE, device, settings, platform) is same
