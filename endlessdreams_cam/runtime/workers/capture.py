"""The capture worker: a live input into its slot, opened again and again until it is there."""

from __future__ import annotations

import cv2
import numpy as np

from endlessdreams_cam import clock
from endlessdreams_cam.errors import DeviceError, DeviceLost, SourceEnded
from endlessdreams_cam.frame import Pixels, Size
from endlessdreams_cam.parameters import Snapshot
from endlessdreams_cam.runtime.figures import Rate
from endlessdreams_cam.runtime.jobs import CaptureJob
from endlessdreams_cam.runtime.life import Life
from endlessdreams_cam.runtime.snapshots import SnapshotReader
from endlessdreams_cam.runtime.statuses import CaptureStatus, State
from endlessdreams_cam.slots import FrameSlot
from endlessdreams_cam.sources import Grab, Source, make_source, public

LARGEST = Size(1920, 1080)
"""What larger input is shrunk to."""

_AGAIN_S = 3.0
_OPEN_WITHIN_S = 20.0
_FROZEN_NS = 2 * clock.SECOND_NS
_REOPEN_NS = 8 * clock.SECOND_NS


def run(life: Life, job: CaptureJob) -> None:
    """Capture until the end."""
    cv2.setNumThreads(1)
    _Capture(life, job).run()


class _Capture:
    def __init__(self, life: Life, job: CaptureJob) -> None:
        self._life = life
        self._job = job
        self._frames = FrameSlot.attach(job.frames)
        self._snapshots = SnapshotReader(job.snapshot)
        self._state = State.STARTING
        self._label = public(job.words)
        self._kind = job.words.partition(":")[0]
        self._size = ""
        self._rate = Rate()
        self._opened = 0
        self._stillness = _Stillness()

    def run(self) -> None:
        while not self._life.stopping:
            try:
                self._once()
            except SourceEnded:
                self._state = State.ENDED
            except DeviceError as error:
                self._life.note(error)
                self._state = State.WAITING
            self._wait()

    def _once(self) -> None:
        """Open the source and read it until something ends it."""
        self._life.beat(_OPEN_WITHIN_S)
        source = make_source(self._job.words, max_size=LARGEST, fps=self._job.fps)
        self._tell(now=True)
        try:
            info = source.open()
            self._label, self._kind = info.label, info.kind
            self._opened += 1
            self._stillness = _Stillness()
            while not self._life.stopping:
                self._life.beat()
                self._read(source)
                self._tell()
        finally:
            source.close()

    def _read(self, source: Source) -> None:
        grab = source.read()
        if grab is None:
            return
        self._state = State.LIVE
        self._life.recover()
        self._rate.add(grab.captured_ns)
        self._watch_for_stillness(grab)
        pixels = grab.pixels
        if self._job.role == "source":
            pixels = place(pixels, self._snapshots.read(), clock.now_ns())
        height, width = pixels.shape[:2]
        self._size = f"{width}x{height}"
        self._frames.write(pixels, captured_ns=grab.captured_ns, rendered_ns=clock.now_ns())

    def _watch_for_stillness(self, grab: Grab) -> None:
        if self._kind not in ("camera", "fault"):
            return
        still_ns = self._stillness.look(grab)
        if still_ns > _REOPEN_NS:
            raise DeviceLost(
                f"{self._label} sends the same picture over and over.",
                remedy="It is opened again; if that does not help, unplug it and plug it in.",
            )
        if still_ns > _FROZEN_NS and not self._stillness.told:
            self._stillness.told = True
            self._life.note(DeviceLost(f"{self._label} seems frozen: its picture stands still."))

    def _wait(self) -> None:
        self._tell(now=True)
        waited_s = 0.0
        while not self._life.stopping and (waited_s < _AGAIN_S or self._state is State.ENDED):
            self._life.beat()
            self._life.pause(0.1)
            waited_s += 0.1

    def _tell(self, *, now: bool = False) -> None:
        self._life.tell(self._status, now=now)

    def _status(self) -> CaptureStatus:
        return CaptureStatus(
            state=self._state,
            label=self._label,
            trouble=self._life.trouble,
            kind=self._kind,
            size=self._size,
            frames=self._rate.count,
            fps=round(self._rate.recently(clock.now_ns()), 1),
            reopened=max(self._opened - 1, 0),
        )


class _Stillness:
    """Notices a picture that does not change at all: a real sensor always has some noise."""

    def __init__(self) -> None:
        self._sample = b""
        self._since_ns = 0
        self.told = False

    def look(self, grab: Grab) -> int:
        """Return for how long the picture has been the very same, in nanoseconds."""
        sample = grab.pixels[::29, ::31].tobytes()
        if sample != self._sample:
            self._sample, self._since_ns, self.told = sample, grab.captured_ns, False
        return grab.captured_ns - self._since_ns


def place(pixels: Pixels, snapshot: Snapshot, now_ns: int) -> Pixels:
    """Return the live input as source.mirror, source.zoom and source.pan_* frame it."""
    zoom = snapshot.number("source.zoom", now_ns)
    if zoom > 1.001:
        height, width = pixels.shape[:2]
        crop_w, crop_h = width / zoom, height / zoom
        left = (width - crop_w) * (1 + snapshot.number("source.pan_x", now_ns)) / 2
        top = (height - crop_h) * (1 + snapshot.number("source.pan_y", now_ns)) / 2
        matrix = np.array([[1 / zoom, 0, left], [0, 1 / zoom, top]], np.float32)
        pixels = cv2.warpAffine(
            pixels, matrix, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        )
    if snapshot.toggle("source.mirror"):
        pixels = cv2.flip(pixels, 1)
    return pixels
