"""`endlessdreams-cam run`: a show in this terminal."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import webbrowser
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from endlessdreams_cam import clock
from endlessdreams_cam.cli.keys import Keys
from endlessdreams_cam.cli.screen import Screen
from endlessdreams_cam.errors import SettingError
from endlessdreams_cam.runtime import report
from endlessdreams_cam.runtime.options import ShowOptions, parse_obs, parse_osc, parse_size
from endlessdreams_cam.runtime.show import Show
from endlessdreams_cam.runtime.telling import tell_warnings
from endlessdreams_cam.sinks import parse_output
from endlessdreams_cam.sinks.virtualcam import list_devices
from endlessdreams_cam.sinks.window import has_display
from endlessdreams_cam.sources import default_source
from endlessdreams_cam.web import Panel, parse_panel

_POLL_S = 0.1
_SCREEN_NS = 500 * clock.MILLISECOND_NS
_REPORT_NS = 5 * clock.SECOND_NS


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The options as a person wrote them."""

    preset: str | None
    setlist: Path | None
    source: str | None
    layer: str
    engine: str
    size: str
    fps: float
    device: str | None
    dream_size: str | None
    outputs: tuple[str, ...]
    sets: tuple[str, ...]
    seconds: float | None
    report: Path | None
    headless: bool
    unpaced: bool
    midi: str = "real"
    osc: str | None = None
    obs: str = "auto"
    model: str | None = None
    panel: str = "off"
    panel_cert: Path | None = None
    panel_key: Path | None = None
    open_panel: bool = False


def options(asked: Asked) -> ShowOptions:
    """Return what was asked, checked; raises SettingError."""
    sets = {}
    for text in asked.sets:
        name, equals, value = text.partition("=")
        if not equals:
            raise SettingError(f"--set {text!r} has no value.", remedy="Write --set NAME=VALUE.")
        sets[name.strip()] = value
    outputs = asked.outputs or default_outputs()
    for words in outputs:
        parse_output(words)
    if asked.unpaced and outputs != ("null",):
        raise SettingError("--unpaced needs --output null.", remedy="Nobody could watch it.")
    return ShowOptions(
        preset=asked.preset,
        setlist=asked.setlist,
        source=default_source() if asked.source is None else asked.source,
        layer=asked.layer,
        engine=asked.engine,
        model=asked.model,
        size=parse_size(asked.size, name="--size"),
        fps=asked.fps,
        device=asked.device,
        dream_size=parse_size(asked.dream_size, name="--dream-size") if asked.dream_size else None,
        outputs=outputs,
        sets=sets,
        unpaced=asked.unpaced,
        midi=asked.midi,
        osc=parse_osc(asked.osc) if asked.osc else None,
        obs=parse_obs(asked.obs),
        report=asked.report,
    )


def default_outputs() -> tuple[str, ...]:
    """Return the virtual camera; where there is none yet but a display, a window beside it."""
    seen = list_devices(with_holders=False) or not has_display()
    return ("virtualcam",) if seen else ("virtualcam", "window")


def run_show(asked: Asked, *, begun_ns: int) -> int:
    """Run a show until it is ended or --seconds are over; return the exit code."""
    wanted = options(asked)
    where = parse_panel(asked.panel, certificate=asked.panel_cert, key=asked.panel_key)
    if asked.report:
        report.write(asked.report, {})  # a folder that cannot be written is said now, not after
    ending = threading.Event()
    hung_up = threading.Event()
    _end_on_signals(ending, hung_up)
    show = Show(wanted, begun_ns=begun_ns or None)
    tell_warnings(lambda text: show.note("main", text))
    show.open()
    panel = Panel(show, where) if where else None
    try:
        if panel:
            _open_panel(panel, asked)
        screen = Screen(live=not asked.headless, has_keys=Keys.can_be_read())
        keys = Keys(show.desk, ending.set, screen.say)
        with screen.open(), keys.reading():
            _keep_going(show, screen, asked, ending)
        screen.farewell(show.overview())
    except OSError:
        if not hung_up.is_set():
            raise
    finally:
        if asked.report:
            _write(show, asked.report)
        if panel:
            panel.close()
        show.close()
        if hung_up.is_set():
            _let_go_of_terminal()
    return 0


def _open_panel(panel: Panel, asked: Asked) -> None:
    """Serve the panel, and show it in the browser if that was asked for."""
    row = panel.open()
    if asked.open_panel and row.url:
        link = f"{row.url}/#{row.token}"
        threading.Thread(target=webbrowser.open, args=(link,), daemon=True).start()


def _keep_going(show: Show, screen: Screen, asked: Asked, ending: threading.Event) -> None:
    now = clock.now_ns()
    end_ns = now + clock.to_ns(asked.seconds) if asked.seconds is not None else None
    screen_ns, report_ns = now, now + _REPORT_NS
    while not ending.wait(_POLL_S):
        now = clock.now_ns()
        _poll(show)
        if now >= screen_ns or not screen.introduced:
            screen_ns = now + _SCREEN_NS
            screen.update(show.overview())
        if asked.report and now >= report_ns:
            report_ns = now + _REPORT_NS
            _write(show, asked.report)
        if end_ns and now >= end_ns:
            break
    screen.update(show.overview(), last=True)


def _poll(show: Show) -> None:
    try:
        show.poll()
    except Exception as error:  # the top of main: its own faults do not end the program
        show.note("main", f"{type(error).__name__}: {error}")


def _write(show: Show, path: Path) -> None:
    try:
        report.write(path, report.build(show.overview(with_processes=True), show.parameters()))
    except SettingError as error:
        show.note("report", str(error))  # a full disk must not end the show


def _end_on_signals(ending: threading.Event, hung_up: threading.Event) -> None:
    def end(number: int, _frame: FrameType | None) -> None:
        if number == getattr(signal, "SIGHUP", None):
            hung_up.set()
        ending.set()

    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), end)


def _let_go_of_terminal() -> None:
    """The terminal has gone: nothing may be written to it any more, at exit neither."""
    with contextlib.suppress(OSError):
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (sys.stdout, sys.stderr):
            os.dup2(nothing, stream.fileno())
