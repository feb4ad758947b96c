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


def test_names_fit_every_system():
    made = memory.make("snapshot", 10)
    assert len(made.name) <= 30
    memory.free(made, unlink=True)
