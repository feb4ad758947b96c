import numpy as np
import pytest

from endlessdreams_cam.engines.diffusion.sampling import Sampler
from endlessdreams_cam.engines.diffusion.stubs import stub_nets


@pytest.fixture(scope="module")
def sampler():
    return Sampler(stub_nets())


def test_times_are_real_and_equally_spaced_down_to_nothing(sampler):
    plan = sampler.plan(0.553, 4)
    assert plan.times == pytest.approx([0.553 * 999 * (1 - n / 4) for n in range(4)])
    # The last move leads to latents without any noise: what the net believes, and nothing else.
    keep, noise = plan.start
    assert keep**2 + noise**2 == pytest.approx(1)


def test_a_perfect_prediction_gives_the_canvas_back(sampler):
    clean, noise = 0.7, -1.3
    for steps in (1, 3, 8):
        plan = sampler.plan(0.8, steps)
        latents = plan.start[0] * clean + plan.start[1] * noise
        for a, b, _ in plan.moves:
            latents = a * latents + b * noise  # the net says what the noise is
        assert latents == pytest.approx(clean, abs=1e-6)


def test_sigma_is_interpolated_in_its_logarithm(sampler):
    alphas = stub_nets().schedule.alphas_cumprod.numpy()
    sigmas = np.sqrt((1 - alphas) / alphas)
    keep, noise = sampler.given([500.5]).start
    assert noise / keep == pytest.approx(np.sqrt(sigmas[500] * sigmas[501]))


def test_strength_has_no_jumps_up_to_one(sampler):
    starts = [sampler.plan(n / 1000, 1).start for n in range(1001)]
    assert np.abs(np.diff(starts, axis=0)).max() < 0.01
    assert starts[-1][0] == 0
