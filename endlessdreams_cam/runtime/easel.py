"""The easel: what hands draw into the dream, as a picture that fades."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam import clock
from endlessdreams_cam.engines import KINDS_OF_PAINT
from endlessdreams_cam.frame import Size
from endlessdreams_cam.motion import View, invert, view_matrix, within
from endlessdreams_cam.parameters import Snapshot
from endlessdreams_cam.slots import FrameSlot

_STEP_S = 0.05
_SOFT = 0.35
"""The part of a brush that is its soft edge."""

_Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Stroke:
    """One stroke. kind: noise, colour, keep or erase.

    points are (x, y) in widths and heights of the program's picture, size is the brush's width in
    its heights; colour is RGB, 0…255. After decay_s seconds it has faded.
    """

    kind: str
    points: tuple[tuple[float, float], ...]
    colour: tuple[int, int, int] = (255, 255, 255)
    size: float = 0.12
    decay_s: float = 4.0


class Easel:
    """Draws strokes where the program shows them and lets them fade, twenty times a second.

    What it holds is in `slot` for the engines: the colours above, below them the masks, one in
    each channel, in the order of KINDS_OF_PAINT. With nothing drawn its thread sleeps.
    """

    def __init__(
        self, slot: FrameSlot, dream: Size, program: Size, snapshot: Callable[[], Snapshot]
    ) -> None:
        self._slot = slot
        self._dream = dream
        self._program = program
        self._snapshot = snapshot
        self._lock = threading.Lock()
        shape = (dream.height, dream.width)
        self._colour = np.zeros((*shape, 3), np.uint8)
        self._masks: list[_Plane] = [np.zeros(shape, np.float32) for _ in KINDS_OF_PAINT]
        self._speeds: list[_Plane] = [np.ones(shape, np.float32) for _ in KINDS_OF_PAINT]
        self._stepped_ns = 0
        self._wake = threading.Event()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="easel", daemon=True)
        self._thread.start()

    def draw(self, strokes: Sequence[Stroke]) -> None:
        """Draw strokes over what is there; the next dream has them."""
        with self._lock:
            if self._ending.is_set():
                return
            now = clock.now_ns()
            self._fade(now)
            back, scale = self._way_back(now)
            for stroke in strokes:
                self._stroke(stroke, back, scale)
            self._publish(now)
        self._wake.set()

    def clear(self) -> None:
        """Take everything away."""
        with self._lock:
            for mask in self._masks:
                mask[:] = 0
            self._publish(clock.now_ns())

    def close(self) -> None:
        """Stop fading; may be called twice."""
        self._ending.set()
        self._wake.set()
        self._thread.join(1.0)

    def _run(self) -> None:
        while not self._ending.wait(_STEP_S):
            self._wake.wait()
            with self._lock:
                if self._ending.is_set():
                    return  # the slot may be gone
                now = clock.now_ns()
                self._fade(now)
                self._publish(now)
                if not any(mask.any() for mask in self._masks):
                    self._wake.clear()
                    self._stepped_ns = 0

    def _fade(self, now_ns: int) -> None:
        past_s = clock.seconds(now_ns - self._stepped_ns) if self._stepped_ns else 0.0
        self._stepped_ns = now_ns
        for mask, speed in zip(self._masks, self._speeds, strict=True):
            if past_s and mask.any():
                cv2.scaleAdd(speed, -past_s, mask, mask)
                cv2.max(mask, 0, mask)

    def _publish(self, now_ns: int) -> None:
        masks = np.dstack([np.minimum(mask, 1) * 255 for mask in self._masks]).astype(np.uint8)
        self._slot.write(np.vstack([self._colour, masks]), rendered_ns=now_ns)

    def _way_back(self, now_ns: int) -> tuple[NDArray[np.float32], float]:
        """Return the map from the program's pixels to the dream's, and its scale."""
        view = View.read(self._snapshot(), now_ns)
        if view.edge == "fit":
            view = within(view, self._dream, self._program)
        there = view_matrix(
            view.zoom, view.pan_x, view.pan_y, view.rotate, self._dream, self._program
        )
        back = invert(there)
        return back, float(np.hypot(back[0, 0], back[1, 0]))

    def _stroke(self, stroke: Stroke, back: NDArray[np.float32], scale: float) -> None:
        width, height = self._program
        points = np.array([(x * width, y * height, 1.0) for x, y in stroke.points], np.float32)
        places = points @ back.T
        brush = max(stroke.size * height * scale, 1.0)
        corner, stamp = _stamp(places, brush, self._dream)
        if stamp.size == 0:
            return
        x, y = corner
        part = (slice(y, y + stamp.shape[0]), slice(x, x + stamp.shape[1]))
        if stroke.kind == "erase":
            for mask in self._masks:
                mask[part] *= 1 - stamp
            return
        n = KINDS_OF_PAINT.index(stroke.kind)
        mask, speed = self._masks[n][part], self._speeds[n][part]
        fresh = stamp >= mask
        speed[fresh] = 1 / stroke.decay_s
        np.maximum(mask, stamp, out=mask)
        if stroke.kind == "colour":
            self._colour[part][stamp > 0] = stroke.colour


def _stamp(places: _Plane, brush: float, size: Size) -> tuple[tuple[int, int], _Plane]:
    """Return a stroke as a soft mask 0…1, and its corner; no larger than the stroke."""
    reach = brush / 2 + 2
    low = np.floor(places.min(0) - reach).astype(int)
    high = np.ceil(places.max(0) + reach).astype(int) + 1
    left, top = (int(v) for v in np.clip(low, 0, size))
    right, bottom = (int(v) for v in np.clip(high, 0, size))
    mask = np.zeros((max(bottom - top, 0), max(right - left, 0)), np.uint8)
    if mask.size == 0:
        return (left, top), mask.astype(np.float32)
    line = np.round((places - (left, top)) * 16).astype(np.int32)
    core = max(round(brush * (1 - _SOFT / 2)), 1)
    if len(line) == 1:
        line = np.vstack([line, line])
    cv2.polylines(mask, [line[:, None, :]], False, 255, core, cv2.LINE_AA, 4)
    soft = brush * _SOFT / 2
    if soft >= 1:
        mask = cv2.GaussianBlur(mask, (0, 0), soft / 2)
    return (left, top), mask.astype(np.float32) / np.float32(255)
