"""Leads a dream that feeds on itself back to how the model dreams without a canvas.

Each pass through the nets shifts light and colour a little and softens a little; fed back for
hours, that adds up. A frame's whole look (mean and covariance of its channels, variance of its
fine detail) is therefore compared with a reference, and corrected by at most 3 %.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

from endlessdreams_cam.engines.diffusion.buffers import Statistics

MOST_GAIN = 0.03
"""How far a gain may be from 1 in one frame."""
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


def correct(dream: Any, reference: Statistics, basis: Any, amount: Any) -> Any:
    """Return the dream led towards the reference; gains stay within 1 ± 3 % · amount."""
    dream = dream.to(torch.float32)
    now = measure(dream, basis)
    limit = MOST_GAIN * amount
    # The first order of the map that turns one covariance into the other.
    stretch = _clip((reference.covariance @ _inverse(now.covariance) - _eye(basis)) / 2, limit)
    shift = _clip(reference.mean - now.mean, limit)
    turn = basis.T @ (_eye(basis) + stretch) @ basis
    mean = (basis.T @ now.mean).view(1, 3, 1, 1)
    moved = F.conv2d(dream - mean, turn.view(3, 3, 1, 1))
    crisp = _clip((reference.detail / (now.detail + _RIDGE / 100)).sqrt() - 1, limit)
    return moved + (mean + (basis.T @ shift).view(1, 3, 1, 1)) + fine(dream) * crisp


def _eye(like: Any) -> Any:
    return torch.eye(3, device=like.device)


def _clip(value: Any, limit: Any) -> Any:
    return torch.minimum(torch.maximum(value, -limit), limit)


def _inverse(covariance: Any) -> Any:
    """Return the inverse of a 3 × 3 covariance by its cofactors: nothing that waits for a GPU."""
    matrix = covariance + _RIDGE * _eye(covariance)
    first, second, third = matrix.unbind(0)
    columns = torch.stack(
        [
            torch.linalg.cross(second, third),
            torch.linalg.cross(third, first),
            torch.linalg.cross(first, second),
        ],
        dim=1,
    )
    return columns / (first * columns[:, 0]).sum()
