"""What is never opened: formats and folders that can carry code."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from endlessdreams_cam.errors import ModelError

PICKLES = (".ckpt", ".bin", ".pt", ".pth", ".pkl", ".pickle")
"""Endings of formats that run code when they are opened."""
_OTHERS = {
    ".gguf": "a quantised model for other programs", ".onnx": "a model for ONNX",
    ".engine": "a TensorRT engine", ".plan": "a TensorRT engine", ".msgpack": "a model for Flax",
    ".h5": "a model for Keras", ".mlmodelc": "a model for Core ML", ".zip": "an archive",
    ".7z": "an archive", ".rar": "an archive",
}  # fmt: skip
_ELSEWHERE = (
    "Take the .safetensors file of the same model, or `endlessdreams-cam models pull NAME`."
)


def refuse_format(path: Path) -> None:
    """Raise ModelError for a file that is not .safetensors, with the reason."""
    ending = path.suffix.lower()
    if ending in PICKLES or (ending != ".safetensors" and is_pickle(path)):
        raise refused_pickle(path.name)
    if ending != ".safetensors":
        what = _OTHERS.get(ending, "not a model that this program knows")
        raise ModelError(f"{path.name} is {what}.", remedy=_ELSEWHERE)


def refuse_code(folder: Path) -> None:
    """Raise ModelError when a folder brings code of its own."""
    for name in _files(folder):
        if name.endswith((".py", ".pyc", ".so", ".dll", ".dylib")):
            raise ModelError(
                f"{folder} is refused: it brings code of its own ({name}).",
                remedy="Only weights are loaded. If the model is a plain Stable Diffusion model, "
                "delete that file and try again.",
            )


def _files(folder: Path, deepest: int = 2) -> Iterator[str]:
    """Yield the files of a folder and of the folders in it, relative to it."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.is_dir() and deepest > 1:
            yield from (f"{entry.name}/{name}" for name in _files(Path(entry.path), deepest - 1))
        elif not entry.is_dir():
            yield entry.name


def is_pickle(path: Path) -> bool:
    """Whether a file that is no whole .safetensors file begins as a pickle or torch's archive."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError:
        return False
    return start == b"PK\x03\x04" or start[:2] in (b"\x80\x02", b"\x80\x03", b"\x80\x04")


def refused_pickle(name: str) -> ModelError:
    """Return the refusal of a pickle, under whatever name."""
    return ModelError(
        f"{name} is refused: files of its kind ({', '.join(PICKLES[:4])}) can run any code when "
        "they are opened.",
        remedy=_ELSEWHERE,
    )
