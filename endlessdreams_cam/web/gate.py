"""The gate: which requests come in at all, before anything of them is read."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

from endlessdreams_cam.web.tokens import Tokens

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]

LARGEST_BODY = 256 * 1024
LARGEST_PICTURE = 24 * 1024 * 1024
UPLOAD = "/api/layer-picture"

_CLOSED = 4403
_OPEN = ("/", "/dock")
_PICTURES = ("/program.mjpg", "/source.mjpg", "/program.jpg", "/source.jpg", "/on-air")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = [
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
]


class Refusal(Exception):
    """Why a request does not come in: the answer's status, the cause, the remedy."""

    def __init__(self, status: int, text: str, remedy: str = "") -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.remedy = remedy


class Gate:
    """Wraps an application: Host, Origin and token of every request, sizes of bodies, headers.

    hosts is what Host may be, scheme "http" or "https". A WebSocket's token comes in its first
    message, for an address would put it into logs: the application asks for it.
    """

    def __init__(self, app: App, *, hosts: frozenset[str], scheme: str, tokens: Tokens) -> None:
        self._app = app
        self._hosts = hosts
        self._origins = frozenset(f"{scheme}://{host}" for host in hosts)
        self._tokens = tokens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through or refuse it."""
        try:
            headers = _headers(scope)
            self._check_sender(headers)
            if scope["type"] == "http":
                self._check_token(scope["path"], scope["query_string"], headers)
                await self._app(scope, _limited(scope, headers, receive), _dressed(scope, send))
            else:
                await self._app(scope, receive, send)
        except Refusal as refusal:
            await _refuse(scope, send, refusal)

    def _check_sender(self, headers: Mapping[str, str]) -> None:
        if headers.get("host", "").lower() not in self._hosts:
            raise Refusal(403, "This host name is not the panel's.", "Use the link it prints.")
        origin = headers.get("origin")
        if origin is not None and origin.lower() not in self._origins:
            raise Refusal(403, "Another page may not use the panel.")
        if headers.get("sec-fetch-site") == "cross-site":
            raise Refusal(403, "Another page may not use the panel.")

    def _check_token(self, path: str, query: bytes, headers: Mapping[str, str]) -> None:
        if path in _OPEN or path.startswith("/static/"):
            return
        word, _, given = headers.get("authorization", "").partition(" ")
        given = given.strip() if word.lower() == "bearer" else ""
        if path in _PICTURES:
            key = parse_qs(query.decode("latin-1")).get("key", [""])[0]
            if self._tokens.may_look(given) or self._tokens.may_look(key):
                return
        elif self._tokens.may_play(given):
            return
        raise Refusal(
            401, "The token is missing or wrong.",
            "`endlessdreams-cam status --json` names it; send it as Authorization: Bearer TOKEN.",
        )  # fmt: skip


def _headers(scope: Scope) -> dict[str, str]:
    """Return the headers; one that decides and comes twice is refused."""
    found: dict[str, str] = {}
    for raw, value in scope["headers"]:
        name = raw.decode("latin-1").lower()
        if name in found and name in ("host", "origin", "authorization", "sec-fetch-site"):
            raise Refusal(400, f"There is more than one {name} in this request.")
        found[name] = value.decode("latin-1")
    return found


def _limited(scope: Scope, headers: Mapping[str, str], receive: Receive) -> Receive:
    """Return a receive that ends in a refusal where the body grows too large."""
    most = LARGEST_PICTURE if scope["path"] == UPLOAD else LARGEST_BODY
    said = headers.get("content-length", "0")
    if not said.isdigit() or int(said) > most:
        raise _too_large(most)
    came = 0

    async def limited() -> dict[str, Any]:
        nonlocal came
        message = await receive()
        came += len(message.get("body", b""))
        if came > most:
            raise _too_large(most)
        return message

    return limited


def _too_large(most: int) -> Refusal:
    return Refusal(413, "This request is too large.", f"Send no more than {most // 1024} KB.")


def _dressed(scope: Scope, send: Send) -> Send:
    """Return a send that adds the headers of every answer."""
    keep = b"no-cache" if scope["path"].startswith("/static/") else b"no-store"

    async def dressed(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            rows = [*message.get("headers", ()), *_HEADERS, (b"cache-control", keep)]
            message = {**message, "headers": rows}
        await send(message)

    return dressed


async def _refuse(scope: Scope, send: Send, refusal: Refusal) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": _CLOSED, "reason": refusal.text})
        return
    body = json.dumps({"text": refusal.text, "remedy": refusal.remedy}).encode()
    dressed = _dressed(scope, send)
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),  # what is left of the body is not read
    ]
    start = {"type": "http.response.start", "status": refusal.status, "headers": headers}
    await dressed(start)
    await dressed({"type": "http.response.body", "body": body})
