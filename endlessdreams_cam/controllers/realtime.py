"""The machine's own MIDI, through RtMidi: ALSA, Core MIDI, Windows, or JACK where asked for."""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from endlessdreams_cam import clock, turn
from endlessdreams_cam.controllers.names import CLIENT, alsa_client, distinct
from endlessdreams_cam.controllers.system import Hear, Input, Output, Port, System
from endlessdreams_cam.errors import DeviceBusy, DeviceLost, DeviceMissing
from endlessdreams_cam.opening import quiet

_SEQUENCER = Path("/dev/snd/seq")
_CARDS = Path("/dev/snd")
_FIRST_CARD, _PER_CARD = 16, 4  # ALSA's client numbers: 16 + 4 × card
_WINDOWS_NUMBER = re.compile(r" \d+$")
_NO_ALSA = "On Linux load ALSA's sequencer: sudo modprobe snd-seq"
_QUEUE = 4096  # messages that wait while a port is opened or closed
_QUIET_S = 0.05  # a sender that says nothing for so long will not speak within a few microseconds
_LEAVE_S = 2.0


class RealTime(System):
    """RtMidi's ports; api is a name of RtMidi's ("UNIX_JACK"), by default as MIDO_BACKEND says."""

    def __init__(self, api: str | None = None) -> None:
        self._api = api or os.environ.get("MIDO_BACKEND", "").partition("/")[2]
        self._in: Any = None
        self._out: Any = None
        self._inputs: list[_Input] = []

    def open(self) -> None:
        """Make the two clients that are asked for the ports; they are kept, which is cheap."""
        try:
            import rtmidi
        except ImportError:
            raise _not_installed() from None
        api = self._number(rtmidi)
        if api == rtmidi.API_LINUX_ALSA and not _SEQUENCER.exists():
            raise DeviceMissing("no MIDI system (there is no /dev/snd/seq)", remedy=_NO_ALSA)
        try:
            with quiet():
                self._in = rtmidi.MidiIn(api, CLIENT)
                self._out = rtmidi.MidiOut(api, CLIENT)
        except (rtmidi.RtMidiError, OSError, RuntimeError) as error:
            self.close()
            raise DeviceMissing(f"no MIDI system ({error})"[:120], remedy=_NO_ALSA) from None

    def inputs(self) -> tuple[Port, ...]:
        """Return the inputs."""
        return self._ports(self._in)

    def outputs(self) -> tuple[Port, ...]:
        """Return the outputs."""
        return self._ports(self._out)

    def open_input(self, port: Port, hear: Hear) -> Input:
        """Open an input."""
        import rtmidi

        with self._still():
            client = self._client(rtmidi.MidiIn, _QUEUE)
            # Sysex and active sensing stay outside; the clock is wanted.
            client.ignore_types(True, False, True)
            link = _Input(client, hear, self._close_input)
            self._connect(client, self._in, port, "in")
        self._inputs.append(link)
        return link

    def open_output(self, port: Port) -> Output:
        """Open an output."""
        import rtmidi

        with self._still():
            client = self._client(rtmidi.MidiOut)
            self._connect(client, self._out, port, "out")
        return _Output(client, self._close_output)

    def close(self) -> None:
        """Let the two clients go."""
        for client in (self._in, self._out):
            if client is not None:
                client.delete()
        self._in = self._out = None

    def _number(self, rtmidi: Any) -> Any:
        """Return the API's number.

        On Linux it is ALSA unless told otherwise: left to itself, RtMidi takes JACK for ever where
        no device is plugged in at the start.
        """
        name = self._api or ("LINUX_ALSA" if sys.platform.startswith("linux") else "UNSPECIFIED")
        number = getattr(rtmidi, f"API_{name}", None)
        if number is None or (self._api and number not in rtmidi.get_compiled_api()):
            raise DeviceMissing(
                f"RtMidi has no API {name!r} here", remedy="Correct or unset MIDO_BACKEND."
            )
        return number

    @contextlib.contextmanager
    def _still(self) -> Iterator[None]:
        """Within it no callback waits for the interpreter.

        RtMidi keeps the interpreter while it opens and closes ports. JACK grants neither while
        another input's callback waits for it: everything stood for ten seconds.
        """
        deadline_ns = clock.now_ns() + clock.to_ns(_QUIET_S)
        for link in self._inputs:
            link.ask()
        for link in self._inputs:
            link.settle(deadline_ns)
        try:
            yield
        finally:
            for link in self._inputs:
                link.resume()

    def _close_input(self, link: _Input) -> None:
        with self._still():
            self._inputs.remove(link)
            link.detach()
            _end(link.client)

    def _close_output(self, client: Any) -> None:
        with self._still():
            _end(client)

    def _client(self, kind: Any, *more: int) -> Any:
        try:
            return kind(self._in.get_current_api(), CLIENT, *more)
        except (OSError, RuntimeError) as error:
            raise DeviceMissing(f"MIDI has no room for another client ({error}).") from None

    def _ports(self, client: Any) -> tuple[Port, ...]:
        try:
            names = self._names(client)
        except (OSError, RuntimeError) as error:
            raise DeviceLost(f"the MIDI system has gone ({error})"[:120]) from None
        return tuple(Port(name, plugged(name)) for name in names)

    def _names(self, client: Any) -> tuple[str, ...]:
        names = client.get_ports()
        if sys.platform == "win32":
            # RtMidi appends the port's number, which changes when another device comes or goes.
            names = [_WINDOWS_NUMBER.sub("", name) for name in names]
        return distinct(names)

    def _connect(self, client: Any, lister: Any, port: Port, name: str) -> None:
        """Connect a client to a port, or delete it."""
        import rtmidi

        try:
            client.open_port(self._names(lister).index(port.name), name)
        except (rtmidi.RtMidiError, OSError, RuntimeError, ValueError) as error:
            there = port.name in self._names(lister)
            client.delete()
            if not there:
                raise DeviceMissing(f"{port.name} has gone.", remedy="Plug it in.") from None
            raise DeviceBusy(
                f"{port.name} cannot be opened ({error}).",
                remedy="Close the other program that uses it: on Windows a device serves one only.",
            ) from None


class _Input:
    """An open input. Its callback runs on a thread of RtMidi's.

    The callback detaches itself when it is asked to: detached from outside, one under way would
    find its arguments freed. What comes while it is detached waits in RtMidi's queue.
    """

    def __init__(self, client: Any, hear: Hear, close: Callable[[_Input], None]) -> None:
        self.client = client
        self._hear = hear
        self._close = close
        self._thread: int | None = None
        self._order = threading.Lock()
        self._asked = self._resumed = False
        self._detached = threading.Event()
        client.set_callback(self._called)

    def close(self) -> None:
        """Hear nothing more, and close it."""
        self._close(self)

    def ask(self) -> None:
        """Ask the callback to detach itself at the next message."""
        self._asked = True

    def settle(self, deadline_ns: int) -> None:
        """Wait until it has, and its thread has left the interpreter; leave a quiet line alone."""
        if not self._detached.wait(max(clock.seconds(deadline_ns - clock.now_ns()), 0)):
            with self._order:
                self._asked = False
        if self._detached.is_set():
            self._leave()

    def detach(self) -> None:
        """Detach it for good: a line that was quiet so long says nothing at this very moment."""
        self.client.cancel_callback()
        self._leave()

    def resume(self) -> None:
        """Attach the callback again, after what waited in the queue."""
        with self._order:
            self._asked = False
            if self._detached.is_set():
                self._detached.clear()
                self._empty()
                self._resumed = True
                self.client.set_callback(self._called)

    def _called(self, message: tuple[list[int], float], _: object) -> None:
        if self._thread is None:
            self._thread = threading.get_ident()
            keep_thread_state()
            turn.come_first(in_short=True)
        with self._order:
            if self._resumed:
                # One may have come into the queue just before the callback was attached again.
                self._resumed = False
                self.client.cancel_callback()
                self._empty()
                self.client.set_callback(self._called)
            self._hear(message[0])
            if self._asked:
                self.client.cancel_callback()
                self._detached.set()

    def _empty(self) -> None:
        while message := self.client.get_message():
            self._hear(message[0])

    def _leave(self) -> None:
        """Wait until the callback's thread has left the interpreter.

        Closing joins that thread while it keeps the interpreter, and would wait for ever for a
        callback that waits for the interpreter.
        """
        deadline_ns = clock.now_ns() + clock.to_ns(_LEAVE_S)
        while self._thread in sys._current_frames():  # noqa: SLF001
            if clock.now_ns() > deadline_ns:
                return
            time.sleep(0.001)


class _Output:
    """An open output."""

    def __init__(self, client: Any, close: Callable[[Any], None]) -> None:
        self._client = client
        self._close = close

    def send(self, message: Sequence[int]) -> None:
        """Send one message."""
        try:
            self._client.send_message(message)
        except (OSError, RuntimeError) as error:
            raise DeviceLost(f"the controller takes no messages ({error})"[:120]) from None

    def close(self) -> None:
        """Close it."""
        self._close(self._client)


def _end(client: Any) -> None:
    client.close_port()
    client.delete()


def keep_thread_state() -> None:
    """Keep the present foreign thread known to the interpreter until the thread ends.

    For each call from a thread that is not its own, CPython makes a thread state and its first
    16 KB of stack and throws them away afterwards. At 5,000 messages a second this was 4.5 % of a
    core, and is 1 % with a state that stays. Its price is those 16 KB per plugging.
    """
    if sys.implementation.name == "cpython":
        ctypes.pythonapi.PyGILState_Ensure()


def plugged(port: str, cards: Path = _CARDS) -> int:
    """Return a number that changes when ALSA's card behind a port was plugged in again, else 0.

    A cable that was out for half a second leaves the same names behind, and a dead connection.
    """
    client = alsa_client(port)
    if client is None:
        return 0
    try:
        return (cards / f"controlC{(client - _FIRST_CARD) // _PER_CARD}").stat().st_ino
    except OSError:
        return 0


def _not_installed() -> DeviceMissing:
    newer = " (no wheel for this Python)" if sys.version_info >= (3, 13) else ""
    return DeviceMissing(
        f"python-rtmidi is not installed{newer}",
        remedy="python -m pip install python-rtmidi (it is built from its source, which needs gcc "
        "and on Linux libasound2-dev)",
    )
