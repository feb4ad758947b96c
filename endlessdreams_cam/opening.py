"""What all things have in common that are acquired and let go: devices, ports, files."""

from __future__ import annotations

import contextlib
import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from types import TracebackType
from typing import Self


class Opens(ABC):
    """The constructor stores; `open` acquires; `close` may be called twice; `with` does both."""

    @abstractmethod
    def open(self) -> object:
        """Acquire it; raises a DeviceError and then holds nothing."""

    @abstractmethod
    def close(self) -> object:
        """Let it go; may be called twice."""

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep what a driver's library writes to the C standard error out of the terminal."""
    try:
        kept = os.dup(2)
    except OSError:  # a program without a terminal
        yield
        return
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(nothing)
        os.close(kept)
