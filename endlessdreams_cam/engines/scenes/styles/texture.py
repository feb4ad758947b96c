"""What media are made of: paper, strokes, wobbles; all fixed, all seeded."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes.paint import fbm
from endlessdreams_cam.engines.scenes.world import Picture, Plane
from endlessdreams_cam.frame import Pixels, Size


def luma(picture: Picture) -> Plane:
    """Return a picture's light."""
    return cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)


def three(plane: Plane) -> Picture:
    """Return a plane in all three channels."""
    return cv2.merge((plane, plane, plane))


def three_bytes(plane: Pixels) -> Pixels:
    """Return a plane of bytes in all three channels."""
    return cv2.merge((plane, plane, plane))


def to_bytes(picture: Picture) -> Pixels:
    """Return a picture as uint8."""
    return cv2.multiply(picture, 255.0, dtype=cv2.CV_8U)


def mix(below: Picture, above: Picture, cover: Plane) -> Picture:
    """Return `above` over `below` where cover is 0…1."""
    return cv2.blendLinear(above, below, cover, 1 - cover)


def flat_colour(size: Size, colour: tuple[float, float, float]) -> Picture:
    """Return a picture of one colour."""
    return np.full((size.height, size.width, 3), colour, np.float32)


def curve(values: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """Return 256 values as a table for cv2.LUT on uint8."""
    return np.ascontiguousarray(values, np.float32).reshape(256, 1)


def steps(count: int, *, edge: float, sharp: float) -> NDArray[np.float32]:
    """Return a tone curve 0…1 of flat steps with short ramps between; index 0…255."""
    at = np.linspace(0, 1, 256) * count
    whole = np.minimum(np.floor(at), count - 1)
    part = np.clip((at - whole - edge) * sharp, 0, 1) if count else at
    return ((whole + part) / count).astype(np.float32)


def half(size: Size) -> Size:
    """Return half a size."""
    return Size(max(size.width // 2, 8), max(size.height // 2, 8))


def smooth_flat(picture: Picture, size: Size, *, colour: float = 60.0) -> Pixels:
    """Return a picture at another size without its small detail, with its edges, uint8."""
    small = to_bytes(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
    return cv2.bilateralFilter(cv2.medianBlur(small, 5), 5, colour, 3)


def vivid_flat(picture: Picture, size: Size, colours: NDArray[np.float32]) -> Picture:
    """Return a picture without its small detail, its colours turned by a matrix, float32."""
    small = smooth_flat(picture, half(size))
    colour = cv2.transform(cv2.multiply(small, 1 / 255, dtype=cv2.CV_32F), colours)
    return cv2.resize(np.clip(colour, 0, 1), size, interpolation=cv2.INTER_LINEAR)


def grain(size: Size, seed: int, *, fine: float = 0.6) -> Plane:
    """Return the tooth of paper, −1…1: fine grains on slow hills."""
    random = np.random.default_rng(seed)
    noise = random.standard_normal((size.height, size.width)).astype(np.float32)
    small = cv2.GaussianBlur(noise, (0, 0), 0.8)
    wide = cv2.GaussianBlur(noise[::-1], (0, 0), 2.2)
    both = fine * small / small.std() + (1 - fine) * wide / wide.std()
    return np.clip(both / 2.2, -1, 1).astype(np.float32)


def fibres(size: Size, seed: int, angle: float, *, length: float, width: float = 0.7) -> Plane:
    """Return noise drawn out along a direction (degrees), −1…1: brush hairs, wood, hatching."""
    random = np.random.default_rng(seed)
    side = int(max(size) * 1.5)
    noise = random.standard_normal((side, side)).astype(np.float32)
    drawn = cv2.GaussianBlur(noise, (0, 0), sigmaX=length, sigmaY=width)
    centre = ((side - 1) / 2, (side - 1) / 2)
    turn = cv2.getRotationMatrix2D(centre, angle, 1.0)
    turn[:, 2] += ((size.width - side) / 2, (size.height - side) / 2)
    found = cv2.warpAffine(drawn, turn, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return np.clip(found / (2.2 * found.std()), -1, 1).astype(np.float32)


def wobble(size: Size, seed: int, reach: float, cells: int) -> tuple[Plane, Plane]:
    """Return maps for cv2.remap that shift every point by up to `reach` pixels, as a hand does."""
    random = np.random.default_rng(seed)
    ys, xs = np.mgrid[: size.height, : size.width].astype(np.float32)
    shifts = [(fbm(random, size, cells=cells, octaves=3) - 0.5) * 2 * reach for _ in range(2)]
    return xs + shifts[0], ys + shifts[1]


def inset(size: Size, seed: int, margin: float) -> Plane:
    """Return 1 inside and 0 at the frame's edge, with a torn border; margin in widths."""
    ys, xs = np.mgrid[: size.height, : size.width].astype(np.float32)
    near = np.minimum(np.minimum(xs, size.width - 1 - xs), np.minimum(ys, size.height - 1 - ys)) / (
        margin * size.width
    )
    torn = fbm(np.random.default_rng(seed), size, cells=22, octaves=5, gain=0.6)
    return np.clip((near - 0.25 - 0.75 * torn) * 3.0, 0, 1).astype(np.float32)


def saturate(amount: float) -> NDArray[np.float32]:
    """Return the matrix for cv2.transform that makes colours stronger, light unchanged."""
    weights = np.array([0.299, 0.587, 0.114], np.float32)
    eye = np.eye(3, dtype=np.float32)
    return (eye * amount + (1 - amount) * weights[None, :]).astype(np.float32)


def local_contrast(light: Plane, *, radius: float, least: float) -> Plane:
    """Return light relative to its surroundings, −1…1, as strong in the dark as in the day.

    (light − mean) / (deviation + least), both taken over `radius` pixels.
    """
    height, width = light.shape
    step = 4
    small = cv2.resize(light, (width // step, height // step), interpolation=cv2.INTER_AREA)
    sigma = max(radius / step, 0.8)
    mean = cv2.GaussianBlur(small, (0, 0), sigma)
    spread = cv2.sqrt(np.maximum(cv2.GaussianBlur(small * small, (0, 0), sigma) - mean * mean, 0))
    inverse = (0.5 / (spread + least)).astype(np.float32)
    mean = cv2.resize(mean, (width, height), interpolation=cv2.INTER_LINEAR)
    inverse = cv2.resize(inverse, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.clip(cv2.multiply(light - mean, inverse), -1, 1).astype(np.float32)
