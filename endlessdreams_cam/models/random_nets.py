"""The real architectures with random weights: for measuring, without any download.

What they dream is noise, in the time and memory that the real models take.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from endlessdreams_cam.errors import ModelError
from endlessdreams_cam.models.architecture import (
    SCHEDULE,
    TEXT_ENCODERS,
    TINY_VAE,
    UNETS,
    VISION,
    Config,
    Family,
    Kind,
)
from endlessdreams_cam.models.load import alphas_cumprod
from endlessdreams_cam.models.nets import Nets, Schedule, TextEncoder

if TYPE_CHECKING:
    import torch

from endlessdreams_cam.frame import Size

_EMBEDDING = 256
"""Of the guidance scale in LCM models."""

_KINDS: Mapping[str, tuple[Family, Kind, int | None, Size]] = {
    "sd-turbo": (Family.SD21, Kind.TURBO, None, Size(512, 512)),
    "sdxl-turbo": (Family.SDXL, Kind.TURBO, None, Size(512, 512)),
    "lcm-dreamshaper-v7": (Family.SD15, Kind.LCM, _EMBEDDING, Size(768, 768)),
    "sd15-lcm": (Family.SD15, Kind.LCM, None, Size(512, 512)),
}


def random_nets(kind: str, device: Any, dtype: Any, *, seed: int = 0) -> Nets:
    """Return the architecture of a catalogue's model with random weights, made on the device.

    The prompts' tokens are single letters. Raises ModelError for a kind that is not known.
    """
    import diffusers
    import torch
    import transformers

    if kind not in _KINDS:
        raise ModelError(f"There is no {kind!r}.", remedy=f"Use one of {', '.join(_KINDS)}.")
    family, sampling, embedding, size = _KINDS[kind]
    device = torch.device(device)
    dtype = getattr(torch, dtype) if isinstance(dtype, str) else dtype
    random = torch.Generator(device).manual_seed(seed)
    unet = {**UNETS[family], "time_cond_proj_dim": embedding}
    classes = (transformers.CLIPTextModel, transformers.CLIPTextModelWithProjection)
    encoders = [
        _fill(_text_encoder(cls, config), device, dtype, random)
        for cls, config in zip(classes, TEXT_ENCODERS[family], strict=False)
    ]
    tokenizer = letter_tokenizer()
    xl = family is Family.SDXL
    return Nets(
        name=f"{kind} (random weights)", family=family, kind=sampling,
        unet=_fill(_net(diffusers.UNet2DConditionModel, unet), device, dtype, random),
        vae=_fill(_net(diffusers.AutoencoderTiny, TINY_VAE), device, dtype, random),
        text_encoders=tuple(
            TextEncoder(tokenizer, net, layer=-2 if xl else None, pooled=number == 1)
            for number, net in enumerate(encoders)
        ),
        schedule=Schedule(alphas_cumprod(SCHEDULE), "epsilon", "trailing"),
        best_size=size, guidance_embedding=embedding, device=device, dtype=dtype,
        notes=("Random weights: its dreams are noise.",),
    )  # fmt: skip


def random_checker(device: Any, dtype: Any, *, seed: int = 0) -> Any:
    """Return a StableDiffusionSafetyChecker (a ViT-L/14) with random weights, on a device."""
    import torch
    from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
    from transformers import CLIPConfig

    config = CLIPConfig(vision_config=dict(VISION), projection_dim=VISION["projection_dim"])
    with torch.device("meta"):
        net = StableDiffusionSafetyChecker(config)
    device, dtype = torch.device(device), getattr(torch, dtype)
    return _fill(net, device, dtype, torch.Generator(device).manual_seed(seed))


def letter_tokenizer() -> Any:
    """Return a CLIP tokenizer whose vocabulary is the bytes: a few kilobytes, made on the spot."""
    from transformers import CLIPTokenizer

    shown = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    letters = [chr(byte) for byte in shown] + [chr(256 + n) for n in range(256 - len(shown))]
    pieces = [*letters, *(f"{letter}</w>" for letter in letters), "<|startoftext|>"]
    vocabulary = {piece: n for n, piece in enumerate([*pieces, "<|endoftext|>"])}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
        Path(folder, "merges.txt").write_text("#version: 0.2\n", encoding="utf-8")
        return CLIPTokenizer.from_pretrained(folder, model_max_length=77, local_files_only=True)


def _net(cls: Any, config: Config) -> Any:
    import torch

    with torch.device("meta"):
        return cls(**config)


def _text_encoder(cls: Any, config: Config) -> Any:
    import torch
    from transformers import CLIPTextConfig

    with torch.device("meta"):
        return cls(CLIPTextConfig(**config))


def _fill(net: Any, device: torch.device, dtype: torch.dtype, random: torch.Generator) -> Any:
    """Give a net weights of variance 1 / inputs, so that what flows through it stays finite."""
    import torch

    from endlessdreams_cam.models.materialise import assign

    state = {}
    for name, wanted in net.state_dict().items():
        tensor = torch.zeros(wanted.shape, device=device, dtype=dtype)
        if wanted.ndim > 1:
            tensor.normal_(0, wanted[0].numel() ** -0.5, generator=random)
        elif name.endswith("weight"):
            tensor.fill_(1)  # of a normalisation
        state[name] = tensor
    return assign(net, state, "the random net")
