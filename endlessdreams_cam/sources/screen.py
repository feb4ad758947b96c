"""The screen, or one of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import mss
import numpy as np

from endlessdreams_cam import clock
from endlessdreams_cam.errors import DeviceError, DeviceLost, DeviceMissing
from endlessdreams_cam.frame import Pixels, Size
from endlessdreams_cam.sources.pacing import Pace
from endlessdreams_cam.sources.pixels import fit
from endlessdreams_cam.sources.source import Grab, Source, SourceInfo


@dataclass(frozen=True, slots=True)
class Monitor:
    """One screen, as it stands among the others; screen:NUMBER shows it."""

    number: int
    left: int
    top: int
    size: Size


class Screen(Source):
    """A screen. argument: its number from 1 on; "" is the first."""

    def __init__(self, argument: str, max_size: Size, fps: float) -> None:
        self._number = int(argument or 1)
        self._max_size = max_size
        self._fps = fps
        self._pace = Pace(fps)
        self._monitor: Monitor | None = None
        self._grabber: mss.MSS | None = None

    def open(self) -> SourceInfo:
        """Grab a first picture; raises DeviceMissing where there is no screen to be grabbed."""
        _check_session(os.environ)
        try:
            self._grabber = _connect()
            self._monitor = _choose(_monitors(self._grabber), self._number)
            height, width = self._grab().shape[:2]
        except BaseException:
            self.close()
            raise
        return SourceInfo("screen", f"screen {self._number}", Size(width, height), self._fps)

    def read(self) -> Grab | None:
        """Return the screen as it is now; raises DeviceLost when it has gone."""
        if not self._pace.wait():
            return None
        now = clock.now_ns()
        return Grab(self._grab(), now)

    def close(self) -> None:
        """Let the screen go."""
        if self._grabber is not None:
            grabber, self._grabber = self._grabber, None
            grabber.close()

    def _grab(self) -> Pixels:
        assert self._grabber is not None
        assert self._monitor is not None
        left, top = self._monitor.left, self._monitor.top
        width, height = self._monitor.size
        try:
            shot = self._grabber.grab((left, top, left + width, top + height))
        except mss.ScreenShotError as error:
            raise DeviceLost(
                f"Screen {self._number} can no longer be grabbed.", remedy="It is tried again."
            ) from error
        return fit(cv2.cvtColor(np.asarray(shot), cv2.COLOR_BGRA2RGB), self._max_size)


def list_screens() -> tuple[Monitor, ...]:
    """Return the screens that can be grabbed; none without a display."""
    try:
        _check_session(os.environ)
        grabber = _connect()
    except DeviceError:
        return ()
    with grabber:
        return _monitors(grabber)


def _check_session(environ: Mapping[str, str]) -> None:
    """Raise DeviceMissing where the system lets no program see the screen."""
    if sys.platform != "linux":
        return
    if environ.get("WAYLAND_DISPLAY") or environ.get("XDG_SESSION_TYPE") == "wayland":
        raise DeviceMissing(
            "Wayland does not let this program see the screen.",
            remedy="Log in with an X11 (Xorg) session, or capture the screen in OBS.",
        )
    if not environ.get("DISPLAY"):
        raise DeviceMissing(
            "There is no display here to grab.", remedy="Start the show from a desktop session."
        )


def _connect() -> mss.MSS:
    try:
        return mss.MSS()
    except mss.ScreenShotError as error:
        raise DeviceMissing(
            "The display does not answer.", remedy="Check DISPLAY, and that you may use it."
        ) from error


def _monitors(grabber: mss.MSS) -> tuple[Monitor, ...]:
    # The first one that mss lists is all of them together.
    return tuple(
        Monitor(number, found["left"], found["top"], Size(found["width"], found["height"]))
        for number, found in enumerate(grabber.monitors[1:], 1)
    )


def _choose(monitors: tuple[Monitor, ...], number: int) -> Monitor:
    for monitor in monitors:
        if monitor.number == number:
            return monitor
    there = ", ".join(f"screen:{m.number} ({m.size})" for m in monitors) or "none"
    raise DeviceMissing(f"There is no screen {number}.", remedy=f"Screens here: {there}.")
