"""`endlessdreams-cam doctor` and `devices`."""

from __future__ import annotations

import json
from dataclasses import asdict

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from endlessdreams_cam.doctor import State, diagnose

_COLOURS = {State.OK: "green", State.WARNING: "yellow", State.MISSING: "red"}


def run_doctor(*, as_json: bool) -> int:
    """Print every check; return 0 only when a show can go on air through a virtual camera."""
    report = diagnose()
    if as_json:
        print(json.dumps([asdict(check) for check in report.checks], indent=1))
        return 0 if report.can_go_on_air else 1
    console = Console(highlight=False)
    for check in report.checks:
        colour = _COLOURS[check.state]
        console.print(f"[{colour}]{check.state:<8}[/] {check.name:<15} {escape(check.text)}")
        if check.remedy:
            console.print(f"         [dim]→[/] {escape(check.remedy)}", soft_wrap=True)
    if report.can_go_on_air:
        console.print("\nReady: start with [bold]endlessdreams-cam[/].")
    else:
        console.print("\nA show runs, but other programs cannot see it yet: see the arrow above.")
    return 0 if report.can_go_on_air else 1


def print_devices() -> None:
    """Print one table of cameras, virtual cameras, MIDI ports and GPUs; * marks the defaults."""
    table = Table("", "kind", "name", "option", "", box=None, pad_edge=False)
    devices = diagnose().devices
    for device in devices:
        mark = "[green]*[/]" if device.default else ""
        table.add_row(mark, device.kind, escape(device.label), escape(device.words), device.note)
    console = Console(highlight=False)
    if devices:
        console.print(table)
    else:
        console.print("No camera, virtual camera, MIDI port or NVIDIA card on this machine.")
        console.print("`endlessdreams-cam doctor` says what to do about it.")
