"""Snapshots on their way from the store to the workers."""

from __future__ import annotations

import threading

from endlessdreams_cam import clock, turn
from endlessdreams_cam.parameters import Change, Snapshot, Store
from endlessdreams_cam.slots import TextSlot

_SPACING_NS = 2 * clock.MILLISECOND_NS


class Publisher:
    """Writes the newest snapshot to a slot, 500 times a second at most.

    Whoever changes a parameter writes it there and then; what comes sooner after the last one
    than 2 ms, or while another writes, is written by a thread of its own.
    """

    def __init__(self, store: Store, slot: TextSlot) -> None:
        self._store = store
        self._slot = slot
        self._writing = threading.Lock()
        self._free_ns = 0
        self._late = threading.Event()
        self._ending = False
        self._slot.write(store.snapshot.encode())
        store.listen(self._on_change)
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop writing."""
        with self._writing:
            self._ending = True
        self._late.set()
        self._thread.join(1.0)

    def _on_change(self, _change: Change) -> None:
        if clock.now_ns() < self._free_ns or not self._writing.acquire(blocking=False):
            self._late.set()
            return
        try:
            self._write()
        finally:
            self._writing.release()

    def _run(self) -> None:
        turn.come_first(in_short=True)
        while True:
            self._late.wait()
            clock.sleep_until(self._free_ns)
            self._late.clear()
            with self._writing:
                if self._ending:
                    return
                self._write()

    def _write(self) -> None:
        if not self._ending:
            self._slot.write(self._store.snapshot.encode())
            self._free_ns = clock.now_ns() + _SPACING_NS


class SnapshotReader:
    """A worker's view of the newest snapshot; decoding happens only when there is a new one."""

    def __init__(self, name: str) -> None:
        self._slot = TextSlot.attach(name)
        self._sequence = 0
        self._snapshot: Snapshot | None = None

    def read(self) -> Snapshot:
        """Return the newest snapshot."""
        sequence = self._slot.sequence
        if sequence != self._sequence or self._snapshot is None:
            data = self._slot.read()
            if data is not None:
                self._snapshot, self._sequence = Snapshot.decode(data), sequence
        return self._snapshot or Store(clock.now_ns).snapshot
