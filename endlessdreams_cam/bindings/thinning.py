"""Of many positions of one control only the last counts, unless something between them asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from endlessdreams_cam.bindings.event import Event, Gesture


@dataclass(frozen=True, slots=True)
class Nature:
    """What the events of one control can do, whether or not shift is held.

    names are the parameters that they move. slides: only the last of its positions counts. acts:
    what was before is before, and what comes after is after: a recall, shift, panic.
    """

    names: frozenset[str]
    slides: bool
    acts: bool


def thin(events: Iterable[Event], nature_of: Callable[[Event], Nature]) -> list[Event]:
    """Return the events in their order without positions that a later one makes idle.

    The rack gathers what lies between two buttons' edges; a button that moves a parameter of its
    own does not care where another's fader was.
    """
    later: dict[tuple[str, str], frozenset[str]] = {}
    kept = []
    for event in reversed([*events]):
        nature, place = nature_of(event), (event.device, event.address)
        if nature.slides and event.gesture is Gesture.ABSOLUTE:
            if place in later:
                continue
            later[place] = nature.names
        elif nature.acts:
            later.clear()
        elif nature.names:
            later = {at: names for at, names in later.items() if names.isdisjoint(nature.names)}
        kept.append(event)
    kept.reverse()
    return kept
