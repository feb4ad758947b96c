"""The part `obs` of the benchmark: how late OBS shows the program, and what that costs its pace.

The program is the test card that counts; OBS's pictures are asked for by another process, which
reads the number in each and knows when that frame was made. OBS must run and be connected.
"""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import cv2
import numpy as np

from endlessdreams_cam import clock
from endlessdreams_cam.errors import DeviceMissing, EndlessDreamsError
from endlessdreams_cam.obs import access, reach, scene
from endlessdreams_cam.obs.routes import Program, Way, routes
from endlessdreams_cam.runtime.show import Show
from endlessdreams_cam.slots import FrameSlot
from endlessdreams_cam.sources.pattern import read_number
from endlessdreams_cam.web import Address, Panel

Rows = list[tuple[str, float, str, str]]
GoOn = Callable[[Show, float], None]

_BETWEEN_S = 0.09
_FIRST_S = 4.0
"""So long OBS may take to its first picture, and to become steady."""
_SPAWN = multiprocessing.get_context("spawn")


def check() -> None:
    """Raise DeviceMissing where no OBS is connected, or ours is in it already."""
    try:
        with closing(reach.connect(access.find())) as client:
            if not scene.there(client):
                return
    except EndlessDreamsError as error:
        raise DeviceMissing(error.cause, remedy=error.remedy) from None
    raise DeviceMissing("OBS shows a show already.", remedy="endlessdreams-cam obs remove")


def measure(show: Show, go_on: GoOn, seconds: float) -> Rows:
    """Return rows of name, value, unit and goal."""
    show.desk.cut("source", origin="bench")
    panel = Panel(show, Address(port=0))
    row = panel.open()
    try:
        go_on(show, 2)
        alone = _pace(show, go_on, max(seconds / 4, 10))
        with closing(reach.connect(access.find())) as client:
            program = Program(row.url, row.picture_url)
            (route,) = routes(program, {"ffmpeg_source"}, local=True, wanted=Way.STREAM)
            scene.setup(client, route)
            try:
                go_on(show, _FIRST_S)
                ages, asked, beside = _ages(show, go_on, seconds)
            finally:
                scene.remove(client)
    finally:
        panel.close()
    return [*_rows(ages, asked), *_pace_rows(alone, beside)]


def _rows(ages: list[float], asked: int) -> Rows:
    quarter = max(len(ages) // 4, 1)
    first, last = ages[:quarter], ages[-quarter:]
    return [
        ("pictures of OBS with a number that can be read", len(ages), f"of {asked}", str(asked)),
        ("program frame to OBS, median of the first quarter", _ms(first, 50), "ms", "≤ 150"),
        ("the same, p95", _ms(first, 95), "ms", ""),
        ("program frame to OBS, median of the last quarter", _ms(last, 50), "ms", "the same"),
        ("the same, p95", _ms(last, 95), "ms", ""),
    ]


def _pace_rows(alone: tuple[float, float], beside: tuple[float, float]) -> Rows:
    return [
        ("ticks skipped before OBS shows it", alone[0], "of 1000", ""),
        ("ticks skipped while OBS shows it", beside[0], "of 1000", "the same"),
        ("program's interval p99 before OBS shows it", alone[1], "ms", "≤ 40"),
        ("program's interval p99 while OBS shows it", beside[1], "ms", "≤ 40"),
    ]


def _pace(show: Show, go_on: GoOn, seconds: float) -> tuple[float, float]:
    """Return how many of a thousand ticks were skipped, and the last 600 intervals' p99 in ms."""
    before = show.overview().output
    go_on(show, seconds)
    after = show.overview().output
    skipped, sent = after.skipped - before.skipped, after.frames - before.frames
    return round(1000 * skipped / max(skipped + sent, 1), 1), after.interval_recent_ms.p99


def _ages(show: Show, go_on: GoOn, seconds: float) -> tuple[list[float], int, tuple[float, float]]:
    """Return how old OBS's pictures were in ms, of how many, and the program's pace meanwhile."""
    reader, writer = _SPAWN.Pipe(duplex=False)
    args = (show.stage.program_slot.name, seconds, writer)
    other = _SPAWN.Process(target=_look, args=args, daemon=True)
    other.start()
    writer.close()
    pace = _pace(show, go_on, seconds)
    while not reader.poll():
        if not other.is_alive():
            raise DeviceMissing("OBS went away.", remedy="Start it and measure again.")
        go_on(show, 0.1)
    ages, asked = reader.recv()
    other.join()
    return ages, asked, pace


def _ms(values: list[float], percentile: float) -> float:
    return round(float(np.percentile(values, percentile)), 1) if values else float("nan")


# What happens in the other process


def _look(program: str, seconds: float, results: Any) -> None:
    """Ask OBS for pictures and report how old the frames in them were."""
    made: dict[int, int] = {}
    ended = threading.Event()
    thread = threading.Thread(target=_note, args=(FrameSlot.attach(program), made, ended))
    thread.start()
    ages: list[float] = []
    asked = 0
    try:
        with closing(reach.connect(access.find())) as client:
            until = clock.now_ns() + clock.to_ns(seconds)
            while (before := clock.now_ns()) < until:
                jpeg = scene.screenshot(client)
                drawn_ns = (before + clock.now_ns()) // 2
                asked += 1
                if (made_ns := made.get(_number(jpeg))) is not None:
                    ages.append((drawn_ns - made_ns) / clock.MILLISECOND_NS)
                time.sleep(_BETWEEN_S)
    finally:
        ended.set()
        thread.join()
    results.send((ages, asked))


def _note(slot: FrameSlot, made: dict[int, int], ended: threading.Event) -> None:
    """Note when each number was made: a card that is repeated counts from its first frame."""
    sequence = 0
    while not ended.wait(0.004):
        frame = slot.read(after=sequence)
        if frame is None:
            continue
        sequence = frame.sequence
        number = read_number(frame.pixels).number
        if number is not None:
            made.setdefault(number, frame.rendered_ns)


def _number(jpeg: bytes) -> int:
    """Return the number in a picture, -1 where none can be read."""
    bgr = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    if bgr is None:
        return -1
    number = read_number(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)).number
    return -1 if number is None else number
