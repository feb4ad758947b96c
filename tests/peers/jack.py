"""A JACK server of our own, or ALSA, and controllers on it: real MIDI with no hardware."""

import contextlib
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from collections import deque
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

import psutil

HERE = Path(__file__).parent
REMEDY = "apt-get install jackd2; pip install python-rtmidi"


class Jack:
    """The server; `environment` is what its clients need."""

    carries_garbage = True

    def __init__(self):
        self._process = None
        self._said = deque(maxlen=40)
        self.environment = {}

    @staticmethod
    def there():
        # On Python 3.13 python-rtmidi is not installed by itself.
        return bool(shutil.which("jackd") and find_spec("rtmidi"))

    def start(self):
        """Start it, under another name if it does not come up: somebody's tests may have that one.

        All servers of a machine share a registry of eight names, in which those stay that were
        killed: so the names are few and always the same.
        """
        _sweep()
        for number in range(3):
            name = f"edc-tests-{number}"
            self.environment = {
                "JACK_NO_AUDIO_RESERVATION": "1",
                "JACK_NO_START_SERVER": "1",
                "JACK_DEFAULT_SERVER": name,
                "MIDO_BACKEND": "mido.backends.rtmidi/UNIX_JACK",
            }
            # Without -S messages are lost and change places.
            self._process = subprocess.Popen(
                ["jackd", "--no-realtime", "-S", "--name", name,
                 "-d", "dummy", "--rate", "48000", "--period", "64"],
                env={**os.environ, **self.environment},
                text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            )  # fmt: skip
            self._said.clear()
            threading.Thread(target=self._read, args=(self._process.stderr,)).start()
            with contextlib.suppress(AssertionError):
                wait_for(self._answers, 10)
                return
            self.stop()
        raise AssertionError("\n".join(["JACK's server does not start.", *self._said]))

    def _answers(self):
        asked = {**os.environ, **self.environment}
        try:
            done = subprocess.run(
                ["jack_lsp"], env=asked, capture_output=True, text=True, timeout=5
            )
        except subprocess.TimeoutExpired:
            return False  # a server of that name that stands still
        self._said.append(done.stderr)
        # Ours, not another's of that name: then this one has ended.
        return done.returncode == 0 and self._process.poll() is None

    def _read(self, lines):
        with lines:
            self._said.extend(line.rstrip() for line in lines)

    def stop(self):
        """Stop it; every client must have gone, since one that closes afterwards crashes."""
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def controller(self, name="nanoKONTROL2", *, plugged=True):
        return Controller(name, {**os.environ, **self.environment}, plugged=plugged)


def _sweep():
    """Remove what killed servers left if none lives: a full registry lets no other start."""
    gone = (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
    found = (process.info for process in psutil.process_iter(["name", "status"]))
    if any(row["name"] == "jackd" and row["status"] not in gone for row in found):
        return
    for path in Path("/dev/shm").glob("jack[-_]*"):
        with contextlib.suppress(OSError):
            path.unlink()


class Alsa:
    """ALSA's sequencer, where the system has one: nothing to start, the same controllers."""

    carries_garbage = False
    environment: ClassVar = {"MIDO_BACKEND": "mido.backends.rtmidi/LINUX_ALSA"}

    @staticmethod
    def there():
        return Path("/dev/snd/seq").exists() and bool(find_spec("rtmidi"))

    def start(self):
        pass

    def stop(self):
        pass

    def controller(self, name="nanoKONTROL2", *, plugged=True):
        return Controller(name, {**os.environ, **self.environment}, plugged=plugged)


class Controller:
    """peers/controller.py, and what it said."""

    def __init__(self, name, environment, *, plugged):
        self._process = subprocess.Popen(
            [sys.executable, HERE / "controller.py", name],
            env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self._answers = queue.Queue()
        self.lights = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._await("ready")
        if plugged:
            self.do("plug")

    def do(self, *words, within_s=30):
        """Give a command and wait until it is done."""
        self.begin(*words)
        self.end(*words, within_s=within_s)

    def begin(self, *words):
        self._process.stdin.write(" ".join(str(word) for word in words) + "\n")
        self._process.stdin.flush()

    def end(self, *words, within_s=30):
        self._await("done " + " ".join(str(word) for word in words), within_s)

    def close(self):
        """Let it unplug and end; it must have ended before the server does."""
        if self._process.poll() is None:
            try:
                self.begin("quit")
                self._process.wait(10)
            except (subprocess.TimeoutExpired, OSError):
                self._process.kill()
        self._process.wait()
        self._reader.join()
        self._process.stdin.close()
        self._process.stdout.close()

    def _await(self, answer, within_s=30):
        got = self._answers.get(timeout=within_s)
        assert got == answer, f"the controller said {got!r}, not {answer!r}"

    def _read(self):
        for line in self._process.stdout:
            word, *rest = line.split()
            if word == "light":
                self.lights.append(tuple(int(byte) for byte in rest))
            else:
                self._answers.put(line.strip())
        self._answers.put("")


def wait_for(condition, within_s=30.0):
    """Wait until a condition holds, and return what it gave."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError("it did not come to pass")
