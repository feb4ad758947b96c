"""Rows at once: "fader.1-8" is eight names, "note:9:41-44,57-60" eight messages."""

from __future__ import annotations

import re
from collections.abc import Sequence

MOST = 128
"""Rows that one text may stand for."""

_SERIES = re.compile(r"\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*")


def spread(text: str) -> tuple[str, ...]:
    """Return the texts that a text with a series of numbers stands for, itself if it has none.

    The first series counts: "a-b" with both ends, or several joined by commas. Raises ValueError.
    """
    for match in _SERIES.finditer(text):
        if not match.group().isdigit():
            head, tail = text[: match.start()], text[match.end() :]
            return tuple(f"{head}{n}{tail}" for n in _numbers(match.group()))
    return (text,)


def spread_all(given: str | Sequence[str]) -> tuple[str, ...]:
    """Return what one text stands for, or a list of texts as it is."""
    return spread(given) if isinstance(given, str) else tuple(given)


def fill(texts: tuple[str, ...], count: int, what: str) -> tuple[str, ...]:
    """Return `count` texts: one stands for all of them. Raises ValueError that says `what`."""
    if len(texts) == 1:
        return texts * count
    if len(texts) != count:
        raise ValueError(f"{len(texts)} {what}, but {count} are needed")
    return texts


def _numbers(series: str) -> list[int]:
    found: list[int] = []
    for part in series.split(","):
        first, _, last = part.partition("-")
        low, high = int(first), int(last or first)
        if high < low:
            raise ValueError(f"{part} runs backwards")
        if len(found) + high - low >= MOST:
            raise ValueError(f"{series} is more than {MOST}")
        found += range(low, high + 1)
    return found
