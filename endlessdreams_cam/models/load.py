"""Loads a model onto its device. Nothing here opens the network."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from endlessdreams_cam.errors import EngineError, ModelError, NoRoom
from endlessdreams_cam.frame import Size
from endlessdreams_cam.models.architecture import Family
from endlessdreams_cam.models.choice import choose
from endlessdreams_cam.models.found import Found, Part, TokenizerFiles
from endlessdreams_cam.models.memory import free_bytes, needed_bytes, require
from endlessdreams_cam.models.nets import Nets, Schedule, TextEncoder
from endlessdreams_cam.models.store import Store
from endlessdreams_cam.settings import model_folder

if TYPE_CHECKING:
    import torch

_LONGEST = 77
"""Tokens of a prompt, its beginning and end included: CLIP's positions."""

Progress: TypeAlias = Callable[[float, str], None]
"""Told how much is done (0…1) and what is being done; called many times a second."""


def load(
    words: str | Path,
    device: Any,
    dtype: Any,
    *,
    store: Store | None = None,
    size: Size | None = None,
    own_vae: bool = False,
    kept: int = 0,
    progress: Progress | None = None,
    free: Callable[[Any], int] = free_bytes,
) -> Nets:
    """Return the nets of a model of the catalogue, a folder or a file.

    device is "cuda", "cuda:1", "mps", "cpu" or a torch.device; dtype a torch.dtype or its name;
    size the dreams' (default: the model's best), which counts for the memory that must be free;
    own_vae keeps a model's full VAE where a tiny one is here; kept are the bytes that must stay
    free beside it. Raises ModelError, EngineError for
    a device that is not there, and NoRoom, as a rule before anything is loaded.
    """
    # Whatever a library believes to need: a show does not wait for the network.
    os.environ.update({"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"})
    import torch

    tell = progress or _silent
    choice = choose(
        words, store or Store(model_folder()), own_vae=own_vae,
        read=lambda count: tell(0.0, "looking at the files"),
    )  # fmt: skip
    found = choice.found
    device, dtype = _device(device), _dtype(dtype)
    needed = needed_bytes(found.parameters, dtype.itemsize, size or found.best_size)
    require(needed, free(device), name=choice.name, where=_where(device), kept=kept)
    try:
        nets = load_found(found, device, dtype, name=choice.name, progress=tell)
    except torch.OutOfMemoryError:
        raise NoRoom(
            f"{_where(device).capitalize()} ran out while {choice.name} was loaded: another "
            "program took it meanwhile.",
            remedy="Close what else uses it, or take a smaller model.",
        ) from None
    if choice.lora:
        from endlessdreams_cam.models.loras import bake

        bake(nets.unet, choice.lora)
    return nets


def load_found(
    found: Found, device: Any, dtype: Any, *, name: str = "", progress: Progress | None = None
) -> Nets:
    """Return a model's nets on a device ("cuda", "cpu", torch.device), in a dtype.

    Raises ModelError when the weights are not what their configuration says.
    """
    import torch

    device, dtype = torch.device(device), _dtype(dtype)
    meter = _Meter(found, progress or _silent)
    unet, vae, *encoders = [
        _net(part, device, dtype, meter, found.path.name) for part in _in_order(found)
    ]
    xl = found.family is Family.SDXL
    tokenizers = [_tokenizer(files) for files in found.tokenizers]
    return Nets(
        name=name or found.path.name,
        family=found.family,
        kind=found.kind,
        unet=unet,
        vae=vae,
        text_encoders=tuple(
            TextEncoder(tokenizer, net, layer=-2 if xl else None, pooled=number == 1)
            for number, (tokenizer, net) in enumerate(zip(tokenizers, encoders, strict=True))
        ),
        schedule=read_schedule(found),
        best_size=found.best_size,
        guidance_embedding=found.guidance_embedding,
        device=device,
        dtype=dtype,
        notes=found.notes,
    )


def read_schedule(found: Found) -> Schedule:
    """Return the noise schedule of a scheduler's configuration, in double precision."""
    return Schedule(alphas_cumprod(found.schedule), found.prediction, found.spacing)


def alphas_cumprod(config: Any) -> torch.Tensor:
    """Return the products of the alphas, float64, one for each training timestep.

    The betas are trained_betas, or follow beta_schedule: scaled_linear (their roots are equally
    spaced) or linear. With zero SNR
    the roots are shifted and scaled so that the last is 0 (Lin et al. 2023, "Common diffusion
    noise schedules and sample steps are flawed", algorithm 1).
    """
    import torch

    steps, kind = config.get("num_train_timesteps", 1000), config.get("beta_schedule", "linear")
    first, last = config.get("beta_start", 0.0001), config.get("beta_end", 0.02)
    if config.get("trained_betas"):
        betas = torch.tensor(config["trained_betas"], dtype=torch.float64)
    elif kind == "scaled_linear":
        betas = torch.linspace(first**0.5, last**0.5, steps, dtype=torch.float64) ** 2
    elif kind == "linear":
        betas = torch.linspace(first, last, steps, dtype=torch.float64)
    else:
        raise ModelError(f"The noise schedule {kind!r} is not known.")
    products = torch.cumprod(1 - betas, dim=0)
    if config.get("rescale_betas_zero_snr"):
        roots = products.sqrt()
        roots = (roots - roots[-1]) * roots[0] / (roots[0] - roots[-1])
        products = roots**2
        products[-1] = 2.0**-24  # as diffusers: zero would divide by zero
    return products


def _in_order(found: Found) -> list[Part]:
    names = ("unet", "vae", "text_encoder", "text_encoder_2")
    return [found.parts[name] for name in names if name in found.parts]


def _net(part: Part, device: torch.device, dtype: torch.dtype, meter: _Meter, model: str) -> Any:
    import diffusers
    import transformers

    from endlessdreams_cam.models.materialise import build_net, build_text_encoder, read_tensors

    meter.doing = f"loading {part.name.replace('_', ' ')}"
    dtype = _vae_dtype(part, dtype)
    state = {
        name: tensor
        for path in part.files
        for name, tensor in read_tensors(path, device, dtype, meter.read, prefix=part.prefix)
    }
    if part.prefix:
        state = _converted(part, state)
    what = f"{model} ({part.name})"
    if part.name.startswith("text_encoder"):
        return build_text_encoder(getattr(transformers, part.kind), part.config, state, what)
    return build_net(getattr(diffusers, part.kind), part.config, state, what)


def _converted(part: Part, state: Any) -> Any:
    """Return a net's tensors under diffusers' names, from the original layout."""
    from endlessdreams_cam.models import single_file

    if part.name == "unet":
        return single_file.convert_unet(state, part.config)
    if part.name == "vae":
        return single_file.convert_vae(state, part.config)
    return single_file.convert_text_encoder(state, part.prefix)


def _vae_dtype(part: Part, dtype: torch.dtype) -> torch.dtype:
    """Return the dtype of a net: SDXL's own VAE overflows in half precision."""
    import torch

    upcast = part.kind == "AutoencoderKL" and part.config.get("force_upcast", True)
    return torch.float32 if upcast and dtype is torch.float16 else dtype


def _tokenizer(files: TokenizerFiles) -> Any:
    from transformers import CLIPTokenizer

    options = {"pad_token": files.pad} if files.pad else {}
    try:
        found = CLIPTokenizer.from_pretrained(files.folder, local_files_only=True, **options)
    except Exception as error:  # transformers and tokenizers raise bare Exceptions
        raise ModelError(f"The tokenizer in {files.folder} is broken: {error}.") from None
    # A folder without a configuration would have no limit, and be padded to it.
    found.model_max_length = min(found.model_max_length, _LONGEST)
    return found


def _device(device: Any) -> torch.device:
    """Return a device; raises EngineError when this torch cannot use it."""
    import torch

    found = torch.device(device)
    if found.type == "cuda" and not torch.cuda.is_available():
        raise EngineError(
            "torch sees no NVIDIA card.", remedy="`endlessdreams-cam doctor` says what is missing."
        )
    if found.type == "mps" and not torch.backends.mps.is_available():
        raise EngineError("torch cannot use this Mac's GPU.", remedy="Update macOS and torch.")
    return found


def _dtype(dtype: Any) -> torch.dtype:
    """Return a dtype given as such or by name (float16, bfloat16, float32)."""
    import torch

    found: torch.dtype = getattr(torch, dtype) if isinstance(dtype, str) else dtype
    return found


class _Meter:
    """Counts what was read, and tells."""

    def __init__(self, found: Found, progress: Progress) -> None:
        files = {path for part in found.parts.values() for path in part.files}
        self._all = max(sum(path.stat().st_size for path in files), 1)
        self._read = 0
        self._progress = progress
        self.doing = ""

    def read(self, size: int) -> None:
        self._read += size
        self._progress(min(self._read / self._all, 1.0), self.doing)


def _where(device: torch.device) -> str:
    return "the card's memory" if device.type == "cuda" else "memory"


def _silent(done: float, doing: str) -> None:
    """Tell nobody."""
