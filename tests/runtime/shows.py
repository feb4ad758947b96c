"""A real show in a process of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from endlessdreams_cam.errors import NoShow
from endlessdreams_cam.runtime.post import call

ROOT = Path(__file__).parents[2]


class RunningShow:
    """`endlessdreams-cam run` with the options given, and what can be asked of it."""

    def __init__(self, folder, *options, wait=True, report_name="report.json", **popen):
        self.folder = folder
        self.report_path = folder / report_name
        self.environment = {
            **os.environ,
            "ENDLESSDREAMS_RUNTIME": str(folder / "run"),
            "ENDLESSDREAMS_PRESETS": str(folder / "presets"),
            "ENDLESSDREAMS_PANEL": str(folder / "panel.json"),
            "ENDLESSDREAMS_CONTROLLERS": str(folder / "controllers"),
            "ENDLESSDREAMS_OBS": str(folder / "obs.json"),
            "PYTHONPATH": str(ROOT),
            "COLUMNS": "200",
        }
        panel = () if "--panel" in options else ("--panel", "off")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "endlessdreams_cam", "run", "--headless",
             "--report", str(self.report_path), *panel, *options],
            cwd=folder, env=self.environment, text=True, start_new_session=True,
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **popen},
        )  # fmt: skip
        if wait:
            self.until(lambda s: s["output"]["first_dream_ns"])

    def begin(self, *words):
        """Start another command of the program beside it."""
        return subprocess.Popen(
            [sys.executable, "-m", "endlessdreams_cam", *words],
            cwd=self.folder, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def send(self, *words):
        return subprocess.run(
            [sys.executable, "-m", "endlessdreams_cam", "send", *words],
            cwd=self.folder, env=self.environment, text=True, capture_output=True, timeout=20,
        )  # fmt: skip

    def ask(self, **request):
        """Ask the show itself, as `send` does: no process is started for it."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("ENDLESSDREAMS_RUNTIME", self.environment["ENDLESSDREAMS_RUNTIME"])
            return call(request)

    def status(self):
        try:
            return self.ask(do="status")["status"]
        except NoShow:
            return None

    def until(self, condition, within_s=40.0):
        """Wait until the status fulfils a condition, and return it."""
        deadline = time.monotonic() + within_s
        status = None
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.process.communicate()
            status = self.status()
            if status and condition(status):
                return status
            time.sleep(0.1)
        raise AssertionError(f"it did not come to pass: {json.dumps(status)[:3000]}")

    def pid(self, name):
        rows = {row["name"]: row["pid"] for row in self.status()["workers"]}
        return next(pid for key, pid in rows.items() if key.startswith(name))

    def pids(self):
        return [row["pid"] for row in self.status()["workers"]]

    def shared_memory(self):
        pattern = f"edc-{self.process.pid}-*"
        return list(Path("/dev/shm").glob(pattern)) if Path("/dev/shm").is_dir() else []

    def end(self, number=signal.SIGTERM):
        """End it and return what it said; it must leave nothing behind."""
        pids = self.pids()
        self.process.send_signal(number)
        said = self.process.communicate(timeout=20)
        assert self.process.returncode == 0, said
        assert not self.shared_memory()
        left = [pid for pid in pids if psutil.pid_exists(pid)]
        assert not left, f"processes left: {left}"
        return said

    def report(self):
        return json.loads(self.report_path.read_text())


def texts(status, worker=""):
    """Return the errors of a worker, by the beginning of its name."""
    return [row["text"] for row in status["errors"] if row["worker"].startswith(worker)]
