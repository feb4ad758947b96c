"""Models for the tests: the real classes, tiny, with random weights, in every form that comes.

A folder of 13 to 38 MB is made in a third of a second:

    folder = tiny_models.folder(tmp_path / "sd", "sd15")                    # epsilon, tiny VAE
    folder = tiny_models.folder(tmp_path / "v", "sd21", prediction="v_prediction", vae="kl")
    folder = tiny_models.folder(tmp_path / "xl", "sdxl", scheduler="euler")
    folder = tiny_models.folder(tmp_path / "lcm", "sd15", lcm=True)         # time_cond_proj_dim

Shapes keep what makes the architecture: four (SDXL: three) levels, the kinds of blocks, linear
or convolved projections, SDXL's second text encoder and its added conditions. Latents are an
eighth of the picture, as always.
"""

import json
from pathlib import Path

CHANNELS = (32, 64, 64, 64)
LINEAR_CHANNELS = (64, 64, 128, 128)  # SD2.1 and SDXL have heads of 64
WIDTH = 64
"""Of a text encoder's vectors: one head of 64."""
LCM_EMBEDDING = 16


def folder(
    path, shape="sd15", *, prediction="epsilon", vae="tiny", scheduler="euler", lcm=False, seed=0,
    layers=2,
):  # fmt: skip
    """Build a folder that diffusers' pipelines load, and return its path.

    shape: sd15, sd21 or sdxl. vae: tiny (AutoencoderTiny) or kl. scheduler: euler (trailing, as
    the turbo models have), ddim (a plain model) or lcm; `lcm` gives the UNet the embedding of the
    guidance scale that distilled LCM models have, and the scheduler lcm. layers is the number of
    blocks in each level of the UNet: with one it is traced twice as quickly.
    """
    import torch

    path = Path(path)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        unet(shape, lcm=lcm, layers=layers).save_pretrained(path / "unet")
        autoencoder(vae, shape).save_pretrained(path / "vae")
        for name, encoder in text_encoders(shape).items():
            encoder.save_pretrained(path / name)
    tokenizer(path / "tokenizer", pad="!" if shape == "sd21" else "<|endoftext|>")
    if shape == "sdxl":
        tokenizer(path / "tokenizer_2", pad="!")
    make_scheduler("lcm" if lcm else scheduler, prediction).save_pretrained(path / "scheduler")
    write_index(path, shape, vae)
    return path


def unet(shape="sd15", *, lcm=False, layers=2):
    """Return a tiny UNet2DConditionModel of a shape."""
    from diffusers import UNet2DConditionModel

    common = {
        "sample_size": 8,
        "in_channels": 4,
        "out_channels": 4,
        "layers_per_block": layers,
        "norm_num_groups": 32,
        "time_cond_proj_dim": LCM_EMBEDDING if lcm else None,
    }
    cross = ("CrossAttnDownBlock2D",) * 3, ("CrossAttnUpBlock2D",) * 3
    plain = ("DownBlock2D",), ("UpBlock2D",)
    if shape == "sdxl":
        return UNet2DConditionModel(
            **common,
            block_out_channels=LINEAR_CHANNELS[:3],
            down_block_types=(*plain[0], *cross[0][:2]),
            up_block_types=(*cross[1][:2], *plain[1]),
            attention_head_dim=[1, 1, 2],
            transformer_layers_per_block=[1, 1, 2],
            use_linear_projection=True,
            cross_attention_dim=2 * WIDTH,
            addition_embed_type="text_time",
            addition_time_embed_dim=8,
            projection_class_embeddings_input_dim=6 * 8 + WIDTH,
        )
    linear = shape == "sd21"
    return UNet2DConditionModel(
        **common,
        block_out_channels=LINEAR_CHANNELS if linear else CHANNELS,
        down_block_types=(*cross[0], *plain[0]),
        up_block_types=(*plain[1], *cross[1]),
        attention_head_dim=[1, 1, 2, 2] if linear else 8,
        use_linear_projection=linear,
        cross_attention_dim=WIDTH,
    )


def autoencoder(kind="tiny", shape="sd15"):
    """Return a tiny AutoencoderTiny, or AutoencoderKL for kind kl."""
    import torch
    from diffusers import AutoencoderKL, AutoencoderTiny

    if kind == "tiny":
        vae = AutoencoderTiny(
            encoder_block_out_channels=(8,) * 4,
            decoder_block_out_channels=(8,) * 4,
            num_encoder_blocks=(1, 1, 1, 1),
            num_decoder_blocks=(1, 1, 1, 1),
        )
        with torch.no_grad():  # else pictures would be nearly black, and equal for that reason
            vae.decoder.layers[-1].bias.fill_(0.5)
            vae.decoder.layers[-1].weight.mul_(4)
        return vae
    return AutoencoderKL(
        block_out_channels=(32, 32, 32, 32),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        layers_per_block=2,
        norm_num_groups=32,
        latent_channels=4,
        scaling_factor=0.13025 if shape == "sdxl" else 0.18215,
    )


def text_encoders(shape="sd15"):
    """Return a shape's tiny text encoders by the names of their folders."""
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    ids = vocabulary()

    def config(act):
        return CLIPTextConfig(
            vocab_size=len(ids),
            hidden_size=WIDTH,
            intermediate_size=2 * WIDTH,
            projection_dim=WIDTH,
            num_hidden_layers=3,
            num_attention_heads=1,
            max_position_embeddings=77,
            hidden_act=act,
            bos_token_id=ids["<|startoftext|>"],
            eos_token_id=ids["<|endoftext|>"],
            pad_token_id=ids["<|endoftext|>"],
        )

    found = {"text_encoder": CLIPTextModel(config("gelu" if shape == "sd21" else "quick_gelu"))}
    if shape == "sdxl":
        found["text_encoder_2"] = CLIPTextModelWithProjection(config("gelu"))
    return found


def checker(path, *, threshold=2.0, seed=0):
    """Build a folder with a tiny StableDiffusionSafetyChecker, and return its path.

    A picture is not clean when it is nearer to a concept than its threshold: from 2 on every
    picture is clean, at -2 none.
    """
    import torch
    from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
    from transformers import CLIPConfig

    shape = {"hidden_size": WIDTH, "intermediate_size": 2 * WIDTH, "num_hidden_layers": 2,
             "num_attention_heads": 1, "projection_dim": WIDTH}  # fmt: skip
    config = CLIPConfig(
        text_config=shape,
        vision_config={**shape, "image_size": 32, "patch_size": 8},
        projection_dim=WIDTH,
    )
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(seed)
        net = StableDiffusionSafetyChecker(config)
        for concepts in (net.concept_embeds, net.special_care_embeds):
            concepts.normal_()
        net.concept_embeds_weights.fill_(threshold)
        net.special_care_embeds_weights.fill_(threshold)
    net.save_pretrained(path)
    return Path(path)


def make_scheduler(kind="euler", prediction="epsilon"):
    """Return a scheduler: euler, ddim or lcm."""
    from diffusers import DDIMScheduler, EulerDiscreteScheduler, LCMScheduler

    common = {
        "num_train_timesteps": 1000,
        "beta_start": 0.00085,
        "beta_end": 0.012,
        "beta_schedule": "scaled_linear",
        "prediction_type": prediction,
        "steps_offset": 1,
    }
    if kind == "euler":
        return EulerDiscreteScheduler(**common, timestep_spacing="trailing")
    if kind == "ddim":
        return DDIMScheduler(**common, clip_sample=False, set_alpha_to_one=False)
    return LCMScheduler(**common, clip_sample=False, set_alpha_to_one=True)


def vocabulary():
    """Return the ids of a CLIP vocabulary of single letters and a few words."""
    pieces = [*byte_letters(), *(letter + "</w>" for letter in byte_letters())]
    pieces += [first + second for first, second in merges()]
    return {piece: n for n, piece in enumerate([*pieces, "<|startoftext|>", "<|endoftext|>"])}


def merges():
    """Return pairs that CLIP's tokenizer merges, in their order."""
    return [
        ("a", "t</w>"), ("c", "at</w>"), ("d", "o"), ("do", "g</w>"), ("s", "e"), ("se", "a</w>"),
        ("r", "e"), ("re", "d</w>"), ("t", "h"), ("th", "e</w>"), ("f", "i"), ("r", "e</w>"),
        ("fi", "re</w>"),
    ]  # fmt: skip


def byte_letters():
    """Return the letters that CLIP's byte-level pieces are written in, one for each byte."""
    shown = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in shown]
    return [chr(byte) for byte in shown] + [chr(256 + n) for n in range(len(hidden))]


def tokenizer(path, *, pad="<|endoftext|>"):
    """Write a CLIP tokenizer in the form that the real models have: vocab.json, merges.txt."""
    path.mkdir(parents=True, exist_ok=True)
    write_json(path / "vocab.json", vocabulary())
    lines = ["#version: 0.2", *(" ".join(pair) for pair in merges())]
    (path / "merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    special = {
        "bos_token": "<|startoftext|>",
        "eos_token": "<|endoftext|>",
        "unk_token": "<|endoftext|>",
        "pad_token": pad,
    }
    write_json(path / "special_tokens_map.json", special)
    write_json(
        path / "tokenizer_config.json",
        {**special, "model_max_length": 77, "tokenizer_class": "CLIPTokenizer"},
    )


def write_index(path, shape="sd15", vae="tiny"):
    """Write model_index.json, from which diffusers knows a folder's parts."""
    xl = shape == "sdxl"
    index = {
        "_class_name": "StableDiffusionXLPipeline" if xl else "StableDiffusionPipeline",
        "_diffusers_version": "0.38.0",
        "scheduler": ["diffusers", scheduler_class(path)],
        "text_encoder": ["transformers", "CLIPTextModel"],
        "tokenizer": ["transformers", "CLIPTokenizer"],
        "unet": ["diffusers", "UNet2DConditionModel"],
        "vae": ["diffusers", "AutoencoderTiny" if vae == "tiny" else "AutoencoderKL"],
    }
    if xl:
        index |= {
            "text_encoder_2": ["transformers", "CLIPTextModelWithProjection"],
            "tokenizer_2": ["transformers", "CLIPTokenizer"],
            "force_zeros_for_empty_prompt": True,
        }
    else:
        index |= {
            "safety_checker": [None, None],
            "feature_extractor": [None, None],
            "requires_safety_checker": False,
        }
    write_json(path / "model_index.json", index)


def scheduler_class(path):
    """Return the class that a folder's scheduler names."""
    config = json.loads((path / "scheduler" / "scheduler_config.json").read_text())
    return config["_class_name"]


def write_json(path, value):
    """Write a value as JSON."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")


_TRANSFORMER = "transformer_blocks.0"
LORA_LAYERS = {
    f"down_blocks.1.attentions.0.{_TRANSFORMER}.attn1.to_q": f"input_blocks.4.1.{_TRANSFORMER}."
    "attn1.to_q",
    f"down_blocks.1.attentions.0.{_TRANSFORMER}.attn2.to_out.0": f"input_blocks.4.1.{_TRANSFORMER}"
    ".attn2.to_out.0",
    "down_blocks.1.attentions.1.proj_in": "input_blocks.5.1.proj_in",
    "down_blocks.1.resnets.0.conv1": "input_blocks.4.0.in_layers.2",
    f"mid_block.attentions.0.{_TRANSFORMER}.ff.net.0.proj": f"middle_block.1.{_TRANSFORMER}."
    "ff.net.0.proj",
    "mid_block.resnets.1.time_emb_proj": "middle_block.2.emb_layers.1",
    f"up_blocks.1.attentions.2.{_TRANSFORMER}.ff.net.2": f"output_blocks.5.1.{_TRANSFORMER}."
    "ff.net.2",
    "down_blocks.0.downsamplers.0.conv": "input_blocks.3.0.op",
    "up_blocks.1.upsamplers.0.conv": "output_blocks.5.2.conv",
    "time_embedding.linear_1": "time_embed.0",
    "conv_in": "input_blocks.0.0",
}
"""Layers that every shape has, with their names in the original layout."""


def lora(path, net, *, naming="kohya", rank=2, alpha=None, seed=1, text=False):
    """Write a LoRA for a UNet of a shape and return its change of each layer, at weight 1.

    naming: kohya, original (kohya's names for SDXL), peft or diffusers (older; attention only).
    """
    import torch
    from safetensors.torch import save_file

    random = torch.Generator().manual_seed(seed)
    modules = dict(net.named_modules())
    layers = [n for n in LORA_LAYERS if naming != "diffusers" or "attn" in n]
    tensors, changes = {}, {}
    for layer in layers:
        weight = modules[layer].weight
        down = torch.randn(rank, *weight.shape[1:], generator=random)
        up = torch.randn(weight.shape[0], rank, *(1,) * (weight.ndim - 2), generator=random)
        names = lora_names(layer, naming)
        tensors |= {names[0]: down, names[1]: up}
        if alpha is not None:
            tensors[names[2]] = torch.tensor(float(alpha))
        product = (up.flatten(1) @ down.flatten(1)).reshape(weight.shape)
        changes[layer] = product * ((alpha or rank) / rank)
    if text:
        tensors["lora_te_text_model_encoder_layers_0_mlp_fc1.lora_down.weight"] = torch.zeros(2, 2)
    save_file(tensors, path)
    return changes


def lora_names(layer, naming):
    """Return the names of a layer's down, up and alpha."""
    if naming == "peft":
        return [f"unet.{layer}.{part}" for part in ("lora_A.weight", "lora_B.weight", "alpha")]
    if naming == "diffusers":
        block, _, last = layer.removesuffix(".0").rpartition(".")
        ways = ("_lora.down.weight", "_lora.up.weight")
        return [f"unet.{block}.processor.{last}{way}" for way in ways]
    name = LORA_LAYERS[layer] if naming == "original" else layer
    flat = "lora_unet_" + name.replace(".", "_")
    return [f"{flat}.{part}" for part in ("lora_down.weight", "lora_up.weight", "alpha")]
