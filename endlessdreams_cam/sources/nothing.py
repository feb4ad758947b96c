"""No source: the dream alone."""

from __future__ import annotations

from endlessdreams_cam.errors import SourceEnded
from endlessdreams_cam.frame import Size
from endlessdreams_cam.sources.source import Grab, Source, SourceInfo


class Nothing(Source):
    """Has no pictures."""

    def __init__(self, argument: str, max_size: Size, fps: float) -> None:
        self._size = max_size

    def open(self) -> SourceInfo:
        """Nothing is acquired."""
        return SourceInfo("none", "none", self._size)

    def read(self) -> Grab | None:
        """Raise SourceEnded."""
        raise SourceEnded("There is no source.")

    def close(self) -> None:
        """Nothing is held."""
