"""What a hand did, after the transport and before the mapping."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Gesture(StrEnum):
    """How a control was used."""

    ABSOLUTE = "absolute"  # it now stands at `value`
    RELATIVE = "relative"  # it was turned by `value` ticks
    PRESS = "press"  # a button or key went down, as hard as `value`
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Event:
    """One use of one control.

    device is the controller's name ("nanoKONTROL2", the second of a kind "nanoKONTROL2 2").
    address is the raw message ("cc:1:74"), control its name in the profile ("fader.1"), empty if
    the profile has none. value: 0…1 for absolute positions and a press's velocity, signed ticks
    for relative turns. at_ns is when it arrived on the program's clock.
    """

    device: str
    address: str
    control: str
    gesture: Gesture
    value: float
    at_ns: int = 0
