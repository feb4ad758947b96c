"""A worker that reads the program and hands it on: the window, the recorder."""

from __future__ import annotations

import contextlib
import os

import cv2

from endlessdreams_cam import clock
from endlessdreams_cam.errors import DeviceError, EndlessDreamsError, SinkClosed
from endlessdreams_cam.runtime.jobs import ViewerJob
from endlessdreams_cam.runtime.life import Life
from endlessdreams_cam.runtime.statuses import State, ViewerStatus
from endlessdreams_cam.sinks import Sink, make_sink
from endlessdreams_cam.slots import FrameSlot

_POLL_S = 0.004
_AGAIN_S = 3.0


def run(life: Life, job: ViewerJob) -> None:
    """Hand on every frame of the program until the end; a lost device is opened again."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(5)
    cv2.setNumThreads(1)
    _Viewer(life, job).run()


class _Viewer:
    def __init__(self, life: Life, job: ViewerJob) -> None:
        self._life = life
        self._job = job
        self._program = FrameSlot.attach(job.program)
        self._state = State.STARTING
        self._label = job.output
        self._file = ""
        self._count = 0

    def run(self) -> None:
        while not self._life.stopping:
            try:
                self._once()
            except DeviceError as error:
                self._rest(error, State.WAITING)
            except SinkClosed as error:
                self._rest(error, State.ENDED)

    def _once(self) -> None:
        self._life.beat()
        sink = make_sink(self._job.output, self._job.size, self._job.fps, None)
        try:
            info = sink.open()
            self._label, self._file, self._state = info.label, info.device, State.LIVE
            self._life.tell(self._status, now=True)
            self._hand_on(sink)
        finally:
            sink.close()

    def _hand_on(self, sink: Sink) -> None:
        newest = 0
        while not self._life.stopping:
            self._life.beat()
            frame = self._program.read(after=newest)
            if frame is None:
                self._life.pause(_POLL_S)
                continue
            newest = frame.sequence
            sink.send(frame.pixels)
            self._life.recover()
            self._count += 1
            self._life.tell(self._status)

    def _rest(self, error: EndlessDreamsError, state: State) -> None:
        """Wait for the next try, or, where a person has ended it, for the show's end."""
        self._life.note(error)
        self._state = state
        self._life.tell(self._status, now=True)
        until = clock.now_ns() + clock.to_ns(_AGAIN_S)
        while not self._life.stopping and (state is State.ENDED or clock.now_ns() < until):
            self._life.beat()
            self._life.pause(0.1)

    def _status(self) -> ViewerStatus:
        return ViewerStatus(
            state=self._state,
            label=self._label,
            trouble=self._life.trouble,
            frames=self._count,
            file=self._file,
        )
