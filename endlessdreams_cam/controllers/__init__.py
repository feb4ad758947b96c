"""Controllers: the hands' devices."""

from endlessdreams_cam.controllers.ports import MidiSystem, list_ports

__all__ = ["MidiSystem", "list_ports"]
