"""Where a fire burns: a bed of coals, a campfire, candles, a field of lava."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes import paint
from endlessdreams_cam.engines.scenes.mood import Light, Mood, mix, scale
from endlessdreams_cam.engines.scenes.paint import Array
from endlessdreams_cam.engines.scenes.worlds.conifer_parts import Kind, conifer, resized, stamp
from endlessdreams_cam.engines.scenes.worlds.film_parts import linear
from endlessdreams_cam.engines.scenes.worlds.fire_bed_parts import coals, crust, logs
from endlessdreams_cam.engines.scenes.worlds.fire_candle_parts import Wick
from endlessdreams_cam.engines.scenes.worlds.fire_parts import Burn
from endlessdreams_cam.frame import Size


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that burns hotter: at x, `wide` widths, breathing with a period in seconds."""

    x: float
    wide: float
    heat: float
    period: float
    phase: float


@dataclass(frozen=True, slots=True)
class Place:
    """A place where a fire burns; planes are of the picture's size.

    top: where its ground begins, 0…1 of the height; shape: where fuel may lie, 0…1; open: where
    flames are seen, 0…1; glow: the ground's own heat; ash: what the flames' light shows. low: how
    hot all of it burns, spots: what burns hotter; sparks per second; endless: it goes on sideways;
    around: firelight reaches everything alike (1) or only what is below flames (0). scenery: what
    stands behind, linear light. lava: a tile of cracks that flows instead of lying still. breath:
    how far the ground's glow comes and goes. kindles: how far a person burns here; feet: between
    which heights the ground hides them.
    """

    top: float
    shape: Array
    open: Array
    glow: Array
    ash: Array
    low: float = 0.5
    spots: tuple[Spot, ...] = ()
    sparks: float = 42.0
    burn: Burn = field(default_factory=Burn)
    endless: bool = True
    around: float = 0.0
    scenery: Array | None = None
    wicks: tuple[Wick, ...] = ()
    lava: Array | None = None
    breath: float = 1.0
    kindles: float = 1.0
    feet: tuple[float, float] = (0.90, 0.98)

    def heat_along(self, t: float, pan: float, width: int) -> Array:
        """Return how hot the fuel is across the picture, (width,)."""
        x = np.linspace(0, 1, width, dtype=np.float32)
        heat = np.full(width, self.low, np.float32)
        for spot in self.spots:
            now = spot.heat * (0.75 + 0.25 * math.sin(t * math.tau / spot.period + spot.phase))
            drift = 0.3 * spot.wide * math.sin(t * math.tau / (spot.period * 2.3) + spot.phase)
            away = (x - spot.x - drift - pan + 0.5) % 1 - 0.5
            heat += now * np.exp(-((away / spot.wide) ** 2))
        return np.minimum(heat, 1.1)


def place_for(size: Size, mood: Mood, light: Light, random: np.random.Generator) -> Place:
    """Return the place that the mood's words ask for."""
    if mood.says("candle", "candles", "candlelight"):
        return _candles(size, random)
    if mood.says("campfire", "bonfire", "hearth", "fireplace", "logs"):
        return _campfire(size, mood, light, random)
    if mood.says("lava", "magma", "volcano"):
        return _lava(size, light, random)
    return _bed(size, mood, random)


def _spots(random: np.random.Generator, count: int, hot: tuple[float, float]) -> tuple[Spot, ...]:
    """Return hot spots across the picture, the middle ones lower: somebody may stand there."""
    found = []
    for k in range(count):
        x = (k + random.uniform(0.2, 0.8)) / count
        share = 1 - 0.45 * math.exp(-(((x - 0.5) / 0.2) ** 2))
        found.append(
            Spot(x, random.uniform(0.025, 0.06), random.uniform(*hot) * share,
                 random.uniform(5, 17), random.uniform(0, math.tau))
        )  # fmt: skip
    return tuple(found)


def _bed(size: Size, mood: Mood, random: np.random.Generator) -> Place:
    """Flames along a bed of coals: higher at the sides than in the middle."""
    top = 0.80 + 0.03 * random.random()
    calm = mood.says("embers", "coals", "glut")
    if calm:
        top -= 0.07
    heat, ash = coals(size, random, top)
    ground = top + 0.015 + 0.08 * paint.fbm(random, Size(256, 8), cells=11, octaves=3)[0]
    shape, seen = _strip(size, cv2.resize(ground[None], (size.width, 1))[0])
    place = Place(top, shape, seen, heat, ash, spots=_spots(random, 7, (0.3, 0.7)))
    if calm:
        quiet = tuple(replace(spot, heat=0.75 * spot.heat) for spot in place.spots)
        return replace(place, low=0.38, spots=quiet, sparks=60)
    if mood.says("inferno", "hell", "wildfire", "blaze"):
        return replace(place, low=0.85, sparks=55, burn=Burn(cooling=0.45, buoyancy=4.8))
    return place


def _strip(size: Size, ground: Array) -> tuple[Array, Array]:
    """Return fuel along a line across the picture, and where flames stand before it."""
    _, ys = paint.grid(size)
    below = ys - ground
    shape = np.clip(below * 9 + 1, 0, 1) * np.clip((0.2 - below) * 25, 0, 1)
    return shape.astype(np.float32), 1 - 0.97 * paint.smoothstep(0.0, 0.07, below)


def _campfire(size: Size, mood: Mood, light: Light, random: np.random.Generator) -> Place:
    """Logs that burn in a clearing at night, firs around."""
    big = mood.says("bonfire")
    reach = 0.20 if big else 0.125
    middle = 0.5 + random.uniform(-0.03, 0.03)
    foot = 0.90
    glow, ash, cover = logs(size, random, (middle, foot), reach)
    xs, ys = paint.grid(size)
    away = (xs - middle) / (0.62 * reach)
    pile = foot - 0.02 - (0.20 if big else 0.12) * np.maximum(1 - away * away, 0)
    below = ys - pile
    shape = np.clip(below * 9 + 1, 0, 1) * np.clip((0.16 - below) * 25, 0, 1)
    shape *= np.clip((1.15 - np.abs(away)) * 4, 0, 1)
    scenery, trees = _clearing(size, light, random)
    distance = np.hypot((xs - middle) * size.width / size.height, (ys - foot) * 1.6)
    low = Size(size.width, max(size.height // 3, 16))
    soil = cv2.resize(paint.fbm(random, low, cells=40, octaves=5), size)
    hills = cv2.resize(paint.fbm(random, Size(256, 8), cells=6, octaves=3)[:1], (size.width, 1))
    ground = paint.smoothstep(0.0, 0.012, ys - 0.875 + 0.03 * hills)
    scenery *= 1 - ground[..., None]
    lit = 1.5 / (1 + (distance / 0.27) ** 2) * ground * (0.15 + soil * soil)
    free = np.clip(1 - 3 * (ash + glow), 0, 1)
    ash = ash + lit * free + trees * 1.9 / (1 + (distance / 0.75) ** 2) * (1 - ground)
    return Place(
        0.74, shape.astype(np.float32), 1 - 0.9 * cover, glow, ash.astype(np.float32),
        low=0.95, spots=(), sparks=40, endless=False, around=1.0, scenery=scenery,
        burn=Burn(buoyancy=5.2 if big else 4.2, cooling=0.5 if big else 0.75),
        kindles=0.8, feet=(0.74, 0.88),
    )  # fmt: skip


def _clearing(size: Size, light: Light, random: np.random.Generator) -> tuple[Array, Array]:
    """Return a night sky between firs (linear light), and the firs' sides that face the fire."""
    width, height = size
    low = scale(mix(light.horizon, light.haze, 0.5), 0.6)
    night = [linear(c) for c in (scale(light.zenith, 0.5), scale(light.middle, 0.5), low)]
    at = np.linspace(0, 1.15, height)
    rows = [np.interp(at, (0, 0.6, 1), [stop[c] for stop in night]) for c in range(3)]
    sky = np.broadcast_to(np.stack(rows, 1)[:, None], (height, width, 3)).astype(np.float32)
    sky = sky.copy()
    x, y = random.integers(0, width, 260), random.integers(0, int(0.7 * height), 260)
    sky[y, x] += light.night * (0.03 + 0.5 * random.random((260, 1)) ** 5).astype(np.float32)
    trees = np.zeros((2, height, width), np.float32)
    kinds = [conifer(random, Kind.SPRUCE if n else Kind.FIR, max(height // 2, 24)) for n in (0, 1)]
    for layer, (tall, dark) in enumerate(((0.42, 0.35), (0.62, 0.6), (0.98, 1.0))):
        for k in range(11 - 3 * layer):
            x_at = (k + random.uniform(0.1, 0.9)) / (11 - 3 * layer)
            open_view = math.exp(-(((x_at - 0.5) / (0.10 + 0.09 * layer)) ** 2))
            high = tall * random.uniform(0.75, 1.1) * (1 - 0.55 * open_view)
            if layer == 2 and abs(x_at - 0.5) < 0.3:
                continue
            tree = resized(kinds[k % 2], high * height)
            tree[1] *= dark
            stamp(trees, tree, x_at * width, 0.9 * height)
    sky *= cv2.merge((1 - trees[0],) * 3)
    return sky, trees[1]


def _candles(size: Size, random: np.random.Generator) -> Place:
    """Candles at several depths, lights out of focus behind them."""
    width, height = size
    xs, ys = paint.grid(size)
    aspect = width / height
    glow, ash = np.zeros((2, height, width), np.float32)
    seen = np.ones((height, width), np.float32)
    wicks = []
    depth = random.permutation(7)
    for k in np.argsort(depth):
        near = 0.5 + 0.5 * float(depth[k]) / 6
        x = 0.5 + (k - 3 + random.uniform(-0.25, 0.25)) * 0.135
        top = 0.86 - 0.26 * near * random.uniform(0.55, 1.0) + 0.06 * (abs(k - 3) < 2)
        half = 0.06 * near
        across = (xs - x) * aspect / half
        rim = top - 0.010 * near * np.cos(across * 1.5)
        body = np.clip((1 - np.abs(across)) * half * height, 0, 1)
        body *= np.clip((ys - rim) * height, 0, 1)
        down = np.maximum(ys - top, 0)
        wax = (0.16 + 0.56 * np.exp(-down / (0.11 * near))) * (1 - 0.34 * across * across)
        drip = paint.fbm(random, Size(64, 16), cells=9, octaves=2)[4]
        wax *= 0.86 + 0.26 * np.interp(across, np.linspace(-1, 1, 64), drip)
        glow += (np.clip(wax, 0, 1) * (0.55 + 0.45 * near) - glow) * body
        seen *= 1 - body
        wicks.append(Wick(x, top + 0.008, 0.20 * near, random.uniform(0, 99)))
    return Place(
        0.52, np.zeros((height, width), np.float32), seen, glow, ash, low=0.0, sparks=1.5,
        endless=False, scenery=_bokeh(size, random), wicks=tuple(wicks), breath=0.12,
        kindles=0.4,
    )  # fmt: skip


def _bokeh(size: Size, random: np.random.Generator) -> Array:
    """Return lights far out of focus, linear."""
    light = np.zeros((size.height, size.width, 3), np.float32)
    for _ in range(30):
        radius = size.height * random.uniform(0.025, 0.075)
        x, y = random.uniform(0, size.width), size.height * random.uniform(0.05, 0.8)
        side = int(radius) + 3
        disc = paint.disc(Size(2 * side, 2 * side), side, side, radius, 2.0)
        disc *= 0.8 + 0.2 * (1 - paint.disc(Size(2 * side, 2 * side), side, side, 0.86 * radius, 3))
        strength = random.uniform(0.02, 0.10)
        colour = np.array((1.0, random.uniform(0.26, 0.45), random.uniform(0.03, 0.10)), np.float32)
        x0, y0 = int(x) - side, int(y) - side
        part = light[max(y0, 0) : y0 + 2 * side, max(x0, 0) : x0 + 2 * side]
        cut = disc[max(-y0, 0) :, max(-x0, 0) :][: part.shape[0], : part.shape[1]]
        part += cut[..., None] * (colour * strength)
    return light


def _lava(size: Size, light: Light, random: np.random.Generator) -> Place:
    """A field of lava under a crust that drifts and cracks, a volcano far behind."""
    top = 0.60
    xs, ys = paint.grid(size)
    ground = np.full(size.width, 0.94, np.float32)
    shape, _ = _strip(size, ground)
    far = paint.smoothstep(top - 0.002, top + 0.01, ys)
    cracks, grain = crust(Size(256, 256), random, 9)
    tile = np.clip(cracks * 1.5 + 0.30 * grain, 0, 1)
    summit = 0.5 + random.choice((-1, 1)) * random.uniform(0.1, 0.25)
    away = np.abs(xs - summit)
    rough = paint.fbm(random, Size(size.width, 8), cells=14, octaves=4)[3]
    slope = 0.27 + 1.05 * np.maximum(away - 0.022, 0) ** 0.86 + 0.02 * rough
    cone = np.clip((ys - slope) * size.height, 0, 1) * (1 - far)
    sky = linear(scale(mix(light.horizon, (0.55, 0.10, 0.06), 0.65), 0.34))
    dusk = np.array(sky, np.float32) * (1.6 * (ys[..., None] / top) ** 2.2)
    burst = 0.46 / (1 + ((np.hypot(away * 1.8, ys - 0.26)) / 0.06) ** 2)
    dusk = dusk + burst[..., None] * np.array((1.0, 0.22, 0.05), np.float32)
    scenery = dusk * ((1 - cone) * (1 - far))[..., None]
    streams = np.exp(-(((xs - summit - 0.03 * np.sin(ys * 40) * (ys - 0.27)) / 0.006) ** 2))
    glow = 0.95 * streams * cone * np.clip(1 - (ys - 0.27) / 0.33, 0, 1)
    return Place(
        top, shape, 1 - 0.0 * xs, glow.astype(np.float32), np.zeros_like(xs), low=0.06,
        spots=_spots(random, 8, (0.2, 0.55)), sparks=30, around=1.0,
        scenery=scenery.astype(np.float32), lava=tile.astype(np.float32),
    )  # fmt: skip
