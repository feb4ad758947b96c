import logging
import zlib

import numpy as np
import pytest
from PIL import Image

from endlessdreams_cam.frame import Size
from endlessdreams_cam.program.still import load_still

SIZE = Size(64, 36)


def saved(path, size=(128, 72), mode="RGB", colour=(200, 100, 50), **how):
    Image.new(mode, size, colour).save(path, **how)
    return str(path)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp"])
def test_pictures_are_loaded_at_the_programs_size(tmp_path, name):
    pixels = load_still(saved(tmp_path / name), SIZE)
    assert pixels.shape == (36, 64, 3)
    assert np.abs(pixels.astype(int) - (200, 100, 50)).max() <= 6


def test_a_tall_picture_is_cropped_and_a_transparent_one_lies_on_black(tmp_path):
    picture = Image.new("RGB", (40, 400))
    picture.paste((255, 0, 0), (0, 180, 40, 220))
    picture.save(tmp_path / "tall.png")
    assert load_still(str(tmp_path / "tall.png"), SIZE)[18, 32].tolist() == [255, 0, 0]
    clear = saved(tmp_path / "clear.png", mode="RGBA", colour=(255, 255, 255, 0))
    assert not load_still(clear, SIZE).any()


@pytest.mark.parametrize("mode", ["L", "P", "1", "LA", "CMYK", "I;16"])
def test_every_kind_of_picture_becomes_rgb(tmp_path, mode):
    name = tmp_path / ("a.jpg" if mode == "CMYK" else "a.png")
    Image.new(mode, (20, 20)).save(name)
    assert load_still(str(name), SIZE).shape == (36, 64, 3)


def huge_png(width, height):
    """A PNG that says it is large; its data would never be read."""

    def chunk(name, data):
        body = name + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a picture",
        huge_png(9000, 9000),
        huge_png(11000, 9000),
        huge_png(60000, 60000),
        huge_png(64, 36),
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
    ],
)
def test_what_cannot_be_shown_is_refused_with_the_cause_in_the_log(tmp_path, data, caplog):
    path = tmp_path / "a.png"
    path.write_bytes(data)
    with caplog.at_level(logging.WARNING):
        assert load_still(str(path), SIZE) is None
    assert "a.png" in caplog.text


def test_a_cut_file_is_refused(tmp_path):
    path = tmp_path / "cut.jpg"
    random = np.random.default_rng(1).integers(0, 256, (200, 200, 3), np.uint8)
    Image.fromarray(random).save(path)
    path.write_bytes(path.read_bytes()[:5000])
    assert load_still(str(path), SIZE) is None


@pytest.mark.parametrize("path", ["", "/nowhere/at/all.png", "a\0b", "~nobody-here/x.png", "."])
def test_a_path_that_is_no_file_is_refused(path):
    assert load_still(path, SIZE) is None


def test_a_sound_picture_that_is_too_large_is_refused_unread(tmp_path):
    huge = saved(tmp_path / "huge.png", (9000, 6000), "1", 1)
    assert load_still(huge, SIZE) is None
    padded = tmp_path / "padded.png"
    saved(padded)
    assert load_still(str(padded), SIZE) is not None
    with padded.open("ab") as file:
        file.truncate(65_000_000)
    assert load_still(str(padded), SIZE) is None
