"""Learning on the page: pick a parameter, move a control."""

from __future__ import annotations

import threading
from dataclasses import asdict
from typing import Any

from endlessdreams_cam import clock
from endlessdreams_cam.errors import SettingError
from endlessdreams_cam.runtime.controls import Controls
from endlessdreams_cam.runtime.hands import Hands

_LONGEST_S = 60.0
"""A lesson that nobody ends would keep the controls, panic too, from playing."""


class Lessons:
    """One lesson at a time, for all pages; `poll` is called some twenty times a second."""

    def __init__(self, controls: Controls) -> None:
        self._controls = controls
        self._lock = threading.Lock()
        self._ends_ns = self._number = 0
        self.to = ""
        """What is being learned, empty for nothing."""
        self.heard: dict[str, Any] | None = None
        """The control that was heard last: device, address, control, kind."""

    def begin(self, to: str) -> int:
        """Wait for the control that shall move `to`, and return the lesson's number.

        Raises SettingError without MIDI.
        """
        with self._lock:
            self._hands().begin_lesson()
            self._ends_ns = clock.now_ns() + clock.to_ns(_LONGEST_S)
            self.to, self.heard = to, None
            self._number += 1
            return self._number

    def stop(self, number: int = 0) -> None:
        """Let the controls play again; with a number only if that lesson is still on."""
        with self._lock:
            if self.to and number in (0, self._number):
                if not self.heard:
                    self._hands().end_lesson()
                self.to, self.heard = "", None

    def poll(self) -> None:
        """Bind the control that was moved, when it is known; end a lesson that takes too long."""
        with self._lock:
            if not self.to or self.heard:
                return
            hands, now = self._hands(), clock.now_ns()
            if hands.lesson is None or now > self._ends_ns:
                hands.end_lesson()  # somebody else ended it, or nobody came
                self.to = ""
            elif hands.lesson.over(now):
                learned = hands.end_lesson(self.to)
                self.heard = asdict(learned) if learned else None
                self.to = self.to if learned else ""

    def _hands(self) -> Hands:
        hands = self._controls.hands
        if hands is None:
            raise SettingError("This show has no MIDI.", remedy="Start it without --midi off.")
        return hands
