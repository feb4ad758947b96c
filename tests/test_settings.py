import stat
import sys

import pytest

from endlessdreams_cam.settings import runtime_folder

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="other systems have no login folder"
)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.delenv("ENDLESSDREAMS_RUNTIME", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


@pytest.mark.parametrize("login", [None, "", "/no/such/folder"])
def test_without_a_login_the_running_show_lives_in_the_users_cache(home, monkeypatch, login):
    if login is None:
        monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    else:
        monkeypatch.setenv("XDG_RUNTIME_DIR", login)
    folder = runtime_folder()  # a warning, which platformdirs would give, fails this test
    assert folder == home / "cache" / "endlessdreams-cam" / "run"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_logins_own_folder_is_used(home, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home))
    assert runtime_folder() == home / "endlessdreams-cam"
