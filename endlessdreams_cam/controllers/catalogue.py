"""MIDI systems by name."""

from __future__ import annotations

from endlessdreams_cam.controllers.system import System
from endlessdreams_cam.registry import Registry

_HERE = "endlessdreams_cam.controllers"

SYSTEMS = Registry(
    "MIDI system",
    {"real": f"{_HERE}.realtime:RealTime", "fault": f"{_HERE}.faults:FaultSystem"},
    hidden=("fault",),
)


def make_system(words: str = "real") -> System:
    """Return a MIDI system, not yet open: real, or fault:KIND; raises SettingError."""
    name, _, argument = words.partition(":")
    system: System = SYSTEMS.load(name)(argument)
    return system
