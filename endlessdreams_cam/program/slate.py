"""The safe card: what people see first, and during breaks."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.clock import seconds
from endlessdreams_cam.frame import Pixels, Size
from endlessdreams_cam.program.backstage import Backstage, in_thread
from endlessdreams_cam.program.gradient import Gradient
from endlessdreams_cam.program.lettering import paragraph
from endlessdreams_cam.program.still import load_still

_TYPE_HEIGHT = 0.068  # of the program's
_WIDEST = 0.8
_INK = np.array([244, 240, 250], np.float32)
_SHADE = 0.45  # how far the light dims round the letters


class Slate:
    """Draws a slow moving gradient with a line of text, or a picture in their place.

    A picture is loaded beside the program; until it is there, and when it cannot be shown, the
    gradient stands. Nothing but the person's own text and picture is ever on it.
    """

    def __init__(
        self,
        size: Size,
        *,
        picture: Pixels | None = None,
        start: Callable[[Callable[[], None]], None] = in_thread,
    ) -> None:
        self._size = size
        self._own = picture
        self._gradient = Gradient(size)
        self._light = np.empty((size.height, size.width, 3), np.float32)
        # Triangular noise of one level, always the same: no bands in the dark, and no flicker.
        random = np.random.default_rng(20)
        shape = (size.height, size.width, 3)
        self._dither = random.random(shape, np.float32) - random.random(shape, np.float32)
        self._text = ""
        self._words: _Words | None = None
        self._stills = Backstage(lambda path: load_still(path, size), start)

    def draw(self, text: str, image: str, now_ns: int, out: Pixels) -> None:
        """Draw the slate into `out`, (height, width, 3) of the program's size."""
        picture = self._stills.get(image) if image else self._own
        if picture is not None:
            np.copyto(out, picture)
            return
        cv2.resize(
            self._gradient.at(seconds(now_ns)), self._size, dst=self._light,
            interpolation=cv2.INTER_LINEAR,
        )  # fmt: skip
        if text != self._text:
            self._text = text
            self._words = _Words(text, self._size) if text else None
        if self._words:
            self._words.over(self._light)
        cv2.add(self._light, self._dither, dst=out, dtype=cv2.CV_8U)


class _Words:
    """A text in the middle of the program, with the light dimmed softly round its letters."""

    def __init__(self, text: str, size: Size) -> None:
        letters = max(6, round(_TYPE_HEIGHT * size.height))
        cover = paragraph(text, letters, round(_WIDEST * size.width))
        plane = _middle(np.pad(cover, letters), size)
        height, width = plane.shape
        self._left, self._top = (size.width - width) // 2, (size.height - height) // 2
        ink = plane.astype(np.float32)[..., None] / 255
        shade = cv2.GaussianBlur(ink, (0, 0), letters / 3)[..., None]
        self._kept = np.repeat((1 - ink) * (1 - _SHADE * np.clip(1.6 * shade, 0, 1)), 3, axis=2)
        self._added = ink * _INK

    def over(self, light: NDArray[np.float32]) -> None:
        """Lay the text over float32 light, 0…255, in place."""
        height, width = self._kept.shape[:2]
        part = light[self._top : self._top + height, self._left : self._left + width]
        part *= self._kept
        part += self._added


def _middle(plane: NDArray[np.uint8], size: Size) -> NDArray[np.uint8]:
    top = max(0, plane.shape[0] - size.height) // 2
    left = max(0, plane.shape[1] - size.width) // 2
    return plane[top : top + size.height, left : left + size.width]
