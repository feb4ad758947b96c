"""What every sink does."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

from endlessdreams_cam.frame import Pixels
from endlessdreams_cam.opening import Opens


@dataclass(frozen=True, slots=True)
class SinkInfo:
    """What was opened: kind ("virtualcam"), the name that people choose, its device or file."""

    kind: str
    label: str
    device: str = ""


class Sink(Opens):
    """Where the program goes. The constructor stores; `open` acquires; `with` opens and closes."""

    @abstractmethod
    def open(self) -> SinkInfo:
        """Acquire it; raises DeviceMissing, DeviceBusy or DeviceError and then holds nothing."""

    @abstractmethod
    def send(self, pixels: Pixels) -> None:
        """Send a frame, uint8 RGB of the size it was made for; keeps no reference.

        Raises DeviceLost when the device has gone.
        """

    @abstractmethod
    def check(self) -> None:
        """Raise DeviceLost if the device has gone without `send` noticing."""

    @abstractmethod
    def close(self) -> None:
        """Let it go; may be called twice."""
