"""The live picture: source and layer, cropped to the dream and blended."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from endlessdreams_cam.engines.engine import Inputs
from endlessdreams_cam.frame import Pixels, Size
from endlessdreams_cam.parameters import Snapshot

_NEUTRAL = 128
_LEAST = 0.004
_STILL_S = 1.5  # after which a live picture that never changes is a photograph
_PHOTO = 0.6  # how much a photograph as the source relights the painting


@dataclass(frozen=True, slots=True)
class Live:
    """The live picture at the dream's size.

    pixels: source and layer blended, at full contrast. amount 0…1: how much of it is in the canvas.
    layer, mode, layer_amount: the layer alone, for relighting the painting; None without one.
    """

    pixels: Pixels
    amount: float
    layer: Pixels | None = None
    mode: str = "mix"
    layer_amount: float = 0.0


def compose(inputs: Inputs, snapshot: Snapshot, size: Size) -> Live | None:
    """Return the live picture, None when neither source nor layer is in the canvas.

    The canvas is lerp(neutral, source, source.amount) blended with the layer. Here both amounts
    are scaled so that the greater is 1, and `amount` keeps that greater one: what is read from a
    faint source is not coarser than what is read from a strong one.
    """
    now = inputs.now_ns
    source_amount = snapshot.number("source.amount", now) if inputs.source else 0.0
    layer_amount = snapshot.number("layer.amount", now) if inputs.layer else 0.0
    amount = max(source_amount, layer_amount)
    if amount < _LEAST:
        return None
    if inputs.source and source_amount >= _LEAST:
        pixels = crop(inputs.source.pixels, size)
        share = source_amount / amount
        if share < 1:
            pixels = cv2.addWeighted(pixels, share, pixels, 0, _NEUTRAL * (1 - share))
    else:
        pixels = np.full((size.height, size.width, 3), _NEUTRAL, np.uint8)
    if not inputs.layer or layer_amount < _LEAST:
        return Live(pixels, amount)
    layer, mode = crop(inputs.layer.pixels, size), snapshot.text("layer.mode")
    return Live(
        blend(pixels, layer, mode, layer_amount / amount), amount, layer, mode, layer_amount
    )


def crop(pixels: Pixels, size: Size) -> Pixels:
    """Return the middle of a picture that has the aspect of `size`, resized to it."""
    height, width = pixels.shape[:2]
    scale = min(width / size.width, height / size.height)
    across = min(max(round(size.width * scale), 1), width)
    down = min(max(round(size.height * scale), 1), height)
    left, top = (width - across) // 2, (height - down) // 2
    middle = pixels[top : top + down, left : left + across]
    shrinks = across > size.width or down > size.height
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return cv2.resize(middle, size, interpolation=how)


def blend(below: Pixels, layer: Pixels, mode: str, amount: float) -> Pixels:
    """Return the layer blended over a picture: mix, screen, multiply, difference or luma.

    luma: the layer's own brightness is its opacity. amount 0…1.
    """
    match mode:
        case "screen":
            full = 255 - cv2.multiply(255 - below, 255 - layer, scale=1 / 255)
        case "multiply":
            full = cv2.multiply(below, layer, scale=1 / 255)
        case "difference":
            full = cv2.absdiff(below, layer)
        case "luma":
            alpha = cv2.cvtColor(layer, cv2.COLOR_RGB2GRAY).astype(np.float32) * (amount / 255)
            return cv2.blendLinear(layer, below, alpha, 1 - alpha)
        case _:
            full = layer
    return cv2.addWeighted(full, amount, below, 1 - amount, 0)


class Stillness:
    """Tells a photograph from a camera, whose picture is never twice the same."""

    def __init__(self) -> None:
        self._last: Pixels | None = None
        self._for_s = 0.0

    def follow(self, live: Live, dt: float) -> Live:
        """Return the live picture; a photograph without a layer becomes the layer, in 1.5 s.

        Nobody moves in it, so nobody would be read out of it: it relights the painting instead.
        """
        sample = live.pixels[::12, ::12]
        same = self._last is not None and np.array_equal(sample, self._last)
        self._last = sample.copy()
        self._for_s = self._for_s + dt if same else 0.0
        share = min(max(self._for_s / _STILL_S - 1, 0.0), 1.0)
        if live.layer is not None or share <= 0:
            return live
        return replace(live, layer=live.pixels, layer_amount=_PHOTO * live.amount * share)
