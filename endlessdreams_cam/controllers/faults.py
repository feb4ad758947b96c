"""A MIDI system that misbehaves, to see what the show does: `fault[:KIND]`, and for tests.

missing (no MIDI at all); busy (the controller cannot be opened); mute (its output takes nothing);
flicker (it comes and goes); renumber (it comes back under another number each time). Without a
kind nothing is plugged in until a test plugs it.
"""

from __future__ import annotations

from collections.abc import Sequence

from endlessdreams_cam.controllers.system import Hear, Input, Output, Port, System
from endlessdreams_cam.errors import DeviceBusy, DeviceLost, DeviceMissing, SettingError

KINDS = ("missing", "busy", "mute", "flicker", "renumber")
_NAME = "nanoKONTROL2:nanoKONTROL2 MIDI 1"
_PERIOD = 4  # looks at the ports after which it comes or goes


class FaultSystem(System):
    """Ports in memory: plugged by a kind's script or by hand, played and overheard by tests."""

    def __init__(self, kind: str = "") -> None:
        if kind and kind not in KINDS:
            raise SettingError(
                f"There is no fault called {kind!r}.", remedy=f"Allowed: {', '.join(KINDS)}."
            )
        self._kind = kind
        self._ports: dict[str, Port] = {}
        self._count = self._looks = 0
        self._heard: dict[str, Hear] = {}
        self.missing = kind == "missing"
        self.busy: set[str] = set()
        self.mute: set[str] = set()
        self.sent: list[tuple[str, tuple[int, ...]]] = []
        self.opened = 0
        self.open_now: list[str] = []
        if kind and kind != "missing":
            self.plug(f"{_NAME} 24:0")

    def plug(self, name: str) -> None:
        """Plug a controller in: an input and an output of that name."""
        self._count += 1
        self._ports[name] = Port(name, self._count)

    def unplug(self, name: str) -> None:
        """Pull it out; what is open stays open, and dead, as on the real systems."""
        self._ports.pop(name, None)
        self._heard.pop(name, None)

    def play(self, name: str, *data: int) -> None:
        """Let a controller send a message."""
        if name in self._heard:
            self._heard[name](list(data))

    def open(self) -> None:
        """Raise if it is missing."""
        if self.missing:
            raise DeviceMissing("no MIDI system (fault)", remedy="There is none to be had.")

    def inputs(self) -> tuple[Port, ...]:
        """Return the ports; the script goes on with every look."""
        if self.missing:
            raise DeviceLost("the MIDI system has gone (fault)", remedy="There is none to be had.")
        self._looks += 1
        if self._kind in ("flicker", "renumber") and self._looks % _PERIOD == 0:
            self._turn()
        return tuple(self._ports.values())

    def outputs(self) -> tuple[Port, ...]:
        """Return the ports."""
        return tuple(self._ports.values())

    def open_input(self, port: Port, hear: Hear) -> Input:
        """Open one, unless it is busy."""
        self._check(port)
        self._heard[port.name] = hear
        return _Link(self, port)

    def open_output(self, port: Port) -> Output:
        """Open one, unless it is busy."""
        self._check(port)
        return _Link(self, port)

    def close(self) -> None:
        """Nothing is held."""

    def _check(self, port: Port) -> None:
        self.opened += 1
        if self._kind == "busy" or port.name in self.busy:
            raise DeviceBusy(f"{port.name} cannot be opened (fault).", remedy="End that program.")
        if port.name not in self._ports:
            raise DeviceMissing(f"{port.name} has gone.", remedy="Plug it in.")

    def _turn(self) -> None:
        here = self._looks // _PERIOD % 2 == 0
        number = 24 + 4 * (self._looks // _PERIOD) if self._kind == "renumber" else 24
        for name in [*self._ports]:
            self.unplug(name)
        if here:
            self.plug(f"{_NAME} {number}:0")

    def take(self, port: Port, message: Sequence[int]) -> None:
        """Take what was sent, unless it is mute."""
        if self._kind == "mute" or port.name in self.mute:
            raise DeviceLost("the controller takes no messages (fault)")
        self.sent.append((port.name, tuple(message)))


class _Link:
    """An open port of either direction."""

    def __init__(self, system: FaultSystem, port: Port) -> None:
        self._system = system
        self._port = port
        system.open_now.append(port.name)

    def send(self, message: Sequence[int]) -> None:
        self._system.take(self._port, message)

    def close(self) -> None:
        self._system.open_now.remove(self._port.name)
