"""The room behind the rendered sitter: a window, curtains, a shelf, a lamp, painted once."""

from __future__ import annotations

import functools

import cv2
import numpy as np

from endlessdreams_cam.frame import Pixels
from endlessdreams_cam.sources.portrait.clay import Picture, Plane, mix

_W, _H = 1280, 720
_WINDOW = (90, 398, 60, 452)  # left, right, top, bottom
_BOOKS = ((0.42, 0.18, 0.14), (0.16, 0.24, 0.34), (0.55, 0.48, 0.36), (0.20, 0.29, 0.22),
          (0.34, 0.30, 0.28))  # fmt: skip


@functools.lru_cache(maxsize=4)
def room(width: int, height: int) -> Pixels:
    """Return the empty room, painted at 1280 × 720 and resized."""
    random = np.random.default_rng(11)
    picture = _wall(random)
    _paint_window(picture, random)
    _paint_shelves(picture, random)
    _paint_lamp(picture)
    picture = cv2.GaussianBlur(picture, (0, 0), 2.2)  # the camera focuses on the person
    halo = cv2.GaussianBlur(np.maximum(picture - 0.75, 0), (0, 0), 40)
    pixels = cv2.convertScaleAbs(np.clip(picture + 0.7 * halo, 0, 1), alpha=255)
    return cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)


def _noise(random: np.random.Generator, width: int, height: int, cells: int) -> Plane:
    lattice = random.random((max(2, cells * height // width) + 2, cells + 2), np.float32)
    return cv2.resize(lattice, (width, height), interpolation=cv2.INTER_CUBIC) - np.float32(0.5)


def _wall(random: np.random.Generator) -> Picture:
    """Return plaster lit from the window's side."""
    ys, xs = np.mgrid[:_H, :_W].astype(np.float32)
    light = 0.80 - 0.30 * xs / _W + 0.10 * np.exp(-(((xs - 280) / 300) ** 2))
    light -= 0.16 * np.clip(ys / _H - 0.35, 0, 1)
    for cells, depth in ((5, 0.05), (24, 0.03), (160, 0.035)):
        light *= 1 + depth * _noise(random, _W, _H, cells)
    return np.array((0.66, 0.60, 0.53), np.float32) * light[..., None]


def _paint_window(picture: Picture, random: np.random.Generator) -> None:
    left, right, top, bottom = _WINDOW
    picture[top:bottom, left:right] = _view(right - left, bottom - top, random)
    picture[bottom : bottom + 18, left - 26 : right + 26] = (0.82, 0.82, 0.80)
    shadow = picture[bottom + 18 : bottom + 40, left - 26 : right + 26]
    shadow *= np.linspace(0.55, 1, 22, dtype=np.float32)[:, None, None]
    for x, seed, step in ((6, 1, 1), (right - 24, 2, -1)):
        colour, cover = _curtain(112, 560, seed)
        mix(picture[20:580, x : x + 112], colour[:, ::step], cover[:, ::step])
    cv2.line(picture, (0, 22), (520, 22), (0.22, 0.19, 0.17), 9, cv2.LINE_AA)


def _view(width: int, height: int, random: np.random.Generator) -> Picture:
    """Return sky, clouds and trees through the window, its frame and cross."""
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    view = np.array((0.66, 0.82, 0.98), np.float32) * (1 - down)
    view = view + np.array((0.90, 0.95, 1.0), np.float32) * down
    view = np.repeat(view, width, 1)
    cloud = _noise(random, width, height, 3) + 0.5 * _noise(random, width, height, 7)
    cloud = np.clip(cloud * 3 + 0.1, 0, 1)[..., None]
    view += (1.0 - view) * cloud * 0.8
    trees = down[..., 0] > 0.80 + 0.10 * _noise(random, width, height, 6)
    view[trees] *= np.array((0.55, 0.66, 0.60), np.float32)
    view = cv2.GaussianBlur(view, (0, 0), width * 0.012)
    bar = max(2, round(width * 0.035))
    wood = np.array((0.86, 0.86, 0.84), np.float32)
    view[:, width // 2 - bar : width // 2 + bar] = wood * 0.88
    view[height * 2 // 5 - bar : height * 2 // 5 + bar] = wood * 0.80
    for edge in (np.s_[: 2 * bar], np.s_[-2 * bar :], np.s_[:, : 2 * bar], np.s_[:, -2 * bar :]):
        view[edge] = wood
    return view


def _curtain(width: int, height: int, seed: int) -> tuple[Picture, Plane]:
    x = np.linspace(0, 1, width, dtype=np.float32)[None]
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    random = np.random.default_rng(seed)
    phase = x * 26 + 1.2 * np.sin(x * 9 + random.random() * 6) + 0.5 * np.sin(y * 5 + x * 3)
    fold = 0.5 + 0.5 * np.sin(phase)
    colour = np.array((0.60, 0.62, 0.66), np.float32) * (0.45 + 0.62 * fold)[..., None]
    return colour, np.clip((fold * 0.03 + 1 - x) * 40, 0, 1).astype(np.float32)


def _paint_shelves(picture: Picture, random: np.random.Generator) -> None:
    left, right = round(_W * 0.735), round(_W * 0.985)
    for top in (0.115, 0.345, 0.575):
        board = round(_H * (top + 0.165))
        x = left + 6
        while x < right - 19:
            x += _paint_book(picture, x, board, random) + 1
        picture[board : board + 12, left:right] = (0.36, 0.24, 0.15)
        under = picture[board + 12 : board + 36, left:right]
        under *= np.linspace(0.6, 1, len(under), dtype=np.float32)[:, None, None]


def _paint_book(picture: Picture, x: int, board: int, random: np.random.Generator) -> int:
    """Paint a book, or leave a gap; return how much room it takes."""
    thick = round(_W * random.uniform(0.009, 0.020))
    tall = round(_H * random.uniform(0.085, 0.145))
    if random.random() < 0.16:
        return 2 * thick
    colour = np.array(_BOOKS[random.integers(len(_BOOKS))]) * random.uniform(0.7, 1.15)
    shade = np.sin(np.linspace(0.35, 2.6, thick))[None, :, None]
    picture[board - tall : board, x : x + thick] = colour * shade
    band = board - round(0.8 * tall)
    picture[band : band + 4, x : x + thick] = np.minimum(colour * 1.9, 0.8) * shade
    return thick


def _paint_lamp(picture: Picture) -> None:
    x, top, bottom = 0.672 * _W, 0.40 * _H, 0.555 * _H
    corners = np.array([(x - 34, top), (x + 34, top), (x + 58, bottom), (x - 58, bottom)])
    mask = np.zeros((_H, _W), np.uint8)
    cv2.fillPoly(mask, [np.round(corners * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    ys, xs = np.ogrid[:_H, :_W]
    dx, dy = xs - x, ys - (top + bottom) / 2
    lit = 0.66 + 0.34 * np.exp(-((dx / 50) ** 2) - (dy / 60) ** 2)
    shade = np.array((1.0, 0.80, 0.52), np.float32) * lit[..., None].astype(np.float32)
    mix(picture, shade, mask.astype(np.float32) / 255)
    foot = (round(x), round(bottom)), (round(x), _H)
    cv2.line(picture, *foot, (0.16, 0.13, 0.11), 9, cv2.LINE_AA)
    pool = np.exp(-((dx / 190) ** 2) - (dy / 150) ** 2).astype(np.float32)
    picture += pool[..., None] * np.array((0.20, 0.13, 0.055), np.float32)
