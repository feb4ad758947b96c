"""What the processes of a show cost."""

from __future__ import annotations

from typing import Any

import psutil

from endlessdreams_cam.runtime.host import Worker
from endlessdreams_cam.runtime.overview import WorkerRow
from endlessdreams_cam.runtime.stage import Stagehands


class Processes:
    """Asks the system for processor time (s) and memory (MB, resident) of main and workers."""

    def __init__(self, stage: Stagehands) -> None:
        self._stage = stage
        self._known: dict[int, psutil.Process] = {}

    def rows(self) -> tuple[WorkerRow, ...]:
        """Return a row for main and for every worker that lives."""
        rows = []
        for worker in self._stage.workers():
            usage = self._usage(worker.pid)
            if worker.pid and usage:
                rows.append(self._row(worker, worker.pid, usage))
        me = psutil.Process().pid
        return (WorkerRow("main", me, 0, *(self._usage(me) or (0.0, 0.0))), *rows)

    def _row(self, worker: Worker[Any], pid: int, usage: tuple[float, float]) -> WorkerRow:
        if worker is self._stage.output:
            return WorkerRow("output", pid, worker.starts - 1 + self._stage.takeovers, *usage)
        return WorkerRow(worker.name, pid, worker.starts - 1, *usage)

    def _usage(self, pid: int | None) -> tuple[float, float] | None:
        if pid is None:
            return None
        try:
            process = self._known.setdefault(pid, psutil.Process(pid))
            with process.oneshot():
                times: Any = process.cpu_times()
                memory: Any = process.memory_info()
            return round(times.user + times.system, 2), round(memory.rss / 2**20, 1)
        except psutil.Error:
            self._known.pop(pid, None)
            return None
