"""The net that looks at pictures for nudity: diffusers' StableDiffusionSafetyChecker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from endlessdreams_cam.errors import ModelError
from endlessdreams_cam.models.folders import read_json, weights_of
from endlessdreams_cam.models.found import Part
from endlessdreams_cam.models.memory import free_bytes, require

_CLASS = "StableDiffusionSafetyChecker"
_SUBFOLDER = "safety_checker"
_NESTED = "vision_model.vision_model."


def recognise_checker(folder: Path) -> Part:
    """Return the checker in a folder, or in the one of a model that brings it.

    Raises ModelError with the cause and the remedy.
    """
    folder = folder.expanduser()
    if (folder / _SUBFOLDER).is_dir():
        folder = folder / _SUBFOLDER
    if not folder.is_dir():
        raise ModelError(
            f"There is no safety checker {folder}.",
            remedy=f"Name the folder of a {_CLASS}; an empty safety.checker is none.",
        )
    config = read_json(folder / "config.json")
    kind = (config.get("architectures") or [config.get("_class_name")])[0]
    if kind != _CLASS:
        raise ModelError(
            f"{folder} is a {kind or 'net without a class'} instead of a {_CLASS}.",
            remedy=f"Name the folder {_SUBFOLDER} of a model of Stable Diffusion 1.5.",
        )
    return Part(_SUBFOLDER, _CLASS, config, weights_of(folder))


def load_checker(
    folder: Path, device: Any, dtype: Any, *, read: Callable[[int], None] | None = None
) -> Any:
    """Return the net of a folder on a device, in a torch.dtype; raises ModelError or NoRoom."""
    from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
    from transformers import CLIPConfig

    from endlessdreams_cam.models.materialise import assign, make_on_meta, read_tensors

    part = recognise_checker(folder)
    require(
        part.parameters * dtype.itemsize, free_bytes(device), name="The safety checker",
        where="memory" if str(device) == "cpu" else "the card's memory",
    )  # fmt: skip
    what = f"{folder.name} ({part.name})"
    net = make_on_meta(lambda: StableDiffusionSafetyChecker(CLIPConfig(**part.config)), what)
    state = {
        name: tensor
        for path in part.files
        for name, tensor in read_tensors(path, device, dtype, read or _unread)
    }
    return assign(net, _named(state, net), what)


def _named(state: Any, net: Any) -> Any:
    """Return tensors under the names of this transformers' CLIP, which has changed its depth."""
    nested = any(name.startswith(_NESTED) for name in net.state_dict())
    found = {}
    for name, tensor in state.items():
        if name.startswith(_NESTED) and not nested:
            name = "vision_model." + name.removeprefix(_NESTED)
        elif name.startswith("vision_model.") and not name.startswith(_NESTED) and nested:
            name = _NESTED + name.removeprefix("vision_model.")
        found[name] = tensor
    return found


def _unread(_size: int) -> None:
    """Tell nobody."""
