"""Sinks: where the program goes."""

from endlessdreams_cam.sinks.catalogue import make_sink, parse_output
from endlessdreams_cam.sinks.sink import Sink, SinkInfo

__all__ = ["Sink", "SinkInfo", "make_sink", "parse_output"]
