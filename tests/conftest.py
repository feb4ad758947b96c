"""What all tests share: real peers, and what to do where one is missing."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from missing import missing
from real_camera import GuestCamera, GuestLost, OwnCamera

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def xserver():
    """Return the display of an X server without a screen, 640x480."""
    if not shutil.which("Xvfb"):
        missing("an X server", "sudo apt install xvfb")
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-nolisten", "tcp", "-screen", "0", "640x480x24"],
        pass_fds=[writer], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writer)
    with os.fdopen(reader) as said:
        display = f":{said.readline().strip()}"
    yield display
    server.terminate()
    server.wait()


@pytest.fixture(scope="session")
def camera(tmp_path_factory):
    """Return a Linux with a real virtual camera.

    That is this machine if it has a loopback device, else the runner that ENDLESSDREAMS_REALCAM
    names.
    """
    from endlessdreams_cam.sinks.virtualcam import list_devices

    own = list_devices()
    if own:
        return OwnCamera(own[0].device)
    runner = os.environ.get("ENDLESSDREAMS_REALCAM")
    if not runner:
        missing(
            "a virtual camera",
            'sudo modprobe v4l2loopback video_nr=10 card_label="EndlessDreams Cam" '
            "exclusive_caps=1, or name a runner in ENDLESSDREAMS_REALCAM",
        )
    return _guest(Path(runner), tmp_path_factory.mktemp("camera"))


@pytest.fixture(scope="session")
def jack_server():
    """A JACK server of the tests' own; ALSA instead where ENDLESSDREAMS_TEST_MIDI says so."""
    from jack import REMEDY, Alsa, Jack

    system = Alsa if os.environ.get("ENDLESSDREAMS_TEST_MIDI") == "alsa" else Jack
    if not system.there():
        missing(system.__name__, REMEDY)
    server = system()
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


@pytest.fixture
def realcam(camera, tmp_path):
    """Return a function that runs a bash script on a Linux with a real virtual camera.

    It gives the script's exit code, what it said and the folder that the script finds in $OUT; the
    device's path is in $DEVICE. limit_s is how long the script may take (150).
    """

    def run(script, **limits):
        try:
            return camera.run(script, tmp_path, **limits)
        except GuestLost as error:
            missing("the virtual camera", f"the runner's kernel does not live: {error}")

    return run


@pytest.fixture(scope="session")
def obs(tmp_path_factory):
    """Return a real OBS Studio without a screen; see peers/obs.py."""
    from obs import REMEDY, Obs

    if not Obs.there():
        missing("OBS Studio", REMEDY)
    peer = Obs(tmp_path_factory.mktemp("obs"))
    try:
        peer.start()
        yield peer
    finally:
        peer.stop()


def _guest(runner, folder):
    """Return the runner's guest, started in the way that this processor needs."""
    try:
        plain = GuestCamera(runner, {})
        plain.run("true", folder / "plain")
        return plain
    except GuestLost as error:
        why = error
    compiler, library = shutil.which("gcc"), folder / "xstate.so"
    if not compiler:
        missing("a C compiler", f"sudo apt install gcc, because the runner says: {why}")
    source = HERE / "peers" / "xstate.c"
    subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return GuestCamera(runner, {"LD_PRELOAD": str(library)})
