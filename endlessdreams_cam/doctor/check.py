"""One check's outcome."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARNING = "warning"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Check:
    """A check's name, outcome, what was found, and the command or click that mends it."""

    name: str
    state: State
    text: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Device:
    """One line of the device table. kind: camera, virtual camera, MIDI or GPU."""

    kind: str
    label: str
    words: str = ""
    default: bool = False
    note: str = ""
