"""The view's mirrors: a half or a quarter of the program over the rest."""

from __future__ import annotations

from typing import NamedTuple

import cv2

from endlessdreams_cam.frame import Pixels, Size


class Part(NamedTuple):
    """The part of the program that is drawn before it is mirrored, in pixels."""

    left: int
    top: int
    width: int
    height: int

    def of(self, out: Pixels) -> Pixels:
        """Return this part of a picture, without copying."""
        return out[self.top : self.top + self.height, self.left : self.left + self.width]


def drawn(mirror: str, size: Size) -> Part:
    """Return which part has to be drawn; a middle row or column of an odd size belongs to it."""
    across, down = size.width // 2, size.height // 2
    match mirror:
        case "left":
            return Part(0, 0, size.width - across, size.height)
        case "right":
            return Part(across, 0, size.width - across, size.height)
        case "top":
            return Part(0, 0, size.width, size.height - down)
        case "quad":
            return Part(0, 0, size.width - across, size.height - down)
    return Part(0, 0, size.width, size.height)


def reflect(mirror: str, out: Pixels) -> None:
    """Mirror the drawn part over the rest of the picture, in place."""
    height, width = out.shape[:2]
    across, down = width // 2, height // 2
    if mirror in ("left", "quad") and across:
        cv2.flip(out[:, :across], 1, dst=out[:, width - across :])
    if mirror == "right" and across:
        cv2.flip(out[:, width - across :], 1, dst=out[:, :across])
    if mirror in ("top", "quad") and down:
        cv2.flip(out[:down], 0, dst=out[height - down :])
