"""From MIDI messages to what a hand did. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from mido import Message

from endlessdreams_cam.bindings import Encoding, Event, Gesture
from endlessdreams_cam.controllers.demands import Demands
from endlessdreams_cam.controllers.profile import Profile

_TOP = 127
_TOP_14 = 16383
_DOWN = 64  # a button's value from which on it is held
_NRPN, _RPN, _DATA = (99, 98), (101, 100), (6, 38)  # coarse, fine

Told = tuple[str, Gesture, float]
"""An address, what was done with it, and its value."""


def read(data: Sequence[int]) -> Message:
    """Return the message that bytes are; raises ValueError where they are none."""
    try:
        return Message.from_bytes(data)
    except IndexError:  # what mido says to a message cut short
        raise ValueError("a message cut short") from None


class Decoder:
    """Turns one device's messages into events.

    Values that come in two messages are put together only where a profile or a binding asks for
    it, because on most devices those messages are controls of their own. A message of another kind
    (sysex, clock, system) is no event.
    """

    def __init__(self, device: str, profile: Profile, demands: Demands | None = None) -> None:
        self._device = device
        self._profile = profile
        self._demands = demands or Demands()
        self._pairs: dict[str, _Pair] = {}
        self._selected: dict[int, dict[int, int]] = {}
        self._down: set[str] = set()

    def demand(self, demands: Demands) -> None:
        """Decode by other demands from the next message on; may be called from any thread."""
        self._demands = demands

    def feed(self, message: Message, at_ns: int) -> Sequence[Event]:
        """Return what a message that came at `at_ns` means: mostly one event."""
        names, device = self._profile.by_address, self._device
        events = []
        for address, gesture, value in self._decode(message):
            control = names.get(address) or names.get(self._coarse(address))
            name = control.name if control else ""
            events.append(Event(device, address, name, gesture, value, at_ns))
        return events

    def is_edge(self, event: Event) -> bool:
        """Whether the event must not be replaced by a later one of its control.

        That is so for buttons, and for the ends of a controller that nobody knows: it may be one.
        """
        if event.gesture is not Gesture.ABSOLUTE:
            return event.gesture is not Gesture.RELATIVE
        return (
            event.value in (0.0, 1.0)
            and event.address.startswith("cc:")
            and event.address not in self._demands.turned
        )

    def _decode(self, message: Message) -> Sequence[Told]:
        match message.type:
            case "control_change":
                return self._controller(message.channel + 1, message.control, message.value)
            case "note_on" if message.velocity:
                address = f"note:{message.channel + 1}:{message.note}"
                return ((address, Gesture.PRESS, message.velocity / _TOP),)
            case "note_on" | "note_off":
                return ((f"note:{message.channel + 1}:{message.note}", Gesture.RELEASE, 0.0),)
            case "pitchwheel":
                return _stands(f"pitch:{message.channel + 1}", (message.pitch + 8192) / _TOP_14)
            case "aftertouch":
                return _stands(f"touch:{message.channel + 1}", message.value / _TOP)
            case "polytouch":
                return _stands(f"poly:{message.channel + 1}:{message.note}", message.value / _TOP)
            case "program_change":
                address = f"program:{message.channel + 1}"
                press = (f"{address}:{message.program}", Gesture.PRESS, 1.0)
                return (*_stands(address, message.program / _TOP), press)
        return ()

    def _controller(self, channel: int, number: int, value: int) -> Sequence[Told]:
        demands, address = self._demands, f"cc:{channel}:{number}"
        if channel in demands.nrpn_channels:
            told = self._nrpn(channel, number, value)
            if told is not None:
                return told
        if address in demands.coarse:
            return self._half(demands.coarse[address], value, coarse=True)
        if address in demands.fine:
            return self._half(demands.fine[address], value, coarse=False)
        if address in demands.relative:
            ticks = ticks_of(value, demands.relative[address])
            return ((address, Gesture.RELATIVE, float(ticks)),) if ticks else ()
        if address in demands.buttons:
            return self._button(address, value)
        return _stands(address, value / _TOP)

    def _button(self, address: str, value: int) -> Sequence[Told]:
        down = value >= _DOWN
        if down == (address in self._down):
            return ()
        if down:
            self._down.add(address)
            return ((address, Gesture.PRESS, value / _TOP),)
        self._down.discard(address)
        return ((address, Gesture.RELEASE, 0.0),)

    def _nrpn(self, channel: int, number: int, value: int) -> Sequence[Told] | None:
        """Return what a controller says as part of an NRPN, None if it is not part of one."""
        if number in _NRPN:
            self._selected.setdefault(channel, {})[number] = value
            return ()
        if number in _RPN:
            self._selected.pop(channel, None)
        if number not in _DATA or channel not in self._selected:
            return None
        coarse, fine = (self._selected[channel].get(half, _TOP) for half in _NRPN)
        address = f"nrpn:{channel}:{coarse << 7 | fine}"
        if address not in self._demands.nrpn:
            return None
        return self._half(address, value, coarse=number == _DATA[0])

    def _half(self, address: str, half: int, *, coarse: bool) -> Sequence[Told]:
        pair = self._pairs.setdefault(address, _Pair())
        value = pair.take_coarse(half) if coarse else pair.take_fine(half)
        return () if value is None else _stands(address, value)

    def _coarse(self, address: str) -> str:
        """Return the controller whose name a 14-bit one takes over."""
        return f"cc:{address[5:]}" if address.startswith("cc14:") else ""


class _Pair:
    """The two halves of a 14-bit value, coarse first.

    A coarse half waits for its fine one, unless the sender is known to send none: it never has, or
    not after the last coarse one. A fine half alone goes with the coarse one before it.
    """

    def __init__(self) -> None:
        self._coarse: int | None = None
        self._paired = False
        self._waits = False

    def take_coarse(self, value: int) -> float | None:
        alone = self._waits or not self._paired
        self._coarse, self._waits = value, True
        return value / _TOP if alone else None

    def take_fine(self, value: int) -> float | None:
        self._paired, self._waits = True, False
        return None if self._coarse is None else (self._coarse << 7 | value) / _TOP_14


def ticks_of(value: int, encoding: Encoding) -> int:
    """Return the signed ticks that an endless encoder's value (0…127) means."""
    match encoding:
        case Encoding.TWOS:
            return value if value < 64 else value - 128
        case Encoding.OFFSET:
            return value - 64
        case Encoding.SIGN:
            return value if value < 64 else 64 - value


def _stands(address: str, value: float) -> Sequence[Told]:
    return ((address, Gesture.ABSOLUTE, value),)
