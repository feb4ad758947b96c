"""Faults on purpose go the way of real ones: torch's error, our words, the remedy."""

import numpy as np
import pytest

from endlessdreams_cam.engines.diffusion.engine import DiffusionEngine
from endlessdreams_cam.engines.engine import Inputs
from endlessdreams_cam.engines.faults import REHEARSED, check_rehearsed
from endlessdreams_cam.errors import EngineError, NoRoom, SettingError
from endlessdreams_cam.frame import Size
from endlessdreams_cam.parameters import Switch

SIZE = Size(64, 64)


@pytest.fixture
def engine(folders, store):
    made = DiffusionEngine(SIZE, str(folders("sd15")))
    made.open(store.snapshot)
    return made


def dream(engine, store, seconds=0.0):
    return engine.render(Inputs(now_ns=round(seconds * 1e9)), store.snapshot, 0.1)


def rehearse(store, fault):
    store.switch(Switch(rehearsed=check_rehearsed(fault)))


@pytest.mark.parametrize(
    ("fault", "kind", "said"),
    [
        ("raise", RuntimeError, "on purpose"),
        ("memory", EngineError, "memory is full"),
        ("card", EngineError, "illegal memory access"),
    ],
)
def test_errors_and_the_same_engine_dreams_on_when_it_is_over(engine, store, fault, kind, said):
    rehearse(store, fault)
    with pytest.raises(kind, match=said):
        dream(engine, store)
    rehearse(store, "none")
    assert dream(engine, store).any()


@pytest.mark.parametrize("fault", ["nan", "black"])
def test_dreams_without_numbers_are_black_and_a_fault(engine, store, fault):
    rehearse(store, fault)
    assert not dream(engine, store, 0.1).any()
    with pytest.raises(EngineError, match="nothing but black") as caught:
        dream(engine, store, 3)
    assert caught.value.remedy


def test_a_wrong_shape(engine, store):
    rehearse(store, "shape")
    assert dream(engine, store).shape == (32, 64, 3)


def test_no_memory_to_load_with(folders, store):
    rehearse(store, "load")
    with pytest.raises(NoRoom, match=r"0\.0 GB are free") as caught:
        DiffusionEngine(SIZE, str(folders("sd15"))).open(store.snapshot)
    assert "Close other programs" in caught.value.remedy


def test_only_what_there_is_can_be_rehearsed():
    assert check_rehearsed("none") == ""
    assert [check_rehearsed(fault) for fault in REHEARSED] == list(REHEARSED)
    with pytest.raises(SettingError, match="fire"):
        check_rehearsed("fire")


def test_a_dream_that_is_slow_is_a_dream(engine, store):
    plain = dream(engine, store).copy()
    rehearse(store, "slow")
    assert np.abs(dream(engine, store).astype(int) - plain).mean() < 20
