"""The worlds by name; each is imported when it is first painted."""

from __future__ import annotations

import importlib

from endlessdreams_cam.engines.scenes.mood import Mood
from endlessdreams_cam.engines.scenes.world import Scene
from endlessdreams_cam.frame import Size

_HERE = "endlessdreams_cam.engines.scenes.worlds"

SCENES: dict[str, str] = {
    "sky": f"{_HERE}.sky:Sky",
    "ocean": f"{_HERE}.ocean:Ocean",
    "mountains": f"{_HERE}.mountains:Mountains",
    "forest": f"{_HERE}.forest:Forest",
    "city": f"{_HERE}.city:City",
    "galaxy": f"{_HERE}.galaxy:Galaxy",
    "fire": f"{_HERE}.fire:Fire",
    "aurora": f"{_HERE}.aurora:Aurora",
    "flowers": f"{_HERE}.flowers:Flowers",
    "underwater": f"{_HERE}.underwater:Underwater",
    "crystals": f"{_HERE}.crystals:Crystals",
    "synthwave": f"{_HERE}.synthwave:Synthwave",
}


def make(name: str, size: Size, mood: Mood) -> Scene:
    """Return a new scene; raises KeyError for a name that is not in the catalogue."""
    module, _, cls = SCENES[name].partition(":")
    scene = getattr(importlib.import_module(module), cls)(size, mood)
    assert isinstance(scene, Scene)
    return scene
