"""The desk: the actions that hands ask for, whichever way they come."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from endlessdreams_cam.clock import SECOND_NS
from endlessdreams_cam.errors import PresetError, SettingError
from endlessdreams_cam.parameters import PARAMETERS, PROMPTS, Snapshot, Store
from endlessdreams_cam.parameters.spec import Scalar
from endlessdreams_cam.presets import Library, changes

_PANIC_REST_NS = SECOND_NS


@dataclass(frozen=True, slots=True)
class _Undo:
    """What a recall replaced."""

    preset: str
    values: dict[str, Scalar]
    styles: tuple[str, ...]


class Desk:
    """Acts on the store: cuts, panic with its latch, presets with undo, prompts.

    Panic cuts to the slate at once and latches: until `dream` (or `release`) every other cut is
    refused, and for a second further hits of panic do nothing.
    """

    def __init__(self, store: Store, library: Library, clock: Callable[[], int]) -> None:
        self._store = store
        self._library = library
        self._clock = clock
        self._lock = threading.RLock()
        self._panicked_ns = 0
        self._undo: _Undo | None = None
        self._hold_since_ns = 0
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

    def cut(self, to: str, *, origin: str) -> None:
        """Cut the program to dream, source, hold, slate or black; dream ends a panic."""
        with self._lock:
            if to == "dream":
                self._panicked_ns = 0
            if to == "hold":
                self._hold_since_ns = self._clock()
            self._store.set("program.cut", to, origin=origin)

    def toggle(self, to: str, *, origin: str) -> None:
        """Cut to `to`, or back to the dream if it is on air already."""
        there = self.snapshot.text("program.cut") == to
        self.cut("dream" if there else to, origin=origin)

    def panic(self, *, origin: str) -> None:
        """Cut to the slate, whatever is on air, and stay there."""
        with self._lock:
            now = self._clock()
            if self.latched and now - self._panicked_ns < _PANIC_REST_NS:
                return
            self._panicked_ns = now
            self._store.set("program.cut", "slate", origin=origin)

    def release(self, *, origin: str) -> None:
        """End a panic (a panic held for 0.5 s): back to the dream over program.fade."""
        if self.latched:
            self.cut("dream", origin=origin)

    def prompt(self, n: int, *, origin: str) -> None:
        """Glide to prompt n alone."""
        weights: dict[str, object] = {
            f"prompt.{k}.weight": 1.0 if k == n else 0.0 for k in range(1, PROMPTS + 1)
        }
        weights["prompt.scan"] = 0.0
        glide_s = self.snapshot.number("prompt.glide", self._clock())
        self._store.apply(weights, origin=origin, glide_s=glide_s)

    def recall(self, name: str, *, origin: str) -> None:
        """Recall a preset over its morph; raises PresetError and changes nothing."""
        preset = self._library.load(name)
        before = self.snapshot
        found = changes(preset, self._store.home)
        self._undo = _Undo(before.preset, {n: before.values[n] for n in found}, before.styles)
        self._store.apply(
            found,
            origin=origin,
            glide_s=float(found.get("preset.morph", before.values["preset.morph"])),
            styles=preset.styles if preset.styles or not preset.partial else None,
            preset=name,
        )

    def step(self, by: int, *, origin: str) -> str:
        """Recall the next (1) or previous (−1) preset that can be read and return its name."""
        names = self._library.neighbours(self.snapshot.preset, by)
        for name in names[:-1]:
            with contextlib.suppress(PresetError):  # `presets list` names its fault
                self.recall(name, origin=origin)
                return name
        self.recall(names[-1], origin=origin)
        return names[-1]

    def undo(self, *, origin: str) -> None:
        """Take back the last recall; taking back twice is doing it again."""
        if self._undo is None:
            raise SettingError("There is no recall to take back.")
        old, before = self._undo, self.snapshot
        self._undo = _Undo(before.preset, {n: before.values[n] for n in old.values}, before.styles)
        glide_s = before.number("preset.morph", self._clock())
        self._store.apply(
            old.values, origin=origin, glide_s=glide_s, styles=old.styles, preset=old.preset
        )

    def save(self, name: str) -> Path:
        """Save the present bank and look as the user's preset."""
        return self._library.save(name, self.snapshot)

    def set(self, values: Mapping[str, object], *, origin: str) -> None:
        """Set parameters by name, all or none; a cut goes through the panic latch."""
        with self._lock:
            word = values.get("program.cut")
            if word == "dream":
                self._panicked_ns = 0
            if word == "hold":
                self._hold_since_ns = self._clock()
            triggers = {n for n in values if n in PARAMETERS and PARAMETERS[n].kind == "trigger"}
            counted = {n: int(self.snapshot.values[n]) + 1 for n in triggers}
            self._store.apply({**values, **counted}, origin=origin)

    def nudge(self, name: str, by: float, *, origin: str) -> None:
        """Move a number by an amount from where it is heading."""
        self._store.set(name, float(self.snapshot.values[name]) + by, origin=origin)

    def _guard(self, values: Mapping[str, Scalar], origin: str) -> None:
        if self.latched and values.get("program.cut", "slate") not in ("slate", "dream"):
            raise SettingError(
                "Panic holds the slate.", remedy="Cut to dream first (key d, or `send cut dream`)."
            )
