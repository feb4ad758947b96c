"""From MIDI messages to what a hand did. Pure.

Channel messages are read here, byte by byte: at 5,000 a second mido's objects would cost as much as
all the rest.
"""

from __future__ import annotations

from collections.abc import Sequence

from endlessdreams_cam.bindings import Encoding, Event, Gesture
from endlessdreams_cam.controllers.demands import Demands
from endlessdreams_cam.controllers.first_use import FirstUse
from endlessdreams_cam.controllers.profile import Profile

_TOP = 127
_TOP_14 = 16383
_DOWN = 64  # a button's value from which on it is held
_NRPN, _RPN, _DATA = (99, 98), (101, 100), (6, 38)  # coarse, fine

_LENGTH = {0x80: 3, 0x90: 3, 0xA0: 3, 0xB0: 3, 0xC0: 2, 0xD0: 2, 0xE0: 3}
_OFF, _ON, _POLY, _CONTROLLER, _PROGRAM, _TOUCH, _PITCH = _LENGTH

Told = tuple[str, Gesture, float]
"""An address, what was done with it, and its value."""


class Decoder:
    """Turns one device's messages into events.

    Values that come in two messages are put together only where a profile or a binding asks for
    it, because on most devices those messages are controls of their own. `names` names what the
    profile does not know, at its first use.
    """

    def __init__(
        self,
        device: str,
        profile: Profile,
        demands: Demands | None = None,
        names: FirstUse | None = None,
    ) -> None:
        self._device = device
        self._profile = profile
        self._demands = demands or Demands()
        # Controllers that are nothing but a position, by status and number: most of what comes.
        self._plain: dict[tuple[int, int], tuple[str, str]] = {}
        self._names = names
        self._pairs: dict[str, _Pair] = {}
        self._selected: dict[int, dict[int, int]] = {}
        self._down: set[str] = set()

    def demand(self, demands: Demands) -> None:
        """Decode by other demands from the next message on; may be called from any thread."""
        self._demands = demands
        self._plain = {}

    def feed(self, data: Sequence[int], at_ns: int) -> Sequence[Event]:
        """Return what a channel message that came at `at_ns` means: mostly one event.

        Raises ValueError for bytes that are no channel message.
        """
        plain = self._plain  # before the demands are looked at: they may change meanwhile
        known = plain.get((data[0], data[1])) if len(data) == 3 and data[2] <= _TOP else None
        if known is not None:
            return (Event(self._device, *known, Gesture.ABSOLUTE, data[2] / _TOP, at_ns),)
        events = [
            Event(self._device, address, self._name(address), gesture, value, at_ns)
            for address, gesture, value in self._decode(data)
        ]
        if self._is_plain(data, events):
            plain[data[0], data[1]] = (events[0].address, events[0].control)
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

    def _is_plain(self, data: Sequence[int], events: Sequence[Event]) -> bool:
        """Whether the next message of that controller means the same but for its value."""
        return (
            data[0] & 0xF0 == _CONTROLLER
            and (data[0] & 0x0F) + 1 not in self._demands.nrpn_channels
            and [event.gesture for event in events] == [Gesture.ABSOLUTE]
            and events[0].address.startswith("cc:")
        )

    def _decode(self, data: Sequence[int]) -> Sequence[Told]:
        status = data[0] if data else 0
        kind, channel = status & 0xF0, (status & 0x0F) + 1
        if len(data) != _LENGTH.get(kind) or max(data[1:]) > _TOP:
            raise ValueError(f"no MIDI message: {bytes(data).hex(' ')}")
        number, value = data[1], data[-1]
        if kind == _CONTROLLER:
            return self._controller(channel, number, value)
        if kind == _ON and value:
            return ((f"note:{channel}:{number}", Gesture.PRESS, value / _TOP),)
        if kind in (_ON, _OFF):
            return ((f"note:{channel}:{number}", Gesture.RELEASE, 0.0),)
        if kind == _POLY:
            return _stands(f"poly:{channel}:{number}", value / _TOP)
        if kind == _TOUCH:
            return _stands(f"touch:{channel}", value / _TOP)
        if kind == _PITCH:
            return _stands(f"pitch:{channel}", (value << 7 | number) / _TOP_14)
        # It has no end of its own: a pad that acts when it is let go would wait for ever.
        place = f"program:{channel}:{value}"
        press, release = (place, Gesture.PRESS, 1.0), (place, Gesture.RELEASE, 0.0)
        return (*_stands(f"program:{channel}", value / _TOP), press, release)

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
        encoding = demands.relative.get(address) or demands.relative.get(self._name(address))
        if encoding:
            ticks = ticks_of(value, encoding)
            return ((address, Gesture.RELATIVE, float(ticks)),) if ticks else ()
        if address in demands.buttons:
            return self._button(address, value)
        return _stands(address, value / _TOP)

    def _name(self, address: str) -> str:
        known = self._profile.by_address
        control = known.get(address) or known.get(_coarse(address))
        if control is not None:
            return control.name
        return self._names.name(address) if self._names else ""

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


def _coarse(address: str) -> str:
    """Return the controller whose name a 14-bit one takes over."""
    return f"cc:{address[5:]}" if address.startswith("cc14:") else ""


def _stands(address: str, value: float) -> Sequence[Told]:
    return ((address, Gesture.ABSOLUTE, value),)
