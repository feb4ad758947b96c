"""Recalls: presets brought on air, taken back, kept up with their files."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from endlessdreams_cam.errors import PresetError, SettingError
from endlessdreams_cam.parameters import PROMPTS, Ahead, Snapshot, Store, morph_s
from endlessdreams_cam.parameters.spec import Scalar
from endlessdreams_cam.presets import Library, Preset, Setlist, changes
from endlessdreams_cam.presets.document import canonical
from endlessdreams_cam.runtime.locks import Locks
from endlessdreams_cam.runtime.order import Cue, Order
from endlessdreams_cam.runtime.waiting import Kind, Waiting, Waits, due_count

_RELOAD_S = 0.5


@dataclass(frozen=True, slots=True)
class _OnAir:
    """Which preset is on air: its place, what its file holds and makes of the parameters."""

    cue: Cue = Cue()
    preset: Preset | None = None
    values: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Undo:
    """What a recall replaced."""

    on_air: _OnAir
    preset: str
    values: dict[str, Scalar]
    styles: tuple[str, ...]


class Recalls:
    """Brings presets on air by name, by pad and in order; safe to use from every thread."""

    def __init__(
        self, store: Store, library: Library, clock: Callable[[], int], waits: Waits
    ) -> None:
        self._store = store
        self._library = library
        self._clock = clock
        self._waits = waits
        self._lock = threading.RLock()  # held while files are read: nothing urgent takes it
        self._on_air = _OnAir()
        self._undo: _Undo | None = None
        self.order = Order(library)
        self.locks = Locks()
        self.page_turned = False
        """Whether there is another next preset to look at."""
        self._listeners: list[Callable[[Preset, str], None]] = []
        self.saved_ns = 0
        self.saved_name = ""

    @property
    def cue(self) -> Cue:
        """The preset on air and its place in the order."""
        return self._on_air.cue

    @property
    def preset(self) -> Preset | None:
        """What the file of the preset on air holds; another object after each recall or reload."""
        return self._on_air.preset

    @property
    def note(self) -> str:
        """What the setlist, or the preset, says to the performer."""
        song, preset = self.cue.song, self.preset
        return (song.note if song else "") or (preset.note if preset else "")

    @property
    def next(self) -> str:
        """The name of the preset that comes next, empty for none."""
        try:
            return self.order.after(self._latest(), 1).preset
        except PresetError:
            return ""

    def listen(self, listener: Callable[[Preset, str], None]) -> None:
        """Call `listener(preset, origin)` after every recall; it must return at once."""
        self._listeners.append(listener)

    def recall(
        self, name: str, *, origin: str, morph_s: float | None = None, wait: str | None = None
    ) -> None:
        """Recall a preset; raises PresetError and changes nothing.

        morph_s and wait take the place of what the setlist and the preset ask for.
        """
        with self._lock:
            cue = self.order.called(name, self._latest())
            self._call(cue, origin, morph_s=morph_s, wait=wait)

    def step(self, by: int, *, origin: str) -> str:
        """Recall what is `by` places further in the order and can be read; return its name."""
        with self._lock:
            cue = self._latest()
            for _ in self.order.names()[1:]:
                cue = self.order.after(cue, by)
                with contextlib.suppress(PresetError):  # `presets list` names its fault
                    self._call(cue, origin)
                    return cue.preset
            cue = self.order.after(cue, by)
            self._call(cue, origin)
            return cue.preset

    def recall_pad(self, n: int, *, origin: str) -> str:
        """Recall what lies on a pad, or finish its morph, and return its name."""
        with self._lock:
            cue = self.order.pad(n)
            waiting = self._waits.get(Kind.RECALL)
            if waiting and waiting.cue == cue:
                self._bring_waiting(waiting)
            elif self.cue == cue and self.morphing:
                self._store.finish(origin=origin)
            else:
                self._call(cue, origin)
            return cue.preset

    @property
    def morphing(self) -> bool:
        """Whether a recall is under way."""
        return not self._store.snapshot.morph.done(self._clock())

    def finish(self, *, origin: str) -> None:
        """Finish the morph now; when none is under way, do not let a recall wait any longer."""
        with self._lock:
            waiting = self._waits.get(Kind.RECALL)
            if waiting and not self.morphing:
                self._bring_waiting(waiting)
            else:
                self._store.finish(origin=origin)

    def undo(self, *, origin: str) -> None:
        """Take back the last recall, or one that still waits; twice is doing it again."""
        with self._lock:
            if self._waits.get(Kind.RECALL):
                self._waits.drop(Kind.RECALL)
                self.turn_page()
                return
            if self._undo is None:
                raise SettingError("There is no recall to take back.")
            old, before = self._undo, self._store.snapshot
            again = {name: before.values[name] for name in old.values}
            self._undo = _Undo(self._on_air, before.preset, again, before.styles)
            self._on_air = old.on_air
            self._store.apply(
                self.locks.free(old.values),
                origin=origin,
                glide_s=morph_s(before.values, before.beat),
                styles=self._free_styles(old.styles),
                preset=old.preset,
            )
            self.turn_page()

    def reload(self, *, origin: str = "reload") -> bool:
        """Take in the file of the preset on air; return whether it had changed.

        Only what the file changed moves, and nothing that a hand has moved since the recall.
        Raises PresetError and changes nothing.
        """
        with self._lock:
            before, was = self._store.snapshot, self._on_air
            preset = self._library.load(before.preset)
            if preset == was.preset:
                return False
            held, found = was.values, changes(preset, self._store.home)
            self._on_air = _OnAir(was.cue, preset, found)
            moved = {
                name: value
                for name, value in found.items()
                if name not in held or (value != held[name] and before.values[name] == held[name])
            }
            same = was.preset is not None and preset.styles == was.preset.styles
            styles = None if same else self._free_styles(preset.styles)
            self._store.apply(
                self.locks.free(moved), origin=origin, glide_s=_RELOAD_S, styles=styles
            )
            return True

    def save(self, name: str) -> Path:
        """Save the present bank and look as the user's preset."""
        with self._lock:
            path = self._library.save(name, self._store.snapshot, home=self._store.home)
            self.saved_ns, self.saved_name = self._clock(), canonical(name)
            self.order.refresh()
            if self.saved_name == self._store.snapshot.preset:
                preset = self._library.load(name)
                self._on_air = _OnAir(self.cue, preset, changes(preset, self._store.home))
            self.turn_page()
            return path

    def use(self, setlist: Setlist | None) -> None:
        """Walk another setlist, or the library, from where the show is."""
        with self._lock:
            self.order.setlist = setlist
            self._on_air = replace(self._on_air, cue=self.order.moved(self.cue))
            self.turn_page()

    def turn_page(self) -> None:
        """Have `look_ahead` called soon: files are not read while a hand waits."""
        self.page_turned = True
        self._waits.wake()

    def look_ahead(self) -> None:
        """Tell the engines what the next preset, or the one that waits, will ask for."""
        with self._lock:
            self.page_turned = False
            self.order.refresh()
            try:
                latest = self._latest()
                cue = latest if latest != self.cue else self.order.after(latest, 1)
                preset = self._library.load(cue.preset)
            except PresetError:
                ahead = Ahead()
            else:
                ahead = self._ahead(preset)
            if ahead != self._store.snapshot.ahead:
                self._store.prepare(ahead)

    def _latest(self) -> Cue:
        """Return the cue that waits, else the one on air."""
        waiting = self._waits.get(Kind.RECALL)
        return waiting.cue if waiting and waiting.cue else self.cue

    def _call(
        self, cue: Cue, origin: str, *, morph_s: float | None = None, wait: str | None = None
    ) -> None:
        preset = self._library.load(cue.preset)
        snapshot, own = self._store.snapshot, wait or (cue.song.wait if cue.song else None)
        count = due_count(snapshot, origin, self._clock(), own)
        bring = partial(self._bring, cue, preset, origin, morph_s)
        if count is None:
            self._waits.drop(Kind.RECALL)
            bring()
        else:
            self._waits.put(Waiting(Kind.RECALL, preset.title, count, bring, cue))
            self.turn_page()

    def _bring_waiting(self, waiting: Waiting) -> None:
        self._waits.drop(Kind.RECALL)
        waiting.act()

    def _bring(self, cue: Cue, preset: Preset, origin: str, morph_s: float | None) -> None:
        with self._lock:
            before, found = self._store.snapshot, changes(preset, self._store.home)
            free = self.locks.free(found)
            replaced = {n: before.values[n] for n, v in free.items() if before.values[n] != v}
            self._undo = _Undo(self._on_air, before.preset, replaced, before.styles)
            self._on_air = _OnAir(cue, preset, found)
            keeps = preset.partial and not preset.styles
            self._store.apply(
                free,
                origin=origin,
                glide_s=_own_morph(cue, before) if morph_s is None else morph_s,
                styles=None if keeps else self._free_styles(preset.styles),
                preset=cue.preset,
            )
            self.turn_page()
        for listener in self._listeners:
            listener(preset, origin)

    def _free_styles(self, styles: tuple[str, ...]) -> tuple[str, ...] | None:
        """Styles belong to the chosen style: a lock on it keeps them all."""
        return None if self.locks.cover("prompt.style") else styles

    def _ahead(self, preset: Preset) -> Ahead:
        before = self._store.snapshot
        found = self.locks.free(changes(preset, self._store.home))
        styles = self._free_styles(preset.styles)
        then = Snapshot(
            0, {**before.values, **found}, styles=before.styles if styles is None else styles
        )
        weights = then.weights(0)
        leading = sorted(range(PROMPTS), key=lambda k: -weights[k])
        names = [f"prompt.{k + 1}.text" for k in leading] + ["prompt.base"]
        texts = tuple(text for name in names if (text := then.text(name)))
        return Ahead(texts, then.style(0), then.integer("dream.seed"))


def _own_morph(cue: Cue, snapshot: Snapshot) -> float | None:
    """Return the morph that a setlist's entry asks for, in seconds; None: the preset's own."""
    song = cue.song
    if song and song.morph_beats:
        return snapshot.beat.seconds(song.morph_beats)
    return song.morph if song else None
