"""The whole show through a real v4l2loopback device, read by other programs."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
import tiny_models

from endlessdreams_cam.sources.pattern import read_number

# A script has 150 s; the rest is for a guest that must be booted again.
pytestmark = [pytest.mark.realcam, pytest.mark.timeout(400)]

WIDTH, HEIGHT = 640, 360
PEERS = Path(__file__).parents[1] / "peers"

# A guest has one processor for the show and its readers: the engine does next to nothing.
TOOLS = f"""
set -e

show() {{  # FILE [OPTION ...], with & after it: a show that says what it says in FILE
    exec {sys.executable} -m endlessdreams_cam run --headless --output virtualcam \\
        --size {WIDTH}x{HEIGHT} --source pattern --engine fault:slow --set dream.rate=1 \\
        --set program.cut=source --set program.badge=off "${{@:2}}" > "$OUT/$1" 2>&1
}}

until_said() {{  # FILE WORDS
    for ((look = 0; look < 300; look++)); do
        if grep -qs "$2" "$OUT/$1"; then return; fi
        sleep 0.2
    done
    echo "Nobody said '$2':"; cat "$OUT/$1"; exit 1
}}

on_air() {{ until_said "$1" "Choose this camera in OBS, Zoom, Meet"; }}

end() {{ kill -INT "$1"; wait "$1"; }}

read_frames() {{  # NAME COUNT: the pictures as they come, and when they came
    ffmpeg -nostdin -v error -f v4l2 -use_wallclock_as_timestamps 1 -i "$DEVICE" \\
        -map 0 -c copy -frames:v "$2" -f rawvideo "$OUT/$1.yuv" \\
        -map 0 -c copy -frames:v "$2" -f mkvtimestamp_v2 "$OUT/$1.ms"
}}

has_frames() {{  # NAME COUNT: whether so many have been read
    (( $(stat -c %s "$OUT/$1.yuv" 2>/dev/null || echo 0) >= $2 * {WIDTH * HEIGHT * 3 // 2} ))
}}
"""


class Frames:
    """What ffmpeg read: when each frame came in seconds, and the number on its test card."""

    def __init__(self, out, name):
        planes = np.fromfile(out / f"{name}.yuv", np.uint8)
        luma = planes.reshape(-1, HEIGHT * 3 // 2, WIDTH)[:, :HEIGHT]
        cards = [read_number(np.repeat(grey[..., None], 3, axis=2)) for grey in luma]
        self.seconds = np.loadtxt(out / f"{name}.ms", comments="#") / 1000
        self.torn = np.array([card.torn for card in cards])
        self.numbers = np.array([-1 if card.number is None else card.number for card in cards])

    def __len__(self):
        return len(self.numbers)

    def steps(self, first=0, last=None):
        """Return the differences of successive numbers among the frames `first` to `last`."""
        numbers = self.numbers[first:last]
        return np.diff(numbers[numbers >= 0])


def test_ffmpeg_and_opencv_read_the_program_number_by_number(realcam):
    done = realcam(
        f"""{TOOLS}
        show said --device $DEVICE --report $OUT/report.json & show=$!
        on_air said
        read_frames program 600
        {sys.executable} {PEERS}/opencv_reader.py $DEVICE 60 > $OUT/opencv
        {sys.executable} -m endlessdreams_cam run --headless --seconds 5 > $OUT/second 2>&1 \\
            || echo "exit code $?" >> $OUT/second
        end $show
        """
    )
    assert done.code == 0, done.said
    read = Frames(done.out, "program")
    assert len(read) == 600
    assert (read.steps() >= 0).all(), "numbers never go back"
    assert np.mean(read.steps() != 1) <= 0.01, read.steps().tolist()
    assert np.mean(read.torn) <= 0.01
    assert np.mean(read.numbers < 0) <= 0.01
    assert (len(read) - 1) / (read.seconds[-1] - read.seconds[0]) == pytest.approx(30, abs=0.5)

    by_opencv = (done.out / "opencv").read_text().split()
    numbers = [int(word) for word in by_opencv if word.isdigit()]
    assert len(by_opencv) == 60
    assert len(numbers) >= 57, by_opencv
    assert numbers == sorted(numbers)
    assert numbers[0] > read.numbers.max()
    second = (done.out / "second").read_text()
    assert "A show is on air already" in second
    assert second.endswith("exit code 1\n")
    report = json.loads((done.out / "report.json").read_text())
    assert report["program"]["device"]
    assert not [row for row in report["errors"] if row["worker"] == "output"]


def test_a_reader_waits_while_the_program_is_stopped_and_started(realcam):
    done = realcam(
        f"""{TOOLS}
        show first --device $DEVICE & show=$!
        on_air first
        read_frames program 210 & reader=$!
        until has_frames program 90; do sleep 0.2; done
        end $show
        kill -0 $reader
        show second --device $DEVICE & show=$!
        wait $reader
        end $show
        """
    )
    assert done.code == 0, done.said
    read = Frames(done.out, "program")
    assert len(read) == 210
    restart = int(np.argmax(np.diff(read.seconds))) + 1
    assert read.seconds[restart] - read.seconds[restart - 1] > 0.5
    before, after = read.steps(last=restart), read.steps(first=restart)
    assert len(before) > 60
    assert len(after) > 60
    assert (before >= 0).all()
    assert (after >= 0).all()
    first, second = read.numbers[:restart], read.numbers[restart:]
    assert first.max() > second[second >= 0][0], "the second show counts anew"
    assert np.mean(read.torn) <= 0.01


def test_a_busy_camera_is_named_and_taken_when_it_is_free(realcam):
    done = realcam(
        f"""{TOOLS}
        {sys.executable} {PEERS}/other_program.py $DEVICE > $OUT/other & other=$!
        until_said other mine
        show said --device $DEVICE --report $OUT/report.json & show=$!
        until_said said "belongs to another program"
        kill $other
        on_air said
        read_frames program 60
        end $show
        """
    )
    assert done.code == 0, done.said
    said = (done.out / "said").read_text()
    assert "belongs to another program (other_program.py)" in said
    assert said.index("Other programs cannot see it yet") < said.index("Choose this camera")
    numbers = Frames(done.out, "program").numbers
    assert numbers.max() > 60, "the program ran all the while"
    report = json.loads((done.out / "report.json").read_text())
    assert report["program"]["device"]


def test_a_camera_that_appears_during_the_show_is_taken(realcam, camera):
    if not camera.module:
        pytest.skip("this machine's own virtual camera is not unloaded for a test")
    done = realcam(
        f"""{TOOLS}
        rmmod v4l2loopback
        show said --report $OUT/report.json & show=$!
        until_said said "Other programs cannot see it yet"
        until_said said "There is no virtual camera on this machine"
        insmod $MODULE video_nr=20 card_label='"EndlessDreams Cam"' exclusive_caps=1
        on_air said
        read_frames program 60
        end $show
        """
    )
    assert done.code == 0, done.said
    said = (done.out / "said").read_text()
    assert said.index("Other programs cannot see it yet") < said.index("Choose this camera")
    read = Frames(done.out, "program")
    assert len(read) == 60
    assert (read.steps() >= 0).all()
    report = json.loads((done.out / "report.json").read_text())
    assert report["program"]["device"] == "/dev/video20"
    assert report["program"]["frames"] > len(read) + 60, "the show ran unseen until then"


def test_diffusion_reaches_the_camera(realcam, tmp_path):
    model = tiny_models.folder(tmp_path / "sd", "sd15", layers=1)
    done = realcam(
        f"""{TOOLS}
        {sys.executable} -m endlessdreams_cam run --headless --device $DEVICE \\
            --report $OUT/report.json --output virtualcam --size 320x180 --dream-size 160x90 \\
            --source none --set dream.rate=4 --set program.badge=off \\
            --engine diffusion --model {model} > $OUT/said 2>&1 & show=$!
        on_air said
        until {sys.executable} -m endlessdreams_cam send status | grep "^dream *diffusion"; do
            sleep 2
        done
        read_frames program 90
        end $show
        """,
        limit_s=300,
    )
    assert done.code == 0, done.said
    frames = np.fromfile(done.out / "program.yuv", np.uint8).reshape(90, 180 * 3 // 2, 320)
    luma = frames[:, :180].astype(int)
    assert luma.std(axis=(1, 2)).min() > 2, "every frame is a picture"
    assert np.abs(luma[-1] - luma[0]).mean() > 0.2, "and they move"
    report = json.loads((done.out / "report.json").read_text())
    assert report["dream"]["engine"] == "diffusion"
    assert report["program"]["device"]
