"""The panel's server: a thread with a loop of its own, beside the show."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import threading
from typing import TYPE_CHECKING, Any

from endlessdreams_cam.errors import DeviceError
from endlessdreams_cam.runtime.overview import PanelRow
from endlessdreams_cam.runtime.show import Show
from endlessdreams_cam.settings import panel_file
from endlessdreams_cam.web.address import Address, listen, names
from endlessdreams_cam.web.tokens import Tokens, tokens

if TYPE_CHECKING:
    import uvicorn

_PATIENCE_S = 2.0
_LARGEST_MESSAGE = 256 * 1024


class Panel:
    """Serves the page and the API of an open show, from `open` to `close`.

    It must be closed before the show. Libraries are imported on its thread: nothing waits for it.
    """

    def __init__(self, show: Show, address: Address) -> None:
        self._show = show
        self._address = address
        self._socket: socket.socket | None = None
        self._server: uvicorn.Server | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._ending = threading.Event()

    def open(self) -> PanelRow:
        """Listen, and serve soon; return where.

        A port that is taken is no reason to stay off air: then the row says what is wrong.
        """
        kept = tokens(panel_file())
        try:
            self._socket = listen(self._address)
        except DeviceError as error:
            self._show.note("panel", str(error))
            self._show.panel = PanelRow(trouble=str(error))
            return self._show.panel
        port = self._socket.getsockname()[1]
        self._show.panel = self._row(port, kept)
        self._thread = threading.Thread(
            target=self._run, args=(self._socket, port, kept), name="panel", daemon=True
        )
        self._thread.start()
        return self._show.panel

    def close(self) -> None:
        """Stop serving; may be called twice."""
        self._ending.set()
        if self._loop:
            with contextlib.suppress(RuntimeError):  # it has ended by itself
                self._loop.call_soon_threadsafe(self._hang_up)
        if self._thread:
            self._thread.join(_PATIENCE_S)
            self._thread = None
        if self._socket:
            self._socket.close()
            self._socket = None

    def _row(self, port: int, kept: Tokens) -> PanelRow:
        host = self._address.host
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
        scheme = "https" if self._address.secure else "http"
        url = f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"
        return PanelRow(url, kept.play, f"{url}/program.mjpg?key={kept.look}")

    def _run(self, sock: socket.socket, port: int, kept: Tokens) -> None:
        try:
            asyncio.run(self._serve(sock, port, kept))
        except Exception as error:  # the top of the thread: without a panel the show goes on
            self._show.note("panel", f"It ended: {type(error).__name__}: {error}")

    async def _serve(self, sock: socket.socket, port: int, kept: Tokens) -> None:
        import uvicorn

        from endlessdreams_cam.web.service import Service

        scheme = "https" if self._address.secure else "http"
        _tell_troubles(self._show)
        service = Service(self._show, names(self._address, port), scheme, kept)
        config = uvicorn.Config(service.app, **_SETTINGS, **self._tls())
        self._server = uvicorn.Server(config)
        self._loop = asyncio.get_running_loop()
        if self._ending.is_set():
            return
        async with service.running():
            await self._server.serve([sock])
        self._hang_up()
        await asyncio.sleep(0)

    def _hang_up(self) -> None:
        """End the server and every connection: no viewer is waited for."""
        if self._server:
            self._server.should_exit = True
            for connection in tuple(self._server.server_state.connections):
                if transport := getattr(connection, "transport", None):
                    transport.abort()

    def _tls(self) -> dict[str, Any]:
        if not self._address.secure:
            return {}
        return {"ssl_certfile": self._address.certificate, "ssl_keyfile": self._address.key}


def _tell_troubles(show: Show) -> None:
    """Put what the server complains of into the status: the terminal is the show's screen."""
    logger = logging.getLogger("uvicorn.error")
    logger.handlers = [_Telling(show)]
    logger.propagate = False


class _Telling(logging.Handler):
    def __init__(self, show: Show) -> None:
        super().__init__(logging.ERROR)
        self._show = show

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        cause = f" ({type(error).__name__}: {error})" if error else ""
        self._show.note("panel", f"{record.getMessage()}{cause}")


_SETTINGS: dict[str, Any] = {
    "log_config": None,
    "access_log": False,  # addresses of pictures have their key in them
    "server_header": False,
    "lifespan": "off",
    "http": "h11",
    "ws": "websockets-sansio",
    "ws_max_size": _LARGEST_MESSAGE,
    "ws_per_message_deflate": False,  # it costs milliseconds and saves nothing on this machine
    "ws_ping_interval": 20.0,
    "ws_ping_timeout": 20.0,
    "timeout_graceful_shutdown": 1,
    "timeout_keep_alive": 30,
}
