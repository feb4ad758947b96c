"""What main asks of each worker: plain data that travels when it is spawned."""

from __future__ import annotations

from dataclasses import dataclass

from endlessdreams_cam.frame import Size


@dataclass(frozen=True, slots=True)
class CaptureJob:
    """Read a live input into a slot. role is "source" or "layer"."""

    words: str
    role: str
    frames: str
    snapshot: str
    fps: float


@dataclass(frozen=True, slots=True)
class EngineJob:
    """Dream into a slot from the slots of the inputs."""

    engine: str
    size: Size
    dreams: str
    source: str
    layer: str
    paint: str
    program: str
    snapshot: str
    fps: float
    unpaced: bool


@dataclass(frozen=True, slots=True)
class OutputJob:
    """Compose the program and send it. dreams maps "a" and "b" to their slots."""

    output: str
    device: str | None
    size: Size
    fps: float
    dream_a: str
    dream_b: str
    source: str
    program: str
    snapshot: str
    standby: bool
    unpaced: bool


@dataclass(frozen=True, slots=True)
class ViewerJob:
    """Show or record the program."""

    output: str
    size: Size
    fps: float
    program: str


THUMB = Size(160, 90)
"""A thumbnail's size."""

THUMBS = 48
"""How many there are at most: eight prompts, then presets."""

_ACROSS = 8


@dataclass(frozen=True, slots=True)
class ThumbsJob:
    """Dream small into one sheet of tiles; wish is a slot with the names of the presets."""

    pictures: str
    wish: str
    snapshot: str
    size: Size


def sheet_size() -> Size:
    """Return the size of the sheet that holds all thumbnails."""
    return Size(THUMB.width * _ACROSS, THUMB.height * -(-THUMBS // _ACROSS))


def tile(n: int) -> tuple[slice, slice]:
    """Return where thumbnail n (0…) lies on the sheet: rows and columns."""
    top, left = n // _ACROSS * THUMB.height, n % _ACROSS * THUMB.width
    return slice(top, top + THUMB.height), slice(left, left + THUMB.width)
