"""The two secrets of the panel: one to play, one to look at pictures."""

from __future__ import annotations

import hmac
import json
import os
import re
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from endlessdreams_cam.documents import write_whole

_GOOD = re.compile(r"[A-Za-z0-9_-]{32,64}")


@dataclass(frozen=True, slots=True)
class Tokens:
    """play opens everything, look only the pictures: it may stand in an address (OBS keeps it)."""

    play: str
    look: str

    def may_play(self, given: str) -> bool:
        """Whether a token opens everything; takes as long for any wrong one."""
        return _same(given, self.play)

    def may_look(self, given: str) -> bool:
        """Whether a token opens the pictures."""
        return _same(given, self.look) | _same(given, self.play)


def tokens(path: Path) -> Tokens:
    """Return the tokens kept in a file, or new ones: links and scenes outlive a show.

    Only this user can read the file. Where it cannot be written the tokens last for this show.
    """
    kept = _kept(path)
    if kept:
        return kept
    made = Tokens(secrets.token_urlsafe(32), secrets.token_urlsafe(32))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(asdict(made)).encode())
        path.chmod(0o600)
    except OSError:
        return made
    return made


def _kept(path: Path) -> Tokens | None:
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            return None  # others could have read it
        row = json.loads(path.read_text(encoding="utf-8"))
        found = Tokens(str(row["play"]), str(row["look"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    good = _GOOD.fullmatch(found.play) and _GOOD.fullmatch(found.look)
    return found if good and found.play != found.look else None


def _same(given: str, own: str) -> bool:
    return hmac.compare_digest(given.encode(), own.encode())
