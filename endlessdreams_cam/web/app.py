"""The application: pages, pictures, the API and its WebSocket."""

from __future__ import annotations

import asyncio
from html import escape
from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException, Request, WebSocket
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response, StreamingResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException as StarletteHTTPException

from endlessdreams_cam import __version__
from endlessdreams_cam.errors import EndlessDreamsError
from endlessdreams_cam.runtime.show import Show
from endlessdreams_cam.web.api import make_api
from endlessdreams_cam.web.commands import Commands
from endlessdreams_cam.web.describe import hello
from endlessdreams_cam.web.hub import Hub
from endlessdreams_cam.web.pictures import BOUNDARY, MOST_VIEWERS, Pictures, Tap, stream
from endlessdreams_cam.web.session import Session
from endlessdreams_cam.web.tokens import Tokens

STATIC = Path(__file__).parent / "static"

_STREAM = f"multipart/x-mixed-replace; boundary={BOUNDARY}"
_FIRST_WITHIN_S = 5.0


def make_app(
    show: Show, hub: Hub, commands: Commands, pictures: Pictures, tokens: Tokens
) -> FastAPI:
    """Return the application of a show; the gate is to stand before it."""
    app = FastAPI(
        title="EndlessDreams Cam", version=__version__, docs_url=None, redoc_url=None,
        openapi_url="/api/openapi.json",
    )  # fmt: skip
    app.include_router(make_api(show, hub, commands))
    _add_pages(app)
    _add_pictures(app, pictures)
    app.add_exception_handler(EndlessDreamsError, _refused)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(StarletteHTTPException, _no_such)

    async def greeting() -> dict[str, Any]:
        presets = await hub.presets()
        hub.look()
        return hello(show, presets, tokens.look)

    @app.websocket("/ws")
    async def _talk(socket: WebSocket) -> None:
        await Session(socket, hub, commands, pictures, tokens, greeting).run()

    return app


def _add_pages(app: FastAPI) -> None:
    app.mount("/static", StaticFiles(directory=STATIC), name="static")

    @app.get("/", include_in_schema=False)
    async def _panel() -> FileResponse:
        return FileResponse(STATIC / "index.html")

    @app.get("/dock", include_in_schema=False)
    async def _dock() -> FileResponse:
        return FileResponse(STATIC / "dock.html")

    @app.get("/on-air", include_in_schema=False)
    async def _on_air(key: str = "") -> HTMLResponse:
        return HTMLResponse(_ON_AIR.replace("KEY", escape(key, quote=True)))


def _add_pictures(app: FastAPI, pictures: Pictures) -> None:
    viewers: set[object] = set()

    async def streamed(tap: Tap) -> Any:
        me = object()
        viewers.add(me)
        try:
            async for part in stream(tap):
                yield part
        finally:
            viewers.discard(me)

    @app.get("/{name}.mjpg", include_in_schema=False)
    async def _stream(name: str) -> StreamingResponse:
        tap = _tap(pictures, name)
        if len(viewers) >= MOST_VIEWERS:
            raise HTTPException(503, "There are too many viewers.")
        return StreamingResponse(streamed(tap), media_type=_STREAM)

    @app.get("/{name}.jpg", include_in_schema=False)
    async def _picture(name: str) -> Response:
        tap = _tap(pictures, name)
        try:
            async with asyncio.timeout(_FIRST_WITHIN_S):
                _, jpeg = await tap.next(tap.sequence)
        except TimeoutError:
            raise HTTPException(503, f"There is no picture of the {name} now.") from None
        return Response(jpeg, media_type="image/jpeg")


def _tap(pictures: Pictures, name: str) -> Tap:
    if name not in ("program", "source"):
        raise HTTPException(404, "There is no such picture.")
    return pictures.tap(name, "full")


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, EndlessDreamsError)
    return JSONResponse({"text": error.cause, "remedy": error.remedy}, 422)


async def _no_such(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, StarletteHTTPException)
    row = {"text": error.detail, "remedy": "docs/api.md has all paths."}
    return JSONResponse(row, error.status_code, error.headers)


async def _not_understood(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    faults = error.errors()[:5]
    rows = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in faults]
    text = f"This request cannot be read: {'; '.join(rows)}"
    return JSONResponse({"text": text, "remedy": "docs/api.md has them all."}, 422)


_ON_AIR = """\
<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>EndlessDreams Cam: on air</title>
<link rel="stylesheet" href="/static/css/on-air.css">
<script type="module" src="/static/js/on-air.js"></script></head>
<body data-key="KEY"><canvas></canvas></body>
</html>
"""
