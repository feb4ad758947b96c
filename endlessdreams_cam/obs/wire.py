"""The library's client with limits where it has none."""

from __future__ import annotations

import contextlib
import itertools
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from typing import Any

import websocket
from obswebsocket.core import obsws

from endlessdreams_cam.errors import DeviceLost
from endlessdreams_cam.obs.refusals import NotObs, ObsEnded, ObsTooOld, PasswordRefused

BROKEN = (websocket.WebSocketException, OSError, ValueError, KeyError, TypeError, AttributeError)
"""What the library and the socket raise when the other side is not as it should be."""

_RPC = 1
_HELLO, _IDENTIFY, _IDENTIFIED, _EVENT, _ANSWER = 0, 1, 2, 5, 7
_PASSWORD, _OTHER_RPC, _ENDED = 4009, 4010, 4011  # obs-websocket's WebSocketCloseCode
_GENERAL, _SCENES, _TRANSITIONS, _OUTPUTS, _UI = 1 << 0, 1 << 2, 1 << 4, 1 << 6, 1 << 10
_EVENTS = _GENERAL | _SCENES | _TRANSITIONS | _OUTPUTS | _UI


class Wire(obsws):  # type: ignore[misc]
    """Opens within `timeout` seconds in all, sends within it, and says why it has ended."""

    refused = ("", "")
    ended: Exception | None = None
    messages = 0

    def __init__(
        self, host: str, port: int, password: str | Callable[[], str], *, timeout: float
    ) -> None:
        self._ids = itertools.count(1)
        super().__init__(host, port, "", legacy=False, timeout=timeout)
        self._find_password = password
        self.answers = _Answers()
        self.ws: websocket.WebSocket | None = None
        self.heard: Callable[[str, dict[str, Any]], None] = lambda event, data: None
        self.lost: Callable[[], None] = lambda: None
        self._sock: socket.socket | None = None
        self._closed = False
        self._receiver: threading.Thread | None = None

    @property
    def id(self) -> int:
        """A number for the next request: the library's own could be given to two threads."""
        return next(self._ids)

    @id.setter
    def id(self, value: int) -> None:
        pass

    @property
    def is_open(self) -> bool:
        """Whether it has connected and was not closed since."""
        return self._receiver is not None and not self._closed

    def connect(self) -> None:
        # A socket of our own: no proxy stands before it, and it can be closed at any moment.
        self._sock = socket.create_connection((self.host, self.port), timeout=self.timeout)
        if self._closed:
            self.disconnect()
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        host = f"[{self.host}]" if ":" in self.host else self.host
        self.ws = websocket.WebSocket(skip_utf8_validation=True)
        with _within(self.timeout, self._sock):
            self.ws.connect(  # type: ignore[no-untyped-call]
                f"ws://{host}:{self.port}", socket=self._sock, timeout=self.timeout,
                redirect_limit=0,  # the answer to a password goes to nobody else
            )  # fmt: skip
            self._auth()
        # From here on the socket's own limit is for sending: who listens waits for ever.
        self._receiver = threading.Thread(target=self._receive, name="obs hears", daemon=True)
        self._receiver.start()

    def limit(self, seconds: float) -> None:
        """Let sending, and the wait for an answer, take so long from now on."""
        self.timeout = seconds
        if self._sock:
            self._sock.settimeout(seconds)

    def disconnect(self) -> None:
        self._closed = True
        if self._sock is None:
            return
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)  # wakes who reads; close() would not
        self._sock.close()
        receiver = self._receiver
        if receiver and receiver is not threading.current_thread():
            receiver.join(self.timeout)

    def _auth(self) -> None:
        hello = self._read(_HELLO)
        if int(hello["rpcVersion"]) < _RPC:
            raise _wrong_age()
        identify: dict[str, Any] = {"rpcVersion": _RPC, "eventSubscriptions": _EVENTS}
        if lock := hello.get("authentication"):
            self._check_known(str(lock["salt"]))
            identify["authentication"] = self._build_auth_string(lock["salt"], lock["challenge"])
        self._send({"op": _IDENTIFY, "d": identify})
        try:
            self._read(_IDENTIFIED)
        except PasswordRefused:
            raise self._refused(str(lock["salt"]) if lock else "") from None

    def _check_known(self, salt: str) -> None:
        """Refuse for OBS what it would refuse, and tell its user of, each time."""
        find = self._find_password
        self.password = find if isinstance(find, str) else find()
        if not self.password:
            raise PasswordRefused("OBS wants a password.", remedy="Give it the one from OBS.")
        if (salt, self.password) == self.refused:
            raise self._refused(salt)

    def _refused(self, salt: str) -> PasswordRefused:
        error = _wrong_password()
        error.known = (salt, self.password)
        return error

    def _send(self, message: dict[str, Any]) -> None:
        if self.ws is None:
            raise DeviceLost("OBS is not connected.", remedy="Connect first.")
        self.ws.send(json.dumps(message))

    def _read(self, op: int) -> dict[str, Any]:
        """Return what the next message holds, which must be of a kind."""
        message = self._next()
        if message["op"] != op:
            raise NotObs("What answers is not OBS.")
        found: dict[str, Any] = message["d"]
        return found

    def _next(self) -> Any:
        if self.ws is None:
            raise DeviceLost("OBS is not connected.", remedy="Connect first.")
        opcode, data = self.ws.recv_data()
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            raise _closed_with(struct.unpack("!H", data[:2])[0] if len(data) > 1 else 0)
        return json.loads(data)

    def _receive(self) -> None:
        """Read until the connection ends, however it does."""
        while self.ended is None:
            try:
                self._take(self._next())
                self.messages += 1
            except websocket.WebSocketTimeoutException:
                continue
            except (websocket.WebSocketConnectionClosedException, OSError):
                self.ended = DeviceLost("OBS has gone.", remedy="Start OBS again.")
            except DeviceLost as error:
                self.ended = error
            except Exception:  # the top of the thread: whatever was sent, it was not OBS's
                self.ended = NotObs("What answers does not speak as OBS does.")
        if self._sock:
            self._sock.close()
        for waiting in tuple(self.events.values()):
            waiting.set()
        self.lost()

    def _take(self, message: Any) -> None:
        op, found = message["op"], message["d"]
        if op == _EVENT:
            self.heard(str(found["eventType"]), dict(found.get("eventData") or {}))
        elif op == _ANSWER and found["requestId"] in self.events:
            self.answers[found["requestId"]] = found
            self.events[found["requestId"]].set()


class _Answers(dict[str, dict[str, Any]]):
    """Keeps what the library throws away: why a request was refused."""

    def __setitem__(self, key: str, answer: dict[str, Any]) -> None:
        if not answer["requestStatus"]["result"]:
            answer = {**answer, "responseData": answer["requestStatus"]}
        super().__setitem__(key, answer)


@contextlib.contextmanager
def _within(seconds: float, sock: socket.socket) -> Iterator[None]:
    """End a socket after so long: who sends a byte now and then would hold us for ever."""

    def end() -> None:
        over.set()
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    over = threading.Event()
    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    except BROKEN:
        if over.is_set():
            raise TimeoutError from None
        raise
    finally:
        timer.cancel()


def _closed_with(code: int) -> Exception:
    if code == _PASSWORD:
        return _wrong_password()
    if code == _OTHER_RPC:
        return _wrong_age()
    if code == _ENDED:
        return ObsEnded(
            "OBS's user has ended the connection.", remedy="Connect again when you are ready."
        )
    return DeviceLost("OBS has gone.", remedy="Start OBS again.")


def _wrong_password() -> PasswordRefused:
    return PasswordRefused("OBS refuses the password.", remedy="Give it the one from OBS.")


def _wrong_age() -> ObsTooOld:
    return ObsTooOld("This OBS speaks another version.", remedy="Update OBS to 28 or newer.")
