"""The window on a real X server without a screen."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from endlessdreams_cam.errors import DeviceMissing
from endlessdreams_cam.frame import Size
from endlessdreams_cam.sinks.window import Window, has_display

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="X11 is Linux's")
ROOT = Path(__file__).parents[2]

SHOWN = """
import cv2, mss, numpy as np, time
from endlessdreams_cam.errors import SinkClosed
from endlessdreams_cam.frame import Size
from endlessdreams_cam.sinks.window import TITLE, Window

pixels = np.full((180, 320, 3), (200, 40, 20), np.uint8)
with Window(Size(320, 180), 30) as window:
    for _ in range(20):
        window.send(pixels)
        time.sleep(0.02)
    with mss.MSS() as screen:
        seen = np.asarray(screen.grab((0, 0, 320, 180)))[..., 2::-1]
    print("picture", float((abs(seen.astype(int) - pixels).max(axis=2) < 12).mean()))
    cv2.destroyWindow(TITLE)
    try:
        window.send(pixels)
    except SinkClosed as closed:
        print(closed)
"""


def test_the_picture_fills_the_window_and_a_closed_one_stays_closed(xserver):
    done = subprocess.run(
        [sys.executable, "-c", SHOWN], text=True, capture_output=True, timeout=40,
        # A desktop may set another platform, which OpenCV's Qt does not bring.
        env={**os.environ, "DISPLAY": xserver, "PYTHONPATH": str(ROOT),
             "QT_QPA_PLATFORM": "wayland"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    shown, closed = done.stdout.splitlines()
    assert float(shown.split()[1]) > 0.97
    assert closed.startswith("The window was closed; the show goes on.")


def test_without_a_display_there_is_no_window(monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert not has_display()
    with pytest.raises(DeviceMissing, match="no display"):
        Window(Size(320, 180), 30).open()


def test_a_display_that_does_not_answer_is_named(monkeypatch):
    monkeypatch.setenv("DISPLAY", ":4711")
    with pytest.raises(DeviceMissing, match="The display :4711 does not answer"):
        Window(Size(320, 180), 30).open()
