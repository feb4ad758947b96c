"""Keeps the workers alive: restarts what died, with a growing pause, and promotes the standby."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import wait
from typing import Any

from endlessdreams_cam import clock
from endlessdreams_cam.errors import EndlessDreamsError
from endlessdreams_cam.runtime.host import Worker
from endlessdreams_cam.runtime.statuses import State

PAUSES_S = (0.05, 0.25, 1.0, 2.0, 4.0, 8.0)
"""Before the first, second … restart in a row: never a storm."""
URGENT_S = 1.0
"""The longest pause for what the program hangs on: off air, a second is long."""
_HEALTHY_S = 20.0
"""A worker that lived so long starts again with the shortest pause."""

AnyWorker = Worker[Any]
Told = Callable[[str, str], None]


@dataclass(slots=True)
class _Charge:
    """One worker in the supervisor's care."""

    worker: AnyWorker
    on_end: Callable[[], None] | None
    title: str
    longest_s: float
    on_fall: Callable[[str], None] | None = None
    gone: bool = False
    due_ns: int = 0
    born_ns: int = 0
    falls: int = 0
    seen: int = 0


class Supervisor:
    """Watches workers on one thread; tell(worker, text) gets every trouble.

    `add` and `drop` may be called from every thread.
    """

    def __init__(self, tell: Told) -> None:
        self._tell = tell
        self._lock = threading.RLock()
        self._charges: dict[str, _Charge] = {}
        self._wake_out, self._wake_in = Pipe(duplex=False)
        self._thread: threading.Thread | None = None
        self._ending = False

    def open(self) -> None:
        """Start watching."""
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)
        self._thread.start()

    def add(
        self,
        worker: AnyWorker,
        on_end: Callable[[], None] | None = None,
        *,
        on_fall: Callable[[str], None] | None = None,
        after_s: float = 0.0,
        longest_s: float = PAUSES_S[-1],
    ) -> None:
        """Start a worker and keep it alive; `on_end` is called at once when it dies.

        longest_s is the longest pause before it is started again. With `on_fall`, which is called
        with the cause, it is not started again: what comes next is decided there.
        """
        with self._lock:
            now = clock.now_ns()
            charge = _Charge(worker, on_end, worker.name, longest_s, on_fall, born_ns=now)
            self._charges[worker.name] = charge
            if after_s > 0:
                charge.due_ns = now + clock.to_ns(after_s)
            else:
                worker.start()
        self._wake()

    def drop(self, name: str, within_s: float = 1.0) -> None:
        """End a worker and forget it."""
        with self._lock:
            charge = self._charges.pop(name, None)
        if charge:
            charge.worker.end(within_s)
            charge.worker.close()

    def promote(self, name: str, title: str, on_end: Callable[[], None]) -> None:
        """Call the worker of that name `title`, and `on_end` when it dies, from now on."""
        with self._lock:
            self._charges[name].title = title
            self._charges[name].on_end = on_end

    def workers(self) -> list[AnyWorker]:
        """Return the workers in care."""
        with self._lock:
            return [charge.worker for charge in self._charges.values()]

    def close(self, within_s: float) -> list[str]:
        """End all workers and return the names of those that had to be killed; twice is once."""
        if self._ending:
            return []
        self._ending = True
        self._wake()
        if self._thread:
            self._thread.join(1.0)
        workers = self.workers()
        for worker in workers:
            worker.ask_to_end()
        deadline = clock.now_ns() + clock.to_ns(within_s)
        killed = []
        for worker in workers:
            left = max(clock.seconds(deadline - clock.now_ns()), 0.0)
            sentinel = worker.sentinel
            if worker.alive and sentinel is not None and not wait([sentinel], left):
                killed.append(worker.name)
            worker.end(0.05)
            worker.close()
        self._charges.clear()
        self._wake_in.close()
        self._wake_out.close()
        return killed

    def _wake(self) -> None:
        with contextlib.suppress(OSError):
            self._wake_in.send_bytes(b".")

    def _run(self) -> None:
        while not self._ending:
            with self._lock:
                living = [c for c in self._charges.values() if not (c.due_ns or c.gone)]
                sentinels = [charge.worker.sentinel for charge in living]
            ready = wait([self._wake_out, *(s for s in sentinels if s is not None)], 0.2)
            if self._wake_out in ready:
                self._wake_out.recv_bytes()
            if self._ending:
                return
            with self._lock:
                for charge in list(self._charges.values()):
                    self._look_after(charge)

    def _look_after(self, charge: _Charge) -> None:
        now = clock.now_ns()
        if charge.gone:
            return
        if charge.due_ns:
            if now >= charge.due_ns:
                charge.due_ns, charge.born_ns = 0, now
                self._start(charge)
            return
        if charge.worker.alive:
            self._report(charge)
            return
        cause = self._cause(charge)
        if charge.on_fall:
            charge.gone = True
            charge.on_fall(cause)
            self._tell(charge.title, cause)
            return
        if clock.seconds(now - charge.born_ns) > _HEALTHY_S:
            charge.falls = 0
        self._put_off(charge)
        if charge.on_end:
            try:
                charge.on_end()
            except EndlessDreamsError as error:
                self._tell(charge.title, str(error))
        self._tell(charge.title, cause)

    def _start(self, charge: _Charge) -> None:
        """Start a worker again; where the system allows no process now, try later."""
        try:
            charge.worker.start()
        except OSError as error:
            self._put_off(charge)
            why = error.strerror or error
            self._tell(charge.title, f"It cannot be started ({why}). Close other programs.")

    def _put_off(self, charge: _Charge) -> None:
        pause_s = min(PAUSES_S[min(charge.falls, len(PAUSES_S) - 1)], charge.longest_s)
        charge.falls += 1
        charge.due_ns = clock.now_ns() + clock.to_ns(pause_s)

    def _report(self, charge: _Charge) -> None:
        """Pass on a trouble that a living worker tells of; its last words wait for its end."""
        status = charge.worker.status
        trouble = status.trouble
        if trouble.count != charge.seen and status.state is not State.FAILED:
            charge.seen = trouble.count
            if trouble.count:
                self._tell(charge.title, f"{trouble.cause} {trouble.remedy}".strip())

    def _cause(self, charge: _Charge) -> str:
        status, code = charge.worker.status, charge.worker.exit_code
        then = "." if charge.on_fall else "; it is started again."
        if status.state is State.FAILED:
            charge.seen = status.trouble.count
            return f"{status.trouble.cause} {status.trouble.remedy}".strip()
        if code is not None and code < 0:
            return f"The process was killed (signal {-code}){then}"
        if code == 1:
            limit_s = charge.worker.spec.hang_s
            return f"No sign of life for {limit_s:g} s or longer{then}"
        return f"The process ended (code {code}){then}"
