"""Which control moves what, and how: a frozen description that presets and profiles hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from endlessdreams_cam.bindings.event import Event


class Pickup(StrEnum):
    """What a control does while it does not stand where its parameter is."""

    JUMP = "jump"  # the parameter jumps to it
    PICKUP = "pickup"  # nothing, until it passes the parameter's value
    SCALED = "scaled"  # it moves what is left of the parameter by what is left of its travel


class Curve(StrEnum):
    """How a control's travel becomes a value within the range."""

    AUTO = "auto"  # as the parameter's own knob
    LINEAR = "linear"
    EXP = "exp"  # slow first
    LOG = "log"  # fast first


class Encoding(StrEnum):
    """How an endless encoder writes its ticks."""

    TWOS = "twos"  # 1 = +1, 127 = −1
    OFFSET = "offset"  # 65 = +1, 63 = −1
    SIGN = "sign"  # 1 = +1, 65 = −1


class Button(StrEnum):
    """What a button does to a parameter."""

    MOMENTARY = "momentary"  # high while it is held, low after
    TOGGLE = "toggle"  # high, low, high …
    CYCLE = "cycle"  # through the choices, or the values
    SET = "set"  # sets the value; without one, the show's default
    TRIGGER = "trigger"  # pulls a trigger
    VELOCITY = "velocity"  # how hard it was hit


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One control to one parameter or action.

    control is logical ("fader.1") or raw ("cc:1:74", "cc:*:74"); device is the beginning of a
    device's name, empty for any. to is a parameter's name or an action (see `actions`). range is
    in the parameter's unit, None for its knob's range. Fields that are None take what suits the
    parameter. smooth_ms is in milliseconds, dead_zone and threshold are parts of the travel, step
    is in the parameter's unit. ticks is how many ticks of an encoder are its full travel.
    """

    control: str
    to: str
    device: str = ""
    shift: bool = False
    range: tuple[float, float] | None = None
    invert: bool = False
    curve: Curve = Curve.AUTO
    pickup: Pickup | None = None
    smooth_ms: float | None = None
    dead_zone: float | None = None
    step: float = 0.0
    threshold: float = 3 / 127
    relative: Encoding | None = None
    ticks: int = 96
    acceleration: float = 1.0
    button: Button | None = None
    values: tuple[float | int | bool | str, ...] = ()

    @property
    def raw(self) -> bool:
        """Whether it names a message rather than a control of a profile."""
        return ":" in self.control

    def fits(self, event: Event) -> bool:
        """Whether the event comes from this binding's control."""
        if not event.device.lower().startswith(self.device.lower()):
            return False
        return matches(self.control, event.address) if self.raw else self.control == event.control


KINDS = ("cc", "cc14", "nrpn", "note", "poly", "pitch", "touch", "program")
"""Raw messages: controller, 14-bit controller, NRPN, note, key pressure, pitch bend, channel
pressure, program change."""

_ADDRESS = re.compile(
    rf"(?:{'|'.join(KINDS[:5])}):(?:\*|\d\d?):\d{{1,5}}|(?:pitch|touch):(?:\*|\d\d?)"
    r"|program:(?:\*|\d\d?)(?::\d{1,3})?"
)
_LOGICAL = re.compile(r"[a-z]+(?:\.[a-z0-9]+){1,3}")


def good_control(text: str) -> bool:
    """Whether a text names a control: logical, or a raw message with a channel of 1 to 16."""
    if not _ADDRESS.fullmatch(text):
        return _LOGICAL.fullmatch(text) is not None
    _, channel, *numbers = text.split(":")
    limit = 16383 if text.startswith("nrpn") else 31 if text.startswith("cc14") else 127
    return (channel == "*" or 1 <= int(channel) <= 16) and all(int(n) <= limit for n in numbers)


def matches(pattern: str, address: str) -> bool:
    """Whether a raw address fits a pattern, in which the channel may be *."""
    wanted, given = pattern.split(":"), address.split(":")
    return len(wanted) == len(given) and all(
        want in ("*", have) for want, have in zip(wanted, given, strict=True)
    )
