"""What an OBS says to whoever calls, before any password."""

from __future__ import annotations

import json
from dataclasses import dataclass

import websocket

from endlessdreams_cam.errors import DeviceError, DeviceMissing


@dataclass(frozen=True, slots=True)
class Greeting:
    """obs-websocket's version, the protocol's (1 from OBS 28 on), whether it asks a password."""

    websocket: str
    protocol: int
    asks_password: bool


def greet(host: str, port: int, *, timeout_s: float = 0.4) -> Greeting:
    """Return what listens there says; raises DeviceMissing (nobody), DeviceError (not OBS)."""
    where = f"[{host}]" if ":" in host else host
    try:
        line = websocket.create_connection(
            f"ws://{where}:{port}", timeout=timeout_s, http_no_proxy=[host], redirect_limit=0
        )
        try:
            found = json.loads(line.recv())["d"]
        finally:
            line.close(timeout=0)
        return Greeting(
            str(found["obsWebSocketVersion"]), int(found["rpcVersion"]), "authentication" in found
        )
    except (TimeoutError, websocket.WebSocketTimeoutException):
        raise DeviceError(f"{host}:{port} takes the call but stays silent.") from None
    except (websocket.WebSocketException, ValueError, KeyError, TypeError):
        raise DeviceError(f"What listens at {host}:{port} is not OBS.") from None
    except OSError:
        raise DeviceMissing(f"Nothing listens at {host}:{port}.") from None
