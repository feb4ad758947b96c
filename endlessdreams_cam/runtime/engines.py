"""The engines of a show: which are asked for, which dreams, and at what size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from endlessdreams_cam import clock
from endlessdreams_cam.engines.faults import check_rehearsed
from endlessdreams_cam.errors import EndlessDreamsError
from endlessdreams_cam.frame import Size
from endlessdreams_cam.parameters import Store
from endlessdreams_cam.runtime.casting import Casting
from endlessdreams_cam.runtime.repertoire import SCENES, Ladder, Rung, ladder
from endlessdreams_cam.runtime.sizing import Sizing
from endlessdreams_cam.runtime.stage import Stagehands
from endlessdreams_cam.runtime.statuses import EngineStatus

_AGAIN_NS = 5 * clock.SECOND_NS
"""Before a model that cannot be used any more is looked at again."""


class Engines:
    """Puts the engines on air that the parameters ask for; `tell(who, text)` gets troubles."""

    def __init__(self, store: Store, size: Size, tell: Callable[[str, str], None]) -> None:
        self._store = store
        self._size = size
        self._tell = tell
        self._sizing = Sizing()
        self._rehearsed = ""
        self._refused, self._again_ns = "", 0

    def asked(self) -> Ladder:
        """Return the engines that are asked for now; raises SettingError, EngineError."""
        snapshot = self._store.snapshot
        return ladder(
            snapshot.text("engine.name"),
            snapshot.text("engine.model"),
            self._size,
            checker=snapshot.text("safety.checker"),
            scale=self._sizing.scale,
        )

    def begin(self, stage: Stagehands, asked: Ladder) -> None:
        """Start the first one."""
        self._stage = stage
        self._casting = Casting(stage, clock.now_ns, self._put_on_air)
        stage.start_engine("a", self._casting.begin(asked))

    def follow(self) -> None:
        """Prepare what is asked for now; raises as `asked`, and then it is tried again later."""
        try:
            asked = self.asked()
        except EndlessDreamsError as error:  # what was good when it was named is broken now
            self._refused, self._again_ns = str(error), clock.now_ns() + _AGAIN_NS
            if self._store.snapshot.text("safety.checker"):  # nobody would look at what dreams on
                self._casting.follow(Ladder((Rung(SCENES),)))
            raise
        self._refused = ""
        self._casting.follow(asked)

    def rehearse(self, fault: str) -> None:
        """Have diffusion fail in one of engines.faults.REHEARSED's ways, until "none" is asked for.

        Raises SettingError for an unknown one.
        """
        self._rehearsed = check_rehearsed(fault)

    def poll(self) -> None:
        """Go on: one gets warm off air, one failed, one is too slow for the governor."""
        switch = self._store.snapshot.switch
        if switch.rehearsed != self._rehearsed:
            self._store.switch(replace(switch, rehearsed=self._rehearsed))
        try:
            if self._resized() or (self._refused and clock.now_ns() > self._again_ns):
                self.follow()
            self._casting.poll()
        except (EndlessDreamsError, OSError) as error:  # no room for one more process
            self._tell("main", f"No engine can be prepared: {error}")

    @property
    def on_air(self) -> EngineStatus:
        """The engine on air, over all its lives."""
        return self._stage.engine_on_air(self._store.snapshot.switch.engine).total

    @property
    def why(self) -> str:
        """Why a better engine than the one on air is not there; empty when none is asked for."""
        return self._refused or self._casting.why

    @property
    def traded(self) -> str:
        """What the governor has traded, for people; empty when nothing."""
        engine, parts = self._present, []
        if engine.steps < engine.steps_asked:
            parts.append(f"{engine.steps} of {engine.steps_asked} steps")
        if self._sizing.scale < 1 and engine.engine == "diffusion":
            parts.append(f"{self._sizing.scale:.0%} of the size's sides")
        return ", ".join(parts)

    @property
    def _present(self) -> EngineStatus:
        return self._stage.engine_on_air(self._store.snapshot.switch.engine).status

    def _resized(self) -> bool:
        """Take the dreams' size down or up where a governor's goal asks for it."""
        snapshot, now = self._store.snapshot, clock.now_ns()
        goal = snapshot.number("governor.rate", now) + snapshot.number("governor.latency", now)
        least = snapshot.number("governor.least_size", now) if goal else 1.0
        before = self._sizing.scale
        settled = None if self._casting.preparing else self._present
        return self._sizing.follow(settled, least, now) != before

    def _put_on_air(self, engine: str) -> None:
        """Fade the program over to the engine of a slot, which dreams now."""
        self._store.switch(replace(self._store.snapshot.switch, engine=engine))
        self._stage.retire_other_engine(engine)
