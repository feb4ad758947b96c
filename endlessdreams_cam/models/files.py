"""Recognises a single .safetensors file in the original layout, from its header alone.

The nets' configurations follow from the names and shapes of the tensors; what leaves no trace in
them (epsilon or v-prediction, turbo or plain) is taken from what the file says of itself, or from
its name, and a note says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from endlessdreams_cam.errors import ModelError
from endlessdreams_cam.frame import Size
from endlessdreams_cam.models.architecture import BEST_SIZE, SCHEDULE, Config, Family, Kind
from endlessdreams_cam.models.file_shapes import read_text_encoders, read_unet, read_vae, with_sizes
from endlessdreams_cam.models.folders import family_of, has_tokenizer, plain_note
from endlessdreams_cam.models.found import Form, Found, Part, TokenizerFiles
from endlessdreams_cam.models.headers import Header, Tensors, read_header
from endlessdreams_cam.models.nets import Prediction
from endlessdreams_cam.models.refusals import refuse_format

UNET = "model.diffusion_model."
VAE = "first_stage_model."
TEXT: Mapping[Family, tuple[str, ...]] = {
    Family.SD15: ("cond_stage_model.transformer.",),
    Family.SD21: ("cond_stage_model.model.",),
    Family.SDXL: ("conditioner.embedders.0.transformer.", "conditioner.embedders.1.model."),
}
"""Where each family's text encoders are in a file, by the beginning of their tensors' names."""

_OTHERS = (
    ("lora", "is a LoRA: it is played on top of a model, not alone"),
    ("control_model.", "is a ControlNet, which is not used here"),
    ("double_blocks.", "is a Flux model"),
    ("joint_blocks.", "is a Stable Diffusion 3 model"),
    ("emb_params", "is an embedding of words, not a model"),
    ("down_blocks.", "is one net of a model; the others are missing"),
    ("decoder.", "is a VAE alone"),
)
"""What else comes as .safetensors, by a piece of its tensors' names."""
_ENCODERS = (
    ("text_encoder", "CLIPTextModel"),
    ("text_encoder_2", "CLIPTextModelWithProjection"),
)
_PADS: Mapping[Family, tuple[str, ...]] = {
    Family.SD15: ("<|endoftext|>",),
    Family.SD21: ("!",),
    Family.SDXL: ("<|endoftext|>", "!"),
}
_KNOWN = (
    "Single files of Stable Diffusion 1.5, 2.1 and XL in the original layout are known; anything "
    "else needs its folder in diffusers' layout."
)


def recognise_file(path: Path, tokenizers: tuple[Path, ...] = ()) -> Found:
    """Return what a file holds; raises ModelError with the cause and the remedy.

    A file has no tokenizer: it is taken from a folder `tokenizer` beside it, else from the first
    of `tokenizers` that has one.
    """
    refuse_format(path)
    header = read_header(path)
    _refuse_scaled(path, header)
    family, parts = _parts(path, header)
    said = _said(path, header)
    kind = _kind(said)
    prediction, guessed = _prediction(said, header, family, kind)
    folder = _tokenizer(path, tokenizers)
    return Found(
        path=path, form=Form.FILE, family=family, kind=kind, prediction=prediction,
        spacing="leading" if kind is Kind.PLAIN else "trailing",
        schedule=_schedule(header, prediction), parts=parts,
        tokenizers=tuple(TokenizerFiles(folder, pad) for pad in _PADS[family]),
        best_size=_best_size(family, prediction, said), guidance_embedding=None,
        notes=(*guessed, *(plain_note() if kind is Kind.PLAIN else ())),
    )  # fmt: skip


def _refuse_scaled(path: Path, header: Header) -> None:
    if any(name.endswith(("scale_weight", "scaled_fp8")) for name in header.tensors):
        raise ModelError(
            f"{path} is quantised to 8 bits with scales, which is not known.",
            remedy="Take the model's fp16 version.",
        )


def _parts(path: Path, header: Header) -> tuple[Family, dict[str, Part]]:
    """Return a file's family and nets, from the shapes of its tensors."""
    unet = read_unet(_inside(header, UNET, path), path)
    family = family_of(unet, path)
    encoders = [
        read(_inside(header, prefix, path), path)
        for prefix, read in zip(TEXT[family], read_text_encoders(family), strict=True)
    ]
    if family is Family.SDXL:
        unet = with_sizes(unet, encoders[1]["projection_dim"])
    vae = read_vae(_inside(header, VAE, path), family, path)
    files = {path: header}
    parts = [
        Part("unet", "UNet2DConditionModel", unet, files, UNET),
        Part("vae", "AutoencoderKL", vae, files, VAE),
    ]
    for (name, kind), config, prefix in zip(_ENCODERS, encoders, TEXT[family], strict=False):
        parts.append(Part(name, kind, config, files, prefix))
    return family, {part.name: part for part in parts}


def _inside(header: Header, prefix: str, path: Path) -> Tensors:
    """Return the tensors of one net, without the prefix of their names."""
    found = {
        name.removeprefix(prefix): tensor
        for name, tensor in header.tensors.items()
        if name.startswith(prefix)
    }
    if found:
        return found
    if prefix == UNET:
        what = next(
            (what for piece, what in _OTHERS if any(piece in name for name in header.tensors)),
            "is not a model that is known",
        )
        raise ModelError(f"{path} {what}.", remedy=_KNOWN)
    lacks = "VAE" if prefix == VAE else "text encoder"
    raise ModelError(
        f"{path} has no {lacks}: it was saved without it.",
        remedy="Take the whole model (often called 'full' or with 'vae' in its name).",
    )


def _said(path: Path, header: Header) -> str:
    """Return what tells of a file's making: its name, and what its maker wrote into it."""
    keys = ("modelspec.title", "modelspec.prediction_type", "modelspec.architecture")
    words = [path.stem, *(str(header.metadata.get(key, "")) for key in keys)]
    return " ".join(words).lower().replace("_", "-")


def _kind(said: str) -> Kind:
    if "turbo" in said or "lightning" in said or re.search(r"\bhyper-?(sd|\b)", said):
        return Kind.TURBO
    return Kind.LCM if "lcm" in said else Kind.PLAIN


def _prediction(
    said: str, header: Header, family: Family, kind: Kind
) -> tuple[Prediction, tuple[str, ...]]:
    if "v_pred" in header.tensors:  # a mark that some trainers leave
        return "v_prediction", ()
    if "v-pred" in said or "vpred" in said or "prediction-type v" in said:
        return "v_prediction", ()
    if family is not Family.SD21 or kind is not Kind.PLAIN or "epsilon" in said or "base" in said:
        return "epsilon", ()
    note = (
        "Nothing in it says whether it predicts v or epsilon; v is taken, as most SD 2.1 files at "
        "768 do. If its dreams are noise, put `base` into its name."
    )
    return "v_prediction", (note,)


def _best_size(family: Family, prediction: Prediction, said: str) -> Size:
    """Return the size that a file's net was most likely trained at."""
    if family is Family.SD21 and prediction == "v_prediction":
        return Size(768, 768)
    if family is Family.SDXL and "turbo" not in said:
        return Size(1024, 1024)
    return BEST_SIZE[family]


def _schedule(header: Header, prediction: Prediction) -> Config:
    zero_snr = "ztsnr" in header.tensors
    return {**SCHEDULE, "prediction_type": prediction, "rescale_betas_zero_snr": zero_snr}


def _tokenizer(path: Path, others: tuple[Path, ...]) -> Path:
    for folder in (path.parent / "tokenizer", *others):
        if has_tokenizer(folder):
            return folder
    raise ModelError(
        f"{path} has no tokenizer, as no single file has, and there is none on this machine yet.",
        remedy="`endlessdreams-cam models pull tokenizer` brings it (2 MB).",
    )
