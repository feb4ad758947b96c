"""Backends by name: "module:Class", imported on first use."""

from __future__ import annotations

import importlib
from typing import Any

from endlessdreams_cam.errors import SettingError


class Registry:
    """Maps the first word of a setting ("camera" of "camera:0") to a class.

    noun is what the backends are, for messages; hidden names work but are not listed.
    """

    def __init__(
        self, noun: str, backends: dict[str, str], *, hidden: tuple[str, ...] = ()
    ) -> None:
        self._noun = noun
        self._backends = backends
        self._hidden = hidden

    @property
    def names(self) -> list[str]:
        """The names for people."""
        return [name for name in self._backends if name not in self._hidden]

    def check(self, name: str) -> None:
        """Raise SettingError for a name that does not exist."""
        if name not in self._backends:
            raise SettingError(
                f"There is no {self._noun} {name!r}.", remedy=f"Use {', '.join(self.names)}."
            )

    def load(self, name: str) -> Any:
        """Return the class of that name."""
        self.check(name)
        module, _, cls = self._backends[name].partition(":")
        return getattr(importlib.import_module(module), cls)
