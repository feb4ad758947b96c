"""The ways to run a dream's function: eager at once, or captured in CUDA graphs while off air."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable
from typing import Any

import torch

from endlessdreams_cam.engines.diffusion.painter import Painter
from endlessdreams_cam.engines.diffusion.step import ALL, Dream, FrameStep, Parts, Shape, Step
from endlessdreams_cam.engines.engine import Tell

MOST_GRAPHS = 4
"""Captured at once; each is a shape, and all of them share one pool of memory."""

_WARM_UP = 3  # runs before a capture: libraries choose their kernels and take their workspaces

Run = Callable[[], Dream]


class CompiledStep:
    """A frame function compiled whole; backend is torch.compile's."""

    parts = ALL

    def __init__(self, step: FrameStep, backend: str = "inductor") -> None:
        self.shape = step.shape
        self._dream = torch.compile(step.dream, fullgraph=True, dynamic=False, backend=backend)

    def __call__(self, parts: Parts = ALL) -> Dream:
        """Return the dream of what is in the buffers; the first call compiles."""
        with torch.inference_mode():
            return self._dream(ALL)


class GraphStep:
    """A frame function captured in a CUDA graph: replayed without Python between its kernels.

    pool is a memory pool that graphs share: only one of them runs at a time. Its dream lies where
    it was captured, and the next call of any of them overwrites it.
    """

    parts = ALL

    def __init__(self, step: Step, pool: Any) -> None:
        self.shape = step.shape
        aside = torch.cuda.Stream()
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            for _ in range(_WARM_UP):
                step(ALL)
        torch.cuda.current_stream().wait_stream(aside)
        self._graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self._graph, pool=pool):
            self._dream = step(ALL)

    def __call__(self, parts: Parts = ALL) -> Dream:
        """Return the dream of what is in the buffers."""
        self._graph.replay()
        return self._dream


class Ways:
    """Chooses the step to paint with: exactly the wanted one, or the nearest that is ready.

    An eager painter makes any step at once. A fast one captures the wanted shapes in `prepare`,
    which takes up to minutes and so happens off air; later it never compiles or captures.
    """

    def __init__(self, painter: Painter, *, fast: bool) -> None:
        self._painter = painter
        self._ready: dict[Shape, Step] = {}
        self._fast = fast
        self.way = "eager"
        """How dreams are run, for people."""

    def prepare(self, wanted: Shape, tell: Tell) -> None:
        """Make the wanted shape ready, and its sisters: guidance on and off, fewer steps."""
        if not self._fast:
            self._painter.eager(wanted)
            return
        shapes = _sisters(wanted)
        compiles = why_not_compiled() == ""
        self.way = "compiled, in CUDA graphs" if compiles else "in CUDA graphs"
        pool = torch.cuda.graph_pool_handle()
        for n, shape in enumerate(shapes):
            tell(n / len(shapes), f"capturing {_words(shape)}")
            eager = self._painter.eager(shape)
            self._ready[shape] = GraphStep(CompiledStep(eager) if compiles else eager, pool)

    def step(self, wanted: Shape) -> Step | None:
        """Return the step to paint with, None for the painter's own eager one."""
        if not self._ready:
            return None
        return self._ready.get(wanted) or min(
            self._ready.values(), key=lambda step: _distance(step.shape, wanted)
        )

    def has(self, wanted: Shape) -> bool:
        """Whether dreams have exactly the wanted shape."""
        return not self._ready or wanted in self._ready


def why_not_compiled() -> str:
    """Return why torch.compile is not to be used here, with the remedy; empty when it is."""
    if not importlib.util.find_spec("triton"):
        return "torch.compile needs triton, which this torch has not: captured as it is."
    if not (shutil.which("gcc") or shutil.which("cc") or shutil.which("clang")):
        return "torch.compile needs a C compiler (on Debian: apt install gcc): captured as it is."
    return ""


def _sisters(wanted: Shape) -> list[Shape]:
    """Return the shapes to have at hand beside the wanted one, the wanted one first."""
    shapes = [wanted, Shape(wanted.steps, not wanted.guided), Shape(1, False), Shape(2, False)]
    return list(dict.fromkeys(shapes))[:MOST_GRAPHS]


def _distance(shape: Shape, wanted: Shape) -> tuple[int, int]:
    """Return how far a shape is from another: guidance counts more than any number of steps."""
    return (shape.guided != wanted.guided, abs(shape.steps - wanted.steps))


def _words(shape: Shape) -> str:
    steps = "1 step" if shape.steps == 1 else f"{shape.steps} steps"
    return f"{steps} with guidance" if shape.guided else steps
