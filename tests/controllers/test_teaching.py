"""A unit with another factory map teaches its profile."""

import pytest

from endlessdreams_cam.bindings import Event, Gesture
from endlessdreams_cam.controllers.profiles import shipped, source
from endlessdreams_cam.controllers.teaching import Teaching, series
from endlessdreams_cam.errors import ProfileError

FILE = b"""# mine
title = "My Pads"

[[control]]
name = "fader.1-3" # the long ones
part = "fader"
message = "cc:1:0-2"

[[control]]
name = "pad.1"
part = "button"
message = { A = "note:1:4", B = "note:1:8" }
light = true
"""


@pytest.fixture
def teaching():
    return Teaching(FILE, name="pads.toml")


def moved(address, gesture=Gesture.ABSOLUTE, device="unit"):
    return Event(device, address, "", gesture, 0.5)


def test_rows_are_asked_for_in_their_order_and_layers(teaching):
    asked = []
    while lesson := teaching.lesson:
        asked.append((lesson.layer, lesson.names))
        teaching.skip()
    assert asked == [("", ("fader.1", "fader.2", "fader.3")), ("A", ("pad.1",)), ("B", ("pad.1",))]
    assert not teaching.changed


def test_what_is_moved_is_kept_and_comments_stay(teaching):
    told = [teaching.feed(moved(f"cc:2:{n}")) for n in (20, 20, 21, 20, 9)]
    assert told == ["fader.1 = cc:2:20", None, "fader.2 = cc:2:21", None, "fader.3 = cc:2:9"]
    teaching.feed(moved("note:3:1", Gesture.PRESS))
    teaching.skip()
    data, profile = teaching.written()
    assert teaching.changed
    assert b"# the long ones" in data
    addresses = {(c.name, c.layer): c.address for c in profile.controls}
    assert addresses == {
        ("fader.1", ""): "cc:2:20",
        ("fader.2", ""): "cc:2:21",
        ("fader.3", ""): "cc:2:9",
        ("pad.1", "A"): "note:3:1",
        ("pad.1", "B"): "note:1:8",
    }
    assert {c.light.address for c in profile.controls if c.light} == {"note:3:1", "note:1:8"}


def test_a_row_that_was_left_half_way_stays_as_it_was(teaching):
    teaching.feed(moved("cc:2:20"))
    teaching.skip()
    assert teaching.feed(moved("cc:2:20")) == "pad.1 = cc:2:20"
    _, profile = teaching.written()
    assert [c.address for c in profile.controls][:3] == ["cc:1:0", "cc:1:1", "cc:1:2"]


def test_letting_go_teaches_nothing(teaching):
    assert teaching.feed(moved("note:1:1", Gesture.RELEASE)) is None


def test_a_message_that_another_row_still_has_is_refused(teaching):
    teaching.skip()
    teaching.feed(moved("cc:1:0"))
    with pytest.raises(ProfileError, match="twice"):
        teaching.written()


@pytest.mark.parametrize(
    ("addresses", "text"),
    [
        (["cc:1:5"], "cc:1:5"),
        (["cc:1:0", "cc:1:1", "cc:1:2", "cc:1:16"], "cc:1:0-2,16"),
        (["cc:1:3", "cc:1:2", "cc:1:1"], "cc:1:3,2,1"),
        (["cc:1:3", "note:1:2"], ["cc:1:3", "note:1:2"]),
        (["pitch:1", "pitch:2"], "pitch:1-2"),
    ],
)
def test_messages_are_written_as_short_as_they_can_be(addresses, text):
    assert series(addresses) == text


def test_every_shipped_profile_can_be_taught_what_it_says_already(tmp_path):
    for profile in shipped():
        data = source(tmp_path, profile.name).read_bytes()
        teaching = Teaching(data, name=f"{profile.name}.toml")
        while lesson := teaching.lesson:
            for name in lesson.names:
                (control,) = (
                    c for c in profile.controls if (c.name, c.layer) == (name, lesson.layer)
                )
                assert teaching.feed(moved(control.address)), name
        assert teaching.written()[1] == profile


def test_a_profile_is_found_by_name_or_the_names_are_told(tmp_path):
    assert source(tmp_path, "midimix").name == "midimix.toml"
    (tmp_path / "midimix.toml").write_bytes(FILE)
    assert source(tmp_path, "midimix").parent == tmp_path
    with pytest.raises(ProfileError, match=r"no profile called '\.\./x'"):
        source(tmp_path, "../x")
