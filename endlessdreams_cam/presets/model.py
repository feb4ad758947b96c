"""What a preset holds, and how it becomes parameters.

Reading validates everything before anything is used: unknown keys, values that are not numbers
and names that do not exist are refused with the place where they stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from endlessdreams_cam.bindings import Binding
from endlessdreams_cam.bindings.row import BindRow
from endlessdreams_cam.errors import ParameterError
from endlessdreams_cam.parameters import PARAMETERS, PROMPTS, clean, find
from endlessdreams_cam.parameters.spec import Scalar
from endlessdreams_cam.parameters.table import SWINGS
from endlessdreams_cam.presets import document
from endlessdreams_cam.presets.document import LARGEST, Label, Part, Style, Tag, Text, Title, Unit

__all__ = ["GLIDES", "LARGEST", "SCHEMA", "Preset", "changes", "json_schema", "parse"]

SCHEMA = 1
"""The newest schema that this program reads."""

GLIDES = {
    "prompt": "prompt.glide", "morph": "preset.morph", "morph_beats": "preset.morph_beats",
}  # fmt: skip
"""The keys of [glide] and their parameters."""


SceneName = Annotated[str, Field(min_length=1, max_length=200)]


class Prompt(Part):
    """One slot of the bank."""

    text: Text
    label: Label = ""
    weight: Unit = 0.0


class Glide(Part):
    """How long changes take, in seconds; morph_beats above 0 counts instead of morph."""

    prompt: Annotated[float, Field(ge=0, le=20)] | None = None
    morph: Annotated[float, Field(ge=0, le=60)] | None = None
    morph_beats: Annotated[float, Field(ge=0, le=64)] | None = None


class Swing(Part):
    """A swing of a parameter on the beat; without a target it only keeps its place."""

    target: str
    source: Literal["none", "sine", "triangle", "saw", "square", "random"] = "sine"
    beats: Annotated[float, Field(ge=0.125, le=64)] = 4.0
    depth: Unit = 0.2
    phase: Unit = 0.0

    @field_validator("target")
    @classmethod
    def _swings(cls, name: str) -> str:
        return _held_by_presets(_cleaned("mod.1.target", name)) if name else ""


class Scenes(Part):
    """What ties a preset to scenes of OBS.

    Entering one of `enter` recalls it, unless a hand has just played (always: even then);
    recalling it brings the scene `show` on in OBS.
    """

    enter: Annotated[tuple[SceneName, ...], Field(max_length=20)] = ()
    always: bool = False
    show: Annotated[str, Field(max_length=200)] = ""


class Preset(Part):
    """A preset as its file holds it."""

    schema_: Annotated[int, Field(ge=1, strict=True, alias="schema")] = SCHEMA
    title: Title
    note: Text = ""
    tags: Annotated[tuple[Tag, ...], Field(max_length=20)] = ()
    engine: Literal["auto", "scenes", "diffusion"] = "auto"
    model: Annotated[str, Field(max_length=200)] = "auto"
    partial: bool = False
    base: Text = ""
    styles: Annotated[tuple[Style, ...], Field(max_length=9)] = ()
    prompt: Annotated[tuple[Prompt, ...], Field(max_length=PROMPTS)] = ()
    values: dict[str, Any] = Field(default_factory=dict)
    glide: Glide = Glide()
    mod: Annotated[tuple[Swing, ...], Field(max_length=SWINGS)] = ()
    bind: Annotated[tuple[BindRow, ...], Field(max_length=256)] = ()
    obs: Scenes = Scenes()

    @property
    def bindings(self) -> tuple[Binding, ...]:
        """What the preset lays over the controllers' default layouts."""
        return tuple(row.binding() for row in self.bind)

    @field_validator("model")
    @classmethod
    def _no_path(cls, model: str) -> str:
        """Refuse a path: a preset that travels holds none of the machine that it was made on."""
        if set(model) & set("/\\~"):
            raise ValueError("a preset names a model (see `models list`), it holds no path.")
        return model

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
        return {_held_by_presets(name): _cleaned(name, value) for name, value in values.items()}


def _cleaned(name: str, value: Any) -> Any:
    try:
        return clean(name, value)
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
    return document.parse(Preset, data, name=name, schema=SCHEMA)


def changes(preset: Preset, home: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """Return every parameter that recalling `preset` sets.

    What the preset does not name returns to `home`, unless the preset is partial.
    """
    returning = (name for name, spec in PARAMETERS.items() if spec.in_presets and not spec.stays)
    held = {name: home[name] for name in returning}
    found: dict[str, Scalar] = {} if preset.partial else held
    if preset.prompt or not preset.partial:
        found |= _bank(preset)
    found |= preset.values
    glides = {name: getattr(preset.glide, part) for part, name in GLIDES.items()}
    if preset.glide.morph is not None:
        found["preset.morph_beats"] = 0.0  # which would count instead
    found |= {name: value for name, value in glides.items() if value is not None}
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
    schema = Preset.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "EndlessDreams Cam preset"
    schema["properties"]["values"] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {n: _property(n) for n, spec in PARAMETERS.items() if spec.in_presets},
    }
    return schema


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
