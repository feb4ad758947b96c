"""Warnings of the program's own modules, on their way to people instead of the terminal."""

from __future__ import annotations

import logging
from collections.abc import Callable


def tell_warnings(tell: Callable[[str], None]) -> None:
    """Hand what the program's modules log as warnings to `tell`, in this process."""
    logger = logging.getLogger("endlessdreams_cam")
    logger.handlers = [_Telling(tell)]
    logger.propagate = False


class _Telling(logging.Handler):
    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        cause = f" ({type(error).__name__}: {error})" if error else ""
        self._tell(f"{record.getMessage()}{cause}")
