"""A sink that takes everything and keeps nothing: for measuring."""

from __future__ import annotations

from endlessdreams_cam.frame import Pixels, Size
from endlessdreams_cam.sinks.sink import Sink, SinkInfo


class Null(Sink):
    """Takes frames and forgets them."""

    def __init__(self, size: Size, fps: float, argument: str | None = None) -> None:
        self._size = size

    def open(self) -> SinkInfo:
        """Nothing is acquired."""
        return SinkInfo("null", "null (nobody sees it)")

    def send(self, pixels: Pixels) -> None:
        """Forget the frame."""

    def check(self) -> None:
        """It is always there."""

    def close(self) -> None:
        """Nothing is held."""
