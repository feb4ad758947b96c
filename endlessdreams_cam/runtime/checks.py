"""What a show can be asked to be, at its start and while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from endlessdreams_cam.errors import SettingError
from endlessdreams_cam.frame import Size
from endlessdreams_cam.models.checker import recognise_checker
from endlessdreams_cam.parameters import Store
from endlessdreams_cam.parameters.spec import Scalar
from endlessdreams_cam.runtime.options import ShowOptions
from endlessdreams_cam.runtime.repertoire import ladder
from endlessdreams_cam.runtime.words import Words, is_outside
from endlessdreams_cam.sources import parse as parse_source

CAPTURED = frozenset({"source.input", "layer.input"})
"""Parameters that a capture worker follows."""
ENGINE = frozenset({"engine.name", "engine.model", "safety.checker"})
"""Parameters that an engine worker is started by."""


def is_camera(words: str) -> bool:
    """Whether words name a live camera, whose pictures carry the AI mark when dreamt."""
    return words.partition(":")[0] == "camera"


def check(options: ShowOptions) -> None:
    """Raise SettingError for what a show cannot be asked to be."""
    parse_source(options.source)
    parse_source(options.layer)
    _check_outputs(options.outputs)
    model = options.model or options.sets.get("engine.model", "auto")
    checker = options.sets.get("safety.checker", "")
    ladder(options.engine, model, options.size, checker=checker)
    if not 1 <= options.fps <= 120:
        raise SettingError(f"fps cannot be {options.fps:g}.", remedy="Allowed: 1 to 120.")
    if options.dream_size and options.dream_size < Size(64, 64):
        raise SettingError("The dream size is too small.", remedy="Allowed: from 160x90.")


def _check_outputs(outputs: tuple[str, ...]) -> None:
    """Raise SettingError for two outputs where there can be one."""
    kinds = [words.partition(":")[0] for words in outputs]
    beside = [kind for kind in kinds if kind in ("window", "record")]
    if len(kinds) - len(beside) > 1 or len(set(beside)) < len(beside):
        raise SettingError(
            f"These outputs cannot all be at once: {', '.join(outputs)}.",
            remedy="One virtualcam or null, and beside it one window and one record:FILE.mkv.",
        )


class Guard:
    """Refuses values that a parameter may have but this machine or this show cannot follow."""

    def __init__(self, store: Store, words: Words, size: Size) -> None:
        self._store = store
        self._words = words
        self._size = size

    def __call__(self, values: Mapping[str, Scalar], origin: str) -> None:
        """Raise SettingError or EngineError; origin says where the values come from."""
        for name in CAPTURED & set(values):
            parse_source(str(values[name]))
        # The switch as it is, not as the same change would have it.
        if self._now("prompt.filter") and is_outside(origin):
            self._words.check(values)
        if values.get("safety.checker"):
            recognise_checker(Path(str(values["safety.checker"])))
        if ENGINE & set(values):
            self._check_engine(values)

    def _check_engine(self, values: Mapping[str, Scalar]) -> None:
        wanted = {name: str(values.get(name, self._now(name))) for name in ENGINE}
        # Another model is looked at now, whoever dreams: it is refused by whom it was named.
        look = "diffusion" if values.get("engine.model", "auto") != "auto" else None
        ladder(
            look or wanted["engine.name"],
            wanted["engine.model"],
            self._size,
            checker=wanted["safety.checker"],
        )

    def _now(self, name: str) -> Scalar:
        return self._store.snapshot.values[name]
