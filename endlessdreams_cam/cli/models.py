"""`endlessdreams-cam models`: which there are, bringing them, checking them, removing them."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table

from endlessdreams_cam.errors import ModelError
from endlessdreams_cam.models.catalogue import CATALOGUE, Entry, describe_need, find_entry, models
from endlessdreams_cam.models.choice import choose
from endlessdreams_cam.models.found import Found
from endlessdreams_cam.models.hub import Hub
from endlessdreams_cam.models.lora_names import LoraFile, list_loras, read_lora_names
from endlessdreams_cam.models.memory import GB, needed_bytes
from endlessdreams_cam.models.pull import pull
from endlessdreams_cam.models.store import Presence, Store
from endlessdreams_cam.settings import lora_folder, model_folder

_COLOURS = {Presence.HERE: "green", Presence.PARTLY: "yellow", Presence.NOT: "dim"}


def print_models() -> None:
    """Print the catalogue: sizes, needs, licences, and which are here."""
    store = Store(model_folder())
    console = Console(highlight=False)
    table = Table("name", "disk", "VRAM", "size", "steps", "licence", "", box=None, pad_edge=False)
    for entry in models():
        table.add_row(
            f"[bold]{entry.name}[/]", _gigabytes(entry.download_bytes), describe_need(entry),
            str(entry.best_size), f"{entry.steps[1]}", _licence(entry), _presence(store, entry),
        )  # fmt: skip
    console.print(table)
    for entry in models():
        console.print(f"\n[bold]{entry.name}[/]: {escape(entry.about)}. Widescreen: {entry.wide}.")
        console.print(f"  {escape(entry.card)}")
    console.print()
    parts = [entry for entry in CATALOGUE.values() if not entry.is_model]
    said = (f"{part.name} ({part.about}; {_presence(store, part)})" for part in parts)
    console.print("Parts for models of your own: " + ", ".join(said) + ".")
    for licence in dict.fromkeys(entry.licence for entry in models() if entry.licence.restricts):
        console.print(f"[yellow]{licence.name} *[/]: {licence.note}: {licence.url}")
    console.print(f"They are kept in {escape(str(store.folder))}", soft_wrap=True)
    loras = ", ".join(list_loras(lora_folder())) or "none yet"
    console.print(f"LoRAs in {escape(str(lora_folder()))}: {escape(loras)}", soft_wrap=True)


def pull_model(name: str) -> None:
    """Bring a model, with a bar that goes from what is here already; Ctrl-C keeps what came."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    entry, store = find_entry(name), Store(model_folder())
    console = Console(highlight=False)
    licence = entry.licence
    colour = "yellow" if licence.restricts else "default"
    console.print(
        f"{entry.name}: {_gigabytes(entry.download_bytes)}. "
        f"[{colour}]Licence: {licence.name}: {licence.note}[/]: {licence.url}",
        soft_wrap=True,
    )
    try:
        with _bar(console) as progress:
            pin = pull(entry, store, Hub(), _Bar(progress))
    except KeyboardInterrupt:
        console.print("Stopped. What came is kept: the same command goes on from there.")
        sys.exit(130)
    repos = ", ".join(f"{repo} at {commit[:10]}" for repo, commit in pin.commits.items())
    console.print(f"{name} is here and pinned: {repos}.", soft_wrap=True)
    if entry.is_model:
        console.print(f"Play it: endlessdreams-cam --engine diffusion --model {name}")


def check_model(words: str) -> None:
    """Look at a model by name or path and say what it is; raises ModelError with the remedy.

    Of a pulled one every file's hash is looked at. A LoRA is checked too.
    """
    store, console = Store(model_folder()), Console(highlight=False)
    if words in CATALOGUE:
        with _bar(console) as progress:
            _verify(store, words, progress)
        console.print(f"{words}: every file is the one that was downloaded.")
        if not CATALOGUE[words].is_model:
            return
    elif (lora := _lora(Path(words))) is not None:
        console.print(
            f"{escape(words)}: a LoRA for {_family(lora)}, {len(lora.layers)} layers.",
            soft_wrap=True,
        )
        _note(console, lora.notes)
        return
    _describe(console, words, choose(words, store).found)


def remove_model(name: str) -> None:
    """Delete a model and say what became free."""
    freed = Store(model_folder()).remove(name)
    Console(highlight=False).print(f"{name} is removed; {_gigabytes(freed)} are free again.")


def _describe(console: Console, words: str, found: Found) -> None:
    need = needed_bytes(found.parameters, 2, found.best_size) / GB
    console.print(f"{escape(words)}: {escape(found.describes)}.", soft_wrap=True)
    console.print(
        f"Best at {found.best_size}; about {need:.1f} GB of VRAM; VAE: {found.parts['vae'].kind}."
    )
    _note(console, found.notes)


def _note(console: Console, notes: tuple[str, ...]) -> None:
    for note in notes:
        console.print(f"[yellow]{escape(note)}[/]", soft_wrap=True)


def _family(lora: LoraFile) -> str:
    return str(lora.family or "a family that is not known")


def _lora(path: Path) -> LoraFile | None:
    """Return what a path holds as a LoRA, or None when it is something else."""
    try:
        return read_lora_names(path)
    except ModelError:
        return None


def _verify(store: Store, name: str, progress: Progress) -> None:
    task = progress.add_task("checking", total=store.size(name))
    store.verify(name, full=True, read=lambda count: progress.advance(task, count))


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(),
        TimeRemainingColumn(), console=console, transient=True,
    )  # fmt: skip


class _Bar:
    """Shows a pull as one bar."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID = progress.add_task("asking the hub", total=None)

    def begin(self, total: int) -> None:
        self._progress.update(self._task, total=total)

    def doing(self, file: str) -> None:
        self._progress.update(self._task, description=escape(file))

    def told(self, count: int) -> None:
        self._progress.advance(self._task, count)


def _presence(store: Store, entry: Entry) -> str:
    presence = store.presence(entry.name)
    return f"[{_COLOURS[presence]}]{presence}[/]"


def _licence(entry: Entry) -> str:
    name = escape(entry.licence.name)
    return f"[yellow]{name} *[/]" if entry.licence.restricts else name


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e8 else f"{size / 1e6:.0f} MB"
