import numpy as np
import pytest

from endlessdreams_cam.program.lettering import BOLD, LIGHT, line, paragraph


def test_a_line_is_anti_aliased_and_whole():
    plane = line("gAy", 40)
    assert plane.dtype == np.uint8
    assert plane.shape[0] == 60
    assert plane.max() > 240
    assert ((plane > 20) & (plane < 230)).any()
    assert not plane[0].any(), "the ascender is inside"
    assert not plane[-1].any(), "the descender too"
    assert plane[40:].any()


def test_weight_and_length_show():
    assert line("AI", 40, BOLD).sum() > line("AI", 40, LIGHT).sum()
    assert line("mmmm", 40).shape[1] > 3 * line("m", 40).shape[1]


@pytest.mark.parametrize("text", ["zurück — à bientôt", "скоро вернусь", "すぐ戻ります", "łódź"])
def test_other_languages_have_letters(text):
    assert line(text, 30).any()
    assert not np.array_equal(line(text, 30), line("?" * len(text), 30))


def test_a_long_text_takes_two_lines_and_then_smaller_type():
    one = paragraph("back in a moment", 30, 600)
    two = paragraph("we will be back in just a very short moment", 30, 400)
    assert one.shape[0] == 45
    assert two.shape[0] == 90
    assert two.shape[1] <= 400
    assert paragraph("w" * 80, 30, 400).shape[1] <= 420
    assert paragraph("many words " * 7, 30, 90).shape[1] <= 130


def test_lines_are_centred():
    plane = paragraph("aaaaaaaaaaaaaaaaaaaa i", 30, 200)
    half = plane.shape[0] // 2
    for part in (plane[:half], plane[half:]):
        columns = part.any(axis=0).nonzero()[0]
        assert columns.mean() == pytest.approx(plane.shape[1] / 2, abs=8)


def test_nothing_is_no_letters():
    assert not line("", 30).any()
    assert not line(" ", 30).any()
