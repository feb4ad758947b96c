"""Locks: what recalls leave alone."""

from __future__ import annotations

from collections.abc import Mapping

from endlessdreams_cam.errors import ParameterError
from endlessdreams_cam.parameters import PARAMETERS, find
from endlessdreams_cam.parameters.spec import Scalar


class Locks:
    """Names that are locked: parameters ("view.zoom") and groups ("drift", "prompt.3")."""

    def __init__(self) -> None:
        self._names: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """What is locked, by name."""
        return tuple(sorted(self._names))

    def lock(self, name: str) -> None:
        """Lock a parameter or a group; raises ParameterError for one that there is not."""
        name = name.strip().removesuffix(".*")
        members = [spec for spec in PARAMETERS.values() if _covers(name, spec.name)]
        if not members:
            find(name)  # says which name is near
        if not any(spec.in_presets for spec in members):
            raise ParameterError(
                f"{name} needs no lock: it belongs to the show, and no recall changes it."
            )
        self._names |= {name}

    def unlock(self, name: str) -> None:
        """Unlock what was locked by that name; raises ParameterError if nothing was."""
        name = name.strip().removesuffix(".*")
        if name not in self._names:
            locked = ", ".join(self.names) or "nothing"
            raise ParameterError(f"{name!r} is not locked.", remedy=f"Locked: {locked}.")
        self._names -= {name}

    def cover(self, parameter: str) -> bool:
        """Whether a parameter is locked, itself or with its group."""
        return any(_covers(name, parameter) for name in self._names)

    def free(self, values: Mapping[str, Scalar]) -> dict[str, Scalar]:
        """Return the values that are not locked."""
        return {name: value for name, value in values.items() if not self.cover(name)}


def _covers(name: str, parameter: str) -> bool:
    return parameter == name or parameter.startswith(f"{name}.")
