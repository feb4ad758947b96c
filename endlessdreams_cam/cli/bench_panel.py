"""The part `panel` of the benchmark: how soon a page can play, a drag's way, what a page costs.

The page is played by another process that speaks the WebSocket as the page does.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import multiprocessing
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from endlessdreams_cam import clock
from endlessdreams_cam.runtime.overview import PanelRow
from endlessdreams_cam.runtime.show import Show
from endlessdreams_cam.slots import FrameSlot
from endlessdreams_cam.web import Address, Panel

Rows = list[tuple[str, float, str, str]]
GoOn = Callable[[Show, float], None]

_TOPICS = ("parameters", "live", "status", "events", "waiting", "controls", "learning")
_DRAGS = 80
_CLIENTS, _VIEWERS = 200, 20
_STALLED = 5  # every so many-th
_CROWD = f"{_CLIENTS} clients, {_VIEWERS} viewers, some stalled"
_Pace = tuple[float, float]
_SPAWN = multiprocessing.get_context("spawn")


def measure_start(times: int = 3) -> Rows:
    """Return how soon after the program's start a page has all that it needs."""
    found = [_first_hello() for _ in range(times)]
    return [("panel's hello after the start (median)", float(np.median(found)), "ms", "≤ 1000")]


def measure(show: Show, go_on: GoOn, seconds: float) -> Rows:
    """Return rows of name, value, unit and goal."""
    panel = Panel(show, Address(port=0))
    row = panel.open()
    try:
        alone = _main_share(show, go_on, max(seconds / 4, 5))
        open_ = _beside(_look, (row, max(seconds / 4, 5) + 3), show, go_on, seconds)
        moving = _moving_share(show, go_on, row, seconds)
        drags = _drags(show, go_on, row)
        alone_pace, crowded, grown = _crowd(show, go_on, row, seconds)
    finally:
        panel.close()
    ways = np.array(drags) / clock.MILLISECOND_NS
    return [
        ("drags that were seen", len(drags), f"of {_DRAGS}", str(_DRAGS)),
        ("drag to program p50", _ms(ways, 50), "ms", ""),
        ("drag to program p95", _ms(ways, 95), "ms", "≤ 80"),
        ("main with a panel that nobody looks at", alone, "% of a core", "≤ 5"),
        ("main with one page at 30 Hz, both previews", open_, "% of a core", "≤ 15"),
        ("the same while three values swing", moving, "% of a core", "≤ 15"),
        ("ticks that the program skipped, nobody there", alone_pace[0], "of 1000", ""),
        (f"with {_CROWD}", crowded[0], "of 1000", "the same"),
        ("interval p99 of the last 600 ticks, nobody there", alone_pace[1], "ms", ""),
        (f"with {_CROWD}", crowded[1], "ms", "≤ 40"),
        ("memory of main after they went", grown, "MB", "≤ 20"),
    ]


def _moving_share(show: Show, go_on: GoOn, row: PanelRow, seconds: float) -> float:
    swings: dict[str, object] = {}
    for n, target in enumerate(("look.hue", "motion.energy", "dream.strength"), 1):
        swings |= {f"mod.{n}.target": target, f"mod.{n}.source": "sine", f"mod.{n}.depth": 0.1}
    show.store.apply(swings, origin="bench")
    share = _beside(_look, (row, max(seconds / 4, 5) + 3), show, go_on, seconds)
    show.store.apply({f"mod.{n}.source": "none" for n in (1, 2, 3)}, origin="bench")
    return share


def _drags(show: Show, go_on: GoOn, row: PanelRow) -> list[int]:
    show.desk.cut("hold", origin="bench")  # only the hand may change the picture's light
    go_on(show, 1.5)
    reader, writer = _SPAWN.Pipe(duplex=False)
    player = _SPAWN.Process(
        target=_drag, args=(row, show.stage.program_slot.name, writer), daemon=True
    )
    player.start()
    writer.close()
    while not reader.poll():
        if not player.is_alive():
            return []
        go_on(show, 0.1)
    found: list[int] = reader.recv()
    player.join()
    show.desk.cut("dream", origin="bench")
    return found


def _crowd(show: Show, go_on: GoOn, row: PanelRow, seconds: float) -> tuple[_Pace, _Pace, float]:
    """Return the program's pace without and with a crowd, and what main grew by."""
    lasts = max(seconds, 10)
    quiet = _pace(show, go_on, lasts)
    _beside(_throng, (row, 3.0), show, go_on, 5)  # what is made once is made
    before = _rss_mb()
    other = _SPAWN.Process(target=_throng, args=(row, lasts + 5), daemon=True)
    other.start()
    go_on(show, 4)
    crowded = _pace(show, go_on, lasts)
    other.join(20)
    other.kill()
    go_on(show, 2)
    return quiet, crowded, round(_rss_mb() - before, 1)


def _pace(show: Show, go_on: GoOn, seconds: float) -> _Pace:
    """Return how many of a thousand ticks the program skipped, and its interval's p99 in ms."""
    before = show.overview().output
    go_on(show, seconds)
    after = show.overview().output
    skipped, sent = after.skipped - before.skipped, after.frames - before.frames
    return round(1000 * skipped / max(skipped + sent, 1), 1), after.interval_recent_ms.p99


def _rss_mb() -> float:
    memory: Any = psutil.Process().memory_info()
    return memory.rss / 2**20


def _beside(
    work: Callable[..., None], args: tuple[Any, ...], show: Show, go_on: GoOn, seconds: float
) -> float:
    """Return main's share of a core while another process works."""
    other = _SPAWN.Process(target=work, args=args, daemon=True)
    other.start()
    go_on(show, 2.5)
    share = _main_share(show, go_on, max(seconds / 4, 5))
    other.join(5)
    other.kill()
    return share


def _main_share(show: Show, go_on: GoOn, seconds: float) -> float:
    began, spent = clock.now_ns(), _cpu_s()
    go_on(show, seconds)
    return round(100 * (_cpu_s() - spent) / clock.seconds(clock.now_ns() - began), 2)


def _cpu_s() -> float:
    times: Any = psutil.Process().cpu_times()
    return times.user + times.system


def _ms(values: Any, percentile: float) -> float:
    return round(float(np.percentile(values, percentile)), 1) if len(values) else 0.0


# What happens in other processes


def _connect(row: PanelRow, *topics: str) -> Any:
    """Return a WebSocket that was greeted and has subscribed."""
    from websockets.sync.client import connect

    line = connect(row.url.replace("http", "ws") + "/ws", max_size=2**24, compression=None)
    line.send(json.dumps({"do": "hello", "token": row.token}))
    line.recv()
    line.send(json.dumps({"do": "subscribe", "topics": topics, "hz": 30}))
    return line


def _look(row: PanelRow, seconds: float) -> None:
    """Look at everything, as the page does, for a while."""
    names = {1: "program", 2: "source"}
    with _connect(row, *_TOPICS, *names.values()) as line:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            heard = line.recv()
            if isinstance(heard, bytes):
                line.send(json.dumps({"do": "seen", "picture": names[heard[0]]}))


def _throng(row: PanelRow, seconds: float) -> None:
    """Be many clients and viewers for a while, of which some do not read."""
    host, _, port = row.url.rpartition("/")[2].partition(":")
    request = f"GET {row.picture_url.removeprefix(row.url)} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n"

    async def client(n: int) -> None:
        from websockets.asyncio.client import connect

        async with connect(row.url.replace("http", "ws") + "/ws", max_size=2**24) as line:
            await line.send(json.dumps({"do": "hello", "token": row.token}))
            await line.send(json.dumps({"do": "subscribe", "topics": _TOPICS, "hz": 30}))
            while n % _STALLED:
                await line.recv()
            await asyncio.sleep(seconds)

    async def viewer(n: int) -> None:
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(request.encode())
        while n % _STALLED:
            await reader.read(2**16)
        await asyncio.sleep(seconds)

    async def throng() -> None:
        crowd = [client(n) for n in range(_CLIENTS)] + [viewer(n) for n in range(_VIEWERS)]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await asyncio.gather(*crowd)

    asyncio.run(throng())


def _drag(row: PanelRow, program: str, results: Any) -> None:
    """Move a fader again and again, and see when the program changes."""
    slot = FrameSlot.attach(program)
    found = []
    with _connect(row) as line:
        for n in range(_DRAGS):
            time.sleep(0.25 + 0.007 * (n % 9))  # at any moment of a tick
            before, sequence = _light(slot)
            sent = clock.now_ns()
            value = -0.5 if n % 2 == 0 else 0.0
            line.send(json.dumps({"do": "set", "values": {"look.brightness": value}}))
            seen = _changed(slot, before, sequence)
            if seen:
                found.append(seen - sent)
    results.send(found)


def _light(slot: FrameSlot) -> tuple[float, int]:
    frame = slot.read()
    assert frame is not None
    return float(frame.pixels[::8, ::8].mean()), frame.sequence


def _changed(slot: FrameSlot, before: float, sequence: int) -> int:
    """Return when the program's light was first seen changed, 0 if it was not within a second."""
    until = clock.now_ns() + clock.SECOND_NS
    while clock.now_ns() < until:
        frame = slot.read(after=sequence)
        if frame is None:
            time.sleep(0.001)
            continue
        sequence = frame.sequence
        if abs(float(frame.pixels[::8, ::8].mean()) - before) > 1:
            return clock.now_ns()
    return 0


def _first_hello() -> float:
    """Start a show and return after how many milliseconds its panel has greeted."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        free.close()
        names = {"RUNTIME": "run", "PANEL": "panel.json", "PRESETS": "presets"}
        own = {f"ENDLESSDREAMS_{n}": str(Path(folder) / path) for n, path in names.items()}
        began = clock.now_ns()
        program = subprocess.Popen(
            [sys.executable, "-m", "endlessdreams_cam", "run", "--source", "sitter", "--output",
             "null", "--headless", "--midi", "off", "--panel", str(port)],
            stdout=subprocess.DEVNULL, env={**os.environ, **own},
        )  # fmt: skip
        try:
            return _greeted(PanelRow(f"http://127.0.0.1:{port}"), Path(folder), began)
        finally:
            program.terminate()
            program.wait()


def _greeted(row: PanelRow, folder: Path, began_ns: int) -> float:
    while clock.now_ns() - began_ns < 20 * clock.SECOND_NS:
        try:
            token = json.loads((folder / "panel.json").read_text())["play"]
            with _connect(PanelRow(row.url, token)):
                return (clock.now_ns() - began_ns) / clock.MILLISECOND_NS
        except (OSError, ValueError, KeyError):
            threading.Event().wait(0.01)
    return float("nan")
