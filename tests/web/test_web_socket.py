"""The WebSocket: what clients are told, how fast, and what they cost each other."""

import base64
import json
import socket
import time

import pytest
from panel_client import ALL, until
from websockets.exceptions import ConnectionClosed

from endlessdreams_cam.parameters import PARAMETERS

KORG = "nanoKONTROL2:nanoKONTROL2 MIDI 1 24:0"


def test_hello_says_what_there_is_to_play(stage):
    with stage.client() as client:
        hello = client.hello
    assert [row["name"] for row in hello["parameters"]] == list(PARAMETERS)
    assert set(hello["values"]) == set(PARAMETERS)
    assert {"panic", "preset.next", "cut.black", "release"} <= set(hello["actions"])
    assert hello["size"] == {"width": 320, "height": 180}
    assert stage.tokens.look in hello["pictures"]["program"]


def test_what_one_sets_all_see(stage):
    with stage.client("parameters") as one, stage.client("parameters") as two:
        assert one.ask(do="set", values={"look.contrast": 1.25, "view.edge": "fit"}) == {
            "type": "done", "id": one.last,
        }  # fmt: skip
        for client in (one, two):
            seen = {}
            while not {"look.contrast", "view.edge"} <= set(seen):
                seen |= client.until("parameters")["values"]
            assert (seen["look.contrast"], seen["view.edge"]) == (1.25, "fit")


def test_a_client_that_was_not_there_gets_the_newest_with_hello(stage):
    stage.show.store.apply({"look.hue": 33.0}, origin="test")
    with stage.client("parameters") as client:
        assert client.hello["values"]["look.hue"] == 33
        stage.show.store.apply({"look.hue": 34.0}, origin="test")
        client.until("parameters", lambda m: m["values"].get("look.hue") == 34)


def test_a_glide_is_seen_live_and_ends_at_its_target(stage):
    stage.show.store.apply({"view.zoom": 1.0}, origin="test", glide_s=0.0)
    with stage.client("live", "parameters", hz=60) as client:
        client.say(do="set", values={"view.zoom": 2}, glide=0.6)
        seen = []
        while not seen or seen[-1] != 2:
            seen += [v for v in [client.until("live")["values"].get("view.zoom")] if v is not None]
        assert len(set(seen)) > 5
        assert seen == sorted(seen)
        assert stage.base("view.zoom") == 2  # the base is where it goes


def test_swings_are_live_and_come_to_rest(stage):
    swing = {"mod.1.target": "look.hue", "mod.1.source": "sine", "mod.1.beats": 1.0,
             "mod.1.depth": 0.2}  # fmt: skip
    stage.show.store.apply({"look.hue": 0.0, **swing}, origin="test")
    with stage.client("live") as client:
        for _ in range(3):
            client.until("live", lambda m: abs(m["values"].get("look.hue", 0)) > 1)
        stage.show.store.apply({"mod.1.source": "none"}, origin="test", glide_s=0.1)
        client.until("live", lambda m: m["values"].get("look.hue") == 0)


def test_status_events_and_presets(stage):
    with stage.client("status", "events") as client:
        status = client.until("status")
        assert status["output"]["state"] == "live"
        assert status["record"] == {"on": False, "file": ""}
        client.say(do="cut", to="black")
        assert client.until("event", lambda m: m["event"] == "cut")["text"] == "cut black"
        client.until("status", lambda m: m["shown"] == "black")
        client.say(do="cut", to="dream")
        stage.show.note("test", "The lamp is broken.")
        client.until("event", lambda m: m["text"] == "test: The lamp is broken.")
        assert client.ask(do="save", name="told")["saved"] == "told"
        rows = client.until("presets", lambda m: any(p["name"] == "told" for p in m["presets"]))
        assert next(p for p in rows["presets"] if p["name"] == "told")["own"]


def test_only_what_was_subscribed_is_told(stage):
    with stage.client("status", hz=10) as client:
        client.say(do="set", values={"look.hue": 5})
        kinds = set()
        for _ in range(5):
            kinds.add(client.hear()["type"])
        assert kinds <= {"status", "presets"}


def test_hz_is_the_most_that_a_client_is_told(stage):
    stage.show.store.apply({"mod.1.target": "look.hue", "mod.1.source": "sine",
                            "mod.1.depth": 0.2}, origin="test")  # fmt: skip
    with stage.client("live", hz=60), stage.client("live", hz=5) as client:
        client.until("live")
        began = time.monotonic()
        for _ in range(4):
            client.until("live")
        assert time.monotonic() - began > 0.6
    stage.show.store.apply({"mod.1.source": "none"}, origin="test", glide_s=0.0)


@pytest.mark.parametrize(
    "text",
    [
        "", "null", "5", "[]", "{}", '{"do":5}', '{"do":"nothing"}', '{"do":"cut"}',
        '{"do":"cut","to":"x"}', "[" * 50_000, '{"do":"hello","token":"again"}',
        '{"do":"set","values":{"view.zoom":Infinity}}',
        '{"do":"subscribe","topics":["everything"]}', '{"do":"subscribe","topics":[],"hz":1000}',
        '{"do":"set","values":{"view.zoom":1},"id":{"a":1}}',
        '{"do":"paint","strokes":[{"kind":"x"}]}',
    ],
)  # fmt: skip
def test_what_is_not_understood_is_answered_and_nothing_else_happens(stage, text):
    before = stage.show.store.snapshot.values
    with stage.client() as client:
        client.socket.send(text)
        assert client.until("refused")["text"]
        assert client.ask(do="unit", values={"look.hue": 0.5})["type"] == "done"
    stage.show.store.apply({"look.hue": before["look.hue"]}, origin="test", glide_s=0.0)
    assert stage.show.store.snapshot.values == before


def test_the_id_of_a_refused_message_comes_back(stage):
    with stage.client() as client:
        client.say(do="nothing", id="mine")
        assert client.until("refused")["id"] == "mine"
        client.say(do="set", values={"nope": 1}, id=7)
        refusal = client.until("refused")
        assert (refusal["id"], refusal["text"]) == (7, "There is no parameter 'nope'.")


def test_a_message_that_is_too_large_ends_its_client_only(stage):
    with stage.client("status") as other, stage.client() as client:
        with pytest.raises(ConnectionClosed):
            client.socket.send(json.dumps({"do": "set", "values": {"x": "y" * 1_000_000}}))
            for _ in range(100):
                client.hear()
        other.until("status")


def test_a_client_that_does_not_read_loses_values_but_not_the_last(stage):
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.connect(("127.0.0.1", stage.port))
    with (
        stage.client("parameters", hz=60) as quick,
        stage.client("parameters", hz=60, sock=sock, max_queue=1) as slow,
    ):
        seen, last = 0, ""
        for n in range(45):  # far more than the line between holds
            last = f"{n} " + "漢" * 390
            texts = {f"prompt.{k}.text": f"{last}{k}" for k in range(1, 9)}
            stage.show.store.apply(texts, origin="test")
            quick.until(
                "parameters", lambda m, n=n: m["values"]["prompt.1.text"].startswith(f"{n} ")
            )
            seen += 1
        late = 1
        while not slow.until("parameters")["values"]["prompt.8.text"].startswith("44 "):
            late += 1
    assert seen == 45
    assert late < 35, late


def test_previews_wait_until_they_are_seen(stage):
    with stage.client("program", "source", width="full", hz=60) as client:
        first = {client.hear()[0], client.hear()[0]}
        assert first == {1, 2}
        with pytest.raises(TimeoutError):
            client.hear(0.4)
        client.say(do="seen", picture="program")
        picture = client.hear()
        assert picture[:3] == b"\x01\xff\xd8"


def test_thumbnails_come_while_somebody_looks(stage, monkeypatch):
    monkeypatch.setattr("endlessdreams_cam.web.thumbs._LINGER_NS", 0)
    with stage.client("thumbs") as client:
        for name in ("prompt.1", "preset."):
            thumb = client.until("thumb", lambda m, n=name: m["of"].startswith(n), within_s=30)
            assert base64.b64decode(thumb["jpeg"])[:2] == b"\xff\xd8"
        assert any(worker.name == "thumbs" for worker in stage.show.stage.workers())
    until(lambda: all(worker.name != "thumbs" for worker in stage.show.stage.workers()), 12)


def test_a_control_is_learned_changed_and_kept_in_the_preset(stage):
    system = stage.show.controls._rack._system
    system.plug(KORG)
    turn = [(0xB0, 17, value) for value in (10, 20, 30)]
    with stage.client(*ALL) as client:
        rows = client.until("controls", lambda m: any(r["device"] for r in m.get("rows", ())))
        assert {"to": "dream.strength", "control": "knob.1"}.items() <= next(
            row for row in rows["rows"] if row["control"] == "knob.1" and not row["shift"]
        ).items()
        assert client.ask(do="learn", name="look.hue")["type"] == "done"
        client.until("learning", lambda m: m["name"] == "look.hue" and not m["heard"])
        for message in turn:
            system.play(KORG, *message)
        heard = client.until("learning", lambda m: m["heard"])
        assert heard["heard"]["control"] == "knob.2"
        change = {"range": [-10, 10], "curve": "exp", "pickup": "jump", "invert": True}
        answer = client.ask(do="bind", control="knob.2", to="look.hue", **change)
        assert answer["type"] == "done"
        rows = client.until("controls", lambda m: any(
            r["learned"] and r["curve"] == "exp" for r in m.get("rows", ())))["rows"]  # fmt: skip
        mine = [row for row in rows if row["control"] == "knob.2" and not row["shift"]]
        assert [{k: row[k] for k in change} for row in mine] == [change]
        system.play(KORG, 0xB0, 17, 127)
        client.until("parameters", lambda m: m["values"].get("look.hue") == -10)
        client.until("controls", lambda m: {"to": "look.hue", "control": "knob.2"}.items() <= (
            m.get("moved") or [{}])[0].items())  # fmt: skip
        assert client.ask(do="save", name="mapped")["bindings"] == 1
    kept = stage.show.library.load("mapped").bindings
    assert [(b.control, b.to, b.range, b.curve, b.pickup, b.invert) for b in kept][-1] == (
        "knob.2", "look.hue", (-10, 10), "exp", "jump", True,
    )  # fmt: skip
    assert stage.show.controls.hands.learned == ()


def test_a_lesson_ends_when_it_is_stopped(stage):
    with stage.client("learning") as client:
        client.ask(do="learn", name="look.hue")
        client.until("learning", lambda m: m["name"] == "look.hue")
        assert stage.show.controls.hands.lesson
        client.ask(do="stop_learning")
        client.until("learning", lambda m: m["name"] is None)
        assert stage.show.controls.hands.lesson is None
        assert client.ask(do="learn", name="look.nothing")["type"] == "refused"


def test_a_lesson_ends_with_the_client_that_began_it(stage):
    with stage.client("learning") as other:
        with stage.client() as client:
            assert client.ask(do="learn", name="look.hue")["type"] == "done"
            other.until("learning", lambda m: m["name"] == "look.hue")
        other.until("learning", lambda m: m["name"] is None)
        assert stage.show.controls.hands.lesson is None


def test_errors_from_before_are_in_the_status_and_no_news(stage):
    stage.show.note("test", "The old lamp is broken.")
    with stage.client("status", "events") as client:
        rows = client.until("status", lambda m: m["uptime_s"] > 0)["errors"]
        assert any(row["text"] == "The old lamp is broken." for row in rows)
        stage.show.note("test", "The new lamp is broken.")
        first = client.until("event", lambda m: m["event"] == "error")
        assert first["text"] == "test: The new lamp is broken."
