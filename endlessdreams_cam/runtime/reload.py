"""Files under an editor's hands: taken in while on air once they are whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from endlessdreams_cam.clock import MILLISECOND_NS, SECOND_NS
from endlessdreams_cam.errors import PresetError
from endlessdreams_cam.presets import Library, read_setlist
from endlessdreams_cam.runtime.desk import Desk

_LOOK_NS = 400 * MILLISECOND_NS
_STILL_NS = 300 * MILLISECOND_NS
"""Editors truncate and write, or rename: a file that changed so lately may be half of one."""

_Stamp: TypeAlias = tuple[str, int, int, int] | None


class Watch:
    """One file, which may come, go and be replaced. `find` returns where it is now."""

    def __init__(self, find: Callable[[], Path | None]) -> None:
        self._find = find
        self._known = self._seen = self._stamp()
        self._seen_ns = self._looked_ns = 0

    def changed(self, now_ns: int) -> bool:
        """Whether it has changed and is still again; true once for each change."""
        moving = self._seen != self._known
        if not moving and now_ns - self._looked_ns < _LOOK_NS:
            return False
        self._looked_ns, found = now_ns, self._stamp()
        if found != self._seen:
            self._seen, self._seen_ns = found, now_ns
        if self._seen == self._known or now_ns - self._seen_ns < _STILL_NS:
            return False
        self._known = self._seen
        return True

    def _stamp(self) -> _Stamp:
        path = self._find()
        try:
            found = path.stat() if path else None
        except OSError:
            return None
        return (str(path), found.st_mtime_ns, found.st_size, found.st_ino) if found else None


class Reloads:
    """Watches the file of the preset on air and the setlist; `poll` is called ten times a second.

    A faulty file changes nothing: note gets what is wrong with it, and where.
    """

    def __init__(
        self, desk: Desk, library: Library, setlist: Path, note: Callable[[str, str], None]
    ) -> None:
        self._desk = desk
        self._library = library
        self._setlist = setlist
        self._note = note
        self._faulty: set[str] = set()
        self._listed_ns = 0
        self._name = ""
        self._preset = Watch(lambda: None)
        self._order = Watch(lambda: setlist)

    def poll(self, now_ns: int) -> None:
        """Take in what has changed."""
        name = self._desk.snapshot.preset
        if name != self._name:
            self._name, self._preset = name, Watch(self._find_preset)
        if self._preset.changed(now_ns):
            self._try("preset", self._desk.recalls.reload)
        if self._order.changed(now_ns):
            self._try("setlist", self._reload_setlist)
        if now_ns - self._listed_ns > SECOND_NS:
            self._listed_ns = now_ns
            self._desk.recalls.order.refresh()

    def _find_preset(self) -> Path | None:
        try:
            return self._library.path(self._name)
        except PresetError:
            return None

    def _reload_setlist(self) -> None:
        self._desk.recalls.use(read_setlist(self._setlist, self._library.names()))

    def _try(self, what: str, take_in: Callable[[], object]) -> None:
        try:
            take_in()
        except PresetError as error:
            self._faulty.add(what)
            self._note(what, f"{error} The show goes on with what it has.")
        else:
            if what in self._faulty:
                self._faulty.remove(what)
                self._note(what, "Its file is good again and on air.")
