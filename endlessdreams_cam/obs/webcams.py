"""The user's own webcam sources in OBS: which hold the show's camera, letting go, giving back."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from endlessdreams_cam.obs.client import ObsClient

_KINDS = {
    "v4l2_input": "device_id",
    "dshow_input": "video_device_id",
    "av_capture_input": "device",
    "macos-avcapture": "device",
    "macos-avcapture-fast": "device",
}
"""The kinds of source that open a webcam, and their setting that names it."""
_SLOT = {"realm": "OBS_WEBSOCKET_DATA_REALM_GLOBAL", "slotName": "endlessdreams-cam.freed"}
"""Where OBS itself remembers what was let go: names of the user's sources stay with it."""


@dataclass(frozen=True, slots=True)
class Webcam:
    """The show's camera: its node on Linux (elsewhere its number), and its label."""

    device: str
    label: str


@dataclass(frozen=True, slots=True)
class Holder:
    """A source of the user's that holds a webcam; its name is for this terminal only."""

    name: str = field(repr=False)
    kind: str
    device: str = field(repr=False)


def holders(client: ObsClient, webcam: Webcam, *, platform: str = sys.platform) -> list[Holder]:
    """Return OBS's sources that are set to the show's webcam."""
    found = []
    for row in client.ask("GetInputList")["inputs"]:
        kind = row["unversionedInputKind"]
        if kind not in _KINDS:
            continue
        settings = client.ask("GetInputSettings", inputName=row["inputName"])["inputSettings"]
        device = str(settings.get(_KINDS[kind], ""))
        if device and _same(webcam, device, settings, platform):
            found.append(Holder(row["inputName"], kind, device))
    return found


def let_go(client: ObsClient, holder: Holder) -> None:
    """Take the camera from a source: it stays where it is, without a device, until `give_back`."""
    row = {"name": holder.name, "setting": _KINDS[holder.kind], "device": holder.device}
    _remember(client, [*_remembered(client), row])
    _point(client, holder.name, row["setting"], "")


def give_back(client: ObsClient) -> tuple[int, int]:
    """Give sources their cameras back: how many, and how many are not there to be given one.

    A source that meanwhile has a device again is left alone; one of another scene collection
    stays remembered.
    """
    there = {row["inputName"] for row in client.ask("GetInputList")["inputs"]}
    given, left = 0, []
    for row in _remembered(client):
        if row["name"] not in there:
            left.append(row)
            continue
        now = client.ask("GetInputSettings", inputName=row["name"])["inputSettings"]
        if not now.get(row["setting"]):
            _point(client, row["name"], row["setting"], row["device"])
            given += 1
    _remember(client, left)
    return given, len(left)


def _point(client: ObsClient, name: str, setting: str, device: str) -> None:
    client.ask("SetInputSettings", inputName=name, inputSettings={setting: device}, overlay=True)


def _remembered(client: ObsClient) -> list[dict[str, str]]:
    kept: Any = client.ask("GetPersistentData", **_SLOT).get("slotValue")
    wanted = {"name", "setting", "device"}
    return [row for row in kept or () if isinstance(row, dict) and wanted <= row.keys()]


def _remember(client: ObsClient, rows: list[dict[str, str]]) -> None:
    client.ask("SetPersistentData", **_SLOT, slotValue=rows)


def _same(webcam: Webcam, device: str, settings: dict[str, Any], platform: str) -> bool:
    if platform == "linux":
        return os.path.realpath(device) == os.path.realpath(webcam.device)
    if platform == "win32":
        # OBS writes NAME:PATH, with the signs in both that would part them as #22 (#) and #3A (:).
        name = device.partition(":")[0]
        return re.sub("#3A", ":", name).replace("#22", "#").lower() == webcam.label.lower()
    return str(settings.get("device_name", "")).lower() == webcam.label.lower()
