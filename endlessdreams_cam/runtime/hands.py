"""The controllers' hands on the desk: events in, changes out, lights back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from itertools import groupby

from endlessdreams_cam import clock, turn
from endlessdreams_cam.bindings import Act, Binding, Event
from endlessdreams_cam.bindings.learning import Learned, Lesson
from endlessdreams_cam.bindings.mapper import Change, Mapper, Move, Waiting
from endlessdreams_cam.bindings.thinning import thin
from endlessdreams_cam.controllers.rack import Rack
from endlessdreams_cam.errors import SettingError
from endlessdreams_cam.parameters import Change as StoreChange
from endlessdreams_cam.parameters import Store
from endlessdreams_cam.parameters.spec import Scalar
from endlessdreams_cam.presets import Preset
from endlessdreams_cam.runtime.desk import Desk
from endlessdreams_cam.runtime.lamps import Lamps

ORIGIN = "midi"

_SPACING_S = 0.002
"""Between two rounds: at most 500 snapshots a second."""
_REST, _LONG_REST, _LONGEST_REST_S = 10, 30, 0.015
"""A round is followed by so many times its length, and by a longer rest in a flood: that costs
little, and less than a frame."""
_FLOOD = 1000
"""Messages a second that no hands send."""


class Hands:
    """Plays what the controllers do, on a thread of its own; `tell(who, text)` gets troubles.

    The thread sleeps until something comes, a button has been held long enough or a light is due.
    """

    def __init__(
        self,
        desk: Desk,
        store: Store,
        rack: Rack,
        tell: Callable[[str, str], None],
    ) -> None:
        self._desk = desk
        self._store = store
        self._rack = rack
        self._tell = tell
        self._mapper = Mapper(store.home)
        self._lamps = Lamps(desk, rack)
        self._there: dict[str, bool] = {}
        self._bound_from: tuple[Preset | None, tuple[Binding, ...]] = (None, ())
        self._learned: tuple[Binding, ...] = ()
        self.lesson: Lesson | None = None
        """What is being learned: meanwhile controls move nothing."""
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.waiting: tuple[Waiting, ...] = ()
        """The controls that wait for their parameter."""
        self.moved: dict[tuple[str, str], tuple[int, tuple[str, ...]]] = {}
        """When each control was moved last, by device and name, and what it plays."""

    def wake(self) -> None:
        """Tell that there is something to do; returns at once."""
        self._wake.set()

    def open(self) -> None:
        """Begin to play."""
        self._store.listen(self._on_change)
        self._thread = threading.Thread(target=self._run, name="hands", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop playing and put the lights out; may be called twice."""
        self._stop.set()
        self._wake.set()
        if self._thread:
            self._thread.join(1.0)
            self._thread = None
            self._lamps.dark()

    def begin_lesson(self) -> Lesson:
        """Watch the next control that is moved instead of playing it."""
        self.lesson = Lesson()
        return self.lesson

    def end_lesson(self, to: str = "") -> Learned | None:
        """Play again; with `to`, the control that was learned is bound to it from now on."""
        lesson, self.lesson = self.lesson, None
        learned = lesson.learned() if lesson else None
        if learned and to:
            self.bind(learned.binding(to))
        return learned

    @property
    def learned(self) -> tuple[Binding, ...]:
        """What was learned in this show and is in no file yet."""
        return self._learned

    def bind(self, binding: Binding) -> None:
        """Let a control do something from now on, in place of what it did."""
        kept = (row for row in self._learned if _place(row) != _place(binding))
        self._learned = (*kept, binding)
        self._wake.set()

    def forget(self, kept: Iterable[Binding]) -> None:
        """Forget what was learned and is kept in a preset's file now."""
        gone = set(kept)
        self._learned = tuple(row for row in self._learned if row not in gone)
        self._wake.set()

    def bindings(self) -> tuple[tuple[str, Binding], ...]:
        """Return every binding in force with the device it is for: learned, preset's, layouts'."""
        preset = self._bound_from[0]
        learned = self._learned
        taken = {_place(row) for row in learned}
        rows = [row for row in (preset.bindings if preset else ()) if _place(row) not in taken]
        above = [(row.device, row) for row in (*learned, *rows)]
        covered = {(row.control, row.shift) for _, row in above if not row.raw}
        below = [
            (device.name, row)
            for device in self._rack.devices()
            for row in device.profile.layout
            if device.connected and (row.control, row.shift) not in covered
        ]
        return (*above, *below)

    def _on_change(self, change: StoreChange) -> None:
        if "tempo.resync" in change.names:
            beat = change.snapshot.beat
            self._rack.place(round(beat.at_origin), beat.origin_ns)
        self._wake.set()

    # The thread

    def _run(self) -> None:
        turn.come_first(in_short=True)
        last_ns = 0
        while not self._stop.is_set():
            self._wake.wait(self._pause_s())
            self._wake.clear()
            began_ns = clock.now_ns()
            heard = self._round(began_ns)
            spent_s = clock.seconds(clock.now_ns() - began_ns)
            flood = heard > _FLOOD * clock.seconds(began_ns - last_ns)
            rest_s = (_LONG_REST if flood else _REST) * spent_s
            last_ns = began_ns
            self._stop.wait(max(min(rest_s, _LONGEST_REST_S), _SPACING_S))

    def _pause_s(self) -> float | None:
        times = [t for t in (self._mapper.due_ns, self._lamps.due_ns) if t is not None]
        if not times:
            return None
        return max(clock.seconds(min(times) - clock.now_ns()), 0.0)

    def _round(self, now_ns: int) -> int:
        """Do everything that is due; return how many events there were."""
        values: dict[str, Scalar] = dict(self._store.snapshot.values)
        self._look_at_devices(now_ns)
        self._look_at_bindings()
        heard = self._rack.heard()
        if heard:
            self._store.follow(heard.bpm, heard.beat_ns, beat=heard.beat, origin=ORIGIN)
        self._mapper.pads.latched = self._desk.latched
        changes: list[Change] = []
        events = self._rack.drain()
        played = thin(events, self._mapper.nature) if self.lesson is None else events
        for event in played:
            self._lamps.heard(event)
            changes += self._heed(event, values)
        changes += _noted(self._mapper.tick(now_ns, values), values)
        self._apply(changes)
        self.waiting = tuple(self._mapper.waiting(self._store.snapshot.values))
        self._lamps.step(now_ns, self.waiting, self._mapper)
        return len(events)

    def _heed(self, event: Event, values: dict[str, Scalar]) -> list[Change]:
        if self.lesson is not None:
            self.lesson.note(event)
            return []
        control = event.control or event.address
        self.moved[event.device, control] = (event.at_ns, self._mapper.plays(event))
        return _noted(self._mapper.feed(event, values), values)

    def _look_at_devices(self, now_ns: int) -> None:
        for row in self._rack.devices():
            if row.connected == self._there.get(row.name, False):
                continue
            self._there[row.name] = row.connected
            if row.connected:
                self._mapper.plug(row.name, row.profile.layout, burst=row.profile.burst)
            else:
                self._apply(self._mapper.unplug(row.name, now_ns))
        self._lamps.look(self._rack.devices())

    def _look_at_bindings(self) -> None:
        preset, learned = self._desk.recalls.preset, self._learned
        if (preset, learned) == self._bound_from:
            return
        self._bound_from = (preset, learned)
        taken = {_place(row) for row in learned}
        rows = preset.bindings if preset else ()
        bound = (*learned, *(row for row in rows if _place(row) not in taken))
        self._mapper.use(bound)
        self._rack.require(bound)
        self._lamps.use(bound)

    # What the changes do

    def _apply(self, changes: Iterable[Change]) -> None:
        for key, rows in groupby(changes, key=_batch):
            if key is None:
                for act in rows:
                    if isinstance(act, Act):
                        self._do(act)
            else:
                moves = [row for row in rows if isinstance(row, Move)]
                self._move({move.name: move.value for move in moves}, moves[0].glide_s)

    def _do(self, act: Act) -> None:
        try:
            self._desk.do(act, origin=ORIGIN)
        except SettingError as error:
            self._tell(ORIGIN, str(error))

    def _move(self, values: dict[str, Scalar], glide_s: float | None) -> None:
        cut = values.pop("program.cut", None)
        try:
            if cut is not None:
                self._desk.cut(str(cut), origin=ORIGIN)
            if values:
                self._store.apply(values, origin=ORIGIN, glide_s=glide_s)
        except SettingError as error:
            self._tell(ORIGIN, str(error))
            for name, value in values.items() if len(values) > 1 else ():
                self._move({name: value}, glide_s)  # one that is refused must not stop the others


def _place(binding: Binding) -> tuple[str, bool]:
    return binding.control, binding.shift


def _noted(changes: list[Change], values: dict[str, Scalar]) -> list[Change]:
    """Let later events of the same round see what these changes do."""
    for change in changes:
        if isinstance(change, Move):
            values[change.name] = change.value
    return changes


def _batch(change: Change) -> tuple[float | None] | None:
    """Moves of one glide side by side are one snapshot; an act stands alone in its order."""
    return (change.glide_s,) if isinstance(change, Move) else None
