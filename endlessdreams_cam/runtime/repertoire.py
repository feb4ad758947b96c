"""Which engines can dream here, from the first that is ready to the best."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from endlessdreams_cam.engines import ENGINES
from endlessdreams_cam.errors import ModelError, SettingError
from endlessdreams_cam.frame import Size
from endlessdreams_cam.models.cards import Card, list_cards, torch_version
from endlessdreams_cam.models.catalogue import CATALOGUE, models
from endlessdreams_cam.models.checker import recognise_checker
from endlessdreams_cam.models.choice import choose, pick
from endlessdreams_cam.models.found import Found
from endlessdreams_cam.models.memory import GB
from endlessdreams_cam.models.store import Store
from endlessdreams_cam.settings import model_folder

SCENES = "scenes"
_ANY = 1 << 40  # without a card it is the processor that dreams, in the machine's memory
_TITLES = {"diffusion-fast": "Diffusion in CUDA graphs"}
_MULTIPLE = 64  # sides that every level of a UNet halves without a rest


@dataclass(frozen=True, slots=True)
class Rung:
    """An engine by its words, and the dreams' size that suits it (None: the show's own).

    checker is the folder of the net that looks at its dreams, empty without one; scale the share
    of the size's sides that is dreamt at.
    """

    words: str
    size: Size | None = None
    checker: str = ""
    scale: float = 1.0

    @property
    def title(self) -> str:
        """The engine's name for people."""
        kind = self.words.partition(":")[0]
        return _TITLES.get(kind, kind.capitalize())


@dataclass(frozen=True, slots=True)
class Ladder:
    """The engines to go through, each in the place of the one before once it is warm.

    why says for people why it ends where it does, empty when it ends where it was asked to.
    """

    rungs: tuple[Rung, ...]
    why: str = ""


def ladder(
    engine: str,
    model: str,
    program: Size,
    *,
    checker: str = "",
    scale: float = 1.0,
    cards: Callable[[], list[Card]] = list_cards,
) -> Ladder:
    """Return the engines for what engine.name and engine.model ask for.

    Diffusion begins with scenes: there is a picture in a second, while the model loads. checker
    and scale are a Rung's. Raises SettingError for an engine that there is not, ModelError for a
    model or a checker that cannot be used.
    """
    kind = engine.partition(":")[0]
    if kind == "diffusion":
        return _diffusion(model, program, cards(), checker, scale)
    if kind != "auto":
        if kind not in ENGINES:
            raise SettingError(
                f"There is no engine called {kind!r}.",
                remedy="Use auto, scenes or diffusion.",
            )
        return Ladder((Rung(engine),))
    found = cards()
    why = _why_not(found, model)
    if why:
        return Ladder((Rung(SCENES),), why)
    return _diffusion(model, program, found, checker, scale)


def size_for(best: Size, program: Size) -> Size:
    """Return a size of about the area of `best` at the program's aspect, for a UNet's levels."""
    scale = math.sqrt(best.width * best.height / (program.width * program.height))
    return Size(*(max(round(side * scale / _MULTIPLE), 1) * _MULTIPLE for side in program))


def _diffusion(model: str, program: Size, cards: list[Card], checker: str, scale: float) -> Ladder:
    words, found = _named(model, cards)
    if checker:
        recognise_checker(Path(checker))
    size = size_for(found.best_size, program)
    rungs = [Rung(SCENES), Rung(f"diffusion:{words}", size, checker, scale)]
    if cards and "+cpu" not in torch_version():
        return Ladder((*rungs, Rung(f"diffusion-fast:{words}", size, checker, scale)))
    return Ladder(tuple(rungs), "eager: CUDA graphs need an NVIDIA card and a torch with CUDA")


def _named(model: str, cards: list[Card]) -> tuple[str, Found]:
    """Return a model's words and what it is; auto: the first here that fits the largest card."""
    store = Store(model_folder())
    if model == "auto":
        entry = pick(store, _largest(cards) or _ANY)
        if entry is None:
            raise ModelError(
                "No diffusion model is here.",
                remedy=f"endlessdreams-cam models pull {models()[0].name}, or name a folder: "
                "--model FOLDER.",
            )
        model = entry.name
    found = choose(model, store).found
    if model in CATALOGUE:
        return model, found
    return str(Path(model).expanduser().resolve()), found


def _largest(cards: list[Card]) -> int:
    return max((round(card.memory_gb * GB) for card in cards), default=0)


def _why_not(cards: list[Card], model: str) -> str:
    """Return why `auto` stays with scenes, empty when it need not."""
    if not cards:
        return "scenes: there is no NVIDIA card"
    if "+cpu" in torch_version() or not torch_version():
        return f"scenes: torch {torch_version()} cannot use {cards[0].name} (see `doctor`)"
    store = Store(model_folder())
    if model == "auto" and pick(store, _largest(cards)) is None:
        return f"scenes: no model is here that fits {cards[0].name} (`models pull sd-turbo`)"
    return ""
