import os
import signal
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from endlessdreams_cam.frame import Pose, Size
from endlessdreams_cam.slots import FrameSlot


@pytest.fixture
def slot():
    made = FrameSlot.make("test", Size(64, 36))
    yield made
    made.close()


def picture(value, size=(36, 64)):
    return np.full((*size, 3), value, np.uint8)


def run(code, *arguments):
    """Start another process with the slot's class at hand."""
    program = "import numpy as np, sys\nfrom endlessdreams_cam.slots import FrameSlot\n"
    return subprocess.Popen(
        [sys.executable, "-c", program + textwrap.dedent(code), *arguments],
        stdout=subprocess.PIPE,
        text=True,
    )


def test_nothing_before_the_first_frame(slot):
    assert slot.read() is None
    assert slot.peek() is None


def test_a_frame_arrives_with_its_history(slot):
    reader = FrameSlot.attach(slot.name)
    pose = Pose(0.5, -0.25, 0.125, 12.0)
    slot.write(picture(7), captured_ns=11, rendered_ns=22, pose=pose, snapshot=33)
    frame = reader.read()
    assert (frame.pixels == 7).all()
    assert frame.pixels.flags.c_contiguous
    assert (frame.captured_ns, frame.rendered_ns, frame.pose, frame.snapshot) == (11, 22, pose, 33)
    reader.close()


def test_only_what_is_newer_is_read(slot):
    first = slot.write(picture(1))
    assert slot.read(after=first) is None
    slot.write(picture(2))
    slot.write(picture(3))
    assert (slot.read(after=first).pixels == 3).all()


def test_a_frame_that_was_read_is_not_touched_by_later_ones(slot):
    slot.write(picture(1))
    frame = slot.read()
    for value in range(2, 12):
        slot.write(picture(value))
    assert (frame.pixels == 1).all()


def test_sizes_may_change_from_frame_to_frame(slot):
    slot.write(picture(1))
    slot.write(picture(2, (20, 30)))
    assert slot.read().size == Size(30, 20)


def test_a_frame_too_large_is_refused_and_the_old_one_stays(slot):
    slot.write(picture(1))
    with pytest.raises(ValueError, match="does not fit"):
        slot.write(picture(2, (100, 100)))
    assert (slot.read().pixels == 1).all()


def test_a_reader_in_another_process_never_sees_a_mixed_picture(slot):
    slot.write(picture(0))
    reader = run(
        """
        slot = FrameSlot.attach(sys.argv[1]); torn = seen = last = 0
        print("ready", flush=True)
        while last < 3000:
            frame = slot.read(after=last)
            if frame is not None:
                last = frame.sequence; seen += 1
                torn += len(np.unique(frame.pixels)) > 1
        print(torn, seen)
        """,
        slot.name,
    )
    assert reader.stdout.readline().strip() == "ready"
    for n in range(3100):
        slot.write(picture(n % 256))
    torn, seen = map(int, reader.communicate(timeout=20)[0].split())
    assert torn == 0
    assert seen > 0


def test_a_writer_killed_in_the_middle_is_taken_over(slot):
    slot.write(picture(1))
    writer = run(
        """
        slot = FrameSlot.attach(sys.argv[1])
        k = (slot.sequence + 1) % 4
        slot._generations[k][0] = int(slot._generations[k][0]) | 1
        slot._pixels(k, 64, 36)[:18] = 99
        print("half", flush=True)
        sys.stdin.read()
        """,
        slot.name,
    )
    assert writer.stdout.readline().strip() == "half"
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    assert (slot.read().pixels == 1).all(), "the half picture was never published"
    slot.write(picture(5))
    assert (slot.read().pixels == 5).all()
    for value in range(6, 20):
        slot.write(picture(value))
        assert (slot.read().pixels == value).all()


def test_a_stopped_reader_holds_up_nobody(slot):
    reader = run(
        """
        import os, signal
        slot = FrameSlot.attach(sys.argv[1])
        while slot.read() is None: pass
        os.kill(os.getpid(), signal.SIGSTOP)
        """,
        slot.name,
    )
    slot.write(picture(1))
    os.waitpid(reader.pid, os.WUNTRACED)
    for value in range(2, 40):
        slot.write(picture(value))
    assert (slot.read().pixels == 39).all()
    reader.kill()
    reader.communicate()


def test_the_owner_ends_it_for_everybody(slot):
    slot.close()
    slot.close()
    with pytest.raises(FileNotFoundError):
        FrameSlot.attach(slot.name)
