"""Leads a dream that feeds on itself back to how the model dreams without a canvas.

Each pass through the nets shifts light and colour a little and softens a little; fed back for
hours, that adds up. A frame's whole look (mean and covariance of its channels, variance of its
fine detail) is therefore compared with a reference, and corrected by at most 3 %. Detail that is
lost for good cannot be amplified again: fine grain in the canvas is what the nets make new detail
from.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

from endlessdreams_cam.engines.diffusion.buffers import Statistics

MOST_GAIN = 0.03
"""How far a gain may be from 1 in one frame."""
MOST_GRAIN = 0.05
"""The grain's greatest standard deviation, of a picture that goes from −1 to 1: 6 grey levels."""
_PACE = 0.3
_RIDGE = 1e-4
_NEAR = 5  # pixels across: what differs from the mean of its neighbourhood is detail

_HALF, _THIRD, _SIXTH = 2**-0.5, 3**-0.5, 6**-0.5
_AXES = ((_THIRD, _THIRD, _THIRD), (_HALF, 0.0, -_HALF), (-_SIXTH, 2 * _SIXTH, -_SIXTH))
"""Light and two colours, an orthonormal basis: gains of light and of saturation are apart."""


def make_basis(device: torch.device) -> Any:
    """Return the basis of light and colours, (3, 3) float32."""
    return torch.tensor(_AXES, dtype=torch.float32, device=device)


def measure(dream: Any, basis: Any) -> Statistics:
    """Return the statistics of a picture (1, 3, height, width)."""
    flat = basis @ dream.to(torch.float32).flatten(2).squeeze(0)
    mean = flat.mean(dim=1)
    apart = flat - mean[:, None]
    covariance = apart @ apart.T / flat.shape[1]
    return Statistics(mean, covariance, fine(dream).square().mean())


def fine(dream: Any) -> Any:
    """Return the fine detail of a picture's light, (1, 1, height, width)."""
    light = dream.mean(dim=1, keepdim=True)
    near = F.avg_pool2d(light, _NEAR, 1, _NEAR // 2, count_include_pad=False)
    return light - near


def correct(dream: Any, now: Statistics, reference: Statistics, basis: Any, amount: Any) -> Any:
    """Return a dream that measures `now` led towards the reference.

    Gains stay within 1 ± 3 % · amount.
    """
    dream = dream.to(torch.float32)
    limit = MOST_GAIN * amount
    # The first order of the map that turns one covariance into the other.
    wanted, ridge = reference.covariance, _RIDGE * _eye(basis)
    stretch = _clip(((wanted + ridge) @ _inverse(now.covariance + ridge) - _eye(basis)) / 2, limit)
    shift = _clip(reference.mean - now.mean, limit)
    turn = basis.T @ (_eye(basis) + stretch) @ basis
    mean = (basis.T @ now.mean).view(1, 3, 1, 1)
    # A product, not a convolution: those are rounded to ten bits on newer cards.
    moved = (turn @ (dream - mean).flatten(2)).view(dream.shape)
    crisp = _clip((reference.detail / (now.detail + _RIDGE / 100)).sqrt() - 1, limit)
    return moved + (mean + (basis.T @ shift).view(1, 3, 1, 1)) + fine(dream) * crisp


def follow(variance: Any, detail: Any, reference: Statistics) -> None:
    """Lead the grain's variance, in place, so that a dream's detail comes to the reference's.

    What of the grain survives the nets is not known beforehand: more is given until it is enough.
    """
    variance.add_((reference.detail - detail) * _PACE).clamp_(0.0, MOST_GRAIN**2)


def make_grain(places: Any, tick: Any) -> Any:
    """Return noise of unit variance from places (height, width) int64 and the frame's number.

    A hash instead of a generator: the same eager, compiled and captured, and new in each frame.
    """
    word = 0xFFFFFFFF
    mixed = (places * 0x9E3779B1 + tick.to(torch.int64) * 0x85EBCA6B) & word
    mixed = ((mixed ^ (mixed >> 16)) * 0x7FEB352D) & word
    mixed = ((mixed ^ (mixed >> 15)) * 0x846CA68B) & word
    mixed = mixed ^ (mixed >> 16)
    return (mixed.to(torch.float32) * (2 / word) - 1) * 3**0.5


def _eye(like: Any) -> Any:
    return torch.eye(3, device=like.device)


def _clip(value: Any, limit: Any) -> Any:
    return torch.minimum(torch.maximum(value, -limit), limit)


def _inverse(covariance: Any) -> Any:
    """Return the inverse of a 3 × 3 covariance by its cofactors: nothing that waits for a GPU."""
    first, second, third = covariance.unbind(0)
    columns = torch.stack(
        [
            torch.linalg.cross(second, third),
            torch.linalg.cross(third, first),
            torch.linalg.cross(first, second),
        ],
        dim=1,
    )
    return columns / (first * columns[:, 0]).sum()
