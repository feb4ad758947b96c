"""The MIDI ports of this machine."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass

_OWN = ("Midi Through", "RtMidi")


@dataclass(frozen=True, slots=True)
class MidiSystem:
    """The input ports' names, and why there can be none."""

    ports: tuple[str, ...] = ()
    problem: str = ""
    remedy: str = ""


def list_ports() -> MidiSystem:
    """Return the MIDI inputs; a machine without MIDI is a reason, never an error."""
    try:
        import rtmidi
    except ImportError:
        newer = sys.version_info >= (3, 13)
        remedy = (
            'pip install "endlessdreams-cam[midi]" (it is built from source: gcc, libasound2-dev)'
        )
        return MidiSystem(
            problem="python-rtmidi is not installed"
            + (" (no wheel for this Python)" if newer else ""),
            remedy=remedy,
        )
    try:
        with _quiet():
            names = rtmidi.MidiIn().get_ports()
    except (OSError, RuntimeError) as error:
        return MidiSystem(
            problem=f"no MIDI system ({error})"[:120],
            remedy="On Linux load ALSA's sequencer: sudo modprobe snd-seq",
        )
    return MidiSystem(tuple(name for name in names if not name.startswith(_OWN)))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep what ALSA writes to the C standard error out of the terminal."""
    kept = os.dup(2)
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(nothing)
        os.close(kept)
