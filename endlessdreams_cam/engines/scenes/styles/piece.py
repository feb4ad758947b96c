"""Pieced media: pixels, stained glass, facets."""

from __future__ import annotations

from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes.paint import fbm
from endlessdreams_cam.engines.scenes.styles.exposure import Exposure
from endlessdreams_cam.engines.scenes.styles.stylist import Style
from endlessdreams_cam.engines.scenes.styles.texture import luma, saturate, three
from endlessdreams_cam.engines.scenes.world import Picture
from endlessdreams_cam.frame import Size

_Labels: TypeAlias = NDArray[np.int32]

_BAYER = np.array(
    [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32
)  # fmt: skip


class Pixel(Style):
    """A console of the eighties: big pixels, six steps per colour, ordered dither."""

    _STEPS = 5

    def __init__(self, size: Size) -> None:
        super().__init__(size)
        self._block = max(round(size.width / 160), 2)
        self._small = Size(-(-size.width // self._block), -(-size.height // self._block))
        across, down = -(-self._small.width // 4), -(-self._small.height // 4)
        bayer = np.tile((_BAYER + 0.5) / 16 - 0.5, (down, across))
        bayer = bayer[: self._small.height, : self._small.width]
        self._dither = three(bayer * np.float32(0.72))
        self._colours = saturate(1.4)
        self._tones = Exposure(0.01, 0.985)

    def __call__(self, picture: Picture, t: float) -> Picture:
        small = cv2.resize(picture, self._small, interpolation=cv2.INTER_AREA)
        light = luma(small)
        gain = (0.55 * self._tones(light) + 0.45 * light) / (light + np.float32(0.03))
        small = cv2.multiply(small, three(np.clip(gain, 0.5, 2.2).astype(np.float32)))
        small = cv2.addWeighted(small, 1.5, cv2.GaussianBlur(small, (0, 0), 1.0), -0.5, 0.0)
        small = np.clip(cv2.transform(small, self._colours), 0, 1)
        steps = np.rint(small * self._STEPS + self._dither) * np.float32(1 / self._STEPS)
        big = Size(self._small.width * self._block, self._small.height * self._block)
        whole = cv2.resize(
            np.clip(steps, 0, 1).astype(np.float32), big, interpolation=cv2.INTER_NEAREST
        )
        return np.ascontiguousarray(whole[: self.size.height, : self.size.width])


class _Cells:
    """Pieces that tile the frame: each gets the mean colour of what lies under it."""

    def __init__(self, size: Size, labels: _Labels) -> None:
        """Take labels at twice the size in each direction, for soft edges between pieces."""
        self._size = size
        self._quarter = Size(max(size.width // 4, 8), max(size.height // 4, 8))
        small = cv2.resize(
            labels.astype(np.float32), self._quarter, interpolation=cv2.INTER_NEAREST
        )
        self._under = small.astype(np.intp).ravel()
        self.count = int(labels.max()) + 1
        area = np.bincount(self._under, minlength=self.count)
        self._area = np.maximum(area, 1)
        self._lost, self._found = self._neighbours(labels, area)
        corners = np.stack([labels[y::2, x::2] for y in (0, 1) for x in (0, 1)])
        first = corners[0]
        other = np.where(corners != first, corners, -1).max(0)
        self._second = np.where(other >= 0, other, first).astype(np.float32)
        self._first = first.astype(np.float32)
        self._zeros = np.zeros_like(self._first)
        self._share = (corners == first).mean(0).astype(np.float32)
        self._rest = 1 - self._share

    def colours(self, picture: Picture) -> Picture:
        """Return the mean colour of each piece, (1, count, 3)."""
        small = cv2.resize(picture, self._quarter, interpolation=cv2.INTER_AREA).reshape(-1, 3)
        sums = [np.bincount(self._under, small[:, c], self.count) for c in range(3)]
        means = (np.stack(sums, 1) / self._area[:, None]).astype(np.float32)
        means[self._lost] = means[self._found]
        return means[None]

    def _neighbours(
        self, labels: _Labels, area: NDArray[np.intp]
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the pieces too thin to be met at quarter size, and the pieces they lie beside."""
        height, width = labels.shape
        full = np.maximum(np.bincount(labels.ravel(), minlength=self.count), 1)
        ys, xs = np.mgrid[:height, :width].astype(np.float32)
        middle_y = np.bincount(labels.ravel(), ys.ravel(), self.count) / full
        middle_x = np.bincount(labels.ravel(), xs.ravel(), self.count) / full
        lost = np.flatnonzero(area == 0)
        across, down = self._quarter
        at_y = np.minimum(middle_y[lost] * down / height, down - 1).astype(int)
        at_x = np.minimum(middle_x[lost] * across / width, across - 1).astype(int)
        return lost, self._under.reshape(down, across)[at_y, at_x]

    def fill(self, colours: Picture) -> Picture:
        """Return the frame with every piece in its colour, soft edges between them."""
        one = cv2.remap(colours, self._first, self._zeros, cv2.INTER_NEAREST)
        two = cv2.remap(colours, self._second, self._zeros, cv2.INTER_NEAREST)
        return cv2.blendLinear(one, two, self._share, self._rest)


def _points(size: Size, across: int, seed: int, jitter: float) -> NDArray[np.float32]:
    """Return a jittered grid of points over twice the size and beyond, (rows, columns, 2)."""
    random = np.random.default_rng(seed)
    step = 2 * size.width / across
    rows = int(2 * size.height / step) + 4
    ys, xs = np.mgrid[-2:rows, -2 : across + 3].astype(np.float32)
    xs += 0.5 * (ys % 2)
    moved = random.uniform(-jitter, jitter, (2, *xs.shape)).astype(np.float32)
    return np.stack([(xs + moved[0]) * step, (ys + moved[1]) * step], -1)


def _thinned(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the points without a third of them, so that the pieces differ in size."""
    points = points.reshape(-1, 2)
    return points[np.random.default_rng(70).random(len(points)) > 0.33]


class Glass(Style):
    """A leaded window: small panes, each with its own light, the scene still flowing through."""

    def __init__(self, size: Size) -> None:
        super().__init__(size)
        labels = self._panes(_thinned(_points(size, 50, 71, 0.36)))
        self._cells = _Cells(size, labels)
        seam = np.zeros(labels.shape, np.float32)
        seam[:, 1:] += labels[:, 1:] != labels[:, :-1]
        seam[1:] += labels[1:] != labels[:-1]
        wide = np.minimum(seam, 1)
        lead = cv2.resize(cv2.GaussianBlur(wide, (0, 0), 1.1), size, interpolation=cv2.INTER_AREA)
        lead = np.clip(lead * 2.2, 0, 1) * 0.80
        bevel = cv2.GaussianBlur(lead, (0, 0), 2.2)
        rim = np.roll(bevel, (2, 2), (0, 1)) - np.roll(bevel, (-2, -2), (0, 1))
        random = np.random.default_rng(72)
        # More in light than in colour: a misty ridge must not drown in their patchwork.
        panes = random.uniform(0.93, 1.10, (1, self._cells.count, 1))
        panes = (panes * random.uniform(0.955, 1.045, (1, self._cells.count, 3))).astype(np.float32)
        hammered = 1 + 0.09 * (fbm(random, size, cells=60, octaves=3) - 0.5)
        self._panes_light = panes
        clear = (1 - lead) * hammered * (1.12 + 0.55 * rim)
        self._clear = three(clear.astype(np.float32))
        self._lead = three(lead.astype(np.float32)) * np.array((0.035, 0.035, 0.05), np.float32)
        self._colours = saturate(1.5)

    def __call__(self, picture: Picture, t: float) -> Picture:
        panes = cv2.multiply(self._cells.colours(picture), self._panes_light)
        filled = self._cells.fill(panes)
        mixed = cv2.addWeighted(filled, 0.46, picture, 0.56, 0.012)
        vivid = np.maximum(cv2.transform(mixed, self._colours), 0)
        return cv2.add(cv2.multiply(vivid, self._clear), self._lead)

    def _panes(self, points: NDArray[np.float32]) -> _Labels:
        """Return the Voronoi cells of the points, at twice the size."""
        width, height = 2 * self.size.width, 2 * self.size.height
        open_ = np.full((height, width), 255, np.uint8)
        inside = ((points >= 0) & (points < (width, height))).all(1)
        at = points[inside].astype(int)
        open_[at[:, 1], at[:, 0]] = 0
        _, labels = cv2.distanceTransformWithLabels(
            open_, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
        )
        return labels.astype(np.int32)


class LowPoly(Style):
    """Facets: flat triangles in the scene's colours, each turned a little to the light."""

    _ACROSS = 44

    def __init__(self, size: Size) -> None:
        super().__init__(size)
        self._cells = _Cells(size, self._triangles(_points(size, self._ACROSS, 81, 0.28)))
        tilts = np.random.default_rng(82).uniform(-0.05, 0.05, self._cells.count)
        self._light = np.repeat((1 + tilts)[None, :, None], 3, 2).astype(np.float32)
        self._colours = saturate(1.25)

    def __call__(self, picture: Picture, t: float) -> Picture:
        lit = cv2.multiply(self._cells.colours(picture), self._light)
        return self._cells.fill(cv2.transform(lit, self._colours))

    def _triangles(self, points: NDArray[np.float32]) -> _Labels:
        """Return the triangles between the grid's points, at twice the size."""
        labels = np.zeros((2 * self.size.height, 2 * self.size.width), np.int32)
        grid = np.round(points * 16).astype(np.int32)
        count = 0
        for row in range(grid.shape[0] - 1):
            for column in range(grid.shape[1] - 1):
                a, b = grid[row, column], grid[row, column + 1]
                c, d = grid[row + 1, column], grid[row + 1, column + 1]
                # Odd rows lie half a step to the right: the shorter diagonal makes good triangles.
                halves = ((a, b, c), (b, c, d)) if row % 2 == 0 else ((a, b, d), (a, c, d))
                for corners in halves:
                    cv2.fillConvexPoly(labels, np.array(corners), count, shift=4)
                    count += 1
        return labels
