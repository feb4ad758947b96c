"""What becomes of a guest that hangs or dies, with a runner that boots nothing."""

import contextlib
import os
import sys
import time

import psutil
import pytest
from real_camera import GuestCamera, GuestLost

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the runner is Linux's own")

# Called with -o FOLDER -- COMMAND …; like a kernel, its guest leads a session of its own.
RUNNER = """\
#!/bin/bash
boot=$2
guest() {{ setsid --wait bash -c "echo \\$\\$ > $boot/pid; $1"; }}
lives() {{ guest "(while :; do date +%N > $boot/alive; sleep 0.1; done) & bash $boot/script.sh
    echo \\$? > $boot/ended; kill %1"; }}
hangs() {{ guest "echo 1 > $boot/alive; sleep 600 & wait"; }}
dies() {{ guest "echo panic"; }}
number=${{boot##*-}}
fates=({fates})
${{fates[number - 1]}}
"""


@pytest.fixture
def guest(tmp_path):
    def make(*fates):
        runner = tmp_path / "runner"
        runner.write_text(RUNNER.format(fates=" ".join(fates)))
        runner.chmod(0o755)
        return GuestCamera(runner, {}, silence_s=2.0)

    yield make
    sessions = {int(pid.read_text()) for pid in tmp_path.glob("boot-*/pid")}
    assert sessions
    # A beat's last `sleep` may outlive a guest that ended by itself.
    deadline = time.monotonic() + 1
    while left := [pid for pid in psutil.pids() if _runs(pid, sessions)]:
        assert time.monotonic() < deadline, f"processes of a guest are left: {left}"
        time.sleep(0.05)


def _runs(pid, sessions):
    with contextlib.suppress(ProcessLookupError, psutil.NoSuchProcess):
        return os.getsid(pid) in sessions and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def test_a_script_finds_what_it_needs_and_is_asked_how_it_went(guest, tmp_path):
    done = guest("lives").run('echo "$DEVICE"; echo hello > "$OUT/word"', tmp_path)
    assert (done.code, done.said) == (0, "/dev/video20\n")
    assert (done.out / "word").read_text() == "hello\n"


@pytest.mark.parametrize("fate", ["hangs", "dies"])
def test_a_lost_guest_is_booted_again_in_a_fresh_folder(guest, tmp_path, fate):
    done = guest(fate, "lives").run('ls "$OUT"; touch "$OUT/file"', tmp_path)
    assert (done.code, done.said) == (0, "")
    assert done.out.parent.name == "boot-2"


@pytest.mark.parametrize(("fate", "said"), [("hangs", "The guest hung"), ("dies", "died: panic")])
def test_a_guest_that_is_lost_three_times_is_given_up(guest, tmp_path, fate, said):
    with pytest.raises(GuestLost, match=said):
        guest(fate, fate, fate, "lives").run("true", tmp_path)
    assert len(list(tmp_path.glob("boot-*"))) == 3


def test_a_script_that_fails_is_not_tried_again(guest, tmp_path):
    assert guest("lives", "lives").run("exit 3", tmp_path).code == 3
    assert not (tmp_path / "boot-2").exists()


def test_a_script_that_hangs_on_a_guest_that_lives_is_not_tried_again(guest, tmp_path):
    with pytest.raises(TimeoutError):
        guest("lives", "lives").run("sleep 600", tmp_path, limit_s=2.0)
    assert not (tmp_path / "boot-2").exists()
