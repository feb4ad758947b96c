"""`endlessdreams-cam midi learn`: pick a parameter, move a control."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from endlessdreams_cam import clock
from endlessdreams_cam.bindings import ACTIONS, Binding
from endlessdreams_cam.bindings.learning import Learned, Lesson
from endlessdreams_cam.cli.midi import make_rack, refuse
from endlessdreams_cam.errors import NoShow, ParameterError
from endlessdreams_cam.parameters import PARAMETERS, find
from endlessdreams_cam.parameters.spec import unknown
from endlessdreams_cam.presets import Library
from endlessdreams_cam.runtime.post import call
from endlessdreams_cam.settings import preset_folder

_PATIENCE_S = 30.0
_LOOK_S = 0.05


def learn(to: str, *, preset: str | None, seconds: float = _PATIENCE_S) -> int:
    """Wait for a control to be moved, bind it to `to` and say how; 1 if none was moved.

    A running show plays it from then on. With a preset, it is kept in the user's file of it.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)  # the show plays on after it
    to = target(to)
    try:
        call({"do": "learn", "to": to})
        on_air = True
    except NoShow:
        on_air = False
    print(f"Move the control for {to} (an encoder: to the right, some ticks) …", flush=True)
    learned = _watch_show(to, seconds) if on_air else _watch_alone(seconds)
    if learned is None:
        print(f"Nothing was moved for {seconds:g} s.")
        return 1
    binding = learned.binding(to)
    print(f"{learned.device}: {learned.control or learned.address}, {_kind(learned)}\n")
    print(row_text(binding))
    if preset:
        path = Library(preset_folder()).bind(preset, binding)
        print(f"\nKept in {path}.")
    elif on_air:
        print("\nThe show plays it until it ends. Keep it with --preset NAME.")
    return 0


def target(name: str) -> str:
    """Return the parameter or action of that name; raises ParameterError with the nearest one."""
    if name in ACTIONS:
        return name
    try:
        return find(name).name
    except ParameterError:
        raise unknown(name, [*PARAMETERS, *ACTIONS]) from None


def row_text(binding: Binding) -> str:
    """Return a binding as a preset's row."""
    rows = [f'control = "{binding.control}"', f'to = "{binding.to}"']
    if binding.device:
        rows.append(f'device = "{binding.device}"')
    if binding.relative:
        rows.append(f'relative = "{binding.relative}"')
    return "\n".join(["[[bind]]", *rows])


def _kind(learned: Learned) -> str:
    encoding = f" ({learned.encoding})" if learned.encoding else ""
    return {"absolute": "a knob or fader", "relative": "an endless encoder"}.get(
        learned.kind, "a button"
    ) + encoding


def _watch_show(to: str, seconds: float) -> Learned | None:
    """Let the running show learn: the controller is its own."""

    def ask() -> Learned | bool | None:
        answer: dict[str, Any] = call({"do": "learned", "to": to})
        found = answer.get("learned")
        return Learned(**found) if found else False

    try:
        return _until(ask, seconds)
    except KeyboardInterrupt:
        return None
    finally:
        call({"do": "unlearn"})


def _watch_alone(seconds: float) -> Learned | None:
    lesson = Lesson()
    with make_rack(threading.Event()) as rack:

        def ask() -> Learned | bool | None:
            refuse(rack.ports)
            for event in rack.drain():
                lesson.note(event)
            return lesson.learned() if lesson.over(clock.now_ns()) else False

        return _until(ask, seconds)


def _until(ask: Callable[[], Learned | bool | None], seconds: float) -> Learned | None:
    end_ns = clock.now_ns() + clock.to_ns(seconds)
    while clock.now_ns() < end_ns:
        found = ask()
        if isinstance(found, Learned):
            return found
        time.sleep(_LOOK_S)
    return None
