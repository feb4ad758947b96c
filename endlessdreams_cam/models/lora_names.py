"""The names that LoRA files give to a net's layers: kohya's, PEFT's and diffusers' older ones.

kohya writes a layer's path with underscores, and for SDXL often under the names of the original
layout; PEFT and diffusers write it with dots. All are read as the path in diffusers' UNet, with
underscores: down_blocks_0_attentions_0_proj_in.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from endlessdreams_cam.errors import ModelError
from endlessdreams_cam.models.architecture import UNETS, Family
from endlessdreams_cam.models.headers import Tensors, read_header
from endlessdreams_cam.models.refusals import refuse_format


class Role(StrEnum):
    """What a tensor is to a layer's change, which is up · down · alpha / rank."""

    DOWN = "down"
    UP = "up"
    ALPHA = "alpha"


@dataclass(frozen=True, slots=True)
class LoraFile:
    """A LoRA's tensors by layer and role, by their names in the file.

    tensors are the shapes of all; alpha is what the file says of all its layers, for those that
    have none of their own (None: it is the rank); notes tell what is not used.
    """

    path: Path
    layers: Mapping[str, Mapping[Role, str]]
    tensors: Tensors
    alpha: float | None = None
    notes: tuple[str, ...] = ()

    @property
    def family(self) -> Family | None:
        """The family that it was made for, by the width of the tokens' vectors; None: unknown."""
        for layer, names in self.layers.items():
            if layer.endswith(("attn2_to_k", "attn2_to_v")):
                return _FAMILIES.get(sum(self.tensors[names[Role.DOWN]].shape[-1:]))
        return None

    def change_of(self, layer: str) -> tuple[int, int, int]:
        """Return a layer's change by its sides: outputs, rank, inputs (of all a kernel's places).

        Raises ModelError when its halves do not fit each other.
        """
        up, down = (self.tensors[self.layers[layer][role]].shape for role in (Role.UP, Role.DOWN))
        if len(up) < 2 or len(down) < 2 or math.prod(up[1:]) != down[0] or not down[0]:
            raise ModelError(f"{self.path} is damaged: the halves of {layer} do not fit.")
        return up[0], down[0], math.prod(down[1:])


_ROLES = (
    (".lora_down.weight", Role.DOWN), (".lora_up.weight", Role.UP),
    (".lora_A.weight", Role.DOWN), (".lora_B.weight", Role.UP),
    (".lora_A.default.weight", Role.DOWN), (".lora_B.default.weight", Role.UP),
    (".lora.down.weight", Role.DOWN), (".lora.up.weight", Role.UP),
    ("_lora.down.weight", Role.DOWN), ("_lora.up.weight", Role.UP),
    (".alpha", Role.ALPHA),
)  # fmt: skip
_FAMILIES = {UNETS[family]["cross_attention_dim"]: family for family in Family}
_TEXT = ("lora_te", "text_encoder", "te1_", "te2_")
_OTHERS = {
    "hada_w1": "a LoHa", "lokr_w1": "a LoKr", "oft_": "an OFT", "dora_scale": "a DoRA",
    "lora_mid": "a LoCon with a middle", "ia3": "an IA3",
}  # fmt: skip
_RESNET = {
    "in_layers_2": "conv1", "emb_layers_1": "time_emb_proj", "out_layers_3": "conv2",
    "skip_connection": "conv_shortcut",
}  # fmt: skip
_USUAL = "Ordinary LoRAs of kohya's scripts, PEFT and diffusers are known."


def list_loras(folder: Path) -> tuple[str, ...]:
    """Return the names of the LoRAs in the folder of LoRAs: its files and folders."""
    if not folder.is_dir():
        return ()
    found = (path for path in folder.iterdir() if path.is_dir() or path.suffix == ".safetensors")
    return tuple(sorted(path.stem if path.is_file() else path.name for path in found))


def lora_path(name: str, folder: Path) -> Path:
    """Return where a LoRA of that name lies in the folder of LoRAs; raises ModelError.

    A name comes from presets and from the network: it never leads out of the folder.
    """
    if name not in list_loras(folder):
        known = ", ".join(list_loras(folder)) or "none"
        raise ModelError(
            f"There is no LoRA called {name!r}.",
            remedy=f"Put its .safetensors file into {folder}; there is {known}.",
        )
    return folder / name if (folder / name).is_dir() else folder / f"{name}.safetensors"


def find_lora(path: Path) -> Path:
    """Return the file of a LoRA that is a file or a folder; raises ModelError."""
    if path.is_dir():
        inside = sorted(path.glob("*.safetensors"))
        usual = path / "pytorch_lora_weights.safetensors"
        if usual in inside or len(inside) == 1:
            return usual if usual in inside else inside[0]
        raise ModelError(
            f"{path} holds {len(inside)} .safetensors files; a LoRA's folder has one.",
            remedy="Name the file itself.",
        )
    if not path.exists():
        raise ModelError(f"There is no LoRA at {path}.")
    refuse_format(path)
    return path


def read_lora_names(path: Path) -> LoraFile:
    """Return what a LoRA changes, from its header; raises ModelError for what is none."""
    path = find_lora(path)
    header = read_header(path)
    tensors = header.tensors
    _refuse_others(path, tensors)
    layers: dict[str, dict[Role, str]] = {}
    text = 0
    for name in tensors:
        if name.startswith(_TEXT):
            text += 1
        elif (parsed := _parse(name)) is not None:
            layer, role = parsed
            layers.setdefault(layer, {})[role] = name
    pairs = {
        layer: roles for layer, roles in layers.items() if {Role.DOWN, Role.UP} <= roles.keys()
    }
    if not pairs:
        raise ModelError(f"{path} is not a LoRA for a picture's net.", remedy=_USUAL)
    halves = sorted(set(layers) - set(pairs))
    if halves:
        raise ModelError(f"{path} is not whole: {halves[0]} has one half.", remedy="Copy it again.")
    notes = ("What it changes of the text encoder is not used.",) if text else ()
    return LoraFile(path, pairs, tensors, _declared_alpha(path, header.metadata), notes)


def _declared_alpha(path: Path, metadata: Mapping[str, str]) -> float | None:
    """Return the alpha that diffusers writes into a file, or PEFT into a file beside it."""
    try:
        told = json.loads(metadata.get("lora_adapter_metadata") or "{}")
        beside = path.with_name("adapter_config.json")
        if not told and path.name == "adapter_model.safetensors" and beside.is_file():
            told = json.loads(beside.read_text(encoding="utf-8"))
        alpha = told.get("unet.lora_alpha", told.get("lora_alpha"))
        return None if alpha is None else float(alpha)
    except (OSError, ValueError, TypeError, AttributeError):
        raise ModelError(f"{path}: what is said of its alpha cannot be read.") from None


def _refuse_others(path: Path, tensors: Tensors) -> None:
    for piece, what in _OTHERS.items():
        if any(piece in name for name in tensors):
            raise ModelError(f"{path} is {what}, which is not known.", remedy=_USUAL)


def _parse(name: str) -> tuple[str, Role] | None:
    """Return the layer and the role of a tensor's name, or None for one that is neither."""
    ending, role = next((row for row in _ROLES if name.endswith(row[0])), ("", None))
    if role is None:
        return None
    stem = name.removesuffix(ending).replace(".processor.", ".")
    for prefix in ("lora_unet_", "unet.", "diffusion_model.", "base_model.model.", "lora_unet."):
        stem = stem.removeprefix(prefix)
    return _from_original(stem.replace(".", "_")), role


def _from_original(layer: str) -> str:
    """Return a layer's name in diffusers' layout when it is one of the original layout."""
    found = re.fullmatch(r"(input_blocks|output_blocks|middle_block)_(\d+)_(.+)", layer)
    if found is None:
        return _outside(layer)
    kind, first, rest = found[1], int(found[2]), found[3]
    if kind == "middle_block":
        name = "mid_block_attentions_0" if first == 1 else f"mid_block_resnets_{first // 2}"
        return f"{name}_{_inner(rest)}"
    place, _, inside = rest.partition("_")
    return _BLOCKS[kind](first, place, inside)


def _outside(layer: str) -> str:
    names = {
        "time_embed_0": "time_embedding_linear_1", "time_embed_2": "time_embedding_linear_2",
        "label_emb_0_0": "add_embedding_linear_1", "label_emb_0_2": "add_embedding_linear_2",
        "out_2": "conv_out",
    }  # fmt: skip
    # Older diffusers call an attention's output to_out, without the number of its part.
    layer = re.sub(r"(attn\d)_to_out$", r"\1_to_out_0", layer)
    return names.get(layer, layer)


def _input_block(number: int, place: str, inside: str) -> str:
    if number == 0:
        return "conv_in"
    block, layer = divmod(number - 1, 3)
    if place == "0" and inside == "op":
        return f"down_blocks_{block}_downsamplers_0_conv"
    return f"down_blocks_{block}_{_part(place)}_{layer}_{_inner(inside)}"


def _output_block(number: int, place: str, inside: str) -> str:
    block, layer = divmod(number, 3)
    if inside == "conv":
        return f"up_blocks_{block}_upsamplers_0_conv"
    return f"up_blocks_{block}_{_part(place)}_{layer}_{_inner(inside)}"


_BLOCKS: Mapping[str, Callable[[int, str, str], str]] = {
    "input_blocks": _input_block,
    "output_blocks": _output_block,
}


def _part(place: str) -> str:
    return "resnets" if place == "0" else "attentions"


def _inner(name: str) -> str:
    return _RESNET.get(name, name)
