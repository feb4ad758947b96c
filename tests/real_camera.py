"""A Linux with a real virtual camera: this machine, or a guest kernel that a runner boots."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
_POLL_S = 0.2
_POWER_OFF_S = 10.0

# Between beats it waits on a pipe that nobody writes to: a `sleep` would be a new process every
# second, which costs the guest's one processor more than the beat itself.
_GUEST = """\
unset LD_PRELOAD
export ENDLESSDREAMS_RUNTIME=/tmp/edc-guest
mkfifo /run/never && exec 9<>/run/never
while :; do echo $((++beat)) > "{boot}/alive"; read -rt 1 -u 9; done &
bash "{boot}/script.sh"
echo $? > "{boot}/ended"
"""


class GuestLost(Exception):
    """The guest's kernel hung or died, time and again: this says nothing of what ran in it."""


@dataclass(frozen=True, slots=True)
class Done:
    """How a script ended, what it printed, and the folder that it found in $OUT."""

    code: int
    said: str
    out: Path


class OwnCamera:
    """This machine's own loopback device."""

    module = None

    def __init__(self, device):
        self._device = device

    def run(self, script, folder, limit_s=150.0):
        """Run a bash script, which finds the device in $DEVICE and may write to $OUT."""
        boot = _prepare(folder / "run", script)
        environment = {"DEVICE": self._device, "ENDLESSDREAMS_RUNTIME": str(boot / "runtime")}
        process = _start(["bash", boot / "script.sh"], boot, environment)
        try:
            code = process.wait(limit_s)
        finally:
            _end(process)
        return Done(code, (boot / "said").read_text(), boot / "out")


class GuestCamera:
    """The device of a guest kernel (User Mode Linux), which boots anew for every script.

    module is the guest's v4l2loopback. A guest that gives no sign of life for silence_s, or that
    ends before its script has, is booted again, at most `boots` times in all. What the script
    does is never tried again.
    """

    def __init__(self, runner, environment, *, silence_s=30.0, boots=3):
        self.module = runner.parent / "v4l2loopback.ko"
        self._runner = runner
        self._environment = {**environment, "DEVICE": "/dev/video20", "MODULE": str(self.module)}
        self._silence_s = silence_s
        self._boots = boots

    def run(self, script, folder, limit_s=150.0):
        """Run a bash script, which finds the device in $DEVICE and may write to $OUT.

        Raises GuestLost, and TimeoutError for a script that does not end on a guest that lives.
        """
        lost = []
        for number in range(1, self._boots + 1):
            boot = _prepare(folder / f"boot-{number}", script)
            (boot / "guest.sh").write_text(_GUEST.format(boot=boot))
            why = self._boot(boot, limit_s)
            said = _read(boot / "said")
            if not why:
                return Done(_ended(boot), said, boot / "out")
            lost.append(f"{why}: {said[-2000:]}")
        raise GuestLost("\n".join(lost))

    def _boot(self, boot, limit_s):
        """Run the prepared script; return why the guest was lost, "" if it was not."""
        command = [*_on_one_processor(), self._runner, "-o", boot, "--", "bash", boot / "guest.sh"]
        runner = _start(command, boot, self._environment)
        try:
            return self._watch(runner, boot, limit_s)
        finally:
            _end(runner)
            sys.stdout.write(_read(boot / "said"))  # pytest shows it where a test fails

    def _watch(self, runner, boot, limit_s):
        begun = heard = time.monotonic()
        beat = ""
        while runner.poll() is None and _ended(boot) is None:
            now = time.monotonic()
            if beat != (beat := _read(boot / "alive")):
                heard = now
            if now - heard > self._silence_s:
                return f"The guest hung after {heard - begun:.0f} s"
            if now - begun > limit_s:
                raise TimeoutError(f"the script runs after {limit_s:g} s: see {boot}")
            time.sleep(_POLL_S)
        with contextlib.suppress(subprocess.TimeoutExpired):
            runner.wait(_POWER_OFF_S)
        return "" if _ended(boot) is not None else "The guest died"


def _prepare(boot, script):
    (boot / "out").mkdir(parents=True)
    (boot / "script.sh").write_text(script)
    return boot


def _start(command, boot, environment):
    with (boot / "said").open("w") as said:
        return subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
            env={**os.environ, "PYTHONPATH": str(ROOT), "OUT": str(boot / "out"), **environment},
            start_new_session=True,
        )  # fmt: skip


def _on_one_processor():
    """Return what gives a command one processor, and before others where this user may.

    The guest's kernel and its processes are processes here that wake each other at every system
    call, and each wake-up may queue behind another program. On two processors, both busy, 4 to 7 %
    of the program's frames came late; on one up to 4 %; on one and before others none.
    """
    one = ["taskset", "-c", str(max(os.sched_getaffinity(0)))]
    before = ["chrt", "--rr", "1"]
    may = subprocess.run([*before, "true"], capture_output=True).returncode == 0
    return [*before, *one] if may else one


def _end(process):
    """End a process and all that came of it, and let the runner clear up behind its guest."""
    # The guest's kernel leads a session of its own: ending the runner's would leave it running.
    for session in _sessions(process) - {process.pid}:
        _kill(session)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(5)
    _kill(process.pid)
    process.wait()


def _sessions(process):
    with contextlib.suppress(psutil.NoSuchProcess):
        parts = psutil.Process(process.pid).children(recursive=True)
        return {session for part in parts if (session := _session(part.pid))}
    return set()


def _session(pid):
    with contextlib.suppress(ProcessLookupError):
        return os.getsid(pid)
    return None


def _kill(group):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def _ended(boot):
    """Return the script's exit code, None while it runs."""
    text = _read(boot / "ended").strip()
    return int(text) if text else None


def _read(file):
    try:
        return file.read_text(errors="replace")
    except OSError:
        return ""
