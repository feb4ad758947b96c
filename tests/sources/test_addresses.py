import socket
import threading

import cv2
import numpy as np
import pytest

from endlessdreams_cam.errors import DeviceLost, SettingError
from endlessdreams_cam.sources import make_source, parse, public, stream


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        ("url:rtsp://user:secret@cam.local:554/key?token=secret", "url:rtsp://cam.local/…"),
        ("url:http://[::1", "url:…"),
        ("camera:0", "camera:0"),
        ("file:/films/a:b.mp4", "file:/films/a:b.mp4"),
        ("none", "none"),
    ],
)
def test_of_an_address_only_its_host_is_seen(words, seen):
    assert public(words) == seen


def test_a_refused_address_keeps_its_password_to_itself():
    with pytest.raises(SettingError) as caught:
        parse("url:ftp://user:secret@host/x")
    assert "secret" not in str(caught.value)


@pytest.fixture
def falls_silent():
    """Return the address of a server that sends 20 pictures and then nothing more."""
    jpeg = cv2.imencode(".jpg", np.zeros((48, 64, 3), np.uint8))[1].tobytes()
    listener, done = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def serve():
        caller, _ = listener.accept()
        with caller:
            caller.recv(4096)
            caller.sendall(
                b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=b\r\n\r\n"
            )
            part = b"--b\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%s\r\n"
            for _ in range(20):
                caller.sendall(part % (len(jpeg), jpeg))
                done.wait(0.04)
            done.wait(20)

    threading.Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    done.set()
    listener.close()


def test_a_stream_that_falls_silent_says_so(falls_silent, monkeypatch):
    monkeypatch.setattr(stream, "_READ_S", 1.0)
    with (
        make_source(f"url:{falls_silent}") as source,
        pytest.raises(DeviceLost, match="gone silent"),
    ):
        while True:
            source.read()
