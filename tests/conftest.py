"""What all tests share: real peers, and what to do where one is missing."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
REQUIRED = "ENDLESSDREAMS_REQUIRE_PEERS"


def missing(peer, remedy):
    """Skip a test for want of a peer, or fail it where peers are required (as in CI)."""
    said = f"{peer} is not here: {remedy}"
    if os.environ.get(REQUIRED):
        pytest.fail(said)
    pytest.skip(said)


@pytest.fixture(scope="session")
def realcam(tmp_path_factory):
    """Return a function that runs a bash script on a Linux with a real virtual camera.

    That is this machine if it has a loopback device, else the runner that ENDLESSDREAMS_REALCAM
    names. The function takes the script and a folder that the script may write to, and gives the
    finished process; the script finds the device's path in $DEVICE.
    """
    from endlessdreams_cam.sinks.virtualcam import list_devices

    own = list_devices()
    if own:
        return lambda script, folder: _bash([], script, folder, {"DEVICE": own[0].device})
    runner = os.environ.get("ENDLESSDREAMS_REALCAM")
    if not runner:
        missing(
            "a virtual camera",
            'sudo modprobe v4l2loopback video_nr=10 card_label="EndlessDreams Cam" '
            "exclusive_caps=1, or name a runner in ENDLESSDREAMS_REALCAM",
        )
    extra = _boots(runner, tmp_path_factory.mktemp("realcam"))
    return lambda script, folder: _bash(
        [runner, "-o", str(folder), "--"], script, folder, {"DEVICE": "/dev/video20", **extra}
    )


@pytest.fixture(scope="session")
def jack_server():
    """A JACK server of the tests' own."""
    from jack import REMEDY, Jack

    if not Jack.there():
        missing("JACK", REMEDY)
    server = Jack()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def jack(jack_server, monkeypatch):
    """Return the JACK server, on which this test's MIDI then is; see peers/jack.py."""
    for name, value in jack_server.environment.items():
        monkeypatch.setenv(name, value)
    return jack_server


@pytest.fixture
def controller(jack):
    """Return a function that plugs in a controller of a name, in a process of its own."""
    plugged = []

    def plug(name="nanoKONTROL2", **keywords):
        plugged.append(jack.controller(name, **keywords))
        return plugged[-1]

    yield plug
    for one in plugged:
        one.close()


def _bash(before, script, folder, extra):
    path = folder / "script.sh"
    # The guest needs no help with its own processes, and shows there are not this machine's.
    path.write_text(f"unset LD_PRELOAD\nexport ENDLESSDREAMS_RUNTIME=/tmp/edc-guest\n{script}")
    return subprocess.run(
        [*before, "bash", str(path)],
        cwd=HERE.parent, env={**os.environ, **extra, "PYTHONPATH": str(HERE.parent)},
        text=True, capture_output=True, timeout=170,
    )  # fmt: skip


def _boots(runner, folder):
    """Return what the runner needs in its environment on this processor."""
    if _says_hello(runner, {}):
        return {}
    compiler, library = shutil.which("gcc"), folder / "xstate.so"
    if compiler:
        source = HERE / "peers" / "xstate.c"
        subprocess.run(
            [compiler, "-O1", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True
        )
        extra = {"LD_PRELOAD": str(library)}
        if _says_hello(runner, extra):
            return extra
    missing("the virtual camera's runner", f"{runner} does not start on this machine")
    return {}


def _says_hello(runner, extra):
    done = subprocess.run(
        [runner, "--", "echo", "hello"],
        env={**os.environ, **extra}, text=True, capture_output=True, timeout=60,
    )  # fmt: skip
    return done.stdout.strip().endswith("hello")
