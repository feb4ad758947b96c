"""The diffusion engine as the show uses it: loads a model, dreams, and says what is wrong."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from endlessdreams_cam.clock import SECOND_NS, now_ns
from endlessdreams_cam.engines.diffusion.governor import Goal, Governor
from endlessdreams_cam.engines.engine import Inputs, Standing, Tell, untold
from endlessdreams_cam.errors import EngineError, ModelError
from endlessdreams_cam.frame import Pixels, Size
from endlessdreams_cam.parameters import Snapshot, Store
from endlessdreams_cam.parameters.table import LORAS
from endlessdreams_cam.settings import cache_folder, lora_folder

if TYPE_CHECKING:
    from endlessdreams_cam.engines.diffusion.painter import Painter
    from endlessdreams_cam.engines.diffusion.safety import Safety
    from endlessdreams_cam.engines.diffusion.step import Step
    from endlessdreams_cam.engines.diffusion.ways import Ways
    from endlessdreams_cam.models.loras import Loras
    from endlessdreams_cam.models.nets import Nets

_BLACK_NS = 2 * SECOND_NS
"""Dreams that are black for so long are no dreams of the night: numbers overflowed."""
_HELD = (
    "The safety checker holds the last good dream. Change the prompts or the seed: it goes on "
    "when new dreams are clean."
)
_MULTIPLE = 8
"""A dream's sides are multiples of this: a latent stands for 8 × 8 pixels."""


class DiffusionEngine:
    """Dreams with a model of `models list`, a folder or a file.

    size is rounded down to what the nets can do. It runs eager; the fast one (FastDiffusionEngine)
    compiles and captures in `open`. now is the clock that dreams are timed with.
    """

    fast = False

    def __init__(self, size: Size, model: str = "auto", *, now: Callable[[], int] = now_ns) -> None:
        self.size = Size(*(max(side // _MULTIPLE, 8) * _MULTIPLE for side in size))
        self.standing = Standing(model=model)
        self._model = model
        self._now = now
        self._governor = Governor()
        self._safety: Safety | None = None
        self._painter: Painter | None = None
        self._ways: Ways | None = None
        self._loras: Loras | None = None
        self._lora_names: tuple[str, ...] = ()
        self._lora_trouble: tuple[str, ...] = ()
        self._notes: tuple[str, ...] = ()
        self._black_since: int | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """Remarks for people: on what is held back, the LoRAs, the prompts, the model."""
        prompts = self._painter.notes if self._painter else ()
        held = (_HELD,) if self._safety and self._safety.held else ()
        return (*held, *self._lora_trouble, *prompts, *self._notes)

    def open(self, snapshot: Snapshot | None = None, tell: Tell = untold) -> None:
        """Load the model and make it ready for a snapshot; raises an EndlessDreamsError."""
        be_patient()
        tell(0.0, "waking torch")
        with telling_of_the_card():
            self._open(snapshot or Store(lambda: 0).snapshot, tell)

    def _open(self, snapshot: Snapshot, tell: Tell) -> None:
        from endlessdreams_cam.engines.diffusion.painter import Painter, wanted_shape
        from endlessdreams_cam.engines.diffusion.ways import Ways, why_not_compiled
        from endlessdreams_cam.models.memory import free_bytes, require_capture

        device, dtype = best_device()
        if self.fast and device != "cuda":
            raise EngineError("CUDA graphs need an NVIDIA card.")
        nets = self._load(device, dtype, snapshot, tell)
        painter = Painter(nets, self.size)
        self._safety = self._watch(snapshot.text("safety.checker"), device, dtype, tell)
        if self.fast:
            require_capture(self.size, dtype.itemsize, free_bytes(device))
        ways = Ways(painter, fast=self.fast)
        ways.prepare(wanted_shape(nets, snapshot, 0), tell)
        slower = (why_not_compiled(),) if self.fast else ()
        self._painter, self._ways = painter, ways
        self._notes = (*(note for note in slower if note), *nets.notes)
        self.standing = Standing(nets.name, f"{ways.way} on {device}, {str(dtype)[6:]}")

    def _load(self, device: str, dtype: Any, snapshot: Snapshot, tell: Tell) -> Nets:
        from endlessdreams_cam.engines.diffusion.rehearsal import nothing_free
        from endlessdreams_cam.models.load import load
        from endlessdreams_cam.models.memory import KEPT, capture_bytes, free_bytes

        return load(
            self._model,
            device,
            dtype,
            size=self.size,
            kept=KEPT + capture_bytes(self.size, dtype.itemsize) if self.fast else 0,
            progress=tell,
            free=nothing_free if snapshot.switch.rehearsed == "load" else free_bytes,
        )

    def _watch(self, checker: str, device: str, dtype: Any, tell: Tell) -> Safety | None:
        """Return what looks at the dreams, if that is asked for.

        Raises when it cannot be had: then nothing is dreamt that nobody looks at.
        """
        if not checker:
            return None
        from endlessdreams_cam.engines.diffusion.safety import watch_over
        from endlessdreams_cam.models.checker import load_checker

        tell(1.0, "loading the safety checker")
        return watch_over(load_checker(Path(checker), device, dtype), self.size, self._now)

    def render(self, inputs: Inputs, snapshot: Snapshot, dt: float) -> Pixels:
        """Return the next dream; raises EngineError when the card or the model fails."""
        painter, begun = self._painter, self._now()
        if painter is None:
            raise EngineError("The diffusion engine is not open.")
        with telling_of_the_card():
            self._follow_loras(snapshot, inputs.now_ns)
            step = self._step(painter, snapshot, inputs.now_ns)
            pixels = painter.paint(inputs, snapshot, dt, step)
            self._check(pixels, snapshot, inputs.now_ns)
            if self._safety:
                pixels = self._safety.show(pixels, inputs.now_ns)
        self._governor.took(self._now() - begun)
        return pixels

    def _step(self, painter: Painter, snapshot: Snapshot, now: int) -> Step:
        """Return the step to dream with: what is asked for, as the governor lets it be."""
        from endlessdreams_cam.engines.diffusion.painter import wanted_shape

        asked, goal = wanted_shape(painter.nets, snapshot, now), Goal.of(snapshot, now)
        steps = self._governor.steps(asked.steps, goal, now)
        wanted = asked._replace(steps=steps)
        ways = self._ways
        step = (ways and ways.step(wanted)) or painter.eager(wanted)
        self.standing = replace(
            self.standing,
            outgrown=ways is not None and not ways.has(wanted),
            steps=steps,
            steps_asked=asked.steps,
            load=self._governor.load,
            at_least=steps <= min(goal.least_steps, asked.steps),
        )
        if snapshot.switch.rehearsed:
            from endlessdreams_cam.engines.diffusion.rehearsal import FailingStep

            return FailingStep(step, snapshot.switch.rehearsed)
        return step

    def close(self) -> None:
        """Let the model go."""
        self._painter = self._ways = self._loras = None

    def _follow_loras(self, snapshot: Snapshot, now_ns: int) -> None:
        """Fuse the LoRAs that are asked for, each with its weight, between two dreams."""
        slots = range(1, LORAS + 1)
        weights: dict[str, float] = {}
        for n in slots:
            name = snapshot.text(f"lora.{n}.name")
            if name:
                weight = snapshot.number(f"lora.{n}.weight", now_ns)
                weights[name] = weights.get(name, 0.0) + weight
        if tuple(weights) != self._lora_names:
            self._change_loras(tuple(weights))
        if self._loras is not None:
            self._loras.fuse({n: w for n, w in weights.items() if n in self._loras.weights})

    def _change_loras(self, names: tuple[str, ...]) -> None:
        """Give the net its own weights back, and read other LoRAs; what cannot be read is told."""
        from endlessdreams_cam.models.lora_names import find_lora, lora_path
        from endlessdreams_cam.models.loras import Loras, check_lora

        self._lora_names, self._lora_trouble = names, ()
        if self._loras is not None:
            self._loras.fuse({})
            self._loras = None
        if self._painter is None or not names:
            return
        unet, files = self._painter.nets.unet, {}
        for name in names:
            try:
                path = find_lora(lora_path(name, lora_folder()))
                check_lora(unet, path)
                files[name] = path
            except ModelError as error:
                self._lora_trouble += (str(error),)
        self._loras = Loras(unet, files)
        self._lora_trouble += self._loras.notes

    def _check(self, pixels: Pixels, snapshot: Snapshot, now: int) -> None:
        """Raise EngineError when the nets have painted nothing but black for two seconds.

        Without strength they paint nothing, and a black canvas is the canvas.
        """
        from endlessdreams_cam.engines.diffusion.sampling import LEAST_STRENGTH

        painted = snapshot.number("dream.strength", now) >= LEAST_STRENGTH
        if pixels.any() or not painted:
            self._black_since = None
            return
        self._black_since = now if self._black_since is None else self._black_since
        if now - self._black_since >= _BLACK_NS:
            raise EngineError(
                f"The model {self.standing.model} paints nothing but black: its numbers overflow.",
                remedy="Take another model, or its own VAE's half-precision twin "
                "(`endlessdreams-cam models list`).",
            )


class FastDiffusionEngine(DiffusionEngine):
    """The same, compiled and captured in CUDA graphs while it is off air."""

    fast = True


def be_patient() -> None:
    """Let torch's threads sleep while they wait: spinning, they take the program's processor.

    Must run before torch is imported. Compiled kernels are kept for the next show.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.environ.setdefault("GOMP_SPINCOUNT", "0")
    os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(cache_folder() / "compiled"))


def best_device() -> tuple[str, Any]:
    """Return the device to dream on and the precision that it is quick in."""
    import torch

    if torch.cuda.is_available():
        return "cuda", torch.float16
    if torch.backends.mps.is_available():
        return "mps", torch.float16
    torch.set_num_threads(max((os.cpu_count() or 2) - 1, 1))
    return "cpu", torch.float32


@contextmanager
def telling_of_the_card() -> Iterator[None]:
    """Turn what CUDA says into words with a remedy."""
    try:
        yield
    except RuntimeError as error:  # torch's own errors are kinds of it
        text = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        if "out of memory" in text.lower():
            raise EngineError(
                "The graphics card's memory is full.",
                remedy="Close other programs that use it, or take a smaller model or --dream-size.",
            ) from error
        if "CUDA" in text or "cuDNN" in text or "CUBLAS" in text:
            raise EngineError(
                f"The graphics card failed: {text}.",
                remedy="If it comes again: update its driver, and see `endlessdreams-cam doctor`.",
            ) from error
        raise
