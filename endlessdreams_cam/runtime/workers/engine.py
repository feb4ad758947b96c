"""The engine worker: dreams from the newest inputs into its slot."""

from __future__ import annotations

import contextlib
import os

import cv2

from endlessdreams_cam import clock
from endlessdreams_cam.engines import Engine, Inputs, Paint, make_engine
from endlessdreams_cam.errors import EngineError
from endlessdreams_cam.frame import Frame, Pixels, Pose, check_pixels
from endlessdreams_cam.parameters import Snapshot
from endlessdreams_cam.runtime.figures import Rate, Timings
from endlessdreams_cam.runtime.jobs import EngineJob
from endlessdreams_cam.runtime.life import Life
from endlessdreams_cam.runtime.snapshots import SnapshotReader
from endlessdreams_cam.runtime.statuses import EngineStatus, State
from endlessdreams_cam.slots import FrameSlot

_LOAD_WITHIN_S = 120.0
_LIVE_NS = 2 * clock.SECOND_NS
"""Input older than this is no longer live."""
_MARGIN_NS = 2 * clock.MILLISECOND_NS
_LONGEST_DT_S = 0.25


def run(life: Life, job: EngineJob) -> None:
    """Dream until the end."""
    # The program's pacing comes before the dream's: on busy processors the engine yields.
    with contextlib.suppress(OSError, AttributeError):
        os.nice(5)
    cv2.setNumThreads(1)
    life.beat(_LOAD_WITHIN_S)
    engine = make_engine(job.engine, job.size)
    snapshots = SnapshotReader(job.snapshot)
    try:
        engine.open(snapshots.read(), _Loading(life, job))
        _Dreaming(life, job, engine, snapshots).run()
    finally:
        engine.close()


class _Loading:
    """Takes an engine's news of its loading: a sign of life, and a line for the status.

    Raises EngineError when the show wants the engine no more: loading takes up to minutes.
    """

    def __init__(self, life: Life, job: EngineJob) -> None:
        self._life = life
        self._job = job

    def __call__(self, done: float, what: str) -> None:
        if self._life.stopping:
            raise EngineError("The engine is not wanted any more.")
        self._life.beat(_LOAD_WITHIN_S)
        kind, _, model = self._job.engine.partition(":")
        self._life.tell(
            lambda: EngineStatus(
                label=self._job.engine,
                trouble=self._life.trouble,
                engine=kind,
                model=model,
                size=str(self._job.size),
                progress=round(done, 3),
                doing=what,
            )
        )


class Turn:
    """Decides when a dream starts: so that it ends just before a tick of the program.

    Pure: times come in. The estimate of the render's length follows slow changes and keeps a
    margin of two mean deviations.
    """

    def __init__(self, fps: float) -> None:
        self._tick_ns = clock.SECOND_NS / fps
        self._length_ns = 0.0
        self._deviation_ns = 0.0
        self._last_start_ns = 0

    def took(self, render_ns: int) -> None:
        """Learn how long a render took."""
        if not self._length_ns:
            self._length_ns = float(render_ns)
        error = render_ns - self._length_ns
        self._length_ns += 0.1 * error
        self._deviation_ns += 0.1 * (abs(error) - self._deviation_ns)

    def start(self, now_ns: int, a_tick_ns: int, rate: float) -> int:
        """Return when to start the next dream.

        a_tick_ns is any past tick of the program (0: unknown), rate the dreams wanted per second.
        """
        earliest = self._last_start_ns + round(clock.SECOND_NS / rate) if self._last_start_ns else 0
        # Half a tick of tolerance: asking for 30 at 30 ticks must not skip every other one.
        earliest = max(now_ns, earliest - round(self._tick_ns / 2))
        start = earliest
        need = self._length_ns + 2 * self._deviation_ns + _MARGIN_NS
        if a_tick_ns and need < self._tick_ns:
            ticks = -((a_tick_ns - earliest - need) // self._tick_ns)
            start = round(a_tick_ns + ticks * self._tick_ns - need)
            start = max(start, earliest)
        self._last_start_ns = start
        return start


class _Dreaming:
    def __init__(
        self, life: Life, job: EngineJob, engine: Engine, snapshots: SnapshotReader
    ) -> None:
        self._life = life
        self._job = job
        self._engine = engine
        kind = job.engine.partition(":")[0]
        self._kind = job.engine if kind == "fault" else kind.removesuffix("-fast")
        self._dreams = FrameSlot.attach(job.dreams)
        self._source = FrameSlot.attach(job.source)
        self._layer = FrameSlot.attach(job.layer)
        self._drawn = FrameSlot.attach(job.paint)
        self._paint: Paint | None = None
        self._drawn_sequence = 0
        self._program = FrameSlot.attach(job.program)
        self._snapshots = snapshots
        self._rate = Rate()
        self._render = Timings()
        self._turn = Turn(job.fps)
        self._held: dict[FrameSlot, Frame | None] = {}
        self._first_ns = 0
        self._last_ns = 0

    def run(self) -> None:
        while not self._life.stopping:
            self._beat()
            snapshot = self._snapshots.read()
            if not self._job.unpaced:
                self._wait_for_turn(snapshot)
                snapshot = self._snapshots.read()
            self._dream(snapshot)
            self._life.tell(self._status)

    def _beat(self) -> None:
        # Until the first dream it still loads: on a slow machine that takes a while.
        self._life.beat(None if self._first_ns else _LOAD_WITHIN_S)

    def _wait_for_turn(self, snapshot: Snapshot) -> None:
        program = self._program.peek()
        now = clock.now_ns()
        rate = snapshot.number("dream.rate", now)
        start = self._turn.start(now, program.rendered_ns if program else 0, rate)
        while not self._life.stopping and (left := start - clock.now_ns()) > 0:
            self._beat()
            self._life.pause(min(clock.seconds(left), 0.25))

    def _dream(self, snapshot: Snapshot) -> None:
        now = clock.now_ns()
        dt = min(clock.seconds(now - self._last_ns), _LONGEST_DT_S) if self._last_ns else 1 / 30
        self._last_ns = now
        inputs = self._inputs(now)
        pixels = self._checked(self._engine.render(inputs, snapshot, dt))
        done = clock.now_ns()
        self._turn.took(done - now)
        self._render.add((done - now) / clock.MILLISECOND_NS)
        self._dreams.write(
            pixels,
            captured_ns=inputs.source.captured_ns if inputs.source else 0,
            rendered_ns=done,
            pose=inputs.pose,
            snapshot=snapshot.version,
        )
        self._rate.add(done)
        if not self._first_ns:
            self._first_ns = done
            self._life.tell(self._status, now=True)

    def _inputs(self, now_ns: int) -> Inputs:
        program = self._program.peek()
        pose = program.pose if program else Pose()
        source, layer = self._live(self._source, now_ns), self._live(self._layer, now_ns)
        return Inputs(
            source=source, layer=layer, pose=pose, now_ns=now_ns, paint=self._newest_paint()
        )

    def _newest_paint(self) -> Paint | None:
        """Return what hands drew: it stands until main fades it."""
        frame = self._drawn.read(after=self._drawn_sequence)
        if frame:
            self._drawn_sequence, self._paint = frame.sequence, Paint.of(frame)
        return self._paint

    def _live(self, slot: FrameSlot, now_ns: int) -> Frame | None:
        held = self._held.get(slot)
        frame = slot.read(after=held.sequence if held else 0) or held
        self._held[slot] = frame
        return frame if frame and now_ns - frame.rendered_ns < _LIVE_NS else None

    def _checked(self, pixels: object) -> Pixels:
        try:
            good = check_pixels(pixels)
        except ValueError as error:
            raise EngineError(f"The {self._job.engine} engine made no picture: {error}.") from error
        if (good.shape[1], good.shape[0]) != self._engine.size:
            raise EngineError(
                f"The {self._job.engine} engine made {good.shape[1]}x{good.shape[0]} pixels"
                f" where {self._engine.size} were asked for."
            )
        return good

    def _status(self) -> EngineStatus:
        standing = self._engine.standing
        return EngineStatus(
            state=State.LIVE,
            label=self._job.engine,
            trouble=self._life.trouble,
            engine=self._kind,
            model=standing.model,
            way=standing.way,
            outgrown=standing.outgrown,
            steps=standing.steps,
            steps_asked=standing.steps_asked,
            load=round(standing.load, 3),
            at_least=standing.at_least,
            size=str(self._engine.size),
            progress=1.0,
            frames=self._rate.count,
            fps=round(self._rate.recently(clock.now_ns()), 1),
            fps_overall=round(self._rate.overall(), 2),
            render_ms=self._render.overall(),
            first_dream_ns=self._first_ns,
            last_dream_ns=self._last_ns,
            notes=self._engine.notes,
        )
