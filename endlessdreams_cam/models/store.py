"""The folder of downloaded models: which are here, whole and as they came."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from endlessdreams_cam.errors import ModelError
from endlessdreams_cam.models.catalogue import CATALOGUE, find_entry
from endlessdreams_cam.models.pins import Pin, read_pin, verify, write_pin


class Presence(StrEnum):
    """Whether a model is on this machine."""

    HERE = "here"
    PARTLY = "partly"
    NOT = "not here"


class Store:
    """Downloaded models in a folder: NAME/ with the files, and NAME.pin.json beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """Return where a model lies, or would."""
        return self.folder / name

    def pin_path(self, name: str) -> Path:
        """Return where a model's pin lies, or would."""
        return self.folder / f"{name}.pin.json"

    def pin(self, name: str) -> Pin | None:
        """Return a model's pin, or None; raises ModelError for a broken one."""
        return read_pin(self.pin_path(name))

    def write(self, pin: Pin) -> None:
        """Keep a pin."""
        write_pin(self.pin_path(pin.name), pin)

    def presence(self, name: str) -> Presence:
        """Return whether a model is here; a broken pin counts as partly."""
        try:
            pin = self.pin(name)
        except ModelError:
            return Presence.PARTLY
        if pin is None:
            return Presence.NOT
        whole = pin.whole and all((self.path(name) / file).is_file() for file in pin.files)
        return Presence.HERE if whole else Presence.PARTLY

    def size(self, name: str) -> int:
        """Return the bytes that a model takes on the disk now."""
        return sum(p.stat().st_size for p in self.path(name).rglob("*") if p.is_file())

    def verify(
        self, name: str, *, full: bool = False, read: Callable[[int], None] | None = None
    ) -> Path:
        """Return a model's folder, held to its pin; raises ModelError.

        Files of the same size and time as before are believed unless `full`.
        """
        find_entry(name)
        pin = self.pin(name)
        if pin is None:
            raise ModelError(f"The model {name} is not here.", remedy=_pull(name))
        if not pin.whole:
            raise ModelError(f"The model {name} came only in part.", remedy=_pull(name))
        now = verify(self.path(name), pin, full=full, read=read)
        if now != pin:
            self.write(now)
        return self.path(name)

    def remove(self, name: str) -> int:
        """Delete a model and return the bytes that became free; raises ModelError if none is."""
        find_entry(name)
        if not self.path(name).exists() and not self.pin_path(name).exists():
            raise ModelError(f"The model {name} is not here.")
        freed = self.size(name)
        # The pin first: what is left of a removal that breaks is no model any more.
        self.pin_path(name).unlink(missing_ok=True)
        try:
            if self.path(name).exists():
                shutil.rmtree(self.path(name))
        except OSError as error:
            raise ModelError(
                f"{self.path(name)} cannot be deleted: {error.strerror}.",
                remedy="End the show that uses it and try again.",
            ) from None
        return freed

    def tokenizers(self) -> tuple[Path, ...]:
        """Return the folders of CLIP tokenizers that are here, for single files."""
        here = [name for name in CATALOGUE if self.presence(name) is Presence.HERE]
        return tuple(
            folder
            for name in ("tokenizer", *here)
            if (folder := self.path(name) / "tokenizer").is_dir() and name in here
        )


def _pull(name: str) -> str:
    return f"`endlessdreams-cam models pull {name}` downloads it."
