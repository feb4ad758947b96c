"""Presets: a look with its bank of prompts, as a TOML file; setlists: their order in a show."""

from endlessdreams_cam.presets.library import Entry, Library, shipped_folder
from endlessdreams_cam.presets.model import Preset, changes, json_schema, parse
from endlessdreams_cam.presets.setlist import Setlist, Song, read_setlist

__all__ = [
    "Entry",
    "Library",
    "Preset",
    "Setlist",
    "Song",
    "changes",
    "json_schema",
    "parse",
    "read_setlist",
    "shipped_folder",
]
