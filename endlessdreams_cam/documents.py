"""TOML files that people write: read or refused, and written, as a whole."""

from __future__ import annotations

import os
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from endlessdreams_cam.errors import SettingError

_DEEPEST = 8


def read_toml(data: bytes, *, name: str, largest: int, error: type[SettingError]) -> dict[str, Any]:
    """Return the document in a file's bytes, at most `largest` of them; raises `error`."""
    if len(data) > largest:
        raise error(f"{name} is too large: it may have at most {largest >> 10} KB.")
    try:
        text = data.decode("utf-8-sig")
        if max((_depth(line) for line in text.splitlines()), default=0) > _DEEPEST:
            raise error(f"{name} is nested deeper than {_DEEPEST} levels.")
        return tomllib.loads(text)
    except UnicodeDecodeError as fault:
        raise error(f"{name} is not text in UTF-8 (byte {fault.start}).") from None
    except tomllib.TOMLDecodeError as fault:
        raise error(f"{name} is not valid TOML: {fault}.") from None
    except RecursionError:
        raise error(f"{name} is nested too deep.") from None


def faults(error: ValidationError) -> str:
    """Return what is wrong with a document and where, the first five faults."""
    rows = []
    for fault in error.errors()[:5]:
        # Prompts, swings and bindings are counted from 1, as people count them.
        parts = [str(p + 1 if isinstance(p, int) else p) for p in fault["loc"]]
        place = ".".join(parts) or "the file"
        text = fault["msg"].removeprefix("Value error, ")
        if fault["type"] == "extra_forbidden":
            text = "this key is not known"
        rows.append(f"{place}: {text}")
    more = error.error_count() - len(rows)
    return "; ".join(rows) + (f" (and {more} more)" if more > 0 else "")


def write_whole(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; raises OSError."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise


def _depth(line: str) -> int:
    return max(line.count("["), line.count("{"), line.partition("=")[0].count(".") // 2)
