"""The ways in which the program can reach OBS, and which of them are right here."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from endlessdreams_cam.errors import DeviceMissing, SettingError


class Way(StrEnum):
    """How OBS gets the pictures: from the virtual camera, the stream, or the panel's bare page."""

    CAMERA = "camera"
    STREAM = "stream"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Route:
    """One way: OBS's kind of source and its settings.

    choose names the property whose list must have an entry of that value or label: the device.
    """

    way: Way
    words: str
    kind: str
    settings: dict[str, object]
    choose: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Program:
    """What the running show offers: its panel's pictures, and the virtual camera it writes to.

    device and label are empty where it writes to none.
    """

    url: str
    picture_url: str
    device: str = ""
    label: str = ""
    width: int = 1280
    height: int = 720

    @property
    def local(self) -> bool:
        """Whether only this machine can fetch the pictures."""
        return urlsplit(self.picture_url).hostname in ("127.0.0.1", "localhost", "::1")


def routes(
    program: Program,
    kinds: set[str],
    *,
    local: bool,
    wanted: Way | None = None,
    platform: str = sys.platform,
) -> list[Route]:
    """Return the ways to try, the best first; kinds are OBS's, local: it is on this machine.

    With `wanted` it is that one alone, or DeviceMissing says why it cannot be.
    """
    if not local and program.local:
        raise SettingError(
            "OBS is on another machine, and the panel's pictures are for this one only.",
            remedy="Start the show with --panel HOST:8808 --panel-cert FILE --panel-key FILE, HOST "
            "being this machine's address in your network.",
        )
    camera = _camera(program, kinds, local=local, platform=platform)
    ways = [camera] if isinstance(camera, Route) else []
    ways += [route for route in (_stream(program), _page(program)) if route.kind in kinds]
    if wanted is None:
        return ways
    chosen = [route for route in ways if route.way is wanted]
    if not chosen:
        why = camera if wanted is Way.CAMERA and isinstance(camera, str) else _NOT_OFFERED[wanted]
        raise DeviceMissing(why, remedy="Leave --route out: the way that works is taken.")
    return chosen


_NOT_OFFERED = {
    Way.CAMERA: "This OBS has no video capture source.",
    Way.STREAM: "This OBS has no media source.",
    Way.PAGE: "This OBS has no browser source (some Linux distributions build it without).",
}


def _camera(program: Program, kinds: set[str], *, local: bool, platform: str) -> Route | str:
    """Return the way through the virtual camera, or why there is none."""
    if not local:
        return "OBS is on another machine: it cannot see this one's virtual camera."
    if platform == "darwin":
        return "On macOS there is one virtual camera, OBS's own: OBS cannot show it."
    if not program.device:
        return "The running show writes to no virtual camera."
    if platform == "win32":
        if "obs" in program.label.lower():
            return "The show writes to OBS's own virtual camera: OBS cannot show it."
        kind, device, how = "dshow_input", "video_device_id", {"buffering": 2}
    else:
        kind, device, how = "v4l2_input", "device_id", {"buffering": False}
    if kind not in kinds:
        return _NOT_OFFERED[Way.CAMERA]
    value = program.label if platform == "win32" else program.device
    settings: dict[str, object] = {**how, "auto_reset": True}
    return Route(Way.CAMERA, f"the virtual camera {value}", kind, settings, (device, value))


def _stream(program: Program) -> Route:
    # OBS's defaults play at 25 fps and fall behind by a second.
    settings: dict[str, object] = {
        "is_local_file": False, "input": program.picture_url, "input_format": "mjpeg",
        "ffmpeg_options": "framerate=60", "buffering_mb": 0, "reconnect_delay_sec": 1,
        "close_when_inactive": False, "restart_on_activate": False,
        "clear_on_media_end": False, "hw_decode": False,
    }  # fmt: skip
    return Route(Way.STREAM, "the program's stream, in a media source", "ffmpeg_source", settings)


def _page(program: Program) -> Route:
    settings: dict[str, object] = {
        "url": program.picture_url.replace("/program.mjpg?", "/on-air?"),
        "width": program.width, "height": program.height, "fps_custom": False,
        "shutdown": False, "restart_when_active": False, "css": "",
    }  # fmt: skip
    return Route(Way.PAGE, "the panel's page, in a browser source", "browser_source", settings)
