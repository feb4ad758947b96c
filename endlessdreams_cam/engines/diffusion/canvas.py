"""The canvas on the device: live input, layer, paint, and the last dream moved by the drift."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

from endlessdreams_cam.engines.diffusion.buffers import Buffers

_LUMA = (0.299, 0.587, 0.114)


def to_float(pixels: Any) -> Any:
    """Return uint8 (height, width, 3) as float32 (1, 3, height, width), −1…1."""
    return as_planes(pixels) * (2 / 255) - 1


def as_planes(pixels: Any) -> Any:
    """Return (height, width, channels) as float32 (1, channels, height, width), same values."""
    return pixels.permute(2, 0, 1).unsqueeze(0).to(torch.float32)


def live(buffers: Buffers, *, layer: bool) -> Any:
    """Return the source faded to neutral grey, with the layer blended over it."""
    amount = buffers.numbers["source"]
    # Neutral grey is 0: fading to it is a product.
    below = as_planes(buffers.source).mul_(amount * (2 / 255)).sub_(amount)
    return blend(below, buffers) if layer else below


def blend(below: Any, buffers: Buffers) -> Any:
    """Return the layer blended over a picture in the mode whose number is 1."""
    numbers = buffers.numbers
    amount, modes = numbers["layer"], numbers["modes"]
    light, over = (below + 1) / 2, as_planes(buffers.layer) / 255
    luma = sum(share * over[:, n : n + 1] for n, share in enumerate(_LUMA))
    blended = (
        over,
        1 - (1 - light) * (1 - over),
        light * over,
        (light - over).abs(),
        torch.lerp(light, over, luma.expand_as(light)),
    )
    full = sum(modes[n] * picture for n, picture in enumerate(blended))
    return torch.lerp(light, full, amount) * 2 - 1


def moved(buffers: Buffers) -> Any:
    """Return the last dream as the drift has moved it, mirrored beyond its edges."""
    width, height = buffers.size
    affine = buffers.numbers["affine"].view(1, 2, 3)
    grid = F.affine_grid(affine, [1, 3, height, width], align_corners=True)
    # Cubic, because what is sampled anew in every frame must not become softer each time.
    how = "bilinear" if grid.device.type == "mps" else "bicubic"
    return F.grid_sample(
        buffers.last, grid, mode=how, padding_mode="reflection", align_corners=True
    )


def painted(canvas: Any, buffers: Buffers) -> Any:
    """Return the canvas with the drawn colours over it."""
    return torch.lerp(canvas, to_float(buffers.paint), mask(buffers, 0).expand_as(canvas))


def mask(buffers: Buffers, kind: int) -> Any:
    """Return where a kind of paint is, float32 (1, 1, height, width), 0…1."""
    return as_planes(buffers.masks[..., kind : kind + 1]) / 255


def to_pixels(dream: Any) -> Any:
    """Return a picture of −1…1 as uint8 (height, width, 3), contiguous."""
    # One pass less than a product and a sum; the cast cuts, so 128 rounds.
    half = torch.full((), 128.0, device=dream.device)
    grey = torch.add(half, dream.to(torch.float32), alpha=127.5).clamp_(0, 255)
    return grey.squeeze(0).permute(1, 2, 0).to(torch.uint8).contiguous()
