"""Writes a tiny folder as one file in the layout that Stable Diffusion was first published in."""

import re

RESNET = {
    "norm1": "in_layers.0", "conv1": "in_layers.2", "time_emb_proj": "emb_layers.1",
    "norm2": "out_layers.0", "conv2": "out_layers.3", "conv_shortcut": "skip_connection",
}  # fmt: skip
UNET = {
    "time_embedding.linear_1": "time_embed.0", "time_embedding.linear_2": "time_embed.2",
    "add_embedding.linear_1": "label_emb.0.0", "add_embedding.linear_2": "label_emb.0.2",
    "conv_in": "input_blocks.0.0", "conv_norm_out": "out.0", "conv_out": "out.2",
    "mid_block.resnets.0": "middle_block.0", "mid_block.attentions.0": "middle_block.1",
    "mid_block.resnets.1": "middle_block.2",
}  # fmt: skip
VAE = {
    "group_norm": "norm", "to_q": "q", "to_k": "k", "to_v": "v", "to_out.0": "proj_out",
    "conv_shortcut": "nin_shortcut", "conv_norm_out": "norm_out",
    "mid_block.resnets.0": "mid.block_1", "mid_block.resnets.1": "mid.block_2",
    "mid_block.attentions.0": "mid.attn_1",
}  # fmt: skip
OPEN_CLIP = {
    "layer_norm1": "ln_1", "layer_norm2": "ln_2", "mlp.fc1": "mlp.c_fc", "mlp.fc2": "mlp.c_proj",
    "self_attn.out_proj": "attn.out_proj",
}  # fmt: skip
OUTSIDE = {
    "embeddings.token_embedding.weight": "token_embedding.weight",
    "embeddings.position_embedding.weight": "positional_embedding",
    "final_layer_norm.weight": "ln_final.weight",
    "final_layer_norm.bias": "ln_final.bias",
}


def single_file(path, folder, *, metadata=None, without=()):
    """Write a folder (shape sd15, sd21 or sdxl, with a KL VAE) as a file and return its path.

    without: what to leave out, by the beginning of the tensors' names.
    """
    from safetensors.torch import load_file, save_file

    unet = load_file(folder / "unet" / "diffusion_pytorch_model.safetensors")
    vae = load_file(folder / "vae" / "diffusion_pytorch_model.safetensors")
    found = {f"model.diffusion_model.{unet_name(n, unet)}": t for n, t in unet.items()}
    for name, tensor in vae.items():
        new = vae_name(name)
        square = ".attn_1." in new and tensor.ndim == 2
        found[f"first_stage_model.{new}"] = tensor[:, :, None, None] if square else tensor
    text = load_file(folder / "text_encoder" / "model.safetensors")
    if (folder / "text_encoder_2").is_dir():
        found |= clip(text, "conditioner.embedders.0.transformer.")
        second = load_file(folder / "text_encoder_2" / "model.safetensors")
        found |= open_clip(second, "conditioner.embedders.1.model.")
    elif any("proj_in.weight" in name and tensor.ndim == 2 for name, tensor in unet.items()):
        found |= open_clip(with_last_layer(text), "cond_stage_model.model.")
    else:
        found |= clip(text, "cond_stage_model.transformer.")
    kept = {n: t.contiguous() for n, t in found.items() if not n.startswith(tuple(without))}
    save_file(kept, path, metadata=metadata)
    return path


def unet_name(name, names):
    """Return the original name of a UNet's tensor."""
    for new, old in UNET.items():
        if name.startswith(new + "."):
            rest = old + name.removeprefix(new)
            return rest if "attentions" in new else inside(rest)
    way, block, kind, layer, rest = re.fullmatch(
        r"(down|up)_blocks\.(\d+)\.(\w+)\.(\d+)\.(.*)", name
    ).groups()
    block, layer = int(block), int(layer)
    number = 3 * block + layer + (1 if way == "down" else 0)
    start = "input_blocks" if way == "down" else "output_blocks"
    if kind == "resnets":
        return inside(f"{start}.{number}.0.{rest}")
    if kind == "attentions":
        return f"{start}.{number}.1.{rest}"
    if kind == "downsamplers":
        return f"{start}.{3 * block + 3}.0.{rest.replace('conv', 'op')}"
    crossed = any(other.startswith(f"up_blocks.{block}.attentions") for other in names)
    return f"{start}.{3 * block + 2}.{2 if crossed else 1}.{rest}"


def inside(name):
    """Return a name with the parts of a residual block under their original names."""
    for new, old in RESNET.items():
        name = re.sub(rf"\.{new}\.(weight|bias)$", rf".{old}.\1", name)
    return name


def vae_name(name):
    """Return the original name of a VAE's tensor."""
    for new, old in VAE.items():
        name = re.sub(rf"(^|\.){re.escape(new)}\.", rf"\1{old}.", name)
    name = re.sub(r"down_blocks\.(\d+)\.resnets", r"down.\1.block", name)
    name = re.sub(r"down_blocks\.(\d+)\.downsamplers\.0", r"down.\1.downsample", name)
    up = re.search(r"up_blocks\.(\d+)", name)
    if up:
        name = name.replace(up[0], f"up.{3 - int(up[1])}")
        name = name.replace(".resnets.", ".block.").replace(".upsamplers.0.", ".upsample.")
    return name


def clip(tensors, prefix):
    """Return a CLIP's tensors as SD 1.5 and SDXL keep them."""
    return {f"{prefix}text_model.{n.removeprefix('text_model.')}": t for n, t in tensors.items()}


def open_clip(tensors, prefix):
    """Return a CLIP's tensors under OpenCLIP's names; query, key and value become one."""
    import torch

    bare = {name.removeprefix("text_model."): tensor for name, tensor in tensors.items()}
    found = {OUTSIDE[name]: tensor for name, tensor in bare.items() if name in OUTSIDE}
    for name, tensor in bare.items():
        layer = re.match(r"encoder\.layers\.(\d+)\.(.*)\.(weight|bias)$", name)
        if not layer:
            continue
        number, part, kind = layer.groups()
        block = f"transformer.resblocks.{number}."
        if part == "self_attn.q_proj":
            three = [bare[name.replace("q_proj", f"{letter}_proj")] for letter in "qkv"]
            found[f"{block}attn.in_proj_{kind}"] = torch.cat(three)
        elif part in OPEN_CLIP:
            found[f"{block}{OPEN_CLIP[part]}.{kind}"] = tensor
    width = bare["final_layer_norm.weight"].shape[0]
    projection = bare.get("text_projection.weight", torch.eye(width))
    found["text_projection"] = projection.T
    return {prefix + name: tensor for name, tensor in found.items()}


def with_last_layer(tensors):
    """Return a text encoder with the last layer that SD 2.1 leaves out, as its files have it."""
    bare = {name.removeprefix("text_model."): tensor for name, tensor in tensors.items()}
    count = len({name.split(".")[2] for name in bare if name.startswith("encoder.layers.")})
    last = f"encoder.layers.{count - 1}."
    return bare | {
        f"encoder.layers.{count}.{name.removeprefix(last)}": tensor + 1
        for name, tensor in bare.items()
        if name.startswith(last)
    }
