"""LoRAs on a UNet, each with a weight that can be played."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from endlessdreams_cam.errors import ModelError
from endlessdreams_cam.models.lora_names import LoraFile, Role, read_lora_names
from endlessdreams_cam.models.materialise import read_tensors


@dataclass(frozen=True, slots=True, eq=False)
class _Change:
    """A layer's change, as two thin matrices: up (out, rank), its scale in it; down (rank, in)."""

    up: torch.Tensor
    down: torch.Tensor


@dataclass(frozen=True, slots=True, eq=False)
class _Layer:
    """A layer that LoRAs change: its weight in use, the one it had, and the changes by LoRA."""

    weight: torch.Tensor
    base: torch.Tensor
    changes: dict[str, _Change]


class Loras:
    """LoRAs on a UNet: the base weights are kept, and `fuse` writes base + changes in place.

    The UNet's weights keep their place in memory, so that captured graphs see the change; a
    layer's base is kept once, on the device. Raises ModelError for a LoRA of another family.
    """

    def __init__(self, unet: Any, files: Mapping[str, Path]) -> None:
        self._fused = dict.fromkeys(files, 0.0)
        self._layers: dict[str, _Layer] = {}
        self.notes: tuple[str, ...] = ()
        targets = _targets(unet)
        for name, path in files.items():
            file = read_lora_names(path)
            self.notes += tuple(f"{name}: {note}" for note in file.notes)
            for layer, change in _changes(file, targets).items():
                self._add(layer, targets[layer].weight, name, change)

    def __len__(self) -> int:
        return len(self._layers)

    @property
    def weights(self) -> Mapping[str, float]:
        """The weights that are in the UNet now, by LoRA."""
        return dict(self._fused)

    def fuse(self, weights: Mapping[str, float]) -> bool:
        """Give LoRAs these weights (0: none of it, 1: as it was made) and the others 0.

        Only the layers of LoRAs whose weight changes are written; returns whether any was. Call
        it between frames. Raises ModelError for a name that is not there, and changes nothing.
        """
        strangers = sorted(set(weights) - set(self._fused))
        if strangers:
            raise ModelError(f"There is no LoRA called {strangers[0]!r} here.")
        wanted = {name: float(weights.get(name, 0.0)) for name in self._fused}
        moved = {name for name, weight in wanted.items() if weight != self._fused[name]}
        for layer in self._layers.values():
            if moved & layer.changes.keys():
                _write(layer, wanted)
        self._fused = wanted
        return bool(moved)

    def _add(self, layer: str, weight: torch.Tensor, name: str, change: _Change) -> None:
        if layer not in self._layers:
            self._layers[layer] = _Layer(weight, weight.detach().clone(), {})
        self._layers[layer].changes[name] = change


def bake(unet: Any, path: Path, weight: float = 1.0) -> None:
    """Add a LoRA to a UNet for good, without keeping its base weights."""
    targets = _targets(unet)
    for layer, change in _changes(read_lora_names(path), targets).items():
        _add_change(targets[layer].weight, change, weight)


def _write(layer: _Layer, weights: Mapping[str, float]) -> None:
    layer.weight.detach().copy_(layer.base)
    for name, change in layer.changes.items():
        if weights[name]:
            _add_change(layer.weight, change, weights[name])


def _add_change(weight: torch.Tensor, change: _Change, amount: float) -> None:
    delta = (change.up @ change.down).reshape(weight.shape)
    weight.detach().add_(delta, alpha=amount)


def _targets(unet: Any) -> dict[str, Any]:
    """Return the layers that a LoRA can change, by path with underscores."""
    kinds = (torch.nn.Linear, torch.nn.Conv2d)
    return {
        path.replace(".", "_"): module
        for path, module in unet.named_modules()
        if isinstance(module, kinds)
    }


def check_lora(unet: Any, path: Path) -> LoraFile:
    """Return what a LoRA changes if it fits a UNet, from its header; raises ModelError."""
    file = read_lora_names(path)
    _fit(file, _targets(unet))
    return file


def _changes(file: LoraFile, targets: Mapping[str, Any]) -> dict[str, _Change]:
    """Return a LoRA's changes by layer, on the layers' device and in their dtype."""
    _fit(file, targets)
    first = next(iter(targets.values())).weight
    read = read_tensors(file.path, torch.device("cpu"), torch.float32, lambda count: None)
    tensors = dict(read)
    found = {}
    for layer, names in file.layers.items():
        up, down = tensors[names[Role.UP]], tensors[names[Role.DOWN]]
        rank = down.shape[0]
        alpha = tensors[names[Role.ALPHA]].item() if Role.ALPHA in names else file.alpha
        up = up.flatten(1) * (1.0 if alpha is None else alpha / rank)
        found[layer] = _Change(
            up.to(first.device, first.dtype).contiguous(),
            down.flatten(1).to(first.device, first.dtype).contiguous(),
        )
    return found


def _fit(file: LoraFile, targets: Mapping[str, Any]) -> None:
    """Raise ModelError when a LoRA is for other layers than these."""
    made_for = f"{file.family} models" if file.family else "another family of models"
    remedy = "Take the LoRA's version for this model's family (SD 1.5, SD 2.1 or SDXL)."
    strangers = sorted(set(file.layers) - set(targets))
    if strangers:
        raise ModelError(
            f"{file.path} is a LoRA for {made_for}: {len(strangers)} of its "
            f"{len(file.layers)} layers are not in this one ({strangers[0]}).",
            remedy=remedy,
        )
    for layer in file.layers:
        outputs, _, inputs = file.change_of(layer)
        weight = targets[layer].weight
        wanted = (weight.shape[0], weight[0].numel())
        if (outputs, inputs) != wanted:
            raise ModelError(
                f"{file.path} is a LoRA for {made_for}: {layer} would be "
                f"{outputs}×{inputs} instead of {wanted[0]}×{wanted[1]}.",
                remedy=remedy,
            )
