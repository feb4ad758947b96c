"""`endlessdreams-cam midi`: the controllers, and what they send."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from endlessdreams_cam import clock
from endlessdreams_cam.bindings import Event, Gesture
from endlessdreams_cam.cli.draw_controllers import draw_all
from endlessdreams_cam.controllers.device import DeviceRow
from endlessdreams_cam.controllers.lights import Lit, message
from endlessdreams_cam.controllers.midi_clock import Heard
from endlessdreams_cam.controllers.ports import MidiSystem
from endlessdreams_cam.controllers.profile import Profile
from endlessdreams_cam.controllers.profiles import load_profiles
from endlessdreams_cam.controllers.rack import Rack
from endlessdreams_cam.errors import DeviceMissing
from endlessdreams_cam.settings import profile_folder

_PAUSE_S = 0.5  # how long Ctrl-C may wait on Windows
_NONE = "No controller is plugged in. Plug one in: it is found within a second."


def print_controllers() -> None:
    """Print a table of the controllers; raises DeviceMissing where there is no MIDI."""
    rack = make_rack(threading.Event())
    try:
        rack.scan()
        rows = rack.devices()
    finally:
        rack.close()
    refuse(rack.ports)
    console = Console(highlight=False)
    if not rows:
        console.print(_NONE)
        return
    table = Table("name", "profile", "port", "lights", "", box=None, pad_edge=False)
    for row in rows:
        state = "[green]connected[/]" if row.connected else f"[red]{escape(row.trouble)}[/]"
        lights = escape(row.output) or "none"
        port = escape(row.port)
        table.add_row(escape(row.name), escape(row.profile.title), port, lights, state)
    console.print(table)


def monitor(seconds: float | None) -> None:
    """Print a line for everything that controllers send, until Ctrl-C or for so many seconds.

    Values that come faster than they are printed are drawn together, as in a show.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)  # the ports are closed first
    woken = threading.Event()
    begun_ns = clock.now_ns()
    rack = make_rack(woken)
    watch = Watch(begun_ns)
    with rack, contextlib.suppress(KeyboardInterrupt):
        while seconds is None or clock.now_ns() < begun_ns + clock.to_ns(seconds):
            woken.wait(_PAUSE_S if seconds is None else min(_PAUSE_S, seconds))
            woken.clear()
            news = watch.look(rack.ports, rack.devices())
            for text in (*news, *watch.tell(rack.drain(), rack.heard())):
                print(text, flush=True)


def print_profiles(draw: Path | None) -> None:
    """Print the profiles, and with `draw` write a picture of each known controller's layout."""
    folder = profile_folder()
    profiles = load_profiles(folder, tell=lambda text: print(text, file=sys.stderr))
    table = Table("name", "controller", "controls", "", box=None, pad_edge=False)
    for profile in profiles:
        own = "yours" if (folder / f"{profile.name}.toml").is_file() else ""
        controls = len({control.name for control in profile.controls})
        table.add_row(escape(profile.name), escape(profile.title), str(controls), own)
    console = Console(highlight=False)
    console.print(table)
    console.print(f"Your own: copy one into {escape(str(folder))} and change it.", soft_wrap=True)
    if draw:
        for file in draw_all(draw, (profile for profile in profiles if profile.match)):
            print(file)


def test_lights(step_s: float = 0.08) -> int:
    """Run every light of every controller: one by one, all on, all off; 1 if there is none."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    rack = make_rack(threading.Event())
    try:
        rack.scan()
        refuse(rack.ports)
        lit = [row for row in rack.devices() if row.output and row.profile.lights]
        for row in lit:
            print(f"{row.name}: {len(row.profile.lights)} lights", flush=True)
            _run_lights(row, rack, step_s)
            for note in row.profile.notes:
                print(f"  {note}")
    finally:
        rack.close()
    if not lit:
        print("No controller with lights is plugged in.")
    return 0 if lit else 1


def _run_lights(row: DeviceRow, rack: Rack, step_s: float) -> None:
    for light in row.profile.lights:
        rack.send(row.name, [message(Lit(light.address, light.on))])
        time.sleep(step_s)
    time.sleep(5 * step_s)
    for light in row.profile.lights:
        rack.send(row.name, [message(Lit(light.address, light.off))])


class Watch:
    """Puts what a rack gives into words."""

    def __init__(self, begun_ns: int) -> None:
        self._begun_ns = begun_ns
        self._profiles: dict[str, Profile] = {}
        self._said: dict[str, str] = {}

    def look(self, ports: MidiSystem, rows: Iterable[DeviceRow]) -> list[str]:
        """Return what has changed about the controllers."""
        now = {"MIDI": f"{ports.problem}. {ports.remedy}" if ports.problem else ""}
        for row in rows:
            self._profiles[row.name] = row.profile
            state = row.trouble or ("connected" if row.connected else "unplugged")
            now[row.name] = f"{state} ({row.profile.title})"
        news = [f"{who}: {text}" for who, text in now.items() if text != self._said.get(who, "")]
        self._said = now
        return news

    def tell(self, events: Iterable[Event], heard: Heard | None = None) -> list[str]:
        """Return a line for each event: time, device, message, control, value, what it plays."""
        lines = [self._line(event) for event in events]
        if heard:
            place = "" if heard.beat is None else f", beat {heard.beat}"
            lines.append(
                f"{self._time(heard.beat_ns)} clock: {heard.bpm:g} beats per minute{place}"
            )
        return lines

    def _line(self, event: Event) -> str:
        control = event.control or "-"
        return (
            f"{self._time(event.at_ns)} {event.device:<16} {event.address:<12} {control:<12} "
            f"{event.gesture:<8} {_value(event):>6}  {self._plays(event)}"
        ).rstrip()

    def _plays(self, event: Event) -> str:
        profile = self._profiles.get(event.device)
        met = [b for b in (profile.layout if profile else ()) if b.fits(event)]
        plain = [b.to for b in met if not b.shift]
        shifted = [f"shift: {b.to}" for b in met if b.shift and b.to not in plain]
        return f"→ {', '.join((*plain, *shifted))}" if met else ""

    def _time(self, at_ns: int) -> str:
        return f"{clock.seconds(at_ns - self._begun_ns):9.3f}"


def _value(event: Event) -> str:
    match event.gesture:
        case Gesture.RELATIVE:
            return f"{event.value:+.0f}"
        case Gesture.RELEASE:
            return ""
    return f"{event.value:.3f}"


def make_rack(woken: threading.Event) -> Rack:
    """Return the rack of this machine, not yet open, with all profiles."""

    def tell(text: str) -> None:
        print(text, file=sys.stderr)

    return Rack(load_profiles(profile_folder(), tell=tell), woken.set, clock.now_ns)


def refuse(ports: MidiSystem) -> None:
    """Raise DeviceMissing where there is no MIDI."""
    if ports.problem:
        raise DeviceMissing(f"{ports.problem[0].upper()}{ports.problem[1:]}.", remedy=ports.remedy)
