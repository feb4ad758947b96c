"""Pulls a model of the catalogue from the hub into the store."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Protocol

from endlessdreams_cam.errors import DownloadError, ModelError, NoRoom
from endlessdreams_cam.models.catalogue import Entry, Piece
from endlessdreams_cam.models.hashes import matches
from endlessdreams_cam.models.hub import Listing, Remote
from endlessdreams_cam.models.pins import Pin, PinnedFile, pinned
from endlessdreams_cam.models.store import Store

SAFE = (".safetensors", ".json", ".txt")
"""The only endings that are downloaded: none of them can carry code."""
_SPARE = 1_000_000_000
"""Bytes of the disk that a download leaves free."""
_HALF = ".fp16."
_UNUSED = ("non_ema", "safety_checker", "openvino", "flax")


class Source(Protocol):
    """What models are pulled from: `hub.Hub`, or one that a test plays."""

    def list(self, repo: str, revision: str = "main") -> Listing:
        """Return a repository's files."""
        ...

    def fetch(self, listing: Listing, file: Remote, to: Path, told: Callable[[int], None]) -> None:
        """Bring a file."""
        ...


@dataclass(frozen=True, slots=True)
class _Wanted:
    listing: Listing
    file: Remote
    local: str


class Watcher(Protocol):
    """Who watches a pull."""

    def begin(self, total: int) -> None:
        """Take the number of bytes that the whole model has."""

    def doing(self, file: str) -> None:
        """Take the name of the file that comes now."""

    def told(self, count: int) -> None:
        """Take the number of bytes that are here in addition; negative when some were lost."""


def pull(
    entry: Entry,
    store: Store,
    hub: Source,
    watcher: Watcher,
    *,
    free: Callable[[Path], int] | None = None,
) -> Pin:
    """Bring a model, or what is missing of it, and return its pin.

    The commit of every repository is written down before the first file, and every file's SHA-256
    as it comes; a pull that goes on, or mends, keeps to them. Raises DownloadError, ModelError
    and NoRoom; whatever came is kept.
    """
    with _alone(store, entry.name):
        old = store.pin(entry.name)
        wanted = list(_wanted(entry, hub, old))
        commits = {want.listing.repo: want.listing.commit for want in wanted}
        pin = replace(old, whole=False) if old else Pin(entry.name, commits)
        _refuse_other_files(pin, wanted)
        folder = store.path(entry.name)
        watcher.begin(sum(want.file.size for want in wanted))
        _check_room(folder, wanted, free or _free)
        store.write(pin)
        for want in wanted:
            watcher.doing(want.local)
            row = _bring(want, folder / want.local, pin.files.get(want.local), hub, watcher.told)
            pin = replace(pin, files={**pin.files, want.local: row})
            store.write(pin)
        pin = replace(pin, whole=True)
        store.write(pin)
        return pin


def choose(piece: Piece, listing: Listing) -> Iterator[tuple[Remote, str]]:
    """Yield the files of a repository that a piece takes, with their path in the model's folder.

    Raises DownloadError when it has no weights in .safetensors where there should be some.
    """
    for folder in piece.folders:
        inside = [f for f in listing.files if _is_in(f, folder) and f.path.endswith(SAFE)]
        if piece.files:
            inside = [f for f in inside if f.path in piece.files]
        elif not folder and len(piece.folders) > 1:
            # Single files of the whole model often lie beside its folders.
            inside = [f for f in inside if f.path == "model_index.json"]
        for file in _without_doubles(inside):
            yield file, str(PurePosixPath(piece.into, file.path))


def _is_in(file: Remote, folder: str) -> bool:
    parts = PurePosixPath(file.path).parts
    plain = not file.path.startswith("/") and ".." not in parts and "\\" not in file.path
    return plain and "/".join(parts[:-1]) == folder and parts[-1][:1] != "."


def _without_doubles(files: list[Remote]) -> list[Remote]:
    """Return the files with each net's weights once: in half precision where there are such."""
    kept = [f for f in files if not any(word in f.path for word in _UNUSED)]
    weights = [f for f in kept if f.path.endswith(".safetensors")]
    halves = [f for f in weights if _HALF in f.path]
    if not halves:
        return [f for f in kept if _HALF not in f.path]
    return [f for f in kept if f not in weights or f in halves]


def _wanted(entry: Entry, hub: Source, old: Pin | None) -> Iterator[_Wanted]:
    for piece in entry.pieces:
        revision = old.commits.get(piece.repo, "main") if old else "main"
        listing = hub.list(piece.repo, revision)
        if old and piece.repo in old.commits and listing.commit != old.commits[piece.repo]:
            raise ModelError(f"The hub gives another commit of {piece.repo} than the pinned one.")
        chosen = list(choose(piece, listing))
        missing = [f for f in piece.files if f not in {file.path for file, _ in chosen}]
        if missing or not chosen:
            what = missing[0] if missing else "file that can be used"
            raise DownloadError(
                f"{piece.repo} has no {what}.", remedy="A newer version may know where it went."
            )
        yield from (_Wanted(listing, file, local) for file, local in chosen)


def _refuse_other_files(pin: Pin, wanted: list[_Wanted]) -> None:
    """Raise ModelError when the hub says another hash than the pin of the same commit."""
    for want in wanted:
        known = pin.files.get(want.local)
        if known and want.file.sha256 not in (None, known.sha256):
            raise ModelError(
                f"The hub gives another {want.local} than when {pin.name} was first downloaded.",
                remedy=f"If you trust the new one: `endlessdreams-cam models remove {pin.name}`, "
                "then pull again.",
            )


def _check_room(folder: Path, wanted: list[_Wanted], free: Callable[[Path], int]) -> None:
    missing = 0
    for want in wanted:
        path = folder / want.local
        part = path.with_name(path.name + ".part")
        if not path.is_file():
            missing += want.file.size - (part.stat().st_size if part.is_file() else 0)
    there = next(p for p in (folder, *folder.parents) if p.is_dir())
    room = free(there)
    if missing and missing + _SPARE > room:
        raise NoRoom(
            f"{missing / 1e9:.1f} GB are missing of the model and {room / 1e9:.1f} GB are free on "
            f"the disk of {there}; 1 GB stays free.",
            remedy="Make room, remove a model, or set ENDLESSDREAMS_MODELS to a folder elsewhere.",
        )


def _bring(
    want: _Wanted, path: Path, known: PinnedFile | None, hub: Source, told: Callable[[int], None]
) -> PinnedFile:
    if path.is_file():
        row = pinned(path)
        if _same(row, known) and _is(row, path, want.file):
            told(want.file.size)
            return row
        path.unlink()
    hub.fetch(want.listing, want.file, path, told)
    row = pinned(path, want.file.sha256)
    if not _same(row, known):
        path.unlink()
        raise ModelError(f"{want.local} is another one than when it was first downloaded.")
    return row


def _is(row: PinnedFile, path: Path, file: Remote) -> bool:
    return row.sha256 == file.sha256 if file.sha256 else matches(path, None, file.blob)


def _same(row: PinnedFile, known: PinnedFile | None) -> bool:
    return known is None or row.sha256 == known.sha256


def _free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


@contextmanager
def _alone(store: Store, name: str) -> Iterator[None]:
    """Let only one process pull a model at a time."""
    from filelock import FileLock, Timeout

    store.folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(store.folder / f"{name}.lock", timeout=0):
            yield
    except Timeout:
        raise ModelError(f"{name} is being pulled already, in another terminal.") from None
