"""Nets that do next to nothing: what is left of a dream's time is the frame function's own."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import torch

from endlessdreams_cam.frame import Size
from endlessdreams_cam.models.architecture import LATENT_SCALE, SCHEDULE, Family, Kind
from endlessdreams_cam.models.load import alphas_cumprod
from endlessdreams_cam.models.nets import Nets, Schedule, TextEncoder

_WIDTH, _LENGTH = 8, 77


class StubUnet:
    """Predicts a tenth of what it is given, and a little of the prompt."""

    config = SimpleNamespace(cross_attention_dim=_WIDTH)

    def __call__(self, latents: Any, _time: Any, **conditions: Any) -> tuple[Any]:
        """Return the prediction, as a UNet2DConditionModel does without return_dict."""
        prompt = conditions["encoder_hidden_states"].mean(dim=(1, 2)).view(-1, 1, 1, 1)
        return (latents * 0.1 + prompt,)


class StubVae:
    """Takes every eighth pixel for a latent, and repeats latents for pixels."""

    config = SimpleNamespace(scaling_factor=1.0)

    def __init__(self, dtype: torch.dtype) -> None:
        self.dtype = dtype

    def encode(self, picture: Any, **_options: Any) -> tuple[Any]:
        """Return latents (1, 4, height / 8, width / 8)."""
        few = picture[:, :, ::LATENT_SCALE, ::LATENT_SCALE]
        return (SimpleNamespace(mode=lambda: torch.cat([few, few[:, :1]], dim=1)),)

    def decode(self, latents: Any, **_options: Any) -> tuple[Any]:
        """Return a picture (1, 3, height, width) in channels-last memory, as real nets do."""
        rows = latents[0, :3].permute(1, 2, 0).unsqueeze(2)
        high, wide = latents.shape[2:]
        wider = rows.expand(high, wide, LATENT_SCALE, 3).reshape(high, 1, wide * LATENT_SCALE, 3)
        whole = wider.expand(high, LATENT_SCALE, wide * LATENT_SCALE, 3)
        return (whole.reshape(1, high * LATENT_SCALE, -1, 3).permute(0, 3, 1, 2),)


class StubTokenizer:
    """One token for each letter."""

    model_max_length = _LENGTH

    def __call__(self, text: str, *, return_tensors: str = "", **_options: Any) -> Any:
        """Return the ids as a tokenizer does: a list, or padded and cut in a tensor."""
        ids = [ord(letter) % 1000 for letter in text]
        if return_tensors:
            return SimpleNamespace(input_ids=torch.tensor([(ids + [0] * _LENGTH)[:_LENGTH]]))
        return SimpleNamespace(input_ids=ids)

    def decode(self, ids: list[int]) -> str:
        """Return the text of some ids."""
        return "".join(map(chr, ids))


class StubTextNet:
    """Waves with the tokens' frequencies."""

    def __call__(self, ids: Any, **_options: Any) -> Any:
        """Return tokens (1, 77, width)."""
        waves = torch.arange(1, _WIDTH + 1, device=ids.device)
        return SimpleNamespace(last_hidden_state=(ids.unsqueeze(-1) * waves).sin())


def stub_nets(device: str = "cpu", dtype: torch.dtype = torch.float32) -> Nets:
    """Return a model of stubs that needs no files."""
    return Nets(
        name="stub nets", family=Family.SD15, kind=Kind.TURBO,
        unet=StubUnet(), vae=StubVae(dtype),
        text_encoders=(TextEncoder(StubTokenizer(), StubTextNet()),),
        schedule=Schedule(alphas_cumprod(SCHEDULE), "epsilon", "trailing"),
        best_size=Size(512, 512), guidance_embedding=None,
        device=torch.device(device), dtype=dtype,
    )  # fmt: skip
