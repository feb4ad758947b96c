"""What a person sees in the terminal: the first lines, then a calm live status."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

from rich.console import Console, Group
from rich.live import Live
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from endlessdreams_cam.runtime.overview import Overview
from endlessdreams_cam.runtime.show import Show
from endlessdreams_cam.runtime.statuses import State

_SETTLING_S = 2.0
"""How long the first lines wait for the source and the dream, once something is on air."""
_FEWEST_DREAMS = 8
"""How many dreams tell their rate: the first two may follow at once."""
_KEYS = "Keys: 1-8 dreams · space hold · s slate · d dream · r new seed · n next · ? more · q quit"
_UNSEEN = {
    "linux": "No virtual camera on this machine yet. To be seen in OBS and Zoom: "
    'sudo modprobe v4l2loopback video_nr=10 card_label="EndlessDreams Cam" exclusive_caps=1',
    "darwin": "No virtual camera yet. To be seen in Zoom and Meet: install OBS 30 or newer, "
    "start its virtual camera once and stop it.",
    "win32": "No virtual camera yet. To be seen in OBS and Zoom: install Unity Capture, "
    "or OBS for its virtual camera.",
}


class Screen:
    """Shows a show in the terminal; with live off it prints the first lines and troubles only."""

    def __init__(self, show: Show, *, live: bool) -> None:
        self._show = show
        self._console = Console(highlight=False)
        self._is_live = live and self._console.is_terminal
        self._live: Live | None = None
        self._said = ""
        self._errors = 0
        self._on_air_s: float | None = None
        self._introduced = False
        self._camera: str | None = None

    @property
    def introduced(self) -> bool:
        """Whether the first lines are all there."""
        return self._introduced

    @contextlib.contextmanager
    def open(self) -> Iterator[None]:
        """Draw within this context."""
        if not self._is_live:
            yield
            return
        with Live(
            Text(""), console=self._console, auto_refresh=False, transient=False,
            vertical_overflow="crop",
        ) as live:  # fmt: skip
            self._live = live
            yield
            self._live = None

    def say(self, text: str) -> None:
        """Show some words until the next ones."""
        self._said = text

    def update(self, overview: Overview, *, last: bool = False) -> None:
        """Show the present state; the last time, all that was not said yet."""
        self._begin(overview, last)
        if self._live:
            self._live.update(self._picture(overview), refresh=True)
        else:
            self._print_news(overview)

    def _begin(self, overview: Overview, last: bool) -> None:
        """Print the first lines, once something is on air; again when the camera appears."""
        if overview.output.state is State.STARTING or not overview.output.frames:
            return
        label = overview.output.label if overview.output.state is State.LIVE else ""
        if self._on_air_s is None:
            self._on_air_s = overview.uptime_s
            self._print("[bold]EndlessDreams Cam is on air.[/]")
            self._print_camera(label)
        elif label != self._camera:
            self._print_camera(label)
        waited_s = overview.uptime_s - self._on_air_s
        if not self._introduced and (last or _is_known(overview) or waited_s > _SETTLING_S):
            self._introduced = True
            self._print(f"You: {escape(_you(overview))}   Dream: {escape(_dream(overview))}")
            self._print(f"[dim]{_KEYS}[/]")

    def _print_camera(self, label: str) -> None:
        self._camera = label
        if label and "null" not in label:
            self._print(f"Choose this camera in OBS, Zoom, Meet: [bold cyan]{escape(label)}[/]")
        elif not label:
            self._print(f"[yellow]{escape(_UNSEEN.get(sys.platform, _UNSEEN['linux']))}[/]")

    def _print(self, text: str) -> None:
        self._console.print(text, soft_wrap=True)

    def _print_news(self, overview: Overview) -> None:
        for row in overview.errors[self._errors :]:
            self._print(f"[yellow]{row.worker}:[/] {escape(row.text)}")
        self._errors = len(overview.errors)

    def _picture(self, overview: Overview) -> Group:
        table = Table.grid(padding=(0, 2))
        table.add_column(style="dim", justify="right")
        table.add_column()
        for name, value in _rows(overview):
            table.add_row(name, value)
        said = [Text(line, style="cyan") for line in self._said.splitlines()]
        return Group(Text(""), table, *said)


def _is_known(overview: Overview) -> bool:
    """Whether the source and the dream have both begun, so that a line can tell of them."""
    source = overview.source
    dreams = overview.engine.frames >= _FEWEST_DREAMS
    return dreams and (source is None or source.state is not State.STARTING)


def _rows(overview: Overview) -> list[tuple[str, str]]:
    output, engine = overview.output, overview.engine
    rows = [
        (
            "on air",
            f"{_on_air(overview)}   [dim]preset[/] {escape(overview.preset)}{_pilot(overview)}",
        ),
        (
            "program",
            f"{output.fps:5.2f} fps   [dim]age[/] {_age(overview)}   "
            f"[dim]held[/] {output.held}  [dim]late[/] {output.late}",
        ),
        (
            "dream",
            f"{engine.fps:4.1f} per second   {escape(engine.engine)} {engine.size}   "
            f"[dim]render[/] {engine.render_ms.p50:g} / {engine.render_ms.p99:g} ms",
        ),
        ("you", escape(_you(overview))),
        ("camera", escape(f"{output.label} {output.device}".strip()) or "[yellow]none yet[/]"),
    ]
    if overview.errors:
        last = overview.errors[-1]
        times = f" ({last.times}×)" if last.times > 1 else ""
        rows.append(("note", f"[yellow]{escape(f'{last.worker}: {last.text}')}[/]{times}"))
    return rows


def _on_air(overview: Overview) -> str:
    shown = overview.output.shown or "starting"
    if overview.latched:
        return "[bold red]PANIC[/] slate (d ends it)"
    if overview.cut == "hold":
        minutes, seconds = divmod(int(overview.held_s), 60)
        return f"[bold yellow]HELD {minutes}:{seconds:02}[/]"
    if shown != overview.cut:
        return f"[bold yellow]{shown}[/] [dim]({overview.cut} was asked)[/]"
    return f"[bold green]{shown}[/]"


def _pilot(overview: Overview) -> str:
    if not overview.autopilot:
        return ""
    return (
        f"   [dim]autopilot rests {overview.rest_s:.0f} s[/]"
        if overview.rest_s
        else "   [dim]autopilot[/]"
    )


def _age(overview: Overview) -> str:
    age = overview.output.age_recent_ms
    return f"{age.p50:.0f} / {age.p99:.0f} ms" if age.p50 else "–"


def _dream(overview: Overview) -> str:
    engine = overview.engine
    if engine.frames < _FEWEST_DREAMS:
        return engine.engine or "starting"
    return f"{engine.engine}, {engine.fps:.0f} per second"


def _you(overview: Overview) -> str:
    source = overview.source
    if source is None:
        return "no camera"
    state = "" if source.state is State.LIVE else f" ({source.state})"
    return f"{source.label or overview.source_words}{state}"
