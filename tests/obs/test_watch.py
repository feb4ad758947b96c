import pytest

from endlessdreams_cam.errors import DeviceMissing
from endlessdreams_cam.obs.proof import Verdict
from endlessdreams_cam.obs.refusals import ObsRefusal
from endlessdreams_cam.obs.watch import Watch, look, see


class Refuses:
    def __init__(self, code):
        self.code = code

    def ask(self, request, **_):
        raise ObsRefusal(request, self.code, "Secret Room")


def test_a_source_that_obs_cannot_draw_yet_shows_nothing():
    assert look(Refuses(702), Watch("http://x/", see), shots=2).verdict is Verdict.NOTHING
    with pytest.raises(ObsRefusal):
        look(Refuses(600), Watch("http://x/", see), shots=1)


def test_a_panel_that_is_not_there():
    with pytest.raises(DeviceMissing, match="does not answer"):
        Watch("http://127.0.0.1:9/program.mjpg?key=K", see).open()


@pytest.mark.parametrize("jpeg", [b"", b"nothing", b"\xff\xd8\xff"])
def test_what_is_no_picture_is_not_seen(jpeg):
    assert see(jpeg, 1) is None
