"""Learning a control from what it sends in half a second."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from endlessdreams_cam.bindings.binding import Binding, Encoding
from endlessdreams_cam.bindings.event import Event, Gesture

WINDOW_NS = 500_000_000
"""How long to watch from the first message on."""

_SMALL = 24  # ticks in one message: nobody turns faster


@dataclass(frozen=True, slots=True)
class Learned:
    """A control that was moved: kind is "button", "absolute" or "relative"."""

    device: str
    address: str
    control: str
    kind: str
    encoding: Encoding | None = None

    def binding(self, to: str) -> Binding:
        """Return the binding of this control to a parameter or an action."""
        # A raw message is the same control on any machine only together with its device.
        return Binding(
            control=self.control or self.address,
            to=to,
            device="" if self.control else self.device,
            relative=self.encoding,
        )


class Lesson:
    """Collects events until half a second after the first, then tells which control it was."""

    def __init__(self) -> None:
        self._events: list[Event] = []

    def note(self, event: Event) -> None:
        """Take an event; what comes after the half second is not part of the lesson."""
        if not self.over(event.at_ns):
            self._events.append(event)

    def over(self, now_ns: int) -> bool:
        """Whether enough was seen."""
        return bool(self._events) and now_ns - self._events[0].at_ns > WINDOW_NS

    def learned(self) -> Learned | None:
        """Return the control that moved most, None if none did."""
        counts = Counter((event.device, event.address) for event in self._events)
        if not counts:
            return None
        (device, address), _ = counts.most_common(1)[0]
        mine = [e for e in self._events if (e.device, e.address) == (device, address)]
        kind, encoding = tell_apart(mine)
        return Learned(device, address, mine[0].control, kind, encoding)


def tell_apart(events: Sequence[Event]) -> tuple[str, Encoding | None]:
    """Return whether one control's events are a button's, absolute, or relative and how encoded.

    An absolute control sends only what has changed, so it never repeats itself; an encoder repeats
    its small steps, or jumps between both ends of the scale.
    """
    if any(event.gesture in (Gesture.PRESS, Gesture.RELEASE) for event in events):
        return "button", None
    if any(event.gesture is Gesture.RELATIVE for event in events):
        return "relative", None  # the profile knows how it is encoded
    if not events[0].address.startswith("cc:"):
        return "absolute", None
    values = [round(event.value * 127) for event in events]
    encoding = _encoding(values)
    if encoding and _stepping(values):
        return "relative", encoding
    if set(values) <= {0, 127}:
        return "button", None
    return "absolute", None


def _stepping(values: list[int]) -> bool:
    if len(values) < 3:
        return False
    pairs = list(pairwise(values))
    repeats = sum(a == b for a, b in pairs)
    leaps = sum(abs(a - b) > 40 for a, b in pairs)
    return repeats * 3 >= len(pairs) or leaps * 3 >= len(pairs)


def _encoding(values: list[int]) -> Encoding | None:
    """Return the encoding that makes small steps of all values, None if none does."""
    if 0 in values:
        return None  # no encoder sends "not turned"
    if all(abs(v - 64) <= _SMALL for v in values) and 64 not in values:
        return Encoding.OFFSET
    if all(v <= _SMALL or v >= 128 - _SMALL for v in values):
        return Encoding.TWOS
    if all(v <= _SMALL or 64 < v <= 64 + _SMALL for v in values):
        return Encoding.SIGN
    return None
