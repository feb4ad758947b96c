"""Checksums of files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

_CHUNK = 1 << 20


def sha256_of(path: Path, read: Callable[[int], None] | None = None) -> str:
    """Return a file's SHA-256 in hexadecimal; `read` is told of the bytes as they are read."""
    return _digest(hashlib.sha256(), path, read)


def matches(path: Path, sha256: str | None, blob: str) -> bool:
    """Whether a file is the one that a hub names: by SHA-256, or a small one by git's hash.

    Git hashes a file as a blob: SHA-1 over its length and its content.
    """
    if sha256:
        return sha256_of(path) == sha256
    start = f"blob {path.stat().st_size}\0".encode()
    return _digest(hashlib.sha1(start, usedforsecurity=False), path, None) == blob


def _digest(hasher: hashlib._Hash, path: Path, read: Callable[[int], None] | None) -> str:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            hasher.update(chunk)
            if read:
                read(len(chunk))
    return hasher.hexdigest()
