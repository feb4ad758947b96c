"""Soft takeover: how a control that stands elsewhere gets hold of its parameter."""

from __future__ import annotations

from endlessdreams_cam.bindings.binding import Binding, Pickup
from endlessdreams_cam.bindings.scale import Scale
from endlessdreams_cam.parameters.spec import Scalar

_FAST_FROM, _FAST_TO = 20.0, 100.0  # ticks per second between which acceleration sets in
_SAME = 1e-9


class Hand:
    """One control's hold on one parameter.

    All positions are parts of the travel, 0…1. A hand that had the parameter loses it when the
    value is not what it wrote: then another hand moved it.
    """

    def __init__(self, binding: Binding, scale: Scale, pickup: Pickup) -> None:
        self._binding = binding
        self._scale = scale
        self._pickup = pickup
        self._unit = 0.0  # where the parameter stands, finer than an integer can say
        self._wrote: Scalar | None = None
        self._engaged = False
        self._turned_ns = 0
        self.position: float | None = None
        """Where the control stands, None before it said so."""

    @property
    def waiting(self) -> bool:
        """Whether it must pass the parameter's value before it moves it."""
        return self._pickup is Pickup.PICKUP and self.position is not None and not self._engaged

    @property
    def behind(self) -> bool:
        """Whether the parameter still follows a control that was faster."""
        return (
            self._pickup is Pickup.PICKUP
            and self._engaged
            and self.position is not None
            and abs(self.position - self._unit) > _SAME
        )

    def target(self, value: Scalar) -> float:
        """Return where on the travel the parameter stands."""
        return self._scale.unit(value)

    def look(self, value: Scalar) -> None:
        """Take notice of the parameter's present value: another hand may have moved it."""
        if self._wrote is None or value != self._wrote:
            self._engaged = False
            self._wrote = None
            self._unit = self._scale.unit(value)

    def learn(self, position: float) -> None:
        """Note where the control stands without moving anything."""
        self.position, self._engaged, self._wrote = position, False, None

    def move(self, position: float, value: Scalar) -> Scalar | None:
        """Return the parameter's new value for a control that moved to `position`, or None."""
        self.look(value)
        before, self.position = self.position, position
        match self._pickup:
            case Pickup.JUMP:
                unit: float | None = position
            case Pickup.PICKUP:
                unit = self._picked_up(before, position)
            case Pickup.SCALED:
                unit = self._scaled(before, position)
        return None if unit is None else self._write(unit)

    def follow(self, value: Scalar) -> Scalar | None:
        """Return the next value of a parameter that is behind its control, or None."""
        self.look(value)
        if not self.behind or self.position is None:
            return None
        return self._write(self._towards(self.position, self._binding.threshold))

    def turn(self, ticks: float, value: Scalar, at_ns: int) -> Scalar:
        """Return the new value for an endless encoder that was turned."""
        if self._wrote is None or value != self._wrote:
            self._unit = self._scale.unit(value, dead_zone=False)
        gain = self._acceleration(ticks, at_ns) / max(self._binding.ticks, 1)
        self._unit = min(max(self._unit + ticks * gain, 0.0), 1.0)
        self._wrote = self._scale.value(self._unit, dead_zone=False)
        return self._wrote

    def _acceleration(self, ticks: float, at_ns: int) -> float:
        passed_s = (at_ns - self._turned_ns) / 1e9
        self._turned_ns = at_ns
        speed = abs(ticks) / passed_s if passed_s > 0 else 0.0
        share = (speed - _FAST_FROM) / (_FAST_TO - _FAST_FROM)
        return 1 + (self._binding.acceleration - 1) * min(max(share, 0.0), 1.0)

    def _picked_up(self, before: float | None, position: float) -> float | None:
        reach = self._binding.threshold
        if self._engaged:
            # What the hand moved is no jump.
            return self._towards(position, reach + abs(position - (before or 0.0)))
        passed = before is not None and (before - self._unit) * (position - self._unit) < 0
        if not passed and abs(position - self._unit) > reach:
            return None
        self._engaged = True
        return self._towards(position, reach)

    def _towards(self, position: float, reach: float) -> float:
        return self._unit + min(max(position - self._unit, -reach), reach)

    def _scaled(self, before: float | None, position: float) -> float | None:
        """Ableton's "value scaling": both reach the end of the travel together."""
        if before is None:
            near = abs(position - self._unit) <= self._binding.threshold
            return position if near else None
        if position in (0.0, 1.0):
            return position
        by = position - before
        left_of_value = 1 - self._unit if by > 0 else self._unit
        left_of_control = 1 - before if by > 0 else before
        return self._unit + by * left_of_value / left_of_control if by else self._unit

    def _write(self, unit: float) -> Scalar:
        self._unit = min(max(unit, 0.0), 1.0)
        self._wrote = self._scale.value(self._unit)
        return self._wrote
