"""What messages do to the show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from endlessdreams_cam.bindings import ACTIONS, Act, Binding, Curve, Do, Pickup, good_control
from endlessdreams_cam.errors import ParameterError, SettingError
from endlessdreams_cam.parameters import PARAMETERS, Kind, Parameter, find
from endlessdreams_cam.parameters.spec import unknown
from endlessdreams_cam.runtime.hands import Hands
from endlessdreams_cam.runtime.show import Show
from endlessdreams_cam.web import messages as say
from endlessdreams_cam.web.devices import devices
from endlessdreams_cam.web.lessons import Lessons

ORIGIN = "web"

Answer = dict[str, Any]

_PLAIN = {
    "panic": Act(Do.PANIC),
    "release": Act(Do.RELEASE),
    "preset.next": Act(Do.NEXT),
    "preset.previous": Act(Do.PREVIOUS),
    "preset.undo": Act(Do.UNDO),
    "preset.finish": Act(Do.FINISH),
    "style.next": Act(Do.STYLE),
}
_SHORT = {
    "next": "preset.next",
    "previous": "preset.previous",
    "undo": "preset.undo",
    "finish": "preset.finish",
}
_NUMBERED = {
    "prompt": Do.PROMPT,
    "solo": Do.SOLO,
    "unsolo": Do.UNSOLO,
    "preset": Do.PRESET,
    "save": Do.SAVE,
}
_SLOW = (say.Recall, say.Save, say.DoAct, say.Devices, say.Paint, say.Output, say.Obs)
"""What may read files or ask devices: it is done on another thread than the panel's own."""


def is_slow(message: say.Message) -> bool:
    """Whether a message must not be done where others wait."""
    return isinstance(message, _SLOW)


def list_actions() -> dict[str, str]:
    """Return every action that a client may ask for, and what it does."""
    rows = {name: doc for name, doc in ACTIONS.items() if name != "shift"}
    return {
        **rows,
        "release": "End a panic: back to the dream.",
        **{f"save.{n}": f"Save the present look as preset {n}." for n in range(1, 17)},
    }


class Commands:
    """Does what a message asks for; safe to use from every thread."""

    def __init__(self, show: Show, lessons: Lessons) -> None:
        self._show = show
        self._desk = show.desk
        self._lessons = lessons
        self._ways: dict[type[say.Message], Callable[[Any], Answer | None]] = {
            say.Set: self._set,
            say.Unit: self._unit,
            say.Pull: self._pull,
            say.DoAct: self._act,
            say.Cut: lambda m: self._desk.cut(m.to, origin=ORIGIN),
            say.Recall: self._recall,
            say.Save: self._save,
            say.Lock: lambda m: self._desk.lock(m.name),
            say.Unlock: lambda m: self._desk.unlock(m.name),
            say.Learn: self._learn,
            say.StopLearning: lambda m: self._lessons.stop(),
            say.Bind: self._bind,
            say.Stage: self._stage,
            say.Paint: self._paint,
            say.Output: lambda m: show.send_to(m.to),
            say.Obs: lambda m: show.obs.do(m.what),
            say.Devices: lambda m: {"devices": devices()},
        }

    def leave(self, lesson: int) -> None:
        """A client went that had begun a lesson: nobody is there to end it."""
        self._lessons.stop(lesson)

    def do(self, message: say.Message) -> Answer:
        """Do what a message asks for and return what there is to say; raises SettingError."""
        return self._ways[type(message)](message) or {}

    def _set(self, message: say.Set) -> None:
        self._desk.set(message.values, origin=ORIGIN, glide_s=message.glide)

    def _unit(self, message: say.Unit) -> None:
        moved = {name: _number(name).from_unit(unit) for name, unit in message.values.items()}
        self._desk.set(moved, origin=ORIGIN)

    def _pull(self, message: say.Pull) -> None:
        if find(message.name).kind is not Kind.TRIGGER:
            raise ParameterError(f"{message.name} is no trigger.", remedy="Use set.")
        self._desk.set({message.name: 1}, origin=ORIGIN)

    def _act(self, message: say.DoAct) -> Answer:
        name = _SHORT.get(message.action, message.action)
        if name == "record":
            on = self._show.store.snapshot.toggle("program.record")
            act = Act(Do.RECORD, "off" if on else "on")
        else:
            act = _act(name)
        return {"said": self._desk.do(act, origin=ORIGIN)}

    def _recall(self, message: say.Recall) -> None:
        self._desk.recall(
            message.preset, origin=ORIGIN, morph_s=message.morph, wait=message.wait
        )  # fmt: skip

    def _save(self, message: say.Save) -> Answer:
        """Save the look, and with it the controls that were learned since."""
        path = self._desk.save(message.name)
        hands = self._show.controls.hands
        learned = hands.learned if hands else ()
        for binding in learned:
            self._show.library.bind(message.name, binding)
        if hands and learned:
            hands.forget(learned)
        return {"saved": path.stem, "bindings": len(learned)}

    def _learn(self, message: say.Learn) -> Answer:
        return {"lesson": self._lessons.begin(_target(message.name))}

    def _bind(self, message: say.Bind) -> None:
        hands = self._hands()
        _target(message.to)
        if not good_control(message.control):
            raise SettingError(
                f"There is no control {message.control!r}.",
                remedy="Name it as in GET /api/controls: knob.3, fader.1, cc:1:74.",
            )
        before = next((b for d, b in hands.bindings() if _meant(message, d, b)), None)
        row = before or Binding(control=message.control, to=message.to, device=message.device)
        hands.bind(_changed(row, message))

    def _stage(self, message: say.Stage) -> None:
        self._desk.stage(
            message.slot, message.text, origin=ORIGIN, on_the_bar=message.when == "bar"
        )  # fmt: skip

    def _paint(self, message: say.Paint) -> None:
        from endlessdreams_cam.runtime.easel import Stroke

        strokes = [
            Stroke(row.kind, row.points, _rgb(row.colour), row.size, row.decay_s)
            for row in message.strokes
        ]
        self._show.paint(strokes, clear=message.clear)

    def _hands(self) -> Hands:
        hands = self._show.controls.hands
        if hands is None:
            raise SettingError("This show has no MIDI.", remedy="Start it without --midi off.")
        return hands


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


def _number(name: str) -> Parameter:
    parameter = find(name)
    if parameter.kind not in (Kind.NUMBER, Kind.INTEGER):
        raise ParameterError(f"{name} is not a number: a knob cannot move it.", remedy="Use set.")
    return parameter


def _act(name: str) -> Act:
    if name in _PLAIN:
        return _PLAIN[name]
    head, _, which = name.partition(".")
    if head in _NUMBERED and which.isascii() and which.isdigit():
        return Act(_NUMBERED[head], which)
    if head == "cut" and name in ACTIONS:
        return Act(Do.CUT, which)
    raise SettingError(f"There is no action {name!r}.", remedy="GET /api/actions lists them all.")


def _target(name: str) -> str:
    if name in ACTIONS:
        return name
    if name not in PARAMETERS:
        raise unknown(name, [*PARAMETERS, *ACTIONS])
    return name


def _meant(message: say.Bind, device: str, binding: Binding) -> bool:
    same = (binding.control, binding.to) == (message.control, message.to)
    where = not message.device or device in ("", message.device)
    return same and where and binding.shift == bool(message.shift or False)


def _changed(row: Binding, message: say.Bind) -> Binding:
    if message.range is not None:
        parameter, (low, high) = _number(message.to), message.range
        row = replace(row, range=(parameter.clamp(low), parameter.clamp(high)))
    if message.curve is not None:
        row = replace(row, curve=Curve(message.curve))
    if message.pickup is not None:
        row = replace(row, pickup=Pickup(message.pickup))
    if message.invert is not None:
        row = replace(row, invert=message.invert)
    return replace(row, shift=row.shift if message.shift is None else message.shift)
