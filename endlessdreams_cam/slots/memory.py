"""Blocks of shared memory: made by main, attached by workers, removed by whoever comes next."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import sys
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path

from endlessdreams_cam.errors import NoRoom

# macOS allows 30 characters with the leading slash; the pid tells whether the owner lives.
_NAME = re.compile(r"edc-(\d+)-[a-z]+-[0-9a-f]{6}")
_FOLDER = Path("/dev/shm")  # where Linux shows it; elsewhere the system frees it with the process

_attached: set[SharedMemory] = set()


def make(kind: str, size: int) -> SharedMemory:
    """Return a new block; raises NoRoom. kind is up to eight letters, for people who look."""
    name = f"edc-{os.getpid()}-{kind}-{secrets.token_hex(3)}"
    made = None
    try:
        made = SharedMemory(name, create=True, size=size)
        _reserve(made)
    except OSError as error:
        if made:
            free(made, unlink=True)
        raise NoRoom(
            f"There is no room for {size / 2**20:.1f} MB of shared memory ({error.strerror}).",
            remedy="Close other programs, or in a container start it with --shm-size=512m.",
        ) from error
    return made


def _reserve(made: SharedMemory) -> None:
    """Take all of a block's pages now; raises OSError.

    Linux gives a page when it is first touched: with the file system filled meanwhile by another
    program, a write in the middle of a show would end the process with SIGBUS.
    """
    if sys.platform == "linux" and _FOLDER.is_dir():
        with (_FOLDER / made.name).open("r+b") as file:
            os.posix_fallocate(file.fileno(), 0, made.size)


def attach(name: str) -> SharedMemory:
    """Return a block that main made; raises FileNotFoundError when main has gone."""
    if sys.version_info >= (3, 13):
        shared = SharedMemory(name, track=False)
    else:
        # It registers with the tracker too; spawned workers share main's tracker, where a second
        # registration of a name changes nothing.
        shared = SharedMemory(name)
    # Kept until it is freed: a block that is merely forgotten complains that it is still in use.
    _attached.add(shared)
    return shared


def view(shared: SharedMemory) -> memoryview:
    """Return a block's bytes; the block must not have been freed."""
    assert shared.buf is not None
    return shared.buf


def free(memory: SharedMemory, *, unlink: bool) -> None:
    """Give a block back; unlink ends it for everybody, and is main's to do."""
    _attached.discard(memory)
    try:
        memory.close()
    except BufferError:
        # A view is still held, by a frame on its way: the mapping ends with the process.
        memory._buf = None  # type: ignore[attr-defined]  # noqa: SLF001
        memory._mmap = None  # type: ignore[attr-defined]  # noqa: SLF001
    if unlink:
        try:
            memory.unlink()
        except FileNotFoundError:
            return


def check_room(needed: int) -> None:
    """Raise NoRoom when the shared memory's file system has less than `needed` bytes left."""
    if not _FOLDER.is_dir():
        return
    left = shutil.disk_usage(_FOLDER).free
    if left < needed:
        raise NoRoom(
            f"Shared memory has {left >> 20} MB left and the show needs {needed >> 20} MB.",
            remedy="Make it larger: sudo mount -o remount,size=1G /dev/shm"
            " (in a container: --shm-size=512m).",
        )


def remove_leftovers() -> list[str]:
    """Unlink what dead shows left behind, and return the names."""
    if not _FOLDER.is_dir():
        return []
    removed = []
    for path in _FOLDER.iterdir():
        match = _NAME.fullmatch(path.name)
        if match and not _alive(int(match[1])):
            path.unlink(missing_ok=True)
            removed.append(path.name)
    return removed


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
