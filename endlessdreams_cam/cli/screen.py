"""What a person sees in the terminal: the first lines, then a calm live status."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator

from rich.console import Console, Group
from rich.live import Live
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from endlessdreams_cam import clock
from endlessdreams_cam.runtime.overview import ControlRow, ObsRow, Overview, WaitRow
from endlessdreams_cam.runtime.statuses import State, ViewerStatus

_SETTLING_S = 2.0
"""How long the first lines wait for the source and the dream, once something is on air."""
_FEWEST_DREAMS = 8
"""How many dreams tell their rate: the first two may follow at once."""
_KEYS = "Keys: 1-8 dreams · space hold · s slate · d dream · r new seed · n next · ? more · q quit"
_STEER = "Steer it from another terminal: endlessdreams-cam send --help"
_SAID_NS = 8 * clock.SECOND_NS
_NOTED_NS = 60 * clock.SECOND_NS
"""So long words stay, and an error that does not come again."""


class Screen:
    """Shows a show in the terminal; with live off it prints the first lines and troubles only.

    has_keys: whether the terminal's keys play.
    """

    def __init__(
        self,
        *,
        live: bool,
        has_keys: bool,
        console: Console | None = None,
        now: Callable[[], int] = clock.now_ns,
    ) -> None:
        self._has_keys = has_keys
        self._console = console or Console(highlight=False)
        self._now = now
        self._is_live = live and self._console.is_terminal and not self._console.is_dumb_terminal
        self._live: Live | None = None
        self._lines: list[str] = []
        self._size = self._console.size
        self._said, self._said_ns = "", 0
        self._noted, self._noted_ns = (0, 0), 0
        self._told: dict[int, tuple[int, int]] = {}
        self._on_air_s: float | None = None
        self._introduced = False
        self._camera: str | None = None
        self._unseen = ""

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
            Text(""), console=self._console, auto_refresh=False, transient=True,
            vertical_overflow="crop",
        ) as live:  # fmt: skip
            self._live = live
            yield
            self._live = None

    def say(self, text: str) -> None:
        """Show some words until the next ones, for eight seconds."""
        self._said, self._said_ns = text, self._now()

    def farewell(self, overview: Overview) -> None:
        """Print what there is to know at the end."""
        if self._on_air_s is None:
            return
        output = overview.output
        spent_s = round(clock.seconds(output.last_frame_ns - output.first_frame_ns))
        self._print(f"Off air after {spent_s // 60}:{spent_s % 60:02}, {output.frames} frames.")
        for viewer in overview.viewers:
            if viewer.file:
                self._print(f"Recorded: {escape(viewer.file)}")

    def update(self, overview: Overview, *, last: bool = False) -> None:
        """Show the present state; the last time, all that was not said yet."""
        self._begin(overview, last)
        if self._live:
            self._follow_size()
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
            self._print_camera(label, overview)
        elif label != self._camera:
            self._print_camera(label, overview)
        waited_s = overview.uptime_s - self._on_air_s
        if not self._introduced and (last or _is_known(overview) or waited_s > _SETTLING_S):
            self._introduced = True
            self._print(f"You: {escape(_you(overview))}   Dream: {escape(_dream(overview))}")
            if overview.source_words.startswith("camera"):
                self._print(
                    "Your camera is live. To turn it off: endlessdreams-cam send source=none"
                )
            if overview.panel and overview.panel.url:
                link = escape(f"{overview.panel.url}/#{overview.panel.token}")
                self._print(f"Play it in the browser: [cyan]{link}[/]")
            self._print(f"[dim]{_KEYS if self._has_keys else _STEER}[/]")

    def _print_camera(self, label: str, overview: Overview) -> None:
        """Print which camera to choose, or why there is none and what to do."""
        self._camera, trouble = label, overview.output.trouble
        if label and "null" not in label:
            self._print(f"Choose this camera in OBS, Zoom, Meet: [bold cyan]{escape(label)}[/]")
        elif not label:
            self._unseen = f"{trouble.cause} {trouble.remedy}".strip()
            self._print(f"[yellow]Other programs cannot see it yet. {escape(trouble.cause)}[/]")
            self._print(f"[yellow]{escape(trouble.remedy)}[/]")

    def _print(self, text: str) -> None:
        self._lines.append(text)
        self._console.print(text, soft_wrap=True)

    def _follow_size(self) -> None:
        """Draw all anew in a terminal of another size: what was drawn is wrapped elsewhere now."""
        if self._console.size == self._size:
            return
        self._size = self._console.size
        self._console.clear()
        for line in self._lines:
            self._console.print(line, soft_wrap=True)

    def _print_news(self, overview: Overview) -> None:
        """Print errors that are new, and each again when it has not been told for a minute."""
        now = self._now()
        for row in overview.errors:
            known = self._told.get(row.number)
            if known is None or (row.times > known[0] and now - known[1] > _NOTED_NS):
                self._told[row.number] = (row.times, now)
                if row.text != self._unseen:
                    self._print(f"[yellow]{row.worker}:[/] {escape(row.text)}")

    def _note(self, overview: Overview) -> list[tuple[str, str]]:
        """Return the row of the newest error, for a minute after it came last."""
        row = next((r for r in reversed(overview.errors) if r.text != self._unseen), None)
        if row is None:
            return []
        if self._noted != (row.number, row.times):
            self._noted, self._noted_ns = (row.number, row.times), self._now()
        if self._now() - self._noted_ns > _NOTED_NS:
            return []
        times = f" ({row.times}×)" if row.times > 1 else ""
        return [("note", f"[yellow]{escape(f'{row.worker}: {row.text}')}[/]{times}")]

    def _picture(self, overview: Overview) -> Group:
        table = Table.grid(padding=(0, 2))
        table.add_column(style="dim", justify="right")
        table.add_column()
        for name, value in (*_rows(overview), *self._note(overview)):
            table.add_row(name, value)
        said = self._words()
        if table.row_count + len(said) + 2 > self._size.height:
            return Group(*said, table)  # what does not fit is cut off below
        return Group(Text(""), table, *said)

    def _words(self) -> list[Text]:
        if self._now() - self._said_ns > _SAID_NS:
            return []
        return [Text(line, style="cyan") for line in self._said.splitlines()]


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
        ("hands", _hands(overview)),
    ]
    rows[1:1] = _order(overview)
    rows += _obs(overview.obs)
    rows += [("record", _recording(viewer)) for viewer in overview.viewers if viewer.file]
    rows += _engines(overview)
    rows += [("words", f"[dim]{escape(note)}[/]") for note in engine.notes[:1]]
    return rows


def _engines(overview: Overview) -> list[tuple[str, str]]:
    """Return what is known of the engines: what gets ready, how the present one runs, and why."""
    coming, engine = overview.preparing, overview.engine
    rows = []
    if overview.rehearsed:
        rows.append(("fault", f"[yellow]rehearsed: {overview.rehearsed}[/]"))
    if coming and coming.frames == 0 and coming.engine:
        done = f"{100 * coming.progress:.0f} %" if coming.doing else ""
        what = f"{escape(coming.engine)} {escape(coming.model)}".strip()
        rows.append(("coming", f"{what}   [dim]{escape(coming.doing)}[/] {done}"))
    if overview.traded:
        rows.append(("governor", escape(overview.traded)))
    if engine.way:
        rows.append(("engine", f"{escape(engine.model)}   [dim]{escape(engine.way)}[/]"))
    if overview.engine_why and not coming:
        rows.append(("engine", f"[dim]{escape(overview.engine_why)}[/]"))
    return rows


def _recording(viewer: ViewerStatus) -> str:
    if viewer.state is not State.LIVE:
        return f"[yellow]stopped[/]   {escape(viewer.file)}"
    return f"[bold red]●[/] {escape(viewer.file)}"


def _order(overview: Overview) -> list[tuple[str, str]]:
    """Return the rows about presets: what waits, the note, the place in the setlist, the locks."""
    order, rows = overview.order, []
    if order.songs:
        place, note = f"{order.at} of {order.songs}", f"{escape(order.note)}   " * bool(order.note)
        rows.append(("setlist", f"{place}   {note}[dim]then[/] {escape(order.next)}"))
    if overview.waiting:
        rows.append(("next", "   ".join(_waits(row) for row in overview.waiting)))
    if overview.locks:
        rows.append(("locked", escape(", ".join(overview.locks))))
    return rows


def _obs(row: ObsRow) -> list[tuple[str, str]]:
    """Return what OBS does, or why it cannot be asked; nothing where nobody wants it."""
    if row.phase == "off":
        return []
    if row.phase != "connected":
        colour = "dim" if row.phase in ("absent", "connecting") else "yellow"
        return [("obs", f"[{colour}]{escape(row.cause or str(row.phase))}[/]")]
    goes = ["our scene" if row.ours else "another scene [dim](shown)[/]" if row.shown
            else "another scene"]  # fmt: skip
    if row.streaming:
        goes.append(f"[bold red]● streaming[/] {_clock(row.stream_s)}")
    if row.recording:
        goes.append(f"{'paused' if row.paused else 'recording'} {_clock(row.record_s)}")
    goes += ["camera on"] * bool(row.camera) + ["studio mode"] * row.studio
    return [("obs", "   ".join(goes))]


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def _waits(row: WaitRow) -> str:
    if row.on == "obs":
        return f"[bold yellow]{escape(row.what)}[/] on OBS's transition"
    left = math.ceil(row.beats)
    return f"[bold yellow]{escape(row.what)}[/] in {left} beat{'' if left == 1 else 's'}"


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


def _hands(overview: Overview) -> str:
    controls = overview.controls
    found = [_controller(row) for row in controls.rows]
    if controls.osc:
        found.append(f"OSC {controls.osc}")
    if not found:
        return f"[dim]{escape(controls.problem) or 'no controller'}[/]"
    return "   ".join(found)


def _controller(row: ControlRow) -> str:
    if not row.connected:
        return f"[yellow]{escape(row.name)} unplugged[/]"
    if not row.waiting:
        return escape(row.name)
    more = f" +{len(row.waiting) - 1}" if len(row.waiting) > 1 else ""
    return f"{escape(row.name)} [dim]pick up[/] {escape(row.waiting[0])}{more}"


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
