"""The probes: each asks one kind of device, in a child process that may hang or crash.

A probe returns its checks and the devices that it found.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from endlessdreams_cam.doctor.check import Check, Device, State
from endlessdreams_cam.doctor.models import check_models
from endlessdreams_cam.models.cards import list_cards, torch_version
from endlessdreams_cam.models.store import Store
from endlessdreams_cam.settings import model_folder

Found = tuple[list[Check], list[Device]]

_CHOOSE = (
    "Zoom: Settings → Video; Meet: ⋮ → Settings → Video; Discord: User Settings → Voice & Video; "
    "OBS: endlessdreams-cam obs setup."
)


def virtual_camera() -> Found:
    """Ask for the virtual cameras that a show could go on air through."""
    from endlessdreams_cam.sinks.virtualcam import INSTALL, list_devices

    cameras = list_devices()
    devices = [
        Device("virtual camera", c.label, f"--device {c.device}", n == 0,
               f"open in {', '.join(c.holders)}" if c.holders else "free")
        for n, c in enumerate(cameras)
    ]  # fmt: skip
    if not cameras:
        remedy = INSTALL.get(sys.platform, INSTALL["linux"])
        return [Check("virtual camera", State.MISSING, "none on this machine", remedy)], []
    first = cameras[0]
    where = f" ({first.device})" if first.device != first.label else ""
    checks = [Check("virtual camera", State.OK, f'choose "{first.label}"{where}. {_CHOOSE}')]
    checks += _driver()
    if sys.platform == "darwin" or (sys.platform == "win32" and "OBS" in first.label):
        checks.append(_one_camera())
    return checks, devices


def _driver() -> list[Check]:
    """Look at v4l2loopback's options on Linux."""
    folder = Path("/sys/module/v4l2loopback")
    if not folder.is_dir():
        return []
    from endlessdreams_cam.sinks.virtualcam import LOAD

    reload_ = f"sudo modprobe -r v4l2loopback && {LOAD}"
    found = []
    options = folder / "parameters" / "exclusive_caps"
    if options.is_file() and "Y" not in options.read_text() and "1" not in options.read_text():
        text = "exclusive_caps is off: Chrome and Meet do not list it"
        found.append(Check("v4l2loopback", State.WARNING, text, reload_))
    version = (folder / "version").read_text().strip() if (folder / "version").is_file() else ""
    if version and _older(version, (0, 13)):
        text = f"version {version} works once: after a show it must be loaded again"
        found.append(Check("v4l2loopback", State.WARNING, text, reload_))
    return found or [Check("v4l2loopback", State.OK, f"version {version or 'unknown'}")]


def _older(version: str, than: tuple[int, ...]) -> bool:
    parts = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    return bool(parts) and parts < than


def _one_camera() -> Check:
    text = (
        "OBS has one virtual camera: while a show writes to it, OBS can neither show it nor use it"
    )
    second = " Or install Unity Capture, a second camera." if sys.platform == "win32" else ""
    remedy = (
        "For OBS take the way without a camera: `endlessdreams-cam run --output null`, "
        f"`endlessdreams-cam obs setup`, then Start Virtual Camera in OBS.{second}"
    )
    return Check("one camera", State.WARNING, text, remedy)


def cameras() -> Found:
    """Ask for the webcams."""
    from endlessdreams_cam import v4l2
    from endlessdreams_cam.sources.cameras import list_cameras

    found = list_cameras()
    first = next((c for c in found if c.physical), None)
    devices = []
    for camera in found:
        holders = v4l2.holders(Path(camera.key)) if sys.platform == "linux" else []
        note = "" if camera.physical else "virtual, never chosen by itself"
        note = f"open in {', '.join(holders)}" if holders else note
        devices.append(
            Device("camera", camera.label, f"--source camera:{camera.key}", camera is first, note)
        )
    if first is None:
        remedy = "Plug one in, or dream without: --source none (or file:, screen, sitter)."
        return [Check("camera", State.WARNING, "no webcam", remedy)], devices
    holder = next((d.note for d in devices if d.default and d.note), "")
    if holder:
        remedy = "In OBS: right-click its source, Deactivate; elsewhere: stop the video there."
        return [Check("camera", State.WARNING, f"{first.label} is {holder}", remedy)], devices
    return [Check("camera", State.OK, first.label)], devices


def midi() -> Found:
    """Ask for the MIDI inputs."""
    from endlessdreams_cam.controllers import list_ports

    system = list_ports()
    devices = [Device("MIDI", name) for name in system.ports]
    if system.problem:
        return [Check("MIDI", State.MISSING, system.problem, system.remedy)], devices
    text = ", ".join(system.ports) or "no controller plugged in (none is needed)"
    return [Check("MIDI", State.OK, text)], devices


def gpu() -> Found:
    """Ask for NVIDIA cards, and whether the installed torch could use one; torch stays asleep."""
    cards = list_cards()
    models = check_models(cards, Store(model_folder()))
    devices = [Device("GPU", f"{card.name}, {card.memory_gb:.0f} GB") for card in cards]
    version = torch_version()
    if cards and "+cpu" in version:
        return [
            Check(
                "GPU", State.WARNING,
                f"{cards[0].name}, but torch {version} is a build without CUDA",
                "pip install --force-reinstall torch, from the index that pytorch.org names for "
                "your CUDA version",
            ),
            models,
        ], devices  # fmt: skip
    text = ", ".join(f"{card.name}, {card.free_gb:.1f} of {card.memory_gb:.0f} GB free"
                     for card in cards)  # fmt: skip
    text = text or "no NVIDIA card (the scenes engine needs none)"
    return [Check("GPU", State.OK, text), models], devices


def obs() -> Found:
    """Ask whether OBS is here and can be steered; nothing of it is changed."""
    from endlessdreams_cam.doctor.obs import check_obs

    return check_obs(), []


def machine() -> Found:
    """Look at memory, disk, shared memory and Python."""
    import psutil

    checks = []
    free_gb = psutil.virtual_memory().available / 2**30
    low = "Close other programs; a show with scenes takes about 0.6 GB."
    checks.append(_level("memory", free_gb, 1.0, "GB free", low))
    disk_gb = shutil.disk_usage(Path.home()).free / 2**30
    checks.append(_level("disk", disk_gb, 2.0, "GB free", "Make room before recording."))
    shared = Path("/dev/shm")
    if shared.is_dir():
        mb = shutil.disk_usage(shared).free / 2**20
        remedy = "sudo mount -o remount,size=1G /dev/shm (in a container: --shm-size=512m)"
        checks.append(_level("shared memory", mb, 128.0, "MB free", remedy))
    return checks, []


def _level(name: str, value: float, least: float, unit: str, remedy: str) -> Check:
    if value < least:
        return Check(name, State.WARNING, f"{value:.1f} {unit}", remedy)
    return Check(name, State.OK, f"{value:.0f} {unit}")
