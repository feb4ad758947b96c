"""A connection to OBS that never waits for ever and says what is wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import websocket
from obswebsocket import base_classes
from obswebsocket.exceptions import MessageTimeout

from endlessdreams_cam.errors import DeviceError, DeviceLost, DeviceMissing, SettingError
from endlessdreams_cam.obs.login import PORT, parse_url
from endlessdreams_cam.obs.refusals import NotObs, ObsRefusal, ObsSilent, ObsStuck, PasswordRefused
from endlessdreams_cam.obs.wire import BROKEN, Wire
from endlessdreams_cam.opening import Opens

__all__ = ["PORT", "ObsClient", "ObsRefusal", "PasswordRefused", "parse_url"]

_SWITCH = "In OBS: Tools → WebSocket Server Settings → Enable WebSocket server."


class ObsClient(Opens):
    """One connection; a host that is silent or frozen fails within timeout_s (seconds).

    Answers may take answer_s (default: as long). `heard(event, data)` gets OBS's events and
    `lost()` is called when the connection has ended, both on a thread of the connection's own:
    they must return at once. A password that is a function is called once OBS asks for it.
    refused is what a PasswordRefused knows: while that is so,
    OBS is not asked again.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = PORT,
        password: str | Callable[[], str] = "",
        *,
        timeout_s: float = 2,
        answer_s: float | None = None,
        heard: Callable[[str, dict[str, Any]], None] | None = None,
        lost: Callable[[], None] | None = None,
        refused: tuple[str, str] = ("", ""),
    ) -> None:
        self._where = f"{host}:{port}"
        self._answer_s = timeout_s if answer_s is None else answer_s
        self._wire = Wire(host, port, password, timeout=timeout_s)
        self._wire.refused = refused
        self._wire.heard = heard or self._wire.heard
        self._wire.lost = lost or self._wire.lost

    def open(self) -> ObsClient:
        """Connect, if that has not been done.

        Raises PasswordRefused, ObsSilent or another DeviceMissing, ObsTooOld, NotObs.
        """
        if self._wire.is_open:
            return self
        # The library logs whole messages, and with them the names of the user's scenes.
        logging.getLogger("obswebsocket").setLevel(logging.CRITICAL + 1)
        logging.getLogger("obswebsocket.core").setLevel(logging.CRITICAL + 1)
        try:
            self._wire.connect()
        except Exception as error:
            self.close()
            raise self._why(error) from None
        self._wire.limit(self._answer_s)
        return self

    def close(self) -> None:
        """Disconnect, from any thread; whoever waits for an answer gets DeviceLost."""
        self._wire.disconnect()

    @property
    def ended(self) -> Exception | None:
        """Why the connection has ended, None while it is there."""
        return self._wire.ended

    @property
    def messages(self) -> int:
        """How many messages OBS has sent."""
        return self._wire.messages

    def ask(self, request: str, **values: object) -> dict[str, Any]:
        """Return OBS's answer; raises ObsRefusal when it says no, DeviceLost when it is gone."""
        asked = _named(request)(**values)
        try:
            self._wire.call(asked)
        except MessageTimeout:
            raise self._gone() from None
        except websocket.WebSocketTimeoutException:  # half a message may be on its way: it is over
            self.close()
            raise ObsStuck("OBS reads nothing.", remedy="Look at OBS: is it stuck?") from None
        except BROKEN:
            raise DeviceLost("OBS has gone.", remedy="Start OBS again.") from None
        found = asked.datain
        if not isinstance(found, dict):
            raise NotObs(f"What listens at {self._where} is not OBS.", remedy=_SWITCH)
        if not asked.status:
            raise ObsRefusal(request, int(found.get("code", 0)), str(found.get("comment", "")))
        return found

    def _gone(self) -> DeviceLost:
        if self._wire.ended:
            return DeviceLost("OBS has gone.", remedy="Start OBS again.")
        return ObsStuck("OBS does not answer.", remedy="Look at OBS: is it stuck?")

    def _why(self, error: Exception) -> Exception:
        if isinstance(error, PasswordRefused):
            error.remedy = f"{error.remedy} In OBS: Tools → WebSocket Server Settings.".strip()
        if isinstance(error, DeviceError | SettingError):
            return error
        if isinstance(error, websocket.WebSocketTimeoutException | TimeoutError):
            return ObsSilent(f"{self._where} takes the call but stays silent.", remedy=_SWITCH)
        if isinstance(error, ConnectionRefusedError):
            remedy = f"Start OBS. {_SWITCH}"
            return DeviceMissing(f"Nothing listens at {self._where}.", remedy=remedy)
        if isinstance(error, ConnectionResetError | websocket.WebSocketConnectionClosedException):
            return DeviceMissing(f"{self._where} hangs up at once.", remedy="Look at OBS.")
        if isinstance(error, OSError):
            return DeviceMissing(f"{self._where} cannot be reached.", remedy="Check the address.")
        if isinstance(error, BROKEN):
            return NotObs(f"What listens at {self._where} is not OBS.", remedy=_SWITCH)
        return error


def _named(request: str) -> Any:
    # The library's own classes are made from a list that may be older than OBS.
    return type(request, (base_classes.Baserequests,), {"name": request})
