import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from endlessdreams_cam.doctor import State, diagnose
from endlessdreams_cam.doctor.diagnosis import _collect


def child(code):
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)


def test_every_part_has_its_checks_and_a_lack_its_remedy():
    report = diagnose(limit_s=20)
    names = {check.name for check in report.checks}
    assert {"virtual camera", "camera", "MIDI", "GPU", "memory", "disk"} <= names
    for check in report.checks:
        assert check.state is State.OK or check.remedy, check


def test_a_probe_that_hangs_is_a_warning_that_blames_no_device_too_soon():
    (check,), devices = _collect("midi", child("import time; time.sleep(60)"), 0.05)
    assert (check.name, check.state, devices) == ("MIDI", State.WARNING, [])
    assert "the machine is busy, or" in check.text
    assert check.remedy.startswith("Run the doctor again")


@pytest.mark.parametrize("code", ["import os; os.abort()", "print('hello')"])
def test_a_probe_that_crashes_is_a_warning(code):
    (check,), _ = _collect("cameras", child(code), 20)
    assert (check.name, check.state) == ("camera", State.WARNING)


def test_what_a_driver_prints_does_not_matter():
    rows = {"checks": [], "devices": [{"kind": "MIDI", "label": "x", "words": "", "default": False,
                                       "note": ""}]}  # fmt: skip
    code = f"print('noise' + chr(30) + {json.dumps(rows)!r})"
    checks, (device,) = _collect("midi", child(code), 20)
    assert (checks, device.label) == ([], "x")


def test_the_doctor_asks_no_torch(tmp_path):
    (tmp_path / "torch.py").write_text("raise SystemExit('torch was imported')")
    done = subprocess.run(
        [sys.executable, "-m", "endlessdreams_cam", "doctor", "--json"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(Path.cwd())])},
        text=True, capture_output=True, timeout=30,
    )  # fmt: skip
    assert "torch was imported" not in done.stdout + done.stderr
    assert json.loads(done.stdout)
