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
