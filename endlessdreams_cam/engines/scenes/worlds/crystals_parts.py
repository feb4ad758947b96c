"""What crystals are made of: their colours, and the light that breaks inside them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes.mood import Colour, Light, Mood, luminance, mix, scale
from endlessdreams_cam.engines.scenes.paint import Array, fbm
from endlessdreams_cam.frame import Size

Pixels8 = NDArray[np.uint8]
FIRE = 512
"""The side of the square in which a gem's inner light is painted; it tiles."""


@dataclass(frozen=True, slots=True)
class Gem:
    """A stone: its colour in the depths, in its body, at thin edges, and what glows within."""

    deep: Colour
    body: Colour
    pale: Colour
    glow: Colour


def _gem(codes: str) -> Gem:
    parts = [
        (int(c[:2], 16) / 255, int(c[2:4], 16) / 255, int(c[4:], 16) / 255) for c in codes.split()
    ]
    return Gem(*parts)


_STONES: dict[str, Gem] = {
    "amethyst": _gem("23083f 8a3ff0 e3c4ff ff5fd0"),
    "ice": _gem("06233f 49b4ee dff8ff 6ae0ff"),
    "emerald": _gem("03291f 12c48a c8ffe6 7dffb8"),
    "ruby": _gem("3a0414 f0355f ffc9d2 ff8a4d"),
    "sapphire": _gem("061046 3766ff c8dcff 58b8ff"),
    "topaz": _gem("3a1206 ff8f3c ffe2b8 ff5f7a"),
    "rose": _gem("3a1030 ff86b4 ffe4ee ffb08a"),
    "diamond": _gem("141c34 a8c4f0 ffffff a8d8ff"),
}
_BY_SEED = ("amethyst", "ice", "ruby", "emerald", "sapphire", "rose", "topaz", "diamond")
_MATES = {
    "amethyst": "rose",
    "ice": "sapphire",
    "ruby": "topaz",
    "emerald": "ice",
    "sapphire": "amethyst",
    "rose": "amethyst",
    "topaz": "ruby",
    "diamond": "ice",
}
_SAID = {
    "amethyst": ("amethyst", "violet", "purple"),
    "ice": ("ice", "icicle", "frozen", "glass", "frost"),
    "emerald": ("emerald", "emeralds", "jade"),
    "ruby": ("ruby", "garnet"),
    "sapphire": ("sapphire", "azure"),
    "topaz": ("topaz", "amber", "gold", "treasure"),
    "rose": ("quartz", "opal", "pearl"),
    "diamond": ("diamond", "diamonds", "silver", "chandelier"),
}


def gems_for(mood: Mood) -> tuple[Gem, Gem]:
    """Return the stones of a mood: what most crystals are, and some between them."""
    name = _BY_SEED[mood.seed % len(_BY_SEED)]
    name = next((stone for stone, words in _SAID.items() if mood.says(*words)), name)
    first, second = _STONES[name], _STONES[_MATES[name]]
    ramp, strength = mood.palette.ramp, mood.palette.strength
    if not ramp:
        return first, second
    last = len(ramp) - 1
    wished = Gem(
        scale(ramp[min(1, last)], 0.8), ramp[last * 3 // 5], ramp[last], ramp[last * 4 // 5]
    )
    other = Gem(ramp[0], ramp[last * 2 // 5], ramp[last], ramp[last * 3 // 5])
    return _blend(first, wished, strength), _blend(second, other, strength)


def _blend(a: Gem, b: Gem, u: float) -> Gem:
    return Gem(
        mix(a.deep, b.deep, u),
        mix(a.body, b.body, u),
        mix(a.pale, b.pale, u),
        mix(a.glow, b.glow, u),
    )


def fire(random: np.random.Generator, day: float) -> Array:
    """Return what is seen inside a stone, grey light 0…1.3: (2 FIRE, FIRE), tiling.

    Facets seen through facets: long splinters of light and dark along the stone, veils, and the
    thin bright lines where faces meet; brighter all over by day. The lower half is a calm one.
    """
    inner = np.full((FIRE, FIRE), 0.22 + 0.2 * day, np.float32)
    for _ in range(150):
        _splinter(random, inner, random.uniform(0.0, 0.75) ** 1.4 + 0.12 * day)
    inner = _soften(inner, 1.2)
    for _ in range(26):
        _splinter(random, inner, random.uniform(0.8, 1.25), thin=True)
    inner *= 0.72 + 0.55 * fbm(random, Size(FIRE, FIRE), cells=6, octaves=4, gain=0.6)
    inner = _soften(inner, 0.8)
    return np.concatenate((inner, 0.6 + 0.36 * (inner - 0.45)))


def _soften(tile: Array, sigma: float) -> Array:
    """Blur a tile without opening a seam: what leaves at one side comes in at the other."""
    margin = 4
    wide = cv2.copyMakeBorder(tile, margin, margin, margin, margin, cv2.BORDER_WRAP)
    return cv2.GaussianBlur(wide, (0, 0), sigma)[margin:-margin, margin:-margin]


def _splinter(
    random: np.random.Generator, inner: Array, level: float, *, thin: bool = False
) -> None:
    """Draw one splinter of light, tall rather than wide."""
    x, y = random.uniform(0, FIRE, 2)
    wide = random.uniform(2, 5) if thin else random.uniform(14, 70)
    tall = random.uniform(50, 230)
    lean = random.normal(0, 0.16) * tall
    corners = np.array(
        [
            (x, y),
            (x + wide, y + random.normal(0, 18)),
            (x + wide + lean, y + tall),
            (x + lean + random.normal(0, 8), y + tall + random.normal(0, 18)),
        ]
    )
    for shift_x in (0, -FIRE, FIRE):
        for shift_y in (0, -FIRE):
            points = np.rint(np.add(corners, (shift_x, shift_y))).astype(np.int32)
            cv2.fillConvexPoly(inner, points, level)


def day_of(light: Light) -> float:
    """Return how much the place is a bright studio rather than a cave, 0…1."""
    return (1 - light.night) * (1 - 0.75 * light.dusk) * min(1.0, luminance(light.key) * 1.1)
