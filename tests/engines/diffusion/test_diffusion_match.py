"""Endless feedback: a bad operator for the nets, thousands of frames, and the picture stays."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from endlessdreams_cam.engines.diffusion.match import (
    MOST_GAIN,
    correct,
    follow,
    make_basis,
    make_grain,
    measure,
)

FRAMES, BEGIN = 5000, 50
BASIS = make_basis(torch.device("cpu"))


def bad(picture):
    """What nets do to a picture that is fed back: softer, paler, brighter."""
    kernel = torch.tensor([math.exp(-x * x / (2 * 0.5**2)) for x in (-2, -1, 0, 1, 2)])
    kernel = kernel / kernel.sum()
    blur = torch.outer(kernel, kernel).expand(3, 1, 5, 5)
    soft = F.conv2d(F.pad(picture, (2, 2, 2, 2), mode="reflect"), blur, groups=3)
    grey = soft.mean(dim=1, keepdim=True)
    return grey + (soft - grey) * 0.995 + 0.2 / 127.5


def natural(seed=0, size=48):
    """A picture with the spectrum of photographs: amplitude falls with frequency."""
    random = np.random.default_rng(seed)
    spectrum = np.fft.fft2(random.standard_normal((3, size, size)))
    wave = np.hypot(*np.meshgrid(np.fft.fftfreq(size), np.fft.fftfreq(size)))
    planes = np.fft.ifft2(spectrum / np.maximum(wave, 1 / size) ** 1.5).real
    planes = planes / planes.std(axis=(1, 2), keepdims=True)
    planes = 0.6 * planes.mean(axis=0) + 0.4 * planes  # mostly light, some colour
    planes = planes * 0.25 + np.array([0.1, -0.1, -0.2])[:, None, None]
    return torch.tensor(planes.clip(-1, 1)[None], dtype=torch.float32)


def look(picture):
    """Return mean levels, saturation and high-frequency energy of a picture."""
    levels = (picture * 127.5 + 127.5)[0]
    grey = levels.mean(dim=0, keepdim=True)
    across, down = grey.diff(dim=2), grey.diff(dim=1)
    return SimpleNamespace(
        means=levels.mean(dim=(1, 2)),
        saturation=float((levels - grey).square().mean().sqrt()),
        fine=float(across.square().mean() + down.square().mean()),
    )


def run(frames, *, matched):
    first = natural()
    reference = measure(bad(first), BASIS)
    picture, begin = first, None
    places, variance = torch.arange(48 * 48).view(48, 48), torch.zeros(())
    with torch.inference_mode():
        for n in range(frames):
            if matched:
                picture = picture + make_grain(places, torch.tensor([n])) * variance.sqrt()
            picture = bad(picture)
            if matched:
                now = measure(picture, BASIS)
                picture = correct(picture, now, reference, BASIS, torch.ones(1))
                follow(variance, now.detail, reference)
            picture = picture.clamp(-1, 1)
            if n == BEGIN:
                begin = look(picture)
    return begin, look(picture)


def apart(begin, end):
    return (
        float((end.means - begin.means).abs().max()),
        abs(end.saturation / begin.saturation - 1),
        abs(end.fine / begin.fine - 1),
    )


def test_five_thousand_frames_of_a_bad_operator_leave_the_picture_as_it_was():
    means, saturation, detail = apart(*run(FRAMES, matched=True))
    assert means <= 3
    assert saturation <= 0.15
    assert detail <= 0.15


def test_without_the_match_the_picture_is_lost():
    means, saturation, detail = apart(*run(FRAMES, matched=False))
    assert means > 3
    assert saturation > 0.15
    assert detail > 0.15


def test_a_dream_like_the_reference_stays_as_it_is():
    picture = natural()
    same = correct(picture, measure(picture, BASIS), measure(picture, BASIS), BASIS, torch.ones(1))
    assert (same - picture).abs().max() < 1e-3


@pytest.mark.parametrize("other", [torch.full((1, 3, 48, 48), -1.0), -natural(1), natural(2) * 9])
def test_one_frame_is_corrected_by_three_percent_at_most(other):
    picture, now = natural(), measure(natural(), BASIS)
    there = measure(correct(picture, now, measure(other, BASIS), BASIS, torch.ones(1)), BASIS)
    # The detail's gain comes on top of the light's.
    most = (1 + MOST_GAIN) ** 2 * (1 + MOST_GAIN)
    spread = (there.covariance.diagonal() / now.covariance.diagonal()).sqrt()
    assert spread.max() <= most
    assert spread.min() >= 1 / most - 0.03
    assert (there.mean - now.mean).abs().max() <= MOST_GAIN + 1e-3


@pytest.mark.parametrize("level", [-1.0, 0.0, 1.0])
def test_a_flat_dream_stays_flat_and_finite(level):
    flat = torch.full((1, 3, 48, 48), level)
    found = correct(flat, measure(flat, BASIS), measure(natural(), BASIS), BASIS, torch.ones(1))
    assert found.isfinite().all()
    assert found.std(dim=(2, 3)).max() < 1e-4
    assert (found - flat).abs().max() <= 3**0.5 * MOST_GAIN + 1e-4


def test_no_amount_no_correction():
    picture, other = natural(), measure(natural(3) * 0.5, BASIS)
    found = correct(picture, measure(picture, BASIS), other, BASIS, torch.zeros(1))
    assert (found - picture).abs().max() < 1e-5


def test_grain_is_white_of_unit_variance_and_new_in_each_frame():
    places = torch.arange(256 * 256).view(256, 256)
    first, second = (make_grain(places, torch.tensor([float(n)])) for n in (7, 8))
    assert abs(float(first.std()) - 1) < 0.01
    assert abs(float(first.mean())) < 0.01
    for other in (second, first.roll(1, 0), first.roll(1, 1)):
        assert abs(float((first * other).mean())) < 0.02
