"""The post: how another terminal, or a button box, steers the running show.

A socket (on Windows a named pipe) that only this user can open; one JSON request, one answer.
"""

from __future__ import annotations

import contextlib
import getpass
import hashlib
import json
import os
import sys
import tempfile
import threading
from collections.abc import Callable
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Any

from endlessdreams_cam.errors import EndlessDreamsError, NoShow, SettingError
from endlessdreams_cam.settings import runtime_folder

_LARGEST = 256 * 1024
_PATIENCE_S = 5.0
_LONGEST_PATH = 100  # what fits a socket's address on every Unix

Answer = dict[str, Any]
Handler = Callable[[dict[str, Any]], Answer]


def address() -> str:
    """Return where the show of this user listens."""
    if sys.platform == "win32":
        name = hashlib.sha256(f"{getpass.getuser()}{runtime_folder()}".encode()).hexdigest()[:16]
        return rf"\\.\pipe\endlessdreams-cam-{name}"
    path = runtime_folder() / "show.sock"
    if len(str(path)) <= _LONGEST_PATH:
        return str(path)
    short = hashlib.sha256(str(path).encode()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"edc-{os.getuid()}-{short}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return str(folder / "show.sock")


def call(request: dict[str, Any]) -> Answer:
    """Send a request to the running show and return its answer.

    Raises NoShow when none is on air or it does not answer, SettingError with the show's words.
    """
    try:
        with Client(address()) as connection:
            connection.send_bytes(json.dumps(request).encode())
            if not connection.poll(_PATIENCE_S):
                raise NoShow("The show does not answer.", remedy="End it and start it again.")
            answer: Answer = json.loads(connection.recv_bytes(_LARGEST))
    except (OSError, EOFError):
        raise NoShow("No show is on air.", remedy="Start one: endlessdreams-cam run") from None
    if "error" in answer:
        raise SettingError(answer["error"], remedy=answer.get("remedy", ""))
    return answer


class Post:
    """Listens for requests; each connection has a thread of its own, so none holds up another."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._listener: Listener | None = None

    def open(self) -> None:
        """Listen; the show's lock must be held, so a socket that lies there is a dead one's."""
        where = address()
        if sys.platform != "win32":
            Path(where).unlink(missing_ok=True)
            before = os.umask(0o177)
            try:
                self._listener = Listener(where, backlog=8)
            finally:
                os.umask(before)
        else:
            self._listener = Listener(where, backlog=8)
        threading.Thread(target=self._accept, name="post", daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        if self._listener:
            listener, self._listener = self._listener, None
            with contextlib.suppress(OSError):
                listener.close()

    def _accept(self) -> None:
        while (listener := self._listener) is not None:
            try:
                connection = listener.accept()
            except (OSError, EOFError):
                if self._listener is None:
                    return
                continue
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: Connection[Any, Any]) -> None:
        with connection, contextlib.suppress(OSError, EOFError):
            if connection.poll(_PATIENCE_S):
                answer = self._answer(connection.recv_bytes(_LARGEST))
                connection.send_bytes(json.dumps(answer).encode())

    def _answer(self, data: bytes) -> Answer:
        try:
            request = json.loads(data)
            if not isinstance(request, dict):
                raise SettingError("A request is a JSON object.")
            return self._handler(request)
        except EndlessDreamsError as error:
            return {"error": error.cause, "remedy": error.remedy}
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            return {"error": f"This request cannot be read: {error}."}
