"""Our scene in OBS: one source that shows the program, full canvas."""

from __future__ import annotations

import base64
import time
from typing import TYPE_CHECKING, Any

from endlessdreams_cam.errors import DeviceError
from endlessdreams_cam.obs import SCENE, SOURCE

if TYPE_CHECKING:
    from endlessdreams_cam.obs.client import ObsClient

_KIND = "ffmpeg_source"
_LOOK_S = 0.2


def setup(client: ObsClient, stream: str) -> None:
    """Make the scene and its source, or put right what is there; stream is an MJPEG address.

    Raises DeviceError where a source of that name is something else: it is left as it is.
    """
    kind = _inputs(client).get(SOURCE)
    if kind not in (None, _KIND):
        raise DeviceError(
            f'OBS has another source named "{SOURCE}".', remedy="Rename it, then try again."
        )
    if SCENE not in _scenes(client):
        client.ask("CreateScene", sceneName=SCENE)
    settings = _settings(stream)
    if kind is None:
        client.ask("CreateInput", sceneName=SCENE, inputName=SOURCE, inputKind=_KIND,
                   inputSettings=settings, sceneItemEnabled=True)  # fmt: skip
    else:
        client.ask("SetInputSettings", inputName=SOURCE, inputSettings=settings, overlay=False)
        if SOURCE not in _items(client):
            client.ask("CreateSceneItem", sceneName=SCENE, sourceName=SOURCE)
    _fill(client)


def remove(client: ObsClient) -> bool:
    """Take the source and the scene back; False when the scene stays since it holds more."""
    if _inputs(client).get(SOURCE) == _KIND:
        client.ask("RemoveInput", inputName=SOURCE)
    if SCENE not in _scenes(client):
        return True
    if set(_items(client)) - {SOURCE}:
        return False
    client.ask("RemoveScene", sceneName=SCENE)
    return True


def screenshot(client: ObsClient, width: int = 320, height: int = 180) -> bytes:
    """Return what OBS draws of the source, as JPEG (png is slow)."""
    answer = client.ask("GetSourceScreenshot", sourceName=SOURCE, imageFormat="jpg",
                        imageWidth=width, imageHeight=height)  # fmt: skip
    return base64.b64decode(answer["imageData"].partition(",")[2])


def moves(client: ObsClient, *, within_s: float = 5) -> bool:
    """Whether OBS's picture of the source changes twice within so many seconds."""
    seen: set[bytes] = set()
    for _ in range(max(1, round(within_s / _LOOK_S))):
        seen.add(screenshot(client))
        # The first change may be the one from empty to a picture that stands still.
        if len(seen) >= 3:
            return True
        time.sleep(_LOOK_S)
    return False


def _settings(stream: str) -> dict[str, object]:
    # OBS's defaults play at 25 fps and fall behind by a second.
    return {
        "is_local_file": False, "input": stream, "input_format": "mjpeg",
        "ffmpeg_options": "framerate=60", "buffering_mb": 0, "reconnect_delay_sec": 1,
        "close_when_inactive": False, "restart_on_activate": False,
        "clear_on_media_end": False, "hw_decode": False,
    }  # fmt: skip


def _fill(client: ObsClient) -> None:
    canvas = client.ask("GetVideoSettings")
    item = client.ask("GetSceneItemId", sceneName=SCENE, sourceName=SOURCE)["sceneItemId"]
    place: dict[str, Any] = {
        "positionX": 0.0, "positionY": 0.0, "alignment": 5, "boundsAlignment": 0,
        "boundsType": "OBS_BOUNDS_SCALE_INNER",
        "boundsWidth": float(canvas["baseWidth"]), "boundsHeight": float(canvas["baseHeight"]),
    }  # fmt: skip
    client.ask("SetSceneItemTransform", sceneName=SCENE, sceneItemId=item, sceneItemTransform=place)


def _scenes(client: ObsClient) -> list[str]:
    return [row["sceneName"] for row in client.ask("GetSceneList")["scenes"]]


def _inputs(client: ObsClient) -> dict[str, str]:
    rows = client.ask("GetInputList")["inputs"]
    return {row["inputName"]: row["unversionedInputKind"] for row in rows}


def _items(client: ObsClient) -> list[str]:
    rows = client.ask("GetSceneItemList", sceneName=SCENE)["sceneItems"]
    return [row["sourceName"] for row in rows]
