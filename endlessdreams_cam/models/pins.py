"""Pins: the commit and the hashes of what was downloaded, kept beside it and held to."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from endlessdreams_cam.errors import ModelError
from endlessdreams_cam.models.hashes import sha256_of

_SCHEMA = 1
Read = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class PinnedFile:
    """A file as it was downloaded; mtime_ns is that of the file whose hash was last looked at."""

    sha256: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Pin:
    """What was downloaded under a name: the commit of each repository, and every file.

    files are by path in the model's folder; whole is False while a download is under way.
    """

    name: str
    commits: Mapping[str, str]
    files: Mapping[str, PinnedFile] = field(default_factory=dict)
    whole: bool = False

    @property
    def size(self) -> int:
        """The bytes of all its files."""
        return sum(file.size for file in self.files.values())


def read_pin(path: Path) -> Pin | None:
    """Return a pin, or None where there is none; raises ModelError for one that is broken."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document.pop("schema") != _SCHEMA:
            raise ModelError(f"{path} is from another version.", remedy=_anew(path))
        files = {name: PinnedFile(**row) for name, row in document.pop("files").items()}
        return Pin(files=files, **document)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise ModelError(f"{path} is broken.", remedy=_anew(path)) from None


def write_pin(path: Path, pin: Pin) -> None:
    """Write a pin, whole or not at all."""
    document: dict[str, Any] = {"schema": _SCHEMA, **asdict(pin)}
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(path.name + ".new")
    aside.write_text(json.dumps(document, indent=1), encoding="utf-8")
    aside.replace(path)


def pinned(path: Path, sha256: str | None = None) -> PinnedFile:
    """Return a file's row in a pin; sha256 is its hash where that was looked at just now."""
    stat = path.stat()
    return PinnedFile(sha256 or sha256_of(path), stat.st_size, stat.st_mtime_ns)


def verify(folder: Path, pin: Pin, *, full: bool = False, read: Read | None = None) -> Pin:
    """Hold a folder to its pin; raises ModelError naming the first file that differs.

    A file whose size and time are as they were is believed unless `full`; else its hash is
    looked at. Returns the pin, with the new time of files that were merely copied.
    """
    known = {}
    for name, file in pin.files.items():
        known[name] = _verify(folder / name, file, pin.name, full=full, read=read)
    added = sorted(set(_present(folder)) - set(pin.files))
    if added:
        raise ModelError(
            f"{folder / added[0]} was added to {pin.name} after the download.",
            remedy="Move it elsewhere. Your own models and LoRAs can lie in any other folder.",
        )
    return replace(pin, files=known)


def _verify(
    path: Path, file: PinnedFile, name: str, *, full: bool, read: Read | None
) -> PinnedFile:
    try:
        stat = path.stat()
    except OSError:
        raise ModelError(f"{path} is gone.", remedy=_pull(name)) from None
    if stat.st_size != file.size:
        raise ModelError(f"{path} has another size than when it came.", remedy=_pull(name))
    if stat.st_mtime_ns == file.mtime_ns and not full:
        return file
    if sha256_of(path, read) != file.sha256:
        raise ModelError(
            f"{path} is not what was downloaded: its SHA-256 differs.", remedy=_pull(name)
        )
    return replace(file, mtime_ns=stat.st_mtime_ns)


def _present(folder: Path) -> list[str]:
    return [p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir()]


def _pull(name: str) -> str:
    return f"`endlessdreams-cam models pull {name}` brings the pinned one again."


def _anew(path: Path) -> str:
    name = path.name.partition(".")[0]
    return f"`endlessdreams-cam models remove {name}`, then pull it again."
