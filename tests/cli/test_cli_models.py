import os
import signal
import subprocess
import sys
import threading
import time

import pytest
import tiny_models
from loopback_hub import LoopbackHub
from typer.testing import CliRunner

from endlessdreams_cam.cli.app import app
from endlessdreams_cam.errors import ModelError

TAESD = "madebyollin/taesd"
NET = "diffusion_pytorch_model.safetensors"


@pytest.fixture
def peer(tmp_path, monkeypatch):
    hub = LoopbackHub({TAESD: {"config.json": b"{}", NET: bytes(9000)}})
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    monkeypatch.setenv("ENDLESSDREAMS_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("COLUMNS", "200")
    yield hub
    hub.close()


def run(*words):
    done = CliRunner().invoke(app, ["models", *words])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def row(name):
    return next(line for line in run("list").splitlines() if line.startswith(name))


def test_the_list_tells_licences_and_what_is_here(peer):
    assert "not here" in row("sd-turbo")
    assert "Stability AI *" in row("sdxl-turbo")
    assert "MIT" in row("lcm-dreamshaper-v7")
    assert "commercial use needs Stability AI's leave" in run("list")


def test_a_part_is_pulled_checked_and_removed(peer):
    said = run("pull", "taesd")
    assert "Licence: MIT" in said
    assert f"pinned: {TAESD} at cccccccccc" in said
    assert "taesd (a fast VAE for your own SD 1.5 and 2.1 models; here)" in run("list")
    assert "every file is the one" in run("check", "taesd")
    assert "is removed" in run("remove", "taesd")
    with pytest.raises(ModelError, match="is not here"):
        run("check", "taesd")


def test_a_restricted_licence_is_said_before_the_first_byte(peer, capsys):
    from endlessdreams_cam.errors import DownloadError

    with pytest.raises(DownloadError):  # this hub has no sd-turbo
        from endlessdreams_cam.cli.models import pull_model

        pull_model("sd-turbo")
    assert "commercial use needs Stability AI's leave" in capsys.readouterr().out


def test_a_changed_file_is_found_by_check(peer, tmp_path):
    run("pull", "taesd")
    (tmp_path / "models" / "taesd" / NET).write_bytes(bytes(8999) + b"x")
    with pytest.raises(ModelError, match="SHA-256 differs"):
        run("check", "taesd")


def test_a_folder_of_ones_own_is_described(peer, tmp_path):
    said = run("check", str(tiny_models.folder(tmp_path / "mine", "sdxl", scheduler="ddim")))
    assert "SDXL plain, epsilon, folder, 9 M parameters" in said
    assert "VAE: AutoencoderTiny" in said
    assert "add an LCM LoRA" in said


def test_loras_are_listed_and_checked(peer, tmp_path, monkeypatch):
    monkeypatch.setenv("ENDLESSDREAMS_LORAS", str(tmp_path / "loras"))
    assert "loras: none yet" in run("list")
    (tmp_path / "loras").mkdir()
    tiny_models.lora(tmp_path / "loras" / "ink.safetensors", tiny_models.unet(), text=True)
    assert "loras: ink" in run("list")
    said = run("check", str(tmp_path / "loras" / "ink.safetensors"))
    assert "a LoRA for a family that is not known, 11 layers" in said
    assert "text encoder is not used" in said


def test_a_pickle_is_refused_with_what_to_do(peer, tmp_path):
    (tmp_path / "dream.ckpt").write_bytes(b"\x80\x02}q")
    with pytest.raises(ModelError, match="can run any code") as caught:
        run("check", str(tmp_path / "dream.ckpt"))
    assert ".safetensors" in caught.value.remedy


def test_the_command_imports_neither_torch_nor_diffusers(peer):
    code = (
        "import sys; sys.argv = ['x', 'models', 'list'];"
        "from endlessdreams_cam.cli.app import app\n"
        "try: app()\n"
        "except SystemExit: pass\n"
        "print(sorted({'torch', 'diffusers', 'transformers'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.skipif(sys.platform == "win32", reason="the command is ended by signals")
@pytest.mark.parametrize("way", ["SIGINT", "SIGKILL"])
def test_a_pull_that_is_ended_is_gone_on_with(peer, tmp_path, way):
    first, size = 4 << 20, 6 << 20
    peer.repos[TAESD][NET] = bytes(size)
    whole, hold = peer.send, threading.Event()

    def stall(request, status, body, **headers):
        if len(body) < size:
            whole(request, status, body, **headers)
            return
        request.send_response(status)
        request.send_header("Content-Length", str(size))
        request.end_headers()
        request.wfile.write(body[:first])
        request.wfile.flush()
        hold.wait(20)

    peer.send = stall
    child = subprocess.Popen(
        [sys.executable, "-m", "endlessdreams_cam", "models", "pull", "taesd"],
        stdout=subprocess.PIPE, text=True, env=os.environ,
    )  # fmt: skip
    part = tmp_path / "models" / "taesd" / f"{NET}.part"
    for _ in range(400):
        if part.exists() and part.stat().st_size >= first:
            break
        time.sleep(0.02)
    child.send_signal(getattr(signal, way))
    said, _ = child.communicate(timeout=10)
    hold.set()
    assert part.stat().st_size == first
    if way == "SIGINT":
        assert child.returncode == 130
        assert "What came is kept" in said
    peer.send = whole
    assert "is here and pinned" in run("pull", "taesd")
    assert f"bytes={first}-" in {asked for _, asked, _ in peer.asked}
    assert (tmp_path / "models" / "taesd" / NET).stat().st_size == size
