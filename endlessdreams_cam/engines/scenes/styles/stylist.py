"""Chooses the style and crossfades when it changes."""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from concurrent.futures import Executor, Future

import cv2

from endlessdreams_cam.engines.scenes.world import Picture
from endlessdreams_cam.frame import Size

_HERE = "endlessdreams_cam.engines.scenes.styles"

STYLES: dict[str, str] = {
    "watercolour": f"{_HERE}.paint:Watercolour",
    "oil": f"{_HERE}.paint:Oil",
    "soft": f"{_HERE}.photo:Soft",
    "noir": f"{_HERE}.photo:Noir",
    "vhs": f"{_HERE}.photo:Vhs",
    "sketch": f"{_HERE}.line:Sketch",
    "neon": f"{_HERE}.line:Neon",
    "comic": f"{_HERE}.prints:Comic",
    "woodcut": f"{_HERE}.prints:Woodcut",
    "pixel": f"{_HERE}.piece:Pixel",
    "glass": f"{_HERE}.piece:Glass",
    "lowpoly": f"{_HERE}.piece:LowPoly",
    "paper": f"{_HERE}.cut:Paper",
}
"""Every style; each is imported when it is first wanted."""

_SHORTEST_S = 0.25
_KEPT = 3


class Style(ABC):
    """Turns pictures of one size into a medium. Textures are fixed in the frame: nothing boils."""

    def __init__(self, size: Size) -> None:
        self.size = size

    @abstractmethod
    def __call__(self, picture: Picture, t: float) -> Picture:
        """Return the picture at a time (seconds) in this medium; the argument is left as it is."""


def make(name: str, size: Size) -> Style:
    """Return a new style; raises KeyError for a name that is not in STYLES."""
    module, _, cls = STYLES[name].partition(":")
    style = getattr(importlib.import_module(module), cls)(size)
    assert isinstance(style, Style)
    return style


class Stylist:
    """Applies the wanted style; another one is prepared in the background and faded to."""

    def __init__(self, size: Size, executor: Executor) -> None:
        self._size = size
        self._executor = executor
        self._made: dict[str, Style] = {}
        self._making: dict[str, Future[Style]] = {}
        self._now = ""
        self._next = ""
        self._passed = 0.0
        self._t = 0.0

    def __call__(
        self, picture: Picture, wanted: str, dt: float, glide_s: float, amount: float = 1.0
    ) -> Picture:
        """Return the picture in the wanted style (empty: as it is); amount 0…1 of it."""
        self._t += dt
        if self._next == self._now and wanted != self._now and self._ready(wanted):
            self._next, self._passed = wanted, 0.0
        if self._next != self._now:
            self._passed += dt / max(glide_s, _SHORTEST_S)
            if self._passed >= 1:
                self._now = self._next
        styled = self._styled(picture, self._now)
        if self._next != self._now:
            u = self._passed * self._passed * (3 - 2 * self._passed)
            coming = self._styled(picture, self._next)
            styled = cv2.addWeighted(coming, u, styled, 1 - u, 0)
        if amount < 1 and styled is not picture:
            styled = cv2.addWeighted(styled, amount, picture, 1 - amount, 0)
        return styled

    def _styled(self, picture: Picture, name: str) -> Picture:
        return self._made[name](picture, self._t) if name else picture

    def _ready(self, name: str) -> bool:
        if not name or name in self._made:
            return True
        if name not in self._making:
            self._making[name] = self._executor.submit(make, name, self._size)
        if not self._making[name].done():
            return False
        self._made[name] = self._making.pop(name).result()
        kept = [self._now, self._next, name, *reversed(self._made)][: _KEPT + 3]
        self._made = {n: style for n, style in self._made.items() if n in kept}
        return True
