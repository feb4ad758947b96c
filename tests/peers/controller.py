"""A MIDI controller in a process of its own: `controller.py NAME`, on JACK or as MIDO_BACKEND says.

Commands on the standard input: plug, unplug, cc CHANNEL NUMBER VALUE, note CHANNEL NUMBER VELOCITY,
bytes B B …, clock BPM TICKS, flood RATE SECONDS, quit. Every command answers with one line; what
arrives (lights) is a line "light B B …".
"""

import os
import queue
import sys
import threading
import time

import rtmidi

API = getattr(rtmidi, f"API_{os.environ['MIDO_BACKEND'].partition('/')[2]}")


class Controller:
    """Polls for its lights: a callback would wait for the interpreter while a port is closed."""

    def __init__(self, name):
        self.name = name
        self.out = self.into = None
        self.ending = False
        self._reading = threading.Lock()
        threading.Thread(target=self._read, daemon=True).start()

    def plug(self):
        self.out = rtmidi.MidiOut(API, self.name)
        self.out.open_virtual_port("CTRL")
        into = rtmidi.MidiIn(API, self.name, queue_size_limit=16384)
        into.open_virtual_port("CTRL")
        with self._reading:
            self.into = into

    def unplug(self):
        with self._reading:
            into, self.into = self.into, None
        if into:
            for port in (into, self.out):
                port.close_port()
                port.delete()
        self.out = None

    def _read(self):
        while True:
            with self._reading:
                while self.into and (message := self.into.get_message()):
                    say("light", *message[0])
            time.sleep(0.001)

    def bytes(self, *data):
        self.out.send_message(list(data))

    def cc(self, channel, number, value):
        self.bytes(0xB0 | channel - 1, number, value)

    def note(self, channel, number, velocity):
        self.bytes(0x90 | channel - 1, number, velocity)

    def clock(self, bpm, ticks):
        beginning = time.perf_counter()
        for tick in range(int(ticks)):
            sleep_until(beginning + tick * 60 / bpm / 24)
            self.bytes(0xF8)

    def flood(self, rate, seconds):
        """Send faders, a knob, an encoder's ticks and a button's edges in turn."""
        beginning, sent, whole = time.perf_counter(), 0, int(rate * seconds)
        while sent < whole and not self.ending:
            due = min(int((time.perf_counter() - beginning) * rate), whole)
            for number in range(sent, due):
                self._flood(number)
            sent = due
            time.sleep(0.001)

    def _flood(self, number):
        turn, kind = divmod(number, 4)
        match kind:
            case 0:
                self.cc(1, turn % 8, turn % 128)
            case 1:
                self.cc(1, 16, turn % 128)
            case 2:
                self.cc(1, 100, 1 if turn % 3 else 127)
            case 3:
                self.cc(1, 41, 0 if turn % 2 else 127)


def sleep_until(moment):
    time.sleep(max(moment - time.perf_counter(), 0))


def say(*words):
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def main():
    controller, commands = Controller(sys.argv[1]), queue.SimpleQueue()
    threading.Thread(target=play, args=(controller, commands)).start()
    say("ready")
    for line in sys.stdin:
        if line.strip() == "quit":
            break
        commands.put(line.strip())
    controller.ending = True
    commands.put("")


def play(controller, commands):
    while line := commands.get():
        command, *numbers = line.split()
        getattr(controller, command)(*(float(n) if "." in n else int(n) for n in numbers))
        say("done", line)
    controller.unplug()


main()
