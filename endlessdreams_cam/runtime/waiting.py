"""What waits for the beat: the newest recall, cut and texts that hands asked for."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from endlessdreams_cam.parameters import BAR, Beat, Snapshot
from endlessdreams_cam.runtime.order import Cue

OUTSIDE = math.inf
"""The count of what waits for a sign from outside, as OBS's transition: no beat brings it in."""

_BEATS = {"off": 0, "beat": 1, "bar": BAR}
NOT_HANDS = frozenset({"start", "preset", "auto", "show", "reload"})
"""Who changes parameters and is no performer."""


class Kind(StrEnum):
    """What can wait."""

    RECALL = "recall"
    CUT = "cut"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits until so many beats are counted: act does it, what names it.

    cue is the place in the order that a recall goes to, slot the prompt (1…8) of a text.
    """

    kind: Kind
    what: str
    count: float
    act: Callable[[], object]
    cue: Cue | None = None
    slot: int = 0

    @property
    def outside(self) -> bool:
        """Whether it waits for no beat but for a sign from outside."""
        return self.count == OUTSIDE


class Waits:
    """Holds what waits; of each kind and slot the newest wins. Safe to use from every thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows: dict[tuple[Kind, int], Waiting] = {}
        self._listeners: list[Callable[[], None]] = []

    @property
    def rows(self) -> tuple[Waiting, ...]:
        """What waits now."""
        return tuple(self._rows.values())

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` when something new waits, or is to be done behind the scenes."""
        self._listeners.append(listener)

    def wake(self) -> None:
        """Call the listeners."""
        for listener in self._listeners:
            listener()

    def get(self, kind: Kind) -> Waiting | None:
        """Return what waits of a kind that has no slots."""
        return self._rows.get((kind, 0))

    def put(self, waiting: Waiting) -> None:
        """Let something wait in place of what waited before it."""
        with self._lock:
            self._rows = {**self._rows, (waiting.kind, waiting.slot): waiting}
        self.wake()

    def drop(self, *kinds: Kind) -> None:
        """Forget what waits of these kinds."""
        with self._lock:
            self._rows = {at: row for at, row in self._rows.items() if at[0] not in kinds}

    def drop_text(self, slot: int) -> None:
        """Forget the text that waits for a slot."""
        with self._lock:
            self._rows = {at: row for at, row in self._rows.items() if at != (Kind.TEXT, slot)}

    def take(self, beat: Beat, now_ns: int) -> Waiting | None:
        """Return something that is due, and let it wait no more; None when nothing is."""
        with self._lock:
            due = (row for row in self._on_beats() if beat.when(row.count) <= now_ns)
            found = next(due, None)
            self._rows = {at: row for at, row in self._rows.items() if row is not found}
        return found

    def due_ns(self, beat: Beat) -> int | None:
        """Return when the next is due, None when nothing waits."""
        return min((beat.when(row.count) for row in self._on_beats()), default=None)

    def _on_beats(self) -> Iterator[Waiting]:
        return (row for row in self._rows.values() if not row.outside)


def due_count(snapshot: Snapshot, origin: str, now_ns: int, own: str | None = None) -> float | None:
    """Return the count of beats that an action by `origin` waits for, None for none.

    own is what the action itself asks for ("off", "beat" or "bar") instead of preset.wait.
    """
    beats = _BEATS[own or snapshot.text("preset.wait")]
    if not beats or origin in NOT_HANDS:
        return None
    return snapshot.beat.boundary(now_ns, beats)
