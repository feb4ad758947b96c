"""Pictures: encoded once for all viewers, for nobody not at all; who stalls costs nothing."""

import asyncio
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from panel_client import until

from endlessdreams_cam import clock
from endlessdreams_cam.frame import Size
from endlessdreams_cam.slots import FrameSlot
from endlessdreams_cam.web import pictures
from endlessdreams_cam.web.pictures import Tap, encode, stream

SIZE = Size(64, 36)


@pytest.fixture
def slot():
    made = FrameSlot.make("test", Size(1280, 720))
    yield made
    made.close()


def show(slot, level, size=SIZE, age_ns=0):
    pixels = np.full((size.height, size.width, 3), level, np.uint8)
    return slot.write(pixels, rendered_ns=clock.now_ns() - age_ns)


def seen(jpeg):
    return cv2.cvtColor(
        cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB
    )


def on_loop(work):
    """Run a coroutine that gets a pool for its taps."""

    async def run():
        with ThreadPoolExecutor(2) as pool:
            await asyncio.wait_for(work(pool), 10)

    asyncio.run(run())


def test_all_who_wait_get_the_same_picture_encoded_once(slot):
    async def work(pool):
        tap = Tap(slot, "full", pool)
        waiting = [asyncio.create_task(tap.next(0)) for _ in range(20)]
        await asyncio.sleep(0.03)
        show(slot, (200, 100, 50))
        found = await asyncio.gather(*waiting)
        assert {sequence for sequence, _ in found} == {1}
        assert len({id(jpeg) for _, jpeg in found}) == 1
        assert tap.encoded == 1
        assert np.abs(seen(found[0][1])[18, 32].astype(int) - (200, 100, 50)).max() < 4

    on_loop(work)


def test_nothing_is_encoded_while_nobody_waits(slot):
    async def work(pool):
        tap = Tap(slot, "full", pool)
        leaving = asyncio.create_task(tap.next(0))
        await asyncio.sleep(0.02)
        leaving.cancel()
        await asyncio.sleep(0.03)
        for n in range(5):
            show(slot, n)
            await asyncio.sleep(0.01)
        assert tap.encoded == 0
        assert (await tap.next(0))[0] == 5  # who comes later gets the newest, not the next

    on_loop(work)


def test_old_pictures_are_not_shown(slot):
    async def work(pool):
        tap = Tap(slot, "full", pool)
        show(slot, 10, age_ns=3 * clock.SECOND_NS)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(tap.next(0), 0.1)
        show(slot, 20)
        assert (await tap.next(0))[0] == 2

    on_loop(work)


def test_a_slow_viewer_of_a_stream_misses_pictures_and_never_the_newest(slot):
    async def work(pool):
        tap = Tap(slot, "full", pool)
        parts = stream(tap)
        show(slot, 0)
        await anext(parts)
        for n in range(1, 10):
            show(slot, n * 20)
        part = await anext(parts)
        head, _, jpeg = part.partition(b"\r\n\r\n")
        assert head.startswith(b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ")
        assert abs(int(seen(jpeg[:-2])[5, 5, 0]) - 180) < 3
        assert tap.encoded == 2

    on_loop(work)


def test_small_pictures_keep_their_shape():
    tall = np.zeros((1280, 720, 3), np.uint8)
    from endlessdreams_cam.frame import Frame

    assert seen(encode(Frame(tall), "small")).shape == (1138, 640, 3)
    assert seen(encode(Frame(tall), "full")).shape == (1280, 720, 3)
    assert seen(encode(Frame(tall[:90, :160]), "small")).shape == (90, 160, 3)


def viewer(stage, name="program"):
    """Open a stream and return its socket; nobody reads it."""
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.connect(("127.0.0.1", stage.port))
    head = f"GET /{name}.mjpg?key={stage.tokens.look} HTTP/1.1\r\nHost: {stage.host}\r\n\r\n"
    raw.sendall(head.encode())
    raw.settimeout(5)
    return raw


def test_a_stream_moves_beside_stalled_viewers(stage):
    stalled = [viewer(stage) for _ in range(10)]
    reader = viewer(stage)
    data, until_ns = b"", clock.now_ns() + 6 * clock.SECOND_NS
    while data.count(b"--frame") < 25 and clock.now_ns() < until_ns:
        data += reader.recv(65536)
    assert data.startswith(b"HTTP/1.1 200")
    assert b"multipart/x-mixed-replace; boundary=frame" in data
    assert data.count(b"--frame") >= 25
    for raw in [*stalled, reader]:
        raw.close()


def test_too_many_viewers_are_turned_away_and_leaving_makes_room(stage, monkeypatch):
    monkeypatch.setattr("endlessdreams_cam.web.app.MOST_VIEWERS", 3)
    there = [viewer(stage) for _ in range(3)]
    assert all(raw.recv(12).endswith(b"200") for raw in there)
    late = viewer(stage)
    assert late.recv(12).endswith(b"503")
    for raw in [*there, late]:
        raw.close()

    def room():
        raw = viewer(stage)
        good = raw.recv(12).endswith(b"200")
        raw.close()
        return good

    until(room)


def test_a_source_that_is_none_gives_no_picture(stage, monkeypatch):
    monkeypatch.setattr("endlessdreams_cam.web.app._FIRST_WITHIN_S", 0.3)
    monkeypatch.setattr(pictures, "_OLD_NS", 300 * clock.MILLISECOND_NS)
    assert stage.ask("GET", "/source.jpg")[0] == 200
    stage.show.desk.set({"source.input": "none"}, origin="test")
    until(lambda: stage.show.overview().source is None)
    time.sleep(0.5)
    code, _, answer = stage.ask("GET", "/source.jpg")
    assert (code, answer["text"]) == (503, "There is no picture of the source now.")
    stage.show.desk.set({"source.input": "pattern"}, origin="test")
    until(lambda: stage.ask("GET", "/source.jpg")[0] == 200)
