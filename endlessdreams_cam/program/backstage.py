"""Work that takes too long for a tick, done beside the program."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


def in_thread(work: Callable[[], None]) -> None:
    """Start `work` in a thread that does not keep the process alive."""
    threading.Thread(target=work, name="backstage", daemon=True).start()


class Backstage(Generic[T]):
    """Makes the value for a key when the key changes; nobody waits for it.

    make must not raise. start runs a piece of work: beside the caller, or at once in a test.
    """

    def __init__(
        self, make: Callable[[str], T], start: Callable[[Callable[[], None]], None] = in_thread
    ) -> None:
        self._make = make
        self._start = start
        self._asked: str | None = None
        self._done: tuple[str, T] | None = None

    def get(self, key: str) -> T | None:
        """Return the value for `key`, or None while it is being made."""
        if key != self._asked:
            self._asked = key
            self._start(lambda: self._work(key))
        done = self._done
        return done[1] if done and done[0] == key else None

    def _work(self, key: str) -> None:
        self._done = (key, self._make(key))
