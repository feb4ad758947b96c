"""Snapshots on their way from the store to the workers."""

from __future__ import annotations

import threading

from endlessdreams_cam import clock
from endlessdreams_cam.parameters import Change, Snapshot, Store
from endlessdreams_cam.slots import TextSlot

_SPACING_S = 0.002


class Publisher:
    """Writes the newest snapshot to a slot, on its own thread, 500 times a second at most."""

    def __init__(self, store: Store, slot: TextSlot) -> None:
        self._store = store
        self._slot = slot
        self._changed = threading.Event()
        self._ending = False
        self._slot.write(store.snapshot.encode())
        store.listen(self._on_change)
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop writing."""
        self._ending = True
        self._changed.set()
        self._thread.join(1.0)

    def _on_change(self, _change: Change) -> None:
        self._changed.set()

    def _run(self) -> None:
        pause = threading.Event()
        while True:
            self._changed.wait()
            if self._ending:
                return
            self._changed.clear()
            self._slot.write(self._store.snapshot.encode())
            pause.wait(_SPACING_S)


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
