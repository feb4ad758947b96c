import os
import time

import av
import numpy as np
import pytest
from PIL import Image as Pillow

from endlessdreams_cam.errors import DeviceError
from endlessdreams_cam.sources import make_source


def grabs(source, seconds):
    """Return what a source gives within some seconds."""
    found, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        grab = source.read()
        if grab:
            found.append(grab)
    return found


@pytest.mark.timeout(10)
@pytest.mark.parametrize("kind", ["file", "image"])
def test_a_pipe_or_a_folder_is_no_file_and_nothing_waits_for_it(tmp_path, kind):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path):
        with pytest.raises(DeviceError, match="is not a file"):
            make_source(f"{kind}:{path}").open()


def test_a_picture_of_a_slow_animation_comes_again_and_again(tmp_path):
    pictures = [Pillow.new("RGB", (8, 8), colour) for colour in ("black", "white")]
    path = tmp_path / "slow.gif"
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=700, loop=0)
    with make_source(f"image:{path}") as source:
        light = [float(grab.pixels.mean()) for grab in grabs(source, 1.2)]
    assert light == sorted(light), "first the black one, then the white one"
    assert 3 <= sum(value < 9 for value in light) <= 5
    assert light[-1] > 240


def test_a_quick_animation_keeps_its_rate_from_the_start(tmp_path):
    pictures = [Pillow.new("L", (8, 8), 25 * n) for n in range(10)]
    path = tmp_path / "quick.gif"
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=50, loop=0)
    with make_source(f"image:{path}") as source:
        assert 15 <= len(grabs(source, 1.0)) <= 22


def test_a_frame_of_a_slow_video_comes_again_and_again(tmp_path):
    path = tmp_path / "slow.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=1)
        stream.width = stream.height = 64
        for n in range(4):
            pixels = np.full((64, 64, 3), 60 * n, np.uint8)
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts = 3 * n  # three seconds each
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with make_source(f"file:{path}") as source:
        found = grabs(source, 1.8)
    times = [grab.captured_ns for grab in found]
    assert 3 <= len(found) <= 4
    assert times == sorted(set(times))
