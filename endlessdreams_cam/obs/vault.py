"""The system's keyring, asked in a child process: a keyring may wait for a person who is not there.

Only keyrings that the system encrypts are used: others keep passwords in clear.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from endlessdreams_cam.errors import DeviceError, DeviceMissing

_SERVICE = "endlessdreams-cam"
_ENCRYPTED = ("SecretService", "libsecret", "kwallet", "macOS", "Windows")
"""The modules of keyring.backends whose system keeps secrets as secrets."""
_CHILD = "from endlessdreams_cam.obs.vault import answer; answer()"


def read(account: str, *, patience_s: float = 5) -> str | None:
    """Return the password kept for an account, None where there is none.

    Raises DeviceMissing without a keyring, DeviceError when it gives nothing within patience_s.
    """
    return _ask({"do": "read", "account": account}, patience_s)


def store(account: str, password: str, *, patience_s: float = 5) -> None:
    """Keep a password; raises DeviceMissing without a keyring, DeviceError when it will not."""
    _ask({"do": "store", "account": account, "password": password}, patience_s)


def forget(account: str, *, patience_s: float = 5) -> None:
    """Forget an account's password, if there is one; raises as `store`."""
    _ask({"do": "forget", "account": account}, patience_s)


def answer() -> None:
    """Do what standard input asks and print what came of it: the child's side."""
    request = json.load(sys.stdin)
    try:
        sys.stdout.write(json.dumps({"password": _do(request)}))
    except DeviceMissing as error:
        sys.stdout.write(json.dumps({"missing": error.cause}))
    except Exception as error:  # a keyring's backends raise whatever their systems do
        # Its words may quote what was asked: the kind is enough.
        sys.stdout.write(json.dumps({"error": type(error).__name__}))


def _do(request: dict[str, str]) -> str | None:
    from keyring.errors import PasswordDeleteError

    ring, account = _encrypted(), request["account"]
    if request["do"] == "store":
        ring.set_password(_SERVICE, account, request["password"])
    elif request["do"] == "forget":
        try:
            ring.delete_password(_SERVICE, account)
        except PasswordDeleteError:
            return None
    else:
        password: str | None = ring.get_password(_SERVICE, account)
        return password
    return None


def _encrypted() -> Any:
    try:
        import keyring
    except ImportError:
        raise DeviceMissing("The package keyring is not installed.") from None
    first = keyring.get_keyring()
    for ring in (first, *getattr(first, "backends", ())):
        package, _, module = type(ring).__module__.rpartition(".")
        if package == "keyring.backends" and module in _ENCRYPTED:
            return ring
    raise DeviceMissing("This system has no keyring that encrypts.")


def _ask(request: dict[str, str], patience_s: float) -> str | None:
    """Let a child ask the keyring; secrets travel through pipes, never on a command line."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", _CHILD], input=json.dumps(request), text=True,
            capture_output=True, timeout=patience_s, check=False,
        )  # fmt: skip
        found: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise DeviceError(
            "The keyring does not answer.", remedy="Unlock it, or give the password otherwise."
        ) from None
    except (OSError, ValueError):
        raise DeviceMissing("The keyring cannot be asked.") from None
    if "missing" in found:
        raise DeviceMissing(found["missing"])
    if "error" in found:
        raise DeviceError(f"The keyring refuses ({found['error']}).", remedy="Unlock it.")
    return found["password"]
