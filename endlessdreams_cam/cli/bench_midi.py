"""The part `midi` of the benchmark: from a message to the picture, and what a flood costs.

A stand-in controller in another process plays a real show through the machine's own MIDI (ALSA,
Core MIDI, or JACK where MIDO_BACKEND says so).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import psutil

from endlessdreams_cam import clock
from endlessdreams_cam.controllers.rack import Rack
from endlessdreams_cam.controllers.stand_in import StandIn
from endlessdreams_cam.runtime.show import Show

_Found = TypeVar("_Found")

RATE = 5_000
"""Messages a second of the flood."""

Rows = list[tuple[str, float, str, str]]


def measure(show: Show, go_on: Callable[[Show, float], None], seconds: float) -> Rows:
    """Return rows of name, value, unit and goal; raises DeviceMissing without MIDI."""
    stage = show.stage
    idle = _main_share(show, go_on, seconds)
    with StandIn(stage.snapshot_slot.name, stage.program_slot.name) as played:
        _until(show, go_on, lambda: _connected(show))
        plugged = _main_share(show, go_on, seconds)
        transport = _Transport()
        with transport:
            played.turns(400, 0.02)
            trips = _results(show, go_on, played)
            arrived = transport.times
        played.cuts(20)
        frames = _results(show, go_on, played)
        flood = _flood(show, go_on, played, seconds)
    return [*_ways(trips, arrived, frames), *_costs(idle, plugged, flood)]


def _ways(trips: list[tuple[int, int]], arrived: list[int], frames: list[int]) -> Rows:
    whole = np.array([seen - sent for sent, seen in trips]) / clock.MILLISECOND_NS
    rows: Rows = [
        ("messages that were seen", len(trips), "of 400", "400"),
        ("message to snapshot p50", _ms(whole, 50), "ms", ""),
        ("message to snapshot p99", _ms(whole, 99), "ms", ""),
    ]
    if len(arrived) == len(trips):
        sent = np.array([sent for sent, _ in trips])
        on_the_way = (np.array(arrived) - sent) / clock.MILLISECOND_NS
        rows += [
            ("of that the transport p99", _ms(on_the_way, 99), "ms", ""),
            ("beyond the transport p99", _ms(whole - on_the_way, 99), "ms", "≤ 2"),
        ]
    return [
        *rows,
        ("cuts that were seen", len(frames), "of 20", "20"),
        ("message to program, worst", max(frames, default=0), "frames", "≤ 2"),
    ]


def _costs(idle: float, plugged: float, flood: tuple[float, float, int]) -> Rows:
    share, snapshots, messages = flood
    return [
        ("main with a controller, nobody playing", plugged, "% of a core", ""),
        ("idle cost of the controller", round(plugged - idle, 2), "% of a core", "≤ 1"),
        (f"messages of the flood, {RATE} a second", messages, "", ""),
        ("cost of the flood in main", round(share - plugged, 1), "% of a core", "≤ 10"),
        ("snapshots in the flood", round(snapshots), "per second", "≤ 500"),
    ]


class _Transport:
    """Another listener on the same port: when each message arrived."""

    def __init__(self) -> None:
        self.times: list[int] = []
        self._rack = Rack([], wake=self._note, clock=clock.now_ns)
        self._stop = threading.Event()

    def _note(self) -> None:
        self.times += [event.at_ns for event in self._rack.drain()]

    def __enter__(self) -> None:
        self._rack.open()
        while not any(row.connected for row in self._rack.devices()):
            time.sleep(0.05)
        self.times.clear()

    def __exit__(self, *_args: object) -> None:
        self._rack.close()


def _flood(
    show: Show, go_on: Callable[[Show, float], None], played: StandIn, seconds: float
) -> tuple[float, float, int]:
    slot = show.stage.snapshot_slot
    published, began, spent = slot.sequence, clock.now_ns(), _cpu_s()
    played.flood(RATE, seconds)
    messages = _results(show, go_on, played)
    lasted = clock.seconds(clock.now_ns() - began)
    share = 100 * (_cpu_s() - spent) / lasted
    return share, (slot.sequence - published) / lasted, messages


def _main_share(show: Show, go_on: Callable[[Show, float], None], seconds: float) -> float:
    began, spent = clock.now_ns(), _cpu_s()
    go_on(show, max(seconds / 6, 5))
    return round(100 * (_cpu_s() - spent) / clock.seconds(clock.now_ns() - began), 2)


def _cpu_s() -> float:
    times: Any = psutil.Process().cpu_times()
    return times.user + times.system


def _connected(show: Show) -> bool | None:
    return any(row.connected for row in show.controls.row().rows) or None


def _results(show: Show, go_on: Callable[[Show, float], None], played: StandIn) -> Any:
    return _until(show, go_on, played.results)


def _until(
    show: Show, go_on: Callable[[Show, float], None], ask: Callable[[], _Found | None]
) -> _Found:
    while (found := ask()) is None:
        go_on(show, 0.1)
    return found


def _ms(values: Any, percentile: float) -> float:
    return round(float(np.percentile(values, percentile)), 2) if len(values) else 0.0
