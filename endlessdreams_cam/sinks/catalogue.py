"""Sinks by name."""

from __future__ import annotations

from pathlib import Path

from endlessdreams_cam.errors import SettingError
from endlessdreams_cam.frame import Size
from endlessdreams_cam.registry import Registry
from endlessdreams_cam.sinks.sink import Sink

_HERE = "endlessdreams_cam.sinks"

SINKS = Registry(
    "output",
    {
        "virtualcam": f"{_HERE}.virtualcam:VirtualCamera",
        "window": f"{_HERE}.window:Window",
        "null": f"{_HERE}.null:Null",
        "record": f"{_HERE}.record:Recorder",
        "fault": f"{_HERE}.faults:FaultSink",
    },
    hidden=("fault",),
)


def parse_output(words: str) -> tuple[str, str]:
    """Return an output's kind and argument; raises SettingError with what is allowed."""
    kind, _, argument = words.partition(":")
    SINKS.check(kind)
    if kind == "record" and Path(argument).suffix.lower() != ".mkv":
        raise SettingError(
            f"{words!r} is not a recording.",
            remedy="Write record:FILE.mkv (MKV survives a crash in the middle).",
        )
    if kind in ("virtualcam", "window", "null") and argument:
        raise SettingError(f"{kind} takes no {argument!r}.", remedy="Use --device for a device.")
    return kind, argument


def make_sink(words: str, size: Size, fps: float, device: str | None = None) -> Sink:
    """Return a new sink, not yet open; raises SettingError."""
    kind, argument = parse_output(words)
    sink: Sink = SINKS.load(kind)(size, fps, device if kind == "virtualcam" else argument)
    return sink
