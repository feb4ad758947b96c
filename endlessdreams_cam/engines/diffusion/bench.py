"""How fast dreams are here, and how near to what the device can do."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch

from endlessdreams_cam.engines.diffusion import canvas
from endlessdreams_cam.engines.diffusion.painter import BARE, Painter
from endlessdreams_cam.engines.diffusion.step import Shape, Step
from endlessdreams_cam.engines.diffusion.stubs import stub_nets
from endlessdreams_cam.engines.diffusion.ways import CompiledStep, GraphStep
from endlessdreams_cam.engines.engine import Inputs
from endlessdreams_cam.errors import SettingError
from endlessdreams_cam.frame import Frame, Size
from endlessdreams_cam.models.nets import Nets
from endlessdreams_cam.parameters import Store

_CAMERA = Size(1280, 720)
_WARM = 20
_SECOND_NS = 1_000_000_000
_DT = 1 / 30


@dataclass(frozen=True, slots=True)
class Row:
    """One measured way to dream; times in ms, memory in MB (0 where it is not known).

    floor_ms is how long the arithmetic of the nets and one reading of their weights would take at
    the device's own measured speed.
    """

    model: str
    size: str
    steps: int
    path: str
    p50_ms: float
    p99_ms: float
    fps: float
    memory_mb: float
    floor_ms: float

    @property
    def ratio(self) -> float:
        """How many times the floor it takes."""
        return self.p50_ms / self.floor_ms if self.floor_ms else 0.0


@dataclass(frozen=True, slots=True)
class Host:
    """What a dream costs beyond its nets on one thread of the processor, ms of its time."""

    p50_ms: float
    p99_ms: float
    nets_ms: float
    feedback_p50_ms: float


@dataclass(frozen=True, slots=True)
class Ceilings:
    """What a device reaches: arithmetic in TFLOP/s, copying in GB/s (read and written)."""

    tflops: float
    gigabytes: float


@dataclass(frozen=True, slots=True)
class Looks:
    """What the image checker costs: one look in ms, and after how many dreams one follows.

    host_ms is what a dream waits for it in the frames that begin or end a look.
    """

    look_ms: float
    every: int
    host_ms: float

    @property
    def per_dream_ms(self) -> float:
        """A look's time, shared by the dreams from one to the next."""
        return self.look_ms / self.every


def measure_checker(size: Size = Size(512, 512), frames: int = 300) -> Looks:
    """Measure a checker of the real size with random weights, where dreams are dreamt."""
    from endlessdreams_cam.engines.diffusion.safety import Safety, look_ms, make_looker, spacing
    from endlessdreams_cam.models.random_nets import random_checker

    on_gpu = torch.cuda.is_available()
    device, dtype = ("cuda", "float16") if on_gpu else ("cpu", "float32")
    looker = make_looker(random_checker(device, dtype), size)
    took_ms = look_ms(looker, size, time.perf_counter_ns)
    safety = Safety(_Blind(), size, spacing(took_ms))
    dream = np.zeros((size.height, size.width, 3), np.uint8)
    host_ms = _processor_ms(lambda: safety.show(dream, 0), frames)
    return Looks(took_ms, safety.every, max(host_ms))


class _Blind:
    """A looker that finds everything clean at once."""

    def begin(self, pixels: object) -> None:
        """Look away."""

    def answer(self) -> bool:
        """Say that it is clean."""
        return False


def measure_host(frames: int = 400, size: Size = Size(512, 512)) -> Host:
    """Measure camera frame (1280 × 720) to dream, one step, stubs for nets, on one thread.

    p50 and p99 are without feedback, as a peer without it would do the same work; the time that
    the stubs themselves take is told apart and taken off.
    """
    import cv2

    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    nets = stub_nets()
    alone = _processor_ms(_stubs_alone(nets, size), frames)
    plain = _processor_ms(_dreamer(nets, size, feedback=0.0), frames)
    fed = _processor_ms(_dreamer(nets, size, feedback=0.35), max(frames // 8, 10))
    nets_ms = statistics.median(alone)
    return Host(
        p50_ms=statistics.median(plain) - nets_ms,
        p99_ms=float(np.percentile(plain, 99)) - nets_ms,
        nets_ms=nets_ms,
        feedback_p50_ms=statistics.median(fed) - nets_ms,
    )


def load_nets(name: str, *, random: bool) -> Nets:
    """Return a model by its folder or file, or a catalogue's model with random weights.

    It lies on the GPU in half precision where there is one. Raises ModelError.
    """
    from endlessdreams_cam.models.load import load
    from endlessdreams_cam.models.random_nets import random_nets

    device = "cuda" if torch.cuda.is_available() else "cpu"
    dtype = "float16" if device == "cuda" else "float32"
    return random_nets(name, device, dtype) if random else load(name, device, dtype)


def measure_path(nets: Nets, size: Size, steps: int, path: str, frames: int = 200) -> Row:
    """Measure dreams of one model, size and number of steps on one path.

    Raises SettingError where the path is not possible.
    """
    if path == "graph" and nets.device.type != "cuda":
        raise SettingError("CUDA graphs need an NVIDIA GPU.", remedy="Measure eager or compiled.")
    if nets.device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(nets.device)
    dream = _dreamer(nets, size, feedback=0.35, steps=steps, path=path)
    times = _wall_ms(dream, frames)
    median = statistics.median(times)
    return Row(
        nets.name, str(size), steps, path,
        p50_ms=median,
        p99_ms=float(np.percentile(times, 99)),
        fps=1000 / median,
        memory_mb=_memory_mb(nets.device),
        floor_ms=floor_ms(nets, size, steps, measure_ceilings(nets.device, nets.dtype)),
    )  # fmt: skip


@lru_cache
def measure_ceilings(device: torch.device, dtype: torch.dtype) -> Ceilings:
    """Measure the fastest matrix product and the fastest copy of a device."""
    on_gpu = device.type != "cpu"
    side, count = (8192, 1 << 28) if on_gpu else (768, 1 << 22)
    a, b = (torch.randn((side, side), device=device).to(dtype) for _ in range(2))
    block = torch.zeros(count, dtype=torch.uint8, device=device)
    into = torch.empty_like(block)
    product = _fastest_s(device, lambda: torch.mm(a, b))
    copy = _fastest_s(device, lambda: into.copy_(block))
    return Ceilings(2 * side**3 / product / 1e12, 2 * count / copy / 1e9)


def floor_ms(nets: Nets, size: Size, steps: int, ceilings: Ceilings) -> float:
    """Return how long a dream's nets would take at the device's ceilings, in ms.

    Arithmetic is counted by torch's own counter on the frame function; each step reads the UNet's
    weights once. The greater of the two bounds counts.
    """
    from torch.utils.flop_counter import FlopCounterMode

    painter = Painter(nets, size)
    with FlopCounterMode(display=False) as counter:
        painter.eager(Shape(steps))(BARE)
    weights = sum(p.numel() * p.element_size() for p in nets.unet.parameters()) * steps
    arithmetic = counter.get_total_flops() / (ceilings.tflops * 1e12)
    return 1000 * max(arithmetic, weights / (ceilings.gigabytes * 1e9))


def _dreamer(
    nets: Nets, size: Size, *, feedback: float, steps: int = 1, path: str = "eager"
) -> Callable[[], object]:
    """Return what paints the next dream of four camera frames in turn."""
    painter, store = Painter(nets, size), Store(lambda: 0)
    store.apply(
        {"prompt.1.text": "a cat", "dream.feedback": feedback, "dream.steps": steps},
        origin="bench", glide_s=0.0,
    )  # fmt: skip
    random = np.random.default_rng(0)
    shape = (_CAMERA.height, _CAMERA.width, 3)
    camera = [Frame(random.integers(0, 256, shape, np.uint8)) for _ in range(4)]
    eager = painter.eager(Shape(steps))
    step: Step = eager if path == "eager" else CompiledStep(eager)
    if path == "graph":
        step = GraphStep(step, torch.cuda.graph_pool_handle())
    count = 0

    def dream() -> object:
        nonlocal count
        count += 1
        now = round(count * _DT * _SECOND_NS)
        inputs = Inputs(source=camera[count % len(camera)], now_ns=now)
        return painter.paint(inputs, store.snapshot, _DT, step)

    return dream


def _stubs_alone(nets: Nets, size: Size) -> Callable[[], object]:
    painter = Painter(nets, size)
    picture = canvas.to_float(painter.buffers.source)
    prompt = painter.buffers.prompt.tokens

    def run() -> object:
        latents = nets.vae.encode(picture)[0].mode()
        predicted = nets.unet(latents, 0.0, encoder_hidden_states=prompt)[0]
        return nets.vae.decode(predicted)

    return run


def _processor_ms(work: Callable[[], object], times: int) -> list[float]:
    """Return how much of this thread's processor time each call takes, after a warm-up."""
    found = []
    warm = min(times, _WARM)
    for n in range(times + warm):
        begun = time.thread_time_ns()
        work()
        if n >= warm:
            found.append((time.thread_time_ns() - begun) / 1e6)
    return found


def _wall_ms(work: Callable[[], object], times: int) -> list[float]:
    found = []
    warm = min(times, _WARM)
    for n in range(times + warm):
        begun = time.perf_counter_ns()
        work()
        if n >= warm:
            found.append((time.perf_counter_ns() - begun) / 1e6)
    return found


def _fastest_s(device: torch.device, work: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(8):
        _wait(device)
        begun = time.perf_counter()
        work()
        _wait(device)
        best = min(best, time.perf_counter() - begun)
    return best


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def _memory_mb(device: torch.device) -> float:
    return torch.cuda.max_memory_allocated(device) / 2**20 if device.type == "cuda" else 0.0
