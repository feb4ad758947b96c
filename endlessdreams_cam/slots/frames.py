"""The newest frame, in shared memory.

A ring of four buffers. The writer fills the oldest and publishes its sequence last; a reader
copies, then looks at the buffer's generation again: odd or changed means that the writer came
round, and it tries once more. A writer that was killed in the middle leaves an odd generation,
which the next writer takes over.
"""

from __future__ import annotations

import struct
from multiprocessing.shared_memory import SharedMemory

import numpy as np

from endlessdreams_cam.frame import Frame, Pixels, Pose, Size
from endlessdreams_cam.slots import memory

BUFFERS = 4
_TOP = 64
"""Bytes of the slot's own header: newest sequence, capacity of a buffer."""
_HEAD = 128
"""Bytes of a buffer's header."""
_FIELDS = struct.Struct("=QIIqqddddQ")
"""sequence, width, height, captured, rendered, pose, snapshot: behind the 8 byte generation."""


_REST = Pose()


class FrameSlot:
    """Holds the newest frame for any number of readers.

    `FrameSlot.make` in main, `FrameSlot.attach` in a worker. Frames larger than the capacity are
    refused with ValueError.
    """

    def __init__(self, shared: SharedMemory, *, owner: bool) -> None:
        self._shared = shared
        self._bytes = memory.view(shared)
        self._owner = owner
        self._top = np.frombuffer(self._bytes, np.uint64, 2)
        self._capacity = int(self._top[1])
        self._stride = _HEAD + self._capacity
        self._generations = [
            np.frombuffer(self._bytes, np.uint64, 1, _TOP + k * self._stride)
            for k in range(BUFFERS)
        ]
        self._closed = False

    @classmethod
    def make(cls, kind: str, largest: Size) -> FrameSlot:
        """Return a new slot for frames of up to `largest`; raises NoRoom."""
        capacity = -(-largest.width * largest.height * 3 // 64) * 64
        shared = memory.make(kind, _TOP + BUFFERS * (_HEAD + capacity))
        np.frombuffer(memory.view(shared), np.uint64, 2)[:] = (0, capacity)
        return cls(shared, owner=True)

    @classmethod
    def attach(cls, name: str) -> FrameSlot:
        """Return the slot of that name; raises FileNotFoundError when main has gone."""
        return cls(memory.attach(name), owner=False)

    @staticmethod
    def bytes_for(largest: Size) -> int:
        """Return how much shared memory a slot takes when every buffer is full."""
        return _TOP + BUFFERS * (_HEAD + largest.width * largest.height * 3 + 64)

    @property
    def name(self) -> str:
        """What `attach` takes."""
        return self._shared.name

    @property
    def sequence(self) -> int:
        """The newest frame's sequence; 0 before the first."""
        return int(self._top[0])

    def write(
        self,
        pixels: Pixels,
        *,
        captured_ns: int = 0,
        rendered_ns: int = 0,
        pose: Pose = _REST,
        snapshot: int = 0,
    ) -> int:
        """Publish a frame and return its sequence."""
        if pixels.nbytes > self._capacity:
            raise ValueError(
                f"a frame of {pixels.nbytes} bytes does not fit a slot of {self._capacity}"
            )
        sequence = self.sequence + 1
        k = sequence % BUFFERS
        start = _TOP + k * self._stride
        generation = self._generations[k]
        generation[0] = int(generation[0]) | 1  # odd: being written (a dead writer's stays odd)
        height, width = pixels.shape[:2]
        _FIELDS.pack_into(
            self._bytes, start + 8,
            sequence, width, height, captured_ns, rendered_ns, *pose, snapshot,
        )  # fmt: skip
        self._pixels(k, width, height)[:] = pixels
        generation[0] += 1
        self._top[0] = sequence
        return sequence

    def read(self, after: int = 0) -> Frame | None:
        """Return a copy of the newest frame, or None if its sequence is not above `after`."""
        for _ in range(2):
            sequence = self.sequence
            if sequence <= after:
                return None
            k = sequence % BUFFERS
            before = int(self._generations[k][0])
            frame = self._copy(k)
            if before % 2 == 0 and int(self._generations[k][0]) == before:
                return frame
        return None

    def peek(self) -> Frame | None:
        """Return the newest frame's header, with pixels of one black dot: no picture is copied."""
        sequence = self.sequence
        return self._header(sequence % BUFFERS, np.zeros((1, 1, 3), np.uint8)) if sequence else None

    def close(self) -> None:
        """Let the memory go; the owner also ends it for everybody."""
        if self._closed:
            return
        self._closed = True
        del self._top, self._generations, self._bytes
        memory.free(self._shared, unlink=self._owner)

    def _copy(self, k: int) -> Frame:
        _, width, height, *_ = _FIELDS.unpack_from(self._bytes, self._start(k))
        if width * height * 3 > self._capacity:
            width = height = 1  # a header caught half-written; the generation will tell
        return self._header(k, self._pixels(k, width, height).copy())

    def _header(self, k: int, pixels: Pixels) -> Frame:
        sequence, _, _, captured, rendered, zoom, x, y, rotate, snapshot = _FIELDS.unpack_from(
            self._bytes, self._start(k)
        )
        return Frame(pixels, sequence, captured, rendered, Pose(zoom, x, y, rotate), snapshot)

    def _start(self, k: int) -> int:
        return _TOP + k * self._stride + 8

    def _pixels(self, k: int, width: int, height: int) -> Pixels:
        at = _TOP + k * self._stride + _HEAD
        flat = np.frombuffer(self._bytes, np.uint8, width * height * 3, at)
        return flat.reshape(height, width, 3)
