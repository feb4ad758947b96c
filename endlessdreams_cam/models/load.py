"""Loads a model onto its device. Nothing here opens the network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from endlessdreams_cam.errors import ModelError
from endlessdreams_cam.models.architecture import Family
from endlessdreams_cam.models.files import TEXT, UNET, VAE
from endlessdreams_cam.models.found import Form, Found, Part, TokenizerFiles
from endlessdreams_cam.models.nets import Nets, Schedule, TextEncoder
from endlessdreams_cam.models.recognise import recognise

if TYPE_CHECKING:
    import torch

Progress: TypeAlias = Callable[[float, str], None]
"""Told how much is done (0…1) and what is being done; called many times a second."""


def load(words: str | Path, device: Any, dtype: Any, *, progress: Progress | None = None) -> Nets:
    """Return the nets of a folder or file; raises ModelError and NoRoom.

    device is "cuda", "cuda:1", "mps", "cpu" or a torch.device; dtype a torch.dtype or its name.
    """
    return load_found(recognise(Path(words)), device, dtype, progress=progress)


def load_found(
    found: Found, device: Any, dtype: Any, *, name: str = "", progress: Progress | None = None
) -> Nets:
    """Return a model's nets on a device ("cuda", "cpu", torch.device), in a dtype.

    Raises ModelError when the weights are not what their configuration says.
    """
    import torch

    device, dtype = torch.device(device), _dtype(dtype)
    meter = _Meter(found, progress or _silent)
    unet, vae, *encoders = [_net(found, part, device, dtype, meter) for part in _in_order(found)]
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

    beta_schedule is scaled_linear (the betas' roots are equally spaced) or linear. With zero SNR
    the roots are shifted and scaled so that the last is 0 (Lin et al. 2023, "Common diffusion
    noise schedules and sample steps are flawed", algorithm 1).
    """
    import torch

    steps, kind = config.get("num_train_timesteps", 1000), config.get("beta_schedule", "linear")
    first, last = config.get("beta_start", 0.0001), config.get("beta_end", 0.02)
    if kind == "scaled_linear":
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


def _net(found: Found, part: Part, device: torch.device, dtype: torch.dtype, meter: _Meter) -> Any:
    import diffusers
    import transformers

    from endlessdreams_cam.models.materialise import build_net, build_text_encoder, read_tensors

    meter.doing = f"loading {part.name.replace('_', ' ')}"
    prefix = _prefix(found, part.name)
    dtype = _vae_dtype(part, dtype)
    state = {
        name: tensor
        for path in part.files
        for name, tensor in read_tensors(path, device, dtype, meter.read, prefix=prefix)
    }
    if found.form is Form.FILE:
        state = _converted(part, state, prefix)
    what = f"{found.path.name} ({part.name})"
    if part.name.startswith("text_encoder"):
        return build_text_encoder(getattr(transformers, part.kind), part.config, state, what)
    return build_net(getattr(diffusers, part.kind), part.config, state, what)


def _prefix(found: Found, name: str) -> str:
    """Return how the names of a net's tensors begin: in a single file all lie together."""
    if found.form is Form.FOLDER:
        return ""
    encoders = TEXT[found.family]
    return {"unet": UNET, "vae": VAE, "text_encoder": encoders[0], "text_encoder_2": encoders[-1]}[
        name
    ]


def _converted(part: Part, state: Any, prefix: str) -> Any:
    from endlessdreams_cam.models import single_file

    if part.name == "unet":
        return single_file.convert_unet(state, part.config)
    if part.name == "vae":
        return single_file.convert_vae(state, part.config)
    return single_file.convert_text_encoder(state, prefix)


def _vae_dtype(part: Part, dtype: torch.dtype) -> torch.dtype:
    """Return the dtype of a net: SDXL's own VAE overflows in half precision."""
    import torch

    upcast = part.kind == "AutoencoderKL" and part.config.get("force_upcast", True)
    return torch.float32 if upcast and dtype is torch.float16 else dtype


def _tokenizer(files: TokenizerFiles) -> Any:
    from transformers import CLIPTokenizer

    options = {"pad_token": files.pad} if files.pad else {}
    try:
        return CLIPTokenizer.from_pretrained(files.folder, local_files_only=True, **options)
    except Exception as error:  # transformers and tokenizers raise bare Exceptions
        raise ModelError(f"The tokenizer in {files.folder} is broken: {error}.") from None


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


def _silent(done: float, doing: str) -> None:
    """Tell nobody."""
