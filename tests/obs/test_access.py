import json
import os
import socket

import pytest

from endlessdreams_cam.errors import SettingError
from endlessdreams_cam.obs import access, installation, vault
from endlessdreams_cam.obs.access import Access, Kept
from endlessdreams_cam.obs.login import find_login
from endlessdreams_cam.obs.places import Place

SECRET = "correct horse"
HERE = (Place.ENVIRONMENT, Place.OBS, Place.FILE)
"""The places that need no child process."""


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("ENDLESSDREAMS_OBS", str(tmp_path / "obs.json"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / ".config"))
    monkeypatch.delenv(access.ENVIRONMENT, raising=False)
    return tmp_path


def write_file(home, mode=0o600, text=SECRET):
    path = home / "obs-password"
    path.write_text(text)
    path.chmod(mode)
    return path


def write_obs(home, *, port=4455, password=SECRET, auth=True):
    folder = home / ".config/obs-studio/plugin_config/obs-websocket"
    folder.mkdir(parents=True)
    row = {"server_enabled": True, "server_port": port, "server_password": password,
           "auth_required": auth}  # fmt: skip
    (folder / "config.json").write_text(json.dumps(row))


def test_the_environment_comes_first(home, monkeypatch):
    write_file(home, text="another")
    monkeypatch.setenv(access.ENVIRONMENT, SECRET)
    found = access.find(places=HERE)
    assert (found.password, found.url) == (SECRET, access.URL)
    assert "environment" in found.origin


def test_a_file_of_ones_own_is_read(home):
    path = write_file(home, text=f"{SECRET}\n")
    found = access.find(places=HERE)
    assert (found.password, found.origin) == (SECRET, f"the file {path}")


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such rights")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o622])
def test_a_file_that_others_can_read_is_refused(home, mode):
    path = write_file(home, mode)
    with pytest.raises(SettingError) as refused:
        access.find(places=HERE)
    assert f"chmod 600 {path}" in refused.value.remedy
    assert SECRET not in str(refused.value)


def test_no_password_anywhere():
    assert access.find(places=HERE) == Access(access.URL)


def test_obs_own_settings_are_read_only_when_that_is_allowed(home):
    write_obs(home, port=4460)
    assert access.find(places=HERE).password == ""
    found = access.find(places=HERE, may_read_obs=True)
    assert (found.url, found.password) == ("ws://127.0.0.1:4460", SECRET)


def test_leave_once_given_lasts_and_follows_obs(home):
    write_obs(home, port=4460)
    access.save(Kept("ws://127.0.0.1:4455", read_obs=True))
    assert access.find(places=HERE).url == "ws://127.0.0.1:4460"


def test_obs_own_password_goes_to_no_other_address(home):
    write_obs(home)
    for url in ("ws://studio:4455", "ws://127.0.0.1:4456"):
        assert access.find(url, places=HERE, may_read_obs=True).password == ""


def test_what_is_kept_holds_no_password(home, monkeypatch):
    monkeypatch.setenv(access.ENVIRONMENT, SECRET)
    access.save(Kept(access.find("ws://studio:4456", places=HERE).url))
    assert SECRET not in (home / "obs.json").read_text()
    assert access.find(places=HERE).url == "ws://studio:4456"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"url": 3}', '{"url": "http://x"}', "\x00"])
def test_a_broken_memory_is_no_memory(home, text):
    (home / "obs.json").write_text(text)
    assert access.load() == Kept()


def test_a_password_is_in_no_representation():
    assert SECRET not in repr(Access("ws://x", SECRET, "the keyring"))


def test_a_bad_address_is_refused_before_a_password_is_looked_for():
    with pytest.raises(SettingError):
        access.find("studio:4455", places=HERE)


INI = (
    "\ufeff[General]\nA=%d\n[OBSWebSocket]\nServerEnabled={}\nServerPort=4477\n"
    "AuthRequired={}\nServerPassword=p%w\n"
)


@pytest.mark.parametrize(
    ("enabled", "auth", "wanted"), [("true", "true", "p%w"), ("false", "false", "")]
)
def test_the_older_file_of_obs(tmp_path, enabled, auth, wanted):
    (tmp_path / "global.ini").write_text(INI.format(enabled, auth), encoding="utf-8")
    found = installation.server_settings([tmp_path])
    assert (found.enabled, found.port, found.password) == (enabled == "true", 4477, wanted)
    assert "p%w" not in repr(found)


def test_of_two_obs_the_one_used_last(tmp_path):
    for name, port, age in (("a", 1111, 100), ("b", 2222, 50)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "global.ini").write_text(f"[OBSWebSocket]\nServerPort={port}\n")
        os.utime(folder / "global.ini", (10**9 - age, 10**9 - age))
    found = installation.server_settings([tmp_path / "a", tmp_path / "b", tmp_path / "none"])
    assert found.port == 2222


@pytest.mark.parametrize("text", ["", "[", "[OBSWebSocket]\nServerPort=many", "\x00\x01"])
def test_a_broken_file_of_obs_is_none(tmp_path, text):
    (tmp_path / "global.ini").write_text(text)
    assert installation.server_settings([tmp_path]) is None


def test_the_keyring_is_asked_for_the_address(monkeypatch):
    asked = []

    def read(account, *, patience_s):
        asked.append(account)
        return SECRET

    monkeypatch.setattr(vault, "read", read)
    found = access.find("ws://studio:4455")
    assert (found.password, found.origin, asked) == (SECRET, "the keyring", ["ws://studio:4455"])


def test_a_show_looks_for_obs_only_where_somebody_connected(home, monkeypatch):
    monkeypatch.setattr(vault, "read", lambda account, *, patience_s: None)
    assert find_login() is None
    write_file(home)
    access.save(Kept("ws://studio:4456"))
    login = find_login()
    assert (login.url, login.password()) == ("ws://studio:4456", SECRET)


def test_a_show_follows_the_password_and_port_of_obs_itself(home):
    access.save(Kept("ws://127.0.0.1:4455", read_obs=True))
    write_obs(home, port=4460)
    login = find_login()
    assert (login.url, login.password()) == ("ws://127.0.0.1:4460", SECRET)


@pytest.mark.parametrize(
    ("host", "here"),
    [("127.0.0.1", True), ("127.0.1.1", True), ("::1", True), ("localhost", True),
     (socket.gethostname(), True), ("studio.example", False), ("192.0.2.1", False)],
)  # fmt: skip
def test_what_is_this_machine(host, here):
    assert installation.is_here(host) is here
