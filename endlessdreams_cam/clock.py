"""The one clock of the program.

`time.perf_counter_ns` is monotonic, system-wide (processes may compare readings) and has a fine
resolution on Linux, macOS and Windows. Nothing else reads a clock; functions take `now_ns`.
"""

from __future__ import annotations

import time

SECOND_NS = 1_000_000_000
MILLISECOND_NS = 1_000_000


def now_ns() -> int:
    """Return the present time in nanoseconds of the program's clock."""
    return time.perf_counter_ns()


def seconds(duration_ns: int) -> float:
    """Return a duration in seconds."""
    return duration_ns / SECOND_NS


def to_ns(duration_s: float) -> int:
    """Return a duration in nanoseconds."""
    return round(duration_s * SECOND_NS)


def sleep_until(deadline_ns: int) -> None:
    """Sleep until the clock shows `deadline_ns`; return at once if it already does."""
    while (left := deadline_ns - now_ns()) > 0:
        time.sleep(left / SECOND_NS)
