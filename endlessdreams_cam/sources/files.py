"""What sources that read a file share."""

from __future__ import annotations

from pathlib import Path

from endlessdreams_cam.errors import DeviceError


def check_file(path: Path) -> None:
    """Raise DeviceError for what is there but no file: a pipe would keep its reader waiting."""
    if path.exists() and not path.is_file():
        raise DeviceError(f"{path} is not a file.", remedy="Choose a video or a picture.")
