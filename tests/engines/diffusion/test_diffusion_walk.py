import numpy as np
import pytest
import torch

from endlessdreams_cam.engines.diffusion.buffers import Buffers
from endlessdreams_cam.engines.diffusion.step import FrameStep
from endlessdreams_cam.engines.diffusion.stubs import stub_nets
from endlessdreams_cam.engines.diffusion.walk import Walk, draw
from endlessdreams_cam.frame import Size


@pytest.fixture
def at():
    """A walk, and what it makes of a moment: the noise of the first and of the second step."""
    nets = stub_nets()
    buffers = Buffers(nets, Size(256, 256))
    walk, step = Walk(buffers), FrameStep(nets, buffers)

    def go(seed=1, wander=0.0, glide_s=0.0, dt=0.1):
        walk.go(seed, wander=wander, glide_s=glide_s, dt=dt)
        return torch.stack([step.noise(0), step.noise(1)]).clone()

    return go


def alike(a, b):
    return float((a * b).mean())


def test_a_seed_is_its_own_noise_and_stands_without_wander(at):
    first = at(7)
    assert torch.equal(first[0], draw(7, (8, 4, 32, 32))[0][None])
    assert torch.equal(at(7), first)
    assert alike(at(8), first) < 0.05


def test_it_wanders_coherently_and_keeps_its_variance(at):
    last, first = at(3), at(3)
    for _ in range(100):
        now = at(3, wander=1.0, dt=1 / 30)
        assert float(now.std()) == pytest.approx(1, abs=0.04)
        assert alike(now, last) > 0.97
        last = now
    assert abs(alike(last, first)) < 0.1


def test_a_new_seed_glides_in_from_wherever_it_stood(at):
    at(3)
    middle = at(3, wander=0.4, dt=1.0)
    at(4, glide_s=1.0, dt=0.01)
    near = at(4, glide_s=1.0, dt=0.01)
    assert alike(near, middle) > 0.9
    for _ in range(25):
        last = at(4, glide_s=1.0, dt=0.05)
    assert torch.equal(last[0], draw(4, (8, 4, 32, 32))[0][None])


def test_a_seed_that_comes_back_does_not_add_up(at):
    at(1)
    for seed in (2, 1, 2, 1):
        for _ in range(5):
            noise = at(seed, glide_s=1.0, dt=0.1)
            assert float(noise.std()) == pytest.approx(1, abs=0.04)


def test_no_glide_is_a_hit(at):
    at(1)
    hit = at(2, glide_s=0.0)
    assert np.array_equal(hit[0].numpy(), draw(2, (8, 4, 32, 32))[0][None].numpy())
