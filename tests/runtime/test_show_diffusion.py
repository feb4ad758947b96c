"""Diffusion in a real show, with a tiny model: scenes first, then diffusion, then what fails."""

import os
import signal

import pytest
import tiny_models
from shows import texts

from endlessdreams_cam.errors import SettingError

pytestmark = pytest.mark.timeout(300)

QUICK = ("--size", "320x180", "--dream-size", "160x90", "--output", "null", "--source", "none")
FAULTS = {
    "card": ("The graphics card failed: CUDA error", "update its driver"),
    "nan": ("paints nothing but black", "Take another model"),
    "hang": ("No sign of life for 5 s or longer", ""),
}
"""What is told of a fault, and the remedy."""


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return tiny_models.folder(tmp_path_factory.mktemp("model") / "sd", "sd15")


def dreams_with(engine):
    return lambda s: s["engine"]["engine"] == engine and s["output"]["shown"] == "dream"


def told(text, worker=""):
    return lambda s: any(text in said for said in texts(s, worker))


def choose(running, engine):
    """Ask for an engine; earlier failures are forgotten."""
    running.ask(do="set", values={"engine.name": "scenes"})
    running.until(lambda s: not s["engine_why"])
    running.ask(do="set", values={"engine.name": engine})


def scenes_with_why(cause):
    """Scenes are on air, and the status says why diffusion is not."""
    return lambda s: dreams_with("scenes")(s) and cause in s["engine_why"]


def governed(running):
    """Dreams that are too slow become smaller, in an engine that was prepared off air."""
    full = running.status()["engine"]["size"]
    running.ask(do="rehearse", fault="slow")
    running.ask(do="set", values={"governor.rate": 20, "governor.least_size": 0.7})
    status = running.until(lambda s: s["engine"]["size"] not in (full, ""), within_s=120)
    assert (full, status["engine"]["size"]) == ("160x88", "112x64")
    assert dreams_with("diffusion")(status), "from one size to another there is no detour"
    assert status["traded"] == "70% of the size's sides"
    running.ask(do="rehearse", fault="none")


def lives(running, output):
    """The program has gone on in the process that it began in, and nobody noticed a halt."""
    program = running.status()["output"]
    assert running.pid("output") == output
    assert program["skipped"] < program["frames"] / 20, "a halt for a takeover skips seconds"


def test_scenes_take_over_from_whatever_befalls_diffusion_and_it_comes_back(show, model):
    running = show(*QUICK, "--engine", "diffusion", "--model", str(model))
    assert running.status()["engine"]["engine"] == "scenes", "there is a picture at once"
    output = running.pid("output")
    status = running.until(dreams_with("diffusion"), within_s=120)
    assert status["engine"]["way"].startswith("eager")
    assert status["engine"]["model"] == "sd"
    os.kill(running.pid("engine-b"), signal.SIGKILL)
    running.until(scenes_with_why("Diffusion failed. The process was killed (signal 9). It is tri"))
    running.until(dreams_with("diffusion"), within_s=120)  # by itself
    for fault, (cause, remedy) in FAULTS.items():
        running.ask(do="rehearse", fault=fault)
        status = running.until(scenes_with_why(cause), within_s=120)
        assert remedy in status["engine_why"]
        assert status["rehearsed"] == fault
        running.ask(do="rehearse", fault="none")
        choose(running, "diffusion")
        running.until(dreams_with("diffusion"), within_s=120)
    governed(running)
    status = running.status()
    causes = [cause for cause, _ in FAULTS.values()]
    rows = [row for row in status["errors"] if any(cause in row["text"] for cause in causes)]
    assert [row["times"] for row in rows] == [1] * len(causes), "each once: no storm of restarts"
    lives(running, output)
    running.end()
    assert running.report()["dream"]["engine"] == "diffusion"


def test_a_model_that_changes_vanishes_or_breaks_while_it_is_on_air(show, model, tmp_path):
    mine, gone = tmp_path / "mine", tmp_path / "gone"
    tiny_models.folder(mine, "sd15")
    running = show(*QUICK, "--engine", "diffusion", "--model", str(mine))
    output = running.pid("output")
    running.until(dreams_with("diffusion"), within_s=120)
    mine.rename(gone)
    tiny_models.folder(mine, "sdxl")  # another model under the same name
    before = running.status()["engine"]["frames"]
    running.until(lambda s: s["engine"]["frames"] > before + 10)
    assert running.status()["engine"]["engine"] == "diffusion", "what is loaded dreams on"
    running.ask(do="set", values={"engine.name": "scenes"})
    running.until(dreams_with("scenes"))
    mine.rename(tmp_path / "other")
    with pytest.raises(SettingError, match="mine"):
        running.ask(do="set", values={"engine.name": "diffusion"})
    gone.rename(mine)
    running.ask(do="rehearse", fault="load")
    running.ask(do="set", values={"engine.name": "diffusion"})
    status = running.until(scenes_with_why("takes about"), within_s=120)
    assert "Close other programs" in status["engine_why"]
    running.ask(do="rehearse", fault="none")
    choose(running, "diffusion")
    weights = mine / "unet" / "diffusion_pytorch_model.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-1000])
    status = running.until(scenes_with_why("cut off"), within_s=120)
    weights.write_bytes(whole)
    running.until(dreams_with("diffusion"), within_s=120)  # by itself
    lives(running, output)
    running.end()


def test_a_model_that_is_not_there_is_refused_at_the_start(show):
    running = show(*QUICK, "--engine", "diffusion", "--model", "/nowhere", wait=False)
    _, said = running.process.communicate(timeout=30)
    assert running.process.returncode
    assert "/nowhere" in said


def test_a_model_a_checker_or_a_fault_that_is_not_there_is_refused_on_air(show):
    running = show(*QUICK)
    for name in ("engine.model", "safety.checker"):
        done = running.send(f"{name}=/nowhere")
        assert done.returncode
        assert "/nowhere" in done.stderr + done.stdout
    done = running.send("rehearse", "fire")
    assert done.returncode
    assert "hang" in done.stderr, "what can be rehearsed is named"
    assert running.status()["engine"]["engine"] == "scenes"
    running.end()
