"""A loaded model: the nets, and what the frame function must know of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from endlessdreams_cam.frame import Size
from endlessdreams_cam.models.architecture import Family, Kind

if TYPE_CHECKING:
    import torch

Prediction: TypeAlias = Literal["epsilon", "v_prediction"]
Spacing: TypeAlias = Literal["trailing", "leading", "linspace"]


@dataclass(frozen=True, slots=True, eq=False)
class Schedule:
    """The noise that a model was trained on.

    alphas_cumprod is float64 on the CPU, one for each training timestep, falling from almost 1;
    spacing is how the model's own scheduler chooses timesteps.
    """

    alphas_cumprod: torch.Tensor
    prediction: Prediction
    spacing: Spacing


@dataclass(frozen=True, slots=True, eq=False)
class TextEncoder:
    """One encoder of prompts.

    net is a CLIPTextModel, or a CLIPTextModelWithProjection when it is `pooled`. A prompt's tokens
    are hidden_states[layer] of its output, or last_hidden_state (which the final layer norm went
    over) when layer is None.
    """

    tokenizer: Any
    net: Any
    layer: int | None = None
    pooled: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Nets:
    """A model on its device, ready to dream.

    unet is a UNet2DConditionModel, vae an AutoencoderTiny or an AutoencoderKL: both in eval mode,
    without gradients, in channels-last memory. text_encoders are in the order in which their
    tokens are joined. guidance_embedding is the width of the embedding of the guidance scale that
    a distilled LCM takes as timestep_cond, or None. time_ids says that the UNet takes SDXL's
    added conditions (pooled text and sizes).
    """

    name: str
    family: Family
    kind: Kind
    unet: Any
    vae: Any
    text_encoders: tuple[TextEncoder, ...]
    schedule: Schedule
    best_size: Size
    guidance_embedding: int | None
    device: torch.device
    dtype: torch.dtype
    notes: tuple[str, ...] = ()
    """What the user should know: a choice that was made for want of something."""

    @property
    def time_ids(self) -> bool:
        """Whether the UNet takes SDXL's added conditions."""
        return self.family is Family.SDXL

    @property
    def tiny_vae(self) -> bool:
        """Whether the VAE is a tiny one, which encodes without sampling."""
        return type(self.vae).__name__ == "AutoencoderTiny"
