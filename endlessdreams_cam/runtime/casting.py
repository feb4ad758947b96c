"""Who dreams: goes up a ladder of engines as they get warm, and down again when one fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from endlessdreams_cam.clock import SECOND_NS
from endlessdreams_cam.errors import EndlessDreamsError
from endlessdreams_cam.runtime.repertoire import Ladder, Rung

PAUSES_S = (5.0, 15.0, 30.0, 60.0, 120.0)
"""Before an engine that failed once, twice … in a row is tried again: loading one costs much."""

_HEALTHY_NS = 60 * SECOND_NS
_OUTGROWN_NS = 3 * SECOND_NS  # a hand that turns "steps" through three values means the last


class Stage(Protocol):
    """What casting asks of the stagehands."""

    def prepare_engine(self, rung: Rung) -> None:
        """Start an engine off air, in the place of one that is being prepared."""

    def prepared_engine(self) -> str | None:
        """Return the slot of an engine that was prepared and dreams now, once."""

    def give_up_preparing(self) -> None:
        """End the engine that is being prepared."""

    def engine_fell(self) -> tuple[bool, bool]:
        """Return, once, whether the engine on air died, and whether the one being prepared did."""

    def engine_outgrown(self) -> bool:
        """Whether the engine on air would be readier if it were made anew."""


class Casting:
    """Decides which engine is prepared next; `poll` is called a few times a second.

    An engine above the first that dies on air is followed by the first one of the ladder, and
    tried again later. The first of the ladder is the supervisor's: it starts it again and again.
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
        self._falls: dict[str, int] = {}
        self._again_ns: dict[str, int] = {}
        self._outgrown_ns = 0
        self._down = False

    @property
    def why(self) -> str:
        """Why no better engine dreams, for people; empty when the best one does."""
        return self._ladder.why

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
        self._again_ns.clear()
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
            if self._preparing != self._ladder.rungs[0]:
                self._prepare(self._ladder.rungs[0])
        elif self._preparing is None:
            wanted = self._next(now)
            if wanted:
                self._prepare(wanted)

    def _heed_falls(self, now: int) -> None:
        on_air_fell, preparing_fell = self._stage.engine_fell()
        if preparing_fell and self._preparing:
            self._fall(self._preparing, now)
            self._stage.give_up_preparing()
            self._preparing = None
        if on_air_fell and self._on_air and self._on_air != self._ladder.rungs[0]:
            coming = self._preparing if self._preparing != self._ladder.rungs[0] else None
            # One that is being prepared took the memory that the other died for want of: the
            # blame is its own, so that the other dreams longer each time before the next try.
            self._fall(coming or self._on_air, now)
            if coming:
                soon = now + round(PAUSES_S[0] * SECOND_NS)
                self._again_ns[self._on_air.words] = soon
            self._down = True

    def _next(self, now: int) -> Rung | None:
        """Return the engine to prepare now, None when the best that can be is on air."""
        rungs, on_air = self._ladder.rungs, self._on_air
        if on_air in rungs:
            above = rungs[rungs.index(on_air) + 1 :]
            if above:  # each is warmed up by the one before: none is left out
                return above[0] if now >= self._again_ns.get(above[0].words, 0) else None
            return on_air if self._outgrown(now) else None
        # From one model to another without a detour, unless the two do not fit the card together.
        direct = on_air is not None and on_air.words.startswith("diffusion") and len(rungs) > 1
        return rungs[1] if direct and rungs[1].words not in self._falls else rungs[0]

    def _outgrown(self, now: int) -> bool:
        if not self._stage.engine_outgrown():
            self._outgrown_ns = 0
            return False
        self._outgrown_ns = self._outgrown_ns or now
        return now - self._outgrown_ns > _OUTGROWN_NS

    def _fall(self, rung: Rung, now: int) -> None:
        """Note a failure: the next try is later each time, unless it had been well for long."""
        well = rung == self._on_air and now - self._since_ns > _HEALTHY_NS
        falls = 0 if well else self._falls.get(rung.words, 0)
        pause_s = PAUSES_S[min(falls, len(PAUSES_S) - 1)]
        self._falls[rung.words] = falls + 1
        self._again_ns[rung.words] = now + round(pause_s * SECOND_NS)

    def _prepare(self, rung: Rung) -> None:
        try:
            self._stage.prepare_engine(rung)
        except (EndlessDreamsError, OSError):
            self._fall(rung, self._clock())
            raise
        self._preparing = rung
