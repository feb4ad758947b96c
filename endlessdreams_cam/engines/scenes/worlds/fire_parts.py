"""Burning gas: heat that rises, curls, tears and cools."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes import paint
from endlessdreams_cam.engines.scenes.paint import Array
from endlessdreams_cam.frame import Size

_DRAUGHT = 1.5  # heights per second: how fast eddies and patches rise with the flames


@dataclass(frozen=True, slots=True)
class Burn:
    """How a fire burns; lengths in picture heights, times in seconds.

    buoyancy: acceleration of the hottest gas; updraft: the steady draught that feeds the flames;
    turbulence: acceleration by small eddies; swirl: how much small vortices are kept alive;
    drag, drag_x: what slows the gas (1/s), drag_x sideways on top; upright: what slows wide
    movements (1/s), so that neighbours burn side by side; expansion: how burning gas spreads
    (1/s); cooling: what every gas loses (1/s), fading: what hot gas loses on top (share/s),
    tearing: cooling by patches, which breaks tongues off (1/s).
    """

    buoyancy: float = 4.2
    updraft: float = 0.95
    turbulence: float = 9.0
    swirl: float = 0.02
    drag: float = 2.0
    drag_x: float = 2.5
    upright: float = 8.0
    expansion: float = 20.0
    cooling: float = 0.7
    fading: float = 0.6
    tearing: float = 1.3


class Gas:
    """A two-dimensional gas on a grid that goes round sideways (stable fluids, Stam 1999).

    Velocity (cells per second) lives on a coarse grid, heat on one twice as fine, both moved
    semi-Lagrangian; the pressure is solved exactly by Fourier transform. The grids reach above and
    below the picture, so that gas comes and goes out of sight.
    """

    def __init__(self, size: Size, random: np.random.Generator, burn: Burn) -> None:
        self.burn = burn
        self.rows = rows = min(max(size.height // 2, 32), 144)
        across = 2 * max(round(rows * size.width / size.height / 2), 16)
        self.above = round(rows * 0.2)
        down = cv2.getOptimalDFTSize(rows + self.above + round(rows * 0.1))
        self.coarse, self.fine = Size(across, down), Size(2 * across, 2 * down)
        self.velocity = np.zeros((down, across, 2), np.float32)
        self.heat = np.zeros((2 * down, 2 * across), np.float32)
        self._heat = np.empty_like(self.heat)
        self._points = np.dstack(np.meshgrid(_span(across), _span(down)))
        self._fine_points = np.dstack(np.meshgrid(_span(2 * across), _span(2 * down)))
        self._back = np.empty_like(self._fine_points)
        self._work = np.empty_like(self.heat)
        self._inverse = _inverse_laplacian(self.coarse)
        self._keep = _keep(down)
        cells = max(across // 14, 4)
        eddies = paint.fbm(random, Size(across, down), cells=cells, octaves=3)
        self._eddies = _twice(_curl_of(cv2.resize(eddies, (across, 2 * down))))
        patches = paint.fbm(random, Size(2 * across, down), cells=cells, octaves=3)
        self._patches = _twice(cv2.resize(patches, self.fine))
        self._risen = 0.0

    @property
    def visible(self) -> Array:
        """The heat in the picture, 0 … about 1.2, a view of (2 rows, 2 across)."""
        return self.heat[2 * self.above : 2 * (self.above + self.rows)]

    def shift(self, x: float) -> None:
        """Move everything to the right by x picture widths."""
        whole = x * self.coarse.width
        self.velocity = _slid(self.velocity, whole)
        self.heat = _slid(self.heat, 2 * whole)

    def step(
        self, dt: float, fuel: Array, push: Array | None = None, wind: Array | None = None
    ) -> None:
        """Let dt seconds pass (at most 0.1).

        fuel: the least heat of every place in the picture, the size of `visible`; push: what is
        added to the velocity there, (rows, across, 2) in cells per second; wind: what blows
        sideways in every row of the grid, (down, 1) in heights per second.
        """
        self._risen += dt * _DRAUGHT
        blown = np.zeros((self.coarse.height, 1, 2), np.float32)
        blown[..., 1] = -self.burn.updraft * self.rows
        if wind is not None:
            blown[..., 0] = wind * self.rows
        self._move(dt, push, blown)
        self._cool(dt, blown)
        np.maximum(self.visible, fuel, out=self.visible)

    def _move(self, dt: float, push: Array | None, blown: Array) -> None:
        burn, h = self.burn, self.rows
        back = self.velocity + blown
        back *= -dt
        back += self._points
        v = cv2.remap(self.velocity, back, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
        heat = cv2.resize(self.heat, self.coarse, interpolation=cv2.INTER_AREA)
        v[..., 1] -= (burn.buoyancy * h * dt) * heat
        start = int(self._risen * h) % self.coarse.height
        kick = heat * (burn.turbulence * h * dt)
        v += self._eddies[start : start + v.shape[0]] * kick[..., None]
        if push is not None:
            v[self.above : self.above + h] += push
        if burn.swirl:
            self._keep_vortices(v, dt)
        v *= self._keep / (1 + burn.drag * dt)
        v[..., 0] *= 1 / (1 + burn.drag_x * dt)
        v[..., 0] -= v[..., 0].mean()
        self._stand_upright(v, dt)
        self._make_incompressible(v, np.maximum(heat - 0.6, 0) * burn.expansion)
        self.velocity = v

    def _keep_vortices(self, v: Array, dt: float) -> None:
        """Feed small vortices (vorticity confinement, Fedkiw 2001)."""
        spin = _d_dx(v[..., 1]) - _d_dy(v[..., 0])
        strength = np.abs(spin)
        towards_x, towards_y = _d_dx(strength), _d_dy(strength)
        force = spin / (cv2.magnitude(towards_x, towards_y) + 0.1)
        force *= self.burn.swirl * self.rows * dt
        v[..., 0] += towards_y * force
        v[..., 1] -= towards_x * force

    def _stand_upright(self, v: Array, dt: float) -> None:
        """Slow what is wide: flames side by side must not lean into one great plume."""
        small = (max(v.shape[1] // 8, 4), max(v.shape[0] // 8, 4))
        wide = cv2.resize(v, small, interpolation=cv2.INTER_AREA)
        wide = cv2.GaussianBlur(wide, (0, 0), self.rows * 0.0125)
        share = 1 - math.exp(-self.burn.upright * dt)
        wide *= np.array((share, 0.3 * share), np.float32)
        v -= cv2.resize(wide, self.coarse, interpolation=cv2.INTER_LINEAR)

    def _make_incompressible(self, v: Array, source: Array) -> None:
        divergence = _d_dx(v[..., 0]) + _d_dy(v[..., 1]) - source
        waves = cv2.dft(divergence)
        waves *= self._inverse
        pressure = cv2.dft(waves, flags=cv2.DFT_INVERSE | cv2.DFT_SCALE)
        v[..., 0] -= _d_dx(pressure)
        v[..., 1] -= _d_dy(pressure)

    def _cool(self, dt: float, blown: Array) -> None:
        burn = self.burn
        flow = self.velocity + blown
        flow *= -2 * dt
        back = cv2.resize(flow, self.fine, self._back, interpolation=cv2.INTER_LINEAR)
        back += self._fine_points
        heat = cv2.remap(
            self.heat, back, None, cv2.INTER_CUBIC, dst=self._heat,
            borderMode=cv2.BORDER_WRAP,
        )  # fmt: skip
        start = int(self._risen * 2 * self.rows) % self.fine.height
        np.multiply(
            self._patches[start : start + self.fine.height], burn.tearing * dt, out=self._work
        )
        heat *= 1 - min(burn.fading * dt, 0.9)
        heat -= self._work
        heat -= burn.cooling * dt
        np.maximum(heat, 0, out=heat)
        heat[: self.above] *= 0.9
        heat[2 * (self.above + self.rows) + self.above // 2 :] *= 0.5
        self.heat, self._heat = heat, self.heat


def _span(count: int) -> Array:
    return np.arange(count, dtype=np.float32)


def _twice(tile: Array) -> Array:
    """Return a tile stacked on itself, so that every window into it is a view."""
    return np.concatenate((tile, tile), axis=0)


def _slid(tile: Array, by: float) -> Array:
    """Return a field that goes round sideways, moved right by parts of a cell."""
    moved = cv2.copyMakeBorder(tile, 0, 0, 1, 1, cv2.BORDER_WRAP)
    whole = math.floor(by)
    shift = np.array([[1, 0, by - whole - 1], [0, 1, 0]], np.float32)
    height, width = tile.shape[:2]
    return np.roll(cv2.warpAffine(moved, shift, (width, height)), whole, axis=1)


def _d_dx(plane: Array) -> Array:
    return 0.5 * (np.roll(plane, -1, 1) - np.roll(plane, 1, 1))


def _d_dy(plane: Array) -> Array:
    return 0.5 * (np.roll(plane, -1, 0) - np.roll(plane, 1, 0))


def _curl_of(potential: Array) -> Array:
    """Return a flow without sources, of unit strength, (height, width, 2)."""
    flow = np.dstack((_d_dy(potential), -_d_dx(potential)))
    return (flow / max(float(flow.std()), 1e-6)).astype(np.float32)


def _keep(rows: int) -> Array:
    """Return what stops the gas from going round from top to bottom, (rows, 1, 1)."""
    at = np.arange(rows) / rows
    keep = np.clip(np.minimum(at / 0.08, (1 - at) / 0.05), 0, 1)
    return (0.5 + 0.5 * keep).astype(np.float32)[:, None, None]


def _inverse_laplacian(size: Size) -> Array:
    """Return 1 / the Laplacian's eigenvalues, laid out like OpenCV's packed real transform.

    The Laplacian is the one of the central differences above, so that the projection is exact.
    """
    width, height = size
    across = np.tile((np.arange(width) + 1) // 2, (height, 1))
    down = np.tile(np.minimum(np.arange(height), height - np.arange(height))[:, None], (1, width))
    down[:, 0] = down[:, -1] = (np.arange(height) + 1) // 2
    eigen = np.sin(across * (2 * np.pi / width)) ** 2 + np.sin(down * (2 * np.pi / height)) ** 2
    eigen[eigen < 1e-6] = np.inf
    return (-1 / eigen).astype(np.float32)
