"""Whether OBS is here, and whether it can be steered."""

from __future__ import annotations

from endlessdreams_cam.doctor.check import Check, State
from endlessdreams_cam.errors import DeviceError, DeviceMissing
from endlessdreams_cam.obs import access, installation
from endlessdreams_cam.obs.access import Access
from endlessdreams_cam.obs.greeting import greet

OLDEST = 28
_SETTINGS = "In OBS: Tools → WebSocket Server Settings"
_ON = f"{_SETTINGS} → Enable WebSocket server."
_NEXT = "Then: endlessdreams-cam obs connect"


def check_obs() -> list[Check]:
    """Return the checks of OBS and of its WebSocket server; without OBS there is nothing amiss."""
    version, runs = installation.version(), installation.running()
    kept = access.load().url
    if version is None and not runs and not kept:
        text = "not on this machine (Zoom, Meet and Discord need none)"
        return [Check("OBS", State.OK, text)]
    return [_installed(version, runs), _server(kept, runs)]


def _installed(version: str | None, runs: bool) -> Check:
    if version is None:
        text = "runs, from a place that is not known" if runs else "on another machine"
        return Check("OBS", State.OK, text)
    if version and int(version.split(".")[0]) < OLDEST:
        text = f"version {version} is too old for `obs connect`"
        return Check("OBS", State.WARNING, text, "Install OBS 28 or newer.")
    words = f"version {version}" if version else "installed"
    return Check("OBS", State.OK, f"{words}, {'running' if runs else 'not running'}")


def _server(kept: str, runs: bool) -> Check:
    own = installation.server_settings()
    # Of OBS's own settings only this is looked at: whether the server is on, and its port.
    where = Access(kept or (f"ws://127.0.0.1:{own.port}" if own else access.URL))
    try:
        found = greet(*where.address)
    except DeviceMissing as error:
        return _nobody(error, where, runs, enabled=own.enabled if own else None)
    except DeviceError as error:
        remedy = f"Look at OBS; one older than {OLDEST} speaks another protocol. {_ON}"
        return _warn(error.cause, remedy)
    if found.protocol < 1:
        return _warn(f"obs-websocket {found.websocket} is too old", "Install OBS 28 or newer.")
    text = f"obs-websocket {found.websocket} at {where.url}"
    if not found.asks_password:
        return _warn(f"{text} asks for no password", f"{_SETTINGS} → Enable Authentication.")
    return Check("OBS WebSocket", State.OK, text)


def _nobody(error: DeviceMissing, where: Access, runs: bool, *, enabled: bool | None) -> Check:
    if not where.local:
        return _warn(error.cause, f"Start OBS there. {_ON}")
    if runs:
        return _warn(
            f"OBS runs, but its server is off or at another port. {error.cause}", f"{_ON} {_NEXT}"
        )
    if enabled is False:
        return _warn("it is off in OBS's settings", f"{_ON} {_NEXT}")
    text = "OBS is not running, its server is on" if enabled else "OBS is not running"
    return Check("OBS WebSocket", State.OK, text)


def _warn(text: str, remedy: str) -> Check:
    return Check("OBS WebSocket", State.WARNING, text, remedy)
