"""The configurations of the nets in a single file, read from their tensors' names and shapes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from endlessdreams_cam.errors import ModelError
from endlessdreams_cam.models.architecture import Config, Family
from endlessdreams_cam.models.headers import Tensors

_LAYERS = 2
"""Residual blocks at each level of the UNet, in all three families."""
_HEAD = 64
"""Width of an attention head in CLIP, SD 2.1 and SDXL; SD 1.5 has eight heads everywhere."""
_HEADS_15 = 8


def read_unet(tensors: Tensors, path: Path) -> Config:
    """Return a UNet's configuration; raises ModelError when its tensors are of none."""
    blocks = _count(tensors, "input_blocks.")
    levels = [1 + level * (_LAYERS + 1) for level in range((blocks + _LAYERS) // (_LAYERS + 1))]
    if blocks not in (9, 12):
        raise ModelError(
            f"{path} has a UNet of {blocks} input blocks: 12 (SD 1.5, 2.1) and 9 (SDXL) are known.",
            remedy="A smaller relative of Stable Diffusion needs its folder in diffusers' layout.",
        )
    channels = [_shape(tensors, f"input_blocks.{n}.0.out_layers.3.weight", path)[0] for n in levels]
    crossed = [_count(tensors, f"input_blocks.{n}.1.transformer_blocks.") for n in levels]
    first = next(n for n, depth in zip(levels, crossed, strict=True) if depth)
    linear = len(_shape(tensors, f"input_blocks.{first}.1.proj_in.weight", path)) == 2
    keys = f"input_blocks.{first}.1.transformer_blocks.0.attn2.to_k.weight"
    return {
        "in_channels": _shape(tensors, "input_blocks.0.0.weight", path)[1],
        "out_channels": _shape(tensors, "out.2.weight", path)[0],
        "layers_per_block": _LAYERS,
        "block_out_channels": tuple(channels),
        "down_block_types": tuple(
            "CrossAttnDownBlock2D" if depth else "DownBlock2D" for depth in crossed
        ),
        "up_block_types": tuple(
            "CrossAttnUpBlock2D" if depth else "UpBlock2D" for depth in reversed(crossed)
        ),
        "attention_head_dim": tuple(c // _HEAD for c in channels) if linear else _HEADS_15,
        "transformer_layers_per_block": tuple(max(depth, 1) for depth in crossed),
        "use_linear_projection": linear,
        "cross_attention_dim": _shape(tensors, keys, path)[1],
        **_added(tensors, path),
    }


def _added(tensors: Tensors, path: Path) -> Config:
    """Return what SDXL's UNet takes beside the tokens: the pooled text and six sizes."""
    if "label_emb.0.0.weight" not in tensors:
        return {}
    return {
        "addition_embed_type": "text_time",
        "projection_class_embeddings_input_dim": _shape(tensors, "label_emb.0.0.weight", path)[1],
    }


def with_sizes(unet: Config, pooled: int) -> Config:
    """Return SDXL's UNet with the width of each size's embedding: what `pooled` leaves."""
    sizes = unet["projection_class_embeddings_input_dim"] - pooled
    return {**unet, "addition_time_embed_dim": sizes // 6}


def read_vae(tensors: Tensors, family: Family, path: Path) -> Config:
    """Return a VAE's configuration; raises ModelError when its tensors are of none."""
    levels = _count(tensors, "encoder.down.")
    channels = [_shape(tensors, f"encoder.down.{n}.block.0.conv2.weight", path)[0]
                for n in range(levels)]  # fmt: skip
    return {
        "in_channels": 3,
        "out_channels": 3,
        "latent_channels": _shape(tensors, "post_quant_conv.weight", path)[0],
        "layers_per_block": _count(tensors, "encoder.down.0.block."),
        "block_out_channels": tuple(channels),
        "down_block_types": ("DownEncoderBlock2D",) * levels,
        "up_block_types": ("UpDecoderBlock2D",) * levels,
        "scaling_factor": 0.13025 if family is Family.SDXL else 0.18215,
        "force_upcast": family is Family.SDXL,
    }


def read_text_encoders(family: Family) -> tuple[Callable[[Tensors, Path], Config], ...]:
    """Return what reads the configuration of each of a family's text encoders."""
    if family is Family.SD15:
        return (_read_clip,)
    if family is Family.SD21:
        return (_read_last_but_one,)
    return (_read_clip, _read_open_clip)


def _read_clip(tensors: Tensors, path: Path) -> Config:
    start = "text_model."
    vocabulary, width = _shape(tensors, f"{start}embeddings.token_embedding.weight", path)
    inner = _shape(tensors, f"{start}encoder.layers.0.mlp.fc1.weight", path)[0]
    layers = _count(tensors, f"{start}encoder.layers.")
    return _clip(vocabulary, width, inner, layers, width, "quick_gelu")


def _read_open_clip(tensors: Tensors, path: Path) -> Config:
    vocabulary, width = _shape(tensors, "token_embedding.weight", path)
    inner = _shape(tensors, "transformer.resblocks.0.mlp.c_fc.weight", path)[0]
    layers = _count(tensors, "transformer.resblocks.")
    projection = _shape(tensors, "text_projection", path)[1]
    return _clip(vocabulary, width, inner, layers, projection, "gelu")


def _read_last_but_one(tensors: Tensors, path: Path) -> Config:
    # SD 2.1 was trained on the output of the last layer but one; files keep the last one too.
    vocabulary, width = _shape(tensors, "token_embedding.weight", path)
    inner = _shape(tensors, "transformer.resblocks.0.mlp.c_fc.weight", path)[0]
    layers = _count(tensors, "transformer.resblocks.") - 1
    return _clip(vocabulary, width, inner, layers, width, "gelu")


def _clip(
    vocabulary: int, width: int, inner: int, layers: int, projection: int, act: str
) -> Config:
    return {
        "vocab_size": vocabulary,
        "hidden_size": width,
        "intermediate_size": inner,
        "num_hidden_layers": layers,
        "num_attention_heads": max(width // _HEAD, 1),
        "max_position_embeddings": 77,
        "hidden_act": act,
        "projection_dim": projection,
        "bos_token_id": vocabulary - 2,
        "eos_token_id": vocabulary - 1,
        "pad_token_id": vocabulary - 1,
    }


def _count(tensors: Tensors, prefix: str) -> int:
    """Return how many numbers follow a prefix."""
    return len({n[len(prefix) :].partition(".")[0] for n in tensors if n.startswith(prefix)})


def _shape(tensors: Tensors, name: str, path: Path) -> tuple[int, ...]:
    if name not in tensors:
        raise ModelError(
            f"{path} is not a whole Stable Diffusion model: the tensor {name} is missing.",
            remedy="Copy the file again, or take another version of the model.",
        )
    return tensors[name].shape
