"""A worker's side of its life: when to end, when it would be taken for dead, what it says."""

from __future__ import annotations

import contextlib
import dataclasses
import faulthandler
import importlib
import os
import signal
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, NoReturn

from endlessdreams_cam import clock
from endlessdreams_cam.errors import EndlessDreamsError
from endlessdreams_cam.runtime.statuses import State, Status, decode, encode
from endlessdreams_cam.runtime.telling import tell_warnings
from endlessdreams_cam.slots import TextSlot

_END_WITHIN_S = 1.5
_REARM_NS = 300 * clock.MILLISECOND_NS
_STATUS_NS = 250 * clock.MILLISECOND_NS


@dataclass(frozen=True, slots=True)
class WorkerSpec:
    """How to run a worker.

    target is "module:function", called with (Life, job). hang_s: without a sign of life for so
    long it ends itself, even if a call holds the GIL. log: where the traceback goes.
    """

    name: str
    target: str
    job: Any
    hang_s: float
    log: Path


class Life:
    """Handed to a worker's function, which runs until `stopping` and calls `beat` in its loop."""

    def __init__(self, spec: WorkerSpec, control: Connection, status: TextSlot) -> None:
        self.name = spec.name
        self._hang_s = spec.hang_s
        self._control = control
        self._status_slot = status
        self._stop = threading.Event()
        self._go = threading.Event()
        self._armed_ns = 0
        self._armed_s = 0.0
        self._told_ns = 0
        self._log = spec.log.open("a")
        self.status: Status = Status()
        self.trouble = decode(Status, status.read()).trouble
        """The last error; its count goes on over a restart."""
        self._ailing = False
        threading.Thread(target=self._watch, name="life", daemon=True).start()

    @property
    def stopping(self) -> bool:
        """Whether the worker must end now."""
        return self._stop.is_set()

    def pause(self, duration_s: float) -> None:
        """Sleep, but wake up to end."""
        self._stop.wait(duration_s)

    def wait_for_go(self) -> bool:
        """Wait until main says go (True), or until the end (False); a standby's whole life."""
        while not self._go.wait(0.1):
            if self.stopping:
                return False
            self.beat()
        return not self.stopping

    def beat(self, within_s: float | None = None) -> None:
        """Give a sign of life: the next one is due within `within_s` (default: the spec's)."""
        limit = within_s or self._hang_s
        now = clock.now_ns()
        if limit == self._armed_s and now - self._armed_ns < _REARM_NS:
            return
        self._armed_ns, self._armed_s = now, limit
        faulthandler.dump_traceback_later(limit, exit=True, file=self._log)

    def tell(self, make: Callable[[], Status], *, now: bool = False) -> None:
        """Publish a status at most four times a second, or at once."""
        at = clock.now_ns()
        if now or at - self._told_ns >= _STATUS_NS:
            self._told_ns = at
            self.status = make()
            self._status_slot.write(encode(self.status))

    def note(self, error: BaseException) -> None:
        """Count an error that the worker lives on with; the next status tells of it.

        One that only lasts, because a device is still not there at the next try, counts once.
        """
        trouble = self.trouble.after(error)
        same = (trouble.cause, trouble.remedy) == (self.trouble.cause, self.trouble.remedy)
        if not (self._ailing and same):
            self.trouble = trouble
        self._ailing = True

    def recover(self) -> None:
        """Say that it works again: the same error would be a new one."""
        self._ailing = False

    def fail(self, error: Exception) -> NoReturn:
        """Say why this worker cannot go on, and end; the supervisor takes it from here."""
        traceback.print_exception(error, file=self._log)
        self._log.flush()
        self.note(error)
        failed = dataclasses.replace(self.status, state=State.FAILED, trouble=self.trouble)
        self.tell(lambda: failed, now=True)
        os._exit(1)

    def _watch(self) -> None:
        parent = parent_process()
        sentinels: list[Any] = [self._control]
        if parent is not None:
            sentinels.append(parent.sentinel)
        while not self._stop.is_set():
            for ready in wait(sentinels):
                if ready is not self._control or not self._heard():
                    self._stop.set()
        threading.Event().wait(_END_WITHIN_S)
        os._exit(0)  # a call that does not return must not outlive the show

    def _heard(self) -> bool:
        """Read main's word: "go" activates a standby; the end of the pipe is the end."""
        try:
            if self._control.recv_bytes() == b"go":
                self._go.set()
                return True
        except (EOFError, OSError):
            pass
        return False


def run(spec: WorkerSpec, control: Connection, status_name: str) -> None:
    """Live as a worker process: the target of every spawn."""
    for name in ("SIGINT", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
    _print_into(spec.log)
    with contextlib.suppress(FileNotFoundError):
        status = TextSlot.attach(status_name)
        life = Life(spec, control, status)
        life.beat(max(spec.hang_s, 10.0))
        tell_warnings(lambda text: life.note(EndlessDreamsError(text)))
        module, _, function = spec.target.partition(":")
        try:
            getattr(importlib.import_module(module), function)(life, spec.job)
        except FileNotFoundError as error:
            if not _main_gone():
                life.fail(error)
        except Exception as error:
            life.fail(error)
        os._exit(0)  # no exit handlers: a driver's may hang, and main cleans up


def _print_into(log: Path) -> None:
    """Send what libraries print into the log: the terminal belongs to main's screen."""
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(handle, stream)
    os.close(handle)


def _main_gone() -> bool:
    parent = parent_process()
    return parent is None or not parent.is_alive()
