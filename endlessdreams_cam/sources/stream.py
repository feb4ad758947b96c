"""A picture from the network: an address that FFmpeg reads."""

from __future__ import annotations

import threading
from urllib.parse import urlsplit

import av
from av.container import InputContainer

from endlessdreams_cam import clock
from endlessdreams_cam.errors import DeviceError, DeviceLost, DeviceMissing
from endlessdreams_cam.frame import Size
from endlessdreams_cam.sources.decoding import (
    Converter,
    frame_interval,
    picture_stream,
    timed_frames,
)
from endlessdreams_cam.sources.source import Grab, Source, SourceInfo

_OPEN_S, _READ_S = 8.0, 5.0
_WAIT_S = 0.1
_SILENCE_NS = 6 * clock.SECOND_NS
_PROTOCOLS = {
    "http": "http,tcp,crypto,httpproxy",
    "https": "https,http,tls,tcp,crypto,httpproxy",
    "rtsp": "rtsp,rtp,udp,tcp",
    "rtsps": "rtsps,rtsp,rtp,srtp,udp,tcp,tls",
    "rtmp": "rtmp,tcp",
    "rtmps": "rtmps,rtmp,tls,tcp",
    "srt": "srt,udp",
    "udp": "udp",
}
"""What FFmpeg may use for each scheme: never a file, nor what reads through one."""


class NetworkStream(Source):
    """A stream. argument: its address.

    A thread reads it and keeps the newest picture, so that a network that stands still never
    holds `read`. What is recorded (a file or a playlist behind http) plays at its own rate, what
    is live is shown as it comes. The end of a stream is DeviceLost: who reads it opens it again.
    """

    def __init__(self, argument: str, max_size: Size, fps: float) -> None:
        scheme, _, rest = argument.partition(":")
        self._url = f"{scheme.lower()}:{rest}"  # FFmpeg knows them in small letters only
        self._max_size = max_size
        self._reader: _Reader | None = None
        self._heard_ns = 0

    def open(self) -> SourceInfo:
        """Connect; raises DeviceMissing or DeviceError within eight seconds."""
        parts = urlsplit(self._url)
        container = _connect(self._url, parts.scheme, parts.hostname or "")
        self._reader = _Reader(container, Converter(container, self._max_size))
        self._heard_ns = clock.now_ns()
        stream = picture_stream(container)
        size = Size(stream.width, stream.height) if stream else self._max_size
        self._reader.start()
        # Never the address itself: it may hold a password.
        fps = round(1 / frame_interval(container), 3)
        return SourceInfo("url", parts.hostname or parts.scheme, size, fps)

    def read(self) -> Grab | None:
        """Return the newest picture; raises DeviceLost when the stream ends or goes silent."""
        assert self._reader is not None
        grab = self._reader.newest(_WAIT_S)
        if grab is not None:
            self._heard_ns = grab.captured_ns
        elif clock.now_ns() - self._heard_ns > _SILENCE_NS:
            raise DeviceLost("The stream has gone silent.", remedy="It is opened again.")
        return grab

    def close(self) -> None:
        """Stop reading; a call that waits for the network ends by itself within its limit."""
        if self._reader is not None:
            reader, self._reader = self._reader, None
            reader.stop()


class _Reader(threading.Thread):
    """Decodes a stream and keeps its newest picture. It alone uses and closes the container."""

    def __init__(self, container: InputContainer, converter: Converter) -> None:
        super().__init__(name="stream", daemon=True)
        self._container = container
        self._converter = converter
        self._recorded = (
            bool(container.duration)
            or (container.size or 0) > 0  # newer PyAV: None where it is not known
            or "hls" in container.format.name
        )
        self._changed = threading.Condition()
        self._newest: Grab | None = None
        self._over: str | None = None
        self._stopping = threading.Event()

    def newest(self, wait_s: float) -> Grab | None:
        """Return the picture that came last and was not returned yet, None after `wait_s`."""
        with self._changed:
            self._changed.wait_for(lambda: self._newest or self._over, wait_s)
            grab, self._newest = self._newest, None
            if grab is None and self._over is not None:
                raise DeviceLost(self._over, remedy="It is opened again.")
            return grab

    def stop(self) -> None:
        self._stopping.set()
        self.join(_WAIT_S)

    def run(self) -> None:
        over = "The stream has ended."
        try:
            self._play()
        except (av.error.ExitError, TimeoutError):
            over = "The stream has gone silent."
        except (av.FFmpegError, OSError) as error:
            over = f"The stream broke off ({error.strerror or type(error).__name__})."
        finally:
            self._container.close()
            with self._changed:
                self._over = over
                self._changed.notify_all()

    def _play(self) -> None:
        began_ns = 0
        for frame, at_s in timed_frames(self._container):
            due_ns = began_ns + clock.to_ns(at_s)
            now = clock.now_ns()
            if self._recorded and began_ns and due_ns > now:
                self._stopping.wait(clock.seconds(due_ns - now))
            elif not began_ns or now - due_ns > clock.SECOND_NS:
                began_ns = now - clock.to_ns(at_s)
            if self._stopping.is_set():
                return
            self._publish(Grab(self._converter.convert(frame), clock.now_ns()))

    def _publish(self, grab: Grab) -> None:
        with self._changed:
            self._newest = grab
            self._changed.notify_all()


def _connect(url: str, scheme: str, host: str) -> InputContainer:
    options = {
        "protocol_whitelist": _PROTOCOLS[scheme],
        "flags": "low_delay",
        "rtsp_transport": "tcp",
    }
    try:
        container = av.open(url, options=options, timeout=(_OPEN_S, _READ_S))
    except (av.FFmpegError, OSError, ValueError) as error:
        raise _why_not(error, scheme, host) from error
    if picture_stream(container) is None:
        container.close()
        raise DeviceError(f"{host} sends no picture.", remedy="Choose a stream with video.")
    return container


def _why_not(error: Exception, scheme: str, host: str) -> DeviceError:
    match error:
        case av.error.HTTPUnauthorizedError() | av.error.HTTPForbiddenError():
            return DeviceError(
                f"{host} refuses to send its stream.", remedy="Check the user and the password."
            )
        case av.error.HTTPClientError() | av.error.HTTPServerError() | ConnectionRefusedError():
            cause = f"{host} has no stream at this address."
        case av.error.ExitError() | TimeoutError():
            cause = f"{host} does not answer."
        case av.error.ProtocolNotFoundError():
            return DeviceError(
                f"{scheme} leads to what may not or cannot be opened here.",
                remedy="Choose another protocol, for example rtsp or http.",
            )
        case ValueError():
            return DeviceError(
                f"What {host} sends is not video, or points to another place.",
                remedy="Check the address; files of this machine are file:PATH.",
            )
        case _:
            cause = f"{host} cannot be reached."
    return DeviceMissing(cause, remedy="Check the address, and that the sender is on.")
