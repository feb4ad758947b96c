"""Main's side of a worker: start it, hear of it, end it."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
from collections.abc import Iterator
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Generic, TypeVar

from endlessdreams_cam.runtime import life
from endlessdreams_cam.runtime.life import WorkerSpec
from endlessdreams_cam.runtime.statuses import State, Status, decode, encode
from endlessdreams_cam.slots import TextSlot

_SPAWN = multiprocessing.get_context("spawn")
_Kind = TypeVar("_Kind", bound=Status)


class Worker(Generic[_Kind]):
    """A spawned process that main can end and start again.

    kind is the status that it writes. The status slot outlives a restart.
    """

    def __init__(self, spec: WorkerSpec, kind: type[_Kind]) -> None:
        self.spec = spec
        self.starts = 0
        self._kind = kind
        self._going = False
        self._process: SpawnProcess | None = None
        self._control: Connection | None = None
        self._slot = TextSlot.make("status")
        self._final: _Kind | None = None
        self._past: _Kind | None = None

    @property
    def name(self) -> str:
        """The worker's name."""
        return self.spec.name

    @property
    def pid(self) -> int | None:
        """The process, None while there is none."""
        return self._process.pid if self._process else None

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.is_alive()

    @property
    def sentinel(self) -> int | None:
        """What becomes ready when the process ends."""
        return self._process.sentinel if self._process else None

    @property
    def exit_code(self) -> int | None:
        """How it ended: negative is a signal."""
        return self._process.exitcode if self._process else None

    @property
    def status(self) -> _Kind:
        """The newest that it said, also after its end."""
        return self._final or decode(self._kind, self._slot.read())

    @property
    def total(self) -> _Kind:
        """The newest status with the counts of earlier lives."""
        return self.status.after(self._past) if self._past else self.status

    def inherit(self, before: _Kind) -> None:
        """Go on counting from another worker's total."""
        self._past = before

    def start(self) -> None:
        """Spawn the process; returns at once. Raises OSError where the system has no room."""
        # What it said before it died is history; its counts and its trouble are kept.
        if self.starts:
            self._past = self.total
        fresh = self._kind(state=State.STARTING, trouble=self.status.trouble)
        self._slot.write(encode(fresh))
        theirs, self._control = _SPAWN.Pipe(duplex=False)
        process = _SPAWN.Process(
            target=life.run, args=(self.spec, theirs, self._slot.name), name=self.name, daemon=True
        )
        try:
            with _signals_held():
                process.start()
        finally:
            theirs.close()
        self._process = process
        self.starts += 1
        if self._going:
            self.go()

    def go(self) -> None:
        """Tell a standby to take over; started again, it goes at once."""
        self._going = True
        if self._control:
            with contextlib.suppress(OSError):
                self._control.send_bytes(b"go")

    def ask_to_end(self) -> None:
        """Ask it to end; it has 1.5 s before it ends itself."""
        if self._control:
            self._control.close()
            self._control = None

    def end(self, within_s: float) -> None:
        """Ask it to end, wait, and kill it if it has not."""
        self.ask_to_end()
        if self._process:
            self._process.join(within_s)
            if self._process.is_alive():
                self._process.kill()
                self._process.join(1.0)

    def kill(self) -> None:
        """End it without asking."""
        if self._process:
            self._process.kill()

    def close(self) -> None:
        """Give back what outlives the process, which must have ended; its last word is kept."""
        self._final = self.status
        self._slot.close()


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """Hold back Ctrl-C and hang-up while a worker is born, and let it be born with them held.

    A spawned process inherits the mask, so a Ctrl-C to the whole group in its first milliseconds
    cannot kill it; main gets what was held when the mask goes.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    held = {signal.SIGINT, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, held)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
