"""What a preset holds, and how it becomes parameters.

Reading validates everything before anything is used: unknown keys, values that are not numbers
and names that do not exist are refused with the place where they stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from endlessdreams_cam.bindings import Binding
from endlessdreams_cam.bindings.row import BindRow
from endlessdreams_cam.documents import faults, read_toml
from endlessdreams_cam.errors import ParameterError, PresetError
from endlessdreams_cam.parameters import PARAMETERS, PROMPTS, find
from endlessdreams_cam.parameters.spec import Scalar
from endlessdreams_cam.parameters.table import SWINGS

SCHEMA = 1
"""The newest schema that this program reads."""

LARGEST = 64 * 1024
"""Bytes: a preset file is about 2 KB."""

Text = Annotated[str, Field(max_length=400)]
Unit = Annotated[float, Field(ge=0, le=1)]


class _Part(BaseModel):
    model_config = ConfigDict(
        extra="forbid", allow_inf_nan=False, frozen=True, populate_by_name=True
    )


class Prompt(_Part):
    """One slot of the bank."""

    text: Text
    label: Annotated[str, Field(max_length=10)] = ""
    weight: Unit = 0.0


class Glide(_Part):
    """How long changes take, in seconds."""

    prompt: Annotated[float, Field(ge=0, le=20)] | None = None
    morph: Annotated[float, Field(ge=0, le=60)] | None = None


class Swing(_Part):
    """A swing of a parameter on the beat."""

    target: str
    source: Literal["sine", "triangle", "saw", "square", "random"] = "sine"
    beats: Annotated[float, Field(ge=0.125, le=64)] = 4.0
    depth: Unit = 0.2
    phase: Unit = 0.0

    @field_validator("target")
    @classmethod
    def _exists(cls, name: str) -> str:
        return _held_by_presets(name)


class Preset(_Part):
    """A preset as its file holds it."""

    schema_: Annotated[int, Field(ge=1, alias="schema")] = SCHEMA
    title: Annotated[str, Field(min_length=1, max_length=60)]
    note: Text = ""
    tags: Annotated[tuple[Annotated[str, Field(max_length=30)], ...], Field(max_length=20)] = ()
    engine: Literal["auto", "scenes", "diffusion"] = "auto"
    model: Annotated[str, Field(max_length=200)] = "auto"
    partial: bool = False
    base: Text = ""
    styles: Annotated[tuple[Annotated[str, Field(max_length=100)], ...], Field(max_length=9)] = ()
    prompt: Annotated[tuple[Prompt, ...], Field(max_length=PROMPTS)] = ()
    values: dict[str, Any] = {}
    glide: Glide = Glide()
    mod: Annotated[tuple[Swing, ...], Field(max_length=SWINGS)] = ()
    bind: Annotated[tuple[BindRow, ...], Field(max_length=256)] = ()

    @property
    def bindings(self) -> tuple[Binding, ...]:
        """What the preset lays over the controllers' default layouts."""
        return tuple(row.binding() for row in self.bind)

    @field_validator("values", mode="before")
    @classmethod
    def _flat(cls, values: Any) -> Any:
        """Allow [values.drift] zoom = 0.1 beside "drift.zoom" = 0.1."""
        if not isinstance(values, dict):
            return values
        flat: dict[str, Any] = {}
        for name, value in values.items():
            if isinstance(value, dict):
                flat |= {f"{name}.{key}": inner for key, inner in value.items()}
            else:
                flat[name] = value
        return flat

    @field_validator("values")
    @classmethod
    def _known(cls, values: dict[str, Any]) -> dict[str, Scalar]:
        try:
            return {_held_by_presets(n): find(n).clean(value) for n, value in values.items()}
        except ParameterError as error:
            raise ValueError(str(error)) from None


def _real(name: str) -> str:
    try:
        return find(name).name
    except ParameterError as error:
        raise ValueError(str(error)) from None


def _held_by_presets(name: str) -> str:
    if not PARAMETERS[_real(name)].in_presets:
        raise ValueError(f"{name} belongs to the show: a preset does not hold it.")
    return _real(name)


def parse(data: bytes, *, name: str) -> Preset:
    """Return the preset in a file's bytes; raises PresetError with every fault and its place."""
    document = read_toml(data, name=name, largest=LARGEST, error=PresetError)
    schema = document.get("schema", SCHEMA)
    if isinstance(schema, int) and schema > SCHEMA:
        raise PresetError(
            f"{name} has schema {schema}; this version reads up to {SCHEMA}.",
            remedy="Update EndlessDreams Cam to use it.",
        )
    try:
        return Preset.model_validate(document)
    except ValidationError as error:
        raise PresetError(f"{name}: {faults(error)}") from None


def changes(preset: Preset, home: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """Return every parameter that recalling `preset` sets.

    What the preset does not name returns to `home`, unless the preset is partial.
    """
    held = {name: home[name] for name, spec in PARAMETERS.items() if spec.in_presets}
    found: dict[str, Scalar] = {} if preset.partial else held
    if preset.prompt or not preset.partial:
        found |= _bank(preset)
    found |= preset.values
    if preset.glide.prompt is not None:
        found["prompt.glide"] = preset.glide.prompt
    if preset.glide.morph is not None:
        found["preset.morph"] = preset.glide.morph
    for n, swing in enumerate(preset.mod, 1):
        found |= {f"mod.{n}.{key}": value for key, value in swing.model_dump().items()}
    return found


def _bank(preset: Preset) -> dict[str, Scalar]:
    found: dict[str, Scalar] = {"prompt.base": preset.base}
    for n in range(1, PROMPTS + 1):
        slot = preset.prompt[n - 1] if n <= len(preset.prompt) else Prompt(text="")
        found[f"prompt.{n}.text"] = slot.text
        found[f"prompt.{n}.label"] = slot.label
        found[f"prompt.{n}.weight"] = slot.weight
    return found


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a preset file, with every parameter's name and range."""
    document = Preset.model_json_schema(by_alias=True)
    document["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    document["title"] = "EndlessDreams Cam preset"
    document["properties"]["values"] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {n: _property(n) for n, spec in PARAMETERS.items() if spec.in_presets},
    }
    return document


def _property(name: str) -> dict[str, Any]:
    spec = PARAMETERS[name]
    found: dict[str, Any] = {"description": spec.doc, "default": spec.default}
    match spec.kind:
        case "number" | "integer":
            found |= {"type": str(spec.kind), "minimum": spec.low, "maximum": spec.high}
        case "toggle":
            found |= {"type": "boolean"}
        case "choice":
            found |= {"enum": list(spec.choices)}
        case "text":
            found |= {"type": "string", "maxLength": spec.max_length}
    return found
