"""The live picture in the scene's own light: a painted you, and a layer that relights the world."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes.canvas import Live
from endlessdreams_cam.engines.scenes.dissolve import Dissolve, Share
from endlessdreams_cam.engines.scenes.world import Picture, Plane
from endlessdreams_cam.frame import Pixels, Size

_SETTLE_S = 0.8
_LOOK_S = 0.1  # how often the tones are measured
_BINS = 17
_MATCHED = 0.55  # how far the live picture's tones move to the scene's
_OPEN = 0.58  # how far a scene's narrow range of tones is opened
_OWN_COLOUR = 0.36  # of the live picture, that stays
_LAYER = 0x4C41  # the seeds of the dissolve's fields
_WORLD = 0x574F

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)


class Tones:
    """The colours of a scene from its shadows to its lights, and a live picture's tones.

    Both are followed slowly, so that nothing flickers.
    """

    def __init__(self) -> None:
        self._colours: NDArray[np.float32] | None = None  # (bins, 3), of equal shares of the scene
        self._tones: NDArray[np.float32] | None = None  # (bins,), likewise of the live picture
        self._since = 0.0
        self.table = np.zeros((256, 1, 3), np.float32)
        """The scene's colour for each of 256 live tones."""

    def follow(self, scene: Picture, live: Pixels, dt: float) -> None:
        """Take in a scene's newest picture and the live one."""
        self._since += dt
        if self._colours is not None and self._since < _LOOK_S:
            return
        share, self._since = 1 - math.exp(-self._since / _SETTLE_S), 0.0
        small = cv2.resize(scene, (64, 36), interpolation=cv2.INTER_AREA).reshape(-1, 3)
        small = small[np.argsort(small @ _LUMA)]
        edges = np.linspace(0, len(small), _BINS + 1).astype(int)
        colours = np.add.reduceat(small, edges[:-1]) / np.diff(edges)[:, None]
        tones = cv2.cvtColor(cv2.resize(live, (64, 36)), cv2.COLOR_RGB2GRAY)
        quantiles = np.percentile(tones, np.linspace(1, 99, _BINS)).astype(np.float32) / 255
        if self._colours is None or self._tones is None:
            self._colours, self._tones = colours.astype(np.float32), quantiles
        self._colours += ((colours - self._colours) * share).astype(np.float32)
        self._tones += ((quantiles - self._tones) * share).astype(np.float32)
        self.table = _table(self._colours, self._tones)


def _table(colours: NDArray[np.float32], tones: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a scene's colour for each of 256 live tones, (256, 1, 3).

    Half matched by rank, as a histogram match does, half by brightness, and then brought nearer to
    the live picture's own brightness, or nobody would be seen at night.
    """
    tone, steps = np.linspace(0, 1, 256), np.linspace(0, 1, _BINS)
    rising = np.maximum.accumulate(tones + np.arange(_BINS) * 1e-5)
    at = _MATCHED * np.interp(tone, rising, steps) + (1 - _MATCHED) * tone
    found = np.stack([np.interp(at, steps, colours[:, c]) for c in range(3)], 1)
    luma = found @ _LUMA
    wanted = luma + _OPEN * (at - luma)
    found *= np.clip(wanted / np.maximum(luma, 0.02), 0.4, 2.6)[:, None]
    found += np.maximum(wanted - found @ _LUMA, 0)[:, None]
    return np.ascontiguousarray(np.clip(found, 0, 1), np.float32)[:, None, :]


class Relight:
    """Paints live pictures with a scene's tones; one instance per size."""

    def __init__(self, size: Size) -> None:
        self._size = size
        self._half = Size(max(size.width // 2, 8), max(size.height // 2, 8))
        self._tones = Tones()
        self._layer_tones = Tones()
        self._dissolve = Dissolve(size)

    def canvas(
        self, world: Picture, live: Live, share: float, painted: float, presence: Plane | None,
        t: float, dt: float,
    ) -> Picture:  # fmt: skip
        """Return the world with the live picture in it, where strength is low.

        share 0…1: how much of the live picture there is; painted 0…1: how far it is painted with
        the world's tones instead of shown as it is. The person stays longest.
        """
        picture: Picture = cv2.multiply(live.pixels, 1 / 255, dtype=cv2.CV_32F)
        if painted > 0:
            self._tones.follow(world, live.pixels, dt)
            portrait = self._paint(live.pixels, world, self._tones)
            picture = cv2.addWeighted(portrait, painted, picture, 1 - painted, 0)
        lift = None
        if presence is not None:
            lift = 2.4 * cv2.resize(presence, self._dissolve.coarse)
        shares = (Share(picture, share, _LAYER, lift=lift), Share(world, 1 - share, _WORLD))
        return self._dissolve.blend(shares, t)

    def layer(self, world: Picture, live: Live, amount: float, t: float, dt: float) -> Picture:
        """Return the world relit by the layer, in the world's own colours. amount 0…1."""
        if live.layer is None or amount <= 0:
            return world
        self._layer_tones.follow(world, live.layer, dt)
        painted = self._paint(live.layer, world, self._layer_tones)
        match live.mode:
            case "screen":
                return world + painted * amount - cv2.multiply(world, painted, scale=amount)
            case "multiply":
                full = cv2.multiply(world, painted, scale=1.5)
                return cv2.addWeighted(full, amount, world, 1 - amount, 0)
            case "difference":
                full = cv2.absdiff(world, painted)
                return cv2.addWeighted(full, amount, world, 1 - amount, 0)
            case "luma":
                alpha = cv2.cvtColor(painted, cv2.COLOR_RGB2GRAY) * np.float32(amount)
                return cv2.blendLinear(painted, world, alpha, 1 - alpha)
        relit = _shone_on(world, live.layer, min(1.4 * amount, 1.0))
        shares = (Share(painted, amount * amount, _LAYER), Share(relit, 1 - amount**2, _WORLD))
        return self._dissolve.blend(shares, t)

    def _paint(self, live: Pixels, world: Picture, tones: Tones) -> Picture:
        """Return a live picture simplified as with a broad brush, in a world's tones."""
        small = cv2.resize(live, self._half, interpolation=cv2.INTER_AREA)
        flat = cv2.bilateralFilter(cv2.medianBlur(small, 5), 5, 45, 3)
        grey = cv2.cvtColor(flat, cv2.COLOR_RGB2GRAY)
        grey3 = cv2.merge((grey, grey, grey))
        colours = cv2.LUT(grey3, tones.table)
        own = cv2.subtract(flat, grey3, dtype=cv2.CV_32F)
        colours = cv2.scaleAdd(own, _OWN_COLOUR / 255, colours)
        picture = cv2.resize(colours, self._size, interpolation=cv2.INTER_LINEAR)
        light = cv2.cvtColor(live, cv2.COLOR_RGB2GRAY)
        fine = cv2.subtract(light, cv2.blur(light, (5, 5)), dtype=cv2.CV_32F)
        grain = cv2.scaleAdd(fine, 1.4 / 255, self._texture(world))
        return cv2.multiply(picture, cv2.merge((grain, grain, grain)))

    def _texture(self, world: Picture) -> Plane:
        """Return the world's own brush: its local light and dark, as a factor round 1."""
        light = cv2.cvtColor(world, cv2.COLOR_RGB2GRAY)
        low = cv2.resize(light, self._dissolve.coarse, interpolation=cv2.INTER_AREA)
        low = cv2.blur(low, (3, 3))
        low = cv2.resize(low, self._size, interpolation=cv2.INTER_LINEAR)
        return np.clip(cv2.addWeighted(light, 0.7, low, -0.7, 1.0), 0.8, 1.25)


def _shone_on(world: Picture, layer: Pixels, amount: float) -> Picture:
    """Return the world with a layer's light and shadow on it (a soft light)."""
    light = cv2.cvtColor(layer, cv2.COLOR_RGB2GRAY).astype(np.float32) * np.float32(1 / 255)
    gain = 1 + amount * (1.5 * light - 0.62)
    return cv2.multiply(world, cv2.merge((gain, gain, gain)))
