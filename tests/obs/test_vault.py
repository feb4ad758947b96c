import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from missing import missing

from endlessdreams_cam.errors import DeviceError, DeviceMissing
from endlessdreams_cam.obs import vault

SECRET = "correct horse"
ACCOUNT = "ws://127.0.0.1:4455"


@pytest.fixture
def backend(tmp_path, monkeypatch):
    """Return a function that makes the child's keyring one of a module's text."""

    def make(text):
        (tmp_path / "ring.py").write_text(textwrap.dedent(text))
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(Path.cwd())]))
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "ring.Ring")

    return make


def test_a_system_without_a_keyring(monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    with pytest.raises(DeviceMissing, match="no keyring"):
        vault.store(ACCOUNT, SECRET, patience_s=30)


def test_a_keyring_that_keeps_passwords_in_clear_is_not_used(backend, tmp_path):
    backend(f"""
        from keyring.backend import KeyringBackend
        class Ring(KeyringBackend):
            priority = 1
            def set_password(self, *words):
                open({str(tmp_path / "clear")!r}, "w").write(repr(words))
            get_password = delete_password = set_password
    """)
    with pytest.raises(DeviceMissing, match="encrypts"):
        vault.store(ACCOUNT, SECRET, patience_s=30)
    assert not (tmp_path / "clear").exists()


def test_a_keyring_that_hangs_is_given_up(backend):
    backend("""
        import time
        class Ring:
            priority = 1
            def __init__(self):
                time.sleep(60)
    """)
    with pytest.raises(DeviceError, match="does not answer"):
        vault.read(ACCOUNT, patience_s=0.5)


def test_what_a_keyring_says_is_not_repeated(backend):
    backend(f"""
        class Ring:
            priority = 1
            def __init__(self):
                raise ValueError({SECRET!r})
    """)
    with pytest.raises(DeviceError) as refused:
        vault.read(ACCOUNT, patience_s=30)
    assert SECRET not in str(refused.value)


def test_a_real_keyring_keeps_gives_and_forgets(tmp_path):
    for tool in ("gnome-keyring-daemon", "dbus-run-session"):
        if not shutil.which(tool):
            missing("a keyring", "apt-get install gnome-keyring dbus")
    code = textwrap.dedent(f"""
        from endlessdreams_cam.obs import vault
        print(vault.read({ACCOUNT!r}, patience_s=30))
        vault.store({ACCOUNT!r}, {SECRET!r}, patience_s=30)
        print(vault.read({ACCOUNT!r}, patience_s=30))
        vault.forget({ACCOUNT!r}, patience_s=30)
        vault.forget({ACCOUNT!r}, patience_s=30)
        print(vault.read({ACCOUNT!r}, patience_s=30))
    """)
    unlock = 'echo login | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; "$@"'
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", unlock, "sh", sys.executable, "-c", code],
        env={**os.environ, "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path),
             "XDG_DATA_HOME": str(tmp_path), "PYTHONPATH": str(Path.cwd())},
        text=True, capture_output=True, timeout=50,
    )  # fmt: skip
    assert done.stdout.split("\n")[:3] == ["None", SECRET, "None"], done.stderr
