"""Whether a model is here for the card that is here."""

from __future__ import annotations

from endlessdreams_cam.doctor.check import Check, State
from endlessdreams_cam.models.cards import Card
from endlessdreams_cam.models.catalogue import CATALOGUE, Entry, describe_need, fits, models
from endlessdreams_cam.models.memory import GB
from endlessdreams_cam.models.store import Presence, Store

_FIRST = "sd-turbo"
"""The model to begin with: the smallest and the fastest."""


def check_models(cards: list[Card], store: Store) -> Check:
    """Return the check of the models: which are here, and which fit the largest card."""
    here = [entry for entry in models() if store.presence(entry.name) is Presence.HERE]
    names = ", ".join(entry.name for entry in here)
    partly = [name for name in CATALOGUE if store.presence(name) is Presence.PARTLY]
    if partly:
        return _warning(f"{partly[0]} came only in part", partly[0])
    if not cards:
        said = f"{names}; no NVIDIA card for it" if here else "none, and the scenes need none"
        return Check("models", State.OK, said)
    card = max(cards, key=lambda card: card.memory_gb)
    if not here:
        return _warning(f"none here; the card has {card.memory_gb:.0f} GB", _FIRST)
    return _fit(here, card)


def _fit(here: list[Entry], card: Card) -> Check:
    fitting = [entry for entry in here if fits(entry, round(card.memory_gb * GB))]
    needs = ", ".join(f"{entry.name} ({describe_need(entry)})" for entry in here)
    if not fitting:
        said = f"{needs}: too large for the card's {card.memory_gb:.0f} GB"
        return _warning(said, _FIRST)
    if all(entry.vram_bytes > card.free_gb * GB for entry in fitting):
        said = f"{needs}; only {card.free_gb:.1f} GB of the card are free now"
        remedy = "Close what else uses it: a game, another model, many browser tabs."
        return Check("models", State.WARNING, said, remedy)
    return Check("models", State.OK, f"{needs}; the card has {card.memory_gb:.0f} GB")


def _warning(text: str, name: str) -> Check:
    size = CATALOGUE[name].download_bytes / 1e9
    remedy = f"endlessdreams-cam models pull {name} ({size:.1f} GB; `models list` has the others)"
    return Check("models", State.WARNING, text, remedy)
