"""A window on the desktop that shows the program."""

from __future__ import annotations

import os
import sys
from typing import Any

from endlessdreams_cam.errors import DeviceMissing, SinkClosed
from endlessdreams_cam.frame import Pixels, Size
from endlessdreams_cam.sinks.sink import Sink, SinkInfo

TITLE = "EndlessDreams Cam"


def has_display() -> bool:
    """Whether this machine has a desktop to show a window on.

    OpenCV's windows are X11's on Linux; a Wayland desktop has DISPLAY as well, for such programs.
    """
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY"))


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
        if sys.platform == "linux":
            _check_x11()
            os.environ["QT_QPA_PLATFORM"] = "xcb"  # the only one that OpenCV brings
        import cv2

        try:
            # Without toolbar and menu: the picture fills the window.
            looks = cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO | cv2.WINDOW_GUI_NORMAL
            cv2.namedWindow(TITLE, looks)
            cv2.resizeWindow(TITLE, self._size.width, self._size.height)
        except cv2.error as error:
            raise DeviceMissing(
                f"No window can be opened: {error}"[:200],
                remedy="Install opencv-python instead of opencv-python-headless.",
            ) from None
        self._cv2 = cv2
        return SinkInfo("window", f"window “{TITLE}”")

    def send(self, pixels: Pixels) -> None:
        """Show a frame; raises SinkClosed when the window was closed."""
        cv2 = self._cv2
        self.check()
        cv2.imshow(TITLE, cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
        cv2.waitKey(1)
        self.check()

    def check(self) -> None:
        """Raise SinkClosed when the window was closed."""
        cv2 = self._cv2
        try:
            visible = cv2.getWindowProperty(TITLE, cv2.WND_PROP_VISIBLE) >= 1
        except cv2.error:
            visible = False  # so says Qt when its last window was closed
        if not visible:
            raise SinkClosed(
                "The window was closed; the show goes on.",
                remedy="To see it again, start the show with --output window.",
            )

    def close(self) -> None:
        """Close the window."""
        if self._cv2 is not None:
            cv2, self._cv2 = self._cv2, None
            try:
                cv2.destroyWindow(TITLE)
                cv2.waitKey(1)
            except cv2.error:
                return  # it was closed by hand


def _check_x11() -> None:
    """Raise DeviceMissing where the X server does not answer: Qt would end the process."""
    import mss

    try:
        mss.MSS().close()
    except mss.ScreenShotError:
        display = os.environ.get("DISPLAY", "")
        raise DeviceMissing(
            f"The display {display} does not answer.",
            remedy="Check DISPLAY, and that you may use it.",
        ) from None
