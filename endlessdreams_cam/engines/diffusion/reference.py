"""When to look at how the model dreams without a canvas, and what was seen."""

from __future__ import annotations

from typing import Any

from endlessdreams_cam.engines.diffusion.buffers import Buffers
from endlessdreams_cam.engines.diffusion.match import make_basis, measure

_EVERY_S = 1.0
_LOOKS = 4  # after a change, each at another place of the noise's walk


class Reference:
    """Keeps the statistics that dreams are led back to.

    After a change of mix or seed it asks for a few dreams without a canvas, at most one a second,
    and averages them: each costs one dream's time.
    """

    def __init__(self, buffers: Buffers) -> None:
        self._buffers = buffers
        self._basis = make_basis(buffers.last.device)
        self._looks = 0
        self._since_s = _EVERY_S

    @property
    def known(self) -> bool:
        """Whether anything was seen yet."""
        return self._looks > 0

    def changed(self) -> None:
        """Say that the mix or the seed is another one: what was seen counts for less."""
        self._looks = min(self._looks, 1)

    def due(self, dt: float) -> bool:
        """Return whether a look is due, dt seconds after the last question."""
        self._since_s += dt
        return self._looks < _LOOKS and self._since_s >= _EVERY_S

    def look(self, picture: Any) -> None:
        """Take in a dream that ignored its canvas, (1, 3, height, width), −1…1."""
        seen = measure(picture, self._basis)
        self._looks += 1
        self._since_s = 0.0
        for kept, new in zip(self._buffers.reference, seen, strict=True):
            kept.lerp_(new.clone(), 1 / self._looks)
