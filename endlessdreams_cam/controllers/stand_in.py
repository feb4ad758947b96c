"""A stand-in for a controller, in a process of its own, to measure how the show is played."""

from __future__ import annotations

import multiprocessing
import os
import time
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

from endlessdreams_cam import clock, turn
from endlessdreams_cam.errors import DeviceMissing
from endlessdreams_cam.slots import FrameSlot, TextSlot

_READY_S = 20.0
_SEEN_NS = clock.SECOND_NS
_LOOK_S = 0.0001
_PORT = "stand-in"
PLAY, BLACK, RESEED = 41, 67, 68
"""Buttons of the nanoKONTROL2's default layout: cut to the dream, cut to black, a new seed."""
_TURNED = (*range(8), 16, 17)  # the faders and two knobs
_EDGE_EVERY = 20  # in a flood of 5,000 a second a button's 250 edges: more than fingers have


class StandIn:
    """A nanoKONTROL2 that is not there: sends messages and watches the show's slots.

    Raises DeviceMissing on enter where virtual ports cannot be made (Windows, no MIDI).
    """

    def __init__(self, snapshots: str, program: str) -> None:
        context = multiprocessing.get_context("spawn")
        self._mine, theirs = context.Pipe()
        self._process = context.Process(
            target=_play, args=(theirs, snapshots, program), daemon=True, name=_PORT
        )

    def __enter__(self) -> Self:
        self._process.start()
        if not self._mine.poll(_READY_S) or self._mine.recv() != "ready":
            self.__exit__(None, None, None)
            raise DeviceMissing("A virtual MIDI port cannot be made here.")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._mine.close()
        self._process.join(5)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def turns(self, count: int, gap_s: float) -> None:
        """Turn fader 1 so often: then `results` has for each when it was sent and seen (ns)."""
        self._mine.send(("turns", count, gap_s))

    def cuts(self, count: int) -> None:
        """Cut to black and back so often: then `results` has the frames until black was seen."""
        self._mine.send(("cuts", count))

    def flood(self, rate: int, seconds: float) -> None:
        """Send faders, knobs and a button's edges at a rate: then `results` has the count."""
        self._mine.send(("flood", rate, seconds))

    def results(self) -> Any | None:
        """Return what the last order gave, None while it is being done."""
        return self._mine.recv() if self._mine.poll() else None


class _Played:
    def __init__(self, snapshots: str, program: str) -> None:
        import rtmidi

        name = os.environ.get("MIDO_BACKEND", "").partition("/")[2]
        api = getattr(rtmidi, f"API_{name}") if name else rtmidi.API_UNSPECIFIED
        self._out = rtmidi.MidiOut(api, "nanoKONTROL2")
        self._out.open_virtual_port(_PORT)
        self._snapshots = TextSlot.attach(snapshots)
        self._program = FrameSlot.attach(program)

    def close(self) -> None:
        """Leave the MIDI system: JACK waits seconds for a client that has just vanished."""
        self._out.close_port()
        self._out.delete()

    def turns(self, count: int, gap_s: float) -> list[tuple[int, int]]:
        found = []
        for n in range(count):
            time.sleep(gap_s)
            before = self._snapshots.sequence
            sent_ns = clock.now_ns()
            self._send(0, 124 - n % 120)
            while self._snapshots.sequence == before:
                if clock.now_ns() - sent_ns > _SEEN_NS:
                    break
                time.sleep(_LOOK_S)  # a loop without rest would take a processor from the show
            else:
                found.append((sent_ns, clock.now_ns()))
        return found

    def cuts(self, count: int) -> list[int]:
        found = []
        for _ in range(count):
            self._press(PLAY)
            time.sleep(0.6)
            before = self._program.sequence
            sent_ns = clock.now_ns()
            self._press(BLACK)
            while clock.now_ns() - sent_ns < _SEEN_NS:
                frame = self._program.read()
                if frame is not None and frame.sequence > before and not frame.pixels.any():
                    found.append(frame.sequence - before)
                    break
                time.sleep(0.001)
        self._press(PLAY)
        return found

    def flood(self, rate: int, seconds: float) -> int:
        began, sent, whole = time.perf_counter(), 0, int(rate * seconds)
        while sent < whole:
            due = min(int((time.perf_counter() - began) * rate), whole)
            for n in range(sent, due):
                lap, control = divmod(n, _EDGE_EVERY)
                if control:
                    self._send(_TURNED[control % len(_TURNED)], lap % 128)
                else:
                    self._send(RESEED, 127 * (lap % 2))
            sent = due
            time.sleep(0.001)
        return sent

    def _press(self, number: int) -> None:
        self._send(number, 127)
        self._send(number, 0)

    def _send(self, number: int, value: int) -> None:
        self._out.send_message((0xB0, number, value))


def _play(orders: Connection, snapshots: str, program: str) -> None:
    """Do what is ordered until the other end closes."""
    try:
        played = _Played(snapshots, program)
    except (ImportError, AttributeError, OSError, RuntimeError, NotImplementedError):
        orders.send("cannot")
        return
    # A controller waits for no processor, and what is seen late is not what came late.
    turn.come_first(in_short=True)
    orders.send("ready")
    try:
        while True:
            order, *arguments = orders.recv()
            orders.send(getattr(played, order)(*arguments))
    except (EOFError, OSError):
        return
    finally:
        played.close()
