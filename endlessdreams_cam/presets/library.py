"""Presets by name: the user's own folder wins over the shipped one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from endlessdreams_cam.bindings import Binding
from endlessdreams_cam.documents import write_whole
from endlessdreams_cam.errors import PresetError
from endlessdreams_cam.parameters import Snapshot
from endlessdreams_cam.parameters.spec import Scalar
from endlessdreams_cam.parameters.table import defaults
from endlessdreams_cam.presets import writing
from endlessdreams_cam.presets.document import canonical, good_name, read_bytes
from endlessdreams_cam.presets.model import Preset, parse

__all__ = ["SETLIST", "Entry", "Library", "canonical", "read", "shipped_folder"]

SETLIST = "setlist"
"""The name in the presets' folder that is no preset's: setlist.toml is the running order."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A preset in the library: its name, its file and whose it is."""

    name: str
    path: Path
    own: bool


def shipped_folder() -> Path:
    """Return the folder of the presets that come with the program."""
    package = Path(__file__).parents[1]
    installed = package / "shipped_presets"
    return installed if installed.is_dir() else package.parent / "presets"


class Library:
    """Finds, reads and saves presets. own is the user's folder, which may not exist yet."""

    def __init__(self, own: Path, shipped: Path | None = None) -> None:
        self._own = own
        self._shipped = shipped or shipped_folder()

    def entries(self) -> list[Entry]:
        """Return all presets in their order: by name; the user's replaces a shipped namesake."""
        found = {e.name: e for e in (*_folder(self._shipped, False), *_folder(self._own, True))}
        return [found[name] for name in sorted(found)]

    @property
    def setlist_path(self) -> Path:
        """Where the user's running order lies, if there is one."""
        return self._own / f"{SETLIST}.toml"

    def names(self) -> list[str]:
        """Return the presets' names in their order."""
        return [entry.name for entry in self.entries()]

    def path(self, name: str) -> Path:
        """Return the file of the preset of that name; raises PresetError."""
        wanted = canonical(name)
        found = (folder / f"{wanted}.toml" for folder in (self._own, self._shipped))
        path = next((path for path in found if path.exists() or path.is_symlink()), None)
        if path is None or wanted == SETLIST:
            near = ", ".join(self.names())
            raise PresetError(f"There is no preset {name!r}.", remedy=f"There are: {near}.")
        return path

    def load(self, name: str) -> Preset:
        """Return the preset of that name; raises PresetError."""
        return read(self.path(name))

    def neighbour(self, name: str, step: int) -> str:
        """Return the name of the preset `step` places after `name`, round and round."""
        names = self.names()
        if not names:
            raise PresetError("There are no presets.")
        at = names.index(canonical(name)) if name and canonical(name) in names else -1
        return names[(at + step) % len(names) if at >= 0 else (0 if step > 0 else -1)]

    def misnamed(self) -> list[Path]:
        """Return the user's files that look like presets but have no preset's name."""
        paths = sorted(self._own.glob("*.toml")) if self._own.is_dir() else []
        return [path for path in paths if not good_name(path.stem)]

    def save(
        self,
        name: str,
        snapshot: Snapshot,
        *,
        home: Mapping[str, Scalar] | None = None,
        title: str = "",
    ) -> Path:
        """Save the bank and the look as the user's own preset and return its file.

        What is as `home` (what a recall returns to) is left out. A file of that name keeps its
        comments, title and bindings; a new one takes over the bindings of the preset on air.
        Atomic: either the old file or the whole new one is there. Raises PresetError.
        """
        wanted = canonical(name)
        if wanted == SETLIST:
            raise PresetError(
                "No preset can be called setlist: its file is the running order.",
                remedy="Save it under another name.",
            )
        path = self._own / f"{wanted}.toml"
        document = self._document(wanted, snapshot.preset, title)
        writing.fill(document, snapshot, home or defaults())
        return self._write(path, document)

    def bind(self, name: str, binding: Binding) -> Path:
        """Add a binding to the user's own copy of a preset and return its file.

        What it said of the same control goes to the new place. Raises PresetError.
        """
        wanted = canonical(name)
        document = writing.load(self.path(wanted))
        writing.add_binding(document, binding)
        return self._write(self._own / f"{wanted}.toml", document)

    def _write(self, path: Path, document: writing.Document) -> Path:
        data = writing.dump(document)
        parse(data, name=path.name)
        try:
            self._own.mkdir(parents=True, exist_ok=True)
            write_whole(path, data)
        except OSError as error:
            raise PresetError(f"{path} cannot be written: {error.strerror}.") from error
        return path

    def _document(self, name: str, on_air: str, title: str) -> writing.Document:
        """Return what a save begins with: the file of that name, or a new one."""
        for folder in (self._own, self._shipped):
            if (folder / f"{name}.toml").is_file():
                return writing.load(folder / f"{name}.toml")
        like = writing.load(self.path(on_air)) if on_air in self.names() else None
        return writing.begin(title or name.replace("-", " ").title(), like)


def read(path: Path) -> Preset:
    """Return the preset in a file; raises PresetError."""
    return parse(read_bytes(path), name=path.name)


def _folder(folder: Path, own: bool) -> list[Entry]:
    paths = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    good = (path for path in paths if good_name(path.stem) and path.stem != SETLIST)
    return [Entry(path.stem, path, own) for path in good]
