"""`obs setup` through the virtual camera: a real OBS reads a real v4l2loopback device."""

import re
import sys
import textwrap
from pathlib import Path

import pytest
from missing import missing
from obs import REMEDY, Obs

# A script has 150 s; the rest is for a guest that must be booted again.
pytestmark = [pytest.mark.realcam, pytest.mark.obs, pytest.mark.timeout(400)]

ROOT = Path(__file__).parents[2]

# A guest has one processor for the show and OBS: both are small, and the engine does nothing.
WHOLE = """
    import os, subprocess, sys
    from pathlib import Path
    from obs import Obs

    home = Path(sys.argv[1])
    own = {"OBS": "obs.json", "PANEL": "panel.json", "RUNTIME": "run", "PRESETS": "presets"}
    os.environ.update({f"ENDLESSDREAMS_{name}": str(home / path) for name, path in own.items()},
                      HOME=str(home), XDG_CONFIG_HOME=str(home / ".config"), COLUMNS="300")
    program = [sys.executable, "-m", "endlessdreams_cam"]
    show = subprocess.Popen(
        [*program, "run", "--headless", "--device", os.environ["DEVICE"], "--size", "320x180",
         "--fps", "15", "--source", "pattern", "--engine", "fault:slow", "--midi", "off",
         "--obs", "off", "--set", "dream.rate=1", "--set", "program.cut=source"])
    peer = Obs(home)
    try:
        peer.start()
        for words in (["connect", "--use-obs-settings"], ["setup", "--route", "camera"]):
            subprocess.run([*program, "obs", *words], check=True)
    finally:
        show.terminate()
        show.wait()
        peer.stop()
"""


def test_obs_shows_the_device_that_the_show_writes_to(realcam, tmp_path):
    if not Obs.there():
        missing("OBS Studio", REMEDY)
    script = tmp_path / "whole.py"
    script.write_text(textwrap.dedent(WHOLE))
    done = realcam(
        f"export PYTHONPATH={ROOT}:{ROOT}/tests/peers; home=$(mktemp -d);"
        f' {sys.executable} {script} "$home"'
    )
    assert done.code == 0, done.said
    assert "the virtual camera /dev/video" in done.said
    assert re.search(r"Sync Offset: \d+ ms", done.said)
