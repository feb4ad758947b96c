"""Runs all probes at once, those of devices each in a child with a limit."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass

from endlessdreams_cam import clock
from endlessdreams_cam.doctor import probes
from endlessdreams_cam.doctor.check import Check, Device, State

LIMIT_S = 1.5
"""How long a probe may take."""

_PROBES = {
    "virtual_camera": "virtual camera", "cameras": "camera", "midi": "MIDI", "gpu": "GPU",
    "obs": "OBS",
}  # fmt: skip
"""The devices' probes, and the names of their checks."""
_ANSWER = "\x1e"  # before the answer: libraries may print before it


@dataclass(frozen=True, slots=True)
class Report:
    """All checks and devices of this machine."""

    checks: tuple[Check, ...]
    devices: tuple[Device, ...]

    @property
    def can_go_on_air(self) -> bool:
        """Whether a show can go on air through a real virtual camera."""
        named = {check.name: check.state for check in self.checks}
        return named.get("virtual camera") is State.OK


def diagnose(limit_s: float = LIMIT_S) -> Report:
    """Ask every probe; one that hangs or crashes is a warning of its own."""
    code = "import sys; from endlessdreams_cam.doctor.diagnosis import answer; answer(sys.argv[1])"
    children = {
        name: subprocess.Popen(
            [sys.executable, "-c", code, name],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )
        for name in _PROBES
    }  # fmt: skip
    deadline = clock.now_ns() + clock.to_ns(limit_s)
    machine, _ = probes.machine()  # asks no device
    checks: list[Check] = []
    devices: list[Device] = []
    for name, child in children.items():
        found = _collect(name, child, max(clock.seconds(deadline - clock.now_ns()), 0.01))
        checks += found[0]
        devices += found[1]
    return Report((*checks, *machine), tuple(devices))


def answer(name: str) -> None:
    """Run one probe and print what it found: the child's side."""
    checks, devices = getattr(probes, name)()
    rows = {"checks": [asdict(c) for c in checks], "devices": [asdict(d) for d in devices]}
    sys.stdout.write(_ANSWER + json.dumps(rows))


def _collect(name: str, child: subprocess.Popen[str], limit_s: float) -> probes.Found:
    label = _PROBES[name]
    try:
        said, _ = child.communicate(timeout=limit_s)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        text = f"no answer within {LIMIT_S:g} s: the machine is busy, or a device or driver hangs"
        remedy = "Run the doctor again; if it stays, unplug the device and plug it in again."
        return [Check(label, State.WARNING, text, remedy)], []
    if _ANSWER not in said:
        text = f"the probe ended with code {child.returncode}"
        return [Check(label, State.WARNING, text, "A driver may be broken: update it.")], []
    rows = json.loads(said.rpartition(_ANSWER)[2])
    checks = [Check(c["name"], State(c["state"]), c["text"], c["remedy"]) for c in rows["checks"]]
    return checks, [Device(**row) for row in rows["devices"]]
