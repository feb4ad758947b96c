"""The static tensors of a dream: whatever moves is copied into them, their addresses stay."""

from __future__ import annotations

from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from endlessdreams_cam.frame import Size
from endlessdreams_cam.models.architecture import LATENT_SCALE
from endlessdreams_cam.models.nets import Nets
from endlessdreams_cam.parameters.table import LAYER_MODES

MOST_STEPS = 8
_LATENTS = 4

_FIELDS = {
    "source": 1,  # how much of the source is in the canvas, 0…1
    "layer": 1,  # how much of the layer
    "modes": len(LAYER_MODES),  # 1 for the layer's mode, 0 for the others
    "feedback": 1,  # how much of the last dream
    "affine": 6,  # where each pixel of the canvas lies in the last dream, in units of ±1
    "untouched": 1,  # how much of the dream is the canvas as it is
    "guidance": 1,  # the guidance scale
    "match": 1,  # how far the dream may be led back to the reference in one frame
    "tick": 1,  # the frame's number, for the grain
    "noise": 3,  # shares of the three noises
    "start": 2,  # shares of the canvas and of the noise in the first latents
    "times": MOST_STEPS,  # timesteps, as real numbers
    "moves": 3 * MOST_STEPS,  # for each step: shares of latents, prediction and fresh noise
}


class Numbers:
    """Everything scalar in one tensor: one upload a frame. `host` is filled, `device` is read."""

    def __init__(self, device: torch.device) -> None:
        ends = list(accumulate(_FIELDS.values()))
        self._at = {
            name: slice(end - size, end)
            for (name, size), end in zip(_FIELDS.items(), ends, strict=True)
        }
        self._host: NDArray[np.float32] = np.zeros(ends[-1], np.float32)
        self._device = torch.from_numpy(self._host)
        # Two, because a look for the reference and the dream after it are both under way at once.
        self._pinned: list[Any] = []
        if device.type != "cpu":
            on_gpu = device.type == "cuda"
            self._pinned = [torch.zeros(ends[-1], pin_memory=on_gpu) for _ in range(2)]
            self._device = self._device.to(device)

    def set(self, name: str, *values: float) -> None:
        """Set a field's leading values."""
        start = self._at[name].start
        for n, value in enumerate(values, start):
            self._host[n] = value

    def get(self, name: str) -> NDArray[np.float32]:
        """Return a field's values on the host."""
        return self._host[self._at[name]]

    def __getitem__(self, name: str) -> Any:
        """Return a field's tensor on the device, (n,) float32."""
        return self._device[self._at[name]]

    def upload(self) -> None:
        """Copy the host's values to the device."""
        if self._pinned:
            self._pinned.reverse()
            self._pinned[0].numpy()[:] = self._host
            self._device.copy_(self._pinned[0], non_blocking=True)


class Conditions(NamedTuple):
    """A prompt as the UNet takes it: tokens (1, 77, width), pooled (1, width) or None."""

    tokens: Any
    pooled: Any


class Buffers:
    """All static tensors for one size, on the nets' device.

    source, layer, paint: uint8 (height, width, 3). masks: uint8 (height, width, 3), how much
    colour, noise and keeping was drawn. last: the last dream, float32 (1, 3, height, width), −1…1.
    noises: (3, steps, 4, height / 8, width / 8): what is left behind, and the two ends of the
    walk; alike (3, 3) is how much they resemble each other. prompt, negative: Conditions. grain:
    the variance of the grain in the last dream. reference: what dreams are led back to.
    """

    def __init__(self, nets: Nets, size: Size) -> None:
        if size.width % LATENT_SCALE or size.height % LATENT_SCALE:
            raise ValueError(f"a dream's sides are multiples of {LATENT_SCALE}, not {size}")
        self.size, device = size, nets.device
        self.numbers = Numbers(device)
        picture = (size.height, size.width, 3)
        self.source, self.layer, self.paint, self.masks = (
            torch.zeros(picture, dtype=torch.uint8, device=device) for _ in range(4)
        )
        self.last = torch.zeros((1, 3, size.height, size.width), device=device)
        self.last = self.last.to(memory_format=torch.channels_last)
        grid = (size.height // LATENT_SCALE, size.width // LATENT_SCALE)
        self.noises = torch.zeros((3, MOST_STEPS, _LATENTS, *grid), device=device)
        self.alike = torch.eye(3, device=device)
        self.prompt, self.negative = _conditions(nets), _conditions(nets)
        sides = [size.height, size.width, 0, 0, size.height, size.width]
        self.time_ids = torch.tensor([sides], dtype=nets.dtype, device=device)
        self.grain = torch.zeros((), device=device)
        self.reference = Statistics(
            torch.zeros(3, device=device),
            torch.eye(3, device=device),
            torch.ones((), device=device),
        )


class Statistics(NamedTuple):
    """What a picture looks like as a whole.

    mean (3,) and covariance (3, 3) of its channels, in the basis of light and colours; detail, the
    variance of what is finer than five pixels.
    """

    mean: Any
    covariance: Any
    detail: Any


def _conditions(nets: Nets) -> Conditions:
    width = nets.unet.config.cross_attention_dim
    length = nets.text_encoders[0].tokenizer.model_max_length if nets.text_encoders else 77
    tokens = torch.zeros((1, length, width), dtype=nets.dtype, device=nets.device)
    if not nets.time_ids:
        return Conditions(tokens, None)
    pooled = nets.text_encoders[-1].net.config.projection_dim
    return Conditions(tokens, torch.zeros((1, pooled), dtype=nets.dtype, device=nets.device))
