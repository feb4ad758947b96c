"""Workers for the tests of supervision: each does one thing to its supervisor."""

import os
import sys
import threading
import time

from endlessdreams_cam.runtime.statuses import State, ViewerStatus


def live(life, job):
    """Say that it lives, with the job as its label, until the end."""
    while not life.stopping:
        life.beat()
        life.tell(lambda: ViewerStatus(state=State.LIVE, label=str(job), trouble=life.trouble))
        life.pause(0.02)


def standby(life, job):
    life.tell(lambda: ViewerStatus(state=State.STANDBY), now=True)
    if life.wait_for_go():
        life.tell(lambda: ViewerStatus(state=State.LIVE, label="gone"), now=True)
        live(life, "gone")


def raises(life, job):
    raise ValueError("this worker raises on purpose")


def dies(life, job):
    os._exit(7)


def hangs(life, job):
    """Hold the GIL for ever, as a driver's call may."""
    life.tell(lambda: ViewerStatus(state=State.LIVE), now=True)
    life.beat()
    time.sleep(0.1)
    (1 << 10_000_000_000).bit_length() if job == "gil" else threading.Event().wait()


def deaf(life, job):
    """Never look whether it should end, but give signs of life."""
    while True:
        life.beat()
        life.tell(lambda: ViewerStatus(state=State.LIVE))
        time.sleep(0.05)


def troubled(life, job):
    life.note(ValueError("a cable is loose"))
    live(life, job)


def tries(life, job):
    """Look for a device three times in vain, find it, lose it and look in vain once more."""
    missing = ValueError("the cable is not there")
    for _ in range(3):
        life.note(missing)
    life.recover()
    life.note(ValueError("the cable fell out"))
    life.note(missing)
    live(life, job)


def chatty(life, job):
    """Print as a driver's library does, past Python."""
    sys.stdout.write("printed\n")
    sys.stdout.flush()
    os.write(2, b"written\n")
    live(life, job)
