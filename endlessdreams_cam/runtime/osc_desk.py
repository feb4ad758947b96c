"""OSC on the desk: what surfaces ask for, and what they are told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from endlessdreams_cam import clock
from endlessdreams_cam.controllers.osc import Address, Asked, OscPort
from endlessdreams_cam.errors import SettingError
from endlessdreams_cam.parameters import Change, Store
from endlessdreams_cam.parameters.spec import Scalar
from endlessdreams_cam.runtime.desk import Desk

_PERIOD_S = 1 / 30
_FILES = frozenset({"source.input", "layer.input", "slate.image", "engine.model"})
"""What opens files and cameras: nobody from the network may choose them."""
_FRESH_S = 0.5  # how often new subscribers are looked for while nothing changes


class OscDesk:
    """Plays packets on the desk and mirrors changed values thirty times a second.

    `act(do, words)` does an action; what is refused is counted by the port.
    """

    def __init__(
        self,
        host: str,
        port: int,
        desk: Desk,
        store: Store,
        act: Callable[[str, str], Any],
    ) -> None:
        self._desk = desk
        self._store = store
        self._act = act
        self._port = OscPort(host, port, self._receive, lambda: clock.seconds(clock.now_ns()))
        self._lock = threading.Lock()
        self._news: dict[str, str] = {}  # changed names, and who changed them
        self._told: set[Address] = set()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> OscPort:
        """The port, for its counts."""
        return self._port

    def open(self) -> None:
        """Listen; raises DeviceError."""
        self._port.open()
        self._store.listen(self._on_change)
        self._thread = threading.Thread(target=self._run, name="osc mirror", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop; may be called twice."""
        self._stop.set()
        self._wake.set()
        self._port.close()
        if self._thread:
            self._thread.join(1.0)
            self._thread = None

    def _receive(self, asked: Asked) -> None:
        origin, values = _origin(asked.sender), asked.values
        if not asked.sender.host.startswith("127."):
            self._port.ignored += len(_FILES & values.keys())
            values = {name: value for name, value in values.items() if name not in _FILES}
        self._set(values, origin)
        for do, words in asked.actions:
            try:
                self._act(do, words)
            except SettingError:
                self._port.ignored += 1
        self._wake.set()

    def _set(self, values: Mapping[str, object], origin: str) -> None:
        """Set what a packet holds in one snapshot; a refused value does not stop the others."""
        if not values:
            return
        try:
            self._desk.set(values, origin=origin)
        except SettingError:
            if len(values) == 1:
                self._port.ignored += 1
                return
            for name, value in values.items():
                self._set({name: value}, origin)

    def _on_change(self, change: Change) -> None:
        if change.names:
            with self._lock:
                self._news.update(dict.fromkeys(change.names, change.origin))
            self._wake.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.wait(_FRESH_S)
            self._wake.clear()
            self._mirror()
            self._stop.wait(_PERIOD_S)

    def _mirror(self) -> None:
        """Tell new subscribers everything, and all of them what has changed."""
        with self._lock:
            news, self._news = self._news, {}
        subscribers = self._port.subscribers()
        there = set(subscribers)
        values = self._store.snapshot.values
        new, self._told = there - self._told, there
        if new:
            self._port.mirror(values, to=new)
        by_origin: dict[str, dict[str, Scalar]] = {}
        for name, origin in news.items():
            by_origin.setdefault(origin, {})[name] = values[name]
        for origin, changed in by_origin.items():
            others = {a for a in there - new if _origin(subscribers[a]) != origin}
            self._port.mirror(changed, to=others)


def _origin(address: Address) -> str:
    return f"osc {address}"
