"""A binding as people write it, in a preset or in a controller's profile."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, field_validator, model_validator

from endlessdreams_cam.bindings.actions import ACTIONS
from endlessdreams_cam.bindings.binding import (
    Binding,
    Button,
    Curve,
    Encoding,
    Pickup,
    good_control,
)
from endlessdreams_cam.errors import ParameterError
from endlessdreams_cam.parameters import PARAMETERS, Kind, find
from endlessdreams_cam.parameters.spec import unknown

_LOCK = "lock."

# For editors; the validators below know more and say it better.
_CONTROLS = r"^[a-z]+[.:][a-z0-9.:*]+$"
_TARGETS: list[JsonValue] = [{"enum": [*PARAMETERS, *ACTIONS]}, {"pattern": r"^lock\."}]


class BindRow(BaseModel):
    """One control to one parameter or action.

    control is logical ("fader.1") or a raw message ("cc:1:74"; the channel may be *). to is a
    parameter, an action ("prompt.3", "preset.next", "cut.hold", "panic", "shift") or
    "lock.PARAMETER". What is left out takes what suits the parameter.
    """

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, frozen=True)

    control: Annotated[str, Field(max_length=40, json_schema_extra={"pattern": _CONTROLS})]
    to: Annotated[str, Field(max_length=60, json_schema_extra={"anyOf": _TARGETS})]
    device: Annotated[str, Field(max_length=60)] = ""
    shift: bool = False
    range: tuple[float, float] | None = None
    invert: bool = False
    curve: Curve = Curve.AUTO
    pickup: Pickup | None = None
    smooth_ms: Annotated[float, Field(ge=0, le=20_000)] | None = None
    dead_zone: Annotated[float, Field(ge=0, le=0.9)] | None = None
    step: Annotated[float, Field(ge=0)] = 0.0
    threshold: Annotated[float, Field(gt=0, le=1)] = 3 / 127
    relative: Encoding | None = None
    ticks: Annotated[int, Field(ge=1, le=10_000)] = 96
    acceleration: Annotated[float, Field(ge=1, le=16)] = 1.0
    button: Button | None = None
    values: Annotated[tuple[float | int | bool | str, ...], Field(max_length=32)] = ()

    @field_validator("control")
    @classmethod
    def _names_a_control(cls, control: str) -> str:
        if not good_control(control):
            raise ValueError(
                f"{control!r} is no control: use a name such as fader.1, or a message such as "
                "cc:1:74 or note:*:36 (kind, channel 1 to 16 or *, number)"
            )
        return control

    @field_validator("to")
    @classmethod
    def _exists(cls, to: str) -> str:
        if to in ACTIONS:
            return to
        lock, name = (_LOCK, to.removeprefix(_LOCK)) if to.startswith(_LOCK) else ("", to)
        try:
            return lock + find(name).name
        except ParameterError:
            raise ValueError(str(unknown(name, [*PARAMETERS, *ACTIONS]))) from None

    @model_validator(mode="after")
    def _fits_together(self) -> BindRow:
        if self.to == "shift" and self.shift:
            raise ValueError("the shift button itself belongs to no layer: leave shift out")
        if self.values and self.to not in PARAMETERS:
            raise ValueError("only a parameter has values")
        if self.to in PARAMETERS and PARAMETERS[self.to].kind is Kind.TEXT and not self.values:
            raise ValueError(f"{self.to} is a text: say which in values")
        try:
            for value in self.values:
                PARAMETERS[self.to].clean(value)
        except ParameterError as error:
            raise ValueError(f"values: {error}") from None
        return self

    def binding(self) -> Binding:
        """Return what it says; a range from high to low turns the control round."""
        fields = {name: getattr(self, name) for name in self.model_fields_set}
        if self.range and self.range[0] > self.range[1]:
            fields |= {"range": self.range[::-1], "invert": not self.invert}
        fields["values"] = tuple(PARAMETERS[self.to].clean(value) for value in self.values)
        return Binding(**fields)
