"""The camera's light made steady, and the portrait drawn from it: tone, relief, detail."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes.person_motion import Colours, ease
from endlessdreams_cam.engines.scenes.world import Picture, Plane
from endlessdreams_cam.frame import Pixels

_MIDDLE = 0.42
_JUMP = 0.03


def split(picture: Picture) -> Colours:
    """Return an RGB picture's luminance and two chromas round 0."""
    colours: Colours = cv2.subtract(cv2.cvtColor(picture, cv2.COLOR_RGB2YCrCb), (0, 0.5, 0.5, 0))
    return colours


class Exposure:
    """Undoes the camera's automatic exposure and white balance.

    The gain of each channel is the one that best maps a picture to the running picture of the last
    second: the median ratio over points that are neither clipped nor black, so that a person's
    motion does not count. Over a minute the middle tone drifts to a fixed level.

    calm: 0…1, below 1 where the camera's exposure has just jumped. cut: another scene begins with
    this picture (a cut in a film, another camera).
    """

    def __init__(self) -> None:
        self.calm = 1.0
        self.cut = False
        self._gain = np.ones(3, np.float32)
        self._reference: NDArray[np.float32] | None = None
        self._last: NDArray[np.float32] | None = None
        self._usual = 0.0

    def apply(self, pixels: Pixels) -> Picture:
        """Return a picture at the present gain, 0…1."""
        gains = np.diag(self._gain / np.float32(255))
        return cv2.min(cv2.transform(pixels.astype(np.float32), gains), (1, 1, 1, 1))

    def step(self, pixels: Pixels, dt: float) -> Picture:
        """Return a picture at a steady exposure."""
        raw = pixels[::5, ::5].reshape(-1, 3) * np.float32(1 / 255)
        self.calm = 1.0 if self._reference is None else self._follow(raw, self._reference, dt)
        sample = np.minimum(raw * self._gain, 1)
        self.cut = self._is_cut(sample, dt)
        if self._reference is None or self.cut:
            middle = max(float(np.median(raw)), 0.02)
            self._gain[:] = min(max(_MIDDLE / middle, 0.5), 10.0)
            sample = np.minimum(raw * self._gain, 1)
        if self._reference is None or self.cut or self.calm < 0.5:
            self._reference = sample.copy()
        self._last = sample
        self._reference += (sample - self._reference) * np.float32(ease(dt, 1.0))
        level = float(np.median(self._reference))
        self._reference *= np.float32(1 + (_MIDDLE - level) * ease(dt, 20.0))
        return self.apply(pixels)

    def _is_cut(self, sample: NDArray[np.float32], dt: float) -> bool:
        if self._last is None:
            return False
        change = float(np.abs(sample - self._last).mean())
        cut = change > 0.1 and change > 4 * self._usual + 0.02
        self._usual += (change - self._usual) * ease(dt, 1.0)
        return cut

    def _follow(self, sample: NDArray[np.float32], before: NDArray[np.float32], dt: float) -> float:
        """Follow the camera's exposure; return how calm it is."""
        usable = (sample.max(1) < 0.96) & (sample.min(1) > 0.015) & (before.min(1) > 0.005)
        if np.count_nonzero(usable) < 40:
            return 1.0
        ratio = np.log(before[usable] / sample[usable])
        middle = np.median(ratio, axis=0)
        # Where the whole picture moves, ratios scatter: that is no change of exposure.
        scatter = float(np.median(np.abs(ratio[:, 1] - middle[1])))
        gain = np.clip(np.exp(middle), 0.2, 12)
        jump = float(np.abs(np.log(gain / self._gain)).max()) - scatter
        step = 1.0 if jump > _JUMP else ease(dt, 0.4)
        self._gain = (self._gain + (gain - self._gain) * step).astype(np.float32)
        return min(1.0, max(0.0, 1 - (jump - _JUMP) / 0.05))


class Portrait:
    """Tone, relief and detail, with only the person's own points counting.

    Blurs are normalised convolutions over the presence: neither the silhouette's edge nor the room
    behind it leaves a trace. Ranges follow in 1.5 s, so that nothing pumps.
    """

    def __init__(self) -> None:
        self._levels = np.linspace(0, 1, 65, dtype=np.float32)
        self._punch, self._swell = 0.05, 0.15
        self._settled = False

    def draw(
        self, luma: Plane, presence: Plane, dt: float, *, stretch: bool
    ) -> tuple[Plane, Plane, Plane]:
        """Return tone 0…1 (0.5 where nobody is), relief and detail −1…1 (0 where nobody is)."""
        weight = np.clip(presence * 2 - 0.9, 0, 1)  # the rim's own points show half the room
        fine, close, wide, whole = _within(luma, weight)
        details, reliefs = fine - close, wide - whole
        inside = weight > 0.5
        if np.count_nonzero(inside) > 60:
            self._measure(fine[inside], details[inside], reliefs[inside], dt)
        cover = np.clip(presence * 1.5 - 0.1, 0, 1)
        tone = self._tone(fine) if stretch else fine
        detail = np.tanh(details * np.float32(1 / self._punch)) * cover
        relief = np.tanh(reliefs * np.float32(1 / self._swell)) * cover
        return (tone - np.float32(0.5)) * cover + np.float32(0.5), relief, detail

    def _tone(self, luma: Plane) -> Plane:
        """Return luminance with the person's own range spread out evenly over 0.08…0.95."""
        place = np.clip(luma * 64, 0, 63.99)
        below = place.astype(np.int32)
        low = self._levels[below]
        return low + (self._levels[below + 1] - low) * (place - below).astype(np.float32)

    def _measure(self, luma: Plane, details: Plane, reliefs: Plane, dt: float) -> None:
        step = ease(dt, 1.5) if self._settled else 1.0
        self._settled = True
        counts = np.bincount((np.clip(luma, 0, 0.999) * 64).astype(np.int32), minlength=64)
        share = np.concatenate(([0], np.cumsum(counts))) / max(int(counts.sum()), 1)
        edges = np.linspace(0, 1, 65)
        low, high = np.interp((0.03, 0.97), share, edges)
        spread = max(float(high - low), 0.12)
        line = np.clip((edges - (low + high) / 2) / spread + 0.5, 0, 1)
        even = share + (edges - share) * (0.12 / spread if spread < 0.2 else 0.0)
        levels = 0.08 + 0.87 * (0.6 * line + 0.4 * np.clip(even, 0, 1))
        self._levels += (levels.astype(np.float32) - self._levels) * np.float32(step)
        self._punch += (2.0 * float(details.std()) + 0.008 - self._punch) * step
        self._swell += (1.6 * float(reliefs.std()) + 0.015 - self._swell) * step


def _within(plane: Plane, weight: Plane) -> list[Plane]:
    """Return a plane blurred by 0.7, 3.2, 5 and 14 points, only the weighted points counting.

    Normalised convolution (Knutsson and Westin, 1993). Where a small blur finds no weight, a
    larger one takes over, so that the rim goes on with what is inside it.
    """
    height, width = plane.shape
    full = cv2.merge((plane * weight, weight))
    half = cv2.resize(full, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    quarter = cv2.resize(half, (width // 4, height // 4), interpolation=cv2.INTER_AREA)
    blurs = ((quarter, 14 / 4), (half, 5 / 2), (half, 3.2 / 2), (full, 0.7))
    sums = [cv2.GaussianBlur(both, (0, 0), sigma) for both, sigma in blurs]
    found: list[Plane] = []
    larger = np.array((0.5e-4, 1e-4), np.float32)
    for both in sums:
        both = cv2.resize(both, (width, height), interpolation=cv2.INTER_LINEAR)
        both += np.float32(0.02) * larger
        found.append(both[..., 0] / both[..., 1])
        larger = both
    return found[::-1]
