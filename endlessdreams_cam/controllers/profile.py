"""A controller's profile: which message is which control, its lights, and its default layout."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from endlessdreams_cam.bindings import Binding, Encoding


class Part(StrEnum):
    """What kind of control it is."""

    FADER = "fader"
    KNOB = "knob"
    ENCODER = "encoder"  # endless
    BUTTON = "button"


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """How a control shows something: an LED (off, on, blink), or a ring or motor (a position).

    address is the message that sets it ("cc:1:32", "note:11:0"). blink None: the device cannot
    blink by itself, we switch it on and off. continuous: values between off and on are positions,
    and blinking ones begin at blink. on_release: the device overwrites it when its button is let
    go or its encoder turned, so it is sent again then.
    """

    address: str
    on: int = 127
    off: int = 0
    blink: int | None = None
    continuous: bool = False
    on_release: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One control: its name ("fader.1"), its message, and where it stands on the device.

    layer names the device's own layer that its messages belong to, empty where it has none; a
    control that works in several layers is there once for each. address is empty for a control
    that is named when it is first used. x and y are in steps of the drawing's grid.
    """

    name: str
    address: str
    part: Part
    label: str = ""
    relative: Encoding | None = None
    light: Light | None = None
    layer: str = ""
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A kind of controller. match are parts of port names, lower case; layout are its bindings.

    by_address and by_name find a control; of one in several layers by_name has the first. burst is
    how many controls within 150 ms are a device that sends all its positions, not moves.
    """

    name: str
    title: str
    match: tuple[str, ...] = ()
    controls: tuple[Control, ...] = ()
    layout: tuple[Binding, ...] = ()
    notes: tuple[str, ...] = ()
    burst: int = 12
    by_address: dict[str, Control] = field(init=False, repr=False, compare=False)
    by_name: dict[str, Control] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_address = {c.address: c for c in self.controls if c.address}
        by_name = {c.name: c for c in reversed(self.controls)}
        object.__setattr__(self, "by_address", by_address)
        object.__setattr__(self, "by_name", by_name)

    @property
    def lights(self) -> tuple[Light, ...]:
        """Every light once, in the order of the controls."""
        found = (control.light for control in self.controls if control.light)
        return tuple({light.address: light for light in found}.values())

    def fits(self, port: str) -> bool:
        """Whether a port of that name is such a controller."""
        low = port.lower()
        return any(part in low for part in self.match)
