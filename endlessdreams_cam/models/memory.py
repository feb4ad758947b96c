"""What a model takes of a device's memory, and whether it is there."""

from __future__ import annotations

from typing import Any

from endlessdreams_cam.errors import NoRoom
from endlessdreams_cam.frame import Size

GB = 1 << 30

_DRIVER_GB = 0.6
"""What a process on a GPU takes before any net: the context and the libraries' workspaces."""
_PER_MEGAPIXEL_GB = 2.4
"""Room for one dream's inner pictures in half precision, with a tiny VAE; an estimate."""


def needed_bytes(parameters: int, value_bytes: int, size: Size) -> int:
    """Return about what a model takes: its nets, one dream's inner pictures, the driver's share."""
    pixels = size.width * size.height / 1e6
    work = _PER_MEGAPIXEL_GB * pixels * value_bytes / 2
    return round(parameters * value_bytes + (_DRIVER_GB + work) * GB)


def free_bytes(device: Any) -> int:
    """Return the free memory of a device ("cuda:0", "cpu", torch.device)."""
    import torch

    device = torch.device(device)
    if device.type == "cuda":
        free: int = torch.cuda.mem_get_info(device)[0]
        return free
    import psutil

    return int(psutil.virtual_memory().available)  # Apple's GPUs share the machine's memory


def require(needed: int, free: int, *, name: str, where: str) -> None:
    """Raise NoRoom when a model does not fit."""
    if needed > free:
        raise NoRoom(
            f"{name} takes about {needed / GB:.1f} GB of {where}; {free / GB:.1f} GB are free.",
            remedy="Close other programs that use it (a game, OBS's encoder, another model), or "
            "take a smaller model or size (`endlessdreams-cam models list`).",
        )
