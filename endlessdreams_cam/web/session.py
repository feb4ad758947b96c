"""One client of the WebSocket."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from endlessdreams_cam.errors import EndlessDreamsError, SettingError
from endlessdreams_cam.web import describe
from endlessdreams_cam.web import messages as say
from endlessdreams_cam.web.commands import Commands, is_slow
from endlessdreams_cam.web.hub import NOTICES, Hub
from endlessdreams_cam.web.news import dumps
from endlessdreams_cam.web.pictures import Pictures
from endlessdreams_cam.web.tokens import Tokens

WRONG_TOKEN = 4401
FULL = 4429
MOST_CLIENTS = 512
_HELLO_WITHIN_S = 5.0
_NUMBERS = {"program": 1, "source": 2}
_LOOK_ONLY = frozenset(_NUMBERS)


class Session:
    """Talks to one client: answers what it says, tells it what is new, no faster than it listens.

    A client that does not read holds up its own sender only: what it missed meanwhile is one
    message with the newest values.
    """

    def __init__(
        self, socket: WebSocket, hub: Hub, commands: Commands, pictures: Pictures, tokens: Tokens,
        hello: Callable[[], Awaitable[dict[str, Any]]],
    ) -> None:  # fmt: skip
        self._socket = socket
        self._hub = hub
        self._commands = commands
        self._pictures = pictures
        self._tokens = tokens
        self._hello = hello
        self._topics: frozenset[str] = frozenset()
        self._told: dict[str, int] = {}
        self._rang = asyncio.Event()
        self._width = "small"
        self._ready = {name: asyncio.Event() for name in _NUMBERS}
        self._plays = False
        self._lesson = 0
        self.hz = 30.0

    def wants(self, topic: str) -> bool:
        """Whether it is to be told of a topic."""
        return topic in self._topics

    def ring(self) -> None:
        """There may be news."""
        self._rang.set()

    async def run(self) -> None:
        """Talk until the client goes."""
        await self._socket.accept()
        if self._hub.count() >= MOST_CLIENTS:
            await self._socket.close(FULL, "too many clients")
            return
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            if not await self._greet():
                await self._socket.close(WRONG_TOKEN, "the token is missing or wrong")
                return
            await self._talk()
        if self._lesson:
            self._commands.leave(self._lesson)

    async def _greet(self) -> bool:
        """Take the first message; return whether its token is right."""
        try:
            async with asyncio.timeout(_HELLO_WITHIN_S):
                message = say.read(await self._socket.receive_text())
        except (TimeoutError, SettingError, KeyError):
            return False
        if not isinstance(message, say.Hello) or not self._tokens.may_look(message.token):
            return False
        self._plays = self._tokens.may_play(message.token)
        if self._plays:
            text = dumps({**await self._hello(), **_id(message)})
            self._told = {"parameters": self._hub.base.stamp, "shelf": self._hub.shelf.stamp,
                          "events": self._hub.events.stamp}  # fmt: skip
        else:
            text = dumps({"type": "hello", "look": True, **_id(message)})
        await self._socket.send_text(text)
        return True

    async def _talk(self) -> None:
        async with contextlib.AsyncExitStack() as stack:
            for work in (self._tell(), *(self._show(name) for name in _NUMBERS)):
                await stack.enter_async_context(_beside(work))
            self._hub.add(self)
            stack.callback(self._hub.remove, self)
            while True:
                await self._heed(await self._socket.receive_text())

    # What it says

    async def _heed(self, text: str) -> None:
        message: say.Message | None = None
        try:
            message = say.read(text)
            answer = await self._answer(message)
        except EndlessDreamsError as error:
            row = {"type": "refused", "text": error.cause, "remedy": error.remedy}
            await self._socket.send_text(dumps({**row, **_id(message, text)}))
            return
        if message.id is not None:
            await self._socket.send_text(dumps({"type": "done", **answer, **_id(message)}))

    async def _answer(self, message: say.Message) -> dict[str, Any]:
        match message:
            case say.Hello():
                raise SettingError("The show knows who this is already.")
            case say.Subscribe():
                self._subscribe(message)
            case say.Seen():
                self._ready[message.picture].set()
            case _ if not self._plays:
                raise SettingError("This token may only look.")
            case _ if is_slow(message):
                return await asyncio.to_thread(self._commands.do, message)
            case _:
                answer = self._commands.do(message)
                self._lesson = answer.get("lesson", self._lesson)
                return answer
        return {}

    def _subscribe(self, message: say.Subscribe) -> None:
        wanted = frozenset(message.topics)
        if not self._plays and wanted - _LOOK_ONLY:
            raise SettingError("This token may only look.", remedy="Topics: program, source.")
        self._topics, self.hz, self._width = wanted, message.hz, message.width
        for name, ready in self._ready.items():
            if name in wanted:
                ready.set()
            else:
                ready.clear()
        self.ring()

    # What it is told

    async def _tell(self) -> None:
        while True:
            await self._rang.wait()
            self._rang.clear()
            for text in self._news():
                await self._socket.send_text(text)
            await asyncio.sleep(1 / self.hz)

    def _news(self) -> list[str]:
        """Return what is new for this client, and take it as told."""
        hub, found = self._hub, []
        for topic, board in (("parameters", hub.base), ("live", hub.live)):
            if self._is_new(topic, board.stamp):
                found.append(board.since(self._told.get(topic, 0), hub.version))
                self._told[topic] = board.stamp
        for topic in NOTICES:
            if hub.notices[topic].text and self._is_new(topic, hub.notices[topic].stamp):
                found.append(hub.notices[topic].text)
                self._told[topic] = hub.notices[topic].stamp
        for topic, key, events in (
            ("events", "events", hub.events),
            ("controls", "moved", hub.moved),
        ):
            if topic in self._topics and events.stamp > self._told.get(key, 0):
                found += events.since(self._told.get(key, 0))
                self._told[key] = events.stamp
        if self._plays and self._topics and hub.shelf.stamp > self._told.get("shelf", 0):
            found.append(hub.shelf.text)
            self._told["shelf"] = hub.shelf.stamp
        return found + self._new_thumbs()

    def _new_thumbs(self) -> list[str]:
        if "thumbs" not in self._topics:
            return []
        found = []
        for name, notice in self._hub.thumbs.items():
            if notice.stamp > self._told.get(f"thumb {name}", 0):
                self._told[f"thumb {name}"] = notice.stamp
                found.append(notice.text)
        return found

    def _is_new(self, topic: str, stamp: int) -> bool:
        return topic in self._topics and stamp > self._told.get(topic, 0)

    async def _show(self, name: str) -> None:
        """Send a preview, and the next when it was seen."""
        newest = 0
        while True:
            await self._ready[name].wait()
            self._ready[name].clear()
            tap = self._pictures.tap(name, self._width)
            newest, jpeg = await tap.next(newest)
            await self._socket.send_bytes(bytes([_NUMBERS[name]]) + jpeg)
            await asyncio.sleep(1 / min(self.hz, 60))


@contextlib.asynccontextmanager
async def _beside(work: Any) -> AsyncIterator[None]:
    """Do work beside what is within; it ends with it."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
            await task


def _id(message: say.Message | None, text: str = "") -> dict[str, Any]:
    """Return the id that a client gave, also of a message that could not be read."""
    if message is not None:
        return {} if message.id is None else {"id": message.id}
    return describe.given_id(text)
