"""What a folder or a file turned out to be, before any of its weights is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from endlessdreams_cam.frame import Size
from endlessdreams_cam.models.architecture import Config, Family, Kind
from endlessdreams_cam.models.headers import Header
from endlessdreams_cam.models.nets import Prediction, Spacing

_AVERAGES = "model_ema."
"""Of a net's training, in some single files: never loaded."""


class Form(StrEnum):
    """How a model lies on the disk."""

    FOLDER = "folder"
    FILE = "single file"


@dataclass(frozen=True, slots=True)
class Part:
    """One net: its class, configuration and files, and the headers of these.

    prefix is how its tensors' names begin in a single file in the original layout; in a folder
    they have none.
    """

    name: str
    kind: str
    config: Config
    files: Mapping[Path, Header]
    prefix: str = ""

    @property
    def parameters(self) -> int:
        """The number of values in its tensors (in a single file, of all nets)."""
        return sum(
            tensor.numel
            for header in self.files.values()
            for name, tensor in header.tensors.items()
            if not name.startswith(_AVERAGES)
        )


@dataclass(frozen=True, slots=True)
class TokenizerFiles:
    """A tokenizer's folder; pad is the token that fills up, where the folder does not say."""

    folder: Path
    pad: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A model that can be loaded.

    parts are unet, vae, text_encoder and, in SDXL, text_encoder_2; a single file is the file of
    every part. schedule is the scheduler's configuration.
    """

    path: Path
    form: Form
    family: Family
    kind: Kind
    prediction: Prediction
    spacing: Spacing
    schedule: Config
    parts: Mapping[str, Part]
    tokenizers: tuple[TokenizerFiles, ...]
    best_size: Size
    guidance_embedding: int | None
    notes: tuple[str, ...] = ()

    @property
    def parameters(self) -> int:
        """The number of values in all its nets."""
        if self.form is Form.FILE:
            return self.parts["unet"].parameters
        return sum(part.parameters for part in self.parts.values())

    @property
    def describes(self) -> str:
        """One line: what it is."""
        lcm = " with its guidance inside" if self.guidance_embedding else ""
        return (
            f"{self.family} {self.kind}{lcm}, {self.prediction}, {self.form}, "
            f"{self.parameters / 1e6:,.0f} M parameters"
        )
