"""The lights of all controllers, kept up with the show."""

from __future__ import annotations

from collections.abc import Iterable

from endlessdreams_cam.bindings import Binding, Event
from endlessdreams_cam.bindings.feedback import Facts
from endlessdreams_cam.bindings.mapper import Mapper, Waiting
from endlessdreams_cam.controllers.device import DeviceRow
from endlessdreams_cam.controllers.lights import PERIOD_NS, Lights, Lit, message
from endlessdreams_cam.controllers.rack import Rack
from endlessdreams_cam.parameters import Snapshot
from endlessdreams_cam.runtime.desk import Desk


class Lamps:
    """Tells the controllers' lights what to show, thirty times a second while something changes.

    A device that came back is told everything anew.
    """

    def __init__(self, desk: Desk, rack: Rack) -> None:
        self._desk = desk
        self._rack = rack
        self._bound: tuple[Binding, ...] = ()
        self._lights: dict[str, Lights] = {}
        self._generations: dict[str, int] = {}
        self._version = -1
        self.due_ns: int | None = None
        """When `step` has something to do though nothing happens; None: when something does."""

    def look(self, rows: Iterable[DeviceRow]) -> None:
        """Take notice of controllers that came, went and came back."""
        for row in rows:
            if row.name not in self._lights:
                self._lights[row.name] = Lights(row.profile, row.name)
                self._lights[row.name].use(self._bound)
            if self._generations.get(row.name) != row.generation:
                self._generations[row.name] = row.generation
                self._lights[row.name].refresh()
                self._version = -1

    def use(self, bound: tuple[Binding, ...]) -> None:
        """Show these bindings over the layouts."""
        self._bound, self._version = bound, -1

    def heard(self, event: Event) -> None:
        """Leave what a hand touches alone."""
        if event.device in self._lights:
            self._lights[event.device].heard(event)
            self._version = -1

    def step(self, now_ns: int, waiting: Iterable[Waiting], mapper: Mapper) -> None:
        """Send what is due."""
        snapshot = self._desk.snapshot
        if snapshot.version != self._version:
            self._version = snapshot.version
            self.due_ns = now_ns
        if not self._lights or self.due_ns is None or now_ns < self.due_ns:
            return
        facts = self._facts({(row.device, row.control) for row in waiting})
        settled = True
        for name, lights in self._lights.items():
            lights.use(self._bound, shift=mapper.shifted(name))
            self._send(name, lights.step(snapshot, now_ns, facts))
            settled &= lights.settled and not lights.restless
        self.due_ns = None if settled and not _moving(snapshot, now_ns) else now_ns + PERIOD_NS

    def dark(self) -> None:
        """Put every LED out."""
        for name, lights in self._lights.items():
            self._send(name, lights.dark())

    def _facts(self, waiting: set[tuple[str, str]]) -> Facts:
        desk = self._desk
        return Facts(
            latched=desk.latched,
            preset=desk.pad_of_preset(),
            pending=desk.pending_pad(),
            saved=desk.saved_pad(),
            saved_ns=desk.saved_ns,
            recording=desk.snapshot.toggle("program.record"),
            waiting=frozenset(waiting),
            locked=frozenset(desk.locks),
        )

    def _send(self, device: str, lit: Iterable[Lit]) -> None:
        messages = [message(one) for one in lit]
        if messages:
            self._rack.send(device, messages)


def _moving(snapshot: Snapshot, now_ns: int) -> bool:
    """Whether a number is on its way, or swings."""
    moves = (*snapshot.moves.values(), *snapshot.offsets.values())
    return snapshot.swinging or any(not move.done(now_ns) for move in moves)
