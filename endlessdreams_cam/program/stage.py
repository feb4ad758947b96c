"""What one tick is given, and what it gives."""

from __future__ import annotations

from dataclasses import dataclass

from endlessdreams_cam.frame import Frame, Pixels, Pose
from endlessdreams_cam.parameters import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """All that the program can be made of at one tick.

    engine names the engine on air; dream is its newest dream, source the newest live picture:
    the same sequence as before while nothing new came, None if there is none yet. A dream's pixels
    are copied; a source's are read only during the tick. A source counts as live for 2 s after
    captured_ns (after its arrival where that is 0), so one that stands still has to be sent again.
    """

    now_ns: int
    snapshot: Snapshot
    engine: str = "a"
    dream: Frame | None = None
    source: Frame | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What goes on air at one tick.

    pixels: uint8 RGB (height, width, 3); overwritten by the tick after the next.
    shown: dream, source, hold, slate or black, whichever the cut came to.
    held: the dream or source shown is overdue, so the last one stands in for it.
    captured_ns: when the live input seen in the picture was captured; 0 for none.
    dream_sequence: of the newest dream, 0 before the first.
    pose: where the dream's camera stands; engines paint there.
    """

    pixels: Pixels
    shown: str
    held: bool
    captured_ns: int
    dream_sequence: int
    pose: Pose
