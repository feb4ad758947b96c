"""The sea in perspective: swell, ripples finer toward the horizon, what they mirror.

A flat sea is seen from a height of some metres; every pixel below the horizon is a place on it.
Trains of swell (Gerstner's crests, deep-water dispersion ω² = gk) tilt it; ripples come from one
tile of a wave spectrum, sampled at the octave that a row of pixels can show, so that nothing
flickers toward the horizon. A tilted facet mirrors another part of the sky; where it mirrors the
sun, it glints (Cox and Munk, 1954: the distribution of slopes draws the glitter path).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes import paint
from endlessdreams_cam.engines.scenes.mood import Colour
from endlessdreams_cam.engines.scenes.world import Plane
from endlessdreams_cam.engines.scenes.worlds.land_parts import Planes
from endlessdreams_cam.frame import Size

_GRAVITY = 9.81
_EYE_M = 6.0  # how high the viewer stands
_FOCAL = 1.25  # in heights
_TILE = 256


@dataclass(frozen=True, slots=True)
class Slopes:
    """The sea's surface at a moment, planes of its rows: tilt sideways and toward the viewer.

    height: of the swell, about −1 … 1. lace: foam's pattern 0…1.
    """

    side: Plane
    ahead: Plane
    height: Plane
    lace: Plane


def ripples(random: np.random.Generator) -> NDArray[np.float32]:
    """Return a tile of (slope sideways, slope ahead, lace of foam, 0), slopes of variance 1."""
    side = np.fft.fftfreq(_TILE, 1 / _TILE)
    kx, ky = np.meshgrid(side, side)
    k = np.hypot(kx, ky) + 1e-9
    spread = 0.25 + (ky / k) ** 2
    power = np.where(
        k > 5, k**-1.9 * spread * np.exp(-((k / 58) ** 2)) * (1 - np.exp(-((k / 18) ** 2))), 0.0
    )
    noise = random.normal(size=(2, _TILE, _TILE))
    waves = (noise[0] + 1j * noise[1]) * power
    across = np.fft.ifft2(1j * kx * waves).real
    ahead = np.fft.ifft2(1j * ky * waves).real
    across, ahead = across / across.std(), ahead / ahead.std()
    return cv2.merge([plane.astype(np.float32) for plane in (across, ahead, _lace(random), ahead)])


def _lace(random: np.random.Generator) -> Plane:
    """Return a net of foam, 0…1: bright along the borders of cells of many sizes."""
    tile = Size(_TILE, _TILE)
    total = np.zeros((_TILE, _TILE), np.float32)
    for spacing, share in ((21.0, 0.5), (9.0, 0.5)):
        count = round(_TILE / spacing)
        jitter = random.uniform(0, 1, (2, count, count))
        at = (
            (np.arange(count) + jitter[0]) * _TILE / count,
            (np.arange(count)[:, None] + jitter[1]) * _TILE / count,
        )
        points = np.full((_TILE, _TILE), 255, np.uint8)
        points[at[1].astype(int) % _TILE, at[0].astype(int) % _TILE] = 0
        pad = 40
        wide = cv2.copyMakeBorder(points, pad, pad, pad, pad, cv2.BORDER_WRAP)
        far = cv2.distanceTransform(wide, cv2.DIST_L2, 5)[pad:-pad, pad:-pad]
        total += share * np.clip(far / (spacing * 0.75), 0, 1) ** 1.8
    bend = (paint.fbm(random, tile, cells=8, octaves=4) - 0.5) * 22
    ys, xs = np.mgrid[:_TILE, :_TILE].astype(np.float32)
    bent = cv2.remap(total, xs + bend, ys - bend, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    return np.clip(bent * (0.35 + 1.2 * paint.fbm(random, tile, cells=4, octaves=4)), 0, 1)


class Surface:
    """The sea's geometry in a picture, and its motion."""

    def __init__(self, random: np.random.Generator, size: Size, horizon: int) -> None:
        """Take the horizon's row."""
        self.size = Size(size.width, size.height - horizon)
        self._half = Size(max(8, size.width // 2), max(8, self.size.height // 2))
        self._focal = _FOCAL * size.height
        below = np.arange(self.size.height, dtype=np.float32)[:, None] + 0.7
        self.drop = below / self._focal
        """The angle under the horizon of each row, (rows, 1)."""
        self.far = _EYE_M / self.drop
        """How far away each row is, in metres, (rows, 1)."""
        self._swell(random)
        self._octaves(random)

    def _swell(self, random: np.random.Generator) -> None:
        """Lay four trains of swell, each of two waves that beat, at half size."""
        drop = cv2.resize(self.drop, (1, self._half.height), interpolation=cv2.INTER_AREA)
        far = (_EYE_M / drop).astype(np.float32)
        columns = (np.arange(self._half.width, dtype=np.float32) + 0.5) / self._half.width - 0.5
        across = columns * (self.size.width / self._focal) * far
        per_row = far * far / (_EYE_M * self._focal) * (self.size.height / self._half.height)
        course = random.uniform(-0.5, 0.5)
        self._waves = []
        for length, tall, spread in (
            (34, 0.50, 0.15),
            (19, 0.32, 0.35),
            (10.5, 0.17, 0.6),
            (5.6, 0.10, 0.9),
        ):
            for _ in range(2):
                metres = length * random.uniform(0.84, 1.19)
                angle = course + random.uniform(-1, 1) * spread
                k = math.tau / metres
                kx, kz = k * math.sin(angle), -k * math.cos(angle)
                # Waves that a row of pixels cannot show are left to the ripples.
                seen = paint.smoothstep(2.2, 6.0, metres / per_row)
                phase = across * kx + far * kz + np.float32(random.uniform(0, math.tau))
                amplitude = tall * 0.5
                self._waves.append(
                    (phase, math.sqrt(_GRAVITY * k), kx, kz, (amplitude * seen).astype(np.float32))
                )
        self._lift = (far / _EYE_M).astype(np.float32)

    def _octaves(self, random: np.random.Generator) -> None:
        """Find where in the tile of ripples each pixel looks: two octaves and their blend."""
        size = self.size
        self._tile = ripples(random)
        per_row = self.far**2 / (_EYE_M * self._focal)
        # From one octave to the next ripples are twice as long, and half as wide again as long:
        # on the picture they keep their width, and are as flat as perspective makes them.
        level = np.log2(per_row / per_row[-1])
        low = np.floor(level)
        share = np.repeat(level - low, size.width, 1).astype(np.float32)
        self._shares = (1 - share, share)
        unit = size.width / 640
        columns = (np.arange(size.width, dtype=np.float32) - size.width / 2)[None] / unit
        self._looks = []
        for octave in (low, low + 1):
            narrow = np.exp2(-0.38 * octave).astype(np.float32)
            across = columns * (self.far / self.far[-1]) * (0.42 * narrow) + 71.3 * octave
            ahead = self.far / per_row[-1] * (0.85 / unit) * np.exp2(-0.93 * octave) + 37.7 * octave
            self._looks.append((np.mod(across, _TILE).astype(np.float32), ahead, narrow))
        # Wrapped here and padded there: remap is slow beyond its picture.
        self._tile = cv2.copyMakeBorder(self._tile, 0, 2, 0, _TILE + 2, cv2.BORDER_WRAP)
        shape = (size.height, size.width)
        self._ahead = np.empty(shape, np.float32)
        self._across = np.empty(shape, np.float32)
        self._seen = [np.empty((*shape, 4), np.float32) for _ in range(4)]
        # New arrays of this size cost page faults: what is worked on is kept.
        self._kept = [np.empty(shape, np.float32) for _ in range(6)]
        # Far off a pixel holds many facets, and shows only their mean.
        near = paint.smoothstep(0.0, 0.16, self.drop / self.drop[-1])
        self._fine = np.repeat(0.40 + 0.60 * near, size.width, 1).astype(np.float32)

    def at(self, t: float, run: float, swell: float, chop: float) -> Slopes:
        """Return the surface at a time.

        run: how far the ripples have run, in seconds; swell, chop: how high they go, 1 is natural.
        """
        near = self._crest(t, swell)
        shape = near.shape
        side, ahead, height = (np.zeros(shape, np.float32) for _ in range(3))
        for phase, omega, kx, kz, tall in self._waves:
            angle = near * np.float32(-kz)
            angle += phase
            angle -= np.float32(omega * t % math.tau)
            sine = np.sin(angle)
            slope = np.cos(angle, out=angle)
            slope *= tall
            # Crests are sharper than troughs.
            slope *= 1 + 0.45 * sine
            sine *= tall
            height += sine
            side += slope * np.float32(kx * swell)
            slope *= np.float32(-kz * swell)
            ahead += slope
        side, ahead, height = (
            cv2.resize(plane, self.size, dst=whole)
            for plane, whole in zip((side, ahead, height), self._kept, strict=False)
        )
        fine = self._ripple(run)
        across, along, lace = (cv2.extractChannel(fine, n, dst=self._kept[3 + n]) for n in range(3))
        amount = self._fine * np.float32(0.125 * chop)
        across *= amount
        side += across
        along *= amount
        ahead += along
        return Slopes(side, ahead, height, lace)

    def _crest(self, t: float, swell: float) -> Plane:
        """Return how much nearer the line of sight meets the swell than a flat sea, in metres."""
        height = np.zeros((self._half.height, self._half.width), np.float32)
        for phase, omega, _, _, tall in self._waves[:4]:
            angle = phase - np.float32(omega * t % math.tau)
            height += np.sin(angle, out=angle) * tall
        height *= self._lift * np.float32(swell)
        most = 0.8 * self._lift * _EYE_M
        return np.clip(height, -most, most, out=height)

    def _ripple(self, run: float) -> NDArray[np.float32]:
        """Return the ripples of two wind seas that cross, at every row's own octaves."""
        one, two, first, second = self._seen
        for (across, ahead, narrow), total in zip(self._looks, (first, second), strict=True):
            for seas, (way, speed) in ((one, (0.35, 8.0)), (two, (-0.5, 5.1))):
                np.add(across, way * speed * run * narrow % _TILE, out=self._across)
                np.copyto(self._ahead, (ahead + speed * run * narrow) % _TILE)
                cv2.remap(self._tile, self._across, self._ahead, cv2.INTER_LINEAR, dst=seas)
            cv2.add(one, two, dst=total)
        return cv2.blendLinear(first, second, *self._shares, dst=one)


@dataclass(frozen=True, slots=True)
class Water:
    """The sea's own colours: deep, and where light comes through a crest."""

    deep: Colour
    crest: Colour


class Mirror:
    """What a surface shows: the sky above it, mirrored; its own colour; the sun, in glints."""

    def __init__(
        self, surface: Surface, picture: Size, x: float, y: float, water: Water, shine: Colour
    ) -> None:
        """Take the whole picture's size and where the light stands in it; shine: its colour."""
        size, self._focal = surface.size, _FOCAL * picture.height
        self._rows = picture.height - size.height
        self._water, self._shine, self._size = water, shine, size
        self._drop = np.repeat(surface.drop, size.width, 1)
        self._aside = np.repeat(
            ((np.arange(size.width, dtype=np.float32) - x) / self._focal)[None], size.height, 0
        )
        self._columns = np.repeat(np.arange(size.width, dtype=np.float32)[None], size.height, 0)
        self._found = np.empty((size.height, size.width, 4), np.float32)
        self._sky = [np.empty((size.height, size.width), np.float32) for _ in range(3)]
        self._rise = (self._rows - y) / self._focal
        angles = np.linspace(0, 1, 256)
        # Schlick, softened: no patch of water is flat.
        self._fresnel = (0.04 + 0.84 * (1 - np.sin(angles)) ** 4.2).astype(np.float32)[None]
        far = np.clip(1 - self._drop / (0.12 * picture.height / self._focal), 0, 1)
        self._spread = -1 / (2 * (0.075 + 0.05 * far) ** 2)

    def paint(self, planes: Planes, slopes: Slopes, glitter: float, sinks: float) -> Plane:
        """Paint the sea under the sky that the planes hold, in place; return its glints.

        glitter: how bright the light is, 1 for an open sun; sinks: how far it has sunk, in pixels.
        """
        # A facet turned away is hidden by the one before it: never below a grazing look.
        grazing = slopes.ahead + self._drop
        hidden = grazing * grazing
        hidden += 0.2**2
        grazing += np.sqrt(hidden, out=hidden)
        grazing *= 0.5
        up = grazing * 2
        up -= self._drop
        share = cv2.LUT(cv2.convertScaleAbs(grazing, alpha=255), self._fresnel)
        aside = grazing + 0.02
        aside *= slopes.side
        aside *= 2.4
        sky = self._mirrored(planes, aside, up)
        aside += self._aside
        glints = self._glints(aside, up, share, glitter, self._rise - sinks / self._focal)
        through = np.clip(slopes.height * 0.35 + 0.1, 0, 1)
        sea = planes[:, self._rows :]
        for out, mirrored, deep, crest, shine in zip(
            sea, sky, self._water.deep, self._water.crest, self._shine, strict=True
        ):
            own = through * np.float32(crest - deep)
            own += deep
            mirrored -= own
            mirrored *= share
            mirrored += own
            np.multiply(glints, shine, out=out)
            out += mirrored
        return glints

    def _mirrored(self, planes: Planes, aside: Plane, up: Plane) -> Sequence[Plane]:
        """Return the colours of the sky that each place mirrors."""
        # Coarse: ripples too small to see blur what they mirror.
        small = (max(self._size.width // 8, 8), max(self._rows // 6, 4))
        part = planes[:, : self._rows]
        sky = cv2.merge(
            [cv2.resize(plane, small, interpolation=cv2.INTER_AREA) for plane in (*part, part[0])]
        )
        sky = cv2.GaussianBlur(sky, (0, 0), 1.7, borderType=cv2.BORDER_REPLICATE)
        x = aside * (0.5 * self._focal * small[0] / self._size.width)
        x += self._columns * (small[0] / self._size.width)
        down = small[1] / self._rows
        # What looks under the horizon sees other waves, and in them the sky again.
        y = up * up
        y += 0.03**2
        np.sqrt(y, out=y)
        y *= -self._focal * down
        y += small[1] - 1.0
        np.clip(x, 0, small[0] - 1, out=x)
        np.clip(y, 0, small[1] - 1, out=y)
        found = cv2.remap(
            sky, x, y, cv2.INTER_LINEAR, dst=self._found, borderMode=cv2.BORDER_REPLICATE
        )
        return [cv2.extractChannel(found, n, dst=out) for n, out in enumerate(self._sky)]

    def _glints(self, aside: Plane, up: Plane, share: Plane, glitter: float, rise: float) -> Plane:
        """Return the sun's light off each place: where a facet mirrors it into the eye."""
        aside *= aside
        aside *= -1 / (2 * 0.042**2)
        up -= rise
        up *= up
        up *= self._spread
        up += aside
        glints = np.exp(up, out=up)
        glints *= share
        glints *= 2.3 * glitter
        return glints
