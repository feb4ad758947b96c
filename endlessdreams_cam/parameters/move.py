"""A number on its way: the one kind of glide that there is."""

from __future__ import annotations

from dataclasses import dataclass

_SECOND_NS = 1_000_000_000
_SMOOTH_FROM_S = 0.5


@dataclass(frozen=True, slots=True)
class Move:
    """A number on its way: from `start` at `began_ns` to `target` in `duration_s` seconds."""

    target: float
    start: float = 0.0
    began_ns: int = 0
    duration_s: float = 0.0

    def at(self, now_ns: int) -> float:
        """Return the value at a time.

        Short moves ease out (they start at once, under a moving hand); long ones ease in and out.
        """
        if self.duration_s <= 0:
            return self.target
        u = (now_ns - self.began_ns) / (self.duration_s * _SECOND_NS)
        if u >= 1:
            return self.target
        u = max(u, 0.0)
        eased = 1 - (1 - u) ** 3 if self.duration_s < _SMOOTH_FROM_S else u * u * (3 - 2 * u)
        return self.start + (self.target - self.start) * eased

    def done(self, now_ns: int) -> bool:
        """Whether the target is reached."""
        return now_ns >= self.ends_ns

    @property
    def ends_ns(self) -> int:
        """When the target is reached."""
        return self.began_ns + round(self.duration_s * _SECOND_NS)

    def toward(self, target: float, now_ns: int, duration_s: float) -> Move:
        """Return a move that goes on from where this one is."""
        return Move(target, self.at(now_ns), now_ns, duration_s)
