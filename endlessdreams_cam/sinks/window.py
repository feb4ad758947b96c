"""A window on the desktop that shows the program."""

from __future__ import annotations

import os
import sys
from typing import Any

from endlessdreams_cam.errors import DeviceLost, DeviceMissing
from endlessdreams_cam.frame import Pixels, Size
from endlessdreams_cam.sinks.sink import Sink, SinkInfo

TITLE = "EndlessDreams Cam"


def has_display() -> bool:
    """Whether this machine has a desktop to show a window on."""
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


class Window(Sink):
    """Shows frames in a window through OpenCV."""

    def __init__(self, size: Size, fps: float, argument: str | None = None) -> None:
        self._size = size
        self._cv2: Any = None

    def open(self) -> SinkInfo:
        """Open the window; raises DeviceMissing where there is no display."""
        if not has_display():
            raise DeviceMissing(
                "There is no display for a window.", remedy="Start it in a desktop session."
            )
        import cv2

        try:
            cv2.namedWindow(TITLE, cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO)
            cv2.resizeWindow(TITLE, self._size.width, self._size.height)
        except cv2.error as error:
            raise DeviceMissing(
                f"No window can be opened: {error}"[:200],
                remedy="Install opencv-python instead of opencv-python-headless.",
            ) from None
        self._cv2 = cv2
        return SinkInfo("window", f"window “{TITLE}”")

    def send(self, pixels: Pixels) -> None:
        """Show a frame; raises DeviceLost when the window was closed."""
        cv2 = self._cv2
        cv2.imshow(TITLE, cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
        cv2.waitKey(1)
        if cv2.getWindowProperty(TITLE, cv2.WND_PROP_VISIBLE) < 1:
            raise DeviceLost("The window was closed.")

    def check(self) -> None:
        """Sending notices it."""

    def close(self) -> None:
        """Close the window."""
        if self._cv2 is not None:
            cv2, self._cv2 = self._cv2, None
            try:
                cv2.destroyWindow(TITLE)
                cv2.waitKey(1)
            except cv2.error:
                return  # it was closed by hand
