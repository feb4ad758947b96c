"""What a profile's file holds, and how it becomes a profile."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from endlessdreams_cam.bindings import Encoding, good_control
from endlessdreams_cam.bindings.row import BindRow
from endlessdreams_cam.controllers.profile import Control, Light, Part, Profile
from endlessdreams_cam.controllers.series import MOST, fill, spread_all
from endlessdreams_cam.documents import faults, read_toml
from endlessdreams_cam.errors import ProfileError

LARGEST = 64 * 1024
"""Bytes: a profile is about 4 KB."""

LEARNED = ("cc.", "note.")
"""How the controls without a message are called: they are named in order of their first use."""

Text = Annotated[str, Field(max_length=80)]
Texts = Text | Annotated[tuple[Text, ...], Field(min_length=1, max_length=MOST)]
Series = Annotated[str, Field(max_length=400)]
Message = Series | Annotated[tuple[Text, ...], Field(min_length=1, max_length=MOST)]
Messages = Message | dict[Text, Message]
"""The messages of the controls, or those of each of the device's own layers."""

Byte = Annotated[int, Field(ge=0, le=127)]
Place = Annotated[float, Field(ge=-100, le=100)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, frozen=True)


class LightWays(_Part):
    """How lights are switched."""

    on: Byte | None = None
    off: Byte | None = None
    blink: Byte | None = None
    continuous: bool | None = None
    on_release: bool | None = None


class LightRow(LightWays):
    """The light of a control. Without a message of its own the control's message sets it."""

    message: Messages = ""


class ControlRow(_Part):
    """One control, or several at once."""

    name: Texts
    part: Part
    message: Messages = ""
    label: Texts = ""
    relative: Encoding | None = None
    light: bool | Text | LightRow = False
    x: Place = 0.0
    y: Place = 0.0
    dx: Place = 1.0
    dy: Place = 0.0

    @model_validator(mode="after")
    def _stands_for_controls(self) -> ControlRow:
        for control in self.controls(LightWays()):
            _check(control)
        return self

    def controls(self, ways: LightWays) -> Iterator[Control]:
        """Return the controls of each layer; raises ValueError if their numbers differ."""
        names = spread_all(self.name)
        labels = fill(spread_all(self.label), len(names), "labels")
        layers = self.message if isinstance(self.message, dict) else {"": self.message}
        for layer, message in layers.items():
            messages = fill(spread_all(message), len(names), "messages")
            lights = self._lights(layer, messages, ways)
            for n, name in enumerate(names):
                yield Control(
                    name=name,
                    address=messages[n],
                    part=self.part,
                    label=labels[n],
                    relative=self.relative,
                    light=lights[n],
                    layer=layer,
                    x=self.x + n * self.dx,
                    y=self.y + n * self.dy,
                )

    def _lights(
        self, layer: str, messages: tuple[str, ...], ways: LightWays
    ) -> tuple[Light | None, ...]:
        if self.light is False:
            return (None,) * len(messages)
        row = self.light if isinstance(self.light, LightRow) else LightRow()
        given = self.light if isinstance(self.light, str) else row.message
        text = given.get(layer, "") if isinstance(given, dict) else given
        addresses = fill(spread_all(text), len(messages), "lights") if text else messages
        how = ways.model_dump(exclude_none=True) | row.model_dump(exclude_none=True)
        del how["message"]
        return tuple(Light(address=address, **how) for address in addresses)


def _check(control: Control) -> None:
    if ":" in control.name or not good_control(control.name):
        raise ValueError(f"{control.name!r} is no control's name: use one such as knob.1")
    if not control.address and not control.name.startswith(LEARNED):
        raise ValueError("message is missing")
    for message in (control.address, control.light and control.light.address):
        if message and (":" not in message or "*" in message or not good_control(message)):
            raise ValueError(
                f"{message!r} is no message: write kind, channel (1 to 16) and number, such as "
                "cc:1:74 or note:10:36"
            )


def _expanded(given: Any) -> Any:
    """Return all rows that a [[bind]] stands for, each to be validated by itself."""
    if not isinstance(given, dict):
        return (given,)
    control, to = given.get("control"), given.get("to")
    if not (isinstance(control, str | list) and isinstance(to, str | list) and control and to):
        return (given,)
    controls, targets = spread_all(control), spread_all(to)
    count = max(len(controls), len(targets))
    pairs = zip(fill(controls, count, "controls"), fill(targets, count, "targets"), strict=True)
    return tuple(given | {"control": control, "to": to} for control, to in pairs)


BindRows = Annotated[tuple[BindRow, ...], BeforeValidator(_expanded)]


class ProfileFile(_Part):
    """A profile as its file holds it."""

    title: Annotated[str, Field(min_length=1, max_length=60)]
    match: tuple[Annotated[str, Field(min_length=3, max_length=60)], ...] = ()
    notes: tuple[Annotated[str, Field(max_length=400)], ...] = ()
    burst: Annotated[int, Field(ge=1, le=1000)] = 12
    light: LightWays = LightWays()
    control: Annotated[tuple[ControlRow, ...], Field(min_length=1, max_length=256)]
    bind: Annotated[tuple[BindRows, ...], Field(max_length=256)] = ()

    def profile(self, name: str) -> Profile:
        """Return the profile; raises ValueError where its parts do not fit together."""
        controls = tuple(c for row in self.control for c in row.controls(self.light))
        _once("message", ((c.address, "") for c in controls if c.address))
        _once("control", ((c.name, c.layer) for c in controls))
        _once("light", ((c.light.address, c.layer) for c in controls if c.light))
        self._check_layout({c.name for c in controls})
        return Profile(
            name=name,
            title=self.title,
            match=tuple(part.lower() for part in self.match),
            controls=controls,
            layout=tuple(row.binding() for rows in self.bind for row in rows),
            notes=self.notes,
            burst=self.burst,
        )

    def _check_layout(self, known: set[str]) -> None:
        for n, rows in enumerate(self.bind, 1):
            for row in rows:
                if ":" in row.control or row.control in known:
                    continue
                near = difflib.get_close_matches(row.control, known, n=1)
                hint = f" Did you mean {near[0]}?" if near else ""
                raise ValueError(f"bind.{n}: there is no control {row.control!r} here.{hint}")


def _once(what: str, given: Iterable[tuple[str, str]]) -> None:
    """Raise ValueError for a name that is there twice in one layer, or in one and in all."""
    layers: dict[str, list[str]] = {}
    for name, layer in given:
        others = layers.setdefault(name, [])
        if layer in others or (others and (not layer or "" in others)):
            raise ValueError(f"the {what} {name} is there twice")
        others.append(layer)


def parse(data: bytes, *, name: str) -> Profile:
    """Return the profile in the bytes of the file called `name`.

    Raises ProfileError with every fault and its place.
    """
    document = read_toml(data, name=name, largest=LARGEST, error=ProfileError)
    try:
        return ProfileFile.model_validate(document).profile(name.removesuffix(".toml"))
    except ValidationError as error:
        raise ProfileError(f"{name}: {faults(error)}.") from None
    except ValueError as error:
        raise ProfileError(f"{name}: {error}.") from None
