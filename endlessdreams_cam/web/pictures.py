"""Pictures for viewers: encoded once for all of them, and only while somebody waits for one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

from endlessdreams_cam import clock
from endlessdreams_cam.frame import Frame, Size
from endlessdreams_cam.slots import FrameSlot

BOUNDARY = "frame"
MOST_VIEWERS = 64
_SMALL_WIDTH = 640
_SMALL_QUALITY, _FULL_QUALITY = 72, 85
_POLL_S = 0.005
_OLD_NS = 2 * clock.SECOND_NS


class Pictures:
    """The taps of a show's slots: program and source, small and full."""

    def __init__(self, program: FrameSlot, source: FrameSlot) -> None:
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="pictures")
        self._taps = {
            (name, width): Tap(slot, width, self._pool)
            for name, slot in (("program", program), ("source", source))
            for width in ("small", "full")
        }

    def tap(self, name: str, width: str) -> Tap:
        """Return where pictures of a kind come out."""
        return self._taps[name, width]

    def close(self) -> None:
        """Wait for what is being encoded: the slots close after it. Who waits waits for ever."""
        for tap in self._taps.values():
            tap.close()
        self._pool.shutdown(wait=True, cancel_futures=True)


class Tap:
    """The newest picture of one slot at one size, as JPEG.

    Whoever waits for the next gets the same bytes; with nobody waiting nothing is encoded. A
    viewer that stalls does not wait, so it costs nothing.
    """

    def __init__(self, slot: FrameSlot, width: str, pool: ThreadPoolExecutor) -> None:
        self._slot = slot
        self._width = width
        self._pool = pool
        self._sequence = 0
        self._jpeg = b""
        self.rendered_ns = 0
        """When the newest picture's frame was made."""
        self._waiting = 0
        self._closed = False
        self._working: asyncio.Task[None] | None = None
        self.encoded = 0
        """How many pictures were encoded."""

    @property
    def sequence(self) -> int:
        """The newest picture's that was encoded."""
        return self._sequence

    async def next(self, after: int) -> tuple[int, bytes]:
        """Wait for a picture newer than `after` and return its sequence and its JPEG."""
        self._waiting += 1
        try:
            while self._sequence <= after:
                if self._closed:
                    await asyncio.Event().wait()  # until the loop ends it
                if self._working is None or self._working.done():
                    self._working = asyncio.create_task(self._work())
                await asyncio.shield(self._working)
            return self._sequence, self._jpeg
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Encode no more."""
        self._closed = True

    async def _work(self) -> None:
        """Encode the next picture, unless everybody left meanwhile."""
        while (frame := None if self._closed else self._fresh()) is None:
            if self._closed or not self._waiting:
                return
            await asyncio.sleep(_POLL_S)
        loop = asyncio.get_running_loop()
        jpeg = await loop.run_in_executor(self._pool, encode, frame, self._width)
        self._sequence, self._jpeg, self.rendered_ns = frame.sequence, jpeg, frame.rendered_ns
        self.encoded += 1

    def _fresh(self) -> Frame | None:
        """Return the newest frame if it is new and not old: of a source that went, nothing."""
        newest = self._slot.peek()  # a copy costs a millisecond: only of what is wanted
        if newest is None or newest.sequence <= self._sequence:
            return None
        if clock.now_ns() - newest.rendered_ns > _OLD_NS:
            return None
        return self._slot.read(after=self._sequence)


def encode(frame: Frame, width: str) -> bytes:
    """Return a frame as JPEG, "full" or "small": at most 640 pixels wide."""
    import cv2  # main has no OpenCV until somebody looks

    pixels = frame.pixels
    small = width == "small"
    if small and frame.size.width > _SMALL_WIDTH:
        size = _small(frame.size)
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    quality = _SMALL_QUALITY if small else _FULL_QUALITY
    bgr = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    good, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not good:
        raise ValueError("the picture cannot be encoded")
    return data.tobytes()


def _small(size: Size) -> Size:
    return Size(_SMALL_WIDTH, max(round(size.height * _SMALL_WIDTH / size.width), 1))


async def stream(tap: Tap) -> AsyncIterator[bytes]:
    """Yield a tap's pictures as the parts of a multipart/x-mixed-replace answer."""
    newest = 0
    while True:
        newest, jpeg = await tap.next(newest)
        head = (
            f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n"
            f"X-Rendered-Ns: {tap.rendered_ns}\r\n\r\n"
        )
        yield head.encode() + jpeg + b"\r\n"
