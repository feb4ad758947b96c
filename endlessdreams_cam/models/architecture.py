"""The nets' architectures: what tells them apart, and the configurations of the real ones."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from endlessdreams_cam.frame import Size

Config = Mapping[str, Any]
"""What a net's constructor takes, as in its config.json."""


class Family(StrEnum):
    """An architecture: which nets belong together, and which LoRAs fit."""

    SD15 = "SD 1.5"
    SD21 = "SD 2.1"
    SDXL = "SDXL"


class Kind(StrEnum):
    """How a model was trained to be sampled."""

    TURBO = "turbo"  # adversarial distillation: 1 to 4 steps, no guidance
    LCM = "LCM"  # consistency distillation: 2 to 8 steps, guidance inside the net or small
    PLAIN = "plain"  # 20 steps and more: too slow to be live without an LCM LoRA


LATENT_SCALE = 8
"""Pixels to a latent's pixel, in each direction."""

BEST_SIZE = {Family.SD15: Size(512, 512), Family.SD21: Size(512, 512), Family.SDXL: Size(512, 512)}
"""What a model of a family is drawn at unless its catalogue entry or its files say otherwise."""

_CROSS_DOWN, _CROSS_UP = "CrossAttnDownBlock2D", "CrossAttnUpBlock2D"
_DOWN, _UP = "DownBlock2D", "UpBlock2D"

_UNET_15: Config = {
    "sample_size": 64,
    "in_channels": 4,
    "out_channels": 4,
    "layers_per_block": 2,
    "block_out_channels": (320, 640, 1280, 1280),
    "down_block_types": (_CROSS_DOWN, _CROSS_DOWN, _CROSS_DOWN, _DOWN),
    "up_block_types": (_UP, _CROSS_UP, _CROSS_UP, _CROSS_UP),
    "attention_head_dim": 8,
    "cross_attention_dim": 768,
}

UNETS: Mapping[Family, Config] = {
    Family.SD15: _UNET_15,
    Family.SD21: {
        **_UNET_15,
        "attention_head_dim": (5, 10, 20, 20),
        "cross_attention_dim": 1024,
        "use_linear_projection": True,
    },
    Family.SDXL: {
        **_UNET_15,
        "sample_size": 128,
        "block_out_channels": (320, 640, 1280),
        "down_block_types": (_DOWN, _CROSS_DOWN, _CROSS_DOWN),
        "up_block_types": (_CROSS_UP, _CROSS_UP, _UP),
        "attention_head_dim": (5, 10, 20),
        "cross_attention_dim": 2048,
        "transformer_layers_per_block": (1, 2, 10),
        "use_linear_projection": True,
        "addition_embed_type": "text_time",
        "addition_time_embed_dim": 256,
        "projection_class_embeddings_input_dim": 2816,
    },
}

_VAE: Config = {
    "in_channels": 3,
    "out_channels": 3,
    "latent_channels": 4,
    "layers_per_block": 2,
    "block_out_channels": (128, 256, 512, 512),
    "down_block_types": ("DownEncoderBlock2D",) * 4,
    "up_block_types": ("UpDecoderBlock2D",) * 4,
    "scaling_factor": 0.18215,
}

VAES: Mapping[Family, Config] = {
    Family.SD15: _VAE,
    Family.SD21: _VAE,
    Family.SDXL: {**_VAE, "scaling_factor": 0.13025, "force_upcast": True},
}

TINY_VAE: Config = {}
"""AutoencoderTiny's own defaults are those of taesd and taesdxl."""

_CLIP_L: Config = {
    "vocab_size": 49408,
    "hidden_size": 768,
    "intermediate_size": 3072,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "max_position_embeddings": 77,
    "hidden_act": "quick_gelu",
    "projection_dim": 768,
    "bos_token_id": 49406,
    "eos_token_id": 49407,
    "pad_token_id": 49407,
}

TEXT_ENCODERS: Mapping[Family, tuple[Config, ...]] = {
    Family.SD15: (_CLIP_L,),
    Family.SD21: (
        {
            **_CLIP_L,
            "hidden_size": 1024,
            "intermediate_size": 4096,
            "num_hidden_layers": 23,  # of 24: the net was trained on the last but one
            "num_attention_heads": 16,
            "hidden_act": "gelu",
            "projection_dim": 512,
        },
    ),
    Family.SDXL: (
        _CLIP_L,
        {
            **_CLIP_L,
            "hidden_size": 1280,
            "intermediate_size": 5120,
            "num_hidden_layers": 32,
            "num_attention_heads": 20,
            "hidden_act": "gelu",
            "projection_dim": 1280,
        },
    ),
}
"""In the order in which their outputs are joined; only SDXL's second has a projection."""

VISION: Config = {
    "hidden_size": 1024,
    "intermediate_size": 4096,
    "num_hidden_layers": 24,
    "num_attention_heads": 16,
    "image_size": 224,
    "patch_size": 14,
    "projection_dim": 768,
}
"""What the image checker sees with: CLIP's ViT-L/14."""

SCHEDULE: Config = {
    "num_train_timesteps": 1000,
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "prediction_type": "epsilon",
    "timestep_spacing": "trailing",
    "steps_offset": 1,
}
"""The noise schedule that all three families were trained with."""
