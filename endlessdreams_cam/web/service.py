"""What the panel's loop runs: the hub and the application behind its gate."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from endlessdreams_cam.runtime.show import Show
from endlessdreams_cam.web.app import make_app
from endlessdreams_cam.web.commands import Commands
from endlessdreams_cam.web.gate import Gate
from endlessdreams_cam.web.hub import Hub
from endlessdreams_cam.web.lessons import Lessons
from endlessdreams_cam.web.pictures import Pictures
from endlessdreams_cam.web.tokens import Tokens


class Service:
    """The parts of the panel, put together; made on the loop that serves them."""

    def __init__(self, show: Show, hosts: frozenset[str], scheme: str, tokens: Tokens) -> None:
        self._show = show
        lessons = Lessons(show.controls)
        self.hub = Hub(show, lessons)
        self.pictures = Pictures(show.stage.frames("program"), show.stage.frames("source"))
        commands = Commands(show, lessons)
        app = make_app(show, self.hub, commands, self.pictures, tokens)
        self.app = Gate(app, hosts=hosts, scheme=scheme, tokens=tokens)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Look at the show for the clients, within."""
        task = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            self.pictures.close()

    async def _watch(self) -> None:
        while True:
            try:
                await self.hub.run()
            except Exception as error:  # the top of the hub: a fault is told, and it goes on
                self._show.note("panel", f"{type(error).__name__}: {error}")
                await asyncio.sleep(1.0)
