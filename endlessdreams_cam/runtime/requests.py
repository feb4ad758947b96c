"""What the post understands."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from endlessdreams_cam import clock
from endlessdreams_cam.errors import SettingError
from endlessdreams_cam.parameters.table import CUTS

if TYPE_CHECKING:
    from endlessdreams_cam.runtime.show import Show

_ORIGIN = "send"


class Requests:
    """Answers requests {"do": …}: set, preset, save, status, cut, lock, rehearse and others."""

    def __init__(self, show: Show) -> None:
        self._show = show

    def handle(self, request: dict[str, Any]) -> dict[str, Any]:
        """Do what is asked and return the answer; raises SettingError."""
        desk = self._show.desk
        match request:
            case {"do": "set", "values": dict(values)}:
                desk.set(values, origin=_ORIGIN)
            case {"do": "preset", "name": str(name)}:
                desk.recall(name, origin=_ORIGIN)
            case {"do": "save", "name": str(name)}:
                return {"path": str(desk.save(name))}
            case {"do": "cut", "to": str(to)} if to in CUTS:
                desk.cut(to, origin=_ORIGIN)
            case {"do": "prompt", "n": int(n)} if 1 <= n <= 8:
                desk.prompt(n, origin=_ORIGIN)
            case {"do": "pad", "n": int(n)}:
                return {"preset": desk.recall_pad(n, origin=_ORIGIN)}
            case {"do": "lock", "name": str(name)}:
                desk.lock(name)
            case {"do": "unlock", "name": str(name)}:
                desk.unlock(name)
            case {"do": "rehearse", "fault": str(fault)}:
                self._show.engines.rehearse(fault)
            case {"do": "obs", "what": str(what)}:
                self._show.obs.do(what)
            case {"do": "learn" | "learned" | "unlearn" as do}:
                return self._lesson(do, str(request.get("to", "")))
            case {"do": "status"}:
                return {"status": self._status()}
            case {"do": str(name)}:
                return self._act(name)
            case _:
                raise SettingError("This request is not understood.")
        return {}

    def _lesson(self, do: str, to: str) -> dict[str, Any]:
        hands = self._show.controls.hands
        if hands is None:
            raise SettingError("This show has no MIDI.", remedy="Start it without --midi off.")
        match do:
            case "learn":
                hands.begin_lesson()
            case "learned" if hands.lesson and hands.lesson.over(clock.now_ns()):
                learned = hands.end_lesson(to)
                return {"learned": asdict(learned) if learned else None}
            case "unlearn":
                hands.end_lesson()
        return {}

    def act(self, do: str, words: str = "") -> dict[str, Any]:
        """Do an action by its name and words: ("cut", "hold"), ("prompt", "3"), ("panic", "")."""
        match do:
            case "preset" | "save" | "lock" | "unlock":
                return self.handle({"do": do, "name": words})
            case "cut":
                return self.handle({"do": do, "to": words})
            case "prompt" | "pad" if words.isdigit():
                return self.handle({"do": do, "n": int(words)})
        return self._act(do)

    def _act(self, name: str) -> dict[str, Any]:
        desk = self._show.desk
        match name:
            case "panic":
                desk.panic(origin=_ORIGIN)
            case "release":
                desk.release(origin=_ORIGIN)
            case "next":
                return {"preset": desk.step(1, origin=_ORIGIN)}
            case "previous":
                return {"preset": desk.step(-1, origin=_ORIGIN)}
            case "undo":
                desk.undo(origin=_ORIGIN)
            case "finish":
                desk.finish(origin=_ORIGIN)
            case "reseed":
                desk.set({"dream.reseed": 1}, origin=_ORIGIN)
            case "hold":
                desk.toggle("hold", origin=_ORIGIN)
            case _:
                raise SettingError(
                    f"There is no action {name!r}.",
                    remedy="Actions: panic, release, hold, next, previous, undo, finish, reseed, "
                    "cut TO, prompt N, pad N, preset NAME, save NAME, lock NAME, unlock NAME, "
                    "rehearse FAULT, status.",
                )
        return {}

    def _status(self) -> dict[str, Any]:
        overview = asdict(self._show.overview(with_processes=True))
        return {**overview, "parameters": self._show.parameters()}
