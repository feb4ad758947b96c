"""A binding worked out for one control: once, not at every event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from endlessdreams_cam.bindings.actions import ACTIONS
from endlessdreams_cam.bindings.binding import Binding, Button, Pickup
from endlessdreams_cam.bindings.event import Event
from endlessdreams_cam.bindings.scale import Scale
from endlessdreams_cam.bindings.takeover import Hand
from endlessdreams_cam.parameters import Kind, Parameter, find
from endlessdreams_cam.parameters.spec import Scalar

Place = tuple[str, str, str]
"""Device, address, and the control's name, or its address where it has none."""


def place_of(event: Event) -> Place:
    """Return the place of an event's control."""
    return event.device, event.address, event.control or event.address


@dataclass(frozen=True, slots=True, eq=False)
class ActRoute:
    """A control and the action that it does."""

    binding: Binding
    place: Place

    @property
    def to(self) -> str:
        """The action's name."""
        return self.binding.to


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """A control and the parameter that it moves.

    edges says that the binding means edges, whatever control sends them; mode is what a button
    does; glide_s None is as a hand moves it.
    """

    binding: Binding
    place: Place
    parameter: Parameter
    edges: bool
    mode: Button
    scale: Scale
    glide_s: float | None

    @property
    def key(self) -> tuple[Place, Binding]:
        """What outlives the route: the same binding of the same control has the same hand."""
        return self.place, self.binding

    @property
    def to(self) -> str:
        """The parameter's name."""
        return self.binding.to

    def pressed(self, velocity: float, now: Scalar, home: Mapping[str, Scalar]) -> Scalar:
        """Return the parameter's value after a press; home has the show's defaults."""
        binding, parameter = self.binding, self.parameter
        match self.mode:
            case Button.TRIGGER:
                return parameter.clean(int(now) + 1)
            case Button.VELOCITY:
                return self.scale.value(velocity)
            case Button.CYCLE:
                options = binding.values or parameter.choices or self._ends()
                at = options.index(now) if now in options else -1
                return parameter.clean(options[(at + 1) % len(options)])
            case Button.TOGGLE if parameter.kind is Kind.TOGGLE:
                return not now
            case Button.TOGGLE:
                low, high = self._ends()
                return parameter.clean(low if now == high else high)
            case Button.SET if not binding.values:
                return home[self.to]
            case Button.SET:
                return parameter.clean(binding.values[0])
        return parameter.clean(self._ends()[1])

    def _ends(self) -> tuple[Scalar, Scalar]:
        values = self.binding.values
        if len(values) > 1:
            return values[0], values[-1]
        return self.scale.value(0), values[0] if values else self.scale.value(1)


def work_out(binding: Binding, place: Place) -> Route | ActRoute:
    """Return a binding's way from a control to what it does."""
    if binding.to in ACTIONS or binding.to.startswith("lock."):
        return ActRoute(binding, place)
    parameter = find(binding.to)
    return Route(
        binding,
        place,
        parameter,
        edges=_means_edges(parameter, binding),
        mode=binding.button or _button_of(parameter, binding),
        scale=Scale(binding, parameter),
        glide_s=None if binding.smooth_ms is None else binding.smooth_ms / 1000,
    )


def hand_of(route: Route) -> Hand:
    """Return a new hand for a route."""
    pickup = route.binding.pickup or _pickup_of(route.parameter)
    return Hand(route.binding, route.scale, pickup)


def _pickup_of(parameter: Parameter) -> Pickup:
    """Return how a control takes a parameter over if its binding does not say."""
    if parameter.kind not in (Kind.NUMBER, Kind.INTEGER):
        return Pickup.JUMP
    weight = parameter.name.startswith("prompt.") and parameter.name.endswith(".weight")
    return Pickup.SCALED if weight or parameter.name == "program.mix" else Pickup.PICKUP


def _button_of(parameter: Parameter, binding: Binding) -> Button:
    """Return what a button does to a parameter if its binding does not say."""
    match parameter.kind:
        case Kind.TRIGGER:
            return Button.TRIGGER
        case Kind.TOGGLE:
            return Button.TOGGLE
        case Kind.CHOICE if len(binding.values) != 1:
            return Button.CYCLE
    if binding.values:
        return Button.SET if len(binding.values) == 1 else Button.CYCLE
    return Button.MOMENTARY


def _means_edges(parameter: Parameter, binding: Binding) -> bool:
    if binding.button is Button.VELOCITY:
        return False
    return binding.button is not None or parameter.kind in (
        Kind.TRIGGER, Kind.TOGGLE, Kind.TEXT,
    )  # fmt: skip
