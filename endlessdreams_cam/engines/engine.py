"""What every engine does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from endlessdreams_cam.frame import Frame, Pixels, Pose, Size
from endlessdreams_cam.parameters import Snapshot


@dataclass(frozen=True, slots=True)
class Inputs:
    """The live input of one dream: the newest source and layer frames, or None.

    Their pixels are the caller's and must not be written to. pose is where the dream's camera
    stands at `now_ns`.
    """

    source: Frame | None = None
    layer: Frame | None = None
    pose: Pose = Pose()
    now_ns: int = 0


class Engine(Protocol):
    """Makes dreams. Constructors store; `open` acquires.

    notes are short remarks for the status, for people.
    """

    notes: tuple[str, ...]

    def open(self) -> None:
        """Acquire what dreaming needs. Raises EngineError with the remedy."""

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
