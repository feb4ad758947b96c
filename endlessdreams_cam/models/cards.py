"""The graphics cards of this machine, asked without waking torch."""

from __future__ import annotations

from importlib import metadata
from typing import NamedTuple


class Card(NamedTuple):
    """A graphics card and its memory, whole and free."""

    name: str
    memory_gb: float
    free_gb: float


def list_cards() -> list[Card]:
    """Return the NVIDIA cards, none where the driver or its library is missing."""
    try:
        import pynvml
    except ImportError:
        return []
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        return []
    found = []
    for n in range(pynvml.nvmlDeviceGetCount()):
        card = pynvml.nvmlDeviceGetHandleByIndex(n)
        name = pynvml.nvmlDeviceGetName(card)
        memory = pynvml.nvmlDeviceGetMemoryInfo(card)
        name = name if isinstance(name, str) else name.decode()
        found.append(Card(name, memory.total / 2**30, memory.free / 2**30))
    pynvml.nvmlShutdown()
    return found


def torch_version() -> str:
    """Return the version of torch that is installed ("2.13.0+cpu"), empty without one."""
    try:
        return metadata.version("torch")
    except metadata.PackageNotFoundError:
        return ""
