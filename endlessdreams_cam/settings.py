"""Folders and names of this installation, in each system's own places."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

_APP = "endlessdreams-cam"


def runtime_folder() -> Path:
    """Return the folder of the running show (socket, lock, logs), made for this user only.

    ENDLESSDREAMS_RUNTIME overrides it: shows with different folders do not know of each other.
    """
    given = os.environ.get("ENDLESSDREAMS_RUNTIME")
    folder = Path(given) if given else Path(platformdirs.user_runtime_dir(_APP))
    if not given and not folder.parent.is_dir():
        folder = Path(platformdirs.user_cache_dir(_APP)) / "run"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def preset_folder() -> Path:
    """Return the folder of the user's own presets (it may not exist yet).

    ENDLESSDREAMS_PRESETS overrides it.
    """
    given = os.environ.get("ENDLESSDREAMS_PRESETS")
    return Path(given) if given else Path(platformdirs.user_config_dir(_APP)) / "presets"


def profile_folder() -> Path:
    """Return the folder of the user's own controller profiles (it may not exist yet).

    ENDLESSDREAMS_CONTROLLERS overrides it.
    """
    given = os.environ.get("ENDLESSDREAMS_CONTROLLERS")
    return Path(given) if given else Path(platformdirs.user_config_dir(_APP)) / "controllers"


def recording_folder() -> Path:
    """Return where recordings go when no file is named."""
    return Path(platformdirs.user_videos_dir())
