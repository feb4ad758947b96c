import pytest

from endlessdreams_cam.errors import PresetError
from endlessdreams_cam.presets.setlist import parse_setlist, read_setlist

GOOD = b"""
schema = 1
title = "Friday"
[[song]]
preset = "ember"
note = "opener, slow; fader 3 on the drop"
morph = 3.0
wait = "bar"
[[song]]
preset = "Neon Mile"
morph_beats = 8
[[song]]
preset = "ember"
"""
THERE = ["ember", "neon-mile"]


def test_a_good_setlist():
    setlist = parse_setlist(GOOD, name="s.toml", presets=THERE)
    assert [song.preset for song in setlist.song] == ["ember", "neon-mile", "ember"]
    first, second, _ = setlist.song
    assert (first.note, first.morph, first.wait) == (
        "opener, slow; fader 3 on the drop", 3.0, "bar",
    )  # fmt: skip
    assert (second.morph, second.morph_beats, second.wait) == (None, 8, None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "song"),
        (b"song = []", "song"),
        (b'[[song]]\npreset = "nothing"', r"s\.toml: song\.1\.preset: there is no"),
        (b'[[song]]\npreset = "../x"', r"song\.1\.preset: '\.\./x' is not a preset's name"),
        (b'[[song]]\npreset = "ember"\nwait = "tomorrow"', r"song\.1\.wait"),
        (b'[[song]]\npreset = "ember"\nmorph = nan', r"song\.1\.morph"),
        (b'[[song]]\npreset = "ember"\nspeed = 1', r"song\.1\.speed: this key is not known"),
        (b'[[song]]\npreset = "ember"\n[[song]', "not valid TOML"),
        (b'schema = 9\n[[song]]\npreset = "ember"', "schema 9.*Update"),
    ],
)  # fmt: skip
def test_bad_setlists_are_refused_with_the_place(text, said):
    with pytest.raises(PresetError, match=said):
        parse_setlist(text, name="s.toml", presets=THERE)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(PresetError, match="cannot be read"):
        read_setlist(tmp_path / "no.toml", THERE)
