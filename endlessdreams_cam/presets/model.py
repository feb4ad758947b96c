"""What a preset holds, and how it becomes parameters.

Reading validates everything before anything is used: unknown keys, values that are not numbers
and names that do not exist are refused with the place where they stand.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator

from endlessdreams_cam.errors import ParameterError, PresetError
from endlessdreams_cam.parameters import PARAMETERS, PROMPTS, find
from endlessdreams_cam.parameters.spec import Scalar
from endlessdreams_cam.parameters.table import SWINGS

SCHEMA = 1
"""The newest schema that this program reads."""

LARGEST = 64 * 1024
"""Bytes: a preset file is about 2 KB."""

_DEEPEST = 8


def _plain(text: str) -> str:
    """Return a text in one line, as the parameters take it; no control characters."""
    text = " ".join(text.split()) if "\n" in text else text.strip()
    if not text.isprintable():
        raise ValueError("there are characters in it that cannot be printed")
    return text


_PLAIN = AfterValidator(_plain)
Text = Annotated[str, Field(max_length=400), _PLAIN]
Tag = Annotated[str, Field(max_length=30), _PLAIN]
Style = Annotated[str, Field(max_length=100), _PLAIN]
Unit = Annotated[float, Field(ge=0, le=1)]


class _Part(BaseModel):
    model_config = ConfigDict(
        extra="forbid", allow_inf_nan=False, frozen=True, populate_by_name=True
    )


class Prompt(_Part):
    """One slot of the bank."""

    text: Text
    label: Annotated[str, Field(max_length=10), _PLAIN] = ""
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


class Bind(_Part):
    """Which control moves which parameter. control is logical ("fader.1") or raw ("cc:1:74")."""

    control: Annotated[str, Field(pattern=r"^[a-z]+[.:][a-z0-9.:_-]+$", max_length=40)]
    to: str
    range: tuple[float, float] | None = None
    invert: bool = False
    curve: Literal["linear", "log", "exp"] = "linear"
    pickup: Literal["jump", "pickup", "scaled"] = "pickup"

    @field_validator("to")
    @classmethod
    def _exists(cls, name: str) -> str:
        return _real(name)


class Preset(_Part):
    """A preset as its file holds it."""

    schema_: Annotated[int, Field(ge=1, strict=True, alias="schema")] = SCHEMA
    title: Annotated[str, Field(min_length=1, max_length=60), _PLAIN]
    note: Text = ""
    tags: Annotated[tuple[Tag, ...], Field(max_length=20)] = ()
    engine: Literal["auto", "scenes", "diffusion"] = "auto"
    model: Annotated[str, Field(max_length=200)] = "auto"
    partial: bool = False
    base: Text = ""
    styles: Annotated[tuple[Style, ...], Field(max_length=9)] = ()
    prompt: Annotated[tuple[Prompt, ...], Field(max_length=PROMPTS)] = ()
    values: dict[str, Any] = {}
    glide: Glide = Glide()
    mod: Annotated[tuple[Swing, ...], Field(max_length=SWINGS)] = ()
    bind: Annotated[tuple[Bind, ...], Field(max_length=256)] = ()

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
    if len(data) > LARGEST:
        raise PresetError(f"{name} is too large: a preset has at most {LARGEST >> 10} KB.")
    document = _document(data, name)
    schema = document.get("schema", SCHEMA)
    if isinstance(schema, int) and schema > SCHEMA:
        raise PresetError(
            f"{name} has schema {schema}; this version reads up to {SCHEMA}.",
            remedy="Update EndlessDreams Cam to use it.",
        )
    try:
        return Preset.model_validate(document)
    except ValidationError as error:
        raise PresetError(f"{name}: {_faults(error)}") from None


def _document(data: bytes, name: str) -> dict[str, Any]:
    try:
        text = data.decode("utf-8-sig")
        if max((_depth(line) for line in text.splitlines()), default=0) > _DEEPEST:
            raise PresetError(f"{name} is nested deeper than {_DEEPEST} levels.")
        return tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise PresetError(f"{name} is not text in UTF-8 (byte {error.start}).") from None
    except tomllib.TOMLDecodeError as error:
        raise PresetError(f"{name} is not valid TOML: {error}.") from None
    except RecursionError:
        raise PresetError(f"{name} is nested too deep.") from None


def _depth(line: str) -> int:
    return max(line.count("["), line.count("{"), line.partition("=")[0].count(".") // 2)


def _faults(error: ValidationError) -> str:
    rows = []
    for fault in error.errors()[:5]:
        # Prompts and swings are counted from 1, as their parameters are.
        parts = [str(p + 1 if isinstance(p, int) else p) for p in fault["loc"]]
        place = ".".join(parts) or "the file"
        text = fault["msg"].removeprefix("Value error, ")
        if fault["type"] == "extra_forbidden":
            text = "this key is not known"
        rows.append(f"{place}: {text}")
    more = error.error_count() - len(rows)
    return "; ".join(rows) + (f" (and {more} more)" if more > 0 else "")


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
