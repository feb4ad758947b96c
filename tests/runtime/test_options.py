import pytest

from endlessdreams_cam.errors import SettingError
from endlessdreams_cam.frame import Size
from endlessdreams_cam.runtime.options import dream_size_for, parse_obs, parse_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1280x720", Size(1280, 720)),
        ("1920×1080", Size(1920, 1080)),
        ("1080x1920", Size(1080, 1920)),
        ("90x160", Size(90, 160)),
        ("1080x1080", Size(1080, 1080)),
    ],
)
def test_sizes_lie_or_stand(text, size):
    assert parse_size(text, name="--size") == size


@pytest.mark.parametrize(
    "text", ["1920x1922", "1082x1920", "88x160", "160x88", "1281x720", "x", ""]
)
def test_other_sizes_are_refused_with_what_is_allowed(text):
    with pytest.raises(SettingError) as caught:
        parse_size(text, name="--size")
    assert "1920x1080" in caught.value.remedy


def test_an_upright_dream_is_as_large_as_a_lying_one():
    assert dream_size_for(Size(1080, 1920)) == Size(360, 640)


@pytest.mark.parametrize("text", ["auto", "on", "off", "ws://studio", "ws://[::1]:4455"])
def test_where_obs_may_be(text):
    assert parse_obs(text) == text


@pytest.mark.parametrize("text", ["", "yes", "studio:4455", "wss://studio", "http://studio"])
def test_where_obs_cannot_be(text):
    with pytest.raises(SettingError, match="OBS's address"):
        parse_obs(text)
