"""Diffusion in a real show, with a tiny model: scenes first, then diffusion, then what fails."""

import os
import signal

import pytest
import tiny_models
from shows import texts

pytestmark = pytest.mark.timeout(180)

QUICK = ("--size", "320x180", "--dream-size", "160x90", "--output", "null", "--source", "none")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return tiny_models.folder(tmp_path_factory.mktemp("model") / "sd", "sd15")


def dreams_with(engine):
    return lambda s: s["engine"]["engine"] == engine and s["output"]["shown"] == "dream"


def test_diffusion_follows_scenes_and_scenes_follow_it_when_it_is_killed(show, model):
    running = show(*QUICK, "--engine", "diffusion", "--model", str(model))
    assert running.status()["engine"]["engine"] == "scenes", "there is a picture at once"
    status = running.until(dreams_with("diffusion"), within_s=90)
    assert status["engine"]["way"].startswith("eager")
    assert status["engine"]["model"] == "sd"
    os.kill(running.pid("engine-b"), signal.SIGKILL)
    status = running.until(dreams_with("scenes"))
    assert any("killed (signal 9)" in text for text in texts(status, "engine"))
    before = status["output"]["frames"]
    running.until(dreams_with("diffusion"), within_s=90)
    status = running.status()
    assert status["output"]["frames"] > before
    assert not any(w["restarts"] for w in status["workers"] if w["name"] == "output")
    running.end()
    assert running.report()["dream"]["engine"] == "diffusion"


def test_weights_that_broke_since_are_told_and_scenes_go_on(show, model, tmp_path):
    broken = tmp_path / "broken"
    running = show(*QUICK, "--engine", "scenes")
    tiny_models.folder(broken, "sd15")
    weights = broken / "unet" / "diffusion_pytorch_model.safetensors"
    done = running.send(f"engine.model={broken}", "engine.name=diffusion")
    assert done.returncode == 0, done.stderr
    weights.write_bytes(weights.read_bytes()[:-1000])
    status = running.until(lambda s: any("cut off" in text for text in texts(s)), within_s=90)
    assert status["engine"]["engine"] == "scenes"
    running.end()


def test_a_model_that_is_not_there_is_refused_at_the_start(show):
    running = show(*QUICK, "--engine", "diffusion", "--model", "/nowhere", wait=False)
    _, said = running.process.communicate(timeout=30)
    assert running.process.returncode
    assert "/nowhere" in said


def test_a_model_that_is_not_there_is_refused_on_air(show):
    running = show(*QUICK)
    done = running.send("engine.model=/nowhere")
    assert done.returncode
    assert "/nowhere" in done.stderr + done.stdout
    assert running.status()["engine"]["engine"] == "scenes"
    running.end()
