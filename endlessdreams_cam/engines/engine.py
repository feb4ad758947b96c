"""What every engine does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.frame import Frame, Pixels, Pose, Size
from endlessdreams_cam.parameters import Snapshot

KINDS_OF_PAINT = ("colour", "noise", "keep")
"""What a hand can draw: colour, noise, and what stays as it is."""


@dataclass(frozen=True, slots=True)
class Paint:
    """What hands drew into the dream; any size, at the dream's aspect.

    pixels are the colours, masks (height, width, 3) how much of each of KINDS_OF_PAINT there is,
    0…255. It stands still while the dream drifts: an engine lays it anew into every dream.
    """

    pixels: Pixels
    masks: Pixels

    @classmethod
    def of(cls, frame: Frame) -> Paint | None:
        """Return what a frame of the slot "paint" holds, colours above masks; None: nothing."""
        half = frame.pixels.shape[0] // 2
        found = cls(frame.pixels[:half], frame.pixels[half:])
        return found if found.masks.any() else None

    @property
    def colour_mask(self) -> NDArray[np.uint8]:
        """How much of the colours shows, 0…255."""
        return self.masks[..., 0]

    @property
    def noise_mask(self) -> NDArray[np.uint8]:
        """How much noise there is, 0…255."""
        return self.masks[..., 1]

    @property
    def keep_mask(self) -> NDArray[np.uint8]:
        """How much of the last dream stays as it is, 0…255."""
        return self.masks[..., 2]


@dataclass(frozen=True, slots=True)
class Inputs:
    """The live input of one dream: the newest source and layer frames and what was drawn, or None.

    Their pixels are the caller's and must not be written to. pose is where the dream's camera
    stands at `now_ns`.
    """

    source: Frame | None = None
    layer: Frame | None = None
    pose: Pose = Pose()
    now_ns: int = 0
    paint: Paint | None = None


Tell: TypeAlias = Callable[[float, str], None]
"""Told how much of the loading is done, 0…1, and what is being done; called often."""


def untold(_done: float, _what: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an engine dreams, for the status: its model, and the way it runs ("eager").

    outgrown: it was made ready for other settings than the present ones and dreams as near to
    them as it can; one that is opened anew, off air, would be made for them. Under a governor
    steps of steps_asked are dreamt, load is how long dreams take as a share of the longest that
    they may (0: there is no goal), and at_least that there are no more steps to give.
    """

    model: str = ""
    way: str = ""
    outgrown: bool = False
    steps: int = 0
    steps_asked: int = 0
    load: float = 0.0
    at_least: bool = False


class Engine(Protocol):
    """Makes dreams. Constructors store; `open` acquires.

    notes are short remarks for the status, for people; standing says how it dreams.
    """

    notes: tuple[str, ...]
    standing: Standing

    def open(self, snapshot: Snapshot | None = None, tell: Tell = untold) -> None:
        """Acquire what dreaming needs and make it ready for a snapshot.

        Raises EngineError, or another EndlessDreamsError, with the remedy.
        """

    def render(self, inputs: Inputs, snapshot: Snapshot, dt: float) -> Pixels:
        """Return the next dream, uint8 RGB (height, width, 3) of `size`.

        dt is the time since the last dream in seconds. Bad values never raise: the snapshot's are
        in range. The picture is the caller's until the next call.
        """

    def close(self) -> None:
        """Give everything back; may be called twice."""

    @property
    def size(self) -> Size:
        """The dreams' size."""
