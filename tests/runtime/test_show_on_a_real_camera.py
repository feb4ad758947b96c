"""The whole show through a real v4l2loopback device, read by other programs."""

import itertools
import json
import sys

import numpy as np
import pytest

from endlessdreams_cam.sources.pattern import read_number

pytestmark = [pytest.mark.realcam, pytest.mark.timeout(180)]

SHOW = (
    f"{sys.executable} -m endlessdreams_cam run --headless --source pattern --engine fault:slow "
    "--size 640x360 --set program.cut=source --set program.badge=off --set dream.rate=1 "
    "--device $DEVICE"
)
READ = (
    "ffmpeg -nostdin -v error -f v4l2 -i $DEVICE -frames:v {frames} "
    "-f rawvideo -pix_fmt rgb24 {out} -y"
)


def numbers(path):
    frames = np.fromfile(path, np.uint8).reshape(-1, 360, 640, 3)
    return [read_number(frame) for frame in frames]


def test_ffmpeg_and_opencv_read_the_program_number_by_number(realcam, tmp_path):
    reader = tmp_path / "reader.py"
    reader.write_text(
        "import cv2, sys\n"
        "sys.path.insert(0, '.')\n"
        "from endlessdreams_cam.sources.pattern import read_number\n"
        "camera = cv2.VideoCapture(sys.argv[1], cv2.CAP_V4L2)\n"
        "found = []\n"
        "for _ in range(30):\n"
        "    good, frame = camera.read()\n"
        "    if good: found.append(read_number(frame[..., ::-1].copy()).number)\n"
        "print(found)\n"
    )
    done = realcam(
        f"""
        {SHOW} --seconds 30 --report {tmp_path}/report.json > {tmp_path}/said 2>&1 &
        sleep 9
        {READ.format(frames=400, out=f"{tmp_path}/frames.raw")}
        {sys.executable} {reader} $DEVICE > {tmp_path}/opencv 2>/dev/null
        {sys.executable} -m endlessdreams_cam run --headless > {tmp_path}/second 2>&1
        echo $? >> {tmp_path}/second
        wait
        """,
        tmp_path,
    )
    assert done.returncode == 0, done
    assert "OBS, Zoom, Meet: EndlessDreams Cam" in (tmp_path / "said").read_text()
    read = numbers(tmp_path / "frames.raw")
    assert len(read) == 400
    assert sum(row.torn for row in read) <= 4
    seen = [row.number for row in read if row.number is not None]
    assert len(seen) >= 396
    steps = np.diff(seen)
    assert (steps >= 0).all(), "numbers never go back"
    # The show's and the reader's start share one processor: what counts is how it runs.
    settled = steps[150:]
    assert (settled != 1).mean() <= 0.02, steps.tolist()
    assert settled.sum() == pytest.approx(len(settled), abs=len(settled) / 60), "30 ± 0.5 fps"
    by_opencv = [
        n for n in json.loads((tmp_path / "opencv").read_text().replace("None", "null")) if n
    ]
    assert len(by_opencv) >= 25
    assert by_opencv == sorted(by_opencv)
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["program"]["device"]
    assert "A show is on air already" in (tmp_path / "second").read_text()
    assert (tmp_path / "second").read_text().strip().endswith("1")


def test_a_reader_waits_through_a_restart_and_a_busy_camera_is_named(realcam, tmp_path):
    writer = tmp_path / "writer.py"
    writer.write_text(
        "import sys, time, numpy as np, pyvirtualcam\n"
        "with pyvirtualcam.Camera(640, 360, 30, device=sys.argv[1]) as camera:\n"
        "    open(sys.argv[2], 'w').close()\n"
        "    end = time.time() + 15\n"
        "    while time.time() < end:\n"
        "        camera.send(np.zeros((360, 640, 3), np.uint8)); time.sleep(0.1)\n"
    )
    done = realcam(
        f"""
        {sys.executable} {writer} $DEVICE {tmp_path}/held &
        until [[ -e {tmp_path}/held ]]; do sleep 0.1; done
        {SHOW} --seconds 24 --report {tmp_path}/first.json > {tmp_path}/first 2>&1
        {SHOW} --seconds 8 > /dev/null 2>&1 &
        sleep 6
        {READ.format(frames=150, out=f"{tmp_path}/frames.raw")} &
        reader=$!
        wait %2
        {SHOW} --seconds 14 > /dev/null 2>&1
        wait $reader
        """,
        tmp_path,
    )
    assert done.returncode == 0, done
    said = (tmp_path / "first").read_text()
    assert "/dev/video" in said
    assert "another program" in said or "takes no pictures now" in said
    report = json.loads((tmp_path / "first.json").read_text())
    assert report["program"]["device"], "it took the camera when it was free"
    assert report["program"]["frames"] > 100, "and ran all the while"
    read = numbers(tmp_path / "frames.raw")
    assert len(read) == 150
    seen = [row.number for row in read if row.number is not None]
    assert sum(b < a for a, b in itertools.pairwise(seen)) <= 1, "one restart"
