"""The sitter as a source: a person before a camera, where there is neither."""

from __future__ import annotations

from endlessdreams_cam import clock
from endlessdreams_cam.frame import Size
from endlessdreams_cam.sources.pacing import Pace
from endlessdreams_cam.sources.sitter import sitter
from endlessdreams_cam.sources.source import Grab, Source, SourceInfo

_SIZE = Size(1280, 720)


class Sitter(Source):
    """A rendered person, 1280×720 at up to 30 pictures per second."""

    def __init__(self, argument: str, max_size: Size, fps: float) -> None:
        self._pace = Pace(min(fps, 30.0))
        self._began_ns = 0

    def open(self) -> SourceInfo:
        """Sit down; the room is painted now, which takes longer than a picture may."""
        sitter(0.0, _SIZE)
        self._began_ns = clock.now_ns()
        return SourceInfo("sitter", "a rendered sitter", _SIZE, 30.0)

    def read(self) -> Grab | None:
        """Return the sitter as they sit now."""
        if not self._pace.wait():
            return None
        now = clock.now_ns()
        return Grab(sitter(clock.seconds(now - self._began_ns), _SIZE), now)

    def close(self) -> None:
        """Nothing is held."""
