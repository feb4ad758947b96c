"""The stagehands: which workers a show has, with their slots."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from endlessdreams_cam import clock
from endlessdreams_cam.frame import Size
from endlessdreams_cam.parameters import PROMPTS
from endlessdreams_cam.runtime.casting import Falls
from endlessdreams_cam.runtime.host import Worker
from endlessdreams_cam.runtime.jobs import (
    THUMBS,
    CaptureJob,
    EngineJob,
    OutputJob,
    ThumbsJob,
    ViewerJob,
    sheet_size,
)
from endlessdreams_cam.runtime.life import WorkerSpec
from endlessdreams_cam.runtime.options import ShowOptions
from endlessdreams_cam.runtime.repertoire import Rung
from endlessdreams_cam.runtime.statuses import (
    CaptureStatus,
    EngineStatus,
    OutputStatus,
    State,
    Status,
    ViewerStatus,
)
from endlessdreams_cam.runtime.supervisor import PAUSES_S, URGENT_S, Supervisor
from endlessdreams_cam.settings import recording_folder, runtime_folder
from endlessdreams_cam.slots import FrameSlot, TextSlot, check_room

_WORKERS = "endlessdreams_cam.runtime.workers"
_LARGEST_INPUT = Size(1920, 1080)
_USUAL_DREAM = Size(736, 416)
"""Room for what most diffusion models dream at, if one is chosen while the show runs."""
_CAPTURE_HANG_S = 3.0
_ENGINE_HANG_S = 5.0
_OUTPUT_HANG_S = 10.0
_VIEWER_HANG_S = 10.0
_THUMBS_HANG_S = 30.0
_CLOSE_WITHIN_S = 1.6
_FADE_OVER_S = 1.5
_READY_WITHIN_S = 5.0
_LATELY_NS = 20 * clock.SECOND_NS
_LONGEST_LOG = 1 << 20


class Stagehands:
    """Makes the slots, starts the workers and changes them while the show goes on."""

    def __init__(
        self,
        options: ShowOptions,
        dream_size: Size,
        tell: Callable[[str, str], None],
        rungs: Sequence[Rung] = (),
    ) -> None:
        self._options = options
        self._dream_size = dream_size
        wanted = [dream_size, _USUAL_DREAM, *(rung.size for rung in rungs if rung.size)]
        self._largest_dream = max(wanted, key=lambda size: size.width * size.height)
        self._log = runtime_folder() / "workers.log"
        self._supervisor = Supervisor(tell)
        self._frames: dict[str, FrameSlot] = {}
        self._generation = 0
        self._standby: Worker[OutputStatus] | None = None
        self._on_air = "a"
        self._preparing: str | None = None
        self._retiring = ""
        self._retire_ns = 0
        self._takeover_times: list[int] = []
        self.takeovers = 0
        """How often the standby took over the program."""
        self._engines: dict[str, Worker[EngineStatus]] = {}
        self._fallen: dict[str, str] = {}
        self._inputs: dict[str, Worker[CaptureStatus]] = {}
        self._viewers: dict[str, Worker[ViewerStatus]] = {}
        self._small: Worker[Status] | None = None
        self._wish: TextSlot | None = None

    def open(self) -> None:
        """Make the slots and start to watch; raises NoRoom before anything runs."""
        sizes = {
            "program": self._options.size,
            "dream-a": self._largest_dream,
            "dream-b": self._largest_dream,
            "source": _LARGEST_INPUT,
            "layer": _LARGEST_INPUT,
            # Colours above, masks below.
            "paint": Size(self._dream_size.width, 2 * self._dream_size.height),
        }
        check_room(sum(FrameSlot.bytes_for(size) for size in sizes.values()))
        if self._log.is_file() and self._log.stat().st_size > _LONGEST_LOG:
            self._log.unlink()
        for name, size in sizes.items():
            self._frames[name] = FrameSlot.make(name.replace("-", ""), size)
        self.snapshot_slot = TextSlot.make("snapshot")
        self._supervisor.open()

    def close(self) -> list[str]:
        """End all workers and free all slots; return the names of workers that had to be killed."""
        killed = self._supervisor.close(_CLOSE_WITHIN_S)
        for slot in self._frames.values():
            slot.close()
        self._frames.clear()
        if self._wish:
            self._wish.close()
        if hasattr(self, "snapshot_slot"):
            self.snapshot_slot.close()
        return killed

    @property
    def program_slot(self) -> FrameSlot:
        """What is on air, for main's own readers."""
        return self._frames["program"]

    def frames(self, name: str) -> FrameSlot:
        """Return the slot program, source, layer, paint, dream-a or dream-b, for main itself."""
        return self._frames[name]

    @property
    def source(self) -> Worker[CaptureStatus] | None:
        """The worker of the live input."""
        return self._inputs.get("source")

    @property
    def layer(self) -> Worker[CaptureStatus] | None:
        """The worker of the layer."""
        return self._inputs.get("layer")

    @property
    def viewers(self) -> list[Worker[ViewerStatus]]:
        """The window and the recorder."""
        return list(self._viewers.values())

    def workers(self) -> list[Worker[Any]]:
        """Return all workers."""
        return self._supervisor.workers()

    def engines(self) -> dict[str, Worker[EngineStatus]]:
        """Return the engines, on air and off it, by their slots."""
        return dict(self._engines)

    def engine_on_air(self, key: str) -> Worker[EngineStatus]:
        """Return the engine that the program shows."""
        return self._engines.get(key) or next(iter(self._engines.values()))

    # The output and its standby

    def start_output(self) -> None:
        """Start the output worker, before everything else: it shows the slate."""
        self.output = self._output_worker("output", standby=False)
        self._supervisor.add(self.output, on_end=self._promote, longest_s=URGENT_S)

    def start_rest(self) -> None:
        """Start what the first frame does not wait for: the standby, the window, the recorder."""
        if not self._options.unpaced:
            self._start_standby()
        for words in self._options.outputs:
            kind = words.partition(":")[0]
            if kind in ("window", "record"):
                self._start_viewer(kind, words)

    def change_output(self, output: str, device: str | None) -> None:
        """Send the program elsewhere: a standby gets ready for it, then the output is replaced.

        The program pauses for as long as the old output takes to close its device.
        """
        beside = [w for w in self._options.outputs if w.partition(":")[0] in ("window", "record")]
        self._options = replace(self._options, outputs=(output, *beside), device=device)
        waiting, self._standby = self._standby, None
        if waiting:
            self._supervisor.drop(waiting.name)
        self._start_standby()
        self._wait_for_standby()
        self._supervisor.drop(self.output.name)
        self._promote()
        self.takeovers -= 1  # nothing failed

    def _wait_for_standby(self) -> None:
        until = clock.now_ns() + clock.to_ns(_READY_WITHIN_S)
        while self._standby and clock.now_ns() < until:
            if self._standby.status.state is State.STANDBY:
                return
            time.sleep(0.02)

    def _output_worker(self, name: str, *, standby: bool) -> Worker[OutputStatus]:
        mains = [
            w for w in self._options.outputs if w.partition(":")[0] not in ("window", "record")
        ]
        job = OutputJob(
            output=mains[0] if mains else "null",
            device=self._options.device,
            size=self._options.size,
            fps=self._options.fps,
            dream_a=self._frames["dream-a"].name,
            dream_b=self._frames["dream-b"].name,
            source=self._frames["source"].name,
            program=self._frames["program"].name,
            snapshot=self.snapshot_slot.name,
            standby=standby,
            unpaced=self._options.unpaced,
        )
        spec = self._spec(name, "output", job, _OUTPUT_HANG_S)
        return Worker(spec, OutputStatus)

    def _start_standby(self, *, after_s: float = 0.0) -> None:
        self._generation += 1
        self._standby = self._output_worker(f"standby-{self._generation}", standby=True)
        self._supervisor.add(self._standby, after_s=after_s, longest_s=URGENT_S)

    def _promote(self) -> None:
        """The output worker died: the standby opens the device and goes on at the next tick.

        Called on the supervisor's thread, at once.
        """
        standby = self._standby
        if standby is None or not standby.alive:
            return  # the supervisor starts the output again
        standby.go()
        standby.inherit(self.output.total)
        old, self.output = self.output, standby
        self._supervisor.promote(standby.name, "output", self._promote)
        self._supervisor.drop(old.name)
        self.takeovers += 1
        self._start_standby(after_s=self._pause_s())

    def _pause_s(self) -> float:
        """How long the next standby waits: longer the more takeovers there were lately."""
        now = clock.now_ns()
        lately = [at for at in self._takeover_times if now - at < _LATELY_NS]
        self._takeover_times = [*lately, now]
        return min(PAUSES_S[min(len(lately), len(PAUSES_S) - 1)], URGENT_S)

    # Engines

    def start_engine(self, key: str, rung: Rung, *, keep: bool = True) -> None:
        """Start an engine into slot "a" or "b".

        keep has the supervisor start it again when it dies; else `engine_fell` tells of it.
        """
        job = EngineJob(
            engine=rung.words,
            size=self._size_of(rung),
            dreams=self._frames[f"dream-{key}"].name,
            source=self._frames["source"].name,
            layer=self._frames["layer"].name,
            paint=self._frames["paint"].name,
            program=self._frames["program"].name,
            snapshot=self.snapshot_slot.name,
            fps=self._options.fps,
            unpaced=self._options.unpaced,
        )
        self._generation += 1
        name = f"engine-{key}-{self._generation}"
        worker = Worker(self._spec(name, "engine", job, _ENGINE_HANG_S), EngineStatus)
        self._engines[key] = worker

        def fall(cause: str) -> None:
            self._fallen[name] = cause

        self._supervisor.add(worker, on_fall=None if keep else fall)

    def _size_of(self, rung: Rung) -> Size:
        """Return the dreams' size: the user's, or the engine's best within the slots' room."""
        if rung.size is None:
            return self._dream_size
        best = self._dream_size if self._options.dream_size else rung.size
        room = self._largest_dream.width * self._largest_dream.height
        scale = min(math.sqrt(room / (best.width * best.height)), 1.0)
        if scale == rung.scale == 1.0:
            return best
        return Size(*(max(int(side * scale * rung.scale) // 8, 8) * 8 for side in best))

    def prepare_engine(self, rung: Rung, *, keep: bool) -> None:
        """Start an engine off air, in the place of one that is being prepared."""
        self.give_up_preparing()
        self._retire_ns = 0
        off_air = "b" if self._on_air == "a" else "a"
        if off_air in self._engines:
            self._supervisor.drop(self._engines.pop(off_air).name)
        self.start_engine(off_air, rung, keep=keep)
        self._preparing = off_air

    def give_up_preparing(self) -> None:
        """End the engine that is being prepared."""
        key, self._preparing = self._preparing, None
        if key:
            self._supervisor.drop(self._engines.pop(key).name)

    def engine_fell(self) -> Falls:
        """Return, once, why the engine on air died and why the one that is being prepared did."""
        names = {key: worker.name for key, worker in self._engines.items()}
        on_air, preparing = names.get(self._on_air, ""), names.get(self._preparing or "", "")
        return Falls(self._fallen.pop(on_air, ""), self._fallen.pop(preparing, ""))

    def engine_outgrown(self) -> bool:
        """Whether the engine on air would be readier if it were made anew."""
        return self.engine_on_air(self._on_air).status.outgrown

    @property
    def preparing(self) -> EngineStatus | None:
        """How the engine that is being prepared gets on."""
        return self._engines[self._preparing].status if self._preparing else None

    def prepared_engine(self) -> str | None:
        """Return the slot of an engine that was prepared and dreams now, once."""
        key = self._preparing
        if key and self._engines[key].status.frames > 3:
            self._preparing = None
            return key
        if self._retire_ns and clock.now_ns() > self._retire_ns:
            self._retire_ns = 0
            self._supervisor.drop(self._engines.pop(self._retiring).name)
        return None

    def retire_other_engine(self, on_air: str) -> None:
        """End the engine that was on air before, when the fade is over."""
        self._on_air = on_air
        self._retiring = "b" if on_air == "a" else "a"
        self._retire_ns = clock.now_ns() + clock.to_ns(_FADE_OVER_S)

    # Inputs, window, recorder

    def set_input(self, role: str, words: str, fps: float) -> None:
        """Read another live input, or none, for "source" or "layer"."""
        old = self._inputs.pop(role, None)
        if old:
            self._supervisor.drop(old.name)
        if words == "none":
            return
        job = CaptureJob(words, role, self._frames[role].name, self.snapshot_slot.name, fps)
        worker = Worker(self._spec(role, "capture", job, _CAPTURE_HANG_S), CaptureStatus)
        self._inputs[role] = worker
        self._supervisor.add(worker)

    def record(self, on: bool) -> None:
        """Start or stop the recorder."""
        if on and "record" not in self._viewers:
            folder = recording_folder()
            folder.mkdir(parents=True, exist_ok=True)
            self._start_viewer("record", f"record:{folder / 'EndlessDreams.mkv'}")
        elif not on and "record" in self._viewers:
            self._supervisor.drop(self._viewers.pop("record").name)

    def show_thumbs(self, presets: Sequence[str]) -> FrameSlot:
        """Have all prompts and these presets dreamt small; return the sheet (see jobs.tile)."""
        if self._wish is None:
            self._frames["thumbs"] = FrameSlot.make("thumbs", sheet_size())
            self._wish = TextSlot.make("wish")
        wish = json.dumps(presets[: THUMBS - PROMPTS]).encode()
        if self._wish.read() != wish:
            self._wish.write(wish)
        if self._small is None:
            job = ThumbsJob(
                self._frames["thumbs"].name, self._wish.name, self.snapshot_slot.name, sheet_size()
            )
            self._small = Worker(self._spec("thumbs", "thumbs", job, _THUMBS_HANG_S), Status)
            self._supervisor.add(self._small)
        return self._frames["thumbs"]

    def drop_thumbs(self) -> None:
        """Nobody looks at thumbnails any more."""
        if self._small:
            self._small = None
            self._supervisor.drop("thumbs")

    def _start_viewer(self, kind: str, words: str) -> None:
        job = ViewerJob(words, self._options.size, self._options.fps, self._frames["program"].name)
        worker = Worker(self._spec(kind, "viewer", job, _VIEWER_HANG_S), ViewerStatus)
        self._viewers[kind] = worker
        self._supervisor.add(worker)

    def silences(self, engine: str) -> dict[str, int]:
        """Return how long each living worker has given nothing, in nanoseconds, by its name."""
        on_air = self.engine_on_air(engine)
        rows: list[tuple[str, Worker[Any], str]] = [
            ("output", self.output, "program"),
            (on_air.name, on_air, f"dream-{engine}"),
        ]
        rows += [(worker.name, worker, role) for role, worker in self._inputs.items()]
        now, found = clock.now_ns(), {}
        for name, worker, slot in rows:
            newest, state = self._frames[slot].peek(), worker.status.state
            # The program goes on without a device; an input that waits for its own is not silent.
            gives = state is State.LIVE or (state is State.WAITING and worker is self.output)
            if newest and gives:
                found[name] = now - newest.rendered_ns
        return found

    def _spec(self, name: str, module: str, job: Any, hang_s: float) -> WorkerSpec:
        return WorkerSpec(name, f"{_WORKERS}.{module}:run", job, hang_s, self._log)
