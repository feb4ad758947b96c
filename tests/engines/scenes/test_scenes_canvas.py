import numpy as np
import pytest
from scene_fakes import SMALL, STEP

from endlessdreams_cam.engines import Inputs
from endlessdreams_cam.engines.scenes.canvas import Stillness, blend, compose, crop
from endlessdreams_cam.frame import Frame
from endlessdreams_cam.parameters import Store


def plain(red, green=None, blue=None, shape=(54, 96)):
    colour = (red, red if green is None else green, red if blue is None else blue)
    return np.full((*shape, 3), colour, np.uint8)


def composed(source=None, layer=None, **values):
    store = Store(lambda: 0)
    store.apply(values, origin="test", glide_s=0)
    frames = [None if p is None else Frame(p) for p in (source, layer)]
    return compose(Inputs(*frames), store.snapshot, SMALL)


def test_nothing_live_is_none():
    assert composed() is None
    assert composed(plain(9), **{"source.amount": 0}) is None
    assert composed(None, plain(9)) is None  # layer.amount is 0


def test_the_source_is_read_at_full_contrast_and_its_amount_kept():
    live = composed(plain(40, 80, 200), **{"source.amount": 0.5})
    assert live.amount == 0.5
    assert np.array_equal(live.pixels, plain(40, 80, 200))


def test_a_faint_source_under_a_strong_layer_is_faint():
    live = composed(plain(255), plain(0), **{"source.amount": 0.2, "layer.amount": 0.8,
                                             "layer.mode": "screen"})  # fmt: skip
    assert live.amount == pytest.approx(0.8)
    assert live.pixels[0, 0, 0] == pytest.approx(128 + 127 / 4, abs=2)


def test_a_layer_needs_no_source():
    live = composed(None, plain(200, 10, 10), **{"layer.amount": 1})
    assert np.array_equal(live.pixels, plain(200, 10, 10))
    assert live.layer_amount == 1


@pytest.mark.parametrize(
    "shape", [(54, 96), (720, 1280), (480, 640), (100, 900), (900, 100), (1, 1)]
)
def test_the_crop_has_the_dreams_size(shape):
    assert crop(plain(7, shape=shape), SMALL).shape == (54, 96, 3)


def test_the_crop_is_the_middle_and_never_stretched():
    wide = np.zeros((90, 320, 3), np.uint8)
    wide[:, 80:240] = 255
    assert crop(wide, SMALL).min() == 255
    square = np.zeros((200, 200, 3), np.uint8)
    square[95:105, 95:105] = 255  # a square stays a square
    lit = crop(square, SMALL)[..., 0] > 128
    assert lit.any(0).sum() == pytest.approx(lit.any(1).sum(), abs=1)


@pytest.mark.parametrize(
    ("mode", "amount", "expected"),
    [
        ("mix", 1, 200),
        ("mix", 0.5, 150),
        ("screen", 1, 255 - 155 * 55 / 255),
        ("multiply", 1, 100 * 200 / 255),
        ("difference", 1, 100),
        ("luma", 1, 100 + 100 * 200 / 255),
        ("luma", 0.5, 100 + 100 * 100 / 255),
        ("screen", 0, 100),
        ("luma", 0, 100),
    ],
)
def test_layers_blend(mode, amount, expected):
    assert blend(plain(100), plain(200), mode, amount)[5, 5, 1] == pytest.approx(expected, abs=1.5)


def test_luma_lets_black_through():
    assert np.array_equal(blend(plain(90), plain(0), "luma", 1), plain(90))


def test_a_photograph_is_told_from_a_camera():
    live = composed(plain(90, 40, 20))
    still = Stillness()
    for _ in range(120):
        found = still.follow(live, STEP)
    assert found.layer is live.pixels
    assert found.layer_amount > 0.3
    moved = composed(plain(91, 40, 20))
    assert still.follow(moved, STEP).layer is None
