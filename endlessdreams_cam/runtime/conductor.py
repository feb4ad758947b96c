"""The conductor: a thread that brings in on the beat what waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from endlessdreams_cam.errors import SettingError
from endlessdreams_cam.parameters import Change, Store
from endlessdreams_cam.runtime.desk import Desk

_TEMPO = frozenset({"tempo.bpm", "tempo.tap", "tempo.resync"})


class Conductor:
    """Sleeps until the desk has something due and lets it do that; note takes what is refused."""

    def __init__(
        self, desk: Desk, store: Store, clock: Callable[[], int], note: Callable[[str], None]
    ) -> None:
        self._desk = desk
        self._clock = clock
        self._note = note
        self._wake = threading.Event()
        self._ending = False
        desk.on_wait(self._wake.set)
        store.listen(self._on_change)
        self._thread = threading.Thread(target=self._run, name="conductor", daemon=True)

    def open(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """Let what still waits wait for ever."""
        self._ending = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(1.0)

    def _on_change(self, change: Change) -> None:
        if change.names & _TEMPO:
            self._wake.set()

    def _run(self) -> None:
        while not self._ending:
            self._wake.wait(self._desk.wait_s(self._clock()))
            self._wake.clear()
            try:
                self._desk.tick(self._clock())
            except SettingError as error:
                self._note(str(error))
