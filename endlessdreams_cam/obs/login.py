"""Where OBS is and what lets us in."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from endlessdreams_cam.errors import SettingError

PORT = 4455
"""Where OBS listens since version 28."""

LOCAL = f"ws://127.0.0.1:{PORT}"

_KEYRING_S = 3.0


@dataclass(frozen=True, slots=True)
class Login:
    """An address, and what finds its password: it is looked up only once OBS asks for it."""

    url: str
    password: Callable[[], str]


def find_login(url: str | None = None) -> Login | None:
    """Return the way to OBS at an address, or at the one that is kept.

    None without an address where nobody ever connected.
    """
    from endlessdreams_cam.obs import access  # it asks keyrings: not before somebody wants OBS

    if url is None and not access.load().url and access.ENVIRONMENT not in os.environ:
        return None
    address = access.find(url, places=()).url
    return Login(address, lambda: access.find(url, patience_s=_KEYRING_S).password)


def parse_url(url: str) -> tuple[str, int]:
    """Return the host and port in ws://HOST[:PORT]; raises SettingError."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or PORT
    except ValueError:
        host, port, parts = None, 0, urlsplit("")
    if parts.scheme != "ws" or not host:
        raise SettingError(f"OBS's address cannot be {url!r}.", remedy="Write ws://HOST:4455.")
    return host, port
