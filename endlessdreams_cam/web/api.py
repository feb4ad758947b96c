"""The REST part of the API: the same messages as on the WebSocket, one route each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from starlette.requests import ClientDisconnect

from endlessdreams_cam.errors import SettingError
from endlessdreams_cam.parameters import find
from endlessdreams_cam.runtime.show import Show
from endlessdreams_cam.web import describe
from endlessdreams_cam.web import messages as say
from endlessdreams_cam.web.commands import Commands, is_slow, list_actions
from endlessdreams_cam.web.hub import Hub
from endlessdreams_cam.web.uploads import Uploads

Answer = dict[str, Any]

_BODIES: dict[str, type[say.Message]] = {
    "set": say.Set,
    "unit": say.Unit,
    "recall": say.Recall,
    "stage": say.Stage,
    "paint": say.Paint,
    "bind": say.Bind,
    "output": say.Output,
    "obs": say.Obs,
}


def make_api(show: Show, hub: Hub, commands: Commands) -> APIRouter:
    """Return the routes below /api."""
    router = APIRouter(prefix="/api")
    _add_questions(router, show, hub)
    _add_orders(router, commands)
    _add_upload(router, Uploads(show))
    return router


def _add_questions(router: APIRouter, show: Show, hub: Hub) -> None:
    @router.get("/parameters", summary="Every parameter: what it is and its base")
    async def _parameters() -> Answer:
        snapshot = show.store.snapshot
        values = describe.values(snapshot)
        rows = [{**row, "value": values[row["name"]]} for row in describe.parameters(show)]
        return {"version": snapshot.version, "parameters": rows}

    @router.get("/parameters/{name}", summary="One parameter and its base")
    async def _parameter(name: str) -> Answer:
        spec = find(name)
        value = describe.values(show.store.snapshot)[spec.name]
        return {**describe.parameter(spec, show.store.home[spec.name]), "value": value}

    @router.get("/values", summary="Every parameter's base, by name")
    async def _values() -> Answer:
        return describe.values(show.store.snapshot)

    @router.get("/status", summary="How the show goes")
    async def _status() -> Answer:
        return await asyncio.to_thread(describe.status, show, hub.workers)

    @router.get("/presets", summary="Presets on their pads, the setlist, the styles on air")
    async def _presets() -> Answer:
        return await hub.presets()

    @router.get("/controls", summary="Every binding in force, and the controls that wait")
    async def _controls() -> Answer:
        hands = show.controls.hands
        rows = describe.controls(hands) if hands else []
        return {"rows": rows, "waiting": describe.waiting(hands) if hands else []}

    @router.get("/actions", summary="Every action, and what it does")
    async def _actions() -> dict[str, str]:
        return list_actions()


def _add_orders(router: APIRouter, commands: Commands) -> None:
    async def do(message: say.Message) -> Answer:
        if is_slow(message):
            return await asyncio.to_thread(commands.do, message)
        return commands.do(message)

    for name, kind in _BODIES.items():
        router.add_api_route(
            f"/{name}", _taking(kind, do), methods=["POST"], summary=_first_line(kind)
        )

    @router.post("/pull/{name}", summary=_first_line(say.Pull))
    async def _pull(name: str) -> Answer:
        return await do(_made(say.Pull, name=name))

    @router.post("/act/{action}", summary=_first_line(say.DoAct))
    async def _act(action: str) -> Answer:
        return await do(_made(say.DoAct, action=action))

    @router.post("/cut/{to}", summary=_first_line(say.Cut))
    async def _cut(to: str) -> Answer:
        return await do(_made(say.Cut, to=to))

    @router.post("/recall/{preset}", summary="Recall a preset as it asks for itself")
    async def _recall(preset: str) -> Answer:
        return await do(_made(say.Recall, preset=preset))

    @router.post("/save/{name}", summary=_first_line(say.Save))
    async def _save(name: str) -> Answer:
        return await do(_made(say.Save, name=name))

    @router.post("/lock/{name}", summary=_first_line(say.Lock))
    async def _lock(name: str) -> Answer:
        return await do(_made(say.Lock, name=name))

    @router.post("/unlock/{name}", summary=_first_line(say.Unlock))
    async def _unlock(name: str) -> Answer:
        return await do(_made(say.Unlock, name=name))

    @router.get("/devices", summary="What this machine has to choose from")
    async def _devices() -> Answer:
        return await do(say.Devices())


def _add_upload(router: APIRouter, uploads: Uploads) -> None:
    @router.post("/layer-picture", summary="Upload a picture (PNG, JPEG, WebP, GIF) as the layer")
    async def _layer_picture(request: Request) -> Answer:
        try:
            data = await request.body()
        except ClientDisconnect:
            raise SettingError("The picture did not arrive whole.") from None
        return await asyncio.to_thread(uploads.take, data)


def _taking(kind: type[say.Message], do: Callable[[say.Message], Any]) -> Callable[..., Any]:
    """Return a route's function that takes such a message as its body."""

    async def route(message: Any) -> Answer:
        found: Answer = await do(message)
        return found

    route.__annotations__ = {"message": kind, "return": Answer}
    return route


def _made(kind: type[say.Message], **fields: object) -> say.Message:
    """Return a message made of a path's parts; raises SettingError."""
    return say.checked(kind, fields)


def _first_line(kind: type[say.Message]) -> str:
    return (kind.__doc__ or "").splitlines()[0].rstrip(".")
