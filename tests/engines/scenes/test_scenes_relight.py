import numpy as np
import pytest
from scene_fakes import SMALL, STEP, sitting

from endlessdreams_cam.engines.scenes.canvas import Live, crop
from endlessdreams_cam.engines.scenes.relight import Relight, Tones


def world():
    down = np.linspace(0.05, 0.8, SMALL.height, dtype=np.float32)[:, None, None]
    return np.repeat(down, SMALL.width, 1) * np.array((0.2, 0.4, 1.0), np.float32)


def live(mode="mix", layer_amount=0.0):
    pixels = crop(sitting(3), SMALL)
    return Live(pixels, 1.0, pixels if layer_amount else None, mode, layer_amount)


@pytest.fixture
def relight():
    return Relight(SMALL)


def presence():
    plane = np.zeros((90, 160), np.float32)
    plane[20:, 60:100] = 1
    return plane


def test_at_zero_the_live_picture_is_shown_as_it_is(relight):
    shown = relight.canvas(world(), live(), 1.0, 0.0, None, 0.0, STEP)
    assert np.allclose(shown * 255, live().pixels, atol=0.01)


def test_painted_it_takes_the_worlds_colours_and_stays_readable(relight):
    shown = relight.canvas(world(), live(), 1.0, 1.0, None, 0.0, STEP)
    pixels = live().pixels.astype(np.float32) / 255
    warmth = (shown[..., 0] - shown[..., 2]).mean()
    assert warmth < (pixels[..., 0] - pixels[..., 2]).mean() - 0.05
    seen = np.corrcoef(shown.mean(2).ravel(), pixels.mean(2).ravel())[0, 1]
    assert seen > 0.8


def test_the_person_stays_longest(relight):
    there = np.abs(relight.canvas(world(), live(), 0.5, 0.0, presence(), 0.0, STEP) - world()).mean(
        2
    )
    assert there[20:50, 44:52].mean() > 2 * there[20:50, :20].mean()


@pytest.mark.parametrize("mode", ["mix", "screen", "multiply", "difference", "luma"])
def test_a_layer_relights_the_world(relight, mode):
    shown = relight.layer(world(), live(mode, 0.7), 0.7, 0.0, STEP)
    assert np.isfinite(shown).all()
    assert np.abs(shown - world()).mean() > 0.01
    less = Relight(SMALL).layer(world(), live(mode, 0.05), 0.05, 0.0, STEP)
    assert np.abs(less - world()).mean() < 0.3 * np.abs(shown - world()).mean()


def test_without_a_layer_nothing_changes(relight):
    picture = world()
    assert relight.layer(picture, live(), 0.8, 0.0, STEP) is picture
    assert relight.layer(picture, live("mix", 0.5), 0.0, 0.0, STEP) is picture


def test_tones_follow_without_flicker():
    tones = Tones()
    for _ in range(60):
        tones.follow(world(), live().pixels, STEP)
    before = tones.table.copy()
    for _ in range(4):
        tones.follow(1 - world(), live().pixels, STEP)
    assert 0 < np.abs(tones.table - before).max() < 0.3
    assert tones.table.shape == (256, 1, 3)


@pytest.mark.parametrize("value", [0.0, 0.02, 1.0])
def test_flat_worlds_are_no_fault(relight, value):
    flat = np.full((SMALL.height, SMALL.width, 3), value, np.float32)
    shown = relight.canvas(flat, live(), 0.6, 1.0, presence(), 0.0, STEP)
    assert np.isfinite(shown).all()
