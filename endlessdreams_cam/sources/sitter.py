"""A rendered person before a rendered room, moving as a function of time: a camera to try with.

Head, body and hand are height fields (portrait) lit by a window on the left; turning the head
shifts each of its points by its depth. The same time always shows the same picture.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.frame import Pixels, Size
from endlessdreams_cam.sources.portrait.body import body, hand
from endlessdreams_cam.sources.portrait.clay import Part, Picture, Plane
from endlessdreams_cam.sources.portrait.face import paint_eyes, paint_mouth
from endlessdreams_cam.sources.portrait.head import head
from endlessdreams_cam.sources.portrait.room import room

_SIZE = Size(1280, 720)
_WAVE_EVERY_S, _WAVE_S = 9.0, 2.2

_KEY = (-0.62, -0.36, 0.70)
_KEY_LIGHT = np.array((1.02, 1.02, 1.04), np.float32)
_FILL_LIGHT = np.array((0.34, 0.30, 0.27), np.float32)
_LAMP_LIGHT = np.array((0.30, 0.20, 0.11), np.float32)

_Painted: TypeAlias = NDArray[np.uint8]
"""A lit part: red, green, blue times cover, and cover."""


@dataclass(frozen=True, slots=True)
class Bearing:
    """How the sitter holds themselves; lengths in units of half a head's width, turns in radians.

    x, y: the head over the body; lean, breath: the body. lids, mouth, smile, wave: 0…1.
    """

    x: float
    y: float
    yaw: float
    pitch: float
    roll: float
    lean: float
    breath: float
    lids: float
    gaze: float
    mouth: float
    smile: float
    wave: float
    swing: float


def bearing(t: float) -> Bearing:
    """Return the sitter's bearing at a time in seconds; they wave every nine seconds."""
    sway = math.sin(0.61 * t) + 0.5 * math.sin(1.13 * t + 1)
    yaw = 0.20 * math.sin(0.47 * t + 0.4) + 0.10 * math.sin(1.31 * t)
    nod = 0.09 * math.sin(0.83 * t + 2) + 0.05 * math.sin(2.3 * t) * max(0.0, math.sin(0.3 * t))
    blink = (t + 0.55 * math.sin(0.37 * t)) % 3.7
    talking = min(1.0, max(0.0, 1.4 * math.sin(0.55 * t + 0.9) + 0.35))
    syllables = (0.5 + 0.5 * math.sin(9.1 * t)) * (0.55 + 0.45 * math.sin(5.3 * t + 1))
    since = (t + 2) % _WAVE_EVERY_S - (_WAVE_EVERY_S - _WAVE_S)
    wave = min(1.0, 1.7 * math.sin(math.pi * since / _WAVE_S)) if since > 0 else 0.0
    return Bearing(
        x=0.16 * sway,
        y=0.05 * math.sin(0.9 * t),
        yaw=yaw,
        pitch=nod,
        roll=0.05 * math.sin(0.53 * t),
        lean=0.10 * sway,
        breath=0.03 * math.sin(1.6 * t),
        lids=1 - math.exp(-(((blink - 0.3) / 0.075) ** 2)),
        gaze=0.045 * math.sin(0.7 * t) - 0.20 * yaw,
        mouth=talking * syllables,
        smile=0.65 + 0.35 * math.sin(0.41 * t),
        wave=wave * wave * (3 - 2 * wave),
        swing=0.42 * math.sin(11 * t),
    )


def sitter(t: float, size: Size = _SIZE, *, present: bool = True) -> Pixels:
    """Return the camera's picture at a time in seconds; present=False shows the empty room."""
    height = min(max(size.height, 180), 720)
    width = max(round(size.width * height / size.height), 64)
    picture = room(width, height).copy()
    if present:
        paint_person(picture, bearing(t))
    pixels = _with_grain(picture, t)
    if (width, height) == size:
        return pixels
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)


def paint_person(picture: Pixels, how: Bearing) -> None:
    """Paint the person over a room in place."""
    height, width = picture.shape[:2]
    unit = 0.150 * height
    x = 0.525 * width + how.lean * unit
    y = 0.415 * height + how.breath * unit
    baked = round(0.85 * unit, 2)
    part, painted = _still("body", baked)
    _compose(picture, painted, _path(part, x, y, 0.012 * how.lean, unit))
    _paint_head(picture, how, baked, x + how.x * unit, y + how.y * unit, unit)
    if how.wave > 0.01:
        part, painted = _still("hand", baked)
        rise = 1.35 + 4.2 * (1 - how.wave)
        turn = how.swing * how.wave + 0.1
        _compose(picture, painted, _path(part, x + 2.05 * unit, y + rise * unit, turn, unit))


@functools.lru_cache(maxsize=8)
def _still(name: str, baked: float) -> tuple[Part, _Painted]:
    """Return a part that always faces the same way, and its picture."""
    part = body(baked) if name == "body" else hand(baked)
    return part, _light(part, part.albedo, _ambient(part), 0.0, 0.0)


def _light(part: Part, albedo: Picture, ambient: Picture, yaw: float, pitch: float) -> _Painted:
    """Return a part under the room's light when it is turned (radians)."""
    c, s = math.cos(yaw), math.sin(yaw)
    x, y, z = _KEY
    key = np.array((x * c - z * s, y - z * pitch, z * c + x * s))
    half = key + np.array((0, 0, 1))
    rows = np.zeros((2, 4), np.float32)
    rows[0, :3], rows[0, 3] = 0.80 * key, 0.20  # wraps a little: skin scatters
    rows[1, :3] = half / np.linalg.norm(half)
    diffuse, mirror = cv2.split(np.maximum(cv2.transform(part.normal, rows), 0))
    blush = 0.12 * diffuse * (1 - diffuse)  # the edge of the light is warmer
    light = cv2.merge((diffuse + blush, diffuse, diffuse - 0.4 * blush))
    light *= _KEY_LIGHT
    light += ambient
    mirror = mirror * mirror
    mirror = mirror * mirror
    mirror = mirror * mirror
    glint = 0.40 * part.gloss * mirror * mirror * mirror + 0.34 * part.sheen
    light *= albedo
    light += glint[..., None]
    light *= part.cover[..., None]
    covered = cv2.merge((*cv2.split(light), part.cover))
    return cv2.convertScaleAbs(np.clip(covered, 0, 1), alpha=255)


def _ambient(part: Part) -> Picture:
    """Return the light that reaches a part from everywhere, and from the lamp on the right."""
    rows = np.array(((0, -0.30, 0.18, 0.62), (0.8, -0.1, 0, -0.25)), np.float32)
    fill, lamp = cv2.split(np.maximum(cv2.transform(part.normal, rows), 0))
    return fill[..., None] * _FILL_LIGHT + lamp[..., None] * _LAMP_LIGHT


@functools.lru_cache(maxsize=4)
def _head_ambient(baked: float) -> Picture:
    return _ambient(head(baked))


def _paint_head(
    picture: Pixels, how: Bearing, baked: float, x: float, y: float, unit: float
) -> None:
    part = head(baked)
    albedo = part.albedo.copy()
    paint_eyes(part, albedo, how.lids, how.gaze)
    paint_mouth(part, albedo, how.mouth, how.smile)
    painted = _light(part, albedo, _head_ambient(baked), how.yaw, how.pitch)
    rows, columns = _reach(part, x, y, unit, picture)
    # The maps are smooth: every second point is enough.
    ys, xs = np.mgrid[rows.start : rows.stop : 2, columns.start : columns.stop : 2]
    xs, ys = ((xs - x) / unit).astype(np.float32), ((ys - y) / unit).astype(np.float32)
    c, s = np.float32(math.cos(how.roll)), np.float32(math.sin(how.roll))
    xs, ys = _unturn(part, how, xs * c + ys * s, ys * c - xs * s)
    size = (columns.stop - columns.start, rows.stop - rows.start)
    at_x = _double((xs - part.left) * np.float32(baked), size)
    at_y = _double((ys - part.top) * np.float32(baked), size)
    seen = cv2.remap(painted, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    _over(picture[rows, columns], seen)


def _double(values: Plane, size: tuple[int, int]) -> Plane:
    """Return a plane at twice its size, its first point staying where it is."""
    matrix = np.array(((0.5, 0, 0), (0, 0.5, 0)), np.float32)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(values, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)


def _unturn(part: Part, how: Bearing, x: Plane, y: Plane) -> tuple[Plane, Plane]:
    """Return which point of the turned head is seen at each place (fixed-point iteration)."""
    c, s = np.float32(math.cos(how.yaw)), np.float32(math.sin(how.yaw))
    nod = np.float32(math.sin(how.pitch))
    seen_x, seen_y = x, y
    for _ in range(3):
        depth = cv2.remap(
            part.depth, (seen_x - part.left) * part.unit, (seen_y - part.top) * part.unit,
            cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip
        seen_x, seen_y = (x - depth * s) / c, y - depth * nod
    return seen_x, seen_y


def _reach(part: Part, x: float, y: float, unit: float, picture: Pixels) -> tuple[slice, slice]:
    """Return the rows and columns of a picture that a part round (x, y) may touch."""
    height, width = part.cover.shape
    right, bottom = part.left + width / part.unit, part.top + height / part.unit
    far = 0.3 + math.hypot(max(-part.left, right), max(-part.top, bottom))
    x0, x1 = max(0, int(x - far * unit)), min(picture.shape[1], int(x + far * unit))
    y0, y1 = max(0, int(y - far * unit)), min(picture.shape[0], int(y + far * unit))
    return slice(y0, max(y0, y1)), slice(x0, max(x0, x1))


def _path(part: Part, x: float, y: float, roll: float, unit: float) -> NDArray[np.float64]:
    """Return the affine map from a part's pixels to the picture's; the origin goes to (x, y)."""
    scale = unit / part.unit
    c, s = scale * math.cos(roll), scale * math.sin(roll)
    left, top = part.left * part.unit, part.top * part.unit
    return np.array(((c, -s, x + c * left - s * top), (s, c, y + s * left + c * top)))


def _compose(picture: Pixels, painted: _Painted, path: NDArray[np.float64]) -> None:
    """Paint a part over the picture in place, mapped affinely."""
    height, width = painted.shape[:2]
    corners = np.array(((0, 0, 1), (width, 0, 1), (0, height, 1), (width, height, 1))) @ path.T
    x0, y0 = np.maximum(np.floor(corners.min(0)), 0).astype(int)
    x1, y1 = np.minimum(np.ceil(corners.max(0)), picture.shape[1::-1]).astype(int)
    if x0 >= x1 or y0 >= y1:
        return
    path = path - ((0, 0, x0), (0, 0, y0))
    seen = cv2.warpAffine(painted, path, (int(x1 - x0), int(y1 - y0)), flags=cv2.INTER_LINEAR)
    _over(picture[y0:y1, x0:x1], seen)


def _over(below: Pixels, painted: _Painted) -> None:
    """Paint what is already multiplied by its cover over a view of the picture in place."""
    clear = cv2.bitwise_not(painted[..., 3])
    left = cv2.multiply(below, cv2.merge((clear, clear, clear)), scale=1 / 255)
    below[:] = cv2.add(left, cv2.cvtColor(painted, cv2.COLOR_RGBA2RGB))


@functools.lru_cache(maxsize=4)
def _noise(height: int, width: int) -> NDArray[np.int16]:
    random = np.random.default_rng(17)
    grain = random.normal(0, 1.6, (height + 64, width + 64, 1))
    tint = random.normal(0, 0.8, (height + 64, width + 64, 3))
    return np.round(grain + tint).astype(np.int16)


def _with_grain(picture: Pixels, t: float) -> Pixels:
    """Return the picture with a sensor's noise, which depends on the time alone."""
    height, width = picture.shape[:2]
    dx, dy = np.random.default_rng(abs(round(t * 1000))).integers(0, 64, 2)
    noise = _noise(height, width)[dy : dy + height, dx : dx + width]
    return cv2.add(picture, noise, dtype=cv2.CV_8U)
