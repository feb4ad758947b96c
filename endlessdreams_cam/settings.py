"""Folders and names of this installation, in each system's own places."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs

_APP = "endlessdreams-cam"


def runtime_folder() -> Path:
    """Return the folder of the running show (socket, lock, logs), made for this user only.

    ENDLESSDREAMS_RUNTIME overrides it: shows with different folders do not know of each other.
    """
    folder = _given("ENDLESSDREAMS_RUNTIME") or _own_runtime_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _own_runtime_folder() -> Path:
    """Return this system's place for it; where a login made none, one that is this user's too.

    platformdirs would warn and take one under /tmp, which anybody may have made before.
    """
    unix = sys.platform not in ("win32", "darwin")
    if unix and not Path(os.environ.get("XDG_RUNTIME_DIR") or "/nowhere").is_dir():
        return Path(platformdirs.user_cache_dir(_APP)) / "run"
    return Path(platformdirs.user_runtime_dir(_APP))


# None of these need exist yet.


def preset_folder() -> Path:
    """Return the folder of the user's own presets; ENDLESSDREAMS_PRESETS overrides it."""
    return _given("ENDLESSDREAMS_PRESETS") or Path(platformdirs.user_config_dir(_APP)) / "presets"


def profile_folder() -> Path:
    """Return the folder of own controller profiles; ENDLESSDREAMS_CONTROLLERS overrides it."""
    return (
        _given("ENDLESSDREAMS_CONTROLLERS")
        or Path(platformdirs.user_config_dir(_APP)) / "controllers"
    )


def model_folder() -> Path:
    """Return the folder of downloaded models; ENDLESSDREAMS_MODELS overrides it."""
    return _given("ENDLESSDREAMS_MODELS") or Path(platformdirs.user_data_dir(_APP)) / "models"


def lora_folder() -> Path:
    """Return the folder of the user's LoRAs; ENDLESSDREAMS_LORAS overrides it."""
    return _given("ENDLESSDREAMS_LORAS") or Path(platformdirs.user_data_dir(_APP)) / "loras"


def cache_folder() -> Path:
    """Return the folder of compiled kernels and the like; ENDLESSDREAMS_CACHE overrides it."""
    return _given("ENDLESSDREAMS_CACHE") or Path(platformdirs.user_cache_dir(_APP))


def panel_file() -> Path:
    """Return the file of the panel's tokens; ENDLESSDREAMS_PANEL overrides it."""
    return _given("ENDLESSDREAMS_PANEL") or Path(platformdirs.user_config_dir(_APP)) / "panel.json"


def obs_file() -> Path:
    """Return the file that says where OBS is; ENDLESSDREAMS_OBS overrides it."""
    return _given("ENDLESSDREAMS_OBS") or Path(platformdirs.user_config_dir(_APP)) / "obs.json"


def obs_password_file() -> Path:
    """Return the file that a person may keep OBS's password in, beside `obs_file`."""
    return obs_file().with_name("obs-password")


def recording_folder() -> Path:
    """Return where recordings go when no file is named."""
    return Path(platformdirs.user_videos_dir())


def _given(variable: str) -> Path | None:
    given = os.environ.get(variable)
    return Path(given) if given else None
