"""What a decoder must know of the bindings: which messages belong together, and which are turns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from endlessdreams_cam.bindings import ACTIONS, Binding, Button, Encoding
from endlessdreams_cam.controllers.profile import Part, Profile
from endlessdreams_cam.errors import ParameterError
from endlessdreams_cam.parameters import Kind, find

CHANNELS = range(1, 17)
_FINE = 32  # how far a controller's fine half is from its coarse one


@dataclass(frozen=True, slots=True, kw_only=True)
class Demands:
    """Addresses with a meaning beyond their message; every channel is a number.

    relative: endless encoders, by name where a control has no address before its first use. cc14
    and nrpn: 14-bit values to be put together. buttons: controllers that are buttons. turned:
    controllers of which only the last value counts.
    """

    relative: Mapping[str, Encoding] = field(default_factory=dict)
    cc14: frozenset[str] = frozenset()
    nrpn: frozenset[str] = frozenset()
    buttons: frozenset[str] = frozenset()
    turned: frozenset[str] = frozenset()
    coarse: Mapping[str, str] = field(init=False, repr=False, compare=False)
    fine: Mapping[str, str] = field(init=False, repr=False, compare=False)
    nrpn_channels: frozenset[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "coarse", {_half(a, 0): a for a in self.cc14})
        object.__setattr__(self, "fine", {_half(a, _FINE): a for a in self.cc14})
        channels = frozenset(int(address.split(":")[1]) for address in self.nrpn)
        object.__setattr__(self, "nrpn_channels", channels)


def demands(profile: Profile, bindings: Iterable[Binding]) -> Demands:
    """Return what a profile, its layout and the bindings of its device ask of the decoder."""
    asked = (*profile.layout, *bindings)
    buttons = {c.address for c in profile.controls if c.part is Part.BUTTON}
    turned = {c.address for c in profile.controls} - buttons
    relative = {c.address or c.name: c.relative for c in profile.controls if c.relative}
    raw = {c.address for c in profile.controls}
    for binding in asked:
        for address in _addresses(profile, binding):
            raw.add(address)
            if binding.relative:
                relative[address] = binding.relative
            if binding.raw and _turns(binding):
                turned.add(address)
    return Demands(
        relative={a: e for a, e in relative.items() if a.startswith("cc:") or ":" not in a},
        cc14=_of_kind("cc14", raw),
        nrpn=_of_kind("nrpn", raw),
        buttons=_of_kind("cc", buttons),
        turned=_of_kind("cc", turned - buttons),
    )


def _addresses(profile: Profile, binding: Binding) -> Iterator[str]:
    """Yield the messages, or first names, that a binding means on a device of that profile."""
    if not binding.raw:
        named = [c for c in profile.controls if c.name == binding.control]  # in several layers
        yield from (control.address or control.name for control in named)
        return
    kind, channel, *rest = binding.control.split(":")
    for number in CHANNELS if channel == "*" else (channel,):
        yield ":".join((kind, str(number), *rest))


def _turns(binding: Binding) -> bool:
    """Whether a control means a position to this binding, not edges."""
    if binding.to in ACTIONS or binding.button not in (None, Button.VELOCITY):
        return False
    try:
        return find(binding.to).kind in (Kind.NUMBER, Kind.INTEGER, Kind.CHOICE)
    except ParameterError:
        return False


def _of_kind(kind: str, addresses: Iterable[str]) -> frozenset[str]:
    return frozenset(a for a in addresses if a.startswith(f"{kind}:"))


def _half(cc14: str, further: int) -> str:
    _, channel, number = cc14.split(":")
    return f"cc:{channel}:{int(number) + further}"
