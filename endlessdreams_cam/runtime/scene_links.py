"""Which preset a scene of OBS recalls, as the presets' files say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from endlessdreams_cam.errors import PresetError
from endlessdreams_cam.presets import Library
from endlessdreams_cam.presets.model import Scenes
from endlessdreams_cam.runtime.order import Order


@dataclass(frozen=True, slots=True)
class SceneLink:
    """Entering a scene recalls this preset; always: also while hands play."""

    preset: str
    always: bool


class SceneLinks:
    """Looks into the presets, in the running order first; files are read when they changed."""

    def __init__(self, library: Library, order: Order) -> None:
        self._library = library
        self._order = order
        self._known: dict[str, tuple[tuple[Path, int, int], Scenes]] = {}

    def find(self, scene: str) -> SceneLink | None:
        """Return what entering a scene recalls; of two presets the first in the order."""
        for name in self._names():
            link = self._read(name)
            if link and scene in link.enter:
                return SceneLink(name, link.always)
        return None

    def _names(self) -> Iterator[str]:
        first = tuple(song.preset for song in self._order.songs)
        return iter(dict.fromkeys((*first, *self._library.names())))

    def _read(self, name: str) -> Scenes | None:
        try:
            path = self._library.path(name)
            stat = path.stat()
            stamp = (path, stat.st_mtime_ns, stat.st_size)
            kept = self._known.get(name)
            if kept is None or kept[0] != stamp:
                kept = self._known[name] = (stamp, self._library.load(name).obs)
        except (PresetError, OSError):
            return None  # `presets list` names its fault
        return kept[1]
