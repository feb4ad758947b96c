"""Thumbnails on their way to the pages: dreamt by a worker while somebody looks."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Sequence

import numpy as np

from endlessdreams_cam import clock
from endlessdreams_cam.frame import Pixels
from endlessdreams_cam.parameters import PROMPTS
from endlessdreams_cam.runtime.jobs import THUMBS, tile
from endlessdreams_cam.runtime.show import Show
from endlessdreams_cam.slots import FrameSlot
from endlessdreams_cam.web.news import Notice

_LINGER_NS = 5 * clock.SECOND_NS
"""Somebody who loads the page again finds the worker still there."""


class Thumbs:
    """Starts and ends the worker, and takes up what it has dreamt."""

    def __init__(self, show: Show) -> None:
        self._show = show
        self._slot: FrameSlot | None = None
        self._presets: tuple[str, ...] = ()
        self._sheet: Pixels | None = None
        self._sequence = 0
        self._looked_ns = 0
        self.notices: dict[str, Notice] = {}
        """The newest of each, by what it is of: prompt.3, preset.ember."""

    @property
    def lingers(self) -> bool:
        """Whether the worker is still there."""
        return self._slot is not None

    async def look(self, presets: Sequence[str], *, wanted: bool) -> None:
        """Take up what is new; presets are those on the pads, in their order."""
        now = clock.now_ns()
        if wanted:
            self._looked_ns = now
            if self._slot is None or tuple(presets) != self._presets:
                self._presets = tuple(presets)
                self._slot = await asyncio.to_thread(self._show.stage.show_thumbs, presets)
        elif self._slot and now - self._looked_ns > _LINGER_NS:
            self._slot = None
            await asyncio.to_thread(self._show.stage.drop_thumbs)
        if wanted and self._slot and self._slot.sequence != self._sequence:
            await asyncio.to_thread(self._take, self._slot)

    def _take(self, slot: FrameSlot) -> None:
        frame = slot.read(after=self._sequence)
        if frame is None:
            return
        before, self._sheet, self._sequence = self._sheet, frame.pixels, frame.sequence
        names = [f"prompt.{n}" for n in range(1, PROMPTS + 1)]
        names += [f"preset.{name}" for name in self._presets]
        for n, name in enumerate(names[:THUMBS]):
            picture = frame.pixels[tile(n)]
            same = before is not None and np.array_equal(before[tile(n)], picture)
            if not same and picture.any():
                jpeg = b64encode(_jpeg(picture)).decode()
                notice = self.notices.setdefault(name, Notice())
                notice.put({"type": "thumb", "of": name, "jpeg": jpeg})


def _jpeg(picture: Pixels) -> bytes:
    import cv2  # main has no OpenCV until somebody looks

    bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    _, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 70])
    return data.tobytes()
