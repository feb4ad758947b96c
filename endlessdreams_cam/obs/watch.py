"""The program and OBS's picture of it, side by side for a while."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, TypeVar
from urllib.parse import urlsplit

import cv2
import numpy as np

from endlessdreams_cam import clock
from endlessdreams_cam.errors import DeviceMissing
from endlessdreams_cam.obs import proof, scene
from endlessdreams_cam.obs.proof import Proof, Seen, Verdict
from endlessdreams_cam.obs.refusals import ObsRefusal
from endlessdreams_cam.opening import Opens

if TYPE_CHECKING:
    from endlessdreams_cam.obs.client import ObsClient

STAMP = "X-Rendered-Ns"
"""The header of each picture in the stream: when its frame was made, on the program's clock."""

_KEPT = 600
_LINE = 1024
_LARGEST = 16 * 1024 * 1024
_WAIT_S = 5.0
_SHOTS, _FEW = 28, 6
_BETWEEN_S = 0.045  # no multiple of a frame's time: the moments then fall everywhere in a frame
_POLL_S = 0.2
_NOT_DRAWN = 702  # obs-websocket's RequestProcessingFailed


Kept = TypeVar("Kept")


class Watch(Opens, Generic[Kept]):
    """Reads the program's stream in a thread and keeps what `see` makes of the last frames.

    see gets a JPEG and when its frame was made, on the program's clock; None is not kept.
    """

    def __init__(self, picture_url: str, see: Callable[[bytes, int], Kept | None]) -> None:
        self._url = picture_url
        self._see = see
        self._frames: deque[Kept] = deque(maxlen=_KEPT)
        self._sock: socket.socket | None = None
        self._answer: http.client.HTTPResponse | None = None
        self._thread: threading.Thread | None = None

    def open(self) -> Watch[Kept]:
        """Connect; raises DeviceMissing where the stream is not given."""
        parts = urlsplit(self._url)
        try:
            line = _line(parts.scheme, parts.hostname or "", parts.port)
            line.connect()
            self._sock = line.sock  # the answer takes it over: only from here it can be woken
            line.request("GET", f"{parts.path}?{parts.query}")
            self._answer = line.getresponse()
        except (OSError, http.client.HTTPException):
            self.close()
            raise DeviceMissing(
                "The show's panel does not answer.", remedy="Look at the show: is it on air?"
            ) from None
        if self._answer.status != http.client.OK:
            status = self._answer.status
            self.close()
            raise DeviceMissing(
                f"The show's panel gives no pictures (HTTP {status}).",
                remedy="Close some of the programs that watch it.",
            )
        self._thread = threading.Thread(
            target=self._read, args=(self._answer,), name="watch", daemon=True
        )
        self._thread.start()
        return self

    def close(self) -> None:
        """Disconnect."""
        sock, self._sock = self._sock, None
        if sock:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)  # wakes the thread
        thread, self._thread = self._thread, None
        if thread:
            thread.join(_WAIT_S)
        answer, self._answer = self._answer, None
        if answer:
            answer.close()
        if sock:
            sock.close()

    def frames(self) -> list[Kept]:
        """Return what was kept of the last frames, the oldest first."""
        return list(self._frames)

    def _read(self, answer: http.client.HTTPResponse) -> None:
        with contextlib.suppress(OSError, ValueError, http.client.HTTPException):
            while (found := _part(answer)) is not None:
                time_ns, jpeg = found
                if (seen := self._see(jpeg, time_ns)) is not None:
                    self._frames.append(seen)


def look(client: ObsClient, watch: Watch[Seen], *, shots: int = _SHOTS) -> Proof:
    """Take pictures of the source through OBS and compare them with the program's."""
    shown = []
    for _ in range(shots):
        if (seen := _shot(client)) is not None:
            shown.append(seen)
        time.sleep(_BETWEEN_S)
    return proof.compare(watch.frames(), shown)


def prove(client: ObsClient, watch: Watch[Seen], *, within_s: float = 12) -> Proof:
    """Look until the program is seen to move in OBS, or stands still there as it does itself.

    A source takes seconds to its first picture; what was wrong at last is what is returned.
    """
    deadline = clock.now_ns() + clock.to_ns(within_s)
    while True:
        found = look(client, watch, shots=_FEW)
        if found.verdict in (Verdict.MOVES, Verdict.STILL):
            found = look(client, watch)
        sure = found.verdict is Verdict.STILL or found.latency_ms is not None
        if sure or clock.now_ns() > deadline:
            return found
        time.sleep(_POLL_S)


def _shot(client: ObsClient) -> Seen | None:
    """Return what OBS draws of the source, None where it draws nothing yet."""
    asked_ns = clock.now_ns()
    try:
        jpeg = scene.screenshot(client, 160, 90)
    except ObsRefusal as refusal:
        if refusal.code != _NOT_DRAWN:
            raise
        return None
    return see(jpeg, (asked_ns + clock.now_ns()) // 2)


def see(jpeg: bytes, time_ns: int) -> Seen | None:
    """Return a JPEG as what is compared, None where it is none."""
    data = np.frombuffer(jpeg, np.uint8)
    pixels = cv2.imdecode(data, cv2.IMREAD_REDUCED_COLOR_2) if len(data) else None
    if pixels is None:
        return None
    thumb = cv2.resize(pixels, proof.THUMB, interpolation=cv2.INTER_AREA)
    return Seen(time_ns, thumb.astype(np.float32))


def _line(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        # The certificate is the user's own; the token is for this machine's panel alone.
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        return http.client.HTTPSConnection(host, port, timeout=_WAIT_S, context=trusting)
    return http.client.HTTPConnection(host, port, timeout=_WAIT_S)


def _part(answer: http.client.HTTPResponse) -> tuple[int, bytes] | None:
    """Return the next picture of a stream and when it was made, None at its end."""
    length, time_ns, started = 0, clock.now_ns(), False
    while line := answer.readline(_LINE):
        name, _, value = line.decode("latin-1").strip().partition(":")
        if name.lower() == "content-length":
            length = min(int(value), _LARGEST)
        elif name.lower() == STAMP.lower():
            time_ns = int(value)
        started = started or name.startswith("--")
        if started and not name and length:
            return time_ns, answer.read(length)
    return None
