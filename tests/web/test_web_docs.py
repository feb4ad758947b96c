"""The examples of docs/api.md, run as they stand."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
PLAIN = "STATUS="


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", DOCS, re.DOTALL | re.MULTILINE)


def run(stage, *command):
    environment = {**os.environ, "URL": f"http://{stage.host}", "TOKEN": stage.tokens.play}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30)


@pytest.mark.parametrize("script", [block for block in blocks("sh") if PLAIN not in block])
def test_requests(stage, script):
    done = run(stage, "bash", "-euc", script)
    assert done.returncode == 0, done.stderr
    assert stage.base("look.hue") == 40
    assert stage.show.store.snapshot.preset == "aurora"
    assert not stage.show.desk.latched


def test_following_the_show(stage):
    stage.show.store.apply({"view.zoom": 1.0}, origin="test", glide_s=0.0)
    script = next(block for block in blocks("python") if "asyncio.run" in block)
    done = run(stage, sys.executable, "-c", script)
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert said[0].startswith("version")
    assert said[-1] in ("zoom 2", "zoom 2.0")
    assert len(said) > 4


def test_touchdesigners_callbacks(stage):
    """The callbacks themselves, with a DAT of our own: they are sent and told the right things."""
    script = next(block for block in blocks("python") if "onConnect" in block)
    stored = {}

    class Component:
        def __init__(self):
            self.par = self.Token = self

        def eval(self):
            return stage.tokens.play

        def store(self, name, value):
            stored[name] = value

    names = {"parent": Component}
    exec(script, names)
    with stage.talk() as socket:

        class Dat:
            sendText = staticmethod(socket.send)

        names["onConnect"](Dat)
        names["onReceiveText"](Dat, 0, socket.recv(timeout=5))
        assert len(stored) > 100
        stage.show.store.apply({"look.hue": 77.0}, origin="test")
        while stored["look.hue"] != 77:
            names["onReceiveText"](Dat, 0, socket.recv(timeout=5))


def test_every_message_and_route_is_in_the_docs(stage):
    from endlessdreams_cam.web import messages

    for kind in messages.Message.__subclasses__():
        word = kind.model_fields["do"].annotation.__args__[0]
        assert f'"do":"{word}"' in DOCS or f"`{word}`" in DOCS, word
    for path in stage.ask("GET", "/api/openapi.json")[2]["paths"]:
        assert path.partition("{")[0].rstrip("/") in DOCS, path
