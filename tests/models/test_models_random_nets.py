import pytest
import torch

from endlessdreams_cam.errors import ModelError
from endlessdreams_cam.models import random_nets as module
from endlessdreams_cam.models.architecture import TEXT_ENCODERS, UNETS, VAES, Family
from endlessdreams_cam.models.catalogue import models
from endlessdreams_cam.models.random_nets import letter_tokenizer, random_nets

COUNTS = {Family.SD15: (859_520_964,), Family.SD21: (865_910_724,), Family.SDXL: (2_567_463_684,)}
"""Of the real UNets' parameters."""


@pytest.mark.parametrize("family", list(Family))
def test_the_architectures_are_the_real_ones(family):
    from diffusers import AutoencoderKL, UNet2DConditionModel

    with torch.device("meta"):
        net = UNet2DConditionModel(**UNETS[family])
        vae = AutoencoderKL(**VAES[family])
    assert sum(value.numel() for value in net.parameters()) == COUNTS[family][0]
    assert sum(value.numel() for value in vae.parameters()) == 83_653_863


@pytest.mark.parametrize(
    ("family", "count"),
    [(Family.SD15, 123_060_480), (Family.SD21, 340_387_840), (Family.SDXL, 123_060_480)],
)
def test_the_text_encoders_are_the_real_ones(family, count):
    from transformers import CLIPTextConfig, CLIPTextModel

    with torch.device("meta"):
        net = CLIPTextModel(CLIPTextConfig(**TEXT_ENCODERS[family][0]))
    assert sum(value.numel() for value in net.parameters()) == count


def test_sdxls_second_text_encoder_is_the_real_one():
    from transformers import CLIPTextConfig, CLIPTextModelWithProjection

    with torch.device("meta"):
        net = CLIPTextModelWithProjection(CLIPTextConfig(**TEXT_ENCODERS[Family.SDXL][1]))
    assert sum(value.numel() for value in net.parameters()) == 694_659_840


def test_the_catalogue_counts_what_is_on_the_card():
    tiny, clip, big = 2_445_063, 123_060_480, 694_659_840
    whole = {
        "sd-turbo": COUNTS[Family.SD21][0] + 340_387_840 + tiny,
        "sdxl-turbo": COUNTS[Family.SDXL][0] + clip + big + tiny,
        "lcm-dreamshaper-v7": COUNTS[Family.SD15][0] + clip + tiny,
        "sd15-lcm": COUNTS[Family.SD15][0] + clip + tiny,
    }
    for entry in models():
        assert entry.parameters == pytest.approx(whole[entry.name], rel=0.002)


@pytest.fixture
def tiny(monkeypatch):
    """Make the real architectures narrow, so that a test can fill them."""

    unets = {
        family: {
            **config,
            "block_out_channels": tuple(64 for _ in config["block_out_channels"]),
            "attention_head_dim": 1,
            "cross_attention_dim": 64 * (2 if family is Family.SDXL else 1),
            "transformer_layers_per_block": 1,
        }
        for family, config in UNETS.items()
    }
    unets[Family.SDXL]["projection_class_embeddings_input_dim"] = 6 * 256 + 64
    small = {"hidden_size": 64, "intermediate_size": 64, "num_hidden_layers": 3}
    small |= {"num_attention_heads": 1, "projection_dim": 64}
    encoders = {
        family: tuple({**config, **small} for config in configs)
        for family, configs in TEXT_ENCODERS.items()
    }
    monkeypatch.setattr(module, "UNETS", unets)
    monkeypatch.setattr(module, "TEXT_ENCODERS", encoders)


@pytest.mark.parametrize("kind", [entry.name for entry in models()])
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_random_nets_dream_something_finite(tiny, kind, dtype):
    nets = random_nets(kind, "cpu", dtype)
    tokens, pooled = [], None
    for encoder in nets.text_encoders:
        ids = encoder.tokenizer(
            "a cat", padding="max_length", max_length=77, truncation=True, return_tensors="pt"
        ).input_ids
        said = encoder.net(ids, output_hidden_states=True)
        tokens.append(said.hidden_states[encoder.layer or -1])
        pooled = said.text_embeds if encoder.pooled else pooled
    added = {"text_embeds": pooled, "time_ids": torch.zeros(1, 6)} if nets.time_ids else None
    width = nets.guidance_embedding
    latents = nets.unet(
        torch.randn(1, 4, 16, 16, dtype=nets.dtype), torch.tensor(999), torch.cat(tokens, dim=-1),
        added_cond_kwargs=added,
        timestep_cond=torch.zeros(1, width, dtype=nets.dtype) if width else None,
    ).sample  # fmt: skip
    picture = nets.vae.decode(latents).sample
    assert picture.dtype is nets.dtype
    assert picture.isfinite().all()
    assert 0.01 < latents.float().std() < 20
    assert picture.float().std() > 0.01


def test_the_same_seed_gives_the_same_nets(tiny):
    first, again, other = (random_nets("sd-turbo", "cpu", "float32", seed=s) for s in (1, 1, 2))
    weights = [nets.unet.conv_in.weight for nets in (first, again, other)]
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])


def test_an_unknown_kind_is_said_with_the_known_ones():
    with pytest.raises(ModelError, match="no 'sd3'") as caught:
        random_nets("sd3", "cpu", "float32")
    assert "sd-turbo" in caught.value.remedy


def test_the_letters_are_a_clip_tokenizer():
    tokenizer = letter_tokenizer()
    said = tokenizer("ab", padding="max_length", max_length=77, truncation=True).input_ids
    assert len(said) == 77
    assert said[0] == tokenizer.bos_token_id
    assert tokenizer.decode(said, skip_special_tokens=True).strip() == "ab"
    assert len(tokenizer("a" * 200, max_length=77, truncation=True).input_ids) == 77
