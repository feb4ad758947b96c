"""Recognises a folder in diffusers' layout, from its configurations and its files' headers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from endlessdreams_cam.errors import ModelError
from endlessdreams_cam.frame import Size
from endlessdreams_cam.models.architecture import BEST_SIZE, LATENT_SCALE, Config, Family, Kind
from endlessdreams_cam.models.found import Form, Found, Part, TokenizerFiles
from endlessdreams_cam.models.headers import Header, read_header
from endlessdreams_cam.models.nets import Prediction, Spacing
from endlessdreams_cam.models.refusals import PICKLES, refuse_code

_CLASSES: Mapping[str, tuple[str, ...]] = {
    "unet": ("UNet2DConditionModel",),
    "vae": ("AutoencoderKL", "AutoencoderTiny"),
    "text_encoder": ("CLIPTextModel",),
    "text_encoder_2": ("CLIPTextModelWithProjection",),
}
"""The nets that are loaded; a folder's other parts (safety checkers) are left alone."""
_PIPELINES = {
    "StableDiffusionPipeline", "StableDiffusionImg2ImgPipeline",
    "StableDiffusionXLPipeline", "StableDiffusionXLImg2ImgPipeline",
    "LatentConsistencyModelPipeline", "LatentConsistencyModelImg2ImgPipeline",
}  # fmt: skip
_COMPATIBLE = (
    "It takes Stable Diffusion 1.5, 2.1 and XL, and turbo or LCM models made from them "
    "(`endlessdreams-cam models list`)."
)
_TURBO_SCHEDULERS = ("EulerDiscreteScheduler", "EulerAncestralDiscreteScheduler")
_REFINER = 1280
"""Of the vectors that SDXL's refiner is conditioned on; the base model takes 2048."""
_SMALLEST_TRAINED = 256
_LARGEST_JSON = 8 << 20


def recognise_folder(folder: Path) -> Found:
    """Return what a folder holds; raises ModelError with the cause and the remedy."""
    refuse_code(folder)
    _look_at_index(folder)
    parts = {"unet": _part(folder, "unet")}
    family = family_of(parts["unet"].config, folder)
    names = ["vae", "text_encoder", *(["text_encoder_2"] if family is Family.SDXL else [])]
    parts |= {name: _part(folder, name) for name in names}
    _refuse_strangers(folder, parts)
    schedule = read_json(folder / "scheduler" / "scheduler_config.json")
    prediction = _prediction(schedule, folder)
    embedding = parts["unet"].config.get("time_cond_proj_dim")
    kind = _kind(schedule, embedding)
    return Found(
        path=folder, form=Form.FOLDER, family=family, kind=kind, prediction=prediction,
        spacing=_spacing(schedule), schedule=schedule, parts=parts,
        tokenizers=_tokenizers(folder, family), best_size=_best_size(parts, family, kind),
        guidance_embedding=embedding, notes=plain_note() if kind is Kind.PLAIN else (),
    )  # fmt: skip


def read_json(path: Path) -> dict[str, Any]:
    """Return a configuration; raises ModelError when it is missing, broken, or asks for code."""
    try:
        if path.stat().st_size > _LARGEST_JSON:
            raise ModelError(f"{path} is too large for a configuration.")
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(
            f"{path.parent.name}/{path.name} is missing in {path.parent.parent}.",
            remedy="The folder must be a whole model in diffusers' layout: copy it again.",
        ) from None
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{path} cannot be read as JSON: {error}.") from None
    if not isinstance(document, dict):
        raise ModelError(f"{path} is not a configuration.")
    if "auto_map" in document or "custom_pipeline" in document:
        key = "auto_map" if "auto_map" in document else "custom_pipeline"
        raise ModelError(
            f"{path} is refused: its {key} asks for code that is not part of diffusers.",
            remedy=_COMPATIBLE,
        )
    return document


def family_of(unet: Config, path: Path) -> Family:
    """Return the family of a UNet's configuration; raises ModelError for any other."""
    channels = (unet.get("in_channels", 4), unet.get("out_channels", 4))
    if channels != (4, 4):
        what = {8: "edits by instruction", 9: "inpaints"}.get(channels[0], "is of another kind")
        raise ModelError(
            f"{path} {what}: its UNet takes {channels[0]} channels instead of 4.",
            remedy=_COMPATIBLE,
        )
    if unet.get("addition_embed_type") == "text_time":
        if unet.get("cross_attention_dim") == _REFINER:
            raise ModelError(f"{path} is SDXL's refiner.", remedy="Take the base model beside it.")
        return Family.SDXL
    if unet.get("addition_embed_type") or unet.get("class_embed_type"):
        raise ModelError(f"{path} is of an architecture that is not known.", remedy=_COMPATIBLE)
    return Family.SD21 if unet.get("use_linear_projection") else Family.SD15


def _look_at_index(folder: Path) -> None:
    """Refuse a folder whose model_index.json names another pipeline, or nets from elsewhere."""
    if not (folder / "model_index.json").is_file():
        inside = sorted(path.name for path in folder.glob("*.safetensors"))
        remedy = f"Did you mean {folder / inside[0]}?" if inside else _COMPATIBLE
        raise ModelError(f"{folder} is not a model: it has no model_index.json.", remedy=remedy)
    index = read_json(folder / "model_index.json")
    pipeline = index.get("_class_name")
    if pipeline not in _PIPELINES:
        raise ModelError(f"{folder} is a {pipeline}, which is not known.", remedy=_COMPATIBLE)
    for name in _CLASSES:
        library = index.get(name, ["diffusers"])
        if isinstance(library, list) and library[0] not in ("diffusers", "transformers", None):
            raise ModelError(
                f"{folder} is refused: its {name} comes from {library[0]!r}, which is code that "
                "is not part of diffusers.",
                remedy=_COMPATIBLE,
            )


def _refuse_strangers(folder: Path, parts: Mapping[str, Part]) -> None:
    """Refuse nets that do not belong together: by the width of the tokens' vectors."""
    encoders = (part for name, part in parts.items() if name.startswith("text_encoder"))
    given = sum(part.config.get("hidden_size", 0) for part in encoders)
    taken = parts["unet"].config.get("cross_attention_dim")
    if given != taken:
        raise ModelError(
            f"{folder}: its text encoders give vectors of {given}, its UNet takes {taken}.",
            remedy="Its parts are of different models: copy the whole model again.",
        )


def _part(folder: Path, name: str) -> Part:
    if not (folder / name).is_dir():
        raise ModelError(
            f"{folder} has no {name}.",
            remedy="The folder must be a whole model in diffusers' layout: copy it again.",
        )
    config = read_json(folder / name / "config.json")
    kind = config.get("_class_name") or (config.get("architectures") or [""])[0]
    if kind not in _CLASSES[name]:
        raise ModelError(
            f"{folder / name} is a {kind or 'net without a class'} instead of "
            f"{' or '.join(_CLASSES[name])}.",
            remedy=_COMPATIBLE,
        )
    return Part(name, kind, config, weights_of(folder / name))


def weights_of(folder: Path) -> dict[Path, Header]:
    """Return a net's files with their headers: the plain ones, else those of half precision."""
    for stem in ("diffusion_pytorch_model", "model"):
        for variant in ("", ".fp16"):
            whole = folder / f"{stem}{variant}.safetensors"
            index = folder / f"{stem}.safetensors.index{variant}.json"
            if whole.is_file():
                return {whole: read_header(whole)}
            if index.is_file():
                return _shards(folder, index)
    pickles = sorted(p.name for p in folder.iterdir() if p.suffix.lower() in PICKLES)
    if pickles:
        raise ModelError(
            f"{folder} is refused: its weights are only there as {pickles[0]}, a format that can "
            "run any code when it is opened.",
            remedy="Take the same model with .safetensors files.",
        )
    raise ModelError(f"{folder} has no weights (.safetensors).", remedy="Copy the model again.")


def _shards(folder: Path, index: Path) -> dict[Path, Header]:
    names = set(read_json(index).get("weight_map", {}).values())
    paths = [folder / str(name) for name in sorted(names)]
    if not paths or any(path.parent != folder or path.suffix != ".safetensors" for path in paths):
        raise ModelError(f"{index} names files that cannot be weights.")
    missing = [path.name for path in paths if not path.is_file()]
    if missing:
        raise ModelError(f"{folder} lacks {missing[0]}.", remedy="Copy the model again.")
    return {path: read_header(path) for path in paths}


def _tokenizers(folder: Path, family: Family) -> tuple[TokenizerFiles, ...]:
    names = ("tokenizer", "tokenizer_2") if family is Family.SDXL else ("tokenizer",)
    for name in names:
        here = folder / name
        if not has_tokenizer(here):
            raise ModelError(
                f"{folder} has no {name} (vocab.json and merges.txt, or tokenizer.json).",
                remedy="The folder must be a whole model in diffusers' layout: copy it again.",
            )
        if (here / "tokenizer_config.json").is_file():
            read_json(here / "tokenizer_config.json")  # refuses code
    return tuple(TokenizerFiles(folder / name) for name in names)


def has_tokenizer(folder: Path) -> bool:
    """Whether a folder holds a CLIP tokenizer."""
    slow = (folder / "vocab.json").is_file() and (folder / "merges.txt").is_file()
    return slow or (folder / "tokenizer.json").is_file()


def _prediction(schedule: Config, folder: Path) -> Prediction:
    prediction = schedule.get("prediction_type", "epsilon")
    if prediction not in ("epsilon", "v_prediction"):
        raise ModelError(
            f"{folder} predicts {prediction!r}; only epsilon and v_prediction are known.",
            remedy=_COMPATIBLE,
        )
    return cast("Prediction", prediction)


def _spacing(schedule: Config) -> Spacing:
    usual = "leading" if schedule.get("_class_name") != "EulerDiscreteScheduler" else "linspace"
    spacing = schedule.get("timestep_spacing", usual)
    return cast("Spacing", spacing if spacing in ("trailing", "leading", "linspace") else usual)


def _kind(schedule: Config, embedding: int | None) -> Kind:
    scheduler = schedule.get("_class_name")
    if embedding or scheduler == "LCMScheduler":
        return Kind.LCM
    trailing = schedule.get("timestep_spacing") == "trailing"
    return Kind.TURBO if scheduler in _TURBO_SCHEDULERS and trailing else Kind.PLAIN


def _best_size(parts: Mapping[str, Part], family: Family, kind: Kind) -> Size:
    """Return the size that the UNet was trained at; a turbo SDXL was distilled at 512."""
    if family is Family.SDXL and kind is Kind.TURBO:
        return BEST_SIZE[family]
    side = parts["unet"].config.get("sample_size")
    if not isinstance(side, int) or side * LATENT_SCALE < _SMALLEST_TRAINED:
        return BEST_SIZE[family]
    return Size(side * LATENT_SCALE, side * LATENT_SCALE)


def plain_note() -> tuple[str, ...]:
    """Return what to know of a model that was made for many steps."""
    return ("It was made for 20 steps and more: add an LCM LoRA, or its dreams stay blurred.",)
