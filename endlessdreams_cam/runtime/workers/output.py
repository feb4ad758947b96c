"""The output worker: a frame on every tick, whatever happens to the others."""

from __future__ import annotations

import gc
from fractions import Fraction

import cv2

from endlessdreams_cam import clock, turn
from endlessdreams_cam.errors import DeviceError
from endlessdreams_cam.frame import Frame, Pixels, Pose
from endlessdreams_cam.parameters import Snapshot
from endlessdreams_cam.program import Compositor, Pacer, Program, Stage, Tick
from endlessdreams_cam.runtime.figures import Rate, Timings
from endlessdreams_cam.runtime.jobs import OutputJob
from endlessdreams_cam.runtime.life import Life
from endlessdreams_cam.runtime.snapshots import SnapshotReader
from endlessdreams_cam.runtime.statuses import OutputStatus, State
from endlessdreams_cam.sinks import Sink, make_sink
from endlessdreams_cam.slots import FrameSlot

_AGAIN_NS = 3 * clock.SECOND_NS
_ALIVE_NS = clock.SECOND_NS


def run(life: Life, job: OutputJob) -> None:
    """Send the program until the end; a standby waits for its turn first."""
    cv2.setNumThreads(1)
    on_air = _OnAir(life, job)
    if job.standby:
        life.tell(lambda: OutputStatus(state=State.STANDBY, trouble=life.trouble), now=True)
        if not life.wait_for_go():
            return
    turn.come_first()
    # The collector's long pauses are not for this process: what lives now lives to the end.
    gc.collect()
    gc.freeze()
    try:
        on_air.run()
    finally:
        on_air.close()


class Mouth:
    """Holds the device: opens it, tries again every 3 s, notices when it has gone.

    Without a device the program goes on all the same: frames are made and dropped.
    """

    def __init__(self, life: Life, job: OutputJob) -> None:
        self._life = life
        self._job = job
        self._sink: Sink | None = None
        self._again_ns = 0
        self._looked_ns = 0
        self.label = ""
        self.device = ""

    @property
    def live(self) -> bool:
        """Whether frames reach the device."""
        return self._sink is not None

    def open(self, now_ns: int) -> None:
        """Open the device if it is time to try."""
        if self._sink or now_ns < self._again_ns:
            return
        self._again_ns = now_ns + _AGAIN_NS
        sink = make_sink(self._job.output, self._job.size, self._job.fps, self._job.device)
        try:
            info = sink.open()
        except DeviceError as error:
            self._life.note(error)
            return
        self._life.recover()
        self._sink, self._looked_ns = sink, now_ns
        self.label, self.device = info.label, info.device

    def send(self, pixels: Pixels, now_ns: int) -> None:
        """Send a frame; a device that has gone is closed and looked for again."""
        if not self._sink:
            return
        try:
            self._sink.send(pixels)
            if now_ns - self._looked_ns > _ALIVE_NS:
                self._looked_ns = now_ns
                self._sink.check()
        except DeviceError as error:
            self._life.note(error)
            self.close()
            self._again_ns = now_ns + _AGAIN_NS

    def close(self) -> None:
        """Let the device go."""
        if self._sink:
            self._sink.close()
            self._sink = None


class _OnAir:
    def __init__(self, life: Life, job: OutputJob) -> None:
        self._life = life
        self._job = job
        self._dreams = {"a": FrameSlot.attach(job.dream_a), "b": FrameSlot.attach(job.dream_b)}
        self._source_slot = FrameSlot.attach(job.source)
        self._program = FrameSlot.attach(job.program)
        self._snapshots = SnapshotReader(job.snapshot)
        before = self._program.peek()
        # A standby goes on where the program stood.
        pose = before.pose if before else Pose()
        self._compositor = Compositor(job.size, fps=job.fps, pose=pose)
        self._mouth = Mouth(life, job)
        self._dream: dict[str, Frame | None] = {"a": None, "b": None}
        self._source: Frame | None = None
        self._rate = Rate()
        self._interval, self._compose = Timings(), Timings()
        self._send, self._age = Timings(), Timings()
        self._late = self._skipped = self._held = 0
        self._sent_ns = self._first_ns = self._first_dream_ns = 0
        self._shown = ""
        self._captured = 0

    def run(self) -> None:
        pacer = Pacer(self._job.fps, origin_ns=_grid_origin(self._job.fps))
        before = self._program.peek()
        if before:  # the pause since another worker's last frame counts
            self._sent_ns = before.rendered_ns
        while not self._life.stopping:
            self._life.beat()
            if self._job.unpaced:
                tick = Tick(deadline_ns=clock.now_ns(), index=self._rate.count, skipped=0)
            else:
                tick = pacer.next(clock.now_ns())
                clock.sleep_until(tick.deadline_ns)
            self._tick(tick)
            self._life.tell(self._status)

    def close(self) -> None:
        self._mouth.close()
        self._life.tell(self._status, now=True)

    def _tick(self, tick: Tick) -> None:
        began = clock.now_ns()
        self._mouth.open(began)
        program = self._compositor.compose(self._stage(began))
        composed = clock.now_ns()
        self._mouth.send(program.pixels, composed)
        sent = clock.now_ns()
        self._program.write(
            program.pixels,
            captured_ns=program.captured_ns,
            rendered_ns=tick.deadline_ns,
            pose=program.pose,
            snapshot=self._snapshots.read().version,
        )
        self._compose.add((composed - began) / clock.MILLISECOND_NS)
        self._send.add((sent - composed) / clock.MILLISECOND_NS)
        self._count(tick, program, sent)

    def _stage(self, now_ns: int) -> Stage:
        snapshot = self._snapshots.read()
        engine = snapshot.switch.engine
        held = self._dream[engine]
        self._dream[engine] = self._dreams[engine].read(held.sequence if held else 0) or held
        if self._needs_source(snapshot, now_ns):
            held = self._source
            self._source = self._source_slot.read(held.sequence if held else 0) or held
        return Stage(
            now_ns=now_ns,
            snapshot=snapshot,
            dream=self._dream[engine],
            source=self._source,
            engine=engine,
        )

    def _needs_source(self, snapshot: Snapshot, now_ns: int) -> bool:
        """Whether the source may show: copying it on every tick would cost half a millisecond."""
        return (
            snapshot.text("program.cut") == "source"
            or snapshot.number("program.mix", now_ns) < 1
            or self._dream[snapshot.switch.engine] is None
        )

    def _count(self, tick: Tick, program: Program, sent_ns: int) -> None:
        if self._sent_ns:
            self._interval.add((sent_ns - self._sent_ns) / clock.MILLISECOND_NS)
        self._sent_ns = sent_ns
        self._first_ns = self._first_ns or sent_ns
        self._rate.add(sent_ns)
        self._skipped += tick.skipped
        period_ns = clock.SECOND_NS / self._job.fps
        self._late += sent_ns - tick.deadline_ns > period_ns / 2 and not self._job.unpaced
        self._held += program.held
        self._shown = program.shown
        if program.shown == "dream" and not self._first_dream_ns:
            self._first_dream_ns = sent_ns
        if program.captured_ns and program.captured_ns != self._captured:
            self._captured = program.captured_ns
            self._age.add((sent_ns - program.captured_ns) / clock.MILLISECOND_NS)

    def _status(self) -> OutputStatus:
        return OutputStatus(
            state=State.LIVE if self._mouth.live else State.WAITING,
            label=self._mouth.label,
            trouble=self._life.trouble,
            frames=self._rate.count,
            fps=round(self._rate.recently(clock.now_ns()), 2),
            fps_overall=round(self._rate.overall(), 3),
            interval_ms=self._interval.overall(),
            interval_recent_ms=self._interval.recently(),
            compose_ms=self._compose.overall(),
            send_ms=self._send.overall(),
            age_ms=self._age.overall(),
            age_recent_ms=self._age.recently(),
            late=self._late,
            skipped=self._skipped,
            held=self._held,
            first_frame_ns=self._first_ns,
            last_frame_ns=self._sent_ns if self._first_ns else 0,
            first_dream_ns=self._first_dream_ns,
            shown=self._shown,
            device=self._mouth.device,
        )


def _grid_origin(fps: float) -> int:
    """Return the last tick of the clock's own grid.

    Ticks on the clock's grid: a standby goes on with the very same ones, and paced sources lie
    half a tick off them.
    """
    rate = Fraction(fps).limit_denominator(1001)
    return int(int(clock.now_ns() * rate / clock.SECOND_NS) * clock.SECOND_NS / rate)
