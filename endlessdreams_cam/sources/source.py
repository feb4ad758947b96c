"""What every source does."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

from endlessdreams_cam.frame import Pixels, Size
from endlessdreams_cam.opening import Opens


@dataclass(frozen=True, slots=True)
class Grab:
    """One picture from a source, owned by the caller; captured_ns is when it was taken."""

    pixels: Pixels
    captured_ns: int


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What was opened: kind ("camera"), a label for people, size and rate where known.

    looping: it begins again after its end.
    """

    kind: str
    label: str
    size: Size
    fps: float | None = None
    looping: bool = False


class Source(Opens):
    """A live input. The constructor stores; `open` acquires; `with` opens and closes."""

    @abstractmethod
    def open(self) -> SourceInfo:
        """Acquire it; raises DeviceMissing, DeviceBusy or DeviceError and then holds nothing."""

    @abstractmethod
    def read(self) -> Grab | None:
        """Return the newest picture, None if nothing new came within about 100 ms.

        Raises DeviceLost when it has gone, SourceEnded when there is nothing more.
        """

    @abstractmethod
    def close(self) -> None:
        """Let it go; may be called twice."""
