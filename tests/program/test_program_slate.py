from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from endlessdreams_cam.frame import Size
from endlessdreams_cam.program.gradient import Gradient
from endlessdreams_cam.program.slate import Slate

SIZE = Size(320, 180)
S = 1_000_000_000


def drawn(slate, text="back in a moment", image="", seconds=0.0):
    out = np.empty((180, 320, 3), np.uint8)
    slate.draw(text, image, round(seconds * S), out)
    return out


def test_the_gradient_moves_slowly_and_never_flashes():
    slate = Slate(SIZE)
    pictures = [drawn(slate, "", seconds=t).astype(int) for t in np.arange(0, 4, 0.25)]
    steps = [np.abs(b - a) for a, b in pairwise(pictures)]
    assert min(step.mean() for step in steps) > 0.2, "a still one reads as frozen"
    assert max(step.max() for step in steps) < 12
    assert np.abs(pictures[-1] - pictures[0]).mean() > 2


@pytest.mark.parametrize("seconds", [0, 7.7, 100, 3600 * 9])
def test_it_is_dark_but_not_black_and_soft(seconds):
    light = Gradient(SIZE).at(seconds)
    assert light.dtype == np.float32
    assert 15 < light.mean() < 90
    assert light.max() < 255
    assert np.abs(np.diff(light, axis=0)).max() < 30


def test_the_text_stands_in_the_middle():
    slate = Slate(SIZE)
    difference = np.abs(drawn(slate, "hello").astype(int) - drawn(slate, "")).sum(axis=2)
    rows, columns = (difference > 60).nonzero()
    assert columns.mean() == pytest.approx(160, abs=6)
    assert rows.mean() == pytest.approx(90, abs=6)
    assert drawn(slate, "hello").max() > 235


@pytest.mark.parametrize("text", ["x" * 80, "many words " * 7, "い" * 40, ""])
@pytest.mark.parametrize("size", [(320, 180), (90, 160), (7, 5), (1, 1)])
def test_any_text_fits_any_program(text, size):
    slate, out = Slate(Size(*size)), np.empty((size[1], size[0], 3), np.uint8)
    slate.draw(text, "", 0, out)


def test_a_picture_takes_the_gradients_place_once_it_is_there(tmp_path):
    Image.new("RGB", (640, 360), (10, 200, 30)).save(tmp_path / "card.png")
    works = []
    slate = Slate(SIZE, start=works.append)
    path = str(tmp_path / "card.png")
    assert np.array_equal(drawn(slate, image=path), drawn(slate)), "nobody waits for it"
    works[0]()
    assert (drawn(slate, image=path) == (10, 200, 30)).all()
    assert not (drawn(slate) == (10, 200, 30)).all()


def test_a_picture_that_cannot_be_shown_leaves_the_gradient_and_no_error_on_air():
    slate = Slate(SIZE, start=lambda work: work())
    assert np.array_equal(drawn(slate, image="/nowhere.png"), drawn(slate))


def test_a_picture_may_be_given():
    picture = np.full((180, 320, 3), 33, np.uint8)
    assert (drawn(Slate(SIZE, picture=picture)) == 33).all()
