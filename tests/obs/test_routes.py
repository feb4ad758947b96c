import pytest

from endlessdreams_cam.errors import DeviceMissing, SettingError
from endlessdreams_cam.obs.routes import Program, Way, routes

ALL = {"v4l2_input", "dshow_input", "ffmpeg_source", "browser_source"}
STREAM = Program("http://127.0.0.1:8808", "http://127.0.0.1:8808/program.mjpg?key=K")
CAMERA = Program(STREAM.url, STREAM.picture_url, "/dev/video10", "EndlessDreams Cam")


def ways(program, kinds=ALL, *, platform="linux", local=True, wanted=None):
    found = routes(program, kinds, local=local, wanted=wanted, platform=platform)
    return [route.way for route in found]


def test_the_camera_that_the_show_writes_to_comes_first():
    (first, *_) = routes(CAMERA, ALL, local=True, platform="linux")
    assert (first.kind, first.choose) == ("v4l2_input", ("device_id", "/dev/video10"))
    assert ways(CAMERA) == [Way.CAMERA, Way.STREAM, Way.PAGE]


@pytest.mark.parametrize(
    ("program", "platform", "local"),
    [(STREAM, "linux", True), (CAMERA, "darwin", True),
     (Program("https://10.0.0.2:8808", "https://10.0.0.2:8808/program.mjpg?key=K", "/dev/video10",
              "EndlessDreams Cam"), "linux", False),
     (Program(STREAM.url, STREAM.picture_url, "OBS Virtual Camera", "OBS Virtual Camera"), "win32",
      True)],
)  # fmt: skip
def test_without_a_camera_that_obs_could_show_the_stream_is_taken(program, platform, local):
    assert ways(program, platform=platform, local=local) == [Way.STREAM, Way.PAGE]
    with pytest.raises(DeviceMissing):
        ways(program, platform=platform, local=local, wanted=Way.CAMERA)


def test_the_second_camera_of_windows():
    unity = Program(STREAM.url, STREAM.picture_url, "Unity Video Capture", "Unity Video Capture")
    (first, *_) = routes(unity, ALL, local=True, platform="win32")
    assert (first.kind, first.choose) == ("dshow_input", ("video_device_id", "Unity Video Capture"))


def test_an_obs_without_the_kind():
    assert ways(CAMERA, {"ffmpeg_source"}) == [Way.STREAM]
    with pytest.raises(DeviceMissing, match="browser source"):
        ways(CAMERA, {"ffmpeg_source"}, wanted=Way.PAGE)


def test_the_page_has_the_key_that_opens_pictures_only():
    (page,) = routes(STREAM, ALL, local=True, wanted=Way.PAGE)
    assert page.settings["url"] == "http://127.0.0.1:8808/on-air?key=K"


def test_an_obs_elsewhere_cannot_fetch_what_is_for_this_machine():
    with pytest.raises(SettingError, match="another machine"):
        ways(STREAM, local=False)
