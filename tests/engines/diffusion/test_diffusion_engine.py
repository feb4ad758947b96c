"""The engine as the show uses it, with a tiny model of the real classes."""

import numpy as np
import pytest
import tiny_models
import torch

from endlessdreams_cam.engines.diffusion.engine import (
    DiffusionEngine,
    FastDiffusionEngine,
    telling_of_the_card,
)
from endlessdreams_cam.engines.diffusion.painter import Painter
from endlessdreams_cam.engines.diffusion.step import Shape
from endlessdreams_cam.engines.diffusion.ways import CompiledStep, Ways
from endlessdreams_cam.engines.engine import Inputs
from endlessdreams_cam.errors import EngineError, ModelError
from endlessdreams_cam.frame import Size
from endlessdreams_cam.models.load import load
from endlessdreams_cam.parameters import Store

SIZE = Size(64, 64)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return tiny_models.folder(tmp_path_factory.mktemp("model") / "sd", "sd15")


@pytest.fixture
def store():
    made = Store(lambda: 0)
    made.apply({"prompt.1.text": "a lake", "dream.feedback": 0.0}, origin="test", glide_s=0)
    return made


def dream(engine, store):
    return engine.render(Inputs(), store.snapshot, 1 / 30)


def test_it_loads_tells_of_it_and_dreams(model, store):
    told = []
    engine = DiffusionEngine(Size(70, 66), str(model))
    engine.open(store.snapshot, lambda done, what: told.append((done, what)))
    assert {what for _, what in told} >= {"waking torch", "loading unet", "loading vae"}
    assert all(0 <= done <= 1 for done, _ in told)
    pixels = dream(engine, store)
    assert engine.size == Size(64, 64)
    assert (pixels.shape, pixels.dtype) == ((64, 64, 3), np.uint8)
    assert engine.standing.way.startswith("eager on ")
    assert engine.standing.model == "sd"
    engine.close()
    engine.close()


def test_a_model_that_is_not_there_says_so():
    with pytest.raises(ModelError):
        DiffusionEngine(SIZE, "/nowhere").open()


def test_the_fast_way_is_refused_without_a_card(model):
    if torch.cuda.is_available():
        pytest.skip("this machine has a card")
    with pytest.raises(EngineError, match="NVIDIA"):
        FastDiffusionEngine(SIZE, str(model)).open()


@pytest.fixture
def black(model, store, monkeypatch):
    """Return a function that dreams black at times in seconds."""
    engine = DiffusionEngine(SIZE, str(model))
    engine.open(store.snapshot)
    pixels = np.zeros((64, 64, 3), np.uint8)
    monkeypatch.setattr(engine._painter, "paint", lambda *_: pixels)

    def at(*seconds, bright=()):
        for second in seconds:
            pixels[0, 0, 0] = second in bright
            engine.render(Inputs(now_ns=round(second * 1e9)), store.snapshot, 0.1)

    return at


@pytest.mark.parametrize("rate", [0.4, 10, 100])
def test_nothing_but_black_for_two_seconds_is_a_fault_at_any_rate(black, rate):
    times = [5 + n / rate for n in range(round(3 * rate) + 2)]
    black(*(second for second in times if second < 7))
    with pytest.raises(EngineError, match="nothing but black"):
        black(next(second for second in times if second >= 7))


def test_a_light_between_black_dreams_is_no_fault(black):
    black(*range(20), bright=range(0, 20, 2))


def test_a_black_canvas_that_is_not_painted_on_is_no_fault(black, store):
    store.set("dream.strength", 0.0, origin="test", glide_s=0.0)
    black(*range(20))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("CUDA out of memory. Tried to allocate 2 GiB", "memory is full"),
        ("CUDA error: an illegal memory access was encountered\nmore", "illegal memory access"),
    ],
)
def test_what_the_card_says_gets_a_remedy(said, told):
    with pytest.raises(EngineError, match=told) as caught, telling_of_the_card():
        raise RuntimeError(said)
    assert caught.value.remedy


def test_another_fault_stays_what_it_is():
    with pytest.raises(RuntimeError, match="shape"), telling_of_the_card():
        raise RuntimeError("a shape does not fit")


def test_a_lora_is_played_and_taken_back(model, store, tmp_path, monkeypatch):
    monkeypatch.setenv("ENDLESSDREAMS_LORAS", str(tmp_path))
    engine = DiffusionEngine(SIZE, str(model))
    engine.open(store.snapshot)
    unet = engine._painter.nets.unet
    tiny_models.lora(tmp_path / "ink.safetensors", unet)
    plain = dream(engine, store).copy()
    store.apply({"lora.1.name": "ink", "lora.1.weight": 1.0}, origin="test", glide_s=0)
    inked = dream(engine, store).copy()
    assert (inked != plain).any()
    store.apply({"lora.1.name": ""}, origin="test", glide_s=0)
    assert np.abs(dream(engine, store).astype(int) - plain).max() <= 3


def test_a_lora_that_is_not_there_is_told_and_the_dream_goes_on(
    model, store, tmp_path, monkeypatch
):
    monkeypatch.setenv("ENDLESSDREAMS_LORAS", str(tmp_path))
    engine = DiffusionEngine(SIZE, str(model))
    engine.open(store.snapshot)
    store.apply({"lora.1.name": "lost"}, origin="test", glide_s=0)
    dream(engine, store)
    assert any("no LoRA called 'lost'" in note for note in engine.notes)


def test_the_nearest_step_is_used_for_a_shape_that_is_not_ready(model):
    painter = Painter(load(str(model), "cpu", torch.float32), SIZE)
    ways = Ways(painter, fast=True)
    for shape in (Shape(1, False), Shape(4, False), Shape(2, True)):
        ways._ready[shape] = painter.eager(shape)
    assert ways.step(Shape(3, False)).shape == Shape(4, False)
    assert ways.step(Shape(1, True)).shape == Shape(2, True)
    assert ways.has(Shape(4, False))
    assert not ways.has(Shape(3, False))


def test_compiled_it_paints_the_same_picture(nets, store):
    painter = Painter(nets("sd15", layers=1), SIZE)
    eager = painter.paint(Inputs(), store.snapshot, 0.0).copy()
    again = Painter(painter.nets, SIZE)
    compiled = CompiledStep(again.eager(Shape(1, False)), backend="eager")
    found = again.paint(Inputs(), store.snapshot, 0.0, compiled)
    assert np.abs(found.astype(int) - eager).max() <= 2


@pytest.fixture
def slow(model, store, monkeypatch):
    """An engine whose dreams seem to take 20 ms for each step, and a function that dreams."""
    now = [0]
    engine = DiffusionEngine(SIZE, str(model), now=lambda: now[0])
    engine.open(store.snapshot)
    paint = engine._painter.paint

    def painted(inputs, snapshot, dt, step):
        now[0] += 20_000_000 * step.shape.steps
        return paint(inputs, snapshot, dt, step)

    monkeypatch.setattr(engine._painter, "paint", painted)

    def dream(count):
        for _ in range(count):
            engine.render(Inputs(now_ns=now[0]), store.snapshot, 1 / 30)
        return engine.standing

    return dream


def test_the_governor_gives_steps_at_once_and_says_what_it_gave(slow, store):
    store.apply({"dream.steps": 4, "governor.latency": 50}, origin="test")
    standing = slow(20)
    assert (standing.steps, standing.steps_asked) == (2, 4)
    assert standing.load == pytest.approx(0.8)
    assert not standing.at_least
    store.set("governor.latency", 0.0, origin="test")
    assert slow(1).steps == 4
    assert slow(3).load == 0


def test_a_governor_with_nothing_left_to_give_says_so(slow, store):
    store.apply(
        {"dream.steps": 4, "governor.latency": 10, "governor.least_steps": 2}, origin="test"
    )
    standing = slow(30)
    assert (standing.steps, standing.at_least) == (2, True)
    assert standing.load == pytest.approx(4)
