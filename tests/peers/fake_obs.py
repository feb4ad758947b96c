"""An OBS that answers what a test wants: it speaks obs-websocket 5, and badly where asked to."""

import base64
import contextlib
import hashlib
import itertools
import json
import socket
import threading
import time

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import serve

OFF = {"outputActive": False, "outputDuration": 0}
ANSWERS = {
    "GetVersion": {"obsVersion": "30.1.2", "platform": "linux"},
    "GetCurrentProgramScene": {"currentProgramSceneName": "Room"},
    "GetStreamStatus": OFF,
    "GetRecordStatus": {**OFF, "outputPaused": False},
    "GetStudioModeEnabled": {"studioModeEnabled": False},
    "GetVirtualCamStatus": OFF,
    "GetSourceActive": {"videoActive": False},
}


class FakeObs:
    """Listens on a port that stays its own.

    answers: what a request gets; refusals: code and comment instead; odd: what is done instead
    with a request's connection and id; none: requests that are not answered; greeting: what is
    sent in place of a Hello.
    """

    def __init__(self, password="", *, rpc=1):
        self.answers, self.refusals, self.odd, self.none = dict(ANSWERS), {}, {}, set()
        self.rpc, self.greeting, self.identify_code = rpc, None, 0
        self.asked, self.called, self.refused = [], [], 0
        self._connections, self._waiting = set(), []
        self._salts = itertools.count()
        self.change(password)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._server = serve(
            self._serve, sock=self._socket, compression=None, max_queue=1, max_size=None
        )
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def change(self, password):
        """Take another password, as OBS does: with a salt of its own."""
        self.password, self.salt = password, f"salt {next(self._salts)}"

    def stop(self):
        self._server.shutdown()
        for connection in tuple(self._connections):
            connection.socket.close()
        self._thread.join()

    def event(self, name, **data):
        for connection in tuple(self._connections):
            connection.send(json.dumps({"op": 5, "d": {"eventType": name, "eventData": data}}))

    def send(self, text):
        for connection in tuple(self._connections):
            connection.send(text)

    def drop(self, code=None):
        """End every connection, with a code or without a word."""
        for connection in tuple(self._connections):
            if code:
                connection.close(code)
            else:
                connection.socket.shutdown(socket.SHUT_RDWR)

    def answer_late(self):
        """Give the answers that were kept back, and all others again."""
        self.none.clear()
        waiting, self._waiting = self._waiting, []
        for connection, request in waiting:
            with contextlib.suppress(ConnectionClosed):
                self._answer(connection, request)

    def requests(self, name):
        return [data for asked, data in self.asked if asked == name]

    def _serve(self, connection):
        self.called.append(time.perf_counter())
        try:
            if self._let_in(connection):
                self._connections.add(connection)
                for text in connection:
                    self._answer(connection, json.loads(text)["d"])
        except (ConnectionClosed, OSError):
            pass
        finally:
            self._connections.discard(connection)

    def _let_in(self, connection):
        if self.greeting is not None:
            connection.send(self.greeting)
            return next(iter(connection), None) and False
        hello = {"obsWebSocketVersion": "5.3.3", "rpcVersion": self.rpc}
        if self.password:
            hello["authentication"] = {"salt": self.salt, "challenge": "a challenge"}
        connection.send(json.dumps({"op": 0, "d": hello}))
        said = json.loads(next(iter(connection)))["d"]
        if self.identify_code or (self.password and said["authentication"] != self._proof()):
            self.refused += 1
            connection.close(self.identify_code or 4009)
            return False
        connection.send(json.dumps({"op": 2, "d": {"negotiatedRpcVersion": 1}}))
        return True

    def _proof(self):
        secret = _digest((self.password + self.salt).encode())
        return _digest(secret + b"a challenge").decode()

    def _answer(self, connection, request):
        name, number = request["requestType"], request["requestId"]
        self.asked.append((name, request.get("requestData") or {}))
        if name in self.none:
            self._waiting.append((connection, request))
            return
        if name in self.odd:
            self.odd[name](connection, number)
            return
        code, comment = self.refusals.get(name, (100, ""))
        status = {"result": code == 100, "code": code}
        if code != 100:
            status["comment"] = comment
        found = {"requestType": name, "requestId": number, "requestStatus": status}
        if code == 100 and self.answers.get(name):
            found["responseData"] = self.answers[name]
        connection.send(json.dumps({"op": 7, "d": found}))


class RawHost:
    """Takes calls and sends bytes, whatever it is asked; endless: again and again."""

    def __init__(self, data=b"", *, endless=False):
        self._data, self._endless = data, endless
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.called = 0
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._run)]
        self._threads[0].start()

    def stop(self):
        self._ended.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for thread in self._threads:
            thread.join()

    def _run(self):
        while not self._ended.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.called += 1
            thread = threading.Thread(target=self._talk, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _talk(self, connection):
        with connection:
            try:
                connection.sendall(self._data)
                while not self._ended.wait(0.02):
                    connection.sendall(self._data if self._endless else b"")
            except OSError:
                return


def cut_short(connection, _number):
    """Begin an answer and hang up in the middle of it."""
    connection.socket.sendall(b"\x81\x7e\x10\x00" + b'{"op": 7, "d": {')
    connection.socket.shutdown(socket.SHUT_RDWR)


def _digest(data):
    return base64.b64encode(hashlib.sha256(data).digest())
