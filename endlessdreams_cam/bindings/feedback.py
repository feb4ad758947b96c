"""What a control's light means: from its binding and the state of the show, no device in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from endlessdreams_cam.bindings.binding import Binding
from endlessdreams_cam.bindings.scale import Scale
from endlessdreams_cam.parameters import PARAMETERS, Kind, Snapshot

SAVED_NS = 100_000_000
"""Half a blink of the three that tell of a save."""

_LEADS = 0.5  # of the mix


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What lights tell besides the snapshot; presets are numbers of their pads, 0 for none.

    latched: a panic holds. preset is the present one, pending one that waits for its beat or its
    model, saved the one that was saved last, at saved_ns. recording: a file is being written.
    on_air is the cut that is really shown, empty if that is not known. waiting are the controls
    that wait for pickup, as (device, control). locked are parameters.
    """

    latched: bool = False
    preset: int = 0
    pending: int = 0
    saved: int = 0
    saved_ns: int = 0
    recording: bool = False
    on_air: str = ""
    waiting: frozenset[tuple[str, str]] = frozenset()
    locked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Look:
    """How a light shall look: level 0 (dark) to 1 (lit), between them a position."""

    level: float = 0.0
    blinking: bool = False


DARK, LIT, BLINKING = Look(0.0), Look(1.0), Look(1.0, True)


@dataclass(frozen=True)
class View:
    """The show at one moment, as one device's lights see it."""

    snapshot: Snapshot
    now_ns: int
    facts: Facts = field(default_factory=Facts)
    shifted: bool = False

    @cached_property
    def weights(self) -> tuple[float, ...]:
        """The prompts' shares of the mix."""
        return self.snapshot.weights(self.now_ns)


Meaning = Callable[[View], Look]


def meaning(binding: Binding, *, continuous: bool = False) -> Meaning:
    """Return what the light of a control with this binding shows.

    continuous: the light can show a position; one that cannot is lit from the middle on.
    """
    if binding.to in PARAMETERS:
        return _of_parameter(binding, continuous=continuous)
    head, _, which = binding.to.partition(".")
    match head:
        case "prompt":
            return _prompt(int(which))
        case "preset" if which.isdecimal():
            return _preset(int(which))
        case "cut":
            return _cut(which)
        case "panic":
            return lambda view: BLINKING if view.facts.latched else DARK
        case "style":
            return lambda view: _lit(view.snapshot.integer("prompt.style") > 0)
        case "record":
            return lambda view: _lit(view.facts.recording)
        case "lock":
            return lambda view: _lit(which in view.facts.locked)
        case "shift":
            return lambda view: _lit(view.shifted)
    return lambda view: DARK


def _lit(on: bool) -> Look:
    return LIT if on else DARK


def _prompt(n: int) -> Meaning:
    solo = f"prompt.{n}.solo"

    def show(view: View) -> Look:
        if view.snapshot.toggle(solo):
            return BLINKING
        return _lit(view.weights[n - 1] > _LEADS)

    return show


def _preset(n: int) -> Meaning:
    def show(view: View) -> Look:
        facts = view.facts
        halves = (view.now_ns - facts.saved_ns) // SAVED_NS
        if facts.saved == n and 0 <= halves < 6:
            return _lit(halves % 2 == 1)
        return BLINKING if facts.pending == n else _lit(facts.preset == n)

    return show


def _cut(cut: str) -> Meaning:
    def show(view: View) -> Look:
        if view.snapshot.text("program.cut") != cut:
            return DARK
        # Asked for, but something else is on air: the dream is not ready, privacy hides the source.
        return LIT if view.facts.on_air in ("", cut) else BLINKING

    return show


def _of_parameter(binding: Binding, *, continuous: bool) -> Meaning:
    parameter, values = PARAMETERS[binding.to], binding.values
    name, scale = parameter.name, Scale(binding, parameter)
    match parameter.kind:
        case Kind.TRIGGER:
            return lambda view: DARK
        case Kind.TOGGLE:
            return lambda view: _lit(view.snapshot.toggle(name))
        case Kind.NUMBER if continuous or not values:
            return lambda view: Look(scale.unit(view.snapshot.number(name, view.now_ns)))
        case Kind.INTEGER if continuous or not values:
            return lambda view: Look(scale.unit(view.snapshot.integer(name)))
        case Kind.CHOICE if continuous:
            return lambda view: Look(scale.unit(view.snapshot.values[name]))
    # Several values are a way from the first one and back; a single one is there or is not.
    options = values or parameter.choices
    lit = options if len(options) == 1 else options[1:]
    return lambda view: _lit(view.snapshot.values[name] in lit)
