"""Names for the controls of a controller that no profile knows."""

from __future__ import annotations

from collections.abc import Iterable

MOST = 64
"""Names of each kind: a keyboard's keys must not use up what the knobs need."""

_NAMES = {"cc": "cc", "pitch": "cc", "note": "note"}
_MODES = 120  # controllers from here on are channel mode messages, sent without a hand


class FirstUse:
    """Names controls in the order of their first use: "cc.1" the first that moves, "note.1" a key.

    addresses are those that were named so far, in order: saved and given to the next FirstUse they
    get the same names again. What is not an address is left out.
    """

    def __init__(self, addresses: Iterable[str] = ()) -> None:
        self._names: dict[str, str] = {}
        self._counts = {"cc": 0, "note": 0}
        for address in addresses:
            self.name(address)

    @property
    def addresses(self) -> tuple[str, ...]:
        """All addresses that have a name, in the order of their first use."""
        return tuple(self._names)

    def name(self, address: str) -> str:
        """Return the name of an address, a new one at its first use; empty if it gets none."""
        if address in self._names:
            return self._names[address]
        kind = _kind(address)
        if not kind or self._counts[kind] >= MOST:
            return ""
        self._counts[kind] += 1
        self._names[address] = f"{kind}.{self._counts[kind]}"
        return self._names[address]


def _kind(address: str) -> str:
    """Return how controls with such an address are called, empty for what is no control."""
    kind, *numbers = address.split(":")
    if not numbers or not all(number.isdecimal() for number in numbers):
        return ""
    if kind == "cc" and int(numbers[-1]) >= _MODES:
        return ""
    return _NAMES.get(kind, "")
