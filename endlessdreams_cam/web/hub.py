"""The hub: what all clients are told, worked out once for all of them."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

from endlessdreams_cam import clock
from endlessdreams_cam.runtime.overview import WorkerRow
from endlessdreams_cam.runtime.show import Show
from endlessdreams_cam.web import describe
from endlessdreams_cam.web.lessons import Lessons
from endlessdreams_cam.web.news import Board, Events, Notice
from endlessdreams_cam.web.thumbs import Thumbs

_STATUS_NS = 200 * clock.MILLISECOND_NS
_CONTROLS_NS = 100 * clock.MILLISECOND_NS
_THUMBS_NS = 100 * clock.MILLISECOND_NS
_SHELF_NS = 2 * clock.SECOND_NS
_FASTEST_S, _SLOWEST_S = 1 / 60, 1.0
NOTICES = ("status", "waiting", "controls", "learning")


class Listener(Protocol):
    """A client, as the hub sees it."""

    hz: float

    def wants(self, topic: str) -> bool:
        """Whether it is to be told of a topic."""

    def ring(self) -> None:
        """There may be news."""


class Hub:
    """Looks at the show while somebody listens, as often as the quickest listener asks for.

    Everything here happens on the panel's loop.
    """

    def __init__(self, show: Show, lessons: Lessons) -> None:
        self._show = show
        self._lessons = lessons
        self._shelf = describe.Shelf(show)
        self._listeners: set[Listener] = set()
        self._came = asyncio.Event()
        self._due: dict[str, int] = {}
        self._version = -1
        self._workers: tuple[WorkerRow, ...] = ()
        self._heard_ns = clock.now_ns()
        self._told_errors: dict[int, int] = {}
        self._last: dict[str, str] = {}
        self.base = Board("parameters")
        self.live = Board("live")
        self.notices = {topic: Notice() for topic in NOTICES}
        self.shelf = Notice()
        self.events = Events()
        self.moved = Events()
        self._small = Thumbs(show)
        self.thumbs = self._small.notices
        """Small pictures by what they are of: prompt.3, preset.ember."""

    @property
    def version(self) -> int:
        """The snapshot that the boards show."""
        return self._version

    @property
    def workers(self) -> tuple[WorkerRow, ...]:
        """The processes, as they were seconds ago while somebody listens."""
        return self._workers

    def add(self, listener: Listener) -> None:
        """Somebody listens."""
        if not self._listeners:
            # What happened before anybody listened is in the status.
            self._heard_ns = clock.now_ns()
            self._told_errors = {row.number: row.times for row in self._show.errors}
        self._listeners.add(listener)
        self._came.set()

    def remove(self, listener: Listener) -> None:
        """Somebody went."""
        self._listeners.discard(listener)
        if not self._listeners:
            self._due.clear()
            for notice in self.notices.values():
                notice.clear()

    def count(self, topic: str = "") -> int:
        """Return how many listen, or listen to a topic."""
        return sum(not topic or one.wants(topic) for one in self._listeners)

    def look(self) -> None:
        """Take in the newest parameters."""
        snapshot = self._show.store.snapshot
        if snapshot.version != self._version:
            self._version = snapshot.version
            self.base.update(describe.values(snapshot))
        self._look_at_live(snapshot)

    async def presets(self) -> dict[str, Any]:
        """Return what is on the pads, as the hello has it."""
        found = await asyncio.to_thread(self._shelf.rows)
        self.shelf.put({"type": "presets", **found})
        return found

    async def run(self) -> None:
        """Look at the show until cancelled; while nobody listens, sleep."""
        while True:
            if not self._listeners:
                if self._small.lingers:
                    await self._small.look((), wanted=False)
                    await asyncio.sleep(_SLOWEST_S)
                    continue
                self._came.clear()
                await self._came.wait()
            await self._round()
            fastest = max((one.hz for one in self._listeners), default=1.0)
            await asyncio.sleep(min(max(1 / fastest, _FASTEST_S), _SLOWEST_S))

    async def _round(self) -> None:
        now = clock.now_ns()
        self.look()
        if self._is_due("controls", now, _CONTROLS_NS):
            self._look_at_controls()
            self._look_at_events()
        if self._is_due("status", now, _STATUS_NS) and self.count("status"):
            self.notices["status"].put(describe.status(self._show, self._workers))
        if self._is_due("shelf", now, _SHELF_NS):
            await self.presets()
            self._workers = (
                await asyncio.to_thread(self._show.overview, with_processes=True)
            ).workers
        if self._is_due("thumbs", now, _THUMBS_NS):
            pads = self._show.desk.recalls.order.names()
            await self._small.look(pads, wanted=bool(self.count("thumbs")))
        for listener in tuple(self._listeners):
            listener.ring()

    def _is_due(self, what: str, now_ns: int, every_ns: int) -> bool:
        if now_ns < self._due.get(what, 0):
            return False
        self._due[what] = now_ns + every_ns
        return True

    def _look_at_live(self, snapshot: Any) -> None:
        """Take in what moves, and where it came to rest."""
        found = describe.live(snapshot, clock.now_ns())
        rested = {
            name: round(float(snapshot.values[name]), 5)
            for name in self.live.names
            if name not in found
        }
        self.live.update({**rested, **found})

    def _look_at_controls(self) -> None:
        self._lessons.poll()
        self.notices["learning"].put(
            {"type": "learning", "name": self._lessons.to or None, "heard": self._lessons.heard}
        )
        hands = self._show.controls.hands
        if hands is None:
            return
        self.notices["waiting"].put({"type": "waiting", "rows": describe.waiting(hands)})
        self.notices["controls"].put({"type": "controls", "rows": describe.controls(hands)})
        news = {key: row for key, row in tuple(hands.moved.items()) if row[0] > self._heard_ns}
        if news:
            self._heard_ns = max(row[0] for row in news.values())
            rows = [
                {"device": device, "control": control, "to": to}
                for (device, control), (_, plays) in news.items()
                for to in plays
            ]
            self.moved.add({"type": "controls", "moved": rows})

    def _look_at_events(self) -> None:
        """Tell of errors, and of the preset and the cut when they change."""
        for row in self._show.errors:
            if self._told_errors.get(row.number) != row.times:
                self._told_errors[row.number] = row.times
                text = f"{row.worker}: {row.text}"
                self.events.add({"type": "event", "event": "error", "text": text})
        snapshot = self._show.store.snapshot
        for what, value in (("preset", snapshot.preset), ("cut", snapshot.text("program.cut"))):
            if self._last.get(what, value) != value:
                self.events.add({"type": "event", "event": what, "text": f"{what} {value}"})
            self._last[what] = value
