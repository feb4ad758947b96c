"""OBS's virtual camera: started and stopped, and believed only when it runs."""

from __future__ import annotations

import time
from typing import Any, Protocol

from endlessdreams_cam.errors import DeviceError
from endlessdreams_cam.obs.refusals import ObsRefusal

WITHIN_S = 3.0
_POLL_S = 0.1
_RUNS, _RUNS_NOT, _NONE = 500, 501, 604  # obs-websocket's RequestStatus

_MISSING = {
    "windows": "Install OBS again, with its virtual camera.",
    "macos": "Update OBS to 30 or newer, and allow its extension in the System Settings.",
    "linux": "Install it: sudo apt install v4l2loopback-dkms. Then start OBS again.",
}
_IDLE = {
    "windows": "Another program feeds that camera. If it is this show, start the show with "
    '--device "Unity Video Capture", or let OBS take the program without a camera.',
    "macos": "Allow OBS's camera extension in System Settings → General → Login Items & "
    "Extensions. If this show feeds that camera, OBS cannot: let OBS take the program without one.",
    "linux": "OBS found no loopback device that is free. Give it one beside the show's own: sudo "
    "modprobe -r v4l2loopback; sudo modprobe v4l2loopback devices=2 exclusive_caps=1,1 "
    'card_label="EndlessDreams Cam,OBS Virtual Camera"',
}


class Line(Protocol):
    """Whoever can ask OBS."""

    def ask(self, request: str, **values: object) -> dict[str, Any]:
        """Return OBS's answer; raises ObsRefusal."""


def turn(line: Line, on: bool, *, within_s: float = WITHIN_S) -> None:
    """Start or stop the virtual camera and return once OBS's own state says so.

    Raises DeviceError with the reason and the remedy: OBS answers yes also where nothing starts.
    """
    try:
        line.ask("StartVirtualCam" if on else "StopVirtualCam")
    except ObsRefusal as refusal:
        if refusal.code == _NONE:
            raise _missing(line) from None
        if refusal.code != (_RUNS if on else _RUNS_NOT):
            raise
    deadline = time.monotonic() + within_s
    agreed = 0
    while agreed < 2:  # one that fails at once says yes for a moment
        agreed = agreed + 1 if _active(line) is on else 0
        if time.monotonic() > deadline:
            raise _idle(line, on)
        time.sleep(_POLL_S)


def _active(line: Line) -> bool:
    try:
        return bool(line.ask("GetVirtualCamStatus").get("outputActive"))
    except ObsRefusal as refusal:
        if refusal.code == _NONE:
            raise _missing(line) from None
        raise


def _missing(line: Line) -> DeviceError:
    return DeviceError("This OBS has no virtual camera.", remedy=_MISSING[_system(line)])


def _idle(line: Line, on: bool) -> DeviceError:
    if on:
        cause = "OBS says yes, but its virtual camera does not run."
        return DeviceError(cause, remedy=_IDLE[_system(line)])
    return DeviceError(
        "OBS says yes, but its virtual camera goes on.", remedy="Stop it in OBS's own window."
    )


def _system(line: Line) -> str:
    """Return the system that OBS runs on, which may not be this machine's."""
    platform = str(line.ask("GetVersion").get("platform", ""))
    return platform if platform in _MISSING else "linux"
