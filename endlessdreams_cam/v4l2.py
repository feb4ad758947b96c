"""Video4Linux devices: what there is, what it can do, who holds it."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

CARD = "EndlessDreams Cam"
"""The label that our own loopback device is made with."""

_SYS = Path("/sys/class/video4linux")
_PROC = Path("/proc")
_QUERYCAP = 0x80685600  # VIDIOC_QUERYCAP: _IOR('V', 0, struct v4l2_capability), 104 bytes
_GET_FORMAT = 0xC0D05604  # VIDIOC_G_FMT: _IOWR('V', 4, struct v4l2_format), 208 bytes on 64 bit
_CAPTURE, _OUTPUT, _CAPTURE_MPLANE = 0x1, 0x2, 0x1000
_BUF_CAPTURE, _BUF_OUTPUT = 1, 2
_NOT_PHYSICAL = ("loopback", "vivid", "vimc", "virtual", "akvcam", "droidcam")
_SENDABLE = ("v4l2 loopback", "v4l2loopback")


@dataclass(frozen=True, slots=True)
class Node:
    """One /dev/videoN. bus tells nodes of one camera apart from another's.

    capture and output say what it offers at this moment; a loopback device with exclusive_caps=1
    offers one of them: capture while a program sends, else output.
    """

    path: Path
    card: str
    driver: str
    bus: str
    capture: bool
    output: bool

    @property
    def virtual(self) -> bool:
        """Whether software makes its pictures: ours, OBS's or another program's."""
        words = f"{self.driver} {self.bus}".lower()
        return any(word in words for word in _NOT_PHYSICAL)

    @property
    def loopback(self) -> bool:
        """Whether a program can send pictures into it."""
        return self.driver.lower() in _SENDABLE

    @property
    def written(self) -> bool:
        """Whether a program sends into it now (not told by a device without exclusive_caps)."""
        return self.loopback and self.capture and not self.output


def nodes() -> list[Node]:
    """Return the machine's video devices, in order; none on other systems than Linux."""
    if sys.platform != "linux" or not _SYS.is_dir():
        return []
    numbers = (re.fullmatch(r"video(\d+)", entry.name) for entry in _SYS.iterdir())
    order = sorted(int(match[1]) for match in numbers if match)
    found = [node(Path(f"/dev/video{number}")) for number in order]
    return [known for known in found if known]


def node(path: Path) -> Node | None:
    """Return what a device says of itself, None if it cannot be asked."""
    try:
        answer = _ask(path, _QUERYCAP, bytes(104))
    except OSError:
        return _from_sys(path)
    driver, card, bus = (_text(answer[a:b]) for a, b in ((0, 16), (16, 48), (48, 80)))
    _, capabilities, own = struct.unpack_from("=III", answer, 80)
    does = own if capabilities & 0x80000000 else capabilities
    capture = bool(does & (_CAPTURE | _CAPTURE_MPLANE))
    return Node(path, card, driver, bus, capture, bool(does & _OUTPUT))


def format_of(path: Path) -> tuple[int, int] | None:
    """Return the width and height that a device is set to, None if it does not say."""
    # A loopback device answers as an output until the first frame, then as a camera.
    for kind in (_BUF_OUTPUT, _BUF_CAPTURE):
        with contextlib.suppress(OSError):
            answer = _ask(path, _GET_FORMAT, struct.pack("=I", kind).ljust(208, b"\0"))
            width, height = struct.unpack_from("=II", answer, 8)
            return width, height
    return None


def identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a device from a later one under the same name, None if it is gone."""
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_rdev, found.st_ino) if stat.S_ISCHR(found.st_mode) else None


def loopback_version() -> tuple[int, ...]:
    """Return the version of the loaded v4l2loopback, () if it is not loaded or does not say."""
    try:
        text = Path("/sys/module/v4l2loopback/version").read_text()
    except OSError:
        return ()
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])


def holders(path: Path, *, besides: int | None = None, proc: Path = _PROC) -> list[str]:
    """Return the names of other programs that have a device open, where /proc lets us see.

    Names are the commands', except for Python programs: those go by their script, and a show of
    this program by "EndlessDreams Cam".
    """
    me = besides if besides is not None else os.getpid()
    target = os.path.realpath(path)
    found = set()
    with contextlib.suppress(OSError):
        for process in proc.iterdir():
            if process.name.isdigit() and int(process.name) != me and _holds(process, target):
                found.add(_name(process))
    return sorted(found)


def _holds(process: Path, target: str) -> bool:
    with contextlib.suppress(OSError):
        for link in (process / "fd").iterdir():
            with contextlib.suppress(OSError):
                if str(link.readlink()) == target:
                    return True
    return False


def _name(process: Path) -> str:
    name = _read(process / "comm").strip() or "another program"
    if not name.startswith(("python", "endlessdreams")):
        return name
    words = _words(process)
    if any("multiprocessing" in word for word in words):  # a worker goes by its parent's name
        words = _words(process.parent / _parent(process))
    if any("endlessdreams" in word for word in words):
        return CARD
    script = next((word for word in words[1:] if not word.startswith("-")), "")
    return Path(script).name if script.isprintable() and script else "a Python program"


def _words(process: Path) -> list[str]:
    return [word for word in _read(process / "cmdline").split("\0") if word]


def _parent(process: Path) -> str:
    # The command in brackets may hold anything; the fields after its last bracket do not.
    fields = _read(process / "stat").rpartition(")")[2].split()
    return fields[1] if len(fields) > 1 else "0"


def _from_sys(path: Path) -> Node | None:
    """What sysfs tells of a device that may not be opened."""
    folder = _SYS / path.name
    card = _read(folder / "name").strip()
    if not card:
        return None
    virtual = "/virtual/" in os.path.realpath(folder)
    driver = "v4l2 loopback" if virtual else "unknown"
    return Node(path, card, driver, os.path.realpath(folder), not virtual, virtual)


def _ask(path: Path, request: int, argument: bytes) -> bytes:
    """Ask a device; raises OSError."""
    if sys.platform != "linux":
        raise OSError("only Linux has Video4Linux")
    import fcntl

    handle = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        return fcntl.ioctl(handle, request, argument)
    finally:
        os.close(handle)


def _read(file: Path) -> str:
    try:
        return file.read_text(errors="replace")
    except OSError:
        return ""


def _text(data: bytes) -> str:
    return data.split(b"\0")[0].decode(errors="replace").strip()
