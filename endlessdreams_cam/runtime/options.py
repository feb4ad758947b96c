"""What a show is asked to be."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path

from endlessdreams_cam.errors import SettingError
from endlessdreams_cam.frame import Size
from endlessdreams_cam.obs.login import parse_url

_DREAM_AREA = 640 * 360
_LARGEST = (1920, 1080)
_SMALLEST = (160, 90)
"""The longer side and the shorter one: upright sizes are allowed too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowOptions:
    """Everything that `run` can be told.

    source and layer are words (see `sources.parse`); outputs are words of which at most one is a
    virtual camera; sets are parameters by name; preset None opens on the setlist's first, else on
    the showpiece; setlist None takes the one in the presets' folder, if there is one; obs is auto,
    on, off or ws://HOST:PORT.
    """

    preset: str | None = None
    setlist: Path | None = None
    source: str = "none"
    layer: str = "none"
    engine: str = "auto"
    model: str | None = None
    size: Size = Size(1280, 720)
    fps: float = 30.0
    device: str | None = None
    dream_size: Size | None = None
    outputs: tuple[str, ...] = ("virtualcam",)
    sets: dict[str, str] = field(default_factory=dict)
    unpaced: bool = False
    report: Path | None = None
    midi: str = "real"
    osc: tuple[str, int] | None = None
    obs: str = "auto"


def parse_osc(text: str) -> tuple[str, int]:
    """Return host and port from "9001" or "0.0.0.0:9001"; raises SettingError."""
    host, _, port = text.rpartition(":")
    if not (port.isascii() and port.isdigit() and 1024 <= int(port) <= 65535):
        raise SettingError(
            f"--osc cannot be {text!r}.",
            remedy="Write a port from 1024 to 65535, as in --osc 9001, or HOST:PORT.",
        )
    return host or "127.0.0.1", int(port)


def parse_obs(text: str) -> str:
    """Return what --obs says, checked: auto, on, off or ws://HOST[:PORT]; raises SettingError."""
    if text not in ("auto", "on", "off"):
        parse_url(text)
    return text


def parse_size(text: str, *, name: str) -> Size:
    """Return a size from "1280x720"; raises SettingError.

    Sides are even, 160x90 to 1920x1080, lying or upright.
    """
    parts = text.lower().replace("×", "x").split("x")
    allowed = "Allowed: even sides from 160x90 to 1920x1080, like 1280x720 or upright 720x1280."
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() for part in parts):
        raise SettingError(f"{name} cannot be {text!r}.", remedy=allowed)
    size = Size(int(parts[0]), int(parts[1]))
    sides = sorted(size, reverse=True)
    fits = all(
        low <= side <= high for low, side, high in zip(_SMALLEST, sides, _LARGEST, strict=True)
    )
    if not fits or size.width % 2 or size.height % 2:
        raise SettingError(f"{name} cannot be {text!r}.", remedy=allowed)
    return size


def dream_size_for(program: Size) -> Size:
    """Return the scenes' best size at the program's aspect: about 640×360 pixels, sides even."""
    scale = min(math.sqrt(_DREAM_AREA / (program.width * program.height)), 1.0)
    return Size(*(max(2 * round(side * scale / 2), 64) for side in program))
