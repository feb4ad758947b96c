"""What may be said to the show: one model for every message, for the WebSocket and for REST."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from endlessdreams_cam.documents import faults
from endlessdreams_cam.errors import SettingError

Scalar = bool | int | float | str
Name = Annotated[str, Field(min_length=1, max_length=60)]
Seconds = Annotated[float, Field(ge=0, le=60)]
Part = Annotated[float, Field(ge=0, le=1)]
Wait = Literal["off", "beat", "bar"]
Topic = Literal[
    "parameters", "live", "status", "events", "waiting", "controls", "learning", "thumbs",
    "program", "source",
]  # fmt: skip


class Message(BaseModel):
    """Something that a client says; what it does not know is refused, and so is NaN."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, frozen=True)

    id: int | str | None = None


class Hello(Message):
    """The first message of a WebSocket: who is there. A picture's key may look at pictures."""

    do: Literal["hello"]
    token: Annotated[str, Field(max_length=200)]


class Subscribe(Message):
    """Choose what to be told, at most so many times a second, and how wide previews are."""

    do: Literal["subscribe"]
    topics: Annotated[tuple[Topic, ...], Field(max_length=20)] = ()
    hz: Annotated[float, Field(ge=0.2, le=60)] = 30.0
    width: Literal["small", "full"] = "small"


class Seen(Message):
    """The preview was drawn: the next one may come."""

    do: Literal["seen"]
    picture: Literal["program", "source"]


class Set(Message):
    """Set parameters, all or none; numbers arrive after `glide` seconds."""

    do: Literal["set"] = "set"
    values: Annotated[dict[Name, Scalar], Field(min_length=1, max_length=400)]
    glide: Seconds | None = None


class Unit(Message):
    """Set numbers by where a knob stands on its travel, 0…1."""

    do: Literal["unit"] = "unit"
    values: Annotated[dict[Name, Part], Field(min_length=1, max_length=400)]


class Pull(Message):
    """Pull a trigger: dream.reseed, tempo.tap, tempo.resync, source.plate."""

    do: Literal["pull"] = "pull"
    name: Name


class DoAct(Message):
    """Do an action: panic, release, preset.next, prompt.3, cut.black … (GET /api/actions)."""

    do: Literal["act"] = "act"
    action: Name


class Cut(Message):
    """Cut the program."""

    do: Literal["cut"] = "cut"
    to: Literal["dream", "source", "hold", "slate", "black"]


class Recall(Message):
    """Recall a preset; morph in seconds and wait in place of what preset and setlist say."""

    do: Literal["recall"] = "recall"
    preset: Name
    morph: Seconds | None = None
    wait: Wait | None = None


class Save(Message):
    """Save the bank and the look, with the controls that were learned, as a preset of your own."""

    do: Literal["save"] = "save"
    name: Name


class Lock(Message):
    """Keep a parameter, or a group, out of recalls."""

    do: Literal["lock"] = "lock"
    name: Name


class Unlock(Message):
    """Let recalls change it again."""

    do: Literal["unlock"] = "unlock"
    name: Name


class Learn(Message):
    """Bind the next control that is moved to a parameter or an action."""

    do: Literal["learn"] = "learn"
    name: Name


class StopLearning(Message):
    """Let the controls play again."""

    do: Literal["stop_learning"] = "stop_learning"


class Bind(Message):
    """Change a binding, or make one: fields that are left out stay as they are."""

    do: Literal["bind"] = "bind"
    control: Name
    to: Name
    device: Annotated[str, Field(max_length=80)] = ""
    shift: bool | None = None
    range: tuple[float, float] | None = None
    invert: bool | None = None
    curve: Literal["auto", "linear", "exp", "log"] | None = None
    pickup: Literal["jump", "pickup", "scaled"] | None = None


class Stage(Message):
    """Give a prompt slot its text: now, or on the next bar."""

    do: Literal["stage"] = "stage"
    slot: Annotated[int, Field(ge=1, le=8)]
    text: Annotated[str, Field(max_length=400)]
    when: Literal["now", "bar"] = "now"


class Stroke(BaseModel):
    """One stroke: size in heights of the picture, points in its widths and heights."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, frozen=True)

    kind: Literal["noise", "colour", "keep", "erase"]
    points: Annotated[tuple[tuple[Part, Part], ...], Field(min_length=1, max_length=500)]
    colour: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] = "#ffffff"
    size: Annotated[float, Field(gt=0, le=1)] = 0.12
    decay_s: Annotated[float, Field(ge=0.1, le=600)] = 4.0


class Paint(Message):
    """Draw into the dream; clear takes away what was drawn before."""

    do: Literal["paint"] = "paint"
    strokes: Annotated[tuple[Stroke, ...], Field(max_length=50)] = ()
    clear: bool = False


class Devices(Message):
    """Ask what this machine has: sources, layers, outputs, engines, models."""

    do: Literal["devices"] = "devices"


class Output(Message):
    """Send the program to another virtual camera, by its device; null: to none."""

    do: Literal["output"] = "output"
    to: Annotated[str, Field(min_length=1, max_length=200)]


class Obs(Message):
    """Connect to OBS or leave it; start or stop OBS's own virtual camera."""

    do: Literal["obs"] = "obs"
    what: Literal["connect", "disconnect", "camera start", "camera stop"]


Order: TypeAlias = (
    Set | Unit | Pull | DoAct | Cut | Recall | Save | Lock | Unlock | Learn | StopLearning | Bind
    | Stage | Paint | Devices | Output | Obs
)  # fmt: skip
"""What the show does."""

AnyMessage: TypeAlias = Annotated[Order | Hello | Subscribe | Seen, Field(discriminator="do")]

_ANY: TypeAdapter[Any] = TypeAdapter(AnyMessage)


def read(data: str | bytes) -> Message:
    """Return the message in a JSON text; raises SettingError."""
    try:
        found: Message = _ANY.validate_json(data)
    except ValidationError as error:
        raise SettingError(
            f"This message cannot be read: {faults(error)}", remedy="docs/api.md has them all."
        ) from None
    return found


def checked(kind: type[Message], fields: dict[str, object]) -> Message:
    """Return a message with these fields; raises SettingError."""
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        raise SettingError(
            f"This request cannot be done: {faults(error)}", remedy="docs/api.md has them all."
        ) from None
