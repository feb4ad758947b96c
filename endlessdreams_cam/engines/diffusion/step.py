"""One dream as one function of static shape: uint8 in, uint8 out, all of it on the device.

Nothing in it waits for the device or asks it for a value, so that it can be compiled whole and
captured in a CUDA graph.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

import torch

from endlessdreams_cam.engines.diffusion import canvas
from endlessdreams_cam.engines.diffusion.buffers import Buffers, Conditions
from endlessdreams_cam.engines.diffusion.match import correct, make_basis, make_grain, measure
from endlessdreams_cam.models.nets import Nets


class Shape(NamedTuple):
    """What a dream's function is made for: steps (1…8), and whether guidance is at work."""

    steps: int = 1
    guided: bool = False


class Parts(NamedTuple):
    """Which parts of the function are at work.

    One that is not may be left out or stay in: its numbers are 0. Captured graphs have them all,
    the eager way skips what it can.
    """

    layer: bool = True
    feedback: bool = True
    paint: bool = True
    untouched: bool = True
    match: bool = True
    drift: bool = True


ALL = Parts()


class Dream(NamedTuple):
    """A dream on the device.

    pixels uint8 (height, width, 3); picture, the same before rounding, (1, 3, height, width), −1…1;
    detail, the variance of its fine detail before the match, None without one.
    """

    pixels: Any
    picture: Any
    detail: Any = None


class Step(Protocol):
    """What the painter calls: a FrameStep, or the same one compiled or captured."""

    @property
    def shape(self) -> Shape:
        """What it was made for."""

    @property
    def parts(self) -> Parts | None:
        """The only parts that it can run, or None when it takes any."""

    def __call__(self, parts: Parts = ALL) -> Dream:
        """Return the dream of what is in the buffers; it may be overwritten by the next call."""


class FrameStep:
    """The eager frame function for one model, size and shape. It reads `buffers`, writes nothing.

    `torch.compile(step.dream, fullgraph=True)` takes it whole; a CUDA graph captures `step(ALL)`.
    """

    parts = None

    def __init__(self, nets: Nets, buffers: Buffers, shape: Shape = Shape()) -> None:
        self.shape = shape
        self._nets, self._buffers = nets, buffers
        self._basis = make_basis(nets.device)
        self._embedding = _wave(nets)
        width, height = buffers.size
        self._places = torch.arange(width * height, device=nets.device).view(height, width)

    def __call__(self, parts: Parts = ALL) -> Dream:
        """Return the dream of what is in the buffers."""
        with torch.inference_mode():
            return self.dream(parts)

    def dream(self, parts: Parts = ALL) -> Dream:
        """Return the dream of what is in the buffers; the caller sees to inference mode."""
        buffers, numbers = self._buffers, self._buffers.numbers
        picture = canvas.live(buffers, layer=parts.layer)
        if parts.feedback or parts.paint:
            last = canvas.moved(buffers) if parts.drift else buffers.last
            fresh = self._freshened(last) if parts.match else last
            picture = torch.lerp(picture, fresh, numbers["feedback"])
        if parts.paint:
            picture = canvas.painted(picture, buffers)
        dream = self._decode(self._denoise(self._first(picture, paint=parts.paint)))
        now = measure(dream, self._basis) if parts.match else None
        if now:
            dream = correct(dream, now, buffers.reference, self._basis, numbers["match"])
        if parts.untouched:
            dream = torch.lerp(dream.to(torch.float32), picture, numbers["untouched"])
        if parts.paint:
            dream = torch.lerp(dream, last, canvas.mask(buffers, 2).expand_as(last))
        return Dream(canvas.to_pixels(dream), dream, now.detail if now else None)

    def noise(self, step: int) -> Any:
        """Return the noise of a step, unit variance, float32 (1, 4, height / 8, width / 8)."""
        shares, fields = self._buffers.numbers["noise"], self._buffers.noises[:, step]
        mixed = torch.tensordot(shares, fields, dims=1)
        # Noises that resemble each other (a seed that comes back) would add up to more than 1.
        return (mixed * (shares @ self._buffers.alike @ shares).rsqrt()).unsqueeze(0)

    def _freshened(self, last: Any) -> Any:
        numbers = self._buffers.numbers
        grain = make_grain(self._places, numbers["tick"])
        return last + grain * (self._buffers.grain.sqrt() * numbers["match"])

    def _first(self, picture: Any, *, paint: bool) -> Any:
        start, noise = self._buffers.numbers["start"], self.noise(0)
        latents = self._encode(picture)
        if paint:
            drawn = torch.nn.functional.avg_pool2d(canvas.mask(self._buffers, 1), 8)
            latents = torch.lerp(latents, self._fresh(), drawn.expand_as(latents))
        return latents * start[0] + noise * start[1]

    def _fresh(self) -> Any:
        """Return noise to draw with: other than the dream's own, and as slow."""
        return self.noise(0).flip(3)

    def _denoise(self, latents: Any) -> Any:
        numbers = self._buffers.numbers
        moves, times = numbers["moves"].view(-1, 3), numbers["times"]
        for n in range(self.shape.steps):
            predicted = self._predict(latents, times[n])
            latents = latents * moves[n, 0] + predicted * moves[n, 1]
            if n + 1 < self.shape.steps:
                latents = latents + self.noise(n + 1) * moves[n, 2]
        return latents

    def _predict(self, latents: Any, time: Any) -> Any:
        """Return the net's prediction, float32, guided if the shape says so."""
        guidance, latents = self._buffers.numbers["guidance"], latents.to(self._nets.dtype)
        if not self.shape.guided:
            return self._unet(latents, time, self._buffers.prompt).to(torch.float32)
        both = [
            None if negative is None else torch.cat([negative, wanted])
            for negative, wanted in zip(self._buffers.negative, self._buffers.prompt, strict=True)
        ]
        found = self._unet(torch.cat([latents, latents]), time, Conditions(*both))
        without, wanted = found.to(torch.float32).chunk(2)
        return torch.lerp(without, wanted, guidance)

    def _unet(self, latents: Any, time: Any, conditions: Conditions) -> Any:
        added = None
        if conditions.pooled is not None:
            ids = self._buffers.time_ids.expand(latents.shape[0], -1)
            added = {"text_embeds": conditions.pooled, "time_ids": ids}
        return self._nets.unet(
            latents,
            time,
            encoder_hidden_states=conditions.tokens,
            timestep_cond=self._guidance_embedding(),
            added_cond_kwargs=added,
            return_dict=False,
        )[0]

    def _guidance_embedding(self) -> Any:
        """Return the guidance scale as a distilled LCM takes it: sines and cosines of it."""
        if self._embedding is None:
            return None
        angles = (self._buffers.numbers["guidance"] - 1) * 1000 * self._embedding
        return torch.cat([angles.sin(), angles.cos()]).unsqueeze(0).to(self._nets.dtype)

    def _encode(self, picture: Any) -> Any:
        vae, nets = self._nets.vae, self._nets
        found = vae.encode(picture.to(vae.dtype), return_dict=False)[0]
        latents = found if nets.tiny_vae else found.mode()
        return latents.to(torch.float32) * vae.config.scaling_factor

    def _decode(self, latents: Any) -> Any:
        vae = self._nets.vae
        return vae.decode((latents / vae.config.scaling_factor).to(vae.dtype), return_dict=False)[0]


def _wave(nets: Nets) -> Any:
    """Return the frequencies of the guidance scale's embedding, or None for a net without one."""
    if nets.guidance_embedding is None:
        return None
    half = nets.guidance_embedding // 2
    falls = torch.log(torch.tensor(10000.0)) / (half - 1)
    return torch.exp(torch.arange(half) * -falls).to(nets.device)
