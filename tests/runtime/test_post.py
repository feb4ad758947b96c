import os
import stat
import threading
from multiprocessing.connection import Client
from pathlib import Path

import pytest

from endlessdreams_cam.errors import NoShow, SettingError, ShowRunning
from endlessdreams_cam.runtime import post
from endlessdreams_cam.runtime.lock import ShowLock


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("ENDLESSDREAMS_RUNTIME", str(tmp_path / "run"))
    return tmp_path / "run"


@pytest.fixture
def echo(folder):
    def handle(request):
        if request.get("do") == "refuse":
            raise SettingError("no", remedy="ask again")
        return {"got": request}

    served = post.Post(handle)
    served.open()
    yield served
    served.close()


def test_a_request_is_answered(echo):
    assert post.call({"do": "x", "n": [1, 2]}) == {"got": {"do": "x", "n": [1, 2]}}


def test_a_refusal_arrives_with_its_remedy(echo):
    with pytest.raises(SettingError, match="no") as caught:
        post.call({"do": "refuse"})
    assert caught.value.remedy == "ask again"


def test_only_this_user_may_open_it(echo):
    assert stat.S_IMODE(Path(post.address()).stat().st_mode) & 0o077 == 0


def test_without_a_show_the_remedy_is_to_start_one(folder):
    with pytest.raises(NoShow, match="No show is on air"):
        post.call({"do": "x"})


def test_garbage_and_silent_callers_cost_nobody_anything(echo):
    silent = [Client(post.address()) for _ in range(10)]
    for junk in (b"", b"\xff\xfe", b"[]", b"{" * 50_000, b'{"do":' + b"1" * 1000):
        with Client(post.address()) as caller:
            caller.send_bytes(junk)
            assert b"error" in caller.recv_bytes()
    answers = []
    callers = [threading.Thread(target=lambda: answers.append(post.call({}))) for _ in range(20)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(5)
    assert len(answers) == 20
    for caller in silent:
        caller.close()


def test_a_socket_that_a_dead_show_left_is_replaced(folder):
    folder.mkdir()
    Path(post.address()).write_text("")
    served = post.Post(lambda request: {})
    served.open()
    assert post.call({}) == {}
    served.close()


def test_a_long_folder_still_gets_an_address(tmp_path, monkeypatch):
    monkeypatch.setenv("ENDLESSDREAMS_RUNTIME", str(tmp_path / ("x" * 120)))
    assert len(post.address()) < 100


def test_the_lock_is_for_one(tmp_path):
    first, second = ShowLock(tmp_path), ShowLock(tmp_path)
    first.acquire()
    with pytest.raises(ShowRunning, match=str(os.getpid())):
        second.acquire()
    first.release()
    second.acquire()
    second.release()
