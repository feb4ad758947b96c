"""The lights of one controller: what it must be told, and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from endlessdreams_cam.bindings import Binding, Event, Gesture
from endlessdreams_cam.bindings.feedback import DARK, Facts, Look, Meaning, View, meaning
from endlessdreams_cam.controllers.profile import Control, Light, Part, Profile
from endlessdreams_cam.parameters import Snapshot

_MS = 1_000_000
PERIOD_NS = 1_000_000_000 // 30
"""A light's position changes at most once in it, and `limit` messages at most are sent in it."""

QUIET_NS = 300 * _MS
"""For so long after a turn a control is told nothing: it would fight the hand, or jump under it."""

SETTLE_NS = 50 * _MS
"""For so long after its button's release a light that the device overwrites is left alone."""

BLINK_NS = 250 * _MS
"""Half a blink, where the device cannot blink by itself."""


@dataclass(frozen=True, slots=True)
class Lit:
    """A message to a light: its address ("cc:1:32", "note:1:0") and a value of 0 to 127."""

    address: str
    value: int


_STATUS = {"cc": 0xB0, "note": 0x90}


def message(lit: Lit) -> tuple[int, int, int]:
    """Return the MIDI message that sets a light."""
    kind, channel, number = lit.address.split(":")
    return _STATUS[kind] | int(channel) - 1, int(number), lit.value


@dataclass(frozen=True, slots=True)
class _Lamp:
    control: Control
    light: Light
    show: Meaning


class Lights:
    """Decides what one device's lights must be told.

    `use` says which bindings count, `heard` what the device did, and `step` returns the messages
    that are due: nothing twice, nothing to a control that is being turned, at most `limit` in a
    thirtieth of a second, the oldest first. Not for several threads.
    """

    def __init__(self, profile: Profile, device: str = "", *, limit: int = 32) -> None:
        self._profile = profile
        self._device = device or profile.title
        self._limit = limit
        self._preset: tuple[Binding, ...] = ()
        self._shifted = False
        self._layer = ""
        self._lamps = self._present()
        self._wanted: dict[str, int] = {}
        self._sent: dict[str, int] = {}
        self._sent_in: dict[str, int] = {}  # in which period
        self._behind: dict[str, _Lamp] = {}  # was told something else or nothing, the oldest first
        self._quiet_ns: dict[str, int] = {}
        self._period, self._left = -1, 0
        self._restless = False

    @property
    def settled(self) -> bool:
        """Whether the device was told everything that the last step wanted."""
        return not self._behind

    @property
    def restless(self) -> bool:
        """Whether a light changes by itself with time: it blinks, and the device cannot."""
        return self._restless

    @property
    def wanted(self) -> dict[str, int]:
        """The value of every light as the last step wanted it."""
        return dict(self._wanted)

    def use(self, preset: Iterable[Binding] = (), *, shift: bool = False) -> None:
        """Show a preset's bindings over the profile's layout, those of the shift layer if held."""
        preset = tuple(preset)
        if (preset, shift) != (self._preset, self._shifted):
            self._preset, self._shifted = preset, shift
            self._rebuild()

    def heard(self, event: Event) -> None:
        """Take notice of what a hand did on the device."""
        control = self._profile.by_address.get(event.address)
        if control is None:
            return
        if control.layer and control.layer != self._layer:
            self._layer = control.layer
            self._rebuild()
            self.refresh()
        if control.light and control.part is not Part.BUTTON:
            self._leave(control.light, event.at_ns + QUIET_NS)
        elif control.light and control.light.on_release and event.gesture is Gesture.RELEASE:
            self._leave(control.light, event.at_ns + SETTLE_NS)

    def refresh(self) -> None:
        """Forget what the device was told: it was away, or shows another layer."""
        self._sent.clear()

    def step(self, snapshot: Snapshot, now_ns: int, facts: Facts) -> list[Lit]:
        """Return what to send now; to be called about thirty times a second."""
        self._look(View(snapshot, now_ns, facts, self._shifted))
        if now_ns // PERIOD_NS != self._period:
            self._period, self._left = now_ns // PERIOD_NS, self._limit
        due = [lamp for lamp in self._behind.values() if self._may(lamp, now_ns)][: self._left]
        self._left -= len(due)
        return [self._tell(lamp.light.address) for lamp in due]

    def dark(self) -> list[Lit]:
        """Return what puts every LED out, for the end of the show; positions stay."""
        lights = (control.light for control in self._profile.controls)
        off = {light.address: light.off for light in lights if light and not light.continuous}
        return [Lit(address, value) for address, value in off.items()]

    # Which light means what

    def _rebuild(self) -> None:
        self._lamps = self._present()
        self._wanted.clear()
        self._behind.clear()

    def _present(self) -> dict[str, _Lamp]:
        """The lights of the layer that the device shows; before it is known, all that can be."""
        lamps: dict[str, _Lamp] = {}
        for control in self._profile.controls:
            if control.light and (not self._layer or control.layer in ("", self._layer)):
                show = self._meaning(control, control.light)
                lamps.setdefault(control.light.address, _Lamp(control, control.light, show))
        return lamps

    def _meaning(self, control: Control, light: Light) -> Meaning:
        event = Event(self._device, control.address, control.name, Gesture.PRESS, 0.0)
        # A control without a meaning in the shift layer goes on showing its first one.
        for shift in (True, False) if self._shifted else (False,):
            for binding in (*self._preset, *self._profile.layout):
                if (binding.shift == shift or binding.to == "shift") and binding.fits(event):
                    return meaning(binding, continuous=light.continuous)
        return lambda view: DARK

    # What is told, and when

    def _look(self, view: View) -> None:
        """Note what every light shall show, and which were told something else."""
        self._restless = False
        for address, lamp in self._lamps.items():
            look = lamp.show(view)
            if view.facts.waiting and self._waits(lamp.control, view.facts):
                look = Look(look.level if lamp.light.continuous else 1.0, blinking=True)
            self._restless |= look.blinking and lamp.light.blink is None
            value = _value(lamp.light, look, view.now_ns)
            self._wanted[address] = value
            if self._sent.get(address) == value:
                self._behind.pop(address, None)
            else:
                self._behind.setdefault(address, lamp)

    def _waits(self, control: Control, facts: Facts) -> bool:
        return (self._device, control.name) in facts.waiting or (
            self._device, control.address,
        ) in facts.waiting  # fmt: skip

    def _may(self, lamp: _Lamp, now_ns: int) -> bool:
        address = lamp.light.address
        quiet = now_ns < self._quiet_ns.get(address, 0)
        return not quiet and self._sent_in.get(address) != now_ns // PERIOD_NS

    def _tell(self, address: str) -> Lit:
        del self._behind[address]
        self._sent[address] = self._wanted[address]
        self._sent_in[address] = self._period
        return Lit(address, self._wanted[address])

    def _leave(self, light: Light, until_ns: int) -> None:
        """Leave a light alone for a while; one that the device overwrites is told anew after."""
        self._quiet_ns[light.address] = until_ns
        if light.on_release:
            self._sent.pop(light.address, None)


def _value(light: Light, look: Look, now_ns: int) -> int:
    if light.continuous:
        place = round((light.on - light.off) * look.level)
        first = light.blink if look.blinking and light.blink is not None else light.off
        return min(max(first + place, 0), 127)
    if look.blinking and light.blink is not None:
        return light.blink
    lit = now_ns // BLINK_NS % 2 == 0 if look.blinking else look.level >= 0.5
    return light.on if lit else light.off
