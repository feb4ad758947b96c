"""Whose colours these are: histograms and a cut through the picture, learnt as it goes."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes.person_motion import Colours, ease
from endlessdreams_cam.engines.scenes.world import Plane

_BINS = (20, 16, 16)
_CHROMA = 3.0  # chroma is rarely far from grey: three times finer there


class ColourBook:
    """The person's and the room's colours as smoothed histograms over luminance and chroma.

    apart: how well the two can be told by colour alone, 0.3 (not at all) … 1.3 (entirely), from
    the Bhattacharyya coefficient of the histograms.
    """

    def __init__(self) -> None:
        self._person = np.zeros(_BINS, np.float32)
        self._room = np.zeros(_BINS, np.float32)
        self._ratio = np.zeros(_BINS, np.float32).ravel()
        self.apart = 0.3

    def vote(self, colours: Colours) -> Plane:
        """Return log-odds −3.9…3.9 that a point's colour is the person's."""
        found = self._ratio[_bins(colours)] * np.float32(self.apart)
        return found.reshape(colours.shape[:2])

    def learn(self, colours: Colours, person: Plane, room: Plane, rate: float) -> None:
        """Move the histograms toward a picture's, weighted by who is surely where."""
        bins = _bins(colours)
        self._person += (_count(bins, person) - self._person) * np.float32(rate)
        self._room += (_count(bins, room) - self._room) * np.float32(rate)
        self._ratio = np.clip(np.log((self._person + 2e-4) / (self._room + 2e-4)), -3, 3).ravel()
        overlap = float(np.sqrt(self._person * self._room).sum())
        self.apart = 1.3 - min(overlap, 1.0)


def _bins(colours: Colours) -> NDArray[np.int32]:
    """Return each point's bin as one number, flat."""
    luma, first, second = _BINS
    scale = np.array((luma, _CHROMA * first, _CHROMA * second), np.float32)
    place = (colours.reshape(-1, 3) * scale + (0, first / 2, second / 2)).astype(np.int32)
    np.clip(place, 0, np.array(_BINS, np.int32) - 1, out=place)
    return (place[:, 0] * first + place[:, 1]) * second + place[:, 2]


def _count(bins: NDArray[np.int32], weights: Plane) -> NDArray[np.float32]:
    """Return a weighted histogram that sums to at most 1, smoothed by about a bin each way."""
    counts = np.bincount(bins, weights.ravel(), _BINS[0] * _BINS[1] * _BINS[2])
    counts = (counts / max(float(weights.sum()), 1.0)).astype(np.float32)
    # Luminance varies along the columns of one matrix, both chromas are its channels.
    smooth = cv2.GaussianBlur(counts.reshape(_BINS[0], -1), (1, 3), 0.8)
    planes = smooth.reshape(_BINS).transpose(1, 2, 0)
    planes = cv2.GaussianBlur(planes, (5, 5), 0.9, borderType=cv2.BORDER_CONSTANT)
    return planes.transpose(2, 0, 1)


class Cut:
    """The best outline by colour and edges: GrabCut (Rother et al., 2004), one round a picture.

    Its colour mixtures go on from picture to picture, which makes a round cost about 1 ms.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self.inside = np.full(shape, 0.5, np.float32)
        self._mixtures: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None

    def step(self, colours: Colours, mask: Plane, evidence: Plane, dt: float) -> None:
        """Cut anew, seeded where the evidence (log-odds) is strong; `inside` follows in 0.12 s."""
        picture = cv2.convertScaleAbs(colours * (255, 510, 510) + (0, 128, 128))
        labels = np.where(mask > 0.5, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
        labels[evidence > 4] = cv2.GC_FGD
        labels[evidence < -5] = cv2.GC_BGD
        person = (labels & 1).astype(bool)  # GC_FGD is 1, GC_PR_FGD is 3
        if 30 < np.count_nonzero(person) < person.size - 30:
            known = self._mixtures is not None
            self._mixtures = self._mixtures or (np.zeros((1, 65)), np.zeros((1, 65)))
            mode = cv2.GC_EVAL if known else cv2.GC_INIT_WITH_MASK
            cv2.grabCut(picture, labels, None, *self._mixtures, 1, mode)
            person = (labels & 1).astype(bool)
        self.inside += (person - self.inside) * np.float32(ease(dt, 0.12))
