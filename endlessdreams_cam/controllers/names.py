"""The names of MIDI ports: what stays when a device is plugged in again. Pure.

On Linux ALSA says "nanoKONTROL2:nanoKONTROL2 MIDI 1 24:0", whose last numbers change, and JACK
"nanoKONTROL2-01:CTRL", whose first ones do. On macOS and Windows a name is one text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from endlessdreams_cam.controllers.profile import Profile

CLIENT = "EndlessDreams Cam"
"""What we are called among the MIDI clients."""

_OWN = (CLIENT, "Midi Through", "RtMidi")
_ALSA = re.compile(r" (\d+):\d+$")
_JACK = re.compile(r"-(\d\d)(?=:)")
_TWIN = re.compile(r" \(\d+\)$")
_FIRST = ("", "MIDI 1")


def is_device(port: str) -> bool:
    """Whether a port is a device's, not our own nor a loopback of the system's."""
    return not port.startswith(_OWN)


def stem(port: str) -> str:
    """Return what of a port's name stays when its device is plugged in again."""
    return _JACK.sub("", _ALSA.sub("", _TWIN.sub("", port)))


def device_name(port: str) -> str:
    """Return what a port's device is called; its second port keeps its own name."""
    client, colon, rest = stem(port).partition(":")
    if not colon or not client:
        return stem(port)
    own = rest.removeprefix(client).strip()
    return client if own == rest or own in _FIRST else f"{client} {own}"


def alsa_client(port: str) -> int | None:
    """Return the number of ALSA's client that a port belongs to, None on other systems."""
    found = _ALSA.search(port)
    return int(found[1]) if found else None


def unique(name: str, taken: Iterable[str]) -> str:
    """Return the name, with a number if others of its kind have it: "X", "X 2", "X 3"."""
    used, number = set(taken), 2
    if name not in used:
        return name
    while f"{name} {number}" in used:
        number += 1
    return f"{name} {number}"


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Return names that differ: the second "X" becomes "X (2)"."""
    count: dict[str, int] = {}
    found = []
    for name in names:
        count[name] = count.get(name, 0) + 1
        found.append(name if count[name] == 1 else f"{name} ({count[name]})")
    return tuple(found)


def partner(port: str, outputs: Sequence[str], profile: Profile) -> str | None:
    """Return the output of an input's device, None if there is none among those left.

    It has the same name, or the same stem (then the one numbered next), or is called as the
    device; on macOS only the profile knows that "nanoKONTROL2 CTRL" belongs to "… SLIDER/KNOB".
    """
    if port in outputs:
        return port
    kin = [output for output in outputs if stem(output) == stem(port)]
    kin = kin or [output for output in outputs if device_name(output) == device_name(port)]
    kin = kin or [output for output in outputs if profile.fits(output)]
    return min(kin, key=lambda output: _distance(port, output), default=None)


def _distance(port: str, output: str) -> tuple[int, bool]:
    further = _number(output) - _number(port)
    return abs(further), further < 0


def _number(port: str) -> int:
    found = _JACK.search(port)
    return alsa_client(port) or (int(found[1]) if found else 0)
