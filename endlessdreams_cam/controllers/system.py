"""What every MIDI system does."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from endlessdreams_cam.opening import Opens

Hear = Callable[[Sequence[int]], None]
"""Takes one message's bytes, on a thread of the system's; it must return at once."""


@dataclass(frozen=True, slots=True)
class Port:
    """A port that is there; plugged differs when a device went and came back under its name."""

    name: str
    plugged: int = 0


class Input(Protocol):
    """An open input."""

    def close(self) -> None:
        """Hear nothing more, and let it go."""


class Output(Protocol):
    """An open output."""

    def send(self, message: Sequence[int]) -> None:
        """Send one message's bytes; raises DeviceLost."""

    def close(self) -> None:
        """Let it go."""


class System(Opens):
    """The MIDI ports of a machine. All of it is used on one thread, but for Output.send."""

    @abstractmethod
    def open(self) -> None:
        """Reach it; raises DeviceMissing with the remedy and then holds nothing."""

    @abstractmethod
    def inputs(self) -> tuple[Port, ...]:
        """Return the inputs that are there now, all of different names; raises DeviceLost."""

    @abstractmethod
    def outputs(self) -> tuple[Port, ...]:
        """Return the outputs that are there now, all of different names; raises DeviceLost."""

    @abstractmethod
    def open_input(self, port: Port, hear: Hear) -> Input:
        """Open an input; raises DeviceMissing or DeviceBusy."""

    @abstractmethod
    def open_output(self, port: Port) -> Output:
        """Open an output; raises DeviceMissing or DeviceBusy."""

    @abstractmethod
    def close(self) -> None:
        """Let it go, after the ports; may be called twice."""
