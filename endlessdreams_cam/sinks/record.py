"""A recording of the program: H.264 in Matroska, which survives a crash in the middle."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path
from typing import Any

from endlessdreams_cam import clock
from endlessdreams_cam.errors import DeviceError, DeviceLost, DeviceMissing
from endlessdreams_cam.frame import Pixels, Size
from endlessdreams_cam.sinks.sink import Sink, SinkInfo

_LEAST_FREE = 200 * 2**20
_TIME_BASE = Fraction(1, 1000)
_ENCODERS = ("libx264", "h264_videotoolbox", "h264_mf", "mpeg4")
_CHECK_EVERY = 30


class Recorder(Sink):
    """Writes frames with their real times to an MKV file; never replaces one that is there."""

    def __init__(self, size: Size, fps: float, argument: str | None = None) -> None:
        self._size = size
        self._fps = fps
        self._wanted = Path(argument or "EndlessDreams.mkv").expanduser()
        self._path = self._wanted
        self._container: Any = None
        self._stream: Any = None
        self._began_ns = 0
        self._last = -1
        self._count = 0

    def open(self) -> SinkInfo:
        """Begin the file; raises DeviceMissing, or DeviceError when the disk is full."""
        folder = self._wanted.absolute().parent
        if not folder.is_dir():
            raise DeviceMissing(f"There is no folder {folder}.", remedy=f'mkdir -p "{folder}"')
        self._check_room()
        self._path = free_name(self._wanted)
        import av

        try:
            # A cluster each second, flushed: what was recorded is on disk.
            options = {"cluster_time_limit": "1000", "flush_packets": "1"}
            self._container = av.open(str(self._path), "w", format="matroska", options=options)
            self._stream = self._new_stream(av)
        except (OSError, av.error.FFmpegError, ValueError) as error:
            self.close()
            raise DeviceError(f"{self._path} cannot be written: {error}"[:200]) from None
        self._began_ns, self._last, self._count = clock.now_ns(), -1, 0
        return SinkInfo("record", "recording", str(self._path))

    def send(self, pixels: Pixels) -> None:
        """Write a frame; raises DeviceLost when the disk is full, with the file closed well."""
        import av

        pts = max((clock.now_ns() - self._began_ns) // clock.MILLISECOND_NS, self._last + 1)
        self._last = pts
        self._count += 1
        try:
            if self._count % _CHECK_EVERY == 0:
                self._check_room(DeviceLost, least=_LEAST_FREE // 4)
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts, frame.time_base = pts, _TIME_BASE
            for packet in self._stream.encode(frame):
                self._container.mux(packet)
        except (OSError, av.error.FFmpegError) as error:
            self.close()
            if not self._path.parent.is_dir():
                raise DeviceLost(
                    f"The recording stopped: its folder {self._path.parent} has gone."
                ) from None
            raise DeviceLost(
                f"The recording stopped: {error}"[:200],
                remedy=f"What was recorded is in {self._path}. Make room on the disk.",
            ) from None

    def check(self) -> None:
        """Sending notices it."""

    def close(self) -> None:
        """Finish the file."""
        if self._container is None:
            return
        container, self._container = self._container, None
        stream, self._stream = self._stream, None
        import av

        try:
            if stream is not None and self._count:
                for packet in stream.encode(None):
                    container.mux(packet)
            container.close()
        except (OSError, av.error.FFmpegError):
            return  # the disk is full: what was flushed can be played

    def _new_stream(self, av: Any) -> Any:
        for name in _ENCODERS:
            if name in av.codecs_available:
                options = {"preset": "veryfast", "crf": "20", "tune": "zerolatency"}
                stream = self._container.add_stream(
                    name, rate=Fraction(self._fps).limit_denominator(1001),
                    options=options if name == "libx264" else {},
                )  # fmt: skip
                stream.width, stream.height = self._size
                stream.pix_fmt = "yuv420p"
                stream.codec_context.time_base = _TIME_BASE
                stream.codec_context.gop_size = max(round(self._fps), 1)
                return stream
        raise ValueError("this FFmpeg has no H.264 encoder")

    def _check_room(
        self, kind: type[DeviceError] = DeviceError, *, least: int = _LEAST_FREE
    ) -> None:
        free = shutil.disk_usage(self._wanted.absolute().parent).free
        if free < least:
            self.close()
            raise kind(
                f"The disk is full ({free >> 20} MB left); the show goes on without recording.",
                remedy="Make room on the disk, or record to another one.",
            )


def free_name(path: Path) -> Path:
    """Return `path`, or the first of NAME-2, NAME-3 … that does not exist yet."""
    found, n = path, 1
    while found.exists():
        n += 1
        found = path.with_name(f"{path.stem}-{n}{path.suffix}")
    return found
