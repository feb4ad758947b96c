"""The colours that words ask for: ramps from dark to light that look good together.

Darks lean to blue, violet or red, never to olive or mustard, so that every palette makes a good
night too.
"""

from __future__ import annotations

from endlessdreams_cam.engines.scenes.mood import Colour, Palette, mix

_RAMPS = {
    "amber": "190b14 4a1f24 964a2a dc8c42 f7bf78 ffefd0",
    "autumn": "1d0b12 51181a 9c3a1c d9762a f0b050 fde9b5",
    "candy": "3a1656 8a2f9e e65aa8 ff9fb0 ffd2a8 fff6d8",
    "cobalt": "030a24 0a2468 1a4bb5 4a86e8 9cc2fa eaf4ff",
    "copper": "1c0a14 532019 a5431f ea7b33 fbb36e ffe9cd",
    "coral": "0d1a2e 2a4a66 7a6f86 e8836f f9b79f ffeede",
    "crimson": "16040a 4a0818 97122b d93a3f f58573 ffdfcc",
    "deep": "020b1f 07284d 0b5480 1f8fb0 74cbd4 e0faf3",
    "ember": "120508 3d0c11 8c1c13 e2501a ff9a3c ffe3a8",
    "emerald": "04140f 0a3a2c 0f6b4c 2aa574 84dba9 e4fbe8",
    "gold": "1a0c1c 4b1f2c 9a4a2c e0954a f9cc84 fff2d6",
    "ice": "06142a 123a66 2d75ad 74b7dc bfe5f2 f6feff",
    "jade": "05130f 10392c 2b6b4a 5fa36f a9d49b eef8dd",
    "lavender": "17112e 3d2f6b 7a62ac b297d6 dcc7ee faf2ff",
    "magenta": "16051f 480d4f 9a1683 e545a5 fb94c4 ffe4f0",
    "monochrome": "08090b 26282c 55585e 8f9297 c9cbce f7f7f5",
    "neon": "07051d 2a0b5e 7d12b8 f02fa8 3fd0f5 d9fbff",
    "pastel": "5c6096 9a86c0 d79fc8 f5bfc0 fbdcc4 fdf5e2",
    "pearl": "2a2e42 5f6580 9a9fb4 c8cad6 e6e5e9 fdfbf7",
    "prism": "1b0b4a 4a22b0 c02f9a ff6a5a ffc45a eaffd8",
    "rose": "1d0a1c 4d1836 9c2f5a e0648a f7a8b8 ffe6e4",
    "sakura": "2a1030 63335f b5618d ee9fb7 fbd0d5 fff3ee",
    "sand": "23121c 5d2f2e a45f40 d99a62 f0cc98 fdf0d6",
    "sepia": "1b0f0d 45291f 7b4f38 b58763 dfbf97 f8ebd2",
    "silver": "080b1a 1e2747 47577f 8494b8 c3cfe2 f5f8ff",
    "sunset": "150b33 4b1a5e a42d6b f0604d ffa95a ffe7b0",
    "teal": "03151c 08394a 0d6d78 2fa9a4 8fdccb e8fbf2",
    "toxic": "060a14 12303c 167a55 4fd64a b0ff5a f3ffd0",
    "vaporwave": "120a35 40208a a03fb8 f272b6 7fd8e8 eafcff",
    "violet": "0d0720 2a1258 5b2a9d 9757d6 cda2f0 f6e8ff",
}

_STRENGTHS = {"monochrome": 1.0, "sepia": 0.95, "pearl": 0.5, "pastel": 0.75, "prism": 0.6}
_USUAL = 0.72


def _colour(code: str) -> Colour:
    red, green, blue = (int(code[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return (red, green, blue)


PALETTES: dict[str, Palette] = {
    name: Palette(
        name, tuple(_colour(code) for code in codes.split()), _STRENGTHS.get(name, _USUAL)
    )
    for name, codes in _RAMPS.items()
}
"""Every palette by its name."""


def palette(names: list[str]) -> Palette:
    """Return the palette of the first two colour names; none for none.

    Of two ("rose and gold") the first gives the shadows and the second the lights.
    """
    if not names:
        return Palette()
    first = PALETTES[names[0]]
    second = PALETTES[names[1]] if len(names) > 1 and names[1] != names[0] else None
    if second is None:
        return first
    steps = len(first.ramp) - 1
    ramp = tuple(
        mix(dark, light, _late(n / steps))
        for n, (dark, light) in enumerate(zip(first.ramp, second.ramp, strict=True))
    )
    return Palette(f"{first.name}+{second.name}", ramp, (first.strength + second.strength) / 2)


def _late(u: float) -> float:
    """Hold the first colour through the shadows, then step softly to the second."""
    u = min(max((u - 0.25) / 0.5, 0.0), 1.0)
    return u * u * (3 - 2 * u)
