"""Sources by their words, such as camera:0, file:clip.mp4 and pattern."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from endlessdreams_cam.errors import SettingError
from endlessdreams_cam.frame import Size
from endlessdreams_cam.registry import Registry
from endlessdreams_cam.sources.source import Source

_HERE = "endlessdreams_cam.sources"

SOURCES = Registry(
    "source",
    {
        "camera": f"{_HERE}.camera:Camera",
        "file": f"{_HERE}.video:VideoFile",
        "image": f"{_HERE}.image:Image",
        "screen": f"{_HERE}.screen:Screen",
        "url": f"{_HERE}.stream:NetworkStream",
        "pattern": f"{_HERE}.pattern:Pattern",
        "sitter": f"{_HERE}.sitting:Sitter",
        "none": f"{_HERE}.nothing:Nothing",
        "fault": f"{_HERE}.faults:FaultSource",
    },
    hidden=("fault",),
)

SCHEMES = ("http", "https", "rtsp", "rtsps", "rtmp", "rtmps", "srt", "udp")
"""What url: may open: nothing that reads files of this machine."""

_LARGEST = Size(1920, 1080)


def parse(words: str) -> tuple[str, str]:
    """Return a source's kind and argument; raises SettingError with what is allowed.

    Nothing is opened: a file or a camera may come later.
    """
    kind, _, argument = words.strip().partition(":")
    SOURCES.check(kind)
    if kind in ("file", "image"):
        if not argument:
            raise SettingError(f"{kind} needs a path.", remedy=f"Write {kind}:PATH.")
        argument = str(Path(argument).expanduser())
    elif kind == "url":
        _check_url(argument)
    elif kind == "screen" and argument and not argument.isdigit():
        raise SettingError(f"screen:{argument} is not a screen.", remedy="Write screen:1.")
    elif kind in ("pattern", "sitter", "none") and argument:
        raise SettingError(f"{kind} takes no {argument!r}.")
    return kind, argument


def public(words: str) -> str:
    """Return a source's words as they may be seen: of an address only its host.

    The rest may hold a password or a stream's key.
    """
    kind, _, url = words.partition(":")
    if kind != "url":
        return words
    try:
        parts = urlsplit(url)
        return f"url:{parts.scheme}://{parts.hostname}/…"
    except ValueError:
        return "url:…"


def make_source(words: str, *, max_size: Size = _LARGEST, fps: float = 30.0) -> Source:
    """Return a new source, not yet open; raises SettingError."""
    kind, argument = parse(words)
    source: Source = SOURCES.load(kind)(argument, max_size, fps)
    return source


def default_source() -> str:
    """Return the words for the first physical camera, "none" if there is none."""
    from endlessdreams_cam.sources.cameras import default_camera

    camera = default_camera()
    return f"camera:{camera.key}" if camera else "none"


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise SettingError(
            f"{public(f'url:{url}')} cannot be opened.",
            remedy=f"Allowed are addresses with {', '.join(SCHEMES)}.",
        )
