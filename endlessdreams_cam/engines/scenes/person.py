"""What the camera sees of the person, as five fields for the scenes."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes.person_light import Exposure, Portrait, split
from endlessdreams_cam.engines.scenes.person_mask import Silhouette, guided
from endlessdreams_cam.engines.scenes.person_motion import Colours, ease
from endlessdreams_cam.engines.scenes.world import Person, Plane
from endlessdreams_cam.frame import Pixels

_WIDTH = 160
_ATTACK_S, _RELEASE_S = 0.15, 0.60
_SAME_S = 0.1
"""A camera's picture read twice is the same for less than this; a still picture for longer."""


class PersonReader:
    """Reads the person out of a source's pictures, one after the other.

    It learns the room, the person's colours and the light while it runs, about 4 ms for a picture
    of 1280 × 720 on one core; a picture of another aspect begins anew.
    """

    def __init__(self) -> None:
        self._shape = (0, 0)
        self._small: Pixels = np.zeros((0, 0, 3), np.uint8)
        self._held_s = self._frozen_s = 0.0
        self._last: Person | None = None
        self._room: Pixels | None = None

    def take_plate(self, pixels: Pixels) -> None:
        """Take a picture of the empty room, so that whatever differs from it is the person."""
        self._room = pixels.copy()
        if self._shape != (0, 0):
            self._take_room()

    def read(self, pixels: Pixels, now_s: float, dt: float, *, exposure: bool = True) -> Person:
        """Return the person in a picture, (height, width, 3) of any size, taken at now_s.

        dt is the time since the last call in seconds. With exposure the tone spans the same range
        in any light; without it is the camera's luminance.
        """
        small = _shrink(pixels)
        if small.shape[:2] != self._shape:
            self._begin(small)
        self._held_s += dt
        same = self._last is not None and np.array_equal(small, self._small)
        if same and self._last is not None and self._held_s < _SAME_S:
            return self._last
        self._frozen_s = self._frozen_s + self._held_s if same else 0.0
        dt, self._held_s = min(max(self._held_s, 1e-3), 0.5), 0.0
        self._small = small
        self._last = self._look(small, dt, exposure)
        return self._last

    def _begin(self, small: Pixels) -> None:
        height, width = small.shape[:2]
        self._shape = (height, width)
        self._half = (width // 2, height // 2)
        self._exposure = Exposure()
        self._portrait = Portrait()
        self._begin_scene()
        self._presence = np.zeros((height, width), np.float32)
        self._small = small
        self._held_s = self._frozen_s = 0.0
        self._last = None
        if self._room is not None:
            self._take_room()

    def _begin_scene(self) -> None:
        self._silhouette = Silhouette(self._half[1], self._half[0])
        self._stream = Stream(self._shape)

    def _take_room(self) -> None:
        assert self._room is not None
        room = cv2.resize(self._room, self._shape[::-1], interpolation=cv2.INTER_AREA)
        colours = split(self._exposure.apply(room))
        self._silhouette.take_room(cv2.resize(colours, self._half, interpolation=cv2.INTER_AREA))

    def _look(self, small: Pixels, dt: float, exposure: bool) -> Person:
        colours = split(self._exposure.step(small, dt))
        calm = self._exposure.calm
        if self._exposure.cut:
            self._begin_scene()
        coarse: Colours = cv2.resize(colours, self._half, interpolation=cv2.INTER_AREA)
        image = self._frozen_s > 0.5 and float(coarse[..., 0].std()) > 0.04
        mask = self._silhouette.step(coarse, dt, calm, frozen=image)
        luma = np.ascontiguousarray(colours[..., 0])
        flow = self._stream.step(luma, dt, calm)
        presence = self._settle(mask, luma, flow, dt)
        if not exposure:
            luma = split(small.astype(np.float32) / np.float32(255))[..., 0]
        tone, relief, detail = self._portrait.draw(luma, presence, dt, stretch=exposure)
        return Person(presence, tone, relief, detail, flow)

    def _settle(self, mask: Plane, luma: Plane, flow: NDArray[np.float32], dt: float) -> Plane:
        """Return the presence: it travels with the flow, rises in 150 ms and falls in 600 ms."""
        target = cv2.resize(mask, self._shape[::-1], interpolation=cv2.INTER_LINEAR)
        target = guided(luma, target, 3, 0.001)
        target = np.clip(target * 1.5 - 0.3, 0, 1)
        carried = self._stream.carry(self._presence, flow, dt)
        change = target - carried
        rise, fall = np.float32(ease(dt, _ATTACK_S)), np.float32(ease(dt, _RELEASE_S))
        self._presence = carried + rise * np.maximum(change, 0) + fall * np.minimum(change, 0)
        return cv2.GaussianBlur(self._presence, (0, 0), 0.8)


class Stream:
    """Optical flow by dense inverse search (Kroeger et al., 2016)."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self._dis = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
        self._dis.setFinestScale(1)  # the preset's quarter resolution misses a hand's edge
        self._dis.setPatchStride(5)
        self._dis.setGradientDescentIterations(8)
        self._flow = np.zeros((*shape, 2), np.float32)
        self._grey: NDArray[np.uint8] | None = None
        ys, xs = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
        self._x, self._y = xs, ys

    def step(self, luma: Plane, dt: float, calm: float) -> NDArray[np.float32]:
        """Return the motion in frame widths per second, (height, width, 2).

        The noisier the picture, the larger a motion must be to be believed.
        """
        grey = cv2.convertScaleAbs(luma, alpha=255)
        if self._grey is None or calm < 0.5:
            self._grey = grey
        raw = self._dis.calc(self._grey, grey, None)
        change = cv2.absdiff(self._grey, grey)
        self._grey = grey
        raw = cv2.GaussianBlur(raw, (0, 0), 1.2)
        speed = cv2.magnitude(raw[..., 0], raw[..., 1])
        noise = min(float(np.median(change[::3, ::3])), 6.0)  # grey levels
        worth = np.clip(speed * (12 / (1 + noise)) - 0.4, 0, 1)
        if float(np.median(speed[::3, ::3])) < 0.5:  # else the camera moves: all of it is motion
            changed = cv2.blur(change, (7, 7)) * np.float32(1 / (noise + 0.5))
            worth *= np.clip(changed - np.float32(1.4), 0, 1)
        worth *= np.float32(1 / (_WIDTH * dt))
        self._flow += (raw * worth[..., None] - self._flow) * np.float32(ease(dt, 0.04))
        np.clip(self._flow, -4, 4, out=self._flow)
        return self._flow.copy()

    def carry(self, plane: Plane, flow: NDArray[np.float32], dt: float) -> Plane:
        """Return a plane moved along by the flow for dt."""
        path = flow * np.float32(dt * _WIDTH)
        return cv2.remap(
            plane, self._x - path[..., 0], self._y - path[..., 1], cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip


def _shrink(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    rows = min(max(round(_WIDTH * height / width), 24), 400)
    if min(height // rows, width // _WIDTH) >= 4:  # by half first is faster, and the same for 720p
        pixels = cv2.resize(pixels, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    return cv2.resize(pixels, (_WIDTH, rows), interpolation=cv2.INTER_AREA)
