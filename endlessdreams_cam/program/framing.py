"""Draws pictures into the program: their place, the look, the view, what lies beyond the edges."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np

from endlessdreams_cam.frame import Pixels, Pose, Size
from endlessdreams_cam.motion import (
    View,
    compose,
    cover,
    invert,
    matrix,
    view_matrix,
    warp,
    within,
)
from endlessdreams_cam.program.look import Look
from endlessdreams_cam.program.mirror import drawn, reflect
from endlessdreams_cam.program.pictures import Buffer, Picture, centre, size_of

_REST = View()


class Framing:
    """Draws pictures of any size into programs of one size.

    A picture that is to be enlarged is enlarged once, by cubic interpolation and at rest; what
    moves is moved over that, so a view that begins to glide changes neither sharpness nor place.
    """

    def __init__(self, size: Size) -> None:
        self._size = size
        self._looked, self._halved = Buffer(), (Buffer(), Buffer())
        self._steady, self._plate = Buffer(), Buffer()
        self._layer, self._mixed = Buffer(), Buffer()

    def draw(
        self, layers: Sequence[tuple[Picture, float]], view: View, look: Look | None, out: Pixels
    ) -> None:
        """Draw pictures, each with its share of the whole, into `out` of the program's size."""
        if len(layers) > 1 and not view.at_rest and all(self._plain(p) for p, _ in layers):
            # Mixing first costs one move instead of one for each; the result is the same.
            mixed = self._mixed.sized(self._size)
            self._mix(layers, _REST, look, mixed)
            self._move(mixed, Pose(), view, out)
        else:
            self._mix(layers, view, look, out)
        reflect(view.mirror, out)

    def _plain(self, picture: Picture) -> bool:
        """Whether the program at rest shows all that there is of a picture."""
        size, (width, height) = size_of(picture.pixels), self._size
        same_aspect = size.width * height == size.height * width
        return same_aspect and size.width <= width and not picture.moved

    def _mix(
        self, layers: Sequence[tuple[Picture, float]], view: View, look: Look | None, out: Pixels
    ) -> None:
        total = 0.0
        for picture, share in layers:
            total += share
            if total == share:
                self._draw(picture, view, look, out)
                continue
            layer, part = self._layer.sized(self._size), share / total
            self._draw(picture, view, look, layer)
            cv2.addWeighted(out, 1 - part, layer, part, 0, dst=out)

    def _draw(self, picture: Picture, view: View, look: Look | None, out: Pixels) -> None:
        pixels = self._trim(picture.pixels, view.zoom)
        if look is not None:
            pixels = cv2.transform(pixels, look, dst=self._looked.sized(size_of(pixels)))
        if view.at_rest and not picture.moved:
            self._rest(pixels, out)
        else:
            self._move(pixels, picture.delta if picture.moved else Pose(), view, out)

    def _trim(self, pixels: Pixels, zoom: float) -> Pixels:
        """Return the part of a picture that matters, halved while it is far too large."""
        size, scale = size_of(pixels), cover(size_of(pixels), self._size)
        # What the crop leaves out may come into view, but not more than a frame of it on each side.
        widest, tallest = (math.ceil(3 * side / scale) for side in self._size)
        left, top = max(0, size.width - widest) // 2, max(0, size.height - tallest) // 2
        pixels = pixels[top : size.height - top, left : size.width - left]
        n = 0
        while scale * max(zoom, 1.0) <= 0.5:
            height, width = pixels.shape[:2]
            half = Size(max(1, width // 2), max(1, height // 2))
            room = self._halved[n % 2].sized(half)
            pixels = cv2.resize(pixels, half, dst=room, interpolation=cv2.INTER_AREA)
            scale, n = scale * 2, n + 1
        return pixels

    def _rest(self, pixels: Pixels, out: Pixels) -> None:
        part = centre(pixels, self._size)
        if cover(size_of(pixels), self._size) <= 1:
            _resize(part, out, cv2.INTER_LINEAR)
        elif _exact(size_of(pixels), size_of(part), self._size):
            _resize(part, out, cv2.INTER_CUBIC)
        else:
            np.copyto(out, centre(self._enlarge(pixels), self._size))

    def _move(self, pixels: Pixels, delta: Pose, view: View, out: Pixels) -> None:
        border = cv2.BORDER_REFLECT_101
        if view.edge == "black":
            border = cv2.BORDER_CONSTANT
            if delta != Pose():
                # The drift mirrors its edges whatever the view does: two borders, two moves.
                pixels = warp(pixels, delta, self._steady.sized(size_of(pixels)))
                delta = Pose()
        elif view.edge == "fit":
            view = within(view, size_of(pixels), self._size)
        if cover(size_of(pixels), self._size) * view.zoom > 1:
            pixels = self._enlarge(pixels)
        size, part = size_of(pixels), drawn(view.mirror, self._size)
        frame = view_matrix(view.zoom, view.pan_x, view.pan_y, view.rotate, size, self._size)
        back = invert(compose(frame, matrix(delta, size)))
        back[:, 2] += back[:, :2] @ (part.left, part.top)
        cv2.warpAffine(
            pixels, back, (part.width, part.height), dst=part.of(out),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=border,
        )  # fmt: skip

    def _enlarge(self, pixels: Pixels) -> Pixels:
        """Return a smaller picture at the size at which it covers the program.

        Sides that stand over do so by an even number of pixels, so that the crop is centred.
        """
        scale = cover(size_of(pixels), self._size)
        if scale <= 1:
            return pixels
        sides = []
        for side, program in zip(size_of(pixels), self._size, strict=True):
            over = max(0, round(side * scale) - program)
            sides.append(program + over + over % 2)
        size = Size(*sides)
        return cv2.resize(pixels, size, dst=self._plate.sized(size), interpolation=cv2.INTER_CUBIC)


def _exact(whole: Size, part: Size, program: Size) -> bool:
    """Whether a part is exactly the crop to the program's aspect, down to the half pixel."""
    same_aspect = part.width * program.height == part.height * program.width
    centred = (whole.width - part.width) % 2 == 0 == (whole.height - part.height) % 2
    return same_aspect and centred


def _resize(pixels: Pixels, out: Pixels, how: int) -> None:
    if pixels.shape == out.shape:
        np.copyto(out, pixels)
    else:
        cv2.resize(pixels, size_of(out), dst=out, interpolation=how)
