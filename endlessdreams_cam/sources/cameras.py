"""The machine's cameras, told apart from virtual ones."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from enum import StrEnum

from endlessdreams_cam import v4l2

_VIRTUAL = re.compile(
    r"virtual|endlessdreams|unity video|loopback|snap camera|manycam|droidcam|xsplit|ndi video",
    re.IGNORECASE,
)


class CameraKind(StrEnum):
    """Where a camera's pictures come from."""

    PHYSICAL = "physical"
    VIRTUAL = "virtual"
    OBS = "OBS"
    OURS = "ours"


@dataclass(frozen=True, slots=True)
class CameraDevice:
    """One camera. key is what camera:KEY takes: its number or, on Linux, its node.

    captures: whether it gives pictures now; a loopback device does only while a program sends.
    """

    key: str
    label: str
    kind: CameraKind = CameraKind.PHYSICAL
    captures: bool = True

    @property
    def physical(self) -> bool:
        """Whether it sees the world."""
        return self.kind is CameraKind.PHYSICAL


def list_cameras() -> list[CameraDevice]:
    """Return the cameras of this machine, one entry each, physical ones first."""
    found = _linux(v4l2.nodes()) if sys.platform == "linux" else _others()
    return sorted(found, key=lambda camera: not camera.physical)


def default_camera() -> CameraDevice | None:
    """Return the first physical camera: never a loopback, OBS's or our own device."""
    return next((camera for camera in list_cameras() if camera.physical), None)


def _linux(nodes: list[v4l2.Node]) -> list[CameraDevice]:
    found, seen = [], set()
    for node in nodes:
        # A camera has further nodes for its metadata and its codecs, on the same bus.
        twin = (node.bus, node.card)
        if not (node.capture or node.loopback) or (not node.virtual and twin in seen):
            continue
        seen.add(twin)
        kind = _kind(node.card, virtual=node.virtual)
        found.append(CameraDevice(str(node.path), node.card, kind, node.capture))
    return found


def _others() -> list[CameraDevice]:
    from cv2_enumerate_cameras import enumerate_cameras

    # cv2.CAP_DSHOW and cv2.CAP_AVFOUNDATION, without importing OpenCV into main.
    cameras = enumerate_cameras(700 if sys.platform == "win32" else 1200)
    found = {camera.index: str(camera.name) for camera in cameras}
    return [CameraDevice(str(index), name, _kind(name)) for index, name in found.items()]


def _kind(label: str, *, virtual: bool = False) -> CameraKind:
    if v4l2.CARD.lower() in label.lower():
        return CameraKind.OURS
    if re.search(r"\bobs\b", label, re.IGNORECASE):
        return CameraKind.OBS
    return CameraKind.VIRTUAL if virtual or _VIRTUAL.search(label) else CameraKind.PHYSICAL
