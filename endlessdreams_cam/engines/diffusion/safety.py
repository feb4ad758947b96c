"""The safety checker beside the dreams: looks at some of them, and holds the last good one.

A look takes longer than a dream may: it has a stream of its own on CUDA and a thread of its own
elsewhere, and its answer comes when it comes.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
import torch
from torch.nn import functional as F

from endlessdreams_cam.clock import SECOND_NS
from endlessdreams_cam.errors import EngineError
from endlessdreams_cam.frame import Pixels, Size

HITS = 3
"""Looks in a row that are not clean, before the dream is held: one alone is often an error."""
_CLEAN = 2  # looks in a row that let it go on
_SELDOM, _OFTEN = 30, 8  # dreams from one look to the next
_BUDGET_MS = 1.0
_PATIENCE_NS = 15 * SECOND_NS
_MEAN = (0.48145466, 0.4578275, 0.40821073)
_DEVIATION = (0.26862954, 0.26130258, 0.27577711)
"""Of the pictures that CLIP was trained with (OpenAI's preprocessing)."""
_CARE = 0.01  # by which every concept counts as nearer, where one that needs care was seen


class Looker(Protocol):
    """Looks at one picture at a time, beside everything else."""

    def begin(self, pixels: Pixels) -> None:
        """Start to look at a picture, which must not be changed until the answer has come."""

    def answer(self) -> bool | None:
        """Return whether the picture is not clean, None as long as that is not known."""


class Safety:
    """Decides which dreams are looked at and which are shown.

    every is the number of dreams from one look to the next; after a look that was not clean the
    next one follows at once.
    """

    def __init__(self, looker: Looker, size: Size, every: int) -> None:
        self.every = every
        self.held = False
        """Whether the last good dream stands in for the new ones."""
        self._looker = looker
        self._count = every
        self._since_ns: int | None = None
        self._hits = self._clean = 0
        self._seen = np.empty((size.height, size.width, 3), np.uint8)
        self._good: Pixels = np.full_like(self._seen, 128)  # until one is known to be good

    def show(self, pixels: Pixels, now_ns: int) -> Pixels:
        """Return the dream to show: this one, or the last good one.

        Raises EngineError when the checker gives no answer.
        """
        if self._since_ns is not None:
            self._hear(now_ns - self._since_ns)
        self._count += 1
        if self._since_ns is None and (self._hits or self.held or self._count >= self.every):
            self._seen[:] = pixels
            self._looker.begin(self._seen)
            self._since_ns, self._count = now_ns, 0
        return self._good if self.held else pixels

    def _hear(self, waited_ns: int) -> None:
        hit = self._looker.answer()
        if hit is None:
            if waited_ns > _PATIENCE_NS:
                raise EngineError("The safety checker gives no answer.", remedy="Take it out.")
            return
        self._since_ns = None
        self._hits, self._clean = (self._hits + 1, 0) if hit else (0, self._clean + 1)
        if not hit:
            self._seen, self._good = self._good, self._seen
        if self._hits >= HITS:
            self.held = True
        elif self._clean >= _CLEAN:
            self.held = False


class Check:
    """A StableDiffusionSafetyChecker as one function of a uint8 picture on its device."""

    def __init__(self, net: Any) -> None:
        self._net = net
        weight = net.visual_projection.weight
        self.device, self._dtype = weight.device, weight.dtype
        self._side = net.config.vision_config.image_size
        self._mean, self._deviation = (
            torch.tensor(values, device=self.device).view(1, 3, 1, 1)
            for values in (_MEAN, _DEVIATION)
        )

    def __call__(self, pixels: Any) -> Any:
        """Return whether a picture, uint8 (height, width, 3), is not clean: bool (), no wait.

        The picture is squeezed into CLIP's square: cropped, as it was trained, nobody would look
        at the sides of a wide one.
        """
        with torch.inference_mode():
            planes = pixels.permute(2, 0, 1).unsqueeze(0).to(torch.float32) / 255
            small = F.interpolate(
                planes, (self._side, self._side), mode="bicubic", antialias=True
            ).clamp(0, 1)
            return self.judge((small - self._mean) / self._deviation)

    def judge(self, clip_input: Any) -> Any:
        """Return the same for a picture as CLIP takes it, (1, 3, side, side)."""
        net = self._net
        pooled = net.vision_model(clip_input.to(self._dtype))[1]
        image = F.normalize(net.visual_projection(pooled).to(torch.float32))
        care = self._near(image, net.special_care_embeds, net.special_care_embeds_weights)
        near = self._near(image, net.concept_embeds, net.concept_embeds_weights)
        return (near + _CARE * (care > 0).any() > 0).any()

    def _near(self, image: Any, concepts: Any, thresholds: Any) -> Any:
        """Return how far a picture is within each concept, rounded to thousandths."""
        concepts = F.normalize(concepts.to(torch.float32))
        return (image @ concepts.T - thresholds.to(torch.float32)).round(decimals=3)


class Beside:
    """Looks in a thread of its own: on the processor, and on Apple's GPUs."""

    def __init__(self, check: Callable[[Any], Any], device: torch.device) -> None:
        self._check = check
        self._device = device
        self._picture: Any = None
        self._answer: bool | BaseException | None = None
        self._asked = threading.Event()
        threading.Thread(target=self._run, name="safety", daemon=True).start()

    def begin(self, pixels: Pixels) -> None:
        """Start to look at a picture."""
        self._picture, self._answer = torch.from_numpy(pixels), None
        self._asked.set()

    def answer(self) -> bool | None:
        """Return whether it is not clean, None until that is known; raises what went wrong."""
        answer = self._answer
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def _run(self) -> None:
        while True:
            self._asked.wait()
            self._asked.clear()
            try:
                self._answer = bool(self._check(self._picture.to(self._device)))
            except Exception as error:  # told in the engine's own thread
                self._answer = error


class Streamed:
    """Looks on a CUDA stream of its own, replaying one graph: the processor does next to nothing.

    Its graph has a memory pool of its own, because it runs beside those of the dreams.
    """

    def __init__(self, check: Callable[[Any], Any], size: Size, device: torch.device) -> None:
        shape = (size.height, size.width, 3)
        self._staged = torch.empty(shape, dtype=torch.uint8, pin_memory=True)
        self._picture = torch.zeros(shape, dtype=torch.uint8, device=device)
        self._found = torch.zeros((), dtype=torch.bool, pin_memory=True)
        self._stream = torch.cuda.Stream(device)
        self._done = torch.cuda.Event()
        self._stream.wait_stream(torch.cuda.current_stream(device))
        with torch.cuda.stream(self._stream):
            for _ in range(3):  # libraries choose their kernels before a capture
                check(self._picture)
        self._stream.synchronize()
        self._graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self._graph, stream=self._stream):
            self._result = check(self._picture)

    def begin(self, pixels: Pixels) -> None:
        """Start to look at a picture."""
        self._staged.numpy()[:] = pixels
        with torch.cuda.stream(self._stream):
            self._picture.copy_(self._staged, non_blocking=True)
            self._graph.replay()
            self._found.copy_(self._result, non_blocking=True)
            self._done.record()

    def answer(self) -> bool | None:
        """Return whether it is not clean, None until that is known."""
        return bool(self._found) if self._done.query() else None


def spacing(look_ms: float) -> int:
    """Return after how many dreams to look again, for a look that takes so long.

    That is a millisecond for each dream; where that would be seldom, every thirtieth.
    """
    return min(max(math.ceil(look_ms / _BUDGET_MS), _OFTEN), _SELDOM)


def watch_over(net: Any, size: Size, now: Callable[[], int]) -> Safety:
    """Return a Safety that looks with a net, after timing one look; now is a clock."""
    looker = make_looker(net, size)
    return Safety(looker, size, spacing(look_ms(looker, size, now)))


def make_looker(net: Any, size: Size) -> Looker:
    """Return what looks with a net, beside the dreams of its device."""
    check = Check(net)
    if check.device.type == "cuda":
        return Streamed(check, size, check.device)
    return Beside(check, check.device)


def look_ms(looker: Looker, size: Size, now: Callable[[], int]) -> float:
    """Return how long a look takes until its answer is there, in ms."""
    grey = np.full((size.height, size.width, 3), 128, np.uint8)
    took_ms = math.inf
    for _ in range(2):  # the first one wakes libraries up
        begun = now()
        looker.begin(grey)
        while looker.answer() is None:
            threading.Event().wait(0.0002)
        took_ms = min(took_ms, (now() - begun) / 1e6)
    return took_ms
