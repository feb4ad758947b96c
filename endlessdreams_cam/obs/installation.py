"""The OBS of this machine: its own settings, and whether it runs."""

from __future__ import annotations

import configparser
import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

import psutil

_PROCESSES = {"obs", "obs64", "obs64.exe", "obs32.exe"}
_SECTION = "OBSWebSocket"
_YES = "true"


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What OBS's own files say of its WebSocket server; no password means that it asks for none."""

    file: Path
    enabled: bool
    port: int
    password: str = field(default="", repr=False)


def running() -> bool:
    """Whether a program named like OBS runs on this machine."""
    for process in psutil.process_iter(["name"]):
        if (process.info["name"] or "").lower() in _PROCESSES:
            return True
    return False


def server_settings(folders: list[Path] | None = None) -> ServerSettings | None:
    """Return the WebSocket server's settings, of several OBS of the one used last; None: no file.

    OBS from 31 on keeps them in a file of the plugin, older ones in global.ini.
    """
    found = []
    for folder in config_folders() if folders is None else folders:
        plugin = folder / "plugin_config/obs-websocket/config.json"
        settings = _from_json(plugin) or _from_ini(folder / "global.ini")
        if settings:
            found.append(settings)
    return max(found, key=lambda settings: _changed(settings.file), default=None)


def config_folders() -> list[Path]:
    """Return where OBS keeps its settings on this system: installed, Flatpak, Snap."""
    home = Path.home()
    if sys.platform == "win32":
        return [Path(os.environ.get("APPDATA") or home / "AppData/Roaming") / "obs-studio"]
    if sys.platform == "darwin":
        return [home / "Library/Application Support/obs-studio"]
    own = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    return [
        own / "obs-studio",
        home / ".var/app/com.obsproject.Studio/config/obs-studio",
        home / "snap/obs-studio/current/.config/obs-studio",
    ]


def _changed(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0


def _from_json(file: Path) -> ServerSettings | None:
    try:
        row = json.loads(file.read_text(encoding="utf-8-sig"))
        password = str(row.get("server_password", "")) if row.get("auth_required", True) else ""
        return ServerSettings(
            file,
            bool(row.get("server_enabled", False)),
            int(row.get("server_port", 4455)),
            password,
        )
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def _from_ini(file: Path) -> ServerSettings | None:
    reader = configparser.RawConfigParser(strict=False)
    try:
        reader.read_string(file.read_text(encoding="utf-8-sig"))
        row = reader[_SECTION]
        wanted = row.get("AuthRequired", _YES).lower() == _YES
        password = row.get("ServerPassword", "") if wanted else ""
        enabled = row.get("ServerEnabled", "false").lower() == _YES
        return ServerSettings(file, enabled, int(row.get("ServerPort", "4455")), password)
    except (OSError, ValueError, KeyError, configparser.Error):
        return None
