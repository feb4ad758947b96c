"""The virtual camera that OBS, Zoom and Meet list, through pyvirtualcam."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from endlessdreams_cam import v4l2
from endlessdreams_cam.errors import DeviceBusy, DeviceError, DeviceLost, DeviceMissing
from endlessdreams_cam.frame import Pixels, Size
from endlessdreams_cam.opening import quiet
from endlessdreams_cam.sinks.sink import Sink, SinkInfo

LOAD = f'sudo modprobe v4l2loopback video_nr=10 card_label="{v4l2.CARD}" exclusive_caps=1'
"""How a Linux machine gets its virtual camera."""

INSTALL = {
    "linux": f"sudo apt install v4l2loopback-dkms && {LOAD}",
    "darwin": "Install OBS 30 or newer, start its virtual camera once and stop it.",
    "win32": "Install Unity Capture, or OBS for its virtual camera.",
}
"""The remedy for a machine without a virtual camera, by sys.platform."""

_LASTING = (0, 13)
"""The first v4l2loopback that takes pictures again after its writer went away."""
_CLICK = {
    "obs": "In OBS: Stop Virtual Camera; or choose another device with --device.",
    v4l2.CARD: "End the other show, or choose another device with --device.",
}
_RELOAD = f"sudo modprobe -r v4l2loopback && {LOAD}"


@dataclass(frozen=True, slots=True)
class VirtualDevice:
    """A virtual camera of this machine: what people choose, and who has it open now.

    backend is pyvirtualcam's. written: a program sends into it. stuck: it takes pictures only
    after its driver was loaded again.
    """

    label: str
    device: str
    holders: tuple[str, ...] = ()
    backend: str = "v4l2loopback"
    written: bool = False
    stuck: bool = False

    @property
    def free(self) -> bool:
        """Whether a show could send into it now."""
        return not (self.written or self.stuck)


def list_devices(*, with_holders: bool = True) -> list[VirtualDevice]:
    """Return the virtual cameras, ours first and OBS's own last.

    Looking for holders goes through all programs, which takes some milliseconds. On macOS and
    Windows the drivers are looked for by their files; they cannot tell who holds them.
    """
    if sys.platform != "linux":
        return _others()
    found = [_loopback(node, with_holders) for node in v4l2.nodes() if node.loopback]
    return sorted(found, key=lambda device: _rank(device.label))


def _rank(label: str) -> int:
    return 0 if label == v4l2.CARD else 2 if "obs" in label.lower().split() else 1


def _loopback(node: v4l2.Node, with_holders: bool) -> VirtualDevice:
    names = tuple(v4l2.holders(node.path)) if with_holders or node.written else ()
    # Older drivers stay a camera after their first writer went away: nobody can send again.
    stuck = node.written and not names and v4l2.loopback_version() < _LASTING
    return VirtualDevice(
        node.card, str(node.path), names, written=node.written and not stuck, stuck=stuck
    )


def _others() -> list[VirtualDevice]:
    if sys.platform == "darwin":
        if Path("/Applications/OBS.app").exists():
            return [VirtualDevice("OBS Virtual Camera", "OBS Virtual Camera", backend="obs")]
        return []
    found = []
    if _registered("{5C2CD55C-92AD-4999-8666-912BD3E70010}"):
        found.append(
            VirtualDevice("Unity Video Capture", "Unity Video Capture", backend="unitycapture")
        )
    if _registered("{A3FCE0F5-3493-419F-958A-ABA1250EC20B}"):
        found.append(VirtualDevice("OBS Virtual Camera", "OBS Virtual Camera", backend="obs"))
    return found


def _registered(class_id: str) -> bool:
    """Whether Windows knows a DirectShow filter."""
    if sys.platform != "win32":
        return False
    import winreg

    try:
        winreg.CloseKey(winreg.OpenKey(winreg.HKEY_CLASSES_ROOT, rf"CLSID\{class_id}"))
    except OSError:
        return False
    return True


class VirtualCamera(Sink):
    """Sends frames to a virtual camera. device None: the first free one, ours before others."""

    def __init__(self, size: Size, fps: float, device: str | None = None) -> None:
        self._size = size
        self._fps = fps
        self._wanted = device
        self._camera: Any = None
        self._path: Path | None = None
        self._identity: tuple[int, int] | None = None

    def open(self) -> SinkInfo:
        """Open the device; raises DeviceMissing, DeviceBusy (with the holder) or DeviceError."""
        chosen = _choose(list_devices(with_holders=False), self._wanted)
        if chosen.stuck:
            raise _stuck(chosen.device)
        import pyvirtualcam

        try:
            with quiet():
                self._camera = pyvirtualcam.Camera(
                    self._size.width, self._size.height, self._fps, device=chosen.device,
                    fmt=pyvirtualcam.PixelFormat.RGB, backend=chosen.backend,
                )  # fmt: skip
        except RuntimeError as error:
            raise _explain(str(error), chosen) from error
        if sys.platform == "linux":
            self._remember(Path(chosen.device))
        return SinkInfo("virtualcam", chosen.label, chosen.device)

    def send(self, pixels: Pixels) -> None:
        """Send a frame at once, without pacing."""
        self._camera.send(pixels)

    def check(self) -> None:
        """Raise DeviceLost if the device node has gone or is another one: send does not notice."""
        if self._path is not None and v4l2.identity(self._path) != self._identity:
            raise DeviceLost(
                f"The virtual camera {self._path} has gone.", remedy=f"Load it again: {LOAD}"
            )

    def close(self) -> None:
        """Let the device go."""
        self._path = None
        if self._camera is not None:
            camera, self._camera = self._camera, None
            camera.close()

    def _remember(self, path: Path) -> None:
        """Note which node it is, and that it took the size."""
        self._path, self._identity = path, v4l2.identity(path)
        size = v4l2.format_of(path)
        if size and size != tuple(self._size):
            self.close()
            names = ", ".join(v4l2.holders(path)) or "a program"
            raise DeviceError(
                f"{path} stays at {size[0]}x{size[1]}: {names} still reads it at that size.",
                remedy=f"Close the programs that show it, or use --size {size[0]}x{size[1]}.",
            )


def _choose(devices: list[VirtualDevice], wanted: str | None) -> VirtualDevice:
    if wanted:
        names = {wanted, os.path.realpath(wanted), f"/dev/{wanted}", f"/dev/video{wanted}"}
        named = [d for d in devices if d.device in names or d.label.lower() == wanted.lower()]
        if not named:
            there = ", ".join(f"{d.device} ({d.label})" for d in devices)
            raise DeviceMissing(
                f"There is no virtual camera {wanted}.",
                remedy=f"Virtual cameras here: {there}." if there else _install(),
            )
        return named[0]
    if not devices:
        raise DeviceMissing("There is no virtual camera on this machine.", remedy=_install())
    return next((device for device in devices if device.free), devices[0])


def _install() -> str:
    return INSTALL.get(sys.platform, INSTALL["linux"])


def _stuck(device: str) -> DeviceError:
    version = ".".join(str(part) for part in v4l2.loopback_version()) or "this old"
    return DeviceError(
        f"The virtual camera {device} works once per loading with v4l2loopback {version}.",
        remedy=f"Load it again: {_RELOAD} (version 0.13 or newer does not need it).",
    )


def _explain(said: str, device: VirtualDevice) -> DeviceError:
    """Return the error for what pyvirtualcam said."""
    names = v4l2.holders(Path(device.device)) if device.backend == "v4l2loopback" else []
    low = said.lower()
    if any(part in low for part in ("busy", "already in use", "not a video output device")):
        holder = f" ({', '.join(names)})" if names else ""
        return DeviceBusy(
            f"The virtual camera {device.label} ({device.device}) belongs to another program"
            f"{holder}.",
            remedy=_CLICK.get(" ".join(names), "End that program, or choose another: --device."),
        )
    if any(part in low for part in ("no v4l2 loopback", "not found", "does not exist")):
        return DeviceMissing(f"The virtual camera {device.label} has gone.", remedy=_install())
    return DeviceError(f"The virtual camera {device.label} cannot be opened: {said}.")
