"""The MIDI ports of this machine, for people who ask."""

from __future__ import annotations

from dataclasses import dataclass

from endlessdreams_cam.controllers.names import is_device
from endlessdreams_cam.controllers.system import System
from endlessdreams_cam.errors import DeviceError


@dataclass(frozen=True, slots=True)
class MidiSystem:
    """The names of the inputs and outputs, and why there can be none."""

    ports: tuple[str, ...] = ()
    problem: str = ""
    remedy: str = ""
    outputs: tuple[str, ...] = ()


def list_ports(system: System | None = None) -> MidiSystem:
    """Return the MIDI ports; a machine without MIDI is a reason, never an error."""
    if system is None:
        from endlessdreams_cam.controllers.realtime import RealTime

        system = RealTime()
    try:
        with system:
            inputs, outputs = system.inputs(), system.outputs()
    except DeviceError as error:
        return MidiSystem(problem=error.cause, remedy=error.remedy)
    return MidiSystem(
        tuple(port.name for port in inputs if is_device(port.name)),
        outputs=tuple(port.name for port in outputs if is_device(port.name)),
    )
