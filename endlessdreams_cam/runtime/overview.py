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
class WaitRow:
    """What waits for the beat: a preset's title, a cut or a text, and how many beats it is away.

    slot is the prompt (1…8) that a text is for; on is "beat", or "obs" for what waits for OBS's
    transition instead.
    """

    kind: str
    what: str
    beats: float
    slot: int = 0
    on: str = "beat"


@dataclass(frozen=True, slots=True)
class OrderRow:
    """The place in the running order: entry `at` of `songs` (both 0 without a setlist).

    note is what the entry, or the preset, says to the performer; next the next preset's name.
    """

    title: str
    at: int
    songs: int
    note: str
    next: str


@dataclass(frozen=True, slots=True)
class ControlRow:
    """One controller: title is its profile's, waiting its controls that wait for pickup."""

    name: str
    title: str
    connected: bool
    messages: int
    errors: int
    trouble: str
    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ControlsRow:
    """The controllers, why there can be none, and where OSC listens (empty: it does not)."""

    rows: tuple[ControlRow, ...] = ()
    problem: str = ""
    osc: str = ""
    osc_received: int = 0
    osc_ignored: int = 0


@dataclass(frozen=True, slots=True)
class PanelRow:
    """Where the panel is: its address, the token that plays, and the program as a stream.

    trouble says why there is none.
    """

    url: str = ""
    token: str = ""
    picture_url: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class ObsRow:
    """OBS: where the connection stands and why, and what OBS does. The user's words are not in it.

    ours: its program is the scene that `obs setup` made; shown: our source is seen on it (None: it
    has none); camera: its virtual camera runs (None: it has none); times in seconds.
    """

    phase: str = "off"
    cause: str = ""
    remedy: str = ""
    version: str = ""
    ours: bool = False
    shown: bool | None = None
    studio: bool = False
    camera: bool | None = None
    streaming: bool = False
    stream_s: float = 0.0
    recording: bool = False
    paused: bool = False
    record_s: float = 0.0
    attempts: int = 0
    connects: int = 0


@dataclass(frozen=True, slots=True)
class Overview:
    """What is on air and how it goes.

    engine_why says why no better engine dreams, traded what the governor gave up for its goal,
    rehearsed which fault diffusion was told to play.
    cut is what was asked, output.shown what is seen. rest_s: how long autopilot rests yet.
    morph_s: how long a recall is under way yet. begun_ns is when the program was started.
    """

    preset: str
    order: OrderRow
    waiting: tuple[WaitRow, ...]
    morph_s: float
    locks: tuple[str, ...]
    controls: ControlsRow
    bpm: float
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
    panel: PanelRow | None = None
    preparing: EngineStatus | None = None
    engine_why: str = ""
    traded: str = ""
    rehearsed: str = ""
    obs: ObsRow = ObsRow()

    def since_start_ms(self, at_ns: int) -> float | None:
        """Return milliseconds from the program's start to a time, None for 0."""
        return round((at_ns - self.begun_ns) / 1e6, 1) if at_ns else None

    @property
    def render_ms(self) -> Spread:
        """The dreams' render times."""
        return self.engine.render_ms
