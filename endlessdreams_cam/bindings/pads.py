"""Buttons that act: a tap, a hold, a release mean different things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from endlessdreams_cam.bindings.actions import Act, Do
from endlessdreams_cam.parameters.spec import Scalar

_MS = 1_000_000
SOLO_NS = 300 * _MS
SOURCE_NS = 300 * _MS
"""The dangerous cut: a pad that is only brushed must not show the raw camera."""
RELEASE_NS = 500 * _MS
SAVE_NS = 1_000 * _MS
STOP_NS = 1_000 * _MS
PANIC_REST_NS = 1_000 * _MS
"""After a panic further hits do nothing for so long: hands tremble."""

_AT_ONCE = {
    "preset.next": Act(Do.NEXT),
    "preset.previous": Act(Do.PREVIOUS),
    "preset.undo": Act(Do.UNDO),
    "preset.finish": Act(Do.FINISH),
    "style.next": Act(Do.STYLE),
}


@dataclass(slots=True)
class _Held:
    pressed_ns: int
    after_ns: int = 0  # what a hold does it does then; 0: nothing, or done
    hold: Act | None = None
    tap: Act | None = None  # on a release before the hold
    release: Act | None = None  # on a release after the hold


@dataclass(slots=True)
class Pads:
    """Knows which action buttons are down and since when; `latched` is whether a panic holds."""

    latched: bool = False
    _held: dict[tuple[str, str, str], _Held] = field(default_factory=dict)
    _panicked_ns: int | None = None

    @property
    def due_ns(self) -> int | None:
        """When the next hold is long enough, None if none is under way."""
        times = [held.pressed_ns + held.after_ns for held in self._held.values() if held.after_ns]
        return min(times, default=None)

    def press(
        self, place: tuple[str, str, str], action: str, now_ns: int, values: Mapping[str, Scalar]
    ) -> list[Act]:
        """Press the button at a place (device, message, action) and return what to do at once."""
        held, at_once = self._begin(action, now_ns, values)
        self._held[place] = held
        return at_once

    def release(self, place: tuple[str, str, str], now_ns: int) -> list[Act]:
        """Let a button go and return what to do; one that was not down is nothing."""
        held = self._held.pop(place, None)
        if held is None:
            return []
        early = held.after_ns and now_ns < held.pressed_ns + held.after_ns
        if early:
            return [held.tap] if held.tap else []
        late = [held.hold] if held.after_ns and held.hold else []  # due, but no tick came
        return late + ([held.release] if held.release else [])

    def tick(self, now_ns: int) -> list[Act]:
        """Return what the holds that are long enough now do."""
        acts = []
        for held in self._held.values():
            if held.after_ns and now_ns >= held.pressed_ns + held.after_ns:
                held.after_ns = 0
                acts += [held.hold] if held.hold else []
        return acts

    def let_go(self, device: str, now_ns: int) -> list[Act]:
        """A device went away: what was held on it is let go, and no tap is made of it."""
        acts = []
        for place in [place for place in self._held if place[0] == device]:
            held = self._held.pop(place)
            if held.release and not held.after_ns:
                acts.append(held.release)
        return acts

    def _begin(
        self, action: str, now_ns: int, values: Mapping[str, Scalar]
    ) -> tuple[_Held, list[Act]]:
        if action in _AT_ONCE:
            return _Held(now_ns), [_AT_ONCE[action]]
        head, _, which = action.partition(".")
        match head:
            case "prompt":
                solo, unsolo = Act(Do.SOLO, which), Act(Do.UNSOLO, which)
                return _Held(now_ns, SOLO_NS, solo, Act(Do.PROMPT, which), unsolo), []
            case "preset":
                return _Held(now_ns, SAVE_NS, Act(Do.SAVE, which), Act(Do.PRESET, which)), []
            case "cut" if which == "source":
                return _Held(now_ns, SOURCE_NS, Act(Do.CUT, which)), []
            case "cut":
                return _Held(now_ns), [Act(Do.CUT, which)]
            case "lock":
                return _Held(now_ns), [Act(Do.LOCK, which)]
            case "record" if values.get("program.record"):
                return _Held(now_ns, STOP_NS, Act(Do.RECORD, "off")), []
            case "record":
                return _Held(now_ns), [Act(Do.RECORD, "on")]
            case "panic":
                return self._panic(now_ns)
        return _Held(now_ns), []

    def _panic(self, now_ns: int) -> tuple[_Held, list[Act]]:
        rested = self._panicked_ns is None or now_ns - self._panicked_ns >= PANIC_REST_NS
        if self.latched and not rested:
            return _Held(now_ns), []
        if self.latched:
            # Who holds the panic that began it must not end it: only a later hold does.
            return _Held(now_ns, RELEASE_NS, Act(Do.RELEASE)), []
        self._panicked_ns = now_ns
        return _Held(now_ns), [Act(Do.PANIC)]
