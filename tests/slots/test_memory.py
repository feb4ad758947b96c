import os
import subprocess
import sys
from pathlib import Path

import pytest

from endlessdreams_cam.errors import NoRoom
from endlessdreams_cam.slots import check_room, memory, remove_leftovers

pytestmark = pytest.mark.skipif(
    not Path("/dev/shm").is_dir(), reason="this system does not show its shared memory"
)


def test_what_a_dead_show_left_is_removed_and_the_living_keep_theirs():
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    dead = Path(f"/dev/shm/edc-{ended.pid}-source-abcdef")
    dead.write_bytes(b"left")
    mine = memory.make("mine", 100)
    foreign = Path("/dev/shm/edc-not-ours")
    foreign.write_bytes(b"")
    try:
        removed = remove_leftovers()
        assert dead.name in removed
        assert not dead.exists()
        assert foreign.exists()
        memory.attach(mine.name).close()
    finally:
        foreign.unlink()
        memory.free(mine, unlink=True)


def test_too_little_room_is_said_before_anything_is_made():
    check_room(1024)
    with pytest.raises(NoRoom, match="MB left"):
        check_room(1 << 50)


def test_a_block_has_its_memory_from_the_start():
    made = memory.make("mine", 3_000_000)
    held = Path(f"/dev/shm/{made.name}").stat().st_blocks * 512
    memory.free(made, unlink=True)
    assert held >= 3_000_000


def test_a_block_that_does_not_fit_leaves_nothing(monkeypatch):
    def full(_handle, _start, _length):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(memory.os, "posix_fallocate", full)
    with pytest.raises(NoRoom, match="No space left"):
        memory.make("toobig", 3_000_000)
    assert not list(Path("/dev/shm").glob(f"edc-{os.getpid()}-toobig-*"))


def test_names_fit_every_system():
    made = memory.make("snapshot", 10)
    assert len(made.name) <= 30
    memory.free(made, unlink=True)
