"""OSC: every parameter at its own address, over UDP.

`/view/zoom 2.0` sets view.zoom; `/do/panic`, `/do/preset "ember"` and the other actions act.
`/subscribe` mirrors every change to the sender, `/subscribe 9001` to that port of the sender's
machine; it holds for a minute and may be said again; `/unsubscribe` ends it. A bundle is one
change.
"""

from __future__ import annotations

import logging
import socket
import struct
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_packet import OscPacket
from pythonosc.osc_packet import ParseError as PacketError
from pythonosc.parsing.osc_types import ParseError as TypeParseError

from endlessdreams_cam.errors import DeviceBusy, DeviceError
from endlessdreams_cam.parameters import PARAMETERS, Kind
from endlessdreams_cam.parameters.spec import Scalar

SUBSCRIBED_S = 60.0
"""How long a subscription holds."""

_MOST = 16  # subscribers
_LARGEST = 65_507  # bytes: a UDP datagram
_FITS = 1_200  # bytes of one mirrored datagram: below every network's limit
_BAD = (PacketError, TypeParseError, ValueError, IndexError, struct.error, RecursionError)


class Address(NamedTuple):
    """Where a packet came from."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What one packet asks for: parameters by name, and actions with their words."""

    values: Mapping[str, object]
    actions: tuple[tuple[str, str], ...]
    sender: Address


def address_of(name: str) -> str:
    """Return the OSC address of a parameter: "view.zoom" is at /view/zoom."""
    return "/" + name.replace(".", "/")


NAMES: Mapping[str, str] = {address_of(name): name for name in PARAMETERS}
"""Every parameter's name by its OSC address."""


class OscPort:
    """Listens on a UDP port; `receive` gets what each packet asks for, on the port's thread.

    What is malformed, or for an address that does not exist, is counted and ignored.
    """

    def __init__(
        self, host: str, port: int, receive: Callable[[Asked], None], clock_s: Callable[[], float]
    ) -> None:
        self._host = host
        self._port = port
        self._receive = receive
        self._clock_s = clock_s
        self._socket: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._subscribers: dict[Address, tuple[float, Address]] = {}
        self.received = 0
        """Packets that meant something."""
        self.ignored = 0
        """Packets, messages and addresses that did not."""

    @property
    def place(self) -> Address:
        """Where it listens."""
        assert self._socket is not None
        host, port = self._socket.getsockname()[:2]
        return Address(host, port)

    def open(self) -> None:
        """Begin to listen; raises DeviceBusy or DeviceError."""
        listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            listener.bind((self._host, self._port))
        except OSError as error:
            listener.close()
            where = f"OSC cannot listen on {self._host}:{self._port}"
            if isinstance(error, PermissionError | socket.gaierror):
                raise DeviceError(f"{where}: {error.strerror}.", remedy="Name another.") from error
            raise DeviceBusy(
                f"{where}: {error.strerror}.",
                remedy="Another program has it: choose another port, --osc 9002.",
            ) from error
        self._socket = listener
        self._thread = threading.Thread(target=self._run, name="osc", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening; may be called twice."""
        listener, self._socket = self._socket, None
        if listener is None:
            return
        # A UDP socket's recv does not end by close on every system: an empty packet wakes it.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waker:
            host, port = listener.getsockname()[:2]
            waker.sendto(b"", ("127.0.0.1" if host == "0.0.0.0" else host, port))
        if self._thread:
            self._thread.join(1.0)
        listener.close()

    def subscribers(self) -> dict[Address, Address]:
        """Return who wants to hear of changes now, and from where that was asked for."""
        now = self._clock_s()
        with self._lock:
            self._subscribers = {a: row for a, row in self._subscribers.items() if row[0] > now}
            return {address: sender for address, (_, sender) in self._subscribers.items()}

    def mirror(self, values: Mapping[str, Scalar], *, to: Collection[Address]) -> None:
        """Tell some subscribers of values."""
        listener = self._socket
        if not to or listener is None:
            return
        for datagram in datagrams(values):
            for address in to:
                try:
                    listener.sendto(datagram, address)
                except OSError:  # its machine or port has gone: the subscription runs out
                    logging.getLogger(__name__).debug("osc: %s does not hear", address)

    def _run(self) -> None:
        while (listener := self._socket) is not None:
            try:
                data, sender = listener.recvfrom(_LARGEST)
            except OSError:
                continue  # on Windows a subscriber's closed port is an error of the next recvfrom
            if self._socket is not None and data:
                self._take(data, Address(*sender[:2]))

    def _take(self, data: bytes, sender: Address) -> None:
        try:
            rows = [(m.message.address, list(m.message.params)) for m in OscPacket(data).messages]
        except _BAD:
            self.ignored += 1
            return
        values: dict[str, object] = {}
        actions: list[tuple[str, str]] = []
        for address, arguments in rows:
            if address in NAMES:
                self._value(NAMES[address], arguments, values)
            elif address.startswith("/do/"):
                actions.append((address[4:], " ".join(map(_word, arguments))))
            elif address in ("/subscribe", "/unsubscribe"):
                self._subscribe(address == "/subscribe", arguments, sender)
            else:
                self.ignored += 1
        if values or actions:
            self.received += 1
            self._receive(Asked(values, tuple(actions), sender))

    def _value(self, name: str, arguments: list[object], values: dict[str, object]) -> None:
        spec = PARAMETERS[name]
        if spec.kind is Kind.TRIGGER:
            # A button on a tablet sends 1 when it goes down and 0 when it goes up.
            if not arguments or arguments[0]:
                values[name] = 1
        elif len(arguments) != 1:
            self.ignored += 1
        elif spec.kind is Kind.TOGGLE and isinstance(arguments[0], float):
            values[name] = arguments[0] >= 0.5
        else:
            values[name] = arguments[0]

    def _subscribe(self, on: bool, arguments: list[object], sender: Address) -> None:
        port = arguments[0] if arguments else sender.port
        if not isinstance(port, int) or not 0 < port < 65536:
            self.ignored += 1
            return
        address = Address(sender.host, port)
        with self._lock:
            if not on:
                self._subscribers.pop(address, None)
            elif address in self._subscribers or len(self._subscribers) < _MOST:
                self._subscribers[address] = (self._clock_s() + SUBSCRIBED_S, sender)
            else:
                self.ignored += 1


def datagrams(values: Mapping[str, Scalar]) -> list[bytes]:
    """Return values as bundles, each small enough for one datagram on any network."""
    found: list[bytes] = []
    bundle, size = OscBundleBuilder(IMMEDIATELY), 0
    for name, value in values.items():
        builder = OscMessageBuilder(address_of(name))
        # Touch surfaces know numbers and texts; OSC's own True and False are not for all of them.
        builder.add_arg(int(value) if isinstance(value, bool) else value)
        message = builder.build()
        if size and size + message.size > _FITS:
            found.append(bundle.build().dgram)
            bundle, size = OscBundleBuilder(IMMEDIATELY), 0
        bundle.add_content(message)
        size += message.size + 4
    if size:
        found.append(bundle.build().dgram)
    return found


def _word(argument: object) -> str:
    return f"{argument:g}" if isinstance(argument, float) else str(argument)
