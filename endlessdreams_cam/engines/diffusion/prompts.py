"""Prompts become what the UNet is conditioned on: encoded once per text, mixed in every dream."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from endlessdreams_cam.engines.diffusion.buffers import Conditions
from endlessdreams_cam.models.nets import Nets, TextEncoder

NOTHING = "\0"
"""The text that stands for no negative prompt."""
_KEPT = 64  # texts: 20 MB of SDXL's


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """A text's conditions, float32, and the words that did not fit ("" when all did)."""

    tokens: Any
    pooled: Any
    cut: str = ""


class Encoder:
    """Encodes texts with a model's text encoders and keeps the newest 64."""

    def __init__(self, nets: Nets) -> None:
        self._nets = nets
        self._kept: OrderedDict[str, Encoded] = OrderedDict()

    def __contains__(self, text: str) -> bool:
        return text in self._kept

    def __call__(self, text: str) -> Encoded:
        """Return a text's conditions: tokens (1, 77, width) and pooled (1, width) or None."""
        if text not in self._kept:
            with torch.inference_mode():
                self._kept[text] = self._encode(text)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(text)
        return self._kept[text]

    def _encode(self, text: str) -> Encoded:
        if text == NOTHING:
            return self._nothing()
        tokens, pooled = [], None
        for encoder in self._nets.text_encoders:
            ids = encoder.tokenizer(
                text, padding="max_length", truncation=True, return_tensors="pt",
                max_length=encoder.tokenizer.model_max_length,
            ).input_ids  # fmt: skip
            found = encoder.net(ids.to(self._nets.device), output_hidden_states=True)
            last = encoder.layer is None
            tokens.append(found.last_hidden_state if last else found.hidden_states[encoder.layer])
            pooled = found.text_embeds if encoder.pooled else pooled
        return Encoded(
            torch.cat(tokens, dim=-1).to(torch.float32),
            None if pooled is None else pooled.to(torch.float32),
            cut_off(self._nets.text_encoders[0], text),
        )

    def _nothing(self) -> Encoded:
        """Return the absent prompt: zeros for SDXL, which was trained so, else the empty text."""
        empty = self("")
        if not self._nets.time_ids:
            return empty
        return Encoded(torch.zeros_like(empty.tokens), torch.zeros_like(empty.pooled))


def cut_off(encoder: TextEncoder, text: str) -> str:
    """Return the end of a text that is beyond the tokenizer's length, "" when all of it fits."""
    tokenizer = encoder.tokenizer
    ids = tokenizer(text, add_special_tokens=False, verbose=False).input_ids
    room = tokenizer.model_max_length - 2  # the first and last are marks
    return str(tokenizer.decode(ids[room:])).strip() if len(ids) > room else ""


def mix(parts: Sequence[tuple[Encoded, float]]) -> Encoded:
    """Return the weighted mean of conditions, rescaled per token to the weighted mean of norms.

    Weights are relative. The order does not count, weight 0 is as good as absent, and one prompt
    alone is exactly itself.
    """
    parts = [(encoded, weight) for encoded, weight in parts if weight > 0]
    if len(parts) == 1:
        return parts[0][0]
    total = sum(weight for _, weight in parts)
    weights = torch.tensor([weight / total for _, weight in parts])
    tokens = _mean([encoded.tokens for encoded, _ in parts], weights)
    pooled = None
    if parts[0][0].pooled is not None:
        pooled = _mean([encoded.pooled for encoded, _ in parts], weights)
    return Encoded(tokens, pooled)


def _mean(vectors: Sequence[Any], weights: Any) -> Any:
    stack = torch.cat(list(vectors))
    shares = weights.to(stack.device).view(-1, *[1] * (stack.ndim - 1))
    mean = (stack * shares).sum(dim=0, keepdim=True)
    norm = (stack.norm(dim=-1, keepdim=True) * shares).sum(dim=0, keepdim=True)
    return mean * (norm / mean.norm(dim=-1, keepdim=True).clamp_min(1e-6))


def write(encoded: Encoded, into: Conditions) -> None:
    """Copy conditions into static tensors."""
    into.tokens.copy_(encoded.tokens)
    if into.pooled is not None:
        into.pooled.copy_(encoded.pooled)


class Mixer:
    """Writes the mix of weighted texts into the conditions, when it changed."""

    def __init__(self, encoder: Encoder, into: Conditions) -> None:
        self._encoder, self._into = encoder, into
        self._written: dict[str, float] = {}

    def write(self, shares: Mapping[str, float]) -> bool:
        """Write the mix of texts by their shares; return whether it changed.

        With nothing in it the last mix stays, at first that of an empty text.
        """
        wanted = {text: share for text, share in shares.items() if share > 0}
        wanted = wanted or self._written or {"": 1.0}
        if wanted == self._written:
            return False
        write(mix([(self._encoder(text), share) for text, share in wanted.items()]), self._into)
        self._written = wanted
        return True
