"""The one place that parameters are set."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from endlessdreams_cam.errors import ParameterError
from endlessdreams_cam.parameters.snapshot import Move, Snapshot, Switch
from endlessdreams_cam.parameters.spec import Kind, Parameter, Scalar
from endlessdreams_cam.parameters.table import defaults, find


@dataclass(frozen=True, slots=True)
class Change:
    """What was set, and by whom ("hand", "midi", "preset", "auto", "send", "start" …)."""

    names: frozenset[str]
    origin: str
    snapshot: Snapshot


Listener = Callable[[Change], None]
Guard = Callable[[Mapping[str, Scalar], str], None]


class Store:
    """Holds the parameters as a chain of immutable snapshots, safe to use from every thread.

    Values are clamped to their range; what is not a value is refused with the parameter's name,
    and then nothing of that call is changed.
    """

    def __init__(self, clock: Callable[[], int], start: Mapping[str, Scalar] | None = None) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._listeners: list[Listener] = []
        self._guards: list[Guard] = []
        self._home = defaults() | dict(start or {})
        self._snapshot = Snapshot(version=1, values=dict(self._home), beat_ns=clock())

    @property
    def snapshot(self) -> Snapshot:
        """The newest snapshot."""
        return self._snapshot

    @property
    def home(self) -> Mapping[str, Scalar]:
        """What each parameter returns to when a preset does not name it: this show's defaults."""
        return self._home

    def listen(self, listener: Listener) -> None:
        """Call `listener` after every change, on the changing thread; it must return at once."""
        self._listeners.append(listener)

    def guard(self, guard: Guard) -> None:
        """Ask `guard` before every change; it refuses by raising a SettingError."""
        self._guards.append(guard)

    def set(
        self, name: str, value: object, *, origin: str, glide_s: float | None = None
    ) -> Snapshot:
        """Set one parameter; a number arrives after `glide_s` (None: as a hand moves it)."""
        return self.apply({name: value}, origin=origin, glide_s=glide_s)

    def set_unit(self, name: str, unit: float, *, origin: str) -> Snapshot:
        """Set a number from a knob's travel, 0…1."""
        parameter = find(name)
        if parameter.kind not in (Kind.NUMBER, Kind.INTEGER):
            raise ParameterError(f"{name} is not a number: a knob cannot move it.")
        return self.set(name, parameter.from_unit(unit), origin=origin)

    def pull(self, name: str, *, origin: str) -> Snapshot:
        """Pull a trigger."""
        with self._lock:
            count = self._snapshot.integer(find(name).name) + 1
        return self.apply({name: count}, origin=origin)

    def apply(
        self,
        changes: Mapping[str, object],
        *,
        origin: str,
        glide_s: float | None = None,
        styles: tuple[str, ...] | None = None,
        preset: str | None = None,
    ) -> Snapshot:
        """Set many parameters in one snapshot, or none if any of them is refused."""
        clean = {p.name: p.clean(v) for p, v in ((find(n), v) for n, v in changes.items())}
        for guard in self._guards:
            guard(clean, origin)
        with self._lock:
            before, now = self._snapshot, self._clock()
            moves = {name: move for name, move in before.moves.items() if not move.done(now)}
            for name, value in clean.items():
                moves.pop(name, None)
                move = self._move(find(name), value, before, now, glide_s)
                if move:
                    moves[name] = move
            after = replace(
                before,
                version=before.version + 1,
                values={**before.values, **clean},
                moves=moves,
                styles=before.styles if styles is None else styles,
                preset=before.preset if preset is None else preset,
            )
            self._snapshot = after
        self._tell(Change(frozenset(clean), origin, after))
        return after

    def offset(self, offsets: Mapping[str, float], *, glide_s: float, origin: str) -> Snapshot:
        """Move offsets: what is added to the bases. An offset of 0 goes away when it arrives."""
        with self._lock:
            before, now = self._snapshot, self._clock()
            kept = {
                name: move
                for name, move in before.offsets.items()
                if move.target != 0 or not move.done(now)
            }
            for name, target in offsets.items():
                old = kept.get(find(name).name)
                kept[name] = Move(target, old.at(now) if old else 0.0, now, glide_s)
            after = replace(before, version=before.version + 1, offsets=kept)
            self._snapshot = after
        self._tell(Change(frozenset(offsets), origin, after))
        return after

    def switch(self, switch: Switch) -> Snapshot:
        """Say which engine is on air."""
        with self._lock:
            after = replace(self._snapshot, version=self._snapshot.version + 1, switch=switch)
            self._snapshot = after
        self._tell(Change(frozenset(), "show", after))
        return after

    def _move(
        self,
        parameter: Parameter,
        value: Scalar,
        before: Snapshot,
        now_ns: int,
        glide_s: float | None,
    ) -> Move | None:
        if not parameter.glides:
            return None
        if glide_s is None:
            by = parameter.hand_by
            glide_s = before.number(by, now_ns) if by else parameter.hand_s
        start, target = before.base(parameter.name, now_ns), float(value)
        if glide_s <= 0 or start == target:
            return None
        return Move(target, start, now_ns, glide_s)

    def _tell(self, change: Change) -> None:
        for listener in self._listeners:
            listener(change)
