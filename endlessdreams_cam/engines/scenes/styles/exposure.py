"""A film that adapts: a scene's usual shadows and lights become black and white."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes.world import Plane

_FOLLOW = 0.04  # per dream: about a second
_LEAST = 0.12  # a scene flatter than this stays flat


class Exposure:
    """Follows a scene's range of light slowly, so that a medium can use its whole range."""

    def __init__(self, low: float = 0.03, high: float = 0.97, *, high_key: float = 0.55) -> None:
        """Take the quantiles that count, and how much of a bright scene's darkest tone stays."""
        self._high_key = high_key
        self._quantiles = (100 * low, 100 * high)
        self._range: tuple[float, float] | None = None

    def __call__(self, light: Plane) -> Plane:
        """Return light stretched so that its usual range is 0…1, clipped."""
        gain, offset = self._follow(light)
        return np.clip(cv2.addWeighted(light, gain, light, 0.0, offset), 0, 1)

    def bytes(self, light: Plane) -> NDArray[np.uint8]:
        """Return the stretched light as 0…255, for a tone curve (cv2.LUT)."""
        gain, offset = self._follow(light)
        return cv2.addWeighted(light, 255 * gain, light, 0.0, 255 * offset, dtype=cv2.CV_8U)

    def _follow(self, light: Plane) -> tuple[float, float]:
        low, high = (float(v) for v in np.percentile(light[::8, ::8], self._quantiles))
        old_low, old_high = self._range or (low, high)
        low, high = old_low + _FOLLOW * (low - old_low), old_high + _FOLLOW * (high - old_high)
        self._range = (low, high)
        # A bright scene stays bright: its shadows are not stretched down to black.
        black, white = self._high_key * low, 0.97
        gain = (white - black) / max(high - low, _LEAST)
        return gain, black - low * gain
