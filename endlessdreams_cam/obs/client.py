"""A connection to OBS that never waits for ever and says what is wrong."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from typing import Any
from urllib.parse import urlsplit

import websocket
from obswebsocket import base_classes
from obswebsocket.core import RecvThread, obsws
from obswebsocket.exceptions import ConnectionFailure, MessageTimeout

from endlessdreams_cam.errors import DeviceError, DeviceLost, DeviceMissing, SettingError
from endlessdreams_cam.opening import Opens

PORT = 4455
"""Where OBS listens since version 28."""

_SWITCH = "In OBS: Tools → WebSocket Server Settings → Enable WebSocket server."
_BROKEN = (websocket.WebSocketException, OSError, ValueError, KeyError, TypeError, AttributeError)


class ObsClient(Opens):
    """One connection; a host that is silent or frozen fails within timeout_s (seconds)."""

    def __init__(
        self, host: str = "127.0.0.1", port: int = PORT, password: str = "", *, timeout_s: float = 2
    ) -> None:
        self._where = f"{host}:{port}"
        self._wire = _Wire(host, port, password, timeout=timeout_s)

    def open(self) -> ObsClient:
        """Connect; raises DeviceMissing, SettingError (password), DeviceError (not OBS)."""
        # The library logs whole messages, and with them the names of the user's scenes.
        logging.getLogger("obswebsocket").setLevel(logging.CRITICAL + 1)
        logging.getLogger("obswebsocket.core").setLevel(logging.CRITICAL + 1)
        try:
            self._wire.connect()
        except Exception as error:
            self.close()
            raise self._why(error) from None
        return self

    def close(self) -> None:
        """Disconnect."""
        self._wire.disconnect()

    def ask(self, request: str, **values: object) -> dict[str, Any]:
        """Return OBS's answer; raises DeviceError when it refuses, DeviceLost when it is gone."""
        asked = _named(request)(**values)
        try:
            self._wire.call(asked)
        except MessageTimeout:
            raise DeviceLost("OBS does not answer.", remedy="Look at OBS: is it stuck?") from None
        except _BROKEN:
            raise DeviceLost("OBS has gone.", remedy="Start OBS again.") from None
        if not asked.status:
            comment = asked.datain.get("comment", "")
            raise ObsRefusal(request, int(asked.datain.get("code", 0)), comment)
        return dict(asked.datain)

    def _why(self, error: Exception) -> Exception:
        if isinstance(error, websocket.WebSocketTimeoutException | TimeoutError):
            return DeviceMissing(f"{self._where} takes the call but stays silent.", remedy=_SWITCH)
        if isinstance(error, ConnectionFailure):
            return SettingError("OBS refuses the password.", remedy="Give OBS's own. " + _SWITCH)
        if isinstance(error, ConnectionRefusedError):
            remedy = f"Start OBS. {_SWITCH}"
            return DeviceMissing(f"Nothing listens at {self._where}.", remedy=remedy)
        if isinstance(error, websocket.WebSocketAddressException | OSError):
            return DeviceMissing(f"{self._where} cannot be reached.", remedy="Check the address.")
        if isinstance(error, _BROKEN):
            return DeviceError(f"What listens at {self._where} is not OBS.", remedy=_SWITCH)
        return error


class ObsRefusal(DeviceError):
    """OBS answered no; code is obs-websocket's RequestStatus."""

    def __init__(self, request: str, code: int, comment: str) -> None:
        # The comment may hold names of the user's scenes: it is kept out of the sentence.
        super().__init__(f"OBS refuses {request} (code {code}).")
        self.request, self.code, self.comment = request, code, comment

    def __reduce__(self) -> tuple[object, ...]:
        return (ObsRefusal, (self.request, self.code, self.comment))


def parse_url(url: str) -> tuple[str, int]:
    """Return the host and port in ws://HOST[:PORT]; raises SettingError."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or PORT
    except ValueError:
        host, port, parts = None, 0, urlsplit("")
    if parts.scheme != "ws" or not host:
        raise SettingError(f"OBS's address cannot be {url!r}.", remedy="Write ws://HOST:4455.")
    return host, port


def _named(request: str) -> Any:
    # The library's own classes are made from a list that may be older than OBS.
    return type(request, (base_classes.Baserequests,), {"name": request})


class _Wire(obsws):  # type: ignore[misc]
    """The library's client with limits where it has none."""

    def __init__(self, host: str, port: int, password: str, *, timeout: float) -> None:
        super().__init__(host, port, password, legacy=False, timeout=timeout)
        self.answers = _Answers()
        self.thread_recv: _Receiver | None = None
        self.ws: websocket.WebSocket | None = None

    def connect(self) -> None:
        # The library's own gives its socket no limit: a silent host would hold us for ever.
        host = f"[{self.host}]" if ":" in self.host else self.host
        self.ws = websocket.create_connection(f"ws://{host}:{self.port}", timeout=self.timeout)
        self._auth()
        self.ws.settimeout(None)
        # Receiving waits for news without end; `call` has a limit of its own.
        self.thread_recv = _Receiver(self)
        self.thread_recv.start()

    def disconnect(self) -> None:
        receiver, self.thread_recv = self.thread_recv, None
        if receiver:
            receiver.running = False
        if self.ws is None:
            return
        if self.ws.sock is not None:
            with contextlib.suppress(OSError):
                self.ws.sock.shutdown(socket.SHUT_RDWR)  # wakes the receiver; close() would not
        self.ws.shutdown()  # type: ignore[no-untyped-call]
        if receiver and receiver is not threading.current_thread():
            receiver.join(self.timeout)


class _Receiver(RecvThread):  # type: ignore[misc]
    def __init__(self, core: _Wire) -> None:
        super().__init__(core)
        self.name, self.daemon = "obs", True

    def run(self) -> None:
        # A connection that was reset is told by the next question, not by a traceback.
        with contextlib.suppress(OSError):
            super().run()


class _Answers(dict[str, dict[str, Any]]):
    """Keeps what the library throws away: why a request was refused."""

    def __setitem__(self, key: str, answer: dict[str, Any]) -> None:
        if not answer["requestStatus"]["result"]:
            answer = {**answer, "responseData": answer["requestStatus"]}
        super().__setitem__(key, answer)
