"""`endlessdreams-cam obs camera`: OBS's virtual camera, through the running show or directly."""

from __future__ import annotations

from endlessdreams_cam.errors import NoShow
from endlessdreams_cam.obs import access, camera, reach
from endlessdreams_cam.runtime.post import call


def turn_camera(on: bool, url: str | None) -> None:
    """Start or stop it; raises with the reason and the remedy where OBS's camera does not follow.

    A running show that is connected does it on its own line; otherwise OBS is called.
    """
    if url is not None or not _through_the_show(on):
        with reach.connect(access.find(url)) as client:
            camera.turn(client, on)
    print(f"OBS's virtual camera {'runs' if on else 'is off'}.")


def _through_the_show(on: bool) -> bool:
    try:
        if call({"do": "status"})["status"]["obs"]["phase"] != "connected":
            return False
    except NoShow:
        return False
    call({"do": "obs", "what": f"camera {'start' if on else 'stop'}"})
    return True
