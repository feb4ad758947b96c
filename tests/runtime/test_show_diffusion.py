"""Diffusion in a real show, with a tiny model: scenes first, then diffusion, then what fails."""

import os
import signal

import pytest
import tiny_models
from shows import texts
from warm_shows import WarmShow

from endlessdreams_cam.errors import SettingError
from endlessdreams_cam.frame import Size
from endlessdreams_cam.runtime.options import ShowOptions

pytestmark = pytest.mark.timeout(180)

QUICK = ("--size", "320x180", "--dream-size", "160x90", "--output", "null", "--source", "none")
FAULTS = {
    "raise": ("RuntimeError: a layer raises on purpose", ""),
    "die": ("The process was killed (signal 9).", ""),
    "memory": ("The graphics card's memory is full.", "Close other programs"),
    "card": ("The graphics card failed: CUDA error", "update its driver"),
    "nan": ("paints nothing but black", "Take another model"),
    "black": ("paints nothing but black", "Take another model"),
    "shape": ("made 160x44 pixels where 160x88 were asked for", ""),
    "hang": ("No sign of life for 5 s or longer", ""),
}
"""What is told of a fault, and the remedy."""


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return tiny_models.folder(tmp_path_factory.mktemp("model") / "sd", "sd15", layers=1)


@pytest.fixture(scope="module")
def warm(model, tmp_path_factory):
    """A show on which diffusion is, for all tests of this module."""
    options = ShowOptions(
        engine="diffusion", model=str(model), size=Size(320, 180), dream_size=Size(160, 90),
        outputs=("null",), midi="off",
    )  # fmt: skip
    running = WarmShow(tmp_path_factory.mktemp("warm"), options).open()
    yield running
    running.close()


@pytest.fixture
def running(warm, model):
    """The same show, with nothing that a test before it left."""
    warm.ask(do="rehearse", fault="none")
    warm.ask(do="set", values={
        "engine.name": "diffusion", "engine.model": str(model), "safety.checker": "",
        "governor.rate": 0,
    })  # fmt: skip
    warm.until(dreams_with("diffusion"))
    output = warm.pid("output")
    yield warm
    program = warm.status()["output"]
    assert warm.pid("output") == output
    assert program["skipped"] < program["frames"] / 10, "a halt for a takeover skips seconds"


def dreams_with(engine):
    return lambda s: s["engine"]["engine"] == engine and s["output"]["shown"] == "dream"


def scenes_with_why(cause):
    """Scenes are on air, and the status says why diffusion is not."""
    return lambda s: dreams_with("scenes")(s) and cause in s["engine_why"]


def choose(running, engine):
    """Ask for an engine; earlier failures are forgotten."""
    running.ask(do="set", values={"engine.name": "scenes"})
    running.until(lambda s: not s["engine_why"])
    running.ask(do="set", values={"engine.name": engine})


def test_diffusion_follows_scenes_and_scenes_follow_it_when_it_is_killed(show, model):
    running = show(*QUICK, "--engine", "diffusion", "--model", str(model))
    assert running.status()["engine"]["engine"] == "scenes", "there is a picture at once"
    status = running.until(dreams_with("diffusion"), within_s=120)
    assert status["engine"]["way"].startswith("eager")
    assert status["engine"]["model"] == "sd"
    os.kill(running.pid("engine-b"), signal.SIGKILL)
    running.until(scenes_with_why("Diffusion failed. The process was killed (signal 9). It is tri"))
    assert not any(row["restarts"] for row in running.status()["workers"])
    running.end()


@pytest.mark.parametrize("fault", FAULTS)
def test_scenes_take_over_from_a_fault_that_is_told_once(running, fault):
    (cause, remedy), before = FAULTS[fault], running.status()
    running.ask(do="rehearse", fault=fault)
    status = running.until(scenes_with_why(cause))
    assert remedy in status["engine_why"]
    assert status["rehearsed"] == fault
    engines = [row["name"] for row in status["workers"] if row["name"].startswith("engine")]
    assert [row["restarts"] for row in status["workers"] if row["name"] in engines] == [0] * len(
        engines
    ), "the supervisor starts none of them again"
    assert told(status, cause) == told(before, cause) + 1
    choose(running, "diffusion")
    running.ask(do="rehearse", fault="none")


def told(status, cause):
    """Return how often a cause is among the errors."""
    return sum(row["times"] for row in status["errors"] if cause in row["text"])


def test_it_comes_back_by_itself_and_a_fault_that_stays_makes_no_storm(running):
    running.ask(do="rehearse", fault="card")
    running.until(scenes_with_why("CUDA error"))
    before = told(running.status(), "CUDA error")
    running.until(scenes_with_why("It is being tried again"))
    running.until(scenes_with_why("It is tried again in 15 s"))
    assert told(running.status(), "CUDA error") == before + 1
    running.ask(do="rehearse", fault="none")
    choose(running, "diffusion")


def test_no_memory_to_load_with(running):
    running.ask(do="set", values={"engine.name": "scenes"})
    running.until(dreams_with("scenes"))
    running.ask(do="rehearse", fault="load")
    running.ask(do="set", values={"engine.name": "diffusion"})
    status = running.until(scenes_with_why("takes about"))
    assert "Close other programs" in status["engine_why"]
    running.ask(do="rehearse", fault="none")
    running.until(dreams_with("diffusion"))  # by itself


def test_a_model_that_changes_and_vanishes_while_it_is_on_air(running, tmp_path):
    mine, gone = tmp_path / "mine", tmp_path / "gone"
    tiny_models.folder(mine, "sd15", layers=1)
    running.ask(do="set", values={"engine.model": str(mine)})
    running.until(lambda s: s["engine"]["model"] == "mine" and s["engine"]["frames"])
    mine.rename(gone)
    tiny_models.folder(mine, "sdxl", layers=1)  # another model under the same name
    before = running.status()["engine"]["frames"]
    status = running.until(lambda s: s["engine"]["frames"] > before + 10)
    assert status["engine"]["model"] == "mine", "what is loaded dreams on"
    os.kill(running.pid(engine_on_air(running)), signal.SIGKILL)
    running.until(dreams_with("scenes"))
    mine.rename(tmp_path / "other")
    with pytest.raises(SettingError, match="mine"):
        running.ask(do="set", values={"engine.model": str(mine), "engine.name": "diffusion"})
    running.until(scenes_with_why("mine"))  # tried again, it is told
    gone.rename(mine)
    choose(running, "diffusion")
    running.until(dreams_with("diffusion"))


def engine_on_air(running):
    return f"engine-{running.show.store.snapshot.switch.engine}"


def test_weights_that_broke_are_told_and_mended_they_dream(running, tmp_path):
    mine = tiny_models.folder(tmp_path / "mine", "sd15", layers=1)
    weights = mine / "unet" / "diffusion_pytorch_model.safetensors"
    whole = weights.read_bytes()
    running.ask(do="set", values={"engine.name": "scenes"})
    running.until(dreams_with("scenes"))
    running.ask(do="set", values={"engine.name": "diffusion", "engine.model": str(mine)})
    weights.write_bytes(whole[:-1000])
    running.until(scenes_with_why("cut off"))
    weights.write_bytes(whole)
    running.until(lambda s: s["engine"]["model"] == "mine")  # by itself


def test_the_governor_takes_a_smaller_size_off_air(running):
    full = running.status()["engine"]["size"]
    running.ask(do="rehearse", fault="slow")
    running.ask(do="set", values={"governor.rate": 20, "governor.least_size": 0.7})
    status = running.until(lambda s: s["engine"]["size"] not in (full, ""))
    assert (full, status["engine"]["size"]) == ("160x88", "112x64")
    assert dreams_with("diffusion")(status), "from one size to another there is no detour"
    assert status["traded"] == "70% of the size's sides"
    running.ask(do="set", values={"governor.rate": 0})
    running.ask(do="rehearse", fault="none")
    assert running.until(lambda s: s["engine"]["size"] == full)["traded"] == ""


def test_a_checker_holds_dreams_back_and_without_it_scenes_dream(running, tmp_path):
    strict = tiny_models.checker(tmp_path / "strict", threshold=-2.0)
    running.ask(do="set", values={"safety.checker": str(strict)})
    running.until(dreams_with("scenes"))  # nothing is dreamt that nobody looks at
    running.until(lambda s: dreams_with("diffusion")(s) and holds(s))
    running.ask(do="set", values={"safety.checker": ""})
    running.until(lambda s: dreams_with("diffusion")(s) and not holds(s))


def holds(status):
    return any("safety checker holds" in note for note in status["engine"]["notes"])


def test_a_checker_that_broke_leaves_scenes_on_air_and_says_so(running, tmp_path):
    checker = tiny_models.checker(tmp_path / "checker")
    running.ask(do="set", values={"safety.checker": str(checker)})
    weights = checker / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])
    running.until(scenes_with_why("cut off"))


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
    assert texts(running.status()) == []
    assert running.status()["engine"]["engine"] == "scenes"
    running.end()
