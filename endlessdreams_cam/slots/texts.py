"""The newest bytes (snapshots, statuses), in shared memory: two buffers, published last."""

from __future__ import annotations

import zlib
from multiprocessing.shared_memory import SharedMemory

import numpy as np

from endlessdreams_cam.slots import memory

LARGEST = 64 * 1024
_HEAD = 32


class TextSlot:
    """Holds the newest bytes, up to 64 KB, for any number of readers."""

    def __init__(self, shared: SharedMemory, *, owner: bool) -> None:
        self._shared = shared
        self._bytes = memory.view(shared)
        self._owner = owner
        self._head = np.frombuffer(self._bytes, np.uint64, 4)
        self._closed = False

    @classmethod
    def make(cls, kind: str) -> TextSlot:
        """Return a new slot; raises NoRoom."""
        return cls(memory.make(kind, _HEAD + 2 * (16 + LARGEST)), owner=True)

    @classmethod
    def attach(cls, name: str) -> TextSlot:
        """Return the slot of that name; raises FileNotFoundError when main has gone."""
        return cls(memory.attach(name), owner=False)

    @property
    def name(self) -> str:
        """What `attach` takes."""
        return self._shared.name

    @property
    def sequence(self) -> int:
        """How many times something was written."""
        return int(self._head[0])

    def write(self, data: bytes) -> int:
        """Publish bytes and return their sequence; raises ValueError above 64 KB."""
        if len(data) > LARGEST:
            raise ValueError(f"{len(data)} bytes do not fit a slot of {LARGEST}")
        sequence = self.sequence + 1
        at = self._at(sequence)
        buffer = self._bytes
        buffer[at : at + 8] = len(data).to_bytes(8, "little")
        buffer[at + 8 : at + 16] = zlib.crc32(data).to_bytes(8, "little")
        buffer[at + 16 : at + 16 + len(data)] = data
        self._head[0] = sequence
        return sequence

    def read(self) -> bytes | None:
        """Return the newest bytes, None before the first or while they are being replaced."""
        for _ in range(3):
            sequence = self.sequence
            if not sequence:
                return None
            at = self._at(sequence)
            buffer = self._bytes
            length = int.from_bytes(buffer[at : at + 8], "little")
            if length <= LARGEST:
                data = bytes(buffer[at + 16 : at + 16 + length])
                if zlib.crc32(data) == int.from_bytes(buffer[at + 8 : at + 16], "little"):
                    return data
        return None

    def close(self) -> None:
        """Let the memory go; the owner also ends it for everybody."""
        if self._closed:
            return
        self._closed = True
        del self._head, self._bytes
        memory.free(self._shared, unlink=self._owner)

    @staticmethod
    def _at(sequence: int) -> int:
        return _HEAD + (sequence % 2) * (16 + LARGEST)
