"""What came from the controllers since it was last asked for."""

from __future__ import annotations

import threading

from endlessdreams_cam.bindings import Event, Gesture

LIMIT = 16_384
"""Events kept while nobody asks; beyond, new presses are lost and counted."""

_Key = tuple[str, str]


class Inbox:
    """Keeps the last value of every control, the sum of every encoder's ticks, and every edge.

    Everything stays in its order: an edge ends what values may be drawn together, so that a knob
    turned while shift was held stays turned while shift was held. The callbacks' threads put, one
    thread drains; the lock is held for as long as a few lines take.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._events: list[Event] = []
        # Where the value or the sum (True) stands that a later event of its control joins.
        self._open: dict[tuple[str, str, bool], int] = {}
        self._let_go: set[_Key] = set()  # released since there is no more room
        self.lost = 0

    def put(self, event: Event, *, edge: bool) -> bool:
        """Take an event; return whether it is the first since the last drain."""
        with self._lock:
            first = not self._events
            if edge and event.gesture is Gesture.ABSOLUTE and self._full:
                edge = False
            if edge:
                self._keep(event)
            else:
                self._merge(event)
            return first

    def drain(self) -> list[Event]:
        """Return what came, in order, and forget it."""
        with self._lock:
            events, self._events = self._events, []
            self._open.clear()
            self._let_go.clear()
        return events

    @property
    def _full(self) -> bool:
        return len(self._events) >= self._limit

    def _keep(self, event: Event) -> None:
        if self._full:
            key = (event.device, event.address)
            # A press that has been taken must be let go; one that is lost need not be.
            if event.gesture is Gesture.PRESS or key in self._let_go:
                self.lost += 1
                return
            self._let_go.add(key)
        else:
            self._open.clear()
        self._events.append(event)

    def _merge(self, event: Event) -> None:
        relative = event.gesture is Gesture.RELATIVE
        key = (event.device, event.address, relative)
        at = self._open.get(key)
        if at is None:
            self._open[key] = len(self._events)
            self._events.append(event)
        elif relative:
            self._events[at] = _sum(self._events[at], event)
        else:
            self._events[at] = event


def _sum(first: Event, then: Event) -> Event:
    ticks = first.value + then.value
    return Event(then.device, then.address, then.control, then.gesture, ticks, then.at_ns)
