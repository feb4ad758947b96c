"""Where the panel listens."""

from __future__ import annotations

import errno
import ipaddress
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil

from endlessdreams_cam.errors import DeviceBusy, DeviceError, SettingError

PORT = 8808
"""Where the panel is looked for first."""

_TRIES = 20
_IN_FLIGHT = 64 * 1024
_HOW = "Write a port from 1024 to 65535 (0: any that is free), HOST:PORT, or off."


@dataclass(frozen=True, slots=True)
class Address:
    """A host and a port; certificate and key are the files that a host beyond loopback needs."""

    host: str = "127.0.0.1"
    port: int = PORT
    certificate: Path | None = None
    key: Path | None = None

    @property
    def secure(self) -> bool:
        """Whether what travels is encrypted."""
        return self.certificate is not None


def parse_panel(
    text: str, *, certificate: Path | None = None, key: Path | None = None
) -> Address | None:
    """Return the address in "8808", "0.0.0.0:8808" or "off" (None); raises SettingError.

    Beyond loopback only with TLS: a token that travels in the clear is no secret.
    """
    if text == "off":
        return None
    host, _, port = text.rpartition(":")
    host = host.strip("[]") or "127.0.0.1"
    good = port.isascii() and port.isdigit() and (port == "0" or 1024 <= int(port) <= 65535)
    if not good:
        raise SettingError(f"--panel cannot be {text!r}.", remedy=_HOW)
    if (certificate is None) != (key is None):
        raise SettingError("--panel-cert and --panel-key belong together.", remedy="Give both.")
    for path in (certificate, key):
        if path is not None and not path.is_file():
            raise SettingError(f"There is no file {path}.", remedy="Give the file in PEM form.")
    if not is_loopback(host) and certificate is None:
        raise SettingError(
            f"--panel {text} would open the panel to the network without encryption.",
            remedy="Add --panel-cert FILE --panel-key FILE, or leave the host out.",
        )
    return Address(host, int(port), certificate, key)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a host."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listen(address: Address) -> socket.socket:
    """Return a socket that listens at an address, or where that is taken at one of the next ports.

    Raises DeviceError where there is no such host, DeviceBusy where none is free.
    """
    ports = range(address.port, min(address.port + _TRIES, 65536)) if address.port else (0,)
    for port in ports:
        try:
            return _listen(address.host, port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise DeviceError(
                    f"The panel cannot listen at {address.host} ({error.strerror or error}).",
                    remedy="Give another host or port with --panel.",
                ) from error
    raise DeviceBusy(
        f"The panel finds no free port from {address.port} on.", remedy="Give another: --panel 9000"
    )


def names(address: Address, port: int) -> frozenset[str]:
    """Return what a request's Host may be: whoever names this machine otherwise is a trick."""
    hosts = {"127.0.0.1", "localhost", "[::1]"}
    if not is_loopback(address.host):
        hosts |= {_bracketed(address.host)} | _own_names()
    return frozenset(f"{host}:{port}" for host in hosts)


def _own_names() -> set[str]:
    name = socket.gethostname().lower()
    found = {name, f"{name}.local"}
    for rows in psutil.net_if_addrs().values():
        plain = (row.address.partition("%")[0] for row in rows if row.family in _INTERNET)
        found |= {_bracketed(host) for host in plain}
    return found


_INTERNET = (socket.AF_INET, socket.AF_INET6)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host.lower()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":  # there it would share the port with another program
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Connections inherit it: what a slow viewer has not taken yet is old, and soon too old.
        made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _IN_FLIGHT)
        made.bind((host, port))
        made.listen(128)
    except BaseException:
        made.close()
        raise
    return made
