"""The whole show at a glance: for the terminal, `send status` and the report."""

from __future__ import annotations

from dataclasses import dataclass

from endlessdreams_cam.runtime.figures import Spread
from endlessdreams_cam.runtime.statuses import (
    CaptureStatus,
    EngineStatus,
    LogRow,
    OutputStatus,
    ViewerStatus,
)


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """One process: restarts, processor time in seconds, resident memory in MB."""

    name: str
    pid: int
    restarts: int
    cpu_s: float
    rss_mb: float


@dataclass(frozen=True, slots=True)
class Overview:
    """What is on air and how it goes.

    cut is what was asked, output.shown what is seen. rest_s: how long autopilot rests yet.
    begun_ns is when the program was started.
    """

    preset: str
    cut: str
    latched: bool
    held_s: float
    autopilot: bool
    rest_s: float
    source_words: str
    layer_words: str
    output: OutputStatus
    engine: EngineStatus
    source: CaptureStatus | None
    layer: CaptureStatus | None
    viewers: tuple[ViewerStatus, ...]
    workers: tuple[WorkerRow, ...]
    errors: tuple[LogRow, ...]
    begun_ns: int
    uptime_s: float
    source_restarts: int

    def since_start_ms(self, at_ns: int) -> float | None:
        """Return milliseconds from the program's start to a time, None for 0."""
        return round((at_ns - self.begun_ns) / 1e6, 1) if at_ns else None

    @property
    def render_ms(self) -> Spread:
        """The dreams' render times."""
        return self.engine.render_ms
