"""A picture from a file: a still, or an animation that plays."""

from __future__ import annotations

import time
import warnings
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

from endlessdreams_cam import clock
from endlessdreams_cam.errors import DeviceError, DeviceMissing
from endlessdreams_cam.frame import Pixels, Size
from endlessdreams_cam.sources.files import check_file
from endlessdreams_cam.sources.pixels import fit
from endlessdreams_cam.sources.source import Grab, Source, SourceInfo

_MOST_PIXELS = 64_000_000
_STILL_NS = 200 * clock.MILLISECOND_NS
_LONGEST_WAIT_NS = 100 * clock.MILLISECOND_NS
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "TGA", "MPO", "AVIF")
"""What is only data: others, like EPS, would start a program."""


class Image(Source):
    """A picture. argument: its path. What stands comes five times a second: it looks alive.

    An animation (GIF, WebP, PNG) plays at its own rate, over and over. Size is looked at before
    decoding; the camera's turn (EXIF) is undone; what is transparent is black.
    """

    def __init__(self, argument: str, max_size: Size, fps: float) -> None:
        self._path = Path(argument).expanduser()
        self._max_size = max_size
        self._image: Pillow.Image | None = None
        self._still: Pixels | None = None
        self._frame = 0
        self._due_ns = self._turn_ns = 0

    def open(self) -> SourceInfo:
        """Decode the (first) picture; raises DeviceMissing or DeviceError."""
        try:
            self._image = _open(self._path)
            frames = getattr(self._image, "n_frames", 1)
            self._still = self._decode()
        except BaseException:
            self.close()
            raise
        self._frame = 0
        self._due_ns = self._turn_ns = clock.now_ns()
        height, width = self._still.shape[:2]
        size, moves = Size(width, height), frames > 1
        if not moves:
            self._image.close()
            self._image = None
        return SourceInfo("image", self._path.name, size, None, looping=moves)

    def read(self) -> Grab | None:
        """Return the picture when it is due, None if it is not within 100 ms."""
        assert self._still is not None
        if self._due_ns - clock.now_ns() > _LONGEST_WAIT_NS:
            time.sleep(clock.seconds(_LONGEST_WAIT_NS))
            return None
        clock.sleep_until(self._due_ns)
        # Late by more than one picture (a pause of the machine): goes on from here.
        due_ns = max(self._due_ns, clock.now_ns() - _STILL_NS)
        self._due_ns = due_ns + _STILL_NS
        if self._image is not None:
            if due_ns >= self._turn_ns:
                self._step(self._image)
                self._turn_ns = due_ns + self._shown_ns(self._image)
            self._due_ns = min(self._due_ns, self._turn_ns)
        return Grab(self._still.copy(), clock.now_ns())

    def close(self) -> None:
        """Close the file."""
        self._still = None
        if self._image is not None:
            image, self._image = self._image, None
            image.close()

    def _step(self, image: Pillow.Image) -> None:
        """Go on to the animation's next picture."""
        try:
            image.seek(self._frame)
            self._still = self._decode()
            self._frame += 1
        except EOFError:
            image.seek(0)
            self._still = self._decode()
            self._frame = 1

    def _shown_ns(self, image: Pillow.Image) -> int:
        """Return how long the animation's present picture stays."""
        duration_ms = float(image.info.get("duration") or 0)
        # As browsers do: what claims no time, or next to none, gets a tenth of a second.
        return round((duration_ms if duration_ms > 10 else 100) * clock.MILLISECOND_NS)

    def _decode(self) -> Pixels:
        assert self._image is not None
        try:
            upright = ImageOps.exif_transpose(self._image)
            return fit(_rgb(upright), self._max_size)
        except (OSError, SyntaxError, ValueError, Pillow.DecompressionBombError) as error:
            raise DeviceError(
                f"{self._path.name} is damaged.", remedy="Choose another picture."
            ) from error


def check_picture(path: Path) -> None:
    """Raise DeviceError for a file that is no picture or too large; nothing is decoded."""
    _open(path).close()


def _open(path: Path) -> Pillow.Image:
    """Read a picture's head; nothing is decoded yet."""
    check_file(path)
    try:
        with warnings.catch_warnings():
            # A large picture is judged below, in one place and before it is decoded.
            warnings.simplefilter("ignore", Pillow.DecompressionBombWarning)
            image = Pillow.open(path, formats=_known(_FORMATS))
    except FileNotFoundError as error:
        raise DeviceMissing(
            f"There is no file {path}.", remedy="Check the path; image:PATH starts in this folder."
        ) from error
    except Pillow.DecompressionBombError as error:
        raise _too_large(path) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise DeviceError(
            f"{path} is not a picture that can be shown.",
            remedy="Choose a PNG, JPEG, WebP or GIF; file:PATH plays a video.",
        ) from error
    if image.width * image.height > _MOST_PIXELS:
        image.close()
        raise _too_large(path)
    return image


def _too_large(path: Path) -> DeviceError:
    return DeviceError(
        f"{path.name} has more than {_MOST_PIXELS // 1_000_000} million pixels.",
        remedy="Make it smaller first; 1920x1080 is enough.",
    )


def _known(formats: tuple[str, ...]) -> list[str]:
    Pillow.init()
    return [name for name in formats if name in Pillow.OPEN]


def _rgb(image: Pillow.Image) -> Pixels:
    """Return a Pillow picture as uint8 RGB, laid over black where it is transparent."""
    if image.mode.startswith("I;16"):
        deep: NDArray[np.uint16] = np.asarray(image, np.uint16)
        return cv2.cvtColor((deep >> 8).astype(np.uint8), cv2.COLOR_GRAY2RGB)
    if (image.mode == "P" and "transparency" in image.info) or "A" in image.getbands():
        layered = image.convert("RGBA")
        under = Pillow.new("RGBA", layered.size, (0, 0, 0, 255))
        image = Pillow.alpha_composite(under, layered)
    return np.array(image.convert("RGB"), np.uint8)
