"""The desk: the actions that hands ask for, whichever way they come."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from endlessdreams_cam.bindings import Act, Do
from endlessdreams_cam.clock import SECOND_NS, seconds
from endlessdreams_cam.errors import SettingError
from endlessdreams_cam.parameters import BAR, PARAMETERS, PROMPTS, Snapshot, Store, clean, find
from endlessdreams_cam.parameters.spec import Scalar
from endlessdreams_cam.presets import Library
from endlessdreams_cam.runtime.recalls import Recalls
from endlessdreams_cam.runtime.waiting import (
    NOT_HANDS,
    OUTSIDE,
    Kind,
    Waiting,
    Waits,
    due_count,
)

_PANIC_REST_NS = SECOND_NS
PATIENT = frozenset({"dream", "source", "hold"})
"""Cuts that wait for the beat, or for OBS; slate and black are for emergencies."""


class Desk:
    """Acts on the store: cuts, panic with its latch, prompts, and recalls with all about them.

    Panic cuts to the slate at once and latches: until `dream` (or `release`) every other cut is
    refused, and for a second further hits of panic do nothing. What `preset.wait` holds back is
    done by `tick`; `due_ns` says when.
    """

    def __init__(self, store: Store, library: Library, clock: Callable[[], int]) -> None:
        self._store = store
        self._clock = clock
        self._lock = threading.RLock()
        self._panicked_ns = 0
        self._hold_since_ns = 0
        self._waits = Waits()
        self.recalls = Recalls(store, library, clock, self._waits)
        self.cuts_wait: Callable[[], bool] = lambda: False
        """Whether cuts wait for a sign from outside (`bring_cut`), whatever preset.wait says."""
        store.guard(self._guard)

    @property
    def latched(self) -> bool:
        """Whether panic holds the slate."""
        return self._panicked_ns != 0

    @property
    def snapshot(self) -> Snapshot:
        """The newest snapshot."""
        return self._store.snapshot

    def held_s(self) -> float:
        """Return for how long the dream has been held, 0 when it is not."""
        if self.snapshot.text("program.cut") != "hold":
            return 0.0
        return max(self._clock() - self._hold_since_ns, 0) / SECOND_NS

    # Cuts

    def cut(self, to: str, *, origin: str) -> None:
        """Cut the program to dream, source, hold, slate or black; dream ends a panic."""
        with self._lock:
            self._waits.drop(Kind.CUT)
            to = str(clean("program.cut", to))
            count = self._count(to, origin)
            if count is None:
                self._cut_now(to, {"program.cut": to}, origin)
            else:
                act = partial(self._cut_on_the_beat, to, origin)
                self._waits.put(Waiting(Kind.CUT, to, count, act))

    def bring_cut(self) -> None:
        """Make the cut that waits for a sign from outside."""
        waiting = self._take_outside()
        if waiting:
            waiting.act()

    def drop_cut(self) -> bool:
        """Forget the cut that waits for a sign from outside; return whether there was one."""
        return self._take_outside() is not None

    def toggle(self, to: str, *, origin: str) -> None:
        """Cut to `to`, or back to the dream if it is on air already, or not if it still waits."""
        waiting = self._waits.get(Kind.CUT)
        if waiting and waiting.what == to:
            self._waits.drop(Kind.CUT)
        else:
            self.cut("dream" if self._cut == to else to, origin=origin)

    def panic(self, *, origin: str) -> None:
        """Cut to the slate, whatever is on air or waits, and stay there; swings come to rest."""
        with self._lock:
            now = self._clock()
            if self.latched and now - self._panicked_ns < _PANIC_REST_NS:
                return
            self._panicked_ns = now
            self._waits.drop(*Kind)
            self._store.set("program.cut", "slate", origin=origin)
            self._store.sway(0.0, origin=origin)

    def release(self, *, origin: str) -> None:
        """End a panic (a panic held for 0.5 s): back to the dream over program.fade."""
        if self.latched:
            self.cut("dream", origin=origin)

    def _count(self, to: str, origin: str) -> float | None:
        """Return the count of beats that a cut waits for, OUTSIDE for a sign, None for neither."""
        if to not in PATIENT or to == self._cut or self.latched:
            return None
        if origin not in NOT_HANDS and self.cuts_wait():
            return OUTSIDE
        return due_count(self.snapshot, origin, self._clock())

    def _take_outside(self) -> Waiting | None:
        with self._lock:
            waiting = self._waits.get(Kind.CUT)
            if waiting is None or not waiting.outside:
                return None
            self._waits.drop(Kind.CUT)
            return waiting

    @property
    def _cut(self) -> str:
        return self.snapshot.text("program.cut")

    def _cut_now(self, to: str, values: Mapping[str, object], origin: str) -> None:
        """Apply values with a cut among them, and what a cut brings with it."""
        with self._lock:
            self._store.apply(values, origin=origin)
            if to == "hold":
                self._hold_since_ns = self._clock()
            if to == "dream" and self.latched:
                self._panicked_ns = 0
                self._store.sway(1.0, origin=origin)

    def _cut_on_the_beat(self, to: str, origin: str) -> None:
        with self._lock:
            if not self.latched:  # a panic in the last moment: what waited must not end it
                self._cut_now(to, {"program.cut": to}, origin)

    def _guard(self, values: Mapping[str, Scalar], origin: str) -> None:
        if self.latched and values.get("program.cut", "slate") not in ("slate", "dream"):
            raise SettingError(
                "Panic holds the slate.", remedy="Cut to dream first (key d, or `send cut dream`)."
            )

    # Parameters

    def set(
        self, values: Mapping[str, object], *, origin: str, glide_s: float | None = None
    ) -> None:
        """Set parameters by name, all or none; a cut goes through the latch and may wait.

        Numbers arrive after `glide_s` seconds (None: as a hand moves them).
        """
        with self._lock:
            triggers = {n for n in values if n in PARAMETERS and PARAMETERS[n].kind == "trigger"}
            counted = {n: int(self.snapshot.values[n]) + 1 for n in triggers}
            rest = {**values, **counted}
            if "program.cut" not in rest:
                self._store.apply(rest, origin=origin, glide_s=glide_s)
                return
            to = str(clean("program.cut", rest.pop("program.cut")))
            if self._count(to, origin) is None:
                self._waits.drop(Kind.CUT)
                self._cut_now(to, {**rest, "program.cut": to}, origin)
            else:
                self._store.apply(rest, origin=origin, glide_s=glide_s)
                self.cut(to, origin=origin)

    def nudge(self, name: str, by: float, *, origin: str) -> None:
        """Move a number by an amount from where it is heading."""
        self._store.set(name, float(self.snapshot.values[name]) + by, origin=origin)

    def prompt(self, n: int, *, origin: str) -> None:
        """Glide to prompt n (1…8) alone."""
        find(f"prompt.{n}.weight")
        weights: dict[str, object] = {
            f"prompt.{k}.weight": 1.0 if k == n else 0.0 for k in range(1, PROMPTS + 1)
        }
        weights["prompt.scan"] = 0.0
        glide_s = self.snapshot.number("prompt.glide", self._clock())
        self._store.apply(weights, origin=origin, glide_s=glide_s)

    def stage(self, n: int, text: str, *, origin: str, on_the_bar: bool) -> None:
        """Give prompt n (1…8) its text, now or on the next bar; the newest for a slot counts."""
        name = f"prompt.{n}.text"
        text = str(clean(name, text))
        act = partial(self._store.set, name, text, origin=origin)
        if on_the_bar:
            count = self.snapshot.beat.boundary(self._clock(), BAR)
            self._waits.put(Waiting(Kind.TEXT, text, count, act, slot=n))
        else:
            self._waits.drop_text(n)
            act()

    def next_style(self, *, origin: str) -> str:
        """Choose the next of the preset's styles that has words, after the last one none."""
        styles, present = self.snapshot.styles, int(self.snapshot.values["prompt.style"])
        later = (n for n in range(present + 1, len(styles)) if styles[n])
        n = next(later, 0)
        self._store.set("prompt.style", n, origin=origin)
        return styles[n] if n else ""

    # Presets

    def recall(
        self, name: str, *, origin: str, morph_s: float | None = None, wait: str | None = None
    ) -> None:
        """Recall a preset over its morph; raises PresetError and changes nothing.

        morph_s and wait ("off", "beat", "bar") take the place of what it asks for itself.
        """
        self.recalls.recall(name, origin=origin, morph_s=morph_s, wait=wait)

    def recall_pad(self, n: int, *, origin: str) -> str:
        """Recall pad n (1…) and return its preset; during its own morph: finish it."""
        return self.recalls.recall_pad(n, origin=origin)

    def step(self, by: int, *, origin: str) -> str:
        """Recall the next (1) or previous (−1) preset and return its name."""
        return self.recalls.step(by, origin=origin)

    def finish(self, *, origin: str) -> None:
        """Finish the morph in 60 ms; without one, a recall that waits waits no longer."""
        self.recalls.finish(origin=origin)

    def undo(self, *, origin: str) -> None:
        """Take back the last recall, what it changed; taking back twice is doing it again."""
        self.recalls.undo(origin=origin)

    def save(self, name: str) -> Path:
        """Save the present bank and look as the user's preset."""
        return self.recalls.save(name)

    def save_pad(self, n: int) -> Path:
        """Save the present bank and look as the preset of pad n."""
        return self.recalls.save(self.recalls.order.pad(n).preset)

    def pad(self, n: int) -> str:
        """Return the name of the preset on pad n (1…), empty for none."""
        names = self.recalls.order.names()
        return names[n - 1] if 1 <= n <= len(names) else ""

    def pad_of_preset(self) -> int:
        """Return the pad of the preset on air, 0 when it is on none."""
        return self.recalls.order.pad_of(self.recalls.cue)

    def pending_pad(self) -> int:
        """Return the pad of the preset that waits for the beat, 0 for none."""
        waiting = self._waits.get(Kind.RECALL)
        return self.recalls.order.pad_of(waiting.cue) if waiting and waiting.cue else 0

    @property
    def saved_ns(self) -> int:
        """When a preset was saved last, 0 if none was."""
        return self.recalls.saved_ns

    def saved_pad(self) -> int:
        """Return the pad of the preset that was saved last, 0 for none."""
        names = self.recalls.order.names()
        saved = self.recalls.saved_name
        return names.index(saved) + 1 if saved in names else 0

    def morphing(self, now_ns: int) -> bool:
        """Whether a recall is under way."""
        return not self.snapshot.morph.done(now_ns)

    def morph_left_s(self, now_ns: int) -> float:
        """Return how long the morph lasts yet, 0 when none is under way."""
        return max(seconds(self.snapshot.morph.ends_ns - now_ns), 0.0)

    # Locks

    @property
    def locks(self) -> tuple[str, ...]:
        """What recalls leave alone: parameters and groups."""
        return self.recalls.locks.names

    def lock(self, name: str) -> None:
        """Keep a parameter, or a group like "drift" or "prompt", out of recalls."""
        self.recalls.locks.lock(name)
        self.recalls.turn_page()

    def unlock(self, name: str) -> None:
        """Let recalls change it again."""
        self.recalls.locks.unlock(name)
        self.recalls.turn_page()

    # What waits

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        """What waits for the beat: at most a recall, a cut, and a text for each prompt."""
        return self._waits.rows

    @property
    def due_ns(self) -> int | None:
        """When something that waits is due, None when nothing waits."""
        return self._waits.due_ns(self.snapshot.beat)

    def wait_s(self, now_ns: int) -> float | None:
        """Return how long `tick` has nothing to do, None: until `on_wait` tells."""
        if self.recalls.page_turned:
            return 0.0
        due_ns = self.due_ns
        return None if due_ns is None else max(seconds(due_ns - now_ns), 0.0)

    def on_wait(self, listener: Callable[[], None]) -> None:
        """Call `listener` when there is something new for `tick`."""
        self._waits.listen(listener)

    def tick(self, now_ns: int) -> None:
        """Do what is due, then look ahead; raises SettingError for what is refused by now."""
        while waiting := self._waits.take(self.snapshot.beat, now_ns):
            waiting.act()
        if self.recalls.page_turned:
            self.recalls.look_ahead()

    # Controllers

    def do(self, act: Act, *, origin: str) -> str:
        """Do what a button asks for and return what a person may want to read.

        Raises SettingError for what cannot be done.
        """
        match act.do:
            case Do.PROMPT:
                self.prompt(_number(act), origin=origin)
                return self.snapshot.text(f"prompt.{act.which}.label")
            case Do.SOLO | Do.UNSOLO:
                solo = act.do is Do.SOLO
                self._store.set(f"prompt.{act.which}.solo", solo, origin=origin)
            case Do.CUT:
                self.cut(act.which, origin=origin)
            case Do.PANIC:
                self.panic(origin=origin)
            case Do.RELEASE:
                self.release(origin=origin)
            case Do.STYLE:
                return self.next_style(origin=origin) or "no style"
            case Do.RECORD:
                self._store.set("program.record", act.which, origin=origin)
            case _:
                return self._do_with_presets(act, origin)
        return ""

    def _do_with_presets(self, act: Act, origin: str) -> str:
        match act.do:
            case Do.PRESET:
                return self.recall_pad(_number(act), origin=origin)
            case Do.SAVE:
                return f"saved {self.save_pad(_number(act)).stem}"
            case Do.NEXT | Do.PREVIOUS:
                return self.step(1 if act.do is Do.NEXT else -1, origin=origin)
            case Do.UNDO:
                self.undo(origin=origin)
            case Do.FINISH:
                self.finish(origin=origin)
            case Do.LOCK if act.which in self.locks:
                self.unlock(act.which)
                return f"{act.which} unlocked"
            case Do.LOCK:
                self.lock(act.which)
                return f"{act.which} locked"
        return ""


def _number(act: Act) -> int:
    if not act.which.isdecimal():
        raise SettingError(f"{act.do} needs a number, not {act.which!r}.")
    return int(act.which)
