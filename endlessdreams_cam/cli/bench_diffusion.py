"""The part `diffusion` of the benchmark: what a dream costs beyond its nets, and with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from endlessdreams_cam.errors import SettingError
from endlessdreams_cam.frame import Size
from endlessdreams_cam.models.catalogue import models

if TYPE_CHECKING:
    from endlessdreams_cam.engines.diffusion.bench import Row

PATHS = ("eager", "compiled", "graph")
_HOST_GOAL_MS = 2.6

Rows = list[tuple[str, float, str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What to measure: models (folders, files, or names with random weights), sizes, steps, paths.

    Without a model only what a dream costs beyond its nets is measured; checker adds what the
    image checker costs.
    """

    models: tuple[str, ...] = ()
    random: bool = False
    sizes: tuple[Size, ...] = ()
    steps: tuple[int, ...] = (1,)
    paths: tuple[str, ...] = ()
    frames: int = 200
    checker: bool = False


ASKED = Asked()
"""Only what needs no model."""


def check(asked: Asked) -> Asked:
    """Return what was asked for if it can be measured; raises SettingError."""
    names = {entry.name for entry in models()}
    if asked.random and (unknown := set(asked.models) - names):
        raise SettingError(
            f"There are no random weights for {min(unknown)!r}.",
            remedy=f"Use {', '.join(sorted(names))}.",
        )
    if wrong := set(asked.paths) - set(PATHS):
        raise SettingError(f"There is no path {min(wrong)!r}.", remedy=f"Use {', '.join(PATHS)}.")
    if odd := [size for size in asked.sizes if size.width % 8 or size.height % 8]:
        raise SettingError(f"{odd[0]} cannot be dreamt.", remedy="Use multiples of 8.")
    if bad := [steps for steps in asked.steps if not 1 <= steps <= 8]:
        raise SettingError(f"{bad[0]} steps cannot be dreamt.", remedy="Use 1 to 8.")
    return asked


def measure(asked: Asked) -> Rows:
    """Return rows of name, value, unit and goal."""
    from endlessdreams_cam.engines.diffusion.bench import measure_host

    host = measure_host()
    rows: Rows = [
        ("dream beyond its nets, 720p → 512x512, p50", round(host.p50_ms, 2), "ms processor",
         f"≤ {_HOST_GOAL_MS}"),
        ("dream beyond its nets, p99", round(host.p99_ms, 2), "ms processor", ""),
        ("the same with feedback and match, p50", round(host.feedback_p50_ms, 2), "ms processor",
         ""),
        ("the stubs themselves (taken off above)", round(host.nets_ms, 2), "ms processor", ""),
    ]  # fmt: skip
    for row in _rows(asked):
        rows += _figures(row)
    return rows + (_looks() if asked.checker else [])


def _looks() -> Rows:
    from endlessdreams_cam.engines.diffusion.bench import measure_checker

    looks = measure_checker()
    return [
        ("safety checker, a look at 512x512", round(looks.look_ms, 1), "ms", ""),
        ("safety checker, dreams from look to look", looks.every, "dreams", ""),
        ("safety checker, a look shared by its dreams", round(looks.per_dream_ms, 2),
         "ms per dream", "≤ 1 on a GPU"),
        ("safety checker, the longest that a dream waits for it", round(looks.host_ms, 2),
         "ms processor", ""),
    ]  # fmt: skip


def _rows(asked: Asked) -> Iterator[Row]:
    from endlessdreams_cam.engines.diffusion.bench import load_nets, measure_path

    for name in asked.models:
        nets = load_nets(name, random=asked.random)
        on_gpu = nets.device.type == "cuda"
        for size in asked.sizes or (nets.best_size,):
            for steps in asked.steps:
                for path in asked.paths or (PATHS if on_gpu else ("eager",)):
                    yield measure_path(nets, size, steps, path, asked.frames)


def _figures(row: Row) -> Rows:
    what = f"{row.model} {row.size}, {row.steps} step{'s' * (row.steps > 1)}, {row.path}"
    return [
        (f"{what}, p50", round(row.p50_ms, 2), "ms", ""),
        (f"{what}, p99", round(row.p99_ms, 2), "ms", ""),
        (f"{what}", round(row.fps, 1), "dreams/s", ""),
        (f"{what}, GPU memory", round(row.memory_mb), "MB", ""),
        (f"{what}, floor", round(row.floor_ms, 3), "ms", ""),
        (f"{what}, times the floor", round(row.ratio, 2), "×", ""),
    ]
