"""Presets by name: the user's own folder wins over the shipped one."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.items import AoT

from endlessdreams_cam.errors import PresetError
from endlessdreams_cam.parameters import PROMPTS, Snapshot, find
from endlessdreams_cam.parameters.spec import Scalar
from endlessdreams_cam.parameters.table import PARAMETERS
from endlessdreams_cam.presets.model import LARGEST, SCHEMA, Preset, parse

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


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

    def load(self, name: str) -> Preset:
        """Return the preset of that name; raises PresetError."""
        wanted = canonical(name)
        for entry in self.entries():
            if entry.name == wanted:
                return read(entry.path)
        near = ", ".join(entry.name for entry in self.entries())
        raise PresetError(f"There is no preset {name!r}.", remedy=f"There are: {near}.")

    def neighbours(self, name: str, step: int) -> list[str]:
        """Return all names from the one `step` places after `name`, round and round; never none."""
        names = [entry.name for entry in self.entries()]
        if not names:
            raise PresetError("There are no presets.")
        at = names.index(canonical(name)) if name and canonical(name) in names else -1
        first = at + step if at >= 0 else (0 if step > 0 else -1)
        return [names[(first + k * step) % len(names)] for k in range(len(names))]

    def misnamed(self) -> list[Path]:
        """Return the user's files that look like presets but have no preset's name."""
        paths = sorted(self._own.glob("*.toml")) if self._own.is_dir() else []
        return [path for path in paths if not _NAME.fullmatch(path.stem)]

    def save(self, name: str, snapshot: Snapshot, *, title: str = "") -> Path:
        """Save the bank and the look as the user's own preset; comments of the file are kept.

        Atomic: either the old file or the whole new one is there. Raises PresetError.
        """
        wanted = canonical(name)
        path = self._own / f"{wanted}.toml"
        document = _document(path, title or wanted.replace("-", " ").title())
        _fill(document, snapshot)
        text = tomlkit.dumps(document)
        parse(text.encode(), name=path.name)
        try:
            self._own.mkdir(parents=True, exist_ok=True)
            _replace(path, text)
        except OSError as error:
            raise PresetError(f"{path} cannot be written: {error.strerror}.") from error
        return path


def canonical(name: str) -> str:
    """Return a preset's name as its file has it ("Neon Mile" → "neon-mile").

    Names have letters, digits, - and _ only: none can leave its folder. Raises PresetError.
    """
    short = re.sub(r"\s+", "-", name.strip().lower().removesuffix(".toml"))
    if not _NAME.fullmatch(short):
        raise PresetError(
            f"{name[:60]!r} is not a preset's name.", remedy="Use letters, digits, - and _."
        )
    return short


def read(path: Path) -> Preset:
    """Return the preset in a file; raises PresetError."""
    try:
        # A pipe would wait and a device never end: only a file is read, and no more than needed.
        if not path.is_file():
            path.stat()  # says what is wrong where nothing is there
            raise PresetError(f"{path} is not a file.", remedy="Put a preset's file there.")
        with path.open("rb") as file:
            return parse(file.read(LARGEST + 1), name=path.name)
    except OSError as error:
        raise PresetError(f"{path} cannot be read: {error.strerror}.") from error


def _folder(folder: Path, own: bool) -> list[Entry]:
    paths = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    return [Entry(path.stem, path, own) for path in paths if _NAME.fullmatch(path.stem)]


def _document(path: Path, title: str) -> TOMLDocument:
    if path.is_file():
        try:
            return tomlkit.parse(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomlkit.exceptions.TOMLKitError) as error:
            raise PresetError(f"{path.name} is there but cannot be kept: {error}.") from error
    document = tomlkit.document()
    document["schema"] = SCHEMA
    document["title"] = title
    return document


def _fill(document: TOMLDocument, snapshot: Snapshot) -> None:
    values = snapshot.values
    document["base"] = str(values["prompt.base"])
    if snapshot.styles:
        document["styles"] = list(snapshot.styles)
    last = max((n for n in range(1, PROMPTS + 1) if values[f"prompt.{n}.text"]), default=0)
    _update_rows(document, [_slot(values, n) for n in range(1, last + 1)])
    held = {
        name: value
        for name, value in values.items()
        if find(name).in_presets and value != PARAMETERS[name].default and not _elsewhere(name)
    }
    _update(document, "values", held)
    glide = {"prompt": values["prompt.glide"], "morph": values["preset.morph"]}
    _update(document, "glide", glide)


def _slot(values: Mapping[str, Scalar], n: int) -> dict[str, Scalar]:
    return {part: values[f"prompt.{n}.{part}"] for part in ("label", "text", "weight")}


def _update(document: TOMLDocument, key: str, wanted: Mapping[str, Scalar]) -> None:
    """Make a table hold what is wanted, leaving its comments and order where they are."""
    table = document.setdefault(key, tomlkit.table())
    for name in [name for name in table if name not in wanted]:
        del table[name]
    for name, value in wanted.items():
        if name not in table or table[name] != value:
            table[name] = value


def _update_rows(document: TOMLDocument, rows: list[dict[str, Scalar]]) -> None:
    old = document.get("prompt")
    if isinstance(old, AoT) and len(old) == len(rows):
        for table, row in zip(old, rows, strict=True):
            table.update(row)
        return
    document.pop("prompt", None)
    if rows:
        bank = tomlkit.aot()
        for row in rows:
            bank.append(tomlkit.item(row))
        document["prompt"] = bank


def _elsewhere(name: str) -> bool:
    """Whether a parameter has its own place in a preset's file."""
    if name in ("prompt.base", "prompt.glide", "preset.morph"):
        return True
    return name.startswith("prompt.") and name.endswith((".text", ".label", ".weight"))


def _replace(path: Path, text: str) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
