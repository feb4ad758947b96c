"""Pictures that a person gives from the page, to be the layer."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from endlessdreams_cam.documents import write_whole
from endlessdreams_cam.errors import DeviceError, SettingError
from endlessdreams_cam.runtime.show import Show
from endlessdreams_cam.settings import runtime_folder
from endlessdreams_cam.sources.image import check_picture

_HEADS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg", b"GIF8": "gif"}
_KEPT = 3
_SEEN = 0.5


class Uploads:
    """Keeps the last few pictures in the folder of the running show."""

    def __init__(self, show: Show) -> None:
        self._show = show

    def take(self, data: bytes) -> dict[str, Any]:
        """Make a picture's bytes the layer; raises SettingError for what is none.

        Its kind is told by its first bytes and its size read from its head: nothing is decoded
        here.
        """
        path = self._path(data)
        try:
            write_whole(path, data)
            check_picture(path)
        except DeviceError as error:
            path.unlink(missing_ok=True)
            raise SettingError("This picture cannot be used.", remedy=error.remedy) from None
        except OSError as error:
            raise SettingError(f"The picture cannot be kept: {error.strerror}.") from error
        values: dict[str, object] = {"layer.input": f"image:{path}"}
        if not self._show.store.snapshot.values["layer.amount"]:
            values["layer.amount"] = _SEEN  # what nobody sees looks like a failure
        self._show.desk.set(values, origin="web")
        self._forget(path)
        return {"layer": f"image:{path.name}"}

    def _path(self, data: bytes) -> Path:
        kind = next((kind for head, kind in _HEADS.items() if data.startswith(head)), "")
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            kind = "webp"
        if not kind:
            raise SettingError(
                "This is not a picture that can be shown.",
                remedy="Choose a PNG, JPEG, WebP or GIF.",
            )
        folder = runtime_folder() / "uploads"
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder / f"{hashlib.sha256(data).hexdigest()[:16]}.{kind}"

    @staticmethod
    def _forget(newest: Path) -> None:
        """Remove all but the last few pictures."""
        rows = [path for path in newest.parent.iterdir() if path.is_file() and path != newest]
        rows.sort(key=lambda path: path.stat().st_mtime_ns)
        for path in rows[: -(_KEPT - 1)]:
            path.unlink(missing_ok=True)
