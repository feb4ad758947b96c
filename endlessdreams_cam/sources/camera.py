"""A webcam, through OpenCV."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

import cv2

from endlessdreams_cam import clock, v4l2
from endlessdreams_cam.errors import DeviceBusy, DeviceError, DeviceLost, DeviceMissing
from endlessdreams_cam.frame import Size
from endlessdreams_cam.sources.cameras import CameraDevice, list_cameras
from endlessdreams_cam.sources.pixels import fit, from_bgr
from endlessdreams_cam.sources.source import Grab, Source, SourceInfo

_WANTED = Size(1280, 720)
_WAIT_NS = 100 * clock.MILLISECOND_NS
_FIRST_NS = 5 * clock.SECOND_NS
"""So long a camera may take until its first picture."""
_SILENCE_NS = 2 * clock.SECOND_NS
"""So long without a picture it counts as lost."""
_CLICK = {
    "obs": "In OBS: right-click the webcam's source, Deactivate (or hide it).",
    "zoom": "In Zoom: Stop Video, or choose EndlessDreams Cam there.",
    "teams": "In Teams: turn the camera off, or choose EndlessDreams Cam there.",
    "discord": "In Discord: turn the camera off, or choose EndlessDreams Cam there.",
    **dict.fromkeys(
        ("chrom", "firefox", "brave", "edge", "opera", "vivaldi"),
        "Close the tab that uses the camera, or choose EndlessDreams Cam there.",
    ),
    v4l2.CARD.lower(): "End the other show, or choose another camera.",
}
"""What to click, by a part of the holder's name."""


class Camera(Source):
    """A webcam. argument: its number, its node (/dev/video2) or a part of its name; "" the first.

    The newest picture only: the driver is asked for one buffer.
    """

    def __init__(self, argument: str, max_size: Size, fps: float) -> None:
        self._argument = argument
        self._max_size = max_size
        self._fps = fps
        self._device: CameraDevice | None = None
        self._identity: tuple[int, int] | None = None
        self._capture: cv2.VideoCapture | None = None
        self._expected_ns = 0

    def open(self) -> SourceInfo:
        """Open the camera; raises DeviceMissing, DeviceBusy with the holder, or DeviceError.

        The first picture may come later: `read` waits for it.
        """
        # A select that waits 10 s would look like a hang; it is read once per process.
        os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "1")
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
        device = find(self._argument)
        self._identity = v4l2.identity(Path(device.key))
        self._device = device
        try:
            self._capture = _connect(device, self._fps)
        except BaseException:
            self.close()
            raise
        self._expected_ns = clock.now_ns() + _FIRST_NS
        width = int(self._capture.get(cv2.CAP_PROP_FRAME_WIDTH)) or _WANTED.width
        height = int(self._capture.get(cv2.CAP_PROP_FRAME_HEIGHT)) or _WANTED.height
        rate = self._capture.get(cv2.CAP_PROP_FPS)
        return SourceInfo("camera", device.label, Size(width, height), rate if rate > 0 else None)

    def read(self) -> Grab | None:
        """Return the newest picture; raises DeviceLost."""
        assert self._capture is not None
        assert self._device is not None
        self._check(self._device)
        if _due(self._capture):
            good, pixels = self._capture.read()
            now = clock.now_ns()
            if good:
                self._expected_ns = now + _SILENCE_NS
                return Grab(fit(from_bgr(pixels), self._max_size), now)
        if clock.now_ns() > self._expected_ns:
            raise _silent(self._device)
        return None

    def close(self) -> None:
        """Let the camera go."""
        self._device = None
        if self._capture is not None:
            capture, self._capture = self._capture, None
            capture.release()

    def _check(self, device: CameraDevice) -> None:
        """Raise DeviceLost if the camera has gone: reading would wait or repeat old pictures."""
        if sys.platform != "linux":
            return
        path = Path(device.key)
        if v4l2.identity(path) != self._identity:
            raise DeviceLost(f"{device.label} was unplugged.", remedy="Plug it in again.")
        node = v4l2.node(path) if not device.physical else None
        if node is not None and not node.capture:
            raise DeviceLost(
                f"Nothing is sent into {device.label} any more.",
                remedy="Start the program that sends into it.",
            )


def find(argument: str) -> CameraDevice:
    """Return the camera that a person named; raises DeviceMissing with those that there are."""
    cameras = list_cameras()
    if not argument:
        chosen = next((camera for camera in cameras if camera.physical), None)
    else:
        keys = {argument, f"/dev/video{argument}", os.path.realpath(argument)}
        wanted = argument.lower()
        chosen = (
            next((c for c in cameras if c.key in keys), None)
            or next((c for c in cameras if c.label.lower() == wanted), None)
            or next((c for c in cameras if wanted in c.label.lower()), None)
        )
    if chosen is None:
        there = ", ".join(f"{c.label} (camera:{c.key})" for c in cameras) or "none"
        what = f"no camera {argument!r}" if argument else "no webcam"
        raise DeviceMissing(f"There is {what}.", remedy=f"Plug it in. Cameras here: {there}.")
    return chosen


def _connect(device: CameraDevice, fps: float) -> cv2.VideoCapture:
    if not device.captures:
        raise DeviceMissing(
            f"Nothing is sent into {device.label} yet.",
            remedy="Start the program that sends into it, or choose a webcam.",
        )
    if sys.platform == "linux":
        capture = cv2.VideoCapture(device.key, cv2.CAP_V4L2)
    else:
        backend = cv2.CAP_DSHOW if sys.platform == "win32" else cv2.CAP_AVFOUNDATION
        capture = cv2.VideoCapture(int(device.key) % 100, backend)
    if not capture.isOpened():
        capture.release()
        raise _why_not(device)
    _ask(capture, fps)
    return capture


def _ask(capture: cv2.VideoCapture, fps: float) -> None:
    """Ask for MJPG 720p; what the camera gives instead is taken."""
    for what, value in (
        (cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG")),
        (cv2.CAP_PROP_FRAME_WIDTH, _WANTED.width),
        (cv2.CAP_PROP_FRAME_HEIGHT, _WANTED.height),
        (cv2.CAP_PROP_FPS, fps),
        (cv2.CAP_PROP_BUFFERSIZE, 1),
    ):
        with contextlib.suppress(cv2.error):
            capture.set(what, value)


def _due(capture: cv2.VideoCapture) -> bool:
    """Wait up to 100 ms until a picture can be read; where that cannot be known, say so at once."""
    if sys.platform != "linux":
        return True
    try:
        return bool(cv2.VideoCapture.waitAny([capture], _WAIT_NS)[0])
    except cv2.error:
        return True  # the read says what is wrong


def _silent(device: CameraDevice) -> DeviceError:
    found = _busy(device)
    return found or DeviceLost(
        f"{device.label} gives no picture.",
        remedy="Close programs that may use it; if that does not help, unplug it and plug it in.",
    )


def _busy(device: CameraDevice) -> DeviceBusy | None:
    names = v4l2.holders(Path(device.key)) if sys.platform == "linux" else []
    if not names or not device.physical:
        return None
    low = " ".join(names).lower()
    click = next((text for part, text in _CLICK.items() if part in low), "")
    return DeviceBusy(
        f"{device.label} belongs to another program ({', '.join(names)}).",
        remedy=click or f"Close {names[0]}, or choose EndlessDreams Cam as its camera.",
    )


def _why_not(device: CameraDevice) -> DeviceError:
    if found := _busy(device):
        return found
    if sys.platform == "linux" and not os.access(device.key, os.R_OK | os.W_OK):
        return DeviceError(
            f"{device.label} may not be used by you.",
            remedy="sudo usermod -aG video $USER, then log in again.",
        )
    places = {"darwin": "System Settings, Privacy, Camera", "win32": "Settings, Privacy, Camera"}
    allow = f", and allow the terminal in {places[sys.platform]}" if sys.platform in places else ""
    return DeviceBusy(
        f"{device.label} cannot be opened.",
        remedy=f"Close OBS, Zoom or the browser's tab that uses it{allow}.",
    )
