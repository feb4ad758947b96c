"""Presets: a look with its bank of prompts, as a TOML file."""

from endlessdreams_cam.presets.library import Entry, Library, shipped_folder
from endlessdreams_cam.presets.model import Preset, changes, json_schema, parse

__all__ = ["Entry", "Library", "Preset", "changes", "json_schema", "parse", "shipped_folder"]
