"""The one place that parameters are set."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from endlessdreams_cam.errors import ParameterError
from endlessdreams_cam.parameters.move import Move
from endlessdreams_cam.parameters.snapshot import Ahead, Snapshot, Switch
from endlessdreams_cam.parameters.spec import Kind, Parameter, Scalar
from endlessdreams_cam.parameters.swings import FADE_S, Swing
from endlessdreams_cam.parameters.table import SWINGS, clean, defaults, find
from endlessdreams_cam.parameters.tempo import Beat, Taps

_FINISH_S = 0.06
_LEAVING = 16  # swings that fade out at once: a knob on a period leaves one with each step
_SHAPES = {
    n: [f"mod.{n}.{part}" for part in ("target", "source", "beats")] for n in range(1, SWINGS + 1)
}
_EVERY_SHAPE = frozenset(name for names in _SHAPES.values() for name in names)
_PHASE_OFF, _TEMPO_OFF = 0.01, 0.1  # beats, bpm: nobody sees less, and each is a new snapshot


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
        self._taps = Taps()
        beat = Beat(clock(), bpm=float(self._home["tempo.bpm"]))
        self._snapshot = Snapshot(version=1, values=dict(self._home), beat=beat)

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
        """Set many parameters in one snapshot, or none if any of them is refused.

        With preset it is a recall of that preset, which takes `glide_s`, or its own morph.
        """
        wanted = {find(name).name: clean(name, value) for name, value in changes.items()}
        for guard in self._guards:
            guard(wanted, origin)
        with self._lock:
            before, now = self._snapshot, self._clock()
            beat, wanted = self._beat(before, wanted, now)
            if preset is not None and glide_s is None:
                glide_s = morph_s({**before.values, **wanted}, beat)
            leaving, arriving = _swap_swings(before, wanted, now, glide_s)
            moves = {name: move for name, move in before.moves.items() if not move.done(now)}
            for name, value in wanted.items():
                moves.pop(name, None)
                move = self._move(find(name), value, before, now, glide_s)
                if move:
                    moves[name] = move
            after = self._put(
                before,
                values={**before.values, **wanted},
                moves=moves | arriving,
                beat=beat,
                leaving=leaving,
                morph=before.morph if preset is None else Move(1.0, 0.0, now, glide_s or 0.0),
                styles=before.styles if styles is None else styles,
                preset=before.preset if preset is None else preset,
            )
        self._tell(Change(frozenset(wanted), origin, after))
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
            after = self._put(before, offsets=kept)
        self._tell(Change(frozenset(offsets), origin, after))
        return after

    def finish(self, *, origin: str) -> Snapshot:
        """Hurry what is left of a recall's morph: hands' own moves go on as they are."""
        with self._lock:
            before, now = self._snapshot, self._clock()
            began = before.morph.began_ns
            hurried = {
                name: move.toward(move.target, now, _FINISH_S)
                for name, move in before.moves.items()
                if move.began_ns == began and not move.done(now)
            }
            offsets = {
                name: move if move.target else move.toward(0.0, now, _FINISH_S)
                for name, move in before.offsets.items()
            }
            after = self._put(
                before,
                moves={**before.moves, **hurried},
                offsets=offsets,
                leaving=tuple(_out(s, now, _FINISH_S) for s in before.leaving),
                # Above 0 at its beginning: this is how engines know that it was hurried.
                morph=Move(1.0, max(before.morph.at(now), 1e-3), now, _FINISH_S),
            )
        self._tell(Change(frozenset(hurried), origin, after))
        return after

    def follow(
        self, bpm: float, beat_ns: int, *, beat: float | None = None, origin: str = "clock"
    ) -> Snapshot:
        """Follow an outer clock: a beat fell at `beat_ns`, at a tempo of `bpm`.

        beat is its number where the clock knows it (a start, a song position): the count jumps to
        it. Otherwise the phase is corrected, spread over a beat, and what nobody would see is
        left as it is.
        """
        with self._lock:
            before, now = self._snapshot, self._clock()
            bpm = float(find("tempo.bpm").clean(bpm))
            if beat is not None:
                after_beat = Beat.numbered(bpm, beat_ns, beat, now)
            elif (
                abs(before.beat.off_by(beat_ns)) < _PHASE_OFF
                and abs(before.beat.bpm - bpm) < _TEMPO_OFF
            ):
                return before
            else:
                after_beat = before.beat.steered(bpm, beat_ns, now)
            values = {**before.values, "tempo.bpm": round(bpm, 2)}
            after = self._put(before, values=values, beat=after_beat)
        self._tell(Change(frozenset({"tempo.bpm"}), origin, after))
        return after

    def sway(self, amount: float, *, glide_s: float = FADE_S, origin: str) -> Snapshot:
        """Let the swings swing (1) or keep them still (0); mod.amount is the hand's own master."""
        with self._lock:
            before, now = self._snapshot, self._clock()
            move = before.sway.toward(amount, now, glide_s)
            after = self._put(before, sway=move)
        self._tell(Change(frozenset(), origin, after))
        return after

    def prepare(self, ahead: Ahead) -> Snapshot:
        """Say what the next preset will ask for."""
        with self._lock:
            after = self._put(self._snapshot, ahead=ahead)
        self._tell(Change(frozenset(), "show", after))
        return after

    def switch(self, switch: Switch) -> Snapshot:
        """Say which engine is on air."""
        with self._lock:
            after = self._put(self._snapshot, switch=switch)
        self._tell(Change(frozenset(), "show", after))
        return after

    def _put(self, before: Snapshot, **fields: Any) -> Snapshot:
        """Make the next snapshot the newest; the lock is held."""
        self._snapshot = replace(before, version=before.version + 1, **fields)
        return self._snapshot

    def _beat(
        self, before: Snapshot, wanted: dict[str, Scalar], now_ns: int
    ) -> tuple[Beat, dict[str, Scalar]]:
        """Return the beat after a change, and the change with the tempo that was tapped."""
        changed = {name for name, value in wanted.items() if value != before.values[name]}
        beat = before.beat
        if "tempo.tap" in changed:
            bpm = self._taps.tap(now_ns)
            if bpm is not None:
                wanted = {**wanted, "tempo.bpm": bpm}
                beat = beat.steered(bpm, now_ns, now_ns)
        elif "tempo.bpm" in changed:
            beat = beat.at_tempo(float(wanted["tempo.bpm"]), now_ns)
        if "tempo.resync" in changed:
            beat = beat.resynced(now_ns)
        return beat, wanted

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


def morph_s(values: Mapping[str, Scalar], beat: Beat) -> float:
    """Return how long a recall takes by these values, in seconds: by beats or by time."""
    beats = float(values["preset.morph_beats"])
    return beat.seconds(beats) if beats > 0 else float(values["preset.morph"])


def _swap_swings(
    before: Snapshot, wanted: Mapping[str, Scalar], now_ns: int, glide_s: float | None
) -> tuple[tuple[Swing, ...], dict[str, Move]]:
    """Return the swings that fade out, and the depths of those that take their places.

    A swing whose target, wave or period changes would jump: the old one leaves while the new one
    arrives.
    """
    fade_s = FADE_S if glide_s is None else glide_s
    leaving = [swing for swing in before.leaving if not swing.depth.done(now_ns)]
    arriving: dict[str, Move] = {}
    if _EVERY_SHAPE.isdisjoint(wanted):
        return tuple(leaving), arriving
    for n, names in _SHAPES.items():
        if all(wanted.get(name, before.values[name]) == before.values[name] for name in names):
            continue
        old = before.swing(n)
        if old and fade_s > 0:
            leaving.append(_out(old, now_ns, fade_s))
        depth = f"mod.{n}.depth"
        target = float(wanted.get(depth, before.values[depth]))
        if target > 0 and fade_s > 0:
            arriving[depth] = Move(target, 0.0, now_ns, fade_s)
    return tuple(leaving[-_LEAVING:]), arriving


def _out(swing: Swing, now_ns: int, fade_s: float) -> Swing:
    return replace(swing, depth=swing.depth.toward(0.0, now_ns, fade_s))
