"""What a worker says of itself, written a few times a second into its status slot."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any, Self, TypeVar

from endlessdreams_cam.errors import EndlessDreamsError
from endlessdreams_cam.runtime.figures import Spread


class State(StrEnum):
    """Where a worker stands."""

    STARTING = "starting"
    LIVE = "live"
    WAITING = "waiting"  # for a device; it tries again by itself
    ENDED = "ended"  # a source that has no more frames
    STANDBY = "standby"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Trouble:
    """An error for people: what, the remedy, and how many there have been."""

    cause: str = ""
    remedy: str = ""
    count: int = 0

    def after(self, error: BaseException) -> Trouble:
        """Return the trouble that `error` adds to this one."""
        if isinstance(error, EndlessDreamsError):
            return Trouble(error.cause, error.remedy, self.count + 1)
        return Trouble(f"{type(error).__name__}: {error}"[:300], "", self.count + 1)


@dataclass(frozen=True, slots=True)
class Status:
    """What every worker says."""

    state: State = State.STARTING
    label: str = ""
    trouble: Trouble = Trouble()

    def after(self, before: Self) -> Self:
        """Return this status with the counts of an earlier life of its worker added."""
        return self


@dataclass(frozen=True, slots=True)
class CaptureStatus(Status):
    """The capture worker: the live input."""

    kind: str = ""
    size: str = ""
    frames: int = 0
    fps: float = 0.0
    reopened: int = 0

    def after(self, before: Self) -> Self:
        """Add the earlier life's frames and openings."""
        return replace(
            self, frames=self.frames + before.frames, reopened=self.reopened + before.reopened
        )


@dataclass(frozen=True, slots=True)
class EngineStatus(Status):
    """An engine worker: rendering and its speed.

    model and way say what it dreams with and how; outgrown, that one made anew would be readier;
    steps, steps_asked, load and at_least are an engine's Standing under a governor.
    While it loads, progress is 0…1 and doing what it does.
    """

    engine: str = ""
    model: str = ""
    way: str = ""
    outgrown: bool = False
    steps: int = 0
    steps_asked: int = 0
    load: float = 0.0
    at_least: bool = False
    progress: float = 0.0
    doing: str = ""
    size: str = ""
    frames: int = 0
    fps: float = 0.0
    fps_overall: float = 0.0
    render_ms: Spread = Spread()
    first_dream_ns: int = 0
    last_dream_ns: int = 0
    notes: tuple[str, ...] = ()

    def after(self, before: Self) -> Self:
        """Add the earlier life's dreams; the rate is over both and the time between."""
        frames, first_ns = self.frames + before.frames, before.first_dream_ns or self.first_dream_ns
        last_ns = self.last_dream_ns or before.last_dream_ns
        return replace(
            self,
            frames=frames,
            fps_overall=round(_rate(frames, first_ns, last_ns), 2),
            render_ms=before.render_ms.joined(self.render_ms, self.frames / max(frames, 1)),
            first_dream_ns=first_ns,
            last_dream_ns=last_ns,
        )


@dataclass(frozen=True, slots=True)
class OutputStatus(Status):
    """The output worker: the program. blocked_ms is the longest send."""

    frames: int = 0
    fps: float = 0.0
    fps_overall: float = 0.0
    interval_ms: Spread = Spread()
    interval_recent_ms: Spread = Spread()
    compose_ms: Spread = Spread()
    send_ms: Spread = Spread()
    age_ms: Spread = Spread()
    age_recent_ms: Spread = Spread()
    late: int = 0
    skipped: int = 0
    held: int = 0
    first_frame_ns: int = 0
    last_frame_ns: int = 0
    first_dream_ns: int = 0
    shown: str = ""
    device: str = ""

    def after(self, before: Self) -> Self:
        """Add the earlier life's frames; the rate is over both and the gap between."""
        frames, first_ns = self.frames + before.frames, before.first_frame_ns or self.first_frame_ns
        last_ns = self.last_frame_ns or before.last_frame_ns
        share = self.frames / max(frames, 1)
        return replace(
            self,
            frames=frames,
            fps_overall=round(_rate(frames, first_ns, last_ns), 3),
            interval_ms=before.interval_ms.joined(self.interval_ms, share),
            compose_ms=before.compose_ms.joined(self.compose_ms, share),
            send_ms=before.send_ms.joined(self.send_ms, share),
            age_ms=before.age_ms.joined(self.age_ms, share),
            late=self.late + before.late,
            skipped=self.skipped + before.skipped,
            held=self.held + before.held,
            first_frame_ns=first_ns,
            last_frame_ns=last_ns,
            first_dream_ns=before.first_dream_ns or self.first_dream_ns,
        )


@dataclass(frozen=True, slots=True)
class ViewerStatus(Status):
    """A worker that reads the program: the window, the recorder."""

    frames: int = 0
    file: str = ""


def _rate(count: int, first_ns: int, last_ns: int) -> float:
    """Return how many a second from the first to the last."""
    return (count - 1) * 1e9 / (last_ns - first_ns) if count > 1 and last_ns > first_ns else 0.0


_Kind = TypeVar("_Kind", bound=Status)


def encode(status: Status) -> bytes:
    """Return a status as bytes for its slot."""
    return json.dumps(asdict(status)).encode()


def decode(kind: type[_Kind], data: bytes | None) -> _Kind:
    """Return the status that `encode` wrote, the empty one for None.

    Rows of another kind are left out: any status can be read as a plain `Status`.
    """
    if data is None:
        return kind()
    known = {f.name for f in fields(kind)}
    row: dict[str, Any] = {k: v for k, v in json.loads(data).items() if k in known}
    row["state"] = State(row["state"])
    row["trouble"] = Trouble(**row["trouble"])
    for name, value in row.items():
        if isinstance(value, dict):
            row[name] = Spread(**value)
        elif isinstance(value, list):
            row[name] = tuple(value)
    return kind(**row)


class Log:
    """The last errors of the whole show, the newest last; every thread may add."""

    def __init__(self) -> None:
        self.rows: list[LogRow] = []
        self._lock = threading.Lock()
        self._number = 0

    def add(self, time: str, worker: str, text: str) -> None:
        """Note an error; one that is there already moves to the end and counts."""
        with self._lock:
            old = next((r for r in self.rows if (r.worker, r.text) == (worker, text)), None)
            if old:
                self.rows.remove(old)
                self.rows.append(replace(old, time=time, times=old.times + 1))
                return
            self._number += 1
            self.rows.append(LogRow(time, worker, text, number=self._number))
            del self.rows[:-100]


@dataclass(frozen=True, slots=True)
class LogRow:
    """One error: when last (ISO 8601), where, what, how often, and its number in this show."""

    time: str
    worker: str
    text: str
    times: int = 1
    number: int = 0
