"""The running order: the setlist if there is one, else the library from A to Z."""

from __future__ import annotations

from dataclasses import dataclass

from endlessdreams_cam.errors import SettingError
from endlessdreams_cam.presets import Library, Setlist, Song
from endlessdreams_cam.presets.document import canonical


@dataclass(frozen=True, slots=True)
class Cue:
    """One preset in its place: at is the setlist's entry (0…) that the show has come to.

    song is that entry, None for a preset that was called from outside the setlist.
    """

    preset: str = ""
    at: int = -1
    song: Song | None = None


class Order:
    """Walks the setlist or the library."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._names: tuple[str, ...] = ()
        self.setlist: Setlist | None = None

    @property
    def songs(self) -> tuple[Song, ...]:
        """The setlist's entries, none without one."""
        return self.setlist.song if self.setlist else ()

    def names(self) -> tuple[str, ...]:
        """Return the presets on the pads, in their order; new files after a `refresh`."""
        if self.songs:
            return tuple(song.preset for song in self.songs)
        if not self._names:
            self.refresh()
        return self._names

    def refresh(self) -> None:
        """Look into the folders again: lights ask for the pads far too often for that."""
        self._names = tuple(self._library.names())

    def after(self, cue: Cue, by: int) -> Cue:
        """Return the cue `by` places later, round and round."""
        songs = self.songs
        if not songs:
            return Cue(self._library.neighbour(cue.preset, by))
        if cue.at < 0:
            return self._entry(0 if by > 0 else len(songs) - 1)
        return self._entry((cue.at + by) % len(songs))

    def called(self, name: str, cue: Cue) -> Cue:
        """Return the cue of a preset that is called by name: its next place in the setlist.

        One that is not in it leaves the place where it was.
        """
        name = canonical(name)
        songs, here = self.songs, max(cue.at, 0)
        for at in (*range(here, len(songs)), *range(here)):
            if songs[at].preset == name:
                return self._entry(at)
        return Cue(name, cue.at)

    def pad(self, n: int) -> Cue:
        """Return what lies on pad n (1…); raises SettingError for an empty one."""
        if self.songs and 1 <= n <= len(self.songs):
            return self._entry(n - 1)
        names = self.names()
        if not 1 <= n <= len(names):
            where = "the setlist" if self.songs else "the library"
            raise SettingError(f"There is nothing on pad {n}.", remedy=f"{len(names)} in {where}.")
        return Cue(names[n - 1])

    def pad_of(self, cue: Cue) -> int:
        """Return the pad on which a cue lies, 0 for none."""
        if self.songs:
            return cue.at + 1 if cue.song else 0
        names = self.names()
        return names.index(cue.preset) + 1 if cue.preset in names else 0

    def moved(self, cue: Cue) -> Cue:
        """Return a cue's place in a setlist that has changed: as near as can be."""
        songs = self.songs
        places = [at for at, song in enumerate(songs) if song.preset == cue.preset]
        if places:
            return self._entry(min(places, key=lambda at: abs(at - cue.at)))
        return Cue(cue.preset, min(cue.at, len(songs) - 1))

    def _entry(self, at: int) -> Cue:
        song = self.songs[at]
        return Cue(song.preset, at, song)
