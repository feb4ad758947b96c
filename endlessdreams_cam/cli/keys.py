"""The keys of the terminal that a show was started in."""

from __future__ import annotations

import contextlib
import os
import select
import sys
import threading
from collections.abc import Callable, Iterator

from endlessdreams_cam import clock
from endlessdreams_cam.errors import SettingError
from endlessdreams_cam.runtime.desk import Desk

HELP = """\
1-8  prompts          n p  next, previous preset     u    undo the last preset
d    dream            s    slate                     esc  panic (ends with d)
space hold            r    new seed                  a    autopilot on, off
t    tap the tempo    f    finish the morph          0    view back to the middle
arrows pan            + -  zoom                      q ?  quit, this help"""

_ORIGIN = "keys"
_STEP = 0.1
_ASKED_NS = 8 * clock.SECOND_NS
_SEQUENCE_S = 0.03
"""So long the rest of an arrow's sequence may take on a slow line; a lone ESC waits for it."""
_SEQUENCES = {
    "\x1b[A": "up", "\x1b[B": "down", "\x1b[C": "right", "\x1b[D": "left",
    "\x1bOA": "up", "\x1bOB": "down", "\x1bOC": "right", "\x1bOD": "left",
}  # fmt: skip


class Keys:
    """Reads keys on a thread and plays them on the desk; `say` gets words for the person."""

    def __init__(
        self,
        desk: Desk,
        quit_: Callable[[], None],
        say: Callable[[str], None],
        *,
        now: Callable[[], int] = clock.now_ns,
    ) -> None:
        self._desk = desk
        self._quit = quit_
        self._say = say
        self._now = now
        self._asked_ns: int | None = None

    @staticmethod
    def can_be_read() -> bool:
        """Whether the standard input is a terminal."""
        return bool(sys.stdin and sys.stdin.isatty())

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """Read keys within this context, if they can be read."""
        if not self.can_be_read():
            yield
            return
        with _raw():
            threading.Thread(target=self._run, name="keys", daemon=True).start()
            yield

    def press(self, key: str) -> None:
        """Play one key."""
        now = self._now()
        asked = self._asked_ns is not None and now - self._asked_ns < _ASKED_NS
        self._asked_ns = None
        self._say("")
        try:
            self._play(key, asked)
        except SettingError as error:
            self._say(str(error))

    def _play(self, key: str, asked: bool) -> None:
        desk = self._desk
        match key:
            case "q" if asked:
                self._quit()
            case "q":
                self._asked_ns = self._now()
                self._say("Press q again to end the show.")
            case key if key in "12345678" and len(key) == 1:
                desk.prompt(int(key), origin=_ORIGIN)
                label = desk.snapshot.text(f"prompt.{key}.label")
                self._say(f"prompt {key}: {label or desk.snapshot.text(f'prompt.{key}.text')}")
            case "n" | "p":
                name = desk.step(1 if key == "n" else -1, origin=_ORIGIN)
                self._say(f"preset: {name}" if desk.snapshot.preset == name else f"next: {name}")
            case "f":
                desk.finish(origin=_ORIGIN)
            case "t":
                desk.set({"tempo.tap": 1}, origin=_ORIGIN)
                self._say(f"tempo: {desk.snapshot.values['tempo.bpm']:g} beats a minute")
            case "u":
                desk.undo(origin=_ORIGIN)
                self._say(f"back to {desk.snapshot.preset}")
            case "r":
                desk.set({"dream.reseed": 1}, origin=_ORIGIN)
                self._say("new seed")
            case "d" | "s":
                desk.cut("dream" if key == "d" else "slate", origin=_ORIGIN)
            case " ":
                desk.toggle("hold", origin=_ORIGIN)
            case "\x1b":
                desk.panic(origin=_ORIGIN)
                self._say("PANIC: the slate is on air until you press d.")
            case "a":
                on = not desk.snapshot.toggle("auto.on")
                desk.set({"auto.on": on}, origin=_ORIGIN)
                self._say(f"autopilot {'on' if on else 'off'}")
            case "?" | "h":
                self._say(HELP)
            case _:
                self._frame(key)

    def _frame(self, key: str) -> None:
        """Move the view."""
        zoom = float(self._desk.snapshot.values["view.zoom"])
        match key:
            case "left" | "right":
                step = _STEP if key == "right" else -_STEP
                self._desk.nudge("view.pan_x", step, origin=_ORIGIN)
            case "up" | "down":
                step = _STEP if key == "down" else -_STEP
                self._desk.nudge("view.pan_y", step, origin=_ORIGIN)
            case "+" | "=" | "-":
                by = zoom * (2 ** (-0.125 if key == "-" else 0.125) - 1)
                self._desk.nudge("view.zoom", by, origin=_ORIGIN)
            case "0":
                home = {"view.zoom": 1, "view.pan_x": 0, "view.pan_y": 0, "view.rotate": 0}
                self._desk.set(home, origin=_ORIGIN)

    def _run(self) -> None:
        try:
            while True:
                text = _read()
                if not text:
                    return
                for key in split(text):
                    self.press(key)
        except (OSError, ValueError):
            return  # the terminal has gone; the signal that says so ends the show


def split(text: str) -> list[str]:
    """Return the keys in what a terminal sent at once: arrows are sequences, a lone ESC a key."""
    keys = []
    while text:
        name = _SEQUENCES.get(text[:3])
        if name:
            keys.append(name)
            text = text[3:]
        elif text.startswith(("\x1b[", "\x1bO")) and len(text) > 2:
            end = next((i for i, c in enumerate(text[2:], 2) if c.isalpha() or c == "~"), len(text))
            text = text[end + 1 :]  # some other function key
        else:
            keys.append(text[0])
            text = text[1:]
    return keys


if sys.platform == "win32":
    import msvcrt
    import time

    _WINDOWS = {"H": "\x1b[A", "P": "\x1b[B", "M": "\x1b[C", "K": "\x1b[D"}

    @contextlib.contextmanager
    def _raw() -> Iterator[None]:
        yield

    def _read() -> str:
        while not msvcrt.kbhit():
            time.sleep(0.02)
        key = msvcrt.getwch()
        return _WINDOWS.get(msvcrt.getwch(), "") if key in ("\x00", "\xe0") else key
else:
    import termios
    import tty

    @contextlib.contextmanager
    def _raw() -> Iterator[None]:
        handle = sys.stdin.fileno()
        before = termios.tcgetattr(handle)
        tty.setcbreak(handle)
        try:
            yield
        finally:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(handle, termios.TCSADRAIN, before)

    def _read() -> str:
        handle = sys.stdin.fileno()
        select.select([handle], [], [])
        data = os.read(handle, 64)
        if data.endswith((b"\x1b", b"\x1b[", b"\x1bO")):
            more, _, _ = select.select([handle], [], [], _SEQUENCE_S)
            data += os.read(handle, 64) if more else b""
        return data.decode(errors="ignore")
