"""Faults on purpose, in the place where a card or a model has them: the dream's function."""

from __future__ import annotations

import os
import signal
import threading

import torch

from endlessdreams_cam.engines.diffusion.canvas import to_pixels
from endlessdreams_cam.engines.diffusion.step import ALL, Dream, Parts, Shape, Step

_SLOW_S = 0.4


class FailingStep:
    """A step that fails as engines.faults.REHEARSED says; the dreams that it gives are real ones.

    Errors are those of torch, with its words, so that they go the way that real ones go.
    """

    def __init__(self, step: Step, fault: str) -> None:
        self._step = step
        self._fault = fault

    @property
    def shape(self) -> Shape:
        """The shape of the step beneath."""
        return self._step.shape

    @property
    def parts(self) -> Parts | None:
        """The parts of the step beneath."""
        return self._step.parts

    def __call__(self, parts: Parts = ALL) -> Dream:
        """Fail, or return a dream as a faulty model paints it."""
        match self._fault:
            case "raise":
                raise RuntimeError("a layer raises on purpose")
            case "memory":
                raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
            case "card":
                raise RuntimeError("CUDA error: an illegal memory access was encountered")
            case "hang":
                threading.Event().wait()
            case "die":
                _die()
            case "slow":
                threading.Event().wait(_SLOW_S)
        return self._spoilt(self._step(parts))

    def _spoilt(self, dream: Dream) -> Dream:
        match self._fault:
            case "nan":
                picture = torch.full_like(dream.picture, torch.nan)
                return dream._replace(pixels=to_pixels(picture), picture=picture)
            case "black":
                return dream._replace(pixels=torch.zeros_like(dream.pixels))
            case "shape":
                return dream._replace(pixels=dream.pixels[::2].contiguous())
        return dream


def nothing_free(_device: object) -> int:
    """Return how much memory a device has free when it has none."""
    return 0


def _die() -> None:
    """End this process as the system ends one that took too much memory."""
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
