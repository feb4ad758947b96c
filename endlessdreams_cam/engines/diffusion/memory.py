"""The C library's habits with memory, where a processor dreams."""

from __future__ import annotations

import contextlib
import ctypes
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # mallopt's names for them, malloc.h of glibc
_KEEP_BYTES = 32 << 20  # the most that glibc takes for the first


def keep_freed_memory() -> None:
    """Let this process keep what it frees: glibc only, elsewhere nothing happens.

    Every dream takes and frees the same pictures; giving them back to the system means that each
    page of them is cleared again in the next dream, a millisecond in all at 512×512.
    """
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None)
        libc.mallopt(_MMAP_THRESHOLD, _KEEP_BYTES)
        libc.mallopt(_TRIM_THRESHOLD, 16 * _KEEP_BYTES)
