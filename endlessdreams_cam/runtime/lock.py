"""One show at a time: a lock that the system takes back when its owner dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO

from endlessdreams_cam.errors import ShowRunning


class ShowLock:
    """Held while a show runs; `acquire` raises ShowRunning with the owner's pid."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "show.lock"
        self._file: IO[str] | None = None

    def acquire(self) -> None:
        """Take the lock or raise ShowRunning."""
        file = self._path.open("a+")
        try:
            _lock(file)
        except OSError:
            file.seek(0)
            owner = file.read().strip() or "unknown"
            file.close()
            raise ShowRunning(
                f"A show is on air already (process {owner}).",
                remedy="Steer it with `endlessdreams-cam send`, or end it with Ctrl-C there.",
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def release(self) -> None:
        """Give the lock back."""
        if self._file:
            self._file.close()
            self._file = None


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str]) -> None:
        file.seek(1_000_000)  # beyond the text, so that others can read the pid
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: IO[str]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
