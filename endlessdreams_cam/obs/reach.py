"""Connecting to OBS, and saying exactly what is missing when that fails."""

from __future__ import annotations

import re
from dataclasses import dataclass

from endlessdreams_cam.errors import DeviceError, DeviceMissing, SettingError
from endlessdreams_cam.obs import installation
from endlessdreams_cam.obs.access import ENVIRONMENT, Access
from endlessdreams_cam.obs.client import ObsClient
from endlessdreams_cam.settings import obs_password_file

OLDEST = (28, 0)
"""The first OBS that brings the protocol spoken here with it."""

_OPEN = "Tools → WebSocket Server Settings"
_ON = f"In OBS: {_OPEN} → Enable WebSocket server, then Apply."


@dataclass(frozen=True, slots=True)
class Versions:
    """What OBS says of itself: its version and obs-websocket's."""

    obs: str
    websocket: str


def connect(access: Access, *, timeout_s: float = 3, answer_s: float = 10) -> ObsClient:
    """Return an open connection; raises DeviceMissing, SettingError or DeviceError.

    An OBS that opens a device may take seconds until it answers.
    """
    host, port = access.address
    try:
        return ObsClient(host, port, access.password, timeout_s=timeout_s, answer_s=answer_s).open()
    except SettingError:
        raise _refused(access) from None
    except DeviceMissing as error:
        raise _missing(access, error) from None


def versions(client: ObsClient) -> Versions:
    """Return OBS's versions; raises DeviceError where it is too old."""
    row = client.ask("GetVersion")
    found = Versions(str(row.get("obsVersion", "")), str(row.get("obsWebSocketVersion", "")))
    if _number(found.obs) < OLDEST:
        raise DeviceError(f"OBS {found.obs} is too old.", remedy="Install OBS 28 or newer.")
    return found


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])


def _refused(access: Access) -> SettingError:
    look = f"In OBS: {_OPEN} → Show Connect Info shows it."
    if access.origin:
        return SettingError(f"OBS refuses the password from {access.origin}.", remedy=look)
    return SettingError(
        "OBS wants its password, and none was found.",
        remedy=f"{look} Give it in {ENVIRONMENT}, or in the file {obs_password_file()} "
        "(chmod 600), or let it be read where OBS keeps it: "
        "endlessdreams-cam obs connect --use-obs-settings",
    )


def _missing(access: Access, error: DeviceMissing) -> DeviceMissing:
    """Return what is missing, as far as it can be told from this machine."""
    if not error.cause.startswith("Nothing listens"):
        old = "; or it is older than 28, whose protocol is another"
        stays = error.cause.removesuffix(".")
        return DeviceMissing(f"{stays}{old}." if "silent" in stays else error.cause,
                             remedy=error.remedy)  # fmt: skip
    if not access.local:
        return DeviceMissing(error.cause, remedy=f"Start OBS there. {_ON}")
    if not installation.running():
        return DeviceMissing(f"OBS is not running ({error.cause.rstrip('.')}).",
                             remedy=f"Start OBS. If it still fails: {_ON}")  # fmt: skip
    at = error.cause.rstrip(".")
    return DeviceMissing(
        f"OBS runs, but its WebSocket server is off or at another port ({at}).",
        remedy=f"{_ON} Another port: endlessdreams-cam obs connect --url ws://127.0.0.1:PORT.",
    )
