"""Our scene in OBS: one source that shows the program, full canvas."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from endlessdreams_cam.errors import DeviceError, DeviceMissing
from endlessdreams_cam.obs import SCENE, SOURCE
from endlessdreams_cam.obs.refusals import ObsRefusal

if TYPE_CHECKING:
    from endlessdreams_cam.obs.client import ObsClient
    from endlessdreams_cam.obs.routes import Route

_MARK = {"made_by": "endlessdreams-cam"}
"""Among the source's settings, which OBS keeps: a source of that name without it is the user's."""

_ENDS_WITHIN_S = 3.0
_POLL_S = 0.05
_EXISTS = 601  # obs-websocket's ResourceAlreadyExists


def setup(client: ObsClient, route: Route) -> None:
    """Make the scene and its source, or put right what is there.

    Raises DeviceError where a scene or a source of that name is the user's, DeviceMissing where
    OBS does not see the route's device: both are left as they are.
    """
    kind = _inputs(client).get(SOURCE)
    if kind is not None and not _ours(client):
        raise DeviceError(
            f'OBS has another source named "{SOURCE}".', remedy="Rename it, then try again."
        )
    scenes = _scenes(client)
    if kind is None and SCENE in scenes and _items(client):
        raise DeviceError(
            f'OBS has another scene named "{SCENE}".', remedy="Rename it, then try again."
        )
    if kind is not None and kind != route.kind:
        _remove_source(client)
        kind = None
    if SCENE not in scenes:
        client.ask("CreateScene", sceneName=SCENE)
    settings = {**route.settings, **_MARK}
    if kind is None:
        _create(client, route.kind, settings)
    elif SOURCE not in _items(client):
        client.ask("CreateSceneItem", sceneName=SCENE, sourceName=SOURCE)
    settings |= _device(client, route)
    client.ask("SetInputSettings", inputName=SOURCE, inputSettings=settings, overlay=False)
    _fill(client)


def there(client: ObsClient) -> bool:
    """Whether OBS has our source."""
    return SOURCE in _inputs(client) and _ours(client)


def remove(client: ObsClient) -> bool:
    """Take the source and the scene back; False when the scene stays since it holds more."""
    if there(client):
        _remove_source(client)
    if SCENE not in _scenes(client):
        return True
    if _items(client):
        return False
    client.ask("RemoveScene", sceneName=SCENE)
    return True


def canvas(client: ObsClient) -> tuple[int, int]:
    """Return the width and height of what OBS composes."""
    video = client.ask("GetVideoSettings")
    return int(video["baseWidth"]), int(video["baseHeight"])


def screenshot(client: ObsClient, width: int = 320, height: int = 180) -> bytes:
    """Return what OBS draws of the source, as JPEG (png is slow)."""
    answer = client.ask("GetSourceScreenshot", sourceName=SOURCE, imageFormat="jpg",
                        imageWidth=width, imageHeight=height)  # fmt: skip
    return base64.b64decode(answer["imageData"].partition(",")[2])


def _create(client: ObsClient, kind: str, settings: dict[str, object]) -> None:
    # A source of that name that was just removed may still be on its way out.
    deadline = time.monotonic() + _ENDS_WITHIN_S
    while True:
        try:
            client.ask("CreateInput", sceneName=SCENE, inputName=SOURCE, inputKind=kind,
                       inputSettings=settings, sceneItemEnabled=True)  # fmt: skip
            return
        except ObsRefusal as refusal:
            if refusal.code != _EXISTS or time.monotonic() > deadline:
                raise
        time.sleep(_POLL_S)


def _device(client: ObsClient, route: Route) -> dict[str, object]:
    """Return the setting of the device as OBS calls it; raises DeviceMissing."""
    if route.choose is None:
        return {}
    name, value = route.choose
    answer = client.ask("GetInputPropertiesListPropertyItems", inputName=SOURCE, propertyName=name)
    for row in answer["propertyItems"]:
        if value in (row["itemValue"], row["itemName"]):
            return {name: row["itemValue"]}
    raise DeviceMissing(
        f"OBS does not see {route.words}.",
        remedy="An OBS from Flatpak: flatpak override --user --device=all com.obsproject.Studio. "
        "Or take the driver-free way: --route stream.",
    )


def _remove_source(client: ObsClient) -> None:
    # RemoveInput leaves a ghost in a scene that is not drawn; RemoveSceneItem acts at once.
    if SCENE in _scenes(client):
        for row in _rows(client):
            if row["sourceName"] == SOURCE:
                client.ask("RemoveSceneItem", sceneName=SCENE, sceneItemId=row["sceneItemId"])
    if not _until(lambda: SOURCE not in _inputs(client), 0.5):
        client.ask("RemoveInput", inputName=SOURCE)  # it is in scenes of the user's as well
        _until(lambda: SOURCE not in _inputs(client), _ENDS_WITHIN_S)


def _until(done: Callable[[], bool], within_s: float) -> bool:
    deadline = time.monotonic() + within_s
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_S)
    return True


def _fill(client: ObsClient) -> None:
    width, height = canvas(client)
    item = client.ask("GetSceneItemId", sceneName=SCENE, sourceName=SOURCE)["sceneItemId"]
    place: dict[str, Any] = {
        "positionX": 0.0, "positionY": 0.0, "rotation": 0.0, "alignment": 5, "boundsAlignment": 0,
        "cropLeft": 0, "cropRight": 0, "cropTop": 0, "cropBottom": 0,
        "boundsType": "OBS_BOUNDS_SCALE_INNER",
        "boundsWidth": float(width), "boundsHeight": float(height),
    }  # fmt: skip
    client.ask("SetSceneItemTransform", sceneName=SCENE, sceneItemId=item, sceneItemTransform=place)


def _ours(client: ObsClient) -> bool:
    settings = client.ask("GetInputSettings", inputName=SOURCE)["inputSettings"]
    return _MARK.items() <= settings.items()


def _scenes(client: ObsClient) -> list[str]:
    return [row["sceneName"] for row in client.ask("GetSceneList")["scenes"]]


def _inputs(client: ObsClient) -> dict[str, str]:
    rows = client.ask("GetInputList")["inputs"]
    return {row["inputName"]: row["unversionedInputKind"] for row in rows}


def _rows(client: ObsClient) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = client.ask("GetSceneItemList", sceneName=SCENE)["sceneItems"]
    return rows


def _items(client: ObsClient) -> list[str]:
    return [row["sourceName"] for row in _rows(client)]
