"""A panel of a real show in this process, and the simplest of clients."""

import contextlib
import http.client
import json
import os
import threading
import time

from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from endlessdreams_cam.frame import Size
from endlessdreams_cam.runtime.options import ShowOptions
from endlessdreams_cam.runtime.show import Show
from endlessdreams_cam.web import Address, Panel
from endlessdreams_cam.web.tokens import tokens

SMALL = {"size": Size(320, 180), "dream_size": Size(160, 90), "midi": "fault", "source": "pattern"}
ALL = ["parameters", "live", "status", "events", "waiting", "controls", "learning"]


class Stage:
    """The show, its panel, and the secrets."""

    def __init__(self, folder, **options):
        self.show = Show(ShowOptions(outputs=("null",), sets={"auto.on": "off"},
                                     **{**SMALL, **options}))  # fmt: skip
        self.show.open()
        self.panel = Panel(self.show, Address(port=0))
        self.row = self.panel.open()
        self.port = int(self.row.url.rpartition(":")[2])
        self.host = f"127.0.0.1:{self.port}"
        self.tokens = tokens(folder / "panel.json")
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._poll)
        self._thread.start()

    def close(self):
        self._end.set()
        self._thread.join()
        self.panel.close()
        self.show.close()

    def _poll(self):
        while not self._end.wait(0.1):
            self.show.poll()

    def base(self, name):
        return self.show.store.snapshot.values[name]

    def ask(self, method, path, body=None, *, token=True, **headers):
        """Send a request; return its status, headers and answer. None leaves a header out."""
        rows = {"host": self.host, "content-type": "application/json"}
        if token:
            rows["authorization"] = f"Bearer {self.tokens.play if token is True else token}"
        rows |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = json.dumps(body).encode() if isinstance(body, dict | list) else body
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with contextlib.closing(connection):
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            if data is not None:
                rows.setdefault("content-length", str(len(data)))
            for name, value in rows.items():
                for one in value if isinstance(value, list) else [value]:
                    if one is not None:
                        connection.putheader(name, one)
            connection.endheaders(data)
            answer = connection.getresponse()
            text = answer.read() if "mjpg" not in path or answer.status != 200 else b""
            return answer.status, dict(answer.headers), _read(text)

    def talk(self, **options):
        options = {"max_size": 2**24, "compression": None, "close_timeout": 0.5, **options}
        return connect(f"ws://{self.host}/ws", **options)

    @contextlib.contextmanager
    def client(self, *topics, token=None, sock=None, max_queue=16, **subscription):
        """A client that has said hello and subscribed; `say` and `until` come with it."""
        with self.talk(sock=sock, max_queue=max_queue) as socket:
            client = Client(socket)
            client.say(do="hello", token=token or self.tokens.play)
            client.hello = client.until("hello")
            if topics:
                client.say(do="subscribe", topics=topics, id="sub", **subscription)
                client.until("done")
            yield client


class Client:
    """A WebSocket with patience."""

    def __init__(self, socket):
        self.socket = socket

    def say(self, **message):
        self.socket.send(json.dumps(message))

    def hear(self, within_s=5.0):
        data = self.socket.recv(timeout=within_s)
        return data if isinstance(data, bytes) else json.loads(data)

    def until(self, kind, found=lambda message: True, within_s=8.0):
        """Return the first message of a kind that fulfils a condition."""
        deadline = time.monotonic() + within_s
        while (left := deadline - time.monotonic()) > 0:
            message = self.hear(left)
            if isinstance(message, dict) and message["type"] == kind and found(message):
                return message
        raise AssertionError(f"no {kind} came")

    def ask(self, **message):
        """Say something and return its answer."""
        self.last = number = f"{message.get('do')}-{time.monotonic_ns()}"
        self.say(**message, id=number)
        deadline = time.monotonic() + 8
        while time.monotonic() < deadline:
            heard = self.hear()
            if isinstance(heard, dict) and heard.get("id") == number:
                return heard
        raise AssertionError("no answer came")


def refused(stage, **options):
    """Open a WebSocket that must not open, and return the answer's status."""
    try:
        with stage.talk(**options):
            return None
    except InvalidStatus as error:
        return error.response.status_code


def closed_with(socket):
    """Wait for the server to close, and return the code."""
    try:
        while True:
            socket.recv(timeout=8)
    except ConnectionClosed as error:
        return error.rcvd.code if error.rcvd else None


def environment(monkeypatch, folder):
    """Give a show folders of its own."""
    for name, value in {
        "RUNTIME": folder / "run",
        "PRESETS": folder / "presets",
        "CONTROLLERS": folder / "controllers",
        "PANEL": folder / "panel.json",
        "OBS": folder / "obs.json",
    }.items():
        monkeypatch.setenv(f"ENDLESSDREAMS_{name}", os.fspath(value))


def _read(text):
    try:
        return json.loads(text)
    except ValueError:
        return text


def until(condition, within_s=8.0):
    """Wait until something holds, and return it."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not come to pass")
