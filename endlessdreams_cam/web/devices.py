"""What this machine has to choose from, for the page."""

from __future__ import annotations

import contextlib
from typing import Any

from endlessdreams_cam.errors import DeviceError
from endlessdreams_cam.models.catalogue import models
from endlessdreams_cam.models.store import Presence, Store
from endlessdreams_cam.settings import model_folder
from endlessdreams_cam.sinks.virtualcam import list_devices as list_outputs
from endlessdreams_cam.sources.cameras import list_cameras

Row = dict[str, Any]

_NOTHING = {"word": "none", "title": "nothing"}
_PLAYED = ({"word": "pattern", "title": "test pattern"}, {"word": "sitter", "title": "sitter"})


def devices() -> dict[str, list[Row]]:
    """Return the words that inputs, outputs and engines can be given, with what they mean.

    Cameras are looked for, not opened.
    """
    cameras = [{"word": f"camera:{c.key}", "title": c.label} for c in list_cameras() if c.captures]
    inputs: list[Row] = [_NOTHING, *cameras, *_screens(), *_PLAYED]
    return {
        "sources": inputs,
        "layers": inputs,
        "outputs": [
            *({"word": out.device, "title": out.label} for out in list_outputs()),
            {"word": "null", "title": "nowhere"},
        ],
        "engines": [
            {"word": "auto", "title": "auto: the best there is"},
            {"word": "scenes", "title": "scenes: no GPU, no download"},
            {"word": "diffusion", "title": "diffusion: a model on a graphics card"},
        ],
        "models": [{"word": "auto", "title": "auto: the first that fits"}, *_models()],
    }


def _models() -> list[Row]:
    """Return the models that were pulled."""
    store = Store(model_folder())
    here = (entry for entry in models() if store.presence(entry.name) is Presence.HERE)
    return [{"word": entry.name, "title": f"{entry.name}: {entry.about}"} for entry in here]


def _screens() -> list[Row]:
    from endlessdreams_cam.sources.screen import list_screens

    with contextlib.suppress(DeviceError):
        return [
            {"word": f"screen:{screen.number}", "title": f"screen {screen.number} ({screen.size})"}
            for screen in list_screens()
        ]
    return []
