"""What all files of a performer share: TOML, read whole, refused with the place of every fault."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from endlessdreams_cam.documents import faults, read_toml
from endlessdreams_cam.errors import PresetError

LARGEST = 64 * 1024
"""Bytes: a preset file is about 2 KB."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


def _plain(text: str) -> str:
    """Return a text in one line, as the parameters take it; no control characters."""
    text = " ".join(text.split()) if "\n" in text else text.strip()
    if not text.isprintable():
        raise ValueError("there are characters in it that cannot be printed")
    return text


# The length is checked before the text is made plain: after it, it would count "items".
_PLAIN = AfterValidator(_plain)
Text = Annotated[str, Field(max_length=400), _PLAIN]
Title = Annotated[str, Field(min_length=1, max_length=60), _PLAIN]
Label = Annotated[str, Field(max_length=10), _PLAIN]
Tag = Annotated[str, Field(max_length=30), _PLAIN]
Style = Annotated[str, Field(max_length=100), _PLAIN]
Unit = Annotated[float, Field(ge=0, le=1)]


class Part(BaseModel):
    """A part of a file: unknown keys and what is no number are refused."""

    model_config = ConfigDict(
        extra="forbid", allow_inf_nan=False, frozen=True, populate_by_name=True
    )


_Kind = TypeVar("_Kind", bound=Part)


def parse(kind: type[_Kind], data: bytes, *, name: str, schema: int) -> _Kind:
    """Return what a file's bytes hold; raises PresetError with every fault and its place.

    schema is the newest that this program reads.
    """
    document = read_toml(data, name=name, largest=LARGEST, error=PresetError)
    given = document.get("schema", schema)
    if isinstance(given, int) and given > schema:
        raise PresetError(
            f"{name} has schema {given}; this version reads up to {schema}.",
            remedy="Update EndlessDreams Cam to use it.",
        )
    try:
        return kind.model_validate(document)
    except ValidationError as error:
        raise PresetError(f"{name}: {faults(error)}") from None


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes, no more than tell that it is too large; raises PresetError."""
    try:
        # A pipe would wait and a device never end: only a file is read, and no more than needed.
        if not path.is_file():
            path.stat()  # says what is wrong where nothing is there
            raise PresetError(f"{path} is not a file.", remedy="Put a preset's file there.")
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise PresetError(f"{path} cannot be read: {error.strerror}.") from error


def good_name(name: str) -> bool:
    """Whether a file of that name (without .toml) may be a preset."""
    return _NAME.fullmatch(name) is not None


def canonical(name: str) -> str:
    """Return a preset's name as its file has it ("Neon Mile" → "neon-mile").

    Names have letters, digits, - and _ only: none can leave its folder. Raises PresetError.
    """
    short = re.sub(r"\s+", "-", name.strip().lower().removesuffix(".toml"))
    if not good_name(short):
        raise PresetError(
            f"{name[:60]!r} is not a preset's name.", remedy="Use letters, digits, - and _."
        )
    return short
