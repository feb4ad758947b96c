"""Sources: where the live picture comes from."""

from endlessdreams_cam.sources.catalogue import default_source, make_source, parse, public
from endlessdreams_cam.sources.source import Grab, Source, SourceInfo

__all__ = ["Grab", "Source", "SourceInfo", "default_source", "make_source", "parse", "public"]
