"""Many clients and viewers at once, some of them stalled."""

import asyncio
import json
import socket

import psutil
from websockets.asyncio.client import connect

CLIENTS, STALLED, VIEWERS = 60, 15, 15
HOT = {f"mod.{n}.{part}": value for n, target in enumerate(("look.hue", "view.zoom"), 1)
       for part, value in (("target", target), ("source", "sine"), ("depth", 0.2))}  # fmt: skip


async def client(stage, seen, value):
    """Follow everything until the last value came."""
    async with connect(f"ws://{stage.host}/ws", max_size=2**24, compression=None) as line:
        await line.send(json.dumps({"do": "hello", "token": stage.tokens.play}))
        topics = ["parameters", "live", "status", "events", "program"]
        await line.send(json.dumps({"do": "subscribe", "topics": topics, "hz": 30}))
        async for message in line:
            if isinstance(message, bytes):
                await line.send(json.dumps({"do": "seen", "picture": "program"}))
            elif json.loads(message).get("values", {}).get("look.contrast") == value:
                seen.append(1)
                return


def stalled(stage, path):
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.connect(("127.0.0.1", stage.port))
    raw.sendall(f"GET {path} HTTP/1.1\r\nHost: {stage.host}\r\n\r\n".encode())
    return raw


async def crowd(stage, value, wait_s):
    seen = []
    clients = [asyncio.create_task(client(stage, seen, value)) for _ in range(CLIENTS)]
    await asyncio.sleep(wait_s)
    before = stage.show.overview().output
    await asyncio.sleep(wait_s)
    after = stage.show.overview().output
    stage.show.desk.set({"look.contrast": value}, origin="test")
    await asyncio.wait_for(asyncio.gather(*clients), 20)
    return len(seen), before, after


def test_a_crowd_gets_the_last_value_and_the_program_goes_on(stage):
    errors = [row.text for row in stage.show.errors]
    path = f"/program.mjpg?key={stage.tokens.look}"
    there = [stalled(stage, path) for _ in range(VIEWERS)]
    there += [stalled(stage, "/api/values") for _ in range(STALLED)]
    stage.show.store.apply(HOT, origin="test")
    try:
        asyncio.run(crowd(stage, 1.5, 0.3))  # all is imported and warm
        memory = psutil.Process().memory_info().rss
        told, before, after = asyncio.run(crowd(stage, 1.75, 1.5))
    finally:
        for raw in there:
            raw.close()
        stage.show.store.apply({name: "none" for name in HOT if name.endswith("source")},
                               origin="test", glide_s=0.0)  # fmt: skip
    assert told == CLIENTS
    assert after.frames > before.frames + 10
    assert after.device == before.device
    news = [row for row in stage.show.errors if row.text not in errors]
    assert not [row for row in news if row.worker == "panel"]
    assert psutil.Process().memory_info().rss - memory < 20 * 2**20
