"""Numbers from words: the same on every machine, in every run."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")


def stable(*parts: object) -> int:
    """Return a number 0…2³¹−1 for some words and numbers (BLAKE2; Python's own hash is salted)."""
    text = "\x1f".join(str(part) for part in parts)
    digest = hashlib.blake2b(text.encode(), digest_size=4).digest()
    return int.from_bytes(digest, "little") & 0x7FFFFFFF


def pick(choices: Sequence[_T], *parts: object) -> _T:
    """Return one of the choices, always the same for the same words."""
    return choices[stable(*parts) % len(choices)]
