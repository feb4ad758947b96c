"""Lint, format, types and layers are part of the one test command."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(*command):
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, timeout=240
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("command", [("ruff", "check", "."), ("ruff", "format", "--check", ".")])
def test_lint(command):
    code, said = run(*command)
    assert code == 0, said


@pytest.mark.timeout(240)
def test_types():
    code, said = run("mypy")
    assert code == 0, said


def test_layers():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True
    )
    assert "3 kept, 0 broken" in done.stdout, done.stdout


def test_every_package_travels_in_the_wheel():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    listed = set(project["tool"]["setuptools"]["packages"])
    found = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for path in (ROOT / "endlessdreams_cam").rglob("__init__.py")
    }
    assert listed == found | {"endlessdreams_cam.shipped_presets"}


def test_importing_the_package_is_light():
    code = (
        "import sys, endlessdreams_cam.cli.main, endlessdreams_cam.cli.send;"
        "heavy = {'torch', 'diffusers', 'cv2', 'numpy', 'typer', 'mido', 'pyvirtualcam'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
