"""From what PyAV decodes to our pictures."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from fractions import Fraction

import av
import numpy as np
from av.container import InputContainer
from av.video import VideoStream
from av.video.reformatter import Colorspace, VideoReformatter

from endlessdreams_cam.frame import Pixels, Size
from endlessdreams_cam.sources.pixels import even, shrunk

_UNSPECIFIED = 2  # AVCOL_SPC_UNSPECIFIED
_HD_HEIGHT = 720


class Converter:
    """Makes a decoded frame a picture: RGB, upright, square pixels, no larger than `max_size`."""

    def __init__(self, container: InputContainer, max_size: Size) -> None:
        self._max_size = max_size
        self._aspect = _pixel_aspect(container)
        self._reformatter = VideoReformatter()

    def convert(self, frame: av.VideoFrame) -> Pixels:
        """Return the frame as a picture that the caller owns."""
        turns = round(frame.rotation / 90) % 4  # counter-clockwise, as numpy turns
        size = self._size(frame, lying=turns % 2 == 1)
        made = self._reformatter.reformat(
            frame,
            width=size.width,
            height=size.height,
            format="rgb24",
            src_colorspace=_colorspace(frame),
            interpolation="AREA",
        )
        return even(np.rot90(made.to_ndarray(), turns))

    def _size(self, frame: av.VideoFrame, *, lying: bool) -> Size:
        """Return the size to scale to, before the picture is turned upright."""
        width = max(round(frame.width * self._aspect), 1)
        room = Size(self._max_size.height, self._max_size.width) if lying else self._max_size
        return shrunk(Size(width, frame.height), room)


def timed_frames(container: InputContainer) -> Iterator[tuple[av.VideoFrame, float]]:
    """Yield the frames of a container's picture with their times in seconds, from 0 on.

    What cannot be decoded is left out. A time that jumps, back or by more than ten seconds, counts
    as one frame's interval.
    """
    step = frame_interval(container)
    last: float | None = None
    shown = -step
    for packet in _packets(container):
        for frame in _decoded(packet):
            at = frame.time
            leap = at - last if at is not None and last is not None else step
            shown += leap if 0 < leap <= 10 else step
            last = at
            yield frame, shown


def picture_stream(container: InputContainer) -> VideoStream | None:
    """Return the stream that a player would show, None if there is no picture."""
    stream = container.streams.best("video")
    return stream if isinstance(stream, VideoStream) else None


def frame_interval(container: InputContainer) -> float:
    """Return the usual time between two frames in seconds; 1/25 where the file does not say."""
    stream = picture_stream(container)
    rate = stream.average_rate or stream.guessed_rate if stream else None
    return float(1 / rate) if rate and rate <= 1000 else 0.04


def _pixel_aspect(container: InputContainer) -> Fraction:
    """Return how much wider than high the stored pixels are; 1 for what cannot be true."""
    stream = picture_stream(container)
    aspect = stream.sample_aspect_ratio if stream else None
    return aspect if aspect and Fraction(1, 4) <= aspect <= 4 else Fraction(1)


def _packets(container: InputContainer) -> Iterator[av.Packet[VideoStream]]:
    """Yield packets up to the end, which damage may bring early."""
    stream = picture_stream(container)
    if stream is not None:
        with contextlib.suppress(av.error.InvalidDataError):
            yield from container.demux(stream)


def _decoded(packet: av.Packet[VideoStream]) -> list[av.VideoFrame]:
    try:
        return packet.decode()
    except av.error.InvalidDataError:
        return []


def _colorspace(frame: av.VideoFrame) -> Colorspace | None:
    # High definition that names no matrix is BT.709, whatever swscale assumes.
    if frame.colorspace == _UNSPECIFIED and frame.height >= _HD_HEIGHT:
        return Colorspace.ITU709
    return None
