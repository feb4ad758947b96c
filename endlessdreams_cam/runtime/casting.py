"""Who dreams: goes up a ladder of engines as they get warm, and down again when one fails."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from endlessdreams_cam.clock import SECOND_NS
from endlessdreams_cam.errors import EndlessDreamsError
from endlessdreams_cam.runtime.repertoire import Ladder, Rung

PAUSES_S = (5.0, 15.0, 30.0, 60.0, 120.0)
"""Before an engine that failed once, twice … in a row is tried again: loading one costs much."""

_HEALTHY_NS = 60 * SECOND_NS
_OUTGROWN_NS = 3 * SECOND_NS  # a hand that turns "steps" through three values means the last
_RESCUE_NS = SECOND_NS  # between tries to start a rescue where the system has no room for it


class Falls(NamedTuple):
    """Why the engine on air died and why the one that is being prepared did; empty: it lives."""

    on_air: str = ""
    preparing: str = ""


@dataclass(slots=True)
class _Fall:
    """How often an engine has failed in a row, why, and when it is tried again."""

    times: int
    cause: str
    again_ns: int


class Stage(Protocol):
    """What casting asks of the stagehands."""

    def prepare_engine(self, rung: Rung, *, keep: bool) -> None:
        """Start an engine off air, in the place of one that is being prepared.

        keep has it started again whenever it dies; else `engine_fell` tells of it.
        """

    def prepared_engine(self) -> str | None:
        """Return the slot of an engine that was prepared and dreams now, once."""

    def give_up_preparing(self) -> None:
        """End the engine that is being prepared."""

    def engine_fell(self) -> Falls:
        """Return, once, why the engine on air died and why the one that is being prepared did."""

    def engine_outgrown(self) -> bool:
        """Whether the engine on air would be readier if it were made anew."""


class Casting:
    """Decides which engine is prepared next; `poll` is called a few times a second.

    The first of the ladder is the supervisor's, which starts it again and again. Every other one
    is Casting's own: when it dies it is followed by the first, and tried again later.
    """

    def __init__(
        self, stage: Stage, clock: Callable[[], int], switch: Callable[[str], None]
    ) -> None:
        self._stage = stage
        self._clock = clock
        self._switch = switch
        self._ladder = Ladder(())
        self._on_air: Rung | None = None
        self._since_ns = 0
        self._preparing: Rung | None = None
        self._falls: dict[str, _Fall] = {}
        self._outgrown_ns = 0
        self._down = False

    @property
    def why(self) -> str:
        """Why no better engine dreams, for people; empty when the best one does."""
        rungs = self._ladder.rungs
        at = rungs.index(self._on_air) if self._on_air in rungs else -1
        better = self._falls.get(rungs[at + 1].words) if at + 1 < len(rungs) else None
        if better is None:
            return self._ladder.why
        left_s = math.ceil((better.again_ns - self._clock()) / SECOND_NS)
        again = f"It is tried again in {left_s} s." if left_s > 0 else "It is being tried again."
        return f"{rungs[at + 1].title} failed. {better.cause} {again}"

    @property
    def preparing(self) -> Rung | None:
        """What is being prepared off air."""
        return self._preparing

    def begin(self, ladder: Ladder) -> Rung:
        """Take the show's first ladder and return the engine to start with, which is on air."""
        self._ladder, self._on_air = ladder, ladder.rungs[0]
        self._since_ns = self._clock()
        return ladder.rungs[0]

    def follow(self, ladder: Ladder) -> None:
        """Take another ladder: what is asked for now. Earlier failures are forgotten."""
        if ladder == self._ladder:
            return
        self._ladder = ladder
        self._falls.clear()
        if self._preparing and self._preparing not in ladder.rungs:
            self._stage.give_up_preparing()
            self._preparing = None

    def poll(self) -> None:
        """Do what is due; raises EndlessDreamsError where the system has no room for a process."""
        now = self._clock()
        ready = self._stage.prepared_engine()
        if ready:
            self._on_air, self._preparing, self._since_ns = self._preparing, None, now
            self._outgrown_ns, self._down = 0, False
            self._switch(ready)
        self._heed_falls(now)
        if self._down:
            first = self._ladder.rungs[0]
            if self._preparing != first and self._may(first, now):
                self._prepare(first)
        elif self._preparing is None:
            wanted = self._next(now)
            if wanted:
                self._prepare(wanted)

    def _heed_falls(self, now: int) -> None:
        fell = self._stage.engine_fell()
        if fell.preparing and self._preparing:
            self._fall(self._preparing, now, fell.preparing)
            self._stage.give_up_preparing()
            self._preparing = None
        if fell.on_air and self._on_air:
            coming = self._preparing if self._preparing != self._ladder.rungs[0] else None
            # One that is being prepared took the memory that the other died for want of: the
            # blame is its own, so that the other dreams longer each time before the next try.
            self._fall(coming or self._on_air, now, fell.on_air)
            if coming:
                soon = now + round(PAUSES_S[0] * SECOND_NS)
                self._falls[self._on_air.words] = _Fall(0, fell.on_air, soon)
            self._down = True

    def _next(self, now: int) -> Rung | None:
        """Return the engine to prepare now, None when the best that can be is on air."""
        rungs, on_air = self._ladder.rungs, self._on_air
        if on_air in rungs:
            above = rungs[rungs.index(on_air) + 1 :]
            if above:  # each is warmed up by the one before: none is left out
                return above[0] if self._may(above[0], now) else None
            return on_air if self._outgrown(now) else None
        direct = self._direct(on_air)
        if direct and direct.words not in self._falls:
            return direct
        return rungs[0] if self._may(rungs[0], now) else None

    def _direct(self, on_air: Rung | None) -> Rung | None:
        """Return what follows an engine that is not wanted any more without a detour.

        From one model to another, and from one size to another of the same engine; not where the
        two do not fit the card together, nor where dreams are to be looked at from now on.
        """
        rungs = self._ladder.rungs
        if on_air is None or not on_air.words.startswith("diffusion") or len(rungs) < 2:
            return None
        same = next((rung for rung in rungs if rung.words == on_air.words), rungs[1])
        return same if on_air.checker == same.checker or not same.checker else None

    def _outgrown(self, now: int) -> bool:
        if not self._stage.engine_outgrown():
            self._outgrown_ns = 0
            return False
        self._outgrown_ns = self._outgrown_ns or now
        return now - self._outgrown_ns > _OUTGROWN_NS

    def _may(self, rung: Rung, now: int) -> bool:
        """Whether an engine may be tried now: it has not failed, or long enough ago."""
        fall = self._falls.get(rung.words)
        return fall is None or now >= fall.again_ns

    def _fall(self, rung: Rung, now: int, cause: str) -> None:
        """Note a failure: the next try is later each time, unless it had been well for long."""
        well = rung == self._on_air and now - self._since_ns > _HEALTHY_NS
        before = self._falls.get(rung.words)
        times = before.times if before and not well else 0
        pause_s = PAUSES_S[min(times, len(PAUSES_S) - 1)]
        self._falls[rung.words] = _Fall(times + 1, cause, now + round(pause_s * SECOND_NS))

    def _prepare(self, rung: Rung) -> None:
        keep = rung == self._ladder.rungs[0]
        try:
            self._stage.prepare_engine(rung, keep=keep)
        except (EndlessDreamsError, OSError) as error:
            now = self._clock()
            self._fall(rung, now, str(error))
            if keep:
                self._falls[rung.words].again_ns = now + _RESCUE_NS
            raise
        self._preparing = rung
