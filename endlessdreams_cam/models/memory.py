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
_KERNELS_GB = 0.4
"""What compiling and capturing take beside the pictures: kernels, workspaces, graphs."""
KEPT = round(0.75 * GB)
"""Left free on a card: for the screen, OBS's encoder, a game that opens a window."""


def needed_bytes(parameters: int, value_bytes: int, size: Size) -> int:
    """Return about what a model takes: its nets, one dream's inner pictures, the driver's share."""
    return round(parameters * value_bytes + _DRIVER_GB * GB + _work_bytes(value_bytes, size))


def capture_bytes(size: Size, value_bytes: int) -> int:
    """Return about what CUDA graphs take beside an eager dream.

    All graphs share one pool, which is as large as the largest of them needs: with guidance the
    nets see two pictures at once.
    """
    return round(_KERNELS_GB * GB + 2 * _work_bytes(value_bytes, size))


def require_capture(size: Size, value_bytes: int, free: int) -> None:
    """Raise NoRoom when there is no room for CUDA graphs and for what is kept back."""
    require(
        capture_bytes(size, value_bytes), free, name="Capturing CUDA graphs",
        where="the card's memory", kept=KEPT,
    )  # fmt: skip


def _work_bytes(value_bytes: int, size: Size) -> float:
    """Return the room for one dream's inner pictures."""
    return _PER_MEGAPIXEL_GB * GB * size.width * size.height / 1e6 * value_bytes / 2


def free_bytes(device: Any) -> int:
    """Return the free memory of a device ("cuda:0", "cpu", torch.device)."""
    import torch

    device = torch.device(device)
    if device.type == "cuda":
        free: int = torch.cuda.mem_get_info(device)[0]
        return free
    import psutil

    return int(psutil.virtual_memory().available)  # Apple's GPUs share the machine's memory


def require(needed: int, free: int, *, name: str, where: str, kept: int = 0) -> None:
    """Raise NoRoom when what is needed does not fit beside the bytes that are kept back."""
    if needed + kept > free:
        back = f" and {kept / GB:.1f} GB are kept back" if kept else ""
        raise NoRoom(
            f"{name} takes about {needed / GB:.1f} GB of {where}{back}; {free / GB:.1f} GB are "
            "free.",
            remedy="Close other programs that use it (a game, OBS's encoder, another model), or "
            "take a smaller model or size (`endlessdreams-cam models list`).",
        )
