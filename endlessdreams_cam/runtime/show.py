"""The show: opens everything in order, keeps it going, and ends it."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from endlessdreams_cam import clock
from endlessdreams_cam.errors import EndlessDreamsError, PresetError, SettingError
from endlessdreams_cam.parameters import Change, Store, Switch
from endlessdreams_cam.parameters.spec import Scalar
from endlessdreams_cam.presets import Library, Setlist, read_setlist
from endlessdreams_cam.runtime.autopilot import Autopilot
from endlessdreams_cam.runtime.checks import CAPTURED, ENGINE, Guard, check, is_camera
from endlessdreams_cam.runtime.conductor import Conductor
from endlessdreams_cam.runtime.controls import Controls
from endlessdreams_cam.runtime.desk import Desk
from endlessdreams_cam.runtime.engines import Engines
from endlessdreams_cam.runtime.lock import ShowLock
from endlessdreams_cam.runtime.obs_desk import ObsDesk
from endlessdreams_cam.runtime.options import ShowOptions, dream_size_for
from endlessdreams_cam.runtime.overview import OrderRow, Overview, PanelRow, WaitRow
from endlessdreams_cam.runtime.post import Post
from endlessdreams_cam.runtime.processes import Processes
from endlessdreams_cam.runtime.reload import Reloads
from endlessdreams_cam.runtime.requests import Requests
from endlessdreams_cam.runtime.snapshots import Publisher
from endlessdreams_cam.runtime.stage import Stagehands
from endlessdreams_cam.runtime.statuses import Log, LogRow
from endlessdreams_cam.runtime.waiting import Waiting
from endlessdreams_cam.runtime.words import Words
from endlessdreams_cam.settings import preset_folder, runtime_folder
from endlessdreams_cam.sinks.virtualcam import list_devices
from endlessdreams_cam.slots import remove_leftovers
from endlessdreams_cam.sources import public

if TYPE_CHECKING:
    from endlessdreams_cam.runtime.easel import Easel, Stroke

_SHOWPIECES = ("ember", "aurora")
_GREETS_NS = 5 * clock.SECOND_NS
_SILENT_NS = 1_500 * clock.MILLISECOND_NS


class Show:
    """One show, from `open` to `close`; `poll` is called a few times a second in between.

    Raises on open: SettingError for what cannot be asked, ShowRunning, NoRoom.
    """

    def __init__(self, options: ShowOptions, *, begun_ns: int | None = None) -> None:
        self._options = options
        self._begun_ns = begun_ns or clock.now_ns()
        self._log = Log()
        self._lock = ShowLock(runtime_folder())
        self._closing: list[Callable[[], object]] = []
        self._dirty: set[str] = set()
        self._silent: set[str] = set()
        self._greets = options.preset is None and "auto.on" not in options.sets
        self.dream_size = options.dream_size or dream_size_for(options.size)
        self._drawing = threading.Lock()
        self._easel: Easel | None = None
        self.panel: PanelRow | None = None
        """Where the panel is, once there is one; whoever opens it says so."""

    def open(self) -> None:
        """Put the show on air; what was opened is closed again if something fails."""
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        check(self._options)
        self._lock.acquire()
        self._closing.append(self._lock.release)
        remove_leftovers()
        self.library = Library(preset_folder())
        self._words = Words.read(preset_folder() / "blocked-words.txt")
        setlist = self._setlist()
        self.store = self._make_store(played=setlist is not None)
        self.desk = Desk(self.store, self.library, clock.now_ns)
        self.desk.recalls.use(setlist)
        self._first_values()
        self.engines = Engines(self.store, self._options.size, self.note)
        asked = self.engines.asked()
        self.stage = Stagehands(self._options, self.dream_size, self.note, asked.rungs)
        self._processes = Processes(self.stage)
        self._closing.append(self.stage.close)
        self.stage.open()
        publisher = Publisher(self.store, self.stage.snapshot_slot)
        self._closing.append(publisher.close)
        self.stage.start_output()
        self.engines.begin(self.stage, asked)
        for role in ("source", "layer"):
            self.stage.set_input(role, self.store.snapshot.text(f"{role}.input"), self._options.fps)
        self.stage.start_rest()
        if self.store.snapshot.toggle("program.record"):
            self.stage.record(True)
        self.autopilot = Autopilot(self.store, clock.now_ns, random.Random())
        self.reloads = Reloads(self.desk, self.library, self._setlist_path(), self.note)
        conductor = Conductor(
            self.desk, self.store, clock.now_ns, lambda text: self.note("desk", text)
        )
        conductor.open()
        self._closing.append(conductor.close)
        self.store.listen(self._on_change)
        requests = Requests(self)
        self.controls = Controls(self._options, self.desk, self.store, requests.act, self.note)
        self.controls.open()
        self._closing.append(self.controls.close)
        self.obs = ObsDesk(self._options.obs, self.desk, self.store, self.library, self.note)
        self.obs.open()
        self._closing.append(self.obs.close)
        post = Post(requests.handle)
        post.open()
        self._closing.append(post.close)

    def close(self) -> None:
        """End everything in the opposite order; may be called twice."""
        with self._drawing:
            if self._easel:
                self._easel.close()
        while self._closing:
            self._closing.pop()()

    def poll(self) -> None:
        """Do what is due: changed inputs, engine and files, recording, autopilot, silence."""
        self.autopilot.tick(allowed=not self.desk.latched)
        self.reloads.poll(clock.now_ns())
        dirty, self._dirty = self._dirty, set()
        for name in sorted(dirty):
            try:
                self._follow(name)
            except (EndlessDreamsError, OSError) as error:  # no room for one more process
                self.note("main", f"{name} cannot be followed: {error}")
        self.engines.poll()
        self._listen_for_silence()
        self._greet_controller()

    def note(self, worker: str, text: str) -> None:
        """Put an error in the log."""
        self._log.add(datetime.now().astimezone().isoformat(timespec="milliseconds"), worker, text)

    @property
    def errors(self) -> tuple[LogRow, ...]:
        """The last errors, the newest last."""
        return tuple(self._log.rows)

    def overview(self, *, with_processes: bool = False) -> Overview:
        """Return how the show goes; processes cost some milliseconds to ask."""
        snapshot, now = self.store.snapshot, clock.now_ns()
        stage = self.stage
        source = stage.source
        return Overview(
            preset=snapshot.preset,
            order=self._order(),
            waiting=tuple(_wait_row(w, snapshot.beat.count(now)) for w in self.desk.waiting),
            morph_s=round(self.desk.morph_left_s(now), 2),
            locks=self.desk.locks,
            controls=self.controls.row(),
            bpm=float(snapshot.values["tempo.bpm"]),
            cut=snapshot.text("program.cut"),
            latched=self.desk.latched,
            held_s=self.desk.held_s(),
            autopilot=snapshot.toggle("auto.on"),
            rest_s=self.autopilot.rest_s,
            source_words=public(snapshot.text("source.input")),
            layer_words=public(snapshot.text("layer.input")),
            output=stage.output.total,
            engine=self.engines.on_air,
            preparing=stage.preparing,
            engine_why=self.engines.why,
            traded=self.engines.traded,
            rehearsed=snapshot.switch.rehearsed,
            source=source.total if source else None,
            layer=stage.layer.total if stage.layer else None,
            viewers=tuple(worker.status for worker in stage.viewers),
            workers=self._processes.rows() if with_processes else (),
            errors=self.errors,
            begun_ns=self._begun_ns,
            uptime_s=round(clock.seconds(now - self._begun_ns), 2),
            source_restarts=(source.starts - 1 if source else 0),
            panel=self.panel,
            obs=self.obs.row(),
        )

    def send_to(self, words: str) -> None:
        """Send the program to another virtual camera, by its device, or with "null" to none.

        Raises SettingError for a device that is not there; the next start knows nothing of it.
        """
        devices = [row.device for row in list_devices(with_holders=False)]
        if words != "null" and words not in devices:
            raise SettingError(
                f"There is no virtual camera {words!r}.",
                remedy=f"There are: {', '.join(devices) or 'none'}.",
            )
        if words == "null":
            self.stage.change_output("null", None)
        else:
            self.stage.change_output("virtualcam", words)

    def paint(self, strokes: Sequence[Stroke], *, clear: bool = False) -> None:
        """Draw into the dream, after taking away what was drawn before if clear is set."""
        from endlessdreams_cam.runtime.easel import Easel  # OpenCV, once somebody draws

        with self._drawing:
            if self._easel is None and strokes:
                slot, size = self.stage.frames("paint"), self._options.size
                self._easel = Easel(slot, self.dream_size, size, lambda: self.store.snapshot)
            if self._easel and clear:
                self._easel.clear()
            if self._easel and strokes:
                self._easel.draw(strokes)

    @property
    def options(self) -> ShowOptions:
        """What the show was asked to be."""
        return self._options

    def parameters(self) -> dict[str, Scalar]:
        """Return every parameter's base; of an address only its host."""
        values = dict(self.store.snapshot.values)
        return values | {name: public(str(values[name])) for name in CAPTURED}

    def _order(self) -> OrderRow:
        recalls = self.desk.recalls
        setlist = recalls.order.setlist
        songs = len(setlist.song) if setlist else 0
        at, title = (recalls.cue.at + 1, setlist.title) if setlist else (0, "")
        return OrderRow(title, at, songs, recalls.note, recalls.next)

    def _setlist_path(self) -> Path:
        return self._options.setlist or self.library.setlist_path

    def _setlist(self) -> Setlist | None:
        """Return the setlist that was asked for, or the user's own; only the first must be good."""
        path, asked = self._setlist_path(), self._options.setlist is not None
        if not asked and not path.is_file():
            return None
        try:
            return read_setlist(path, self.library.names())
        except PresetError as error:
            if asked:
                raise
            self.note("setlist", str(error))
            return None

    def _make_store(self, *, played: bool) -> Store:
        """Return the store with this show's defaults; played: a setlist is there to be played."""
        options = self._options
        home: dict[str, Scalar] = {
            "dream.rate": min(options.fps, 120.0),
            "auto.on": options.preset is None and not played,
            "engine.name": options.engine,
            "engine.model": options.model or "auto",
            "source.input": options.source,
            "layer.input": options.layer,
        }
        if options.source != "none":
            home["dream.feedback"] = 0.35
        if options.layer != "none":
            home["layer.amount"] = 0.5
        store = Store(clock.now_ns, home)
        store.guard(Guard(store, self._words, options.size))
        return store

    def _first_values(self) -> None:
        options = self._options
        if options.preset is None and self.desk.recalls.order.setlist:
            self.desk.step(1, origin="start")
        else:
            preset = options.preset or _SHOWPIECES[options.source == "none"]
            self.desk.recall(preset, origin="start")
        self.store.finish(origin="start")
        self.store.apply(options.sets, origin="start", glide_s=0.0)
        camera = is_camera(self.store.snapshot.text("source.input"))
        self.store.switch(Switch(camera=camera))

    def _on_change(self, change: Change) -> None:
        self._dirty |= change.names & (CAPTURED | {"program.record"})
        self._dirty |= {"engine.name"} if change.names & ENGINE else set()

    def _follow(self, name: str) -> None:
        """Make the workers what a parameter asks for now."""
        snapshot = self.store.snapshot
        if name in CAPTURED:
            role, words = name.partition(".")[0], snapshot.text(name)
            self.stage.set_input(role, words, self._options.fps)
            if role == "source":
                self.store.switch(replace(snapshot.switch, camera=is_camera(words)))
        elif name == "program.record":
            self.stage.record(snapshot.toggle(name))
        elif name == "engine.name":
            self.engines.follow()

    def _listen_for_silence(self) -> None:
        """Say so when a worker lives but gives nothing."""
        for name, silent_ns in self.stage.silences(self.store.snapshot.switch.engine).items():
            if silent_ns < _SILENT_NS:
                self._silent.discard(name)
            elif name not in self._silent:
                self._silent.add(name)
                self.note(name, f"Nothing has come from it for {clock.seconds(_SILENT_NS):g} s.")

    def _greet_controller(self) -> None:
        """Who plays a controller from the start wants no autopilot, unless it was asked for."""
        if not self._greets:
            return
        late = clock.now_ns() - self._begun_ns > _GREETS_NS
        played = not late and any(row.connected for row in self.controls.row().rows)
        if played:
            self.store.set("auto.on", False, origin="start")
        self._greets = not (late or played)


def _wait_row(waiting: Waiting, beats: float) -> WaitRow:
    if waiting.outside:
        return WaitRow(waiting.kind, waiting.what, 0.0, waiting.slot, "obs")
    left = max(round(waiting.count - beats, 2), 0.0)
    return WaitRow(waiting.kind, waiting.what, left, waiting.slot)
