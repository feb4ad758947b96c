"""How a preset's file is written: what stands there keeps its comments, order and bindings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TypeAlias

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.items import AoT

from endlessdreams_cam.bindings import Binding
from endlessdreams_cam.errors import PresetError
from endlessdreams_cam.parameters import PARAMETERS, PROMPTS, Snapshot, find
from endlessdreams_cam.parameters.spec import Scalar
from endlessdreams_cam.parameters.table import SWINGS, defaults
from endlessdreams_cam.presets.model import GLIDES, SCHEMA

Document: TypeAlias = TOMLDocument

_Row = Mapping[str, Scalar]

_SLOT = ("label", "text", "weight")
_SWING = ("target", "source", "beats", "depth", "phase")
_BANK = frozenset(f"prompt.{n}.{part}" for n in range(1, PROMPTS + 1) for part in _SLOT)
_MODS = frozenset(f"mod.{n}.{part}" for n in range(1, SWINGS + 1) for part in _SWING)
_ELSEWHERE = _BANK | _MODS | {"prompt.base", *GLIDES.values()}
"""Parameters that have a place of their own in a preset's file."""

_ONCE_MORE = ("engine", "model", "bind")  # what a new file takes over from the preset on air


def load(path: Path) -> Document:
    """Return a file to be filled again; raises PresetError."""
    try:
        return tomlkit.parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomlkit.exceptions.TOMLKitError) as error:
        raise PresetError(f"{path.name} is there but cannot be kept: {error}.") from error


def begin(title: str, like: Document | None) -> Document:
    """Return a new file, with the engine and the bindings of another."""
    document = tomlkit.document()
    document["schema"] = SCHEMA
    document["title"] = title
    held = like.unwrap() if like else {}
    for key in _ONCE_MORE:
        if key in held:
            document[key] = held[key]
    return document


def fill(document: Document, snapshot: Snapshot, home: Mapping[str, Scalar]) -> None:
    """Put the bank, the look and the swings of a snapshot into a file."""
    values = snapshot.values
    document.pop("partial", None)  # what is saved is the whole look
    if document.get("base") != values["prompt.base"]:
        document["base"] = str(values["prompt.base"])
    if snapshot.styles or "styles" in document:
        document["styles"] = list(snapshot.styles)
    _update_rows(document, "prompt", _rows(values, "prompt", PROMPTS, _SLOT, _EMPTY_SLOT))
    _update(document, "values", _held(document, values, home))
    _update(document, "glide", _glides(document, values))
    _update_rows(document, "mod", _swings(values))


def add_binding(document: Document, binding: Binding) -> None:
    """Put a binding into a file, in the place of what its control did before."""
    row = _row_of(binding)
    rows = document.get("bind")
    if not isinstance(rows, AoT):
        kept = list(rows.unwrap()) if rows is not None else []  # written in one line
        document.pop("bind", None)
        rows = tomlkit.aot()
        for old in kept:
            rows.append(tomlkit.item(old))
        document["bind"] = rows
    place = (binding.control, binding.shift)
    same = [n for n, old in enumerate(rows) if (old["control"], old.get("shift", False)) == place]
    for n in reversed(same):
        del rows[n]
    rows.append(tomlkit.item(row))


def _row_of(binding: Binding) -> dict[str, object]:
    """Return what a file says of a binding: all that is not as it is anyway."""
    plain = Binding(control=binding.control, to=binding.to)
    row: dict[str, object] = {"control": binding.control, "to": binding.to}
    for field in fields(binding):
        value = getattr(binding, field.name)
        if value != getattr(plain, field.name):
            row[field.name] = _plain(value)
    return row


def _plain(value: object) -> object:
    """Return a field as TOML has it."""
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, str) else value


def dump(document: Document) -> bytes:
    """Return the bytes of a file."""
    return tomlkit.dumps(document).encode()


def _held(
    document: Document, values: Mapping[str, Scalar], home: Mapping[str, Scalar]
) -> dict[str, Scalar]:
    """Return what [values] is to hold: what differs from home, and what the file names already."""
    named = _names(document.get("values", {}))
    return {
        name: value
        for name, value in values.items()
        if (spec := PARAMETERS[name]).in_presets
        and name not in _ELSEWHERE
        and (name in named or (value != home[name] and not spec.stays))
    }


def _glides(document: Document, values: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """Return what [glide] is to hold; beats only where the morph is counted in them."""
    found = {key: values[name] for key, name in GLIDES.items()}
    if not found["morph_beats"] and "morph_beats" not in document.get("glide", {}):
        del found["morph_beats"]
    return found


def _names(table: Mapping[str, object]) -> set[str]:
    """Return the parameters that a [values] names, flat or in tables of their own."""
    nested = {key: value for key, value in table.items() if isinstance(value, Mapping)}
    inner = {f"{key}.{part}" for key, value in nested.items() for part in value}
    return {key for key in table if key not in nested} | inner


_EMPTY_SLOT: _Row = {"label": "", "text": "", "weight": 0.0}
_EMPTY_SWING: _Row = {part: defaults()[f"mod.1.{part}"] for part in _SWING}


def _swings(values: Mapping[str, Scalar]) -> list[_Row]:
    """Return the rows of [[mod]]; a swing of what belongs to the show is left out."""
    found = []
    for row in _rows(values, "mod", SWINGS, _SWING, _EMPTY_SWING):
        target = str(row["target"])
        kept = not target or find(target).in_presets
        found.append(row if kept else _EMPTY_SWING)
    while found and found[-1] == _EMPTY_SWING:
        found.pop()
    return found


def _rows(
    values: Mapping[str, Scalar], group: str, most: int, parts: Sequence[str], empty: _Row
) -> list[_Row]:
    """Return the rows of a group (prompt.N.…) up to the last that is not empty."""
    rows: list[_Row] = [
        {part: values[f"{group}.{n}.{part}"] for part in parts} for n in range(1, most + 1)
    ]
    while rows and rows[-1] == empty:
        rows.pop()
    return rows


def _update(document: Document, key: str, wanted: _Row) -> None:
    """Make a table hold what is wanted, leaving its comments and order where they are."""
    if key not in document:
        document.add(tomlkit.nl())
    table = document.setdefault(key, tomlkit.table())
    for name in [name for name in table if name not in wanted]:
        del table[name]
    for name, value in wanted.items():
        if name not in table or table[name] != value:
            table[name] = value


def _update_rows(document: Document, key: str, rows: Sequence[_Row]) -> None:
    """Make an array of tables hold the rows; a row that stays keeps its comments."""
    old = document.get(key)
    if not isinstance(old, AoT):
        document.pop(key, None)
        if not rows:
            return
        document.add(tomlkit.nl())
        document[key] = tomlkit.aot()
        old = document[key]
    while len(old) > len(rows):
        del old[-1]
    for table, row in zip(old, rows, strict=False):
        for name, value in row.items():
            if name not in table or table[name] != value:
                table[name] = value
    for row in rows[len(old) :]:
        old.append(tomlkit.item(dict(row)))
    if not rows:
        del document[key]
