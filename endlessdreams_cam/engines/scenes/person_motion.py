"""What moves, and what holds still while something moves: two of the person's witnesses."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes.world import Plane

Colours = NDArray[np.float32]
"""Luminance 0…1 and two chromas round 0, (height, width, 3), at a steady exposure."""


def ease(dt: float, time_s: float) -> float:
    """Return how far a first-order follower with a time constant goes in dt, 0…1."""
    return 1 - math.exp(-max(dt, 0.0) / time_s)


def distance(colours: Colours, others: Colours) -> Plane:
    """Return how much two pictures differ in each point, chroma counting more than luminance."""
    split = np.abs(colours - others)
    return split[..., 0] + np.float32(1.5) * (split[..., 1] + split[..., 2])


class Motion:
    """Compares a quick with a slow running picture and remembers the outcome.

    votes: log-odds −3.5…2: what moved lately is the person, what has texture (so that its
    movement would show) and held still while somebody moved is the room.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self.votes = np.zeros(shape, np.float32)
        self.energy = np.zeros(shape, np.float32)
        self.stir = 0.0
        self.noise = 0.008
        self.quick: Colours | None = None
        self._slow = np.zeros((*shape, 3), np.float32)
        self._watched = 0.0

    def look(self, colours: Colours, dt: float, calm: float) -> Plane:
        """Return 0…1, what moves now, above the camera's noise."""
        if self.quick is None:
            self.quick, self._slow = colours.copy(), colours.copy()
        if calm < 0.5:  # the exposure jumped: what changed now is not motion
            self._slow += colours - self.quick
            self.quick = colours.copy()
        self.quick += (colours - self.quick) * np.float32(ease(dt, 0.07))
        self._slow += (colours - self._slow) * np.float32(ease(dt, 0.4))
        amount = np.abs(self.quick - self._slow).sum(axis=2)
        level = min(max(float(np.median(amount)), 0.003), 0.03)
        self.noise += (level - self.noise) * 0.05
        return np.clip((amount - 3 * self.noise) * (calm / 0.045), 0, 1).astype(np.float32)

    def vote(self, moving: Plane, uncovered: Plane, shape: Plane, core: bool, dt: float) -> None:
        """Count a picture's motion; uncovered is below −1 where what is seen is the room again.

        shape is the bust's prior; with core, texture inside it may hold still.
        """
        central = float((moving * (shape > -0.3)).mean())
        self.stir += (min(1.0, central / 0.02) - self.stir) * ease(dt, 0.4)
        still = self._texture() * np.maximum(1 - 2 * cv2.dilate(moving, np.ones((5, 5))), 0)
        if core:
            still *= np.minimum(1 - shape, 1)
        self.votes += np.float32(dt) * (9 * moving - 1.5 * self.stir * still)
        soon, late = np.float32(ease(dt, 0.3)), np.float32(ease(dt, 2.5))
        fade = np.where(uncovered < -1, soon, late)
        fade[self.votes < 0] = ease(dt * self.stir, 20.0)
        self.votes -= self.votes * fade
        np.clip(self.votes, -3.5, 2.0, out=self.votes)
        self.energy += np.float32(4 * dt) * moving
        self.energy *= np.float32(1 - ease(dt * self.stir, 8.0))
        np.minimum(self.energy, 1, out=self.energy)
        self._watched += (self.stir - self._watched) * ease(dt * self.stir, 1.0)

    def hull(self) -> Plane:
        """Return a vote for what lies between or below points that moved, against the rest."""
        energy = cv2.GaussianBlur(self.energy, (0, 0), 1.2)
        left = np.maximum.accumulate(energy, axis=1)
        right = np.maximum.accumulate(energy[:, ::-1], axis=1)[:, ::-1]
        within = np.maximum.accumulate(np.minimum(np.minimum(left, right) * 3, 1), axis=0)
        within = cv2.GaussianBlur(within, (0, 0), 1.0)
        return (within * 1.7 - 1.3) * np.float32(1.2 * self._watched)

    def _texture(self) -> Plane:
        luma = np.ascontiguousarray(self._slow[..., 0])
        slope = cv2.magnitude(
            cv2.Sobel(luma, cv2.CV_32F, 1, 0, scale=2.5),
            cv2.Sobel(luma, cv2.CV_32F, 0, 1, scale=2.5),
        )
        return np.clip(slope - 0.4, 0, 1)
