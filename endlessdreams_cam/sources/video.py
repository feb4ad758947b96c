"""A video file, looping at its own rate."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import av
from av.container import InputContainer

from endlessdreams_cam import clock
from endlessdreams_cam.errors import DeviceError, DeviceMissing
from endlessdreams_cam.frame import Size
from endlessdreams_cam.sources.decoding import (
    Converter,
    frame_interval,
    picture_stream,
    timed_frames,
)
from endlessdreams_cam.sources.files import check_file
from endlessdreams_cam.sources.source import Grab, Source, SourceInfo

_LONGEST_WAIT_NS = 100 * clock.MILLISECOND_NS
_STILL_NS = 500 * clock.MILLISECOND_NS
_LOST_NS = clock.SECOND_NS
"""So late, playing goes on from there instead of catching up."""


class VideoFile(Source):
    """A video, over and over, without its sound. argument: the path.

    Frames come when they are due by the file's own times; late ones are dropped.
    """

    def __init__(self, argument: str, max_size: Size, fps: float) -> None:
        self._path = Path(argument).expanduser()
        self._max_size = max_size
        self._container: InputContainer | None = None
        self._played: Iterator[tuple[av.VideoFrame, int]] = iter(())
        self._next: tuple[av.VideoFrame, int] | None = None
        self._interval_ns = 0
        self._began_ns = 0
        self._shown: Grab | None = None

    def open(self) -> SourceInfo:
        """Open the file and decode its first frame; raises DeviceMissing or DeviceError."""
        try:
            self._container = _open(self._path)
            self._interval_ns = clock.to_ns(frame_interval(self._container))
            self._converter = Converter(self._container, self._max_size)
            self._played = self._play()
            self._began_ns = 0
            self._next = next(self._played)
            height, width = self._converter.convert(self._next[0]).shape[:2]
        except BaseException:
            self.close()
            raise
        fps = round(clock.SECOND_NS / self._interval_ns, 3)
        return SourceInfo("file", self._path.name, Size(width, height), fps, looping=True)

    def read(self) -> Grab | None:
        """Return the frame that is due now, None if none is due within 100 ms."""
        self._next = self._next or next(self._played)
        now, at_ns = clock.now_ns(), self._next[1]
        if not self._began_ns or now - at_ns - self._began_ns > _LOST_NS:
            self._began_ns = now - at_ns
        due_ns = self._began_ns + at_ns
        if due_ns - now > _LONGEST_WAIT_NS:
            time.sleep(clock.seconds(_LONGEST_WAIT_NS))
            return self._again()
        clock.sleep_until(due_ns)
        frame = self._catch_up(*self._next)
        self._next = None
        self._shown = Grab(self._converter.convert(frame), clock.now_ns())
        return self._shown

    def _again(self) -> Grab | None:
        """Return a frame that stands long anew, twice a second, so that it looks alive."""
        now = clock.now_ns()
        if self._shown is None or now - self._shown.captured_ns < _STILL_NS:
            return None
        self._shown = Grab(self._shown.pixels.copy(), now)
        return self._shown

    def close(self) -> None:
        """Close the file."""
        self._played, self._next, self._shown = iter(()), None, None
        if self._container is not None:
            container, self._container = self._container, None
            container.close()

    def _catch_up(self, frame: av.VideoFrame, at_ns: int) -> av.VideoFrame:
        """Return a frame that is less than an interval late, or what 100 ms of decoding reach."""
        until = clock.now_ns() + _LONGEST_WAIT_NS
        while self._began_ns + at_ns + self._interval_ns < clock.now_ns() < until:
            frame, at_ns = next(self._played)
        return frame

    def _play(self) -> Iterator[tuple[av.VideoFrame, int]]:
        """Yield the frames for ever, each with the time since the beginning when it is due."""
        before_ns = 0
        while True:
            length_ns = 0
            assert self._container is not None
            for frame, at_s in timed_frames(self._container):
                at_ns = clock.to_ns(at_s)
                yield frame, before_ns + at_ns
                length_ns = at_ns + self._interval_ns
            if not length_ns:
                raise DeviceError(
                    f"{self._path.name} holds no moving pictures.",
                    remedy="Choose a video; image:PATH shows a picture.",
                )
            before_ns += length_ns
            self._container.close()
            # Opened anew, which takes 5 ms: seeking back fails in some formats.
            self._container = _open(self._path)


def _open(path: Path) -> InputContainer:
    """Open a video file, and nothing that it may point to."""
    check_file(path)
    try:
        container = av.open(str(path.absolute()), options={"protocol_whitelist": "file"})
    except FileNotFoundError as error:
        raise DeviceMissing(
            f"There is no file {path}.", remedy="Check the path; file:PATH starts in this folder."
        ) from error
    except PermissionError as error:
        raise DeviceError(f"{path} may not be read.", remedy="Change its permissions.") from error
    except (av.FFmpegError, OSError, ValueError) as error:
        raise DeviceError(
            f"{path} is not a video that can be played.",
            remedy="Choose another file; image:PATH shows a picture.",
        ) from error
    stream = picture_stream(container)
    if stream is not None:
        stream.thread_type = "AUTO"
    return container
