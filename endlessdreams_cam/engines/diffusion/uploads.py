"""Pictures on their way to the device and back.

Live input is cropped and scaled by the processor while it is copied into pinned memory: what
travels is the dream's size, not the camera's. Every dream shows the newest input and is waited
for, so that there is nothing that a second stream's copies could overlap with; the picture that
comes back alternates between two pinned buffers and stays good until the next call has returned.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from endlessdreams_cam.frame import Pixels, Size

_SHRINKS = 2.0  # from here on lines would flicker without averaging


class Upload:
    """One static picture on the device, filled from pictures of any size."""

    def __init__(self, target: Any) -> None:
        self._target = target
        on_cpu = target.device.type == "cpu"
        pinned = target.device.type == "cuda"
        staged = target if on_cpu else torch.empty_like(target, device="cpu", pin_memory=pinned)
        self._staged, self._host = staged, staged.numpy()
        self._empty = False

    def fill(self, pixels: NDArray[np.uint8]) -> None:
        """Fill it with the middle of a picture, cropped to the aspect and scaled, not stretched."""
        crop(pixels, self._host)
        self._send()
        self._empty = False

    def clear(self) -> None:
        """Make it black, unless it is."""
        if not self._empty:
            self._host[:] = 0
            self._send()
            self._empty = True

    def _send(self) -> None:
        if self._staged is not self._target:
            self._target.copy_(self._staged, non_blocking=True)


class Download:
    """Brings dreams back as numpy arrays."""

    def __init__(self, size: Size, device: torch.device) -> None:
        self._cuda = device.type == "cuda"
        self._cpu = device.type == "cpu"
        if self._cuda:
            shape = (size.height, size.width, 3)
            self._hosts = [torch.empty(shape, dtype=torch.uint8, pin_memory=True) for _ in "ab"]
            # Blocking: the processor is free for the program while the GPU dreams.
            self._done = torch.cuda.Event(blocking=True)

    def fetch(self, pixels: Any) -> Pixels:
        """Return a picture of the device, once it is finished."""
        if self._cpu:
            return pixels.numpy()
        if not self._cuda:
            return pixels.cpu().numpy()
        self._hosts.reverse()
        self._hosts[0].copy_(pixels, non_blocking=True)
        self._done.record()
        self._done.synchronize()
        return self._hosts[0].numpy()


def crop(pixels: NDArray[np.uint8], into: NDArray[np.uint8]) -> None:
    """Write the middle of a picture that has the aspect of `into`, resized to it."""
    height, width = pixels.shape[:2]
    down, across = into.shape[:2]
    scale = min(width / across, height / down)
    wide, high = max(round(across * scale), 1), max(round(down * scale), 1)
    left, top = (width - wide) // 2, (height - high) // 2
    middle = pixels[top : top + high, left : left + wide]
    how = cv2.INTER_AREA if scale >= _SHRINKS else cv2.INTER_LINEAR
    cv2.resize(middle, (across, down), dst=into, interpolation=how)
