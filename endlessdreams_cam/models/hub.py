"""The hub that models come from, over HTTP: listings, and downloads that go on where they broke.

huggingface_hub begins a broken file anew and does not look at its hash (docs/decisions/010).
"""

from __future__ import annotations

import errno
import http.client
import json
import os
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from endlessdreams_cam.errors import DownloadError, NoRoom
from endlessdreams_cam.models.hashes import matches

_HOME = "https://huggingface.co"
_CHUNK = 1 << 20
_PATIENCE_S = 30.0
_TRIES = 5
_BROKEN = (OSError, http.client.HTTPException)
_AGAIN = "What arrived is kept: the same command goes on from there."


@dataclass(frozen=True, slots=True)
class Remote:
    """A file of a repository; sha256 is known of large files, blob (git's own hash) of all."""

    path: str
    size: int
    sha256: str | None
    blob: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A repository's files at one commit."""

    repo: str
    commit: str
    files: tuple[Remote, ...]


class Hub:
    """A hub of models. HF_ENDPOINT names another one, HF_TOKEN is sent to it and nobody else."""

    def __init__(
        self,
        endpoint: str | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        patience_s: float = _PATIENCE_S,
    ) -> None:
        self._endpoint = (endpoint or os.environ.get("HF_ENDPOINT") or _HOME).rstrip("/")
        self._sleep = sleep
        self._patience_s = patience_s

    def list(self, repo: str, revision: str = "main") -> Listing:
        """Return a repository's files; raises DownloadError."""
        url = f"{self._endpoint}/api/models/{repo}/revision/{revision}?blobs=true"
        for left in reversed(range(_TRIES)):
            try:
                with closing(self._open(url, 0)) as answer:
                    return _listing(repo, json.load(answer))
            except (*_BROKEN, ValueError) as error:
                self._give_up_or_wait(repo, error, left)
        raise AssertionError

    def fetch(self, listing: Listing, file: Remote, to: Path, told: Callable[[int], None]) -> None:
        """Bring a file to `to`, going on from what a broken download left in `to`.part.

        told is called with the bytes that came since its last call (negative when the hub made
        the download begin anew). What came is held to the hub's hash. Raises DownloadError, and
        NoRoom when the disk is full.
        """
        part = to.with_name(to.name + ".part")
        to.parent.mkdir(parents=True, exist_ok=True)
        url = f"{self._endpoint}/{listing.repo}/resolve/{listing.commit}/{quote(file.path)}"
        self._bring(url, file, part, told)
        if not matches(part, file.sha256, file.blob):
            part.unlink()
            raise DownloadError(
                f"{listing.repo}: {file.path} did not arrive as the hub says it is (its hash "
                "differs); it was thrown away.",
                remedy="Try again. If it stays, something between you and the hub changes files.",
            )
        part.replace(to)

    def _bring(self, url: str, file: Remote, part: Path, told: Callable[[int], None]) -> None:
        told(part.stat().st_size if part.exists() else 0)
        left = _TRIES
        while (there := part.stat().st_size if part.exists() else 0) != file.size:
            if there > file.size:
                told(-there)
                part.unlink()
                continue
            try:
                self._go_on(url, part, there, told)
                error: Exception = ConnectionError("the connection ended early")
            except _BROKEN as broken:
                error = broken
            after = part.stat().st_size if part.exists() else 0
            if after != file.size:
                left = _TRIES if after > there else left - 1
                self._give_up_or_wait(file.path, error, left)

    def _go_on(self, url: str, part: Path, there: int, told: Callable[[int], None]) -> None:
        with closing(self._open(url, there)) as answer:
            if there and answer.status != 206:  # the hub sends all of it
                told(-there)
                there = 0
            with part.open("r+b" if there else "wb") as file:
                file.seek(there)
                _copy(answer, file, told)

    def _open(self, url: str, start: int) -> Any:
        headers = {"User-Agent": "endlessdreams-cam", "Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
        request = urllib.request.Request(url, headers=headers)
        token = os.environ.get("HF_TOKEN")
        if token:
            # Unredirected: large files lie on other hosts, which must not see it.
            request.add_unredirected_header("Authorization", f"Bearer {token}")
        return _opener().open(request, timeout=self._patience_s)

    def _give_up_or_wait(self, what: str, error: Exception, left: int) -> None:
        """Raise what ends a download, or wait before the next try."""
        if isinstance(error, urllib.error.HTTPError):
            error.close()
            if error.code not in (408, 416, 429) and error.code < 500:
                raise _refused(what, error.code) from None
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoRoom(f"The disk is full; {what} is not whole.", remedy=_AGAIN) from None
        if isinstance(error, PermissionError):
            raise DownloadError(f"{what} cannot be written: {error}.") from None
        if left <= 0:
            raise DownloadError(f"{what} did not arrive: {_why(error)}.", remedy=_AGAIN) from None
        self._sleep(2.0 ** (_TRIES - left - 1))


def _opener() -> urllib.request.OpenerDirector:
    import certifi

    # Python of python.org on macOS comes without certificates.
    context = ssl.create_default_context(cafile=certifi.where())
    return urllib.request.build_opener(urllib.request.HTTPSHandler(context=context))


def _copy(answer: IO[bytes], file: IO[bytes], told: Callable[[int], None]) -> None:
    while chunk := answer.read(_CHUNK):
        file.write(chunk)
        told(len(chunk))


def _listing(repo: str, document: dict[str, Any]) -> Listing:
    try:
        files = tuple(
            Remote(
                row["rfilename"],
                int(row["size"]),
                (row.get("lfs") or {}).get("sha256"),
                str(row.get("blobId") or ""),
            )
            for row in document["siblings"]
        )
        return Listing(repo, str(document["sha"]), files)
    except (KeyError, TypeError) as error:
        raise ValueError(f"its listing has no {error}") from None


def _refused(what: str, code: int) -> DownloadError:
    if code in (401, 403):
        return DownloadError(
            f"The hub does not give {what} to you (HTTP {code}).",
            remedy="Open the model's page, accept its licence, make a token with read access and "
            "set it as HF_TOKEN.",
        )
    if code == 404:
        return DownloadError(
            f"The hub has no {what} (any more).", remedy="A newer version may know where it went."
        )
    return DownloadError(f"The hub refused {what} (HTTP {code}).", remedy="Try again later.")


def _why(error: Exception) -> str:
    reason = getattr(error, "reason", None)
    return str(reason or error or type(error).__name__).strip().rstrip(".")
