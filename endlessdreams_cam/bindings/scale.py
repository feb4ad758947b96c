"""From a control's travel to a parameter's value and back."""

from __future__ import annotations

import math
from dataclasses import replace

from endlessdreams_cam.bindings.binding import Binding, Curve
from endlessdreams_cam.parameters import Kind, Parameter
from endlessdreams_cam.parameters.spec import Curve as KnobCurve
from endlessdreams_cam.parameters.spec import Scalar

DEAD_ZONE = 0.04
"""Part of the travel, in its middle, that means the neutral value of a bipolar parameter."""

_BEND = 3.0  # how far EXP and LOG are from a line: e³ is 20 times steeper at one end


class Scale:
    """The way between a travel of 0…1 and a parameter's value, for one binding.

    `value` never leaves the binding's range, nor the parameter's; `unit` is its inverse where
    there is one, and else a travel that gives the value.
    """

    def __init__(self, binding: Binding, parameter: Parameter) -> None:
        self._invert = binding.invert
        self._curve = binding.curve
        self._step = binding.step
        self._parameter = parameter
        low, high = binding.range or parameter.knob or (parameter.low, parameter.high)
        low, high = sorted((parameter.clamp(low), parameter.clamp(high)))
        curve = parameter.curve if binding.curve is Curve.AUTO else KnobCurve.LINEAR
        if curve is KnobCurve.LOG and low <= 0:
            curve = KnobCurve.LINEAR
        self._knob = replace(parameter, knob=(low, high), curve=curve)
        self._low, self._high = low, high
        self._options: tuple[Scalar, ...] = binding.values or parameter.choices
        bipolar = parameter.glides and low < 0 and math.isclose(low, -high)
        zone = binding.dead_zone if binding.dead_zone is not None else DEAD_ZONE * bipolar
        self._zone = min(max(zone, 0.0), 0.9)

    def value(self, unit: float, *, dead_zone: bool = True) -> Scalar:
        """Return the value at a travel; endless encoders have no middle and so no dead zone."""
        unit = min(max(unit, 0.0), 1.0)
        if self._invert:
            unit = 1 - unit
        if self._parameter.kind is Kind.TOGGLE:
            return unit >= 0.5
        if self._options:
            return self._options[min(int(unit * len(self._options)), len(self._options) - 1)]
        if dead_zone:
            unit = _outside(unit, self._zone)
        found = self._knob.from_unit(_bend(unit, self._curve))
        if self._step > 0:
            found = round(found / self._step) * self._step
        return self._parameter.clean(min(max(found, self._low), self._high))

    def unit(self, value: Scalar, *, dead_zone: bool = True) -> float:
        """Return the travel that stands for a value, 0…1."""
        if self._parameter.kind is Kind.TOGGLE:
            unit = 1.0 if value else 0.0
        elif self._options:
            at = self._options.index(value) if value in self._options else 0
            unit = (at + 0.5) / len(self._options)
        elif self._high <= self._low:
            unit = 0.5
        else:
            unit = _straighten(self._knob.to_unit(_number(value)), self._curve)
            if dead_zone:
                unit = _around(unit, self._zone)
        return 1 - unit if self._invert else unit


def _number(value: Scalar) -> float:
    return 0.0 if isinstance(value, str) else float(value)


def _outside(unit: float, zone: float) -> float:
    """Spread what lies outside the dead zone over the whole travel."""
    if zone == 0:
        return unit
    off = unit - 0.5
    if abs(off) <= zone / 2:
        return 0.5
    return 0.5 + math.copysign((abs(off) - zone / 2) / (1 - zone), off)


def _around(unit: float, zone: float) -> float:
    if zone == 0:
        return unit
    off = unit - 0.5
    return 0.5 if off == 0 else 0.5 + math.copysign(abs(off) * (1 - zone) + zone / 2, off)


def _bend(unit: float, curve: Curve) -> float:
    match curve:
        case Curve.EXP:
            return math.expm1(_BEND * unit) / math.expm1(_BEND)
        case Curve.LOG:
            return math.log1p(unit * math.expm1(_BEND)) / _BEND
    return unit


def _straighten(unit: float, curve: Curve) -> float:
    match curve:
        case Curve.EXP:
            return _bend(unit, Curve.LOG)
        case Curve.LOG:
            return _bend(unit, Curve.EXP)
    return unit
