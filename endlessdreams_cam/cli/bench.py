"""`endlessdreams-cam bench`: the figures of docs/performance.md, measured on this machine.

Every part starts a real show (null output, the rendered sitter as its source) and measures it from
outside: the program's slot, the workers' processor time and their shared memory.
"""

from __future__ import annotations

import itertools
import json
import os
import platform
import signal
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from endlessdreams_cam import clock
from endlessdreams_cam.cli.bench_diffusion import ASKED, Asked
from endlessdreams_cam.errors import DeviceMissing, SettingError
from endlessdreams_cam.frame import Size
from endlessdreams_cam.runtime.options import ShowOptions
from endlessdreams_cam.runtime.overview import Overview
from endlessdreams_cam.runtime.show import Show

_BASE = ShowOptions(source="sitter", outputs=("null",), sets={"auto.on": "off"}, midi="off")
_POLL_S = 0.1


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure: what, its value, its unit, and what is wanted of it."""

    name: str
    value: float
    unit: str
    goal: str = ""


def run_bench(
    parts: list[str], *, seconds: float, json_file: Path | None, diffusion: Asked = ASKED
) -> int:
    """Measure the parts (all when none is named), print a table and return 0."""
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        raise SettingError(
            f"There is no benchmark {unknown[0]!r}.", remedy=f"Parts: {', '.join(PARTS)}."
        )
    known = dict(PARTS)
    known["diffusion"] = partial(measure_diffusion, asked=diffusion)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # so that a show here is closed
    console = Console(highlight=False)
    console.print(f"[bold]{machine()}[/]")
    figures: list[Figure] = []
    for part in parts or list(PARTS):
        console.print(f"[dim]measuring {part} …[/]")
        try:
            figures += known[part](seconds)
        except DeviceMissing as error:
            console.print(f"[yellow]{part} left out: {error}[/]")
    table = Table("figure", "value", "goal", box=None, pad_edge=False)
    for figure in figures:
        table.add_row(figure.name, f"{figure.value:g} {figure.unit}", figure.goal)
    console.print(table)
    if json_file:
        document = {"machine": machine(), "figures": [asdict(figure) for figure in figures]}
        json_file.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    return 0


def machine() -> str:
    """Return the machine and the date, for the table's head."""
    cores = psutil.cpu_count(logical=True)
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{date.today().isoformat()}, {_processor()}, {cores} cores, {memory:.0f} GB, "
        f"{platform.system()}, Python {platform.python_version()}"
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


@contextmanager
def _on_air(options: ShowOptions, *, warm_s: float = 5.0) -> Iterator[Show]:
    """A show that has dreamt for a while."""
    show = Show(options, begun_ns=clock.now_ns())
    show.open()
    try:
        while not show.overview().output.first_dream_ns:
            _go_on(show, _POLL_S)
        _go_on(show, warm_s)
        yield show
    finally:
        show.close()


def _go_on(show: Show, duration_s: float) -> None:
    until = clock.now_ns() + clock.to_ns(duration_s)
    while clock.now_ns() < until:
        time.sleep(_POLL_S)
        show.poll()


def measure_start(_seconds: float) -> list[Figure]:
    """Measure how soon a fresh process shows its first frame and its first dream."""
    import subprocess
    import sys
    import tempfile

    frames, dreams = [], []
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        for _ in range(3):
            subprocess.run(
                [sys.executable, "-m", "endlessdreams_cam", "run", "--source", "sitter",
                 "--output", "null", "--headless", "--seconds", "5", "--report", str(report)],
                check=True, stdout=subprocess.DEVNULL,
                env={**os.environ, "ENDLESSDREAMS_RUNTIME": folder},
            )  # fmt: skip
            found = json.loads(report.read_text())
            frames.append(found["first_frame_ms"])
            dreams.append(found["first_dream_ms"])
    return [
        Figure("first program frame (median of 3)", statistics.median(frames), "ms", "≤ 1000"),
        Figure("first dream (median of 3)", statistics.median(dreams), "ms", "≤ 3000"),
    ]


def measure_program(seconds: float) -> list[Figure]:
    """Measure the program's pace and cost with the engine at full load beside it."""
    with _on_air(replace(_BASE, sets={**_BASE.sets, "dream.rate": "120"})) as show:
        before, began = _cpu(show), clock.now_ns()
        first = show.overview()
        _go_on(show, seconds)
        spent = clock.seconds(clock.now_ns() - began)
        last, after = show.overview(), _cpu(show)
        memory = _pss_mb(show)
    output = last.output
    return [
        Figure("program at 1280x720", _fps(first, last, spent), "fps", "30.00 ± 0.02"),
        Figure("program, overall", output.fps_overall, "fps", "30.00 ± 0.02"),
        Figure("interval p99", output.interval_ms.p99, "ms", "≤ 40"),
        Figure("interval, longest", output.interval_ms.max, "ms", "≤ 100"),
        Figure("late ticks", output.late, ""),
        Figure("scenes at full load, 720p source", _dreams(first, last, spent), "dreams/s", "≥ 24"),
        Figure("scenes' size (width)", float(last.engine.size.partition("x")[0]), "px", "≥ 512"),
        Figure("render p50", last.engine.render_ms.p50, "ms"),
        Figure("render p99", last.engine.render_ms.p99, "ms"),
        Figure("age, capture to program p50", output.age_ms.p50, "ms"),
        Figure("main", _share(before, after, "main", spent), "% of a core", "≤ 5"),
        Figure("whole program (PSS)", round(memory, 0), "MB", "≤ 600"),
    ]


def measure_output(seconds: float) -> list[Figure]:
    """Measure the output worker's cost at rest and with the view moving."""
    figures = []
    moving = {"drift.zoom": "0.05", "view.rotate": "8", "view.zoom": "1.2"}
    still = {"drift.zoom": "0"}
    for name, sets, goal in (("at rest", still, "≤ 12"), ("view moving", moving, "≤ 30")):
        with _on_air(replace(_BASE, sets={**_BASE.sets, **sets}), warm_s=3) as show:
            before, began = _cpu(show), clock.now_ns()
            _go_on(show, max(seconds / 4, 5))
            spent = clock.seconds(clock.now_ns() - began)
            share = _share(before, _cpu(show), "output", spent)
        figures.append(Figure(f"output worker, {name}", share, "% of a core", goal))
    return figures


def measure_sixty(seconds: float) -> list[Figure]:
    """Measure a program of 60 frames per second."""
    with _on_air(replace(_BASE, fps=60.0)) as show:
        first, began = show.overview(), clock.now_ns()
        _go_on(show, max(seconds / 4, 5))
        last, spent = show.overview(), clock.seconds(clock.now_ns() - began)
    return [
        Figure("program asked for 60", _fps(first, last, spent), "fps", "60"),
        Figure("its interval p99", last.output.interval_ms.p99, "ms"),
    ]


def measure_knob(_seconds: float) -> list[Figure]:
    """Measure how many program frames after a parameter is set in main its effect is seen."""
    frames = []
    # Only the knob may change the picture's mean light: the dream is held.
    with _on_air(_BASE, warm_s=2) as show:
        show.desk.cut("hold", origin="bench")
        _go_on(show, 1.5)
        slot = show.stage.program_slot
        for n in range(20):
            _go_on(show, 0.3)
            before = slot.read()
            assert before is not None
            light = float(before.pixels.mean())
            at = slot.sequence
            target = 0.4 if n % 2 == 0 else 0.0
            show.store.set("look.brightness", target, origin="bench", glide_s=0.0)
            while (now := slot.read(after=before.sequence)) is None or (
                abs(float(now.pixels.mean()) - light) < 10
            ):
                time.sleep(0.002)
            frames.append(now.sequence - at)
    return [
        Figure("knob to program, median", statistics.median(frames), "frames", "≤ 2"),
        Figure("knob to program, worst of 20", max(frames), "frames", "≤ 2"),
    ]


def measure_takeover(_seconds: float) -> list[Figure]:
    """Measure the gap in the program when the output worker is killed."""
    gaps = []
    with _on_air(_BASE, warm_s=3) as show:
        slot = show.stage.program_slot
        for _ in range(5):
            _go_on(show, 4)
            pid, before = show.stage.output.pid, slot.sequence
            assert pid is not None
            times = []
            os.kill(pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
            until = clock.now_ns() + 2 * clock.SECOND_NS
            last = before
            times.append(clock.now_ns())
            while clock.now_ns() < until:
                if slot.sequence != last:
                    last = slot.sequence
                    times.append(clock.now_ns())
                time.sleep(0.001)
            gaps.append(max(b - a for a, b in itertools.pairwise(times)) / 1e6)
    return [
        Figure(
            "cut over to the standby, median of 5", round(statistics.median(gaps)), "ms", "≤ 250"
        ),
        Figure("cut over to the standby, worst", round(max(gaps)), "ms", "≤ 250"),
    ]


def measure_path(seconds: float) -> list[Figure]:
    """Measure what the way from the camera to the virtual camera adds to the render itself."""
    # The sitter would count the time that it takes to paint itself as the camera's.
    with _on_air(replace(_BASE, source="pattern")) as show:
        _go_on(show, max(seconds / 4, 5))
        last = show.overview()
    age, render = last.output.age_ms, last.engine.render_ms
    goal = f"≤ {1000 / _BASE.fps + 5:.1f}"
    return [
        Figure("age, capture to program p50", age.p50, "ms"),
        Figure("age, capture to program p99", age.p99, "ms"),
        Figure("its part beyond the render, p50", round(age.p50 - render.p50, 1), "ms", goal),
    ]


def measure_midi(seconds: float) -> list[Figure]:
    """Measure how a controller's message becomes a picture, and what a flood of them costs."""
    from endlessdreams_cam.cli import bench_midi

    with _on_air(replace(_BASE, midi="real"), warm_s=3) as show:
        return [Figure(*row) for row in bench_midi.measure(show, _go_on, seconds)]


def measure_panel(seconds: float) -> list[Figure]:
    """Measure how soon a page can play, how a drag becomes a picture, and what a page costs."""
    from endlessdreams_cam.cli import bench_panel

    rows = bench_panel.measure_start()
    with _on_air(_BASE, warm_s=3) as show:
        rows += bench_panel.measure(show, _go_on, seconds)
    return [Figure(*row) for row in rows]


def measure_obs(seconds: float) -> list[Figure]:
    """Measure how late the OBS that is connected shows the program, and the program's pace then."""
    from endlessdreams_cam.cli import bench_obs

    bench_obs.check()
    with _on_air(replace(_BASE, source="pattern"), warm_s=3) as show:
        rows = bench_obs.measure(show, _go_on, seconds)
    return [Figure(*row) for row in rows]


def measure_memory(seconds: float) -> list[Figure]:
    """Measure the growth of memory over many frames, unpaced and small: leaks count per frame."""
    small = replace(_BASE, unpaced=True, size=Size(320, 180), dream_size=Size(160, 90))
    with _on_air(small, warm_s=2) as show:
        while not _warm(show.overview()):
            _go_on(show, 0.5)
        rows: list[tuple[int, float]] = []
        until = clock.now_ns() + clock.to_ns(seconds)
        while clock.now_ns() < until:
            rows.append((show.overview().output.frames, _private_mb(show)))
            _go_on(show, 1.0)
    slope = _slope(rows)
    # What other programs share with this one comes and goes with them: it is not counted.
    return [
        Figure("frames measured, unpaced", rows[-1][0] - rows[0][0], "frames"),
        Figure("growth of private memory", round(slope * 1e6, 1), "MB per million frames", "< 5"),
        Figure("private memory, end less start", round(rows[-1][1] - rows[0][1], 1), "MB"),
    ]


def _warm(now: Overview) -> bool:
    """Whether all that is made once is made: 5,000 frames may pass before a world has gone round.

    Allocators grow with the first hundreds of dreams, and then no more.
    """
    return now.output.frames >= 5_000 and now.engine.frames >= 1_000


def measure_scenes(_seconds: float) -> list[Figure]:
    """Measure each painted world with the sitter in it, on one thread, at two sizes."""
    import cv2

    from endlessdreams_cam.cli.sheet import film, sitting
    from endlessdreams_cam.engines.scenes.catalogue import SCENES
    from endlessdreams_cam.engines.scenes.mood import Mood

    cv2.setNumThreads(1)
    figures = []
    for name in SCENES:
        for size in (Size(512, 288), Size(640, 360)):
            _, alone = film(name, Mood(3, 20.0), size, [4.0])
            _, cost = film(name, Mood(3, 20.0), size, [4.0], sitting())
            figures.append(Figure(f"{name} {size}, with a person", round(cost, 1), "ms", "≤ 13"))
            figures.append(Figure(f"{name} {size}, alone", round(alone, 1), "ms", "≤ 10"))
    return figures


def measure_diffusion(_seconds: float, asked: Asked = ASKED) -> list[Figure]:
    """Measure what a dream of Stable Diffusion's nets costs, without them and with them."""
    from endlessdreams_cam.cli import bench_diffusion

    return [Figure(*row) for row in bench_diffusion.measure(asked)]


PARTS: dict[str, Callable[[float], list[Figure]]] = {
    "start": measure_start,
    "program": measure_program,
    "output": measure_output,
    "sixty": measure_sixty,
    "knob": measure_knob,
    "takeover": measure_takeover,
    "path": measure_path,
    "midi": measure_midi,
    "panel": measure_panel,
    "obs": measure_obs,
    "memory": measure_memory,
    "scenes": measure_scenes,
    "diffusion": measure_diffusion,
}


def _cpu(show: Show) -> dict[str, float]:
    return {row.name: row.cpu_s for row in show.overview(with_processes=True).workers}


def _share(before: dict[str, float], after: dict[str, float], name: str, spent_s: float) -> float:
    return round(100 * (after[name] - before[name]) / spent_s, 1)


def _fps(first: Overview, last: Overview, spent_s: float) -> float:
    return round((last.output.frames - first.output.frames) / spent_s, 2)


def _dreams(first: Overview, last: Overview, spent_s: float) -> float:
    return round((last.engine.frames - first.engine.frames) / spent_s, 1)


def _pss_mb(show: Show) -> float:
    """Return the whole program's memory, what is shared counted once (PSS; RSS elsewhere)."""
    return sum(getattr(memory, "pss", memory.rss) for memory in _memories(show)) / 2**20


def _private_mb(show: Show) -> float:
    """Return the memory that the program's processes have for themselves alone (USS)."""
    return sum(memory.uss for memory in _memories(show)) / 2**20


def _memories(show: Show) -> Iterator[Any]:
    for row in show.overview(with_processes=True).workers:
        with suppress(psutil.Error):
            yield psutil.Process(row.pid).memory_full_info()


def _slope(rows: list[tuple[int, float]]) -> float:
    """Return the least-squares slope of memory over frames."""
    mean_x = statistics.mean(x for x, _ in rows)
    mean_y = statistics.mean(y for _, y in rows)
    spread = sum((x - mean_x) ** 2 for x, _ in rows)
    return sum((x - mean_x) * (y - mean_y) for x, y in rows) / spread if spread else 0.0
