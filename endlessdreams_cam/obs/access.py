"""Where OBS is, and its password: found in the places that a person allows, never kept in clear."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from endlessdreams_cam.documents import write_whole
from endlessdreams_cam.errors import DeviceError, SettingError
from endlessdreams_cam.obs import installation, vault
from endlessdreams_cam.obs.login import LOCAL, parse_url
from endlessdreams_cam.obs.places import Place
from endlessdreams_cam.settings import obs_file, obs_password_file

ENVIRONMENT = "ENDLESSDREAMS_OBS_PASSWORD"
URL = LOCAL
"""Where OBS listens on this machine, unless it was told otherwise."""

FROM_OBS, FROM_KEYRING = "OBS's own settings", "the keyring"

_LARGEST = 4096


@dataclass(frozen=True, slots=True)
class Kept:
    """What is remembered of OBS: where it is, and whether its own settings may be read."""

    url: str = ""
    read_obs: bool = False


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach OBS. origin says in words where the password is from, "" where there is none."""

    url: str
    password: str = field(default="", repr=False)
    origin: str = ""

    @property
    def address(self) -> tuple[str, int]:
        """Host and port."""
        return parse_url(self.url)

    @property
    def local(self) -> bool:
        """Whether OBS is on this machine."""
        return installation.is_here(self.address[0])


def find(
    url: str | None = None,
    *,
    places: Iterable[Place] = tuple(Place),
    may_read_obs: bool | None = None,
    patience_s: float = 5,
) -> Access:
    """Return the way to OBS, with the first password that the places have.

    Without a url the port that OBS's own settings say is taken if they may be read (None: if that
    was allowed before), else the address that is kept, else the usual one. Raises SettingError for
    an address that is none, and for a password's file that others can read.
    """
    kept = load()
    allowed = kept.read_obs if may_read_obs is None else may_read_obs
    own = installation.server_settings() if allowed else None
    if own and not Access(kept.url or URL).local:
        own = None
    bare = Access(url or (f"ws://127.0.0.1:{own.port}" if own else kept.url or URL))
    host_and_port = bare.address
    for place in places:
        if place is Place.OBS:
            mine = own is not None and bare.local and own.port == host_and_port[1]
            password, origin = (own.password, FROM_OBS) if own and mine else ("", "")
        else:
            password, origin = _look(place, bare.url, patience_s)
        if password:
            return Access(bare.url, password, origin)
    return bare


def from_file() -> str:
    """Return the origin of a password that is in the person's own file."""
    return f"the file {obs_password_file()}"


def load() -> Kept:
    """Return what is remembered; nothing where the file is missing or broken."""
    try:
        row = json.loads(obs_file().read_text(encoding="utf-8"))
        kept = Kept(str(row["url"]), row.get("read_obs_settings") is True)
        parse_url(kept.url)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, SettingError):
        return Kept()
    return kept


def save(kept: Kept) -> None:
    """Remember where OBS is; raises SettingError where that cannot be written."""
    path = obs_file()
    row = {"url": kept.url, "read_obs_settings": kept.read_obs}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, (json.dumps(row, indent=1) + "\n").encode())
    except OSError as error:
        raise SettingError(
            f"{path} cannot be written: {error.strerror}.", remedy="Make its folder yours."
        ) from error


def forget() -> None:
    """Forget where OBS is, and the keyring's password for it."""
    kept = load()
    obs_file().unlink(missing_ok=True)
    if kept.url:
        try:
            vault.forget(kept.url)
        except DeviceError:
            return


def _look(place: Place, url: str, patience_s: float) -> tuple[str, str]:
    if place is Place.ENVIRONMENT:
        return os.environ.get(ENVIRONMENT, ""), f"{ENVIRONMENT} in the environment"
    if place is Place.FILE:
        return _from_file(obs_password_file()), from_file()
    if place is Place.ASK:
        return "", ""  # whoever has a terminal asks
    try:
        return vault.read(url, patience_s=patience_s) or "", FROM_KEYRING
    except DeviceError:
        return "", ""  # a machine without a keyring, or one that is locked: the next place


def _from_file(path: Path) -> str:
    """Return the first line of a file that only this user can read; raises SettingError."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            known = os.fstat(file.fileno())
            if os.name == "posix" and (stat.S_IMODE(known.st_mode) & 0o077 or _others(known)):
                raise SettingError(
                    f"Others can read or own {path}: its password is not used.",
                    remedy=f"chmod 600 {path}, and better change the password in OBS too.",
                )
            return file.readline(_LARGEST).strip("\r\n")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(
            f"{path} cannot be read.", remedy="Write the password into it."
        ) from error


def _others(known: os.stat_result) -> bool:
    return known.st_uid != os.getuid()
