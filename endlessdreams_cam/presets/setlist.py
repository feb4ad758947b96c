"""A setlist: which presets a show plays, in which order, with a note to each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator

from endlessdreams_cam.errors import PresetError
from endlessdreams_cam.presets import document
from endlessdreams_cam.presets.document import Part, Text, canonical, read_bytes

_SCHEMA = 1


class Song(Part):
    """One entry. morph (seconds), morph_beats and wait stand in for the preset's and the show's."""

    preset: str
    note: Text = ""
    morph: Annotated[float, Field(ge=0, le=60)] | None = None
    morph_beats: Annotated[float, Field(ge=0, le=64)] | None = None
    wait: Literal["off", "beat", "bar"] | None = None

    @field_validator("preset")
    @classmethod
    def _named(cls, name: str) -> str:
        try:
            return canonical(name)
        except PresetError as error:
            raise ValueError(str(error)) from None


class Setlist(Part):
    """A setlist as its file holds it; a preset may be in it more than once."""

    schema_: Annotated[int, Field(ge=1, alias="schema")] = _SCHEMA
    title: Annotated[str, Field(max_length=60)] = ""
    song: Annotated[tuple[Song, ...], Field(min_length=1, max_length=200)]


def parse_setlist(data: bytes, *, name: str, presets: Sequence[str]) -> Setlist:
    """Return the setlist in a file's bytes; presets are those that there are.

    Raises PresetError with every fault and its place.
    """
    found = document.parse(Setlist, data, name=name, schema=_SCHEMA)
    lost = [f"song.{n}.preset: there is no preset {song.preset!r}"
            for n, song in enumerate(found.song, 1) if song.preset not in presets]  # fmt: skip
    if lost:
        raise PresetError(f"{name}: {'; '.join(lost[:5])}.", remedy=f"There are: {_some(presets)}.")
    return found


def read_setlist(path: Path, presets: Sequence[str]) -> Setlist:
    """Return the setlist in a file; raises PresetError."""
    return parse_setlist(read_bytes(path), name=path.name, presets=presets)


def _some(presets: Sequence[str]) -> str:
    return ", ".join(presets) or "none"
