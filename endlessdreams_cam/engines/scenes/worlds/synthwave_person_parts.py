"""The person in the synthwave world: the grid rises into a bust of wire, rimmed by the sun."""

from __future__ import annotations

import math

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.mood import Colour, mix, scale
from endlessdreams_cam.engines.scenes.paint import Array, ramp_table, smoothstep
from endlessdreams_cam.engines.scenes.world import Moment
from endlessdreams_cam.engines.scenes.worlds.synthwave_parts import Pixels8, Scheme
from endlessdreams_cam.frame import Size

_FIELDS = Size(160, 90)


class Bust:
    """A wire bust: lines of equal height and breadth, bent by the person's relief.

    Between the wires lies dark glass in the colours of the sun, so that light and shade read too.
    """

    def __init__(self, size: Size, scheme: Scheme) -> None:
        self._size, self._unit = size, size.height / 360
        self._step = np.float32(max(6.0 * self._unit, 3.0))
        self._glass, self._wire = _ramps(scheme)
        self._foot = smoothstep(1.03, 0.84, np.arange(size.height, dtype=np.float32) / size.height)
        self._rim = np.array(mix(scheme.sun_top, scheme.sun_foot, 0.3)) * 255

    def paint(self, picture: Pixels8, moment: Moment, beat: float) -> None:
        """Paint the bust over a picture, as far as somebody is there."""
        if moment.person is None or moment.amount <= 0:
            return
        small = moment.person.at(_FIELDS)
        presence = small.presence * np.float32(min(moment.amount * 1.2, 1.0))
        there = np.argwhere(presence > 0.2)
        if len(there) == 0:
            return
        body = cv2.GaussianBlur(presence, (0, 0), 7.0)
        relief = cv2.GaussianBlur(small.tone - 0.5, (0, 0), 1.6) + 0.25 * small.relief
        height = 0.75 * body + (0.5 * relief + 0.12 * small.detail) * presence
        value = small.tone + 0.2 * small.detail + 0.05 * small.relief
        fields = cv2.merge((presence, height, np.clip((value - 0.06) * 1.02, 0, 1)))
        (top, left), right = there.min(0) - 2, int(there[:, 1].max()) + 3
        width, tall = self._size
        x0, x1 = max(int(left * width / 160), 0), min(int(right * width / 160), width)
        y0 = max(int(top * tall / 90), 0)
        across, down = 160 / width, 90 / tall
        matrix = np.array(
            [[across, 0, (x0 + 0.5) * across - 0.5], [0, down, (y0 + 0.5) * down - 0.5]], np.float32
        )
        fields = cv2.warpAffine(
            fields,
            matrix,
            (x1 - x0, tall - y0),
            borderMode=cv2.BORDER_REPLICATE,
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        )
        self._draw(picture[y0:, x0:x1], tuple(cv2.split(fields)), (x0, y0), moment, beat)

    def _draw(
        self,
        picture: Pixels8,
        fields: tuple[Array, ...],
        at: tuple[int, int],
        moment: Moment,
        beat: float,
    ) -> None:
        presence, height, value = fields
        foot = self._foot[at[1] :, None]
        alpha = smoothstep(0.4, 0.62, presence)
        edge = cv2.GaussianBlur(alpha, (0, 0), max(2.2 * self._unit, 0.8))
        rim = alpha * (1 - edge)
        alpha *= foot
        wires = self._wires(height, at, moment.t)
        # A ring goes through the bust with each beat.
        ring = (height - np.float32(1.15 - 1.3 * (beat % 1.0))) * np.float32(1 / 0.07)
        wires *= 1 + np.float32(0.5 * moment.energy) * np.exp(-ring * ring)
        code = (value * 255).astype(np.uint8)
        code = cv2.merge((code,) * 3)
        bust = cv2.LUT(code, self._glass)
        strength = cv2.min(wires, 1.0)
        wire = cv2.LUT(code, self._wire)
        bust = cv2.blendLinear(bust, wire, 1 - strength, strength)
        rim *= foot * np.float32(2.1)
        bust = cv2.add(bust, cv2.merge([(rim * c).astype(np.uint8) for c in self._rim]))
        picture[:] = cv2.blendLinear(np.ascontiguousarray(picture), bust, 1 - alpha, alpha)

    def _wires(self, height: Array, at: tuple[int, int], t: float) -> Array:
        """Return the wires, 0…1: where height or breadth, bent by the relief, comes to a step."""
        rows, columns = height.shape
        turn = 9.0 * self._unit * math.sin(t * math.tau / 11.9)
        ys = (np.arange(rows, dtype=np.float32) + at[1])[:, None]
        xs = (np.arange(columns, dtype=np.float32) + at[0])[None, :]
        half = np.float32(1.15 * max(self._unit, 0.6))
        down = self._apart(ys, height, 26.0 * self._unit)
        across = self._apart(xs, height, turn) + np.float32(0.12)
        return np.clip(half - cv2.min(down, across), 0, 1)

    def _apart(self, at: Array, height: Array, lift: float) -> Array:
        """Return how many pixels a place is from the nearest wire."""
        steps = (at + height * np.float32(lift)) / self._step
        steps -= np.rint(steps)
        return np.abs(steps, out=steps) * self._step


def _ramps(s: Scheme) -> tuple[Pixels8, Pixels8]:
    """Return what glass and wire look like from dark to light, (1, 256, 3) each."""
    deep: Colour = scale(mix(s.floor, s.upper, 0.5), 0.7)
    glass = [deep, mix(deep, s.far, 0.28), mix(scale(s.far, 0.5), s.sun_foot, 0.45),
             scale(s.sun_foot, 0.72), scale(mix(s.sun_foot, s.sun_top, 0.55), 0.82),
             scale(mix(s.sun_foot, s.sun_top, 0.85), 0.9)]  # fmt: skip
    wire = [
        mix(s.upper, s.far, 0.4),
        s.far,
        mix(s.far, s.sun_foot, 0.6),
        mix(s.sun_foot, s.sun_top, 0.5),
        mix(s.sun_top, (1, 1, 1), 0.45),
        (1.0, 1.0, 0.98),
    ]
    first, second = (
        np.clip(ramp_table(c)[::4] * 255, 0, 255).astype(np.uint8)[None] for c in (glass, wire)
    )
    return first, second
