"""What has changed since a client was told last: for each thing the newest only."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

_MOST_EVENTS = 50


class Board:
    """Values by name, each stamped when it changed. Told from a stamp on, nothing is lost but age.

    Not for several threads. Encoded once for all clients that were told the same.
    """

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._values: dict[str, Any] = {}
        self._stamps: dict[str, int] = {}
        self._encoded: dict[int, str] = {}
        self.stamp = 0
        """The newest change's."""

    def update(self, values: Mapping[str, Any]) -> None:
        """Take in values; those that are as before are no news."""
        known = self._values
        news = {n: v for n, v in values.items() if n not in known or known[n] != v}
        if not news:
            return
        self.stamp += 1
        known.update(news)
        self._stamps.update(dict.fromkeys(news, self.stamp))
        self._encoded.clear()

    def get(self, name: str) -> Any:
        """Return a value, None where there is none."""
        return self._values.get(name)

    @property
    def names(self) -> Iterable[str]:
        """The names that there are."""
        return tuple(self._values)

    def since(self, stamp: int, version: int) -> str:
        """Return the message with everything that changed after a stamp."""
        if stamp not in self._encoded:
            values = {n: self._values[n] for n, s in self._stamps.items() if s > stamp}
            document = {"type": self._kind, "version": version, "values": values}
            self._encoded[stamp] = dumps(document)
        return self._encoded[stamp]


class Notice:
    """One message, the newest of its kind."""

    def __init__(self) -> None:
        self.text = ""
        self.stamp = 0

    def clear(self) -> None:
        """Forget the message: it is old by now, and nobody is to be told of it."""
        self.text = ""

    def put(self, message: Mapping[str, Any]) -> None:
        """Replace the message; the same once more is no news."""
        text = dumps(message)
        if text != self.text:
            self.text = text
            self.stamp += 1


class Events:
    """What happened, in order; who is slow loses the oldest."""

    def __init__(self) -> None:
        self._rows: deque[tuple[int, str]] = deque(maxlen=_MOST_EVENTS)
        self.stamp = 0

    def add(self, message: Mapping[str, Any]) -> None:
        """Something happened."""
        self.stamp += 1
        self._rows.append((self.stamp, dumps(message)))

    def since(self, stamp: int) -> list[str]:
        """Return what happened after a stamp."""
        return [text for at, text in self._rows if at > stamp]


def dumps(message: Any) -> str:
    """Return a message as JSON in one line."""
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False)
