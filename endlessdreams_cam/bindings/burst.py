"""Devices that send all their positions at once: those are learned, they are no moves."""

from __future__ import annotations

from collections import deque

_WINDOW_NS = 150_000_000


class Bursts:
    """Watches one device: more than `most` controls within 150 ms are not ten fingers.

    burst_from_ns is where the present burst began, None outside one.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._seen: deque[tuple[int, str]] = deque()
        self._counts: dict[str, int] = {}
        self._until_ns = 0
        self.burst_from_ns: int | None = None

    def note(self, address: str, now_ns: int) -> bool:
        """Note a control's message; return whether this one begins a burst."""
        while self._seen and now_ns - self._seen[0][0] > _WINDOW_NS:
            self._forget(self._seen.popleft()[1])
        self._seen.append((now_ns, address))
        self._counts[address] = self._counts.get(address, 0) + 1
        if self.burst_from_ns is not None and now_ns > self._until_ns:
            self.burst_from_ns = None
        if self.burst_from_ns is not None:
            self._until_ns = now_ns + _WINDOW_NS
            return False
        if len(self._counts) <= self._most:
            return False
        self.burst_from_ns, self._until_ns = self._seen[0][0], now_ns + _WINDOW_NS
        return True

    def _forget(self, address: str) -> None:
        self._counts[address] -= 1
        if not self._counts[address]:
            del self._counts[address]
