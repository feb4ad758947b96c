"""A picture from a file, taken with care."""

from __future__ import annotations

import logging
import struct
import warnings
from pathlib import Path

import numpy as np

from endlessdreams_cam.frame import Pixels, Size
from endlessdreams_cam.program.pictures import fill

_log = logging.getLogger(__name__)

_MOST_BYTES = 64_000_000
_MOST_PIXELS = 50_000_000  # decoded: 150 MB
_FORMATS = ("PNG", "JPEG", "WEBP")
# What Pillow raises for files that are cut, damaged or not pictures at all.
_UNREADABLE = (
    OSError, ValueError, SyntaxError, EOFError, struct.error, MemoryError, IndexError, RuntimeError,
)  # fmt: skip


def load_still(path: str, size: Size) -> Pixels | None:
    """Return a PNG, JPEG or WebP filling `size` by a centre crop, or None if it cannot be shown.

    Looks at the file's and the picture's size before it decodes anything. What is transparent
    becomes black. The cause of a refusal goes to the log.
    """
    try:
        pixels = _decode(Path(path).expanduser(), size)
    except _UNREADABLE as error:
        _log.warning("The slate's picture %r cannot be shown: %s", path, error)
        return None
    return fill(pixels, np.empty((size.height, size.width, 3), np.uint8))


def _decode(path: Path, size: Size) -> Pixels:
    from PIL import Image, ImageOps

    if not path.is_file():
        raise ValueError("there is no such file")
    if path.stat().st_size > _MOST_BYTES:
        raise ValueError(f"the file is larger than {_MOST_BYTES // 1_000_000} MB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(path, formats=_FORMATS)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise ValueError("the picture is too large") from error
    with picture:
        if picture.width * picture.height > _MOST_PIXELS:
            raise ValueError(f"{picture.width} × {picture.height} pixels are too many")
        picture.draft("RGB", (2 * size.width, 2 * size.height))
        turned = ImageOps.exif_transpose(picture).convert("RGBA")
        ground = Image.new("RGBA", turned.size, (0, 0, 0, 255))
        return np.asarray(Image.alpha_composite(ground, turned).convert("RGB"))
