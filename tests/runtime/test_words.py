"""Words that are kept out of prompts from outside."""

import pytest

from endlessdreams_cam.errors import SettingError
from endlessdreams_cam.runtime.words import Words, is_outside


@pytest.mark.parametrize("text", ["a nude", "NÚDE woman", "n4ked hill", "some p0rn.", "gore,gore"])
def test_a_coarse_word_is_found_however_it_is_written(text):
    assert Words().found(text)


@pytest.mark.parametrize("text", ["", "a lake at night", "Essex", "sextant", "gorse", "ناس 水 🌊"])
def test_others_pass(text):
    assert not Words().found(text)


def test_a_file_adds_words(tmp_path):
    path = tmp_path / "blocked-words.txt"
    path.write_text("# ours\nPineapple  # never\n\n")
    words = Words.read(path)
    assert words.found("a pineapple")
    assert words.found("a nude")
    assert not words.found("ours")


def test_without_a_file_the_usual_ones_are_kept_out(tmp_path):
    assert Words.read(tmp_path / "none.txt").found("porn")


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "blocked-words.txt"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingError, match="cannot be read"):
        Words.read(path)


def test_only_texts_that_are_seen_or_dreamt_are_looked_at():
    words = Words()
    words.check({"view.zoom": 2, "layer.input": "image:nude.jpg"})
    for name in ("prompt.3.text", "prompt.base", "slate.text", "prompt.1.label"):
        with pytest.raises(SettingError, match=name):
            words.check({name: "a nude"})


def test_who_is_outside():
    assert [is_outside(o) for o in ("web", "osc", "osc 1.2.3.4:9", "keys", "midi", "preset")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip
