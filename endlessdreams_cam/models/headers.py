"""The header of a .safetensors file: what is inside, without loading any of it."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from endlessdreams_cam.errors import ModelError
from endlessdreams_cam.models.refusals import is_pickle, refused_pickle

_LARGEST = 100 << 20
"""Of a header, as the format has it."""
_BITS = {
    "F64": 64, "F32": 32, "F16": 16, "BF16": 16, "F8_E4M3": 8, "F8_E5M2": 8,
    "I64": 64, "I32": 32, "I16": 16, "I8": 8, "U64": 64, "U32": 32, "U16": 16, "U8": 8, "BOOL": 8,
}  # fmt: skip
_AGAIN = "Download it again, or copy it again from where it came."


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor's type as the file writes it (F16), its shape and its number of bytes."""

    dtype: str
    shape: tuple[int, ...]
    size: int

    @property
    def numel(self) -> int:
        """The number of its values."""
        count = 1
        for side in self.shape:
            count *= side
        return count


Tensors: TypeAlias = Mapping[str, Tensor]


@dataclass(frozen=True, slots=True)
class Header:
    """A file's tensors by name, and what its maker wrote beside them."""

    tensors: Tensors
    metadata: Mapping[str, str]


def read_header(path: Path) -> Header:
    """Return a file's header; raises ModelError when it is not a whole .safetensors file."""
    try:
        actual = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(8)
            length = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
            if not 2 <= length <= min(_LARGEST, max(actual - 8, 0)):
                raise _broken(path, "it has no header of the format, or ends inside it")
            document = json.loads(file.read(length))
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError):
        raise _broken(path, "its header is not JSON") from None
    if not isinstance(document, dict):
        raise _broken(path, "its header is not a table")
    metadata = document.pop("__metadata__", {})
    tensors, end = _tensors(path, document)
    expected = 8 + length + end
    if actual != expected:
        said = "is cut off" if actual < expected else "is longer than its header says"
        raise _broken(path, f"it {said}: {actual:,} bytes instead of {expected:,}")
    return Header(tensors, metadata if isinstance(metadata, dict) else {})


def _tensors(path: Path, document: Mapping[str, Any]) -> tuple[dict[str, Tensor], int]:
    """Return the tensors and where the last one ends; they must lie end to end."""
    rows = []
    for name, row in document.items():
        try:
            first, last = row["data_offsets"]
            tensor = Tensor(row["dtype"], tuple(row["shape"]), last - first)
            sound = tensor.numel * _BITS[tensor.dtype] == 8 * tensor.size
            sound &= all(type(side) is int and side >= 0 for side in tensor.shape)
        except (KeyError, TypeError, ValueError):
            sound = False
        if not sound:
            raise _broken(path, f"what it says of the tensor {name[:80]!r} cannot be")
        rows.append((first, last, name, tensor))
    rows.sort(key=lambda row: row[:2])
    end = 0
    for first, last, name, _ in rows:
        if first != end:
            raise _broken(path, f"the tensor {name[:80]!r} does not begin where the last one ends")
        end = last
    return {name: tensor for _, _, name, tensor in rows}, end


def _broken(path: Path, why: str) -> ModelError:
    if is_pickle(path):
        return refused_pickle(f"{path} is a pickle under another name: it")
    return ModelError(f"{path} is not a whole .safetensors file: {why}.", remedy=_AGAIN)
