import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endlessdreams_cam.bindings import Encoding
from endlessdreams_cam.controllers.profile import Light
from endlessdreams_cam.controllers.profile_file import LARGEST, parse
from endlessdreams_cam.controllers.profiles import choose, load_profiles, read, shipped
from endlessdreams_cam.errors import ProfileError

SHIPPED = Path(__file__).parents[2] / "endlessdreams_cam" / "controllers" / "profiles"

GOOD = b"""
title = "My Pads"
match = ["My Pads"]

[light]
on = 5

[[control]]
name = "pad.1-4"
part = "button"
label = "P 1-4"
message = "note:10:36-38,42"
light = true
x = 1
dx = 2

[[control]]
name = ["knob.1", "knob.2"]
part = "encoder"
message = { up = "cc:1:1,2", down = "cc:2:1,2" }
relative = "offset"
light = { message = { down = "cc:3:7,8" }, off = 1, continuous = true }

[[bind]]
control = "pad.1-4"
to = "preset.1-4"

[[bind]]
control = "knob.1-2"
to = ["look.hue", "view.zoom"]
range = [1, 2]

[[bind]]
control = "cc:1:99"
to = "panic"
"""


def test_rows_stand_for_several_controls():
    profile = parse(GOOD, name="my-pads.toml")
    pads = profile.controls[:4]
    assert [c.name for c in pads] == ["pad.1", "pad.2", "pad.3", "pad.4"]
    assert [c.address for c in pads] == ["note:10:36", "note:10:37", "note:10:38", "note:10:42"]
    assert [c.label for c in pads] == ["P 1", "P 2", "P 3", "P 4"]
    assert [(c.x, c.y) for c in pads] == [(1, 0), (3, 0), (5, 0), (7, 0)]
    assert pads[3].light == Light(address="note:10:42", on=5)
    assert (profile.name, profile.title, profile.match) == ("my-pads", "My Pads", ("my pads",))


def test_a_control_may_be_in_several_layers():
    profile = parse(GOOD, name="my-pads.toml")
    knobs = profile.controls[4:]
    assert [(c.name, c.layer, c.address) for c in knobs] == [
        ("knob.1", "up", "cc:1:1"), ("knob.2", "up", "cc:1:2"),
        ("knob.1", "down", "cc:2:1"), ("knob.2", "down", "cc:2:2"),
    ]  # fmt: skip
    assert all(c.relative is Encoding.OFFSET for c in knobs)
    assert knobs[0].light == Light(address="cc:1:1", on=5, off=1, continuous=True)
    assert knobs[3].light == Light(address="cc:3:8", on=5, off=1, continuous=True)
    assert profile.by_name["knob.1"] is knobs[0]
    assert profile.by_address["cc:2:1"] is knobs[2]


def test_rows_of_the_layout_stand_for_several_bindings():
    layout = parse(GOOD, name="my-pads.toml").layout
    assert [(b.control, b.to) for b in layout] == [
        ("pad.1", "preset.1"), ("pad.2", "preset.2"), ("pad.3", "preset.3"),
        ("pad.4", "preset.4"), ("knob.1", "look.hue"), ("knob.2", "view.zoom"),
        ("cc:1:99", "panic"),
    ]  # fmt: skip
    assert layout[5].range == (1.0, 2.0)


def test_one_target_may_be_for_all_controls():
    text = GOOD.replace(b'to = "preset.1-4"', b'to = "dream.reseed"')
    assert [b.to for b in parse(text, name="x.toml").layout[:4]] == ["dream.reseed"] * 4


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b'title = "My Pads"', b'title = ""', "title: "),
        (b'title = "My Pads"', b"titel = 1", "titel: this key is not known"),
        (b'part = "button"', b'part = "slider"', "control.1.part: Input should be 'fader', 'knob'"),
        (b"36-38,42", b"36-38", "control.1: 3 messages, but 4 are needed"),
        (b"36-38,42", b"38-36,42", "control.1: 38-36 runs backwards"),
        (b"36-38,42", b"1-9999", "1-9999 is more than 128"),
        (b"36-38,42", b"125-128", "control.1: 'note:10:128' is no message: write kind, channel"),
        (b"note:10:36", b"note:*:36", "'note:*:36' is no message"),
        (b"note:10:36", b"note:17:36", "'note:17:36' is no message"),
        (b'message = "note:10:36-38,42"\n', b"", "control.1: message is missing"),
        (b"P 1-4", b"P 1-3", "control.1: 3 labels, but 4 are needed"),
        (b'name = "pad.1-4"', b'name = "pad 1-4"', "'pad 1' is no control's name"),
        (b'name = "pad.1-4"', b'name = "note:10:1-4"', "'note:10:1' is no control's name"),
        (b'down = "cc:2:1,2"', b'down = "cc:1:2,3"', "the message cc:1:2 is there twice"),
        (b'"knob.1", "knob.2"', b'"knob.1", "knob.1"', "the control knob.1 is there twice"),
        (b'"cc:3:7,8"', b'"note:10:42,43"', "the light note:10:42 is there twice"),
        (b'"cc:3:7,8"', b'"cc:3:7"', "the light cc:3:7 is there twice"),
        (b'"cc:3:7,8"', b'"cc:3:7-9"', "control.2: 3 lights, but 2 are needed"),
        (b"on = 5", b"on = 128", "light.on: "),
        (b"on = 5", b"colour = 5", "light.colour: this key is not known"),
        (b'relative = "offset"', b'relative = "both"', "control.2.relative"),
        (b"x = 1", b"x = nan", "control.1.x"),
        (b'"preset.1-4"', b'"preset.1-3"', "bind.1: 3 targets, but 4 are needed"),
        (b'"preset.1-4"', b'"prest.1-4"', "bind.1.1.to: There is no parameter 'prest.1'. Did you"),
        (b'control = "knob.1-2"', b'control = "knbo.1-2"',
         "bind.2: there is no control 'knbo.1' here. Did you mean knob.1?"),
        (b'to = "panic"', b'to = "panic"\nspeed = 3', "bind.3.1.speed: this key is not known"),
        (b'to = "panic"', b"to = 3", "bind.3.1.to"),
        (b"[light]", b"[light", "my-pads.toml is not valid TOML"),
        (b'title = "My Pads"', b'title = "\xff"', "UTF-8"),
        (b'title = "My Pads"', b"x = " + b"[" * 3000, "nested"),
        (b'title = "My Pads"', b"#" * LARGEST, "at most 64 KB"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_the_file_and_the_place(old, new, said):
    with pytest.raises(ProfileError) as caught:
        parse(GOOD.replace(old, new), name="my-pads.toml")
    assert str(caught.value).startswith("my-pads.toml")
    assert said in str(caught.value)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=6))
def test_damage_never_does_more_than_a_profile_error(at, junk):
    with contextlib.suppress(ProfileError):
        parse(GOOD[:at] + junk + GOOD[at + len(junk) :], name="x.toml")


def test_without_a_folder_of_ones_own_there_are_the_shipped_ones(tmp_path):
    assert load_profiles(tmp_path / "nowhere") == shipped()


def test_ones_own_profile_wins_over_the_shipped_namesake(tmp_path):
    own = (tmp_path / "midimix.toml", tmp_path / "my-pads.toml")
    for path in own:
        path.write_bytes(GOOD)
    profiles = load_profiles(tmp_path)
    assert sorted(p.name for p in profiles) == sorted([*(p.name for p in shipped()), "my-pads"])
    assert {p.name: p.title for p in profiles}["midimix"] == "My Pads"


def test_a_bad_file_is_left_out_and_told(tmp_path):
    (tmp_path / "midimix.toml").write_bytes(GOOD.replace(b"part", b"prat"))
    (tmp_path / "My Pads.toml").write_bytes(GOOD)
    (tmp_path / "huge.toml").write_bytes(b" " * (LARGEST + 1))
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "notes.txt").write_text("not a profile")
    told = []
    assert load_profiles(tmp_path, tell=told.append) == shipped()
    assert load_profiles(tmp_path) == shipped()
    assert len(told) == 4
    assert any(t.startswith("midimix.toml: control.1.part: Field required") for t in told)
    assert any("My Pads.toml is not a profile's name. Use small letters" in t for t in told)
    assert any("huge.toml is larger" in t for t in told)
    assert any("folder.toml cannot be read" in t for t in told)


@pytest.mark.parametrize(
    ("port", "name"),
    [
        ("nanoKONTROL2:nanoKONTROL2 nanoKONTROL2 _ CTR 20:0", "nanokontrol2"),
        ("nanoKONTROL2 1 SLIDER/KNOB", "nanokontrol2"),
        ("MIDI Mix:MIDI Mix MIDI 1 24:0", "midimix"),
        ("MIDImix", "midimix"),
        ("X-TOUCH MINI:X-TOUCH MINI MIDI 1 28:0", "xtouch-mini"),
        ("Launch Control XL:Launch Control XL MIDI 1 32:0", "launch-control-xl"),
        ("Launch Control MIDI 1", "generic"),
        ("X-TOUCH COMPACT", "generic"),
        ("nanoKONTROL Studio", "generic"),
        ("", "generic"),
    ],
)
def test_a_controller_is_known_by_its_ports_name(port, name):
    assert choose(shipped(), port).name == name


def test_the_profile_that_knows_most_of_the_name_is_chosen_and_ones_own_first(tmp_path):
    for stem, match in (("a-pads", "midi mix"), ("b-pads", "mix"), ("c-pads", "launch")):
        (tmp_path / f"{stem}.toml").write_bytes(
            GOOD.replace(b'match = ["My Pads"]', f'match = ["{match}"]'.encode())
        )
    profiles = load_profiles(tmp_path)
    assert choose(profiles, "MIDI Mix").name == "a-pads"
    assert choose(profiles, "Launch Control XL").name == "launch-control-xl"
    assert choose(profiles, "Launchpad").name == "c-pads"


def test_a_shipped_file_can_be_copied_and_changed(tmp_path):
    text = (SHIPPED / "nanokontrol2.toml").read_text()
    path = tmp_path / "nanokontrol2.toml"
    path.write_text(text.replace('"dream.strength", ', '"look.contrast", '))
    bound = {b.control: b.to for b in read(path).layout if not b.shift}
    assert bound["knob.1"] == "look.contrast"
    assert bound["knob.2"] == "source.amount"
