"""The OBS of this machine: its version, its own settings, and whether it runs."""

from __future__ import annotations

import configparser
import json
import os
import plistlib
import re
import shutil
import socket
import subprocess
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


def version(*, patience_s: float = 0.7) -> str | None:
    """Return the installed OBS's version, "" where it does not tell, None where there is none."""
    if sys.platform == "win32":
        return _windows_version()
    if sys.platform == "darwin":
        return _mac_version(Path("/Applications/OBS.app/Contents/Info.plist"))
    program = shutil.which("obs")
    return _said_version(program, patience_s) if program else _packed_version()


def running() -> bool:
    """Whether a program named like OBS runs on this machine."""
    for process in psutil.process_iter(["name"]):
        if (process.info["name"] or "").lower() in _PROCESSES:
            return True
    return False


def is_here(host: str) -> bool:
    """Whether a host is this machine, by its name or any of its addresses; nobody is asked."""
    names = {"localhost", socket.gethostname().lower()}
    addresses = {row.address.partition("%")[0]
                 for rows in psutil.net_if_addrs().values() for row in rows}  # fmt: skip
    return host.startswith("127.") or host == "::1" or host.lower() in names | addresses


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


def _said_version(program: str, patience_s: float) -> str:
    # OpenCV points Qt to its own plugins, with which OBS does not start.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("QT_")}
    try:
        done = subprocess.run(
            [program, "--version"], env=clean, text=True, timeout=patience_s,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return ""
    return _number(done.stdout)


_PACKED = (
    ("var/lib/flatpak/app/com.obsproject.Studio/current/active/files/share/metainfo",
     "com.obsproject.Studio.metainfo.xml", r'<release version="([\d.]+)'),
    ("snap/obs-studio/current/meta", "snap.yaml", r"(?m)^version: *'?([\d.]+)"),
)  # fmt: skip
"""Folder, file and pattern of the version in OBS from Flatpak and Snap."""


def _packed_version(root: Path = Path("/")) -> str | None:
    for folder, name, pattern in _PACKED:
        try:
            text = (root / folder / name).read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        match = re.search(pattern, text)
        return match[1] if match else ""
    return None


def _mac_version(file: Path) -> str | None:
    try:
        return str(plistlib.loads(file.read_bytes()).get("CFBundleShortVersionString", ""))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, plistlib.InvalidFileException):
        return ""


def _windows_version() -> str | None:
    if sys.platform != "win32":
        return None
    import winreg

    path = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\OBS Studio"
    for view in (winreg.KEY_WOW64_64KEY, winreg.KEY_WOW64_32KEY):
        try:
            key = winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, path, 0, winreg.KEY_READ | view)
            with key:
                return str(winreg.QueryValueEx(key, "DisplayVersion")[0])
        except OSError:
            continue
    return None


def _number(text: str) -> str:
    match = re.search(r"\d+(?:\.\d+)+", text)
    return match[0] if match else ""


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
