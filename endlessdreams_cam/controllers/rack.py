"""The rack: every controller that is plugged in, or was."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from endlessdreams_cam.bindings import Binding, Event
from endlessdreams_cam.clock import SECOND_NS
from endlessdreams_cam.controllers.device import Device, DeviceRow, Post
from endlessdreams_cam.controllers.first_use import FirstUse
from endlessdreams_cam.controllers.inbox import Inbox
from endlessdreams_cam.controllers.midi_clock import Heard
from endlessdreams_cam.controllers.names import device_name, is_device, partner, stem, unique
from endlessdreams_cam.controllers.ports import MidiSystem
from endlessdreams_cam.controllers.profile import Profile
from endlessdreams_cam.controllers.profiles import GENERIC, choose
from endlessdreams_cam.controllers.system import Port, System
from endlessdreams_cam.errors import DeviceError
from endlessdreams_cam.opening import Opens

SCAN_S = 0.5
"""How often the ports are looked at."""

_RETRY_NS = 3 * SECOND_NS  # a port that could not be opened
_SYSTEM_RETRY_NS = 10 * SECOND_NS  # a machine without MIDI
_PATIENCE_S = 1.0  # the show ends within two seconds, whatever a driver does

_log = logging.getLogger(__name__)


class Rack(Opens):
    """Opens every controller, again and again, and gathers what the hands do.

    wake is called from any thread, and must return at once, when there is something to drain or
    to hear, or a device came, went or changed; what arrives until the next drain wakes no more.
    One thread drains, hears and sends. A controller that no profile knows is the generic one.

        with Rack(profiles, wake=event.set, clock=clock.now_ns) as rack:
            while event.wait():
                event.clear()
                for event in rack.drain(): ...
    """

    def __init__(
        self,
        profiles: Sequence[Profile],
        wake: Callable[[], None],
        clock: Callable[[], int],
        system: System | None = None,
        names: Callable[[str], FirstUse] = lambda _device: FirstUse(),
        scan_s: float = SCAN_S,
    ) -> None:
        self._profiles = (*profiles, Profile(name=GENERIC, title="Any controller"))
        self._wake = wake
        self._clock = clock
        self._system = system
        self._names = names
        self._scan_s = scan_s
        self._post = Post(Inbox(), self._follow, wake, clock)
        self._devices: tuple[Device, ...] = ()
        self._bindings: tuple[Binding, ...] = ()
        self._ports = MidiSystem()
        self._reached = False
        self._retry_ns: int | None = None
        self._leader: Device | None = None
        self._heard: Heard | None = None
        self._following = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()

    def open(self) -> None:
        """Begin to look for controllers; those that are there come within moments."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, name="midi", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Close every port; may be called twice."""
        self._stop.set()
        thread, self._thread = self._thread, None
        if thread is None:
            self._shut()
            return
        thread.join(_PATIENCE_S)
        if thread.is_alive():
            _log.warning("A MIDI port does not close; it is left.")

    def drain(self) -> list[Event]:
        """Return what the hands did since the last call, in order."""
        return self._post.inbox.drain()

    def heard(self) -> Heard | None:
        """Return the clock's news since the last call.

        Of several clocks one is followed until it has not ticked for a second.
        """
        with self._following:
            heard, self._heard = self._heard, None
        return heard

    def place(self, beat: int, at_ns: int) -> None:
        """Tell the clock that is followed where its beat is: number `beat` fell at `at_ns`."""
        with self._following:
            if self._leader is not None:
                self._leader.follower.place(beat, at_ns)

    def devices(self) -> tuple[DeviceRow, ...]:
        """Return a row for every controller that is or was there, in order of appearance."""
        return tuple(device.row for device in self._devices)

    @property
    def lost(self) -> int:
        """How many presses had no room because nobody drained."""
        return self._post.inbox.lost

    @property
    def ports(self) -> MidiSystem:
        """The ports as last seen, or the problem and its remedy."""
        return self._ports

    def require(self, bindings: Iterable[Binding]) -> None:
        """Decode as these bindings ask, beside what the profiles do, from the next message on."""
        self._bindings = tuple(bindings)
        for device in self._devices:
            device.demand(self._bindings)

    def send(self, device: str, messages: Iterable[Sequence[int]]) -> None:
        """Send a device messages of bytes; where it is not plugged in they are dropped."""
        for one in self._devices:
            if one.name == device:
                one.send(messages)

    def scan(self) -> None:
        """Look at the ports once: close what went, open what came. The thread calls it."""
        before = self._outline()
        if self._reach():
            self._look()
        if self._outline() != before:
            self._wake()

    # The scanning thread

    def _run(self) -> None:
        said = ""
        try:
            while not self._stop.is_set():
                try:
                    self.scan()
                except Exception as error:
                    if repr(error) != said:
                        said = repr(error)
                        _log.exception("The search for controllers failed; it goes on.")
                self._stop.wait(self._scan_s)
        finally:
            self._shut()

    def _outline(self) -> object:
        rows = [(d.port, d.output, d.row.generation, d.row.trouble) for d in self._devices]
        return rows, self._ports

    def _reach(self) -> bool:
        """Reach the MIDI system; return whether it is there."""
        if self._reached:
            return True
        now = self._clock()
        if self._retry_ns is not None and now < self._retry_ns:
            return False
        try:
            self._own_system().open()
        except DeviceError as error:
            self._lose(error)
            return False
        self._reached = True
        return True

    def _own_system(self) -> System:
        if self._system is None:
            from endlessdreams_cam.controllers.realtime import RealTime

            self._system = RealTime()
        return self._system

    def _lose(self, error: DeviceError) -> None:
        self._shut()
        self._ports = MidiSystem(problem=error.cause, remedy=error.remedy)
        self._retry_ns = self._clock() + _SYSTEM_RETRY_NS

    def _shut(self) -> None:
        for device in self._devices:
            device.unplug()
        if self._reached:
            self._reached = False
            self._own_system().close()

    def _look(self) -> None:
        system = self._own_system()
        try:
            inputs = [port for port in system.inputs() if is_device(port.name)]
            outputs = [port for port in system.outputs() if is_device(port.name)]
        except DeviceError as error:
            self._lose(error)
            return
        self._ports = MidiSystem(
            tuple(port.name for port in inputs), outputs=tuple(port.name for port in outputs)
        )
        self._let_go(inputs, outputs)
        for port in inputs:
            if all(port != device.port for device in self._devices):
                device = self._device(port, {other.name for other in inputs})
                output = self._partner(port, device, outputs)
                self._try(device, partial(device.plug, system, port, output))
        for device in self._devices:
            if device.port and not device.output:
                output = self._partner(device.port, device, outputs)
                if output is not None:
                    self._try(device, partial(device.plug_output, system, output))

    def _let_go(self, inputs: Sequence[Port], outputs: Sequence[Port]) -> None:
        """Close what has gone: a port that comes back is another one."""
        for device in self._devices:
            if device.port and device.port not in inputs:
                device.unplug()
                device.retry_ns = 0
            elif device.output and device.output not in outputs:
                device.unplug_output()
            elif device.broken:
                device.unplug_output()
                device.retry_ns = self._clock() + _RETRY_NS

    def _partner(self, port: Port, device: Device, outputs: Sequence[Port]) -> Port | None:
        taken = {other.output for other in self._devices}
        free = {output.name: output for output in outputs if output not in taken}
        name = partner(port.name, list(free), device.profile)
        return None if name is None else free[name]

    def _try(self, device: Device, plug: Callable[[], None]) -> None:
        """Open ports, if it is time to; what could not be opened is tried again in 3 s."""
        if self._clock() < device.retry_ns:
            return
        device.retry_ns = self._clock() + _RETRY_NS
        with contextlib.suppress(DeviceError):
            plug()
        if not device.trouble:
            device.retry_ns = 0

    def _device(self, port: Port, present: set[str]) -> Device:
        """Return the device that a port belongs to: one of its stem whose port has gone."""
        kin = [d for d in self._devices if not d.port and stem(d.last.name) == stem(port.name)]
        for device in kin:
            if device.last.name == port.name:
                return device
        gone = [device for device in kin if device.last.name not in present]
        return gone[0] if gone else self._new_device(port)

    def _new_device(self, port: Port) -> Device:
        name = unique(device_name(port.name), (device.name for device in self._devices))
        profile = choose(self._profiles, port.name)
        device = Device(name, port, profile, self._post, self._names(name))
        self._devices = (*self._devices, device)
        # After it is in the list, so that bindings that change meanwhile reach it either way.
        device.demand(self._bindings)
        return device

    # The callbacks' threads

    def _follow(self, device: Device, heard: Heard) -> bool:
        """Take a clock's news if it is the one to follow."""
        with self._following:
            leader = self._leader
            if leader not in (None, device) and leader.follower.ticking(self._clock()):
                device.follower.again()
                return False
            self._leader, self._heard = device, heard
        return True
