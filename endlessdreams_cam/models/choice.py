"""Turns what engine.model says (a name, a folder, a file) into a model that can be loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from endlessdreams_cam.errors import ModelError
from endlessdreams_cam.models.architecture import Family
from endlessdreams_cam.models.catalogue import CATALOGUE, Entry, fits, models
from endlessdreams_cam.models.folders import read_json
from endlessdreams_cam.models.found import Found, Part
from endlessdreams_cam.models.headers import read_header
from endlessdreams_cam.models.recognise import recognise
from endlessdreams_cam.models.store import Presence, Store

_TINY = {Family.SD15: "taesd", Family.SD21: "taesd", Family.SDXL: "taesdxl"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A model to load: its name, what it is, and the LoRA that is part of it."""

    name: str
    found: Found
    lora: Path | None = None


def choose(
    words: str | Path,
    store: Store,
    *,
    own_vae: bool = False,
    read: Callable[[int], None] | None = None,
) -> Choice:
    """Return the model that is meant: a name of the catalogue, else a folder or a file.

    A pulled model is held to its pin first; `read` is told of the bytes whose hash is looked at.
    A model with a full VAE gets the pulled tiny one of its family unless `own_vae`. Raises
    ModelError.
    """
    entry = CATALOGUE.get(str(words))
    if entry is None:
        path = Path(words).expanduser()
        found = recognise(path, store.tokenizers())
        return Choice(path.name, found if own_vae else with_tiny_vae(found, store))
    if not entry.is_model:
        raise ModelError(
            f"{entry.name} is a part of models, not a model.",
            remedy=f"Choose one of {', '.join(model.name for model in models())}.",
        )
    return _pulled(entry, store.verify(entry.name, read=read))


def pick(store: Store, card_bytes: int) -> Entry | None:
    """Return the first model of the catalogue that is here and fits a card, or None."""
    here = (entry for entry in models() if store.presence(entry.name) is Presence.HERE)
    return next((entry for entry in here if fits(entry, card_bytes)), None)


def with_tiny_vae(found: Found, store: Store) -> Found:
    """Return a model with its family's tiny VAE in place of a full one, where it was pulled."""
    name = _TINY[found.family]
    if found.parts["vae"].kind == "AutoencoderTiny":
        return found
    if store.presence(name) is not Presence.HERE:
        slow = f"Its own VAE is slow: `endlessdreams-cam models pull {name}` brings a fast one."
        return replace(found, notes=(*found.notes, slow))
    folder = store.verify(name)
    weights = folder / "diffusion_pytorch_model.safetensors"
    config = read_json(folder / "config.json")
    vae = Part("vae", "AutoencoderTiny", config, {weights: read_header(weights)})
    return replace(found, parts={**found.parts, "vae": vae})


def _pulled(entry: Entry, folder: Path) -> Choice:
    found = recognise(folder)
    lora = folder / entry.lora if entry.lora else None
    # With its LoRA a plain model is another kind; and the catalogue knows the best size.
    found = replace(found, kind=entry.kind, best_size=entry.best_size, notes=())
    return Choice(entry.name, found, lora)
