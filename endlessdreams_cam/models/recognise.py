"""Recognises a model by its path: a folder in diffusers' layout, or a single file."""

from __future__ import annotations

from pathlib import Path

from endlessdreams_cam.errors import ModelError
from endlessdreams_cam.models.files import recognise_file
from endlessdreams_cam.models.folders import recognise_folder
from endlessdreams_cam.models.found import Found

_NONSENSE = (ArithmeticError, AttributeError, LookupError, StopIteration, TypeError, ValueError)


def recognise(path: Path, tokenizers: tuple[Path, ...] = ()) -> Found:
    """Return what is at a path, without loading it; raises ModelError with cause and remedy.

    tokenizers are folders where a single file's tokenizer may be.
    """
    try:
        if path.is_dir():
            return recognise_folder(path)
        if path.is_file():
            return recognise_file(path, tokenizers)
    except _NONSENSE as error:
        # Configurations and headers are written by anybody: numbers may be lists, and so on.
        raise ModelError(
            f"{path} does not make sense: {type(error).__name__}: {error}.",
            remedy="Its files are damaged, or of a kind that is not known: copy the model again.",
        ) from error
    raise ModelError(
        f"There is no model at {path}.",
        remedy="Name a model of `endlessdreams-cam models list`, a folder in diffusers' layout or "
        "a .safetensors file.",
    )
