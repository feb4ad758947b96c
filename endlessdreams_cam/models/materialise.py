"""Builds a net straight from its files: no random weights first, no second copy."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open

from endlessdreams_cam.errors import ModelError
from endlessdreams_cam.models.architecture import Config

State = Mapping[str, torch.Tensor]
Bytes = Callable[[int], None]
"""Told how many bytes were read since the last call."""

_OLD_ATTENTION = {".query.": ".to_q.", ".key.": ".to_k.", ".value.": ".to_v.",
                  ".proj_attn.": ".to_out.0."}  # fmt: skip
"""How VAEs of before 2023 call the parts of their attention."""
_BUFFER = "position_ids"


def read_tensors(
    path: Path, device: torch.device, dtype: torch.dtype, read: Bytes, *, prefix: str = ""
) -> Iterator[tuple[str, torch.Tensor]]:
    """Yield a file's tensors by name, each on the device and, when it is a real number, in dtype.

    With a prefix only the tensors whose names begin with it are read.
    """
    try:
        with safe_open(path, framework="pt") as file:
            for name in file.keys():  # noqa: SIM118 - it is no mapping
                if name.startswith(prefix):
                    tensor = file.get_tensor(name)
                    read(tensor.nbytes)
                    wanted = dtype if tensor.is_floating_point() else tensor.dtype
                    # A copy: what stays on the processor would else be read from the disk at
                    # any time later, and follow the file when that is written over.
                    yield name, tensor.to(device, wanted, copy=True)
    except (SafetensorError, OSError) as error:
        raise ModelError(f"{path} cannot be read: {error}.", remedy="Copy it again.") from None


def build_net(kind: type, config: Config, state: State, what: str) -> Any:
    """Return a net of diffusers with these weights, in eval mode and without gradients.

    Raises ModelError naming `what` when the weights are not those of the configuration.
    """
    known = inspect.signature(kind.__init__).parameters  # type: ignore[misc]
    fitting = {key: value for key, value in config.items() if key in known}
    return assign(make_on_meta(lambda: kind(**fitting), what), modern(state), what)


def build_text_encoder(kind: type, config: Config, state: State, what: str) -> Any:
    """Return a text encoder of transformers with these weights; raises as build_net does."""
    from transformers import CLIPTextConfig

    net = make_on_meta(lambda: kind(CLIPTextConfig(**config)), what)
    # Since 5.6 a CLIPTextModel has no `text_model` inside; files of either kind fit either.
    inner = "text_model."
    fits = {}
    for name, tensor in state.items():
        bare = name.removeprefix(inner)
        outside = bare.startswith("text_projection") or not hasattr(net, "text_model")
        fits[bare if outside else inner + bare] = tensor
    return assign(net, fits, what)


def make_on_meta(make: Callable[[], Any], what: str) -> Any:
    """Return a net without weights; raises ModelError for a configuration that makes none."""
    try:
        with torch.device("meta"):
            return make()
    except Exception as error:  # the libraries raise whatever their layers raise
        raise ModelError(
            f"The configuration of {what} makes no net: {error}.",
            remedy="It was changed, or asks for a newer version of diffusers: copy it again.",
        ) from error


def assign(net: Any, state: State, what: str) -> Any:
    """Put tensors into a net that was made on the meta device, and return it ready to run."""
    wanted = net.state_dict()
    missing = sorted(set(wanted) - set(state))
    if missing:
        raise ModelError(
            f"{what} lacks {len(missing)} of {len(wanted)} tensors, {missing[0]} for one.",
            remedy="Its files belong to another architecture, or were cut: copy the model again.",
        )
    fitting = {name: _shaped(state[name], wanted[name], f"{what}: {name}") for name in wanted}
    net.load_state_dict(fitting, assign=True)
    device = next(iter(fitting.values())).device
    for name, buffer in net.named_buffers():
        if buffer.is_meta:
            _restore(net, name, buffer, device)
    return net.eval().requires_grad_(False).to(memory_format=torch.channels_last)


def modern(state: State) -> State:
    """Return a VAE's or UNet's tensors under the names that attention has now."""
    found = {}
    for name, tensor in state.items():
        if ".attentions." in name and ".transformer_blocks." not in name:
            for old, new in _OLD_ATTENTION.items():
                name = name.replace(old, new)
        found[name] = tensor
    return found


def _shaped(tensor: torch.Tensor, wanted: torch.Tensor, what: str) -> torch.Tensor:
    """Return a tensor in the shape that is wanted: a 1×1 convolution is a linear map."""
    if tensor.shape == wanted.shape:
        return tensor
    if tensor.squeeze().shape == wanted.squeeze().shape:
        return tensor.reshape(wanted.shape)
    raise ModelError(
        f"{what} is {tuple(tensor.shape)} instead of {tuple(wanted.shape)}.",
        remedy="Its configuration belongs to another model: copy the model again.",
    )


def _restore(net: Any, name: str, buffer: torch.Tensor, device: torch.device) -> None:
    """Fill a buffer that no file holds: CLIP's positions, 0, 1, 2 and on."""
    path, _, last = name.rpartition(".")
    if last != _BUFFER:
        raise ModelError(
            f"This version of transformers makes a buffer ({name}) that is not known here.",
            remedy="pip install 'transformers<6'",
        )
    positions = torch.arange(buffer.shape[-1], device=device).expand(buffer.shape)
    setattr(net.get_submodule(path), last, positions)
