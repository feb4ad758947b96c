"""No more than three flashes in any second (WCAG 2.3.1)."""

from __future__ import annotations

import math

import cv2

from endlessdreams_cam.clock import seconds
from endlessdreams_cam.frame import Pixels
from endlessdreams_cam.program.flash_counter import FlashCounter, Planes, Sight, grid_of, read

_CHANGES = 6
"""Changes of a place's light in a second: two make a flash."""

_CARD_CHANGES = 7
"""The same where a card comes: it always may, and half a flash more is still three."""

_SMOOTH_S = 0.5  # time constant of the smoothing
_RELEASE_S = 0.6  # how long it takes to let go
_SHARES = (1.0, 0.7, 0.45, 0.25, 0.1, 0.04)  # of the share wished for, tried in this order


class FlashGuard:
    """Watches the program and smooths it in time where it would flash too often.

    One counter follows what was sent: no picture goes out that would make a fourth flash. While it
    smooths, a second one follows what came in, so that it lets go once that is calm.
    """

    def __init__(self) -> None:
        self._sent: FlashCounter | None = None
        self._came: FlashCounter | None = None
        self._share = 1.0
        self._last_ns = 0

    @property
    def smoothing(self) -> bool:
        """Whether the last picture was smoothed."""
        return self._came is not None

    def reset(self) -> None:
        """Forget everything: the guard was off."""
        self._sent = self._came = None
        self._share = 1.0

    def filter(self, pixels: Pixels, last: Pixels, now_ns: int, *, card: bool = False) -> None:
        """Make `pixels` fit to be sent after `last`, the picture sent before; in place.

        card: this is the slate or black, which a hand must be able to reach at any time. What does
        not flash too often is left as it is, to the bit.
        """
        grid = grid_of(pixels)
        reading = read(grid)
        dt_s, self._last_ns = max(0.0, seconds(now_ns - self._last_ns)), now_ns
        if self._sent is None:
            self._sent = FlashCounter(reading, now_ns)
            return
        sight = self._sent.see(reading, now_ns)
        most = _CARD_CHANGES if card else _CHANGES
        passes = sight.worst <= most
        if self._came is None and not passes:
            self._came, self._share = self._sent.copy(), 0.0
        if self._came is not None:
            self._came.note(self._came.see(reading, now_ns))
            calm = self._came.worst(now_ns) <= _CHANGES
            self._turn(dt_s, calm=calm, at_once=card and passes)
        if self._share >= 1 and passes:
            self._came = None
        else:
            sight = self._blend(pixels, last, grid, most)
        self._sent.note(sight)

    def _turn(self, dt_s: float, *, calm: bool, at_once: bool) -> None:
        """Move the share of the new picture towards letting go or holding on."""
        if at_once:
            self._share = 1.0
        elif calm:
            self._share = min(1.0, self._share + dt_s / _RELEASE_S)
        else:
            self._share = 1 - math.exp(-dt_s / _SMOOTH_S)

    def _blend(self, pixels: Pixels, last: Pixels, grid: Planes, most: int) -> Sight:
        """Mix as much of the new picture into the last as makes no further flash."""
        assert self._sent is not None
        before = grid_of(last)
        for part in _SHARES:
            share = part * self._share
            mixed = read(before + share * (grid - before))
            if self._sent.see(mixed, self._last_ns).worst <= most:
                cv2.addWeighted(pixels, share, last, 1 - share, 0, dst=pixels)
                break
        else:
            pixels[:] = last
        return self._sent.see(read(grid_of(pixels)), self._last_ns)
