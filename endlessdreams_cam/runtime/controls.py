"""Everything that hands play with: the rack of controllers, and OSC."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from endlessdreams_cam import clock
from endlessdreams_cam.controllers.catalogue import make_system
from endlessdreams_cam.controllers.first_use import FirstUse
from endlessdreams_cam.controllers.profiles import load_profiles
from endlessdreams_cam.controllers.rack import Rack
from endlessdreams_cam.parameters import Store
from endlessdreams_cam.runtime.desk import Desk
from endlessdreams_cam.runtime.hands import ORIGIN, Hands
from endlessdreams_cam.runtime.options import ShowOptions
from endlessdreams_cam.runtime.osc_desk import OscDesk
from endlessdreams_cam.runtime.overview import ControlRow, ControlsRow
from endlessdreams_cam.settings import profile_folder

Tell = Callable[[str, str], None]


class Controls:
    """Opens what the options ask for; act(do, words) does an OSC action, tell gets troubles."""

    def __init__(
        self,
        options: ShowOptions,
        desk: Desk,
        store: Store,
        act: Callable[[str, str], Any],
        tell: Tell,
    ) -> None:
        self._options = options
        self._desk = desk
        self._store = store
        self._act = act
        self._tell = tell
        self._first_uses = FirstUses(profile_folder() / "first-use.json")
        self._rack: Rack | None = None
        self._osc: OscDesk | None = None
        self._closing: list[Callable[[], object]] = []
        self.hands: Hands | None = None
        """The hands, None without MIDI."""

    def open(self) -> None:
        """Open both; raises DeviceError when the OSC port is taken."""
        if self._options.osc:
            self._osc = OscDesk(*self._options.osc, self._desk, self._store, self._act)
            self._osc.open()
            self._closing.append(self._osc.close)
        if self._options.midi != "off":
            self._open_midi()

    def close(self) -> None:
        """Close both; may be called twice."""
        while self._closing:
            self._closing.pop()()

    def row(self) -> ControlsRow:
        """Return how they go, for the status."""
        rack, hands, osc = self._rack, self.hands, self._osc
        waiting = hands.waiting if hands else ()
        rows = [
            ControlRow(
                row.name, row.profile.title, row.connected, row.messages, row.errors, row.trouble,
                tuple(f"{w.control} → {w.name}" for w in waiting if w.device == row.name),
            )
            for row in (rack.devices() if rack else ())
        ]  # fmt: skip
        ports = rack.ports if rack else None
        return ControlsRow(
            rows=tuple(rows),
            problem=f"{ports.problem}. {ports.remedy}" if ports and ports.problem else "",
            osc=str(osc.port.place) if osc else "",
            osc_received=osc.port.received if osc else 0,
            osc_ignored=osc.port.ignored if osc else 0,
        )

    def _open_midi(self) -> None:
        profiles = load_profiles(profile_folder(), tell=lambda text: self._tell(ORIGIN, text))
        wakes: list[Callable[[], None]] = []
        rack = Rack(
            profiles,
            wake=lambda: wakes[0](),
            clock=clock.now_ns,
            system=make_system(self._options.midi),
            names=self._first_uses.of,
        )
        hands = Hands(self._desk, self._store, rack, self._tell)
        wakes.append(hands.wake)
        hands.open()
        self._closing.append(hands.close)
        rack.open()
        # The hands end first: they put the lights out.
        self._closing[-1:-1] = [self._first_uses.save, rack.close]
        self._rack, self.hands = rack, hands


class FirstUses:
    """Remembers from show to show how controls without a profile are called, by device."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._devices: dict[str, FirstUse] = {}
        self._saved = self._read()

    def of(self, device: str) -> FirstUse:
        """Return a device's names, to be added to."""
        return self._devices.setdefault(device, FirstUse(self._saved.get(device, ())))

    def save(self) -> None:
        """Write down what is new."""
        rows = {**self._saved, **{d: first.addresses for d, first in self._devices.items()}}
        rows = {device: found for device, found in rows.items() if found}
        if rows == self._saved:
            return
        with contextlib.suppress(OSError):  # then they are learned anew next time
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")

    def _read(self) -> dict[str, tuple[str, ...]]:
        try:
            rows = json.loads(self._path.read_text(encoding="utf-8"))
            return {str(device): tuple(map(str, found)) for device, found in rows.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            return {}  # never saved, or not by us
