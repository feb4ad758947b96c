"""The panel as a whole: where it listens, its secrets, its beginning and its end."""

import contextlib
import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
import threading
from pathlib import Path

import pytest
from missing import missing
from panel_client import Client, until
from shows import RunningShow

from endlessdreams_cam.errors import DeviceError, SettingError
from endlessdreams_cam.web import Address, Panel, parse_panel
from endlessdreams_cam.web.address import listen, names
from endlessdreams_cam.web.tokens import tokens


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("off", None),
        ("8808", Address()),
        ("0", Address(port=0)),
        ("127.0.0.1:9000", Address(port=9000)),
        ("localhost:9000", Address("localhost", 9000)),
        ("[::1]:9000", Address("::1", 9000)),
    ],
)
def test_where_it_may_listen(text, found):
    assert parse_panel(text) == found


@pytest.mark.parametrize("text", ["", "on", "80", "70000", "-1", "8808x", "host:", "１２３４"])
def test_what_is_no_address(text):
    with pytest.raises(SettingError, match="--panel cannot be"):
        parse_panel(text)


@pytest.mark.parametrize(
    "text", ["0.0.0.0:8808", "192.168.0.2:8808", "[::]:8808", "box.local:8808"]
)
def test_beyond_this_machine_only_with_tls(text, tmp_path):
    with pytest.raises(SettingError, match="without encryption"):
        parse_panel(text)
    pem = tmp_path / "a.pem"
    pem.touch()
    assert parse_panel(text, certificate=pem, key=pem).secure
    with pytest.raises(SettingError, match="belong together"):
        parse_panel(text, certificate=pem)
    with pytest.raises(SettingError, match="There is no file"):
        parse_panel(text, certificate=pem, key=tmp_path / "none")


def test_a_port_that_is_taken_gives_way_to_the_next():
    with listen(Address(port=0)) as taken:
        port = taken.getsockname()[1]
        with listen(Address(port=port)) as found:
            assert port < found.getsockname()[1] <= port + 20
    with pytest.raises(DeviceError, match="cannot listen at 203"):
        listen(Address("203.0.113.9", 9000))


def test_names_of_a_panel_on_this_machine_are_its_loopback_only():
    assert names(Address(), 9000) == {"127.0.0.1:9000", "localhost:9000", "[::1]:9000"}
    beyond = names(Address("0.0.0.0"), 9000)
    assert f"{socket.gethostname().lower()}:9000" in beyond
    assert "evil.example:9000" not in beyond


def test_secrets_are_kept_for_this_user_alone(tmp_path):
    path = tmp_path / "new" / "panel.json"
    made = tokens(path)
    assert len(made.play) >= 43
    assert made.play != made.look
    assert tokens(path) == made
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
        path.chmod(0o644)
        assert tokens(path) != made  # others may have read it


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"play": "", "look": ""}', '{"play": "short", "look": "too"}',
     '{"play": null, "look": null}', '{"play": "' + "a" * 43 + '", "look": "' + "a" * 43 + '"}'],
)  # fmt: skip
def test_a_file_without_good_secrets_is_replaced(tmp_path, text):
    path = tmp_path / "panel.json"
    path.write_text(text)
    path.chmod(0o600)
    made = tokens(path)
    assert len(made.play) >= 43
    assert tokens(path) == made


def test_where_no_file_can_be_written_secrets_last_for_the_show(tmp_path):
    (tmp_path / "file").touch()
    assert tokens(tmp_path / "file" / "panel.json") != tokens(tmp_path / "file" / "panel.json")


def test_the_status_says_where_the_panel_is(stage):
    row = stage.show.overview().panel
    assert row.url == f"http://{stage.host}"
    assert row.token == stage.tokens.play
    assert row.picture_url == f"http://{stage.host}/program.mjpg?key={stage.tokens.look}"


def test_a_second_panel_comes_and_goes_and_leaves_the_first(stage):
    kept = stage.show.panel
    before = set(threading.enumerate())
    other = Panel(stage.show, Address(port=stage.port))
    row = other.open()
    assert row.url != kept.url
    assert row.token == kept.token
    with stage.client("status") as mine:
        port = int(row.url.rpartition(":")[2])
        until(lambda: _answers(port))
        other.close()
        other.close()
        mine.until("status")
    assert not _answers(port)
    left = {thread.name for thread in set(threading.enumerate()) - before}
    assert not {name for name in left if name.startswith(("panel", "pictures"))}
    stage.show.panel = kept


def _answers(port):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as raw:
            raw.sendall(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
            return raw.recv(12).endswith(b"200")
    except OSError:
        return False


def test_closing_does_not_wait_for_viewers_or_clients(stage):
    kept = stage.show.panel
    other = Panel(stage.show, Address(port=0))
    port = int(other.open().url.rpartition(":")[2])
    until(lambda: _answers(port))
    viewer = socket.create_connection(("127.0.0.1", port))
    viewer.sendall(f"GET /program.mjpg?key={stage.tokens.look} HTTP/1.1\r\n"
                   f"Host: 127.0.0.1:{port}\r\n\r\n".encode())  # fmt: skip
    assert viewer.recv(12).endswith(b"200")
    from websockets.sync.client import connect

    with connect(f"ws://127.0.0.1:{port}/ws") as ws:
        client = Client(ws)
        client.say(do="hello", token=stage.tokens.play)
        client.until("hello")
        told = stage.show.errors
        other.close()
        assert stage.show.errors == told  # and the terminal stays as it is
        assert sum(thread.name == "panel" for thread in threading.enumerate()) == 1
    viewer.close()
    stage.show.panel = kept


def test_no_free_port_is_said_and_the_show_goes_on(stage, monkeypatch):
    kept = stage.show.panel
    monkeypatch.setattr("endlessdreams_cam.web.address._TRIES", 1)
    other = Panel(stage.show, Address(port=stage.port))
    assert "finds no free port" in other.open().trouble
    assert any("no free port" in row.text for row in stage.show.errors)
    other.close()
    stage.show.panel = kept
    frames = stage.show.overview().output.frames
    until(lambda: stage.show.overview().output.frames > frames)


def test_everything_static_travels_in_the_package():
    import tomllib

    root = Path(__file__).parents[2]
    project = tomllib.loads((root / "pyproject.toml").read_text())
    web = root / "endlessdreams_cam" / "web"
    patterns = project["tool"]["setuptools"]["package-data"]["endlessdreams_cam.web"]
    packed = {path for pattern in patterns for path in web.glob(pattern)}
    assert {path for path in (web / "static").rglob("*") if path.is_file()} <= packed


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 and its key."""
    if not shutil.which("openssl"):
        missing("openssl", "sudo apt install openssl")
    folder = tmp_path_factory.mktemp("tls")
    pem, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=panel", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", pem],
        check=True, capture_output=True,
    )  # fmt: skip
    return pem, key


def test_beyond_this_machine_all_is_encrypted(stage, certificate):
    pem, key = certificate
    kept = stage.show.panel
    other = Panel(stage.show, parse_panel("0.0.0.0:0", certificate=pem, key=key))
    row = other.open()
    assert row.url.startswith("https://127.0.0.1:")
    port = int(row.url.rpartition(":")[2])
    trusting = ssl.create_default_context(cafile=pem)
    from websockets.sync.client import connect

    try:
        with connect(f"wss://127.0.0.1:{port}/ws", ssl=trusting) as ws:
            client = Client(ws)
            client.say(do="hello", token=row.token)
            client.until("hello")
        assert not _answers(port)  # in the clear
        own, evil = f"https://127.0.0.1:{port}", f"http://127.0.0.1:{port}"
        assert _get(port, trusting, row.token, own) == 200
        assert _get(port, trusting, row.token, evil) == 403
    finally:
        other.close()
        stage.show.panel = kept


def _get(port, context, token, origin):
    connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=5)
    with contextlib.closing(connection):
        headers = {"Authorization": f"Bearer {token}", "Origin": origin}
        connection.request("GET", "/api/values", headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status


def test_the_command_says_where_it_is_and_refuses_the_open_network(tmp_path):
    running = RunningShow(tmp_path, "--output", "null", "--panel", "0", "--midi", "off",
                          "--size", "320x180", "--dream-size", "160x90", wait=False)  # fmt: skip
    try:
        # The first lines are printed when the dream is under way.
        row = running.until(lambda s: s["panel"] and s["engine"]["frames"] > 60)["panel"]
        assert row["url"].startswith("http://127.0.0.1:")
        asked = running.begin("status", "--json")
        assert json.loads(asked.communicate(timeout=20)[0])["panel"] == row
        assert row["token"] not in running.report_path.read_text()
        said, _ = running.end()
        assert f"{row['url']}/#{row['token']}" in said
    finally:
        if running.process.poll() is None:
            running.process.kill()
    bare = running.begin("run", "--output", "null", "--panel", "0.0.0.0:9000")
    out, error = bare.communicate(timeout=20)
    assert bare.returncode == 1
    assert "without encryption" in error
    assert not out
