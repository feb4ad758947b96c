"""The models that the program knows by name: what each is, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from endlessdreams_cam.errors import ModelError
from endlessdreams_cam.frame import Size
from endlessdreams_cam.models.architecture import Family, Kind
from endlessdreams_cam.models.memory import GB, needed_bytes
from endlessdreams_cam.models.nets import Prediction


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence in a word and a sentence; restricts says that commercial use is restricted."""

    name: str
    note: str
    url: str
    restricts: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """What is taken of a repository: its folders ("" is the root), and where they go.

    Of each folder's weights the half-precision ones are taken where there are some, else the
    plain ones. `files` names single files of the root instead.
    """

    repo: str
    folders: tuple[str, ...] = ("",)
    into: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One model of the catalogue.

    download_bytes is about what is downloaded; parameters the values that live on the card; wide
    a size near 16:9 that the net likes; steps the fewest, the usual and the most that are of use;
    guidance whether a scale above 1 and a negative prompt do something; lora a LoRA that is part
    of the model, by its path in the model's folder.
    """

    name: str
    about: str
    family: Family
    kind: Kind
    pieces: tuple[Piece, ...]
    licence: Licence
    download_bytes: int
    parameters: int
    best_size: Size
    wide: Size
    steps: tuple[int, int, int]
    guidance: bool
    prediction: Prediction
    card: str
    lora: str | None = None

    @property
    def vram_bytes(self) -> int:
        """About what it takes of a card in half precision, at its best size."""
        return needed_bytes(self.parameters, 2, self.best_size)

    @property
    def is_model(self) -> bool:
        """Whether it dreams by itself: parts (a tiny VAE, a tokenizer) only help others."""
        return bool(self.parameters)


_STABILITY = Licence(
    "Stability AI",
    "commercial use needs Stability AI's leave; who has it for free, they say",
    "https://stability.ai/license",
    restricts=True,
)
_MIT = Licence("MIT", "free for any use", "https://opensource.org/license/mit")
_OPENRAIL = Licence(
    "OpenRAIL-M",
    "commercial use is allowed; a list of harmful uses is not",
    "https://huggingface.co/spaces/CompVis/stable-diffusion-license",
)
_FOLDERS = ("", "unet", "text_encoder", "tokenizer", "scheduler")
_NET = ("config.json", "diffusion_pytorch_model.safetensors")
_TOKENIZER = ("vocab.json", "merges.txt", "special_tokens_map.json", "tokenizer_config.json")
_MB, _MILLION = 1_000_000, 1_000_000


def _tiny_vae(repo: str) -> Piece:
    return Piece(repo, into="vae", files=_NET)


def _entries() -> tuple[Entry, ...]:
    return (
        Entry(
            "sd-turbo", "the fastest; the one to begin with",
            Family.SD21, Kind.TURBO,
            (Piece("stabilityai/sd-turbo", _FOLDERS), _tiny_vae("madebyollin/taesd")),
            _STABILITY, 2430 * _MB, 1209 * _MILLION, Size(512, 512), Size(704, 384),
            (1, 1, 4), False, "epsilon", "NVIDIA cards from 6 GB: RTX 2060, 3060, 4060 and up",
        ),
        Entry(
            "sdxl-turbo", "finer and truer to the prompt, at twice the work",
            Family.SDXL, Kind.TURBO,
            (
                Piece("stabilityai/sdxl-turbo", (*_FOLDERS, "text_encoder_2", "tokenizer_2")),
                _tiny_vae("madebyollin/taesdxl"),
            ),
            _STABILITY, 6790 * _MB, 3388 * _MILLION, Size(512, 512), Size(736, 416),
            (1, 1, 4), False, "epsilon", "NVIDIA cards from 10 GB: RTX 3080, 4070, 5070 and up",
        ),
        Entry(
            "lcm-dreamshaper-v7", "painterly, at home at 768; free for any use",
            Family.SD15, Kind.LCM,
            (Piece("SimianLuo/LCM_Dreamshaper_v7", _FOLDERS), _tiny_vae("madebyollin/taesd")),
            _MIT, 3950 * _MB, 985 * _MILLION, Size(768, 768), Size(1024, 576),
            (2, 4, 8), False, "epsilon",
            "NVIDIA cards from 6 GB, but nine times the work of sd-turbo: RTX 4090, 5080 and up",
        ),
        Entry(
            "sd15-lcm", "Stable Diffusion 1.5 made fast: the most LoRAs fit it",
            Family.SD15, Kind.LCM,
            (
                Piece("stable-diffusion-v1-5/stable-diffusion-v1-5", _FOLDERS),
                Piece(
                    "latent-consistency/lcm-lora-sdv1-5", into="lora",
                    files=("pytorch_lora_weights.safetensors",),
                ),
                _tiny_vae("madebyollin/taesd"),
            ),
            _OPENRAIL, 2110 * _MB, 985 * _MILLION, Size(512, 512), Size(704, 384),
            (2, 4, 8), True, "epsilon",
            "NVIDIA cards from 6 GB, but three times the work of sd-turbo: RTX 4070, 3080 and up",
            lora="lora/pytorch_lora_weights.safetensors",
        ),
        _part("taesd", "a fast VAE for your own SD 1.5 and 2.1 models", Family.SD15,
              Piece("madebyollin/taesd", files=_NET), 10 * _MB),
        _part("taesdxl", "a fast VAE for your own SDXL models", Family.SDXL,
              Piece("madebyollin/taesdxl", files=_NET), 10 * _MB),
        _part("tokenizer", "what single .safetensors files lack", Family.SD15,
              Piece("openai/clip-vit-large-patch14", files=_TOKENIZER, into="tokenizer"), 2 * _MB),
    )  # fmt: skip


def _part(name: str, about: str, family: Family, piece: Piece, size: int) -> Entry:
    nowhere = Size(512, 512)
    return Entry(
        name, about, family, Kind.PLAIN, (piece,), _MIT, size, 0, nowhere, nowhere, (0, 0, 0),
        False, "epsilon", "",
    )  # fmt: skip


CATALOGUE: Mapping[str, Entry] = {entry.name: entry for entry in _entries()}
"""Everything that can be pulled, by name: the models, then the parts that help others."""


def models() -> tuple[Entry, ...]:
    """Return the models, without the parts."""
    return tuple(entry for entry in CATALOGUE.values() if entry.is_model)


def find_entry(name: str) -> Entry:
    """Return a model or part by its name; raises ModelError with the names there are."""
    if name not in CATALOGUE:
        raise ModelError(
            f"There is no model called {name!r} in the catalogue.",
            remedy=f"It has {', '.join(CATALOGUE)}. A folder or file of your own needs no pull: "
            "--model PATH.",
        )
    return CATALOGUE[name]


def fits(entry: Entry, card_bytes: int) -> bool:
    """Whether a model fits a card of that much memory, with a tenth left for the screen."""
    return entry.vram_bytes <= card_bytes * 0.9


def describe_need(entry: Entry) -> str:
    """Return a model's need of memory, as 3.6 GB."""
    return f"{entry.vram_bytes / GB:.1f} GB"
