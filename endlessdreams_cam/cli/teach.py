"""`endlessdreams-cam midi learn --profile`: teach a profile what your unit really sends."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable

from endlessdreams_cam import clock
from endlessdreams_cam.cli.midi import make_rack, refuse
from endlessdreams_cam.controllers.profiles import source
from endlessdreams_cam.controllers.rack import Rack
from endlessdreams_cam.controllers.teaching import Lesson, Teaching
from endlessdreams_cam.documents import write_whole
from endlessdreams_cam.errors import ProfileError
from endlessdreams_cam.settings import profile_folder

_LOOK_S = 0.05


def teach(name: str, *, seconds: float) -> int:
    """Ask for every control of a profile in turn and keep what they send; 1 if nothing came."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    own = profile_folder()
    path = source(own, name)
    teaching = Teaching(path.read_bytes(), name=path.name)
    woken, skip = threading.Event(), _Enter()
    print("Move each control when it is named. Enter leaves it as it is; Ctrl-C changes nothing.")
    try:
        with make_rack(woken) as rack:
            learn(teaching, rack, woken, skip, seconds)
    except KeyboardInterrupt:
        print("\nNothing was changed.")
        return 1
    if not teaching.changed:
        print("Nothing was moved, and nothing changed.")
        return 1
    print(f"Kept in {_keep(teaching, name)}. A show that starts from now on plays it.")
    return 0


def learn(
    teaching: Teaching, rack: Rack, woken: threading.Event, skip: Callable[[], bool], seconds: float
) -> None:
    """Go through the lessons with the device that speaks first; each waits so long for a move."""
    device = ""
    while lesson := teaching.lesson:
        print(_words(lesson), flush=True)
        until_ns = clock.now_ns() + clock.to_ns(seconds)
        while teaching.lesson is lesson:
            woken.wait(_LOOK_S)
            woken.clear()
            refuse(rack.ports)
            for event in rack.drain():
                device = device or event.device
                told = teaching.feed(event) if event.device == device else None
                if told:
                    print(f"  {told}", flush=True)
                    until_ns = clock.now_ns() + clock.to_ns(seconds)
            if skip() or clock.now_ns() > until_ns:
                teaching.skip()


def _words(lesson: Lesson) -> str:
    layer = f" (layer {lesson.layer})" if lesson.layer else ""
    if len(lesson.names) == 1:
        return f"{lesson.names[0]}{layer}"
    return f"{lesson.names[0]} to {lesson.names[-1]}{layer}, one after the other"


def _keep(teaching: Teaching, name: str) -> str:
    data, _ = teaching.written()
    path = profile_folder() / f"{name}.toml"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
    except OSError as error:
        raise ProfileError(f"{path} cannot be written: {error.strerror}.") from error
    return str(path)


class _Enter:
    """Whether Enter was pressed since the last question; a thread reads, on any system."""

    def __init__(self) -> None:
        self._pressed = threading.Event()
        if sys.stdin and sys.stdin.isatty():
            threading.Thread(target=self._read, name="enter", daemon=True).start()

    def __call__(self) -> bool:
        pressed = self._pressed.is_set()
        self._pressed.clear()
        return pressed

    def _read(self) -> None:
        for _ in sys.stdin:
            self._pressed.set()
