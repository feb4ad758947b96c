"""One controller: its name and counts for ever, its ports while it is plugged in."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from mido import Message

from endlessdreams_cam.bindings import Binding
from endlessdreams_cam.controllers.decoder import Decoder
from endlessdreams_cam.controllers.demands import Demands, demands
from endlessdreams_cam.controllers.first_use import FirstUse
from endlessdreams_cam.controllers.inbox import Inbox
from endlessdreams_cam.controllers.midi_clock import ClockFollower, Heard
from endlessdreams_cam.controllers.profile import Profile
from endlessdreams_cam.controllers.system import Input, Output, Port, System
from endlessdreams_cam.errors import DeviceError

_SYSTEM = 0xF0  # from here on a status byte has no channel
_CLOCK = frozenset({"clock", "start", "stop", "continue", "songpos"})

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """How a controller is doing.

    port and output are the names that the system has for them now, empty without one. generation
    goes up whenever one of them is opened: then its lights are to be sent anew. messages counts
    what came, errors what could not be read or sent. trouble says why it is not connected.
    """

    name: str
    profile: Profile
    port: str
    output: str
    connected: bool
    generation: int
    messages: int
    errors: int
    trouble: str


@dataclass(frozen=True, slots=True)
class Post:
    """Where a controller's doings go.

    tempo takes a clock's news and returns whether they count; wake says that there is something.
    """

    inbox: Inbox
    tempo: Callable[[Device, Heard], bool]
    wake: Callable[[], None]
    clock: Callable[[], int]


class Device:
    """A controller of one name; the scanning thread plugs it, RtMidi's plays it, one sends."""

    def __init__(
        self, name: str, port: Port, profile: Profile, post: Post, names: FirstUse
    ) -> None:
        self.name = name
        self.profile = profile
        self.last = port
        self.port: Port | None = None
        self.output: Port | None = None
        self.follower = ClockFollower()
        self.retry_ns = 0
        self._post = post
        self._demands = Demands()
        # What has no message in the profile is named at its first use, and keeps its name.
        self._names = None if all(c.address for c in profile.controls) else names
        self._decoder = Decoder(name, profile, names=self._names)
        self._input: Input | None = None
        self._link: Output | None = None
        self._sending = threading.Lock()
        self._generation = self._messages = self._errors = 0
        self.trouble = ""
        self._broken = False
        self._said: set[str] = set()

    @property
    def row(self) -> DeviceRow:
        """How it is doing."""
        port, output = self.port, self.output
        return DeviceRow(
            self.name, self.profile, port.name if port else "", output.name if output else "",
            port is not None, self._generation, self._messages, self._errors, self.trouble,
        )  # fmt: skip

    @property
    def broken(self) -> bool:
        """Whether its output takes nothing any more and should be opened anew."""
        return self._broken

    def demand(self, bindings: Iterable[Binding]) -> None:
        """Decode as these bindings ask, from the next message on; a binding may be another's."""
        low = self.name.lower()
        own = [b for b in bindings if low.startswith(b.device.lower())]
        self._demands = demands(self.profile, own)
        self._decoder.demand(self._demands)

    def plug(self, system: System, port: Port, output: Port | None = None) -> None:
        """Open its ports; raises DeviceError without the input, with the trouble in the row."""
        self.last = port
        # Nothing is held on a device that was just plugged in.
        self._decoder = Decoder(self.name, self.profile, self._demands, self._names)
        self.follower = ClockFollower()
        self.trouble = ""
        if output is not None:
            with contextlib.suppress(DeviceError):
                self._open_output(system, output)
        try:
            with self._noting_trouble():
                self._input = system.open_input(port, self._hear)
        except DeviceError:
            self.unplug_output()
            raise
        self.port = port
        self._generation += 1

    def plug_output(self, system: System, output: Port) -> None:
        """Open its output alone; raises DeviceError, with the trouble in the row."""
        self._open_output(system, output)
        self.trouble = ""
        self._generation += 1

    def unplug(self) -> None:
        """Close its ports, whether or not they are still there."""
        link, self._input, self.port = self._input, None, None
        if link is not None:
            link.close()
        self.unplug_output()

    def unplug_output(self) -> None:
        """Close its output, which takes a moment that a sender need not wait for."""
        with self._sending:
            link, self._link, self.output = self._link, None, None
            self._broken = False
        if link is not None:
            link.close()

    def send(self, messages: Iterable[Sequence[int]]) -> None:
        """Send messages; without an output they are dropped."""
        with self._sending:
            if self._link is None or self._broken:
                return
            try:
                for message in messages:
                    self._link.send(message)
            except DeviceError as error:
                self._broken, self.trouble = True, str(error)
                self._count(error)

    def _open_output(self, system: System, output: Port) -> None:
        with self._noting_trouble():
            link = system.open_output(output)
        with self._sending:
            self._link, self.output = link, output

    @contextlib.contextmanager
    def _noting_trouble(self) -> Iterator[None]:
        try:
            yield
        except DeviceError as error:
            self.trouble = str(error)
            raise

    def _hear(self, data: Sequence[int]) -> None:
        """Take a message on RtMidi's thread, which must neither wait nor be thrown at."""
        self._messages += 1
        try:
            at_ns = self._post.clock()
            take = self._take_system if data and data[0] >= _SYSTEM else self._take
            if take(data, at_ns):
                self._post.wake()
        except Exception as error:
            self._count(error)

    def _take(self, data: Sequence[int], at_ns: int) -> bool:
        """Put what a hand did into the inbox; return whether that is a reason to wake."""
        decoder, inbox, news = self._decoder, self._post.inbox, False
        for event in decoder.feed(data, at_ns):
            news |= inbox.put(event, edge=decoder.is_edge(event))
        return news

    def _take_system(self, data: Sequence[int], at_ns: int) -> bool:
        """Follow the clock; return whether there is news that counts. The rest means nothing."""
        message = Message.from_bytes(data)
        if message.type not in _CLOCK:
            return False
        heard = self.follower.feed(message.type, at_ns, getattr(message, "pos", 0))
        return heard is not None and self._post.tempo(self, heard)

    def _count(self, error: Exception) -> None:
        """Count an error; say it the first time that one of its kind occurs."""
        self._errors += 1
        kind = type(error).__name__
        if kind not in self._said:
            self._said.add(kind)
            _log.warning("%s: %s: %s", self.name, kind, error)
