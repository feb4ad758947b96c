"""Checksums of files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Checksum:
    """A file's SHA-256, and git's hash of it as a blob (SHA-1 over its length and content)."""

    sha256: str
    blob: str

    @classmethod
    def of(cls, path: Path, read: Callable[[int], None] | None = None) -> Checksum:
        """Return a file's checksum; `read` is told of the bytes as they are read."""
        sha256 = hashlib.sha256()
        blob = hashlib.sha1(f"blob {path.stat().st_size}\0".encode(), usedforsecurity=False)
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                sha256.update(chunk)
                blob.update(chunk)
                if read:
                    read(len(chunk))
        return cls(sha256.hexdigest(), blob.hexdigest())

    def is_of(self, sha256: str | None, blob: str) -> bool:
        """Whether it is the one that a hub names: large files by SHA-256, small ones by blob."""
        return self.sha256 == sha256 if sha256 else self.blob == blob
