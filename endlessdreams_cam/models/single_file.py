"""The nets of a single file in the original layout, under diffusers' names."""

from __future__ import annotations

import torch

from endlessdreams_cam.models.architecture import Config
from endlessdreams_cam.models.materialise import State


def convert_unet(state: State, config: Config) -> State:
    """Return the UNet's tensors of a file."""
    from diffusers.loaders.single_file_utils import convert_ldm_unet_checkpoint

    converted: State = convert_ldm_unet_checkpoint(dict(state), dict(config))
    return converted


def convert_vae(state: State, config: Config) -> State:
    """Return the VAE's tensors of a file."""
    from diffusers.loaders.single_file_utils import convert_ldm_vae_checkpoint

    converted: State = convert_ldm_vae_checkpoint(dict(state), dict(config))
    return converted


def convert_text_encoder(state: State, prefix: str) -> State:
    """Return a text encoder's tensors of a file; prefix is how their names begin there."""
    inside = {name.removeprefix(prefix): tensor for name, tensor in state.items()}
    return inside if prefix.endswith("transformer.") else _open_clip(inside)


_BLOCK = {
    "ln_1": "layer_norm1", "ln_2": "layer_norm2", "mlp.c_fc": "mlp.fc1", "mlp.c_proj": "mlp.fc2",
    "attn.out_proj": "self_attn.out_proj",
}  # fmt: skip
_OUTSIDE = {
    "token_embedding.weight": "embeddings.token_embedding.weight",
    "positional_embedding": "embeddings.position_embedding.weight",
    "ln_final.weight": "final_layer_norm.weight",
    "ln_final.bias": "final_layer_norm.bias",
}


def _open_clip(state: State) -> State:
    """Return OpenCLIP's tensors under CLIP's names; its query, key and value are one tensor."""
    found = {new: state[old] for old, new in _OUTSIDE.items() if old in state}
    if "text_projection" in state:
        found["text_projection.weight"] = state["text_projection"].T.contiguous()
    for name, tensor in state.items():
        if name.startswith("transformer.resblocks."):
            number, _, rest = name.removeprefix("transformer.resblocks.").partition(".")
            found |= _block(f"encoder.layers.{number}.", rest, tensor)
    return found


def _block(layer: str, name: str, tensor: torch.Tensor) -> State:
    if name.startswith("attn.in_proj_"):
        kind = name.removeprefix("attn.in_proj_")
        thirds = zip("qkv", tensor.chunk(3), strict=True)
        return {f"{layer}self_attn.{letter}_proj.{kind}": part for letter, part in thirds}
    stem, _, kind = name.rpartition(".")
    return {f"{layer}{_BLOCK.get(stem, stem)}.{kind}": tensor}
