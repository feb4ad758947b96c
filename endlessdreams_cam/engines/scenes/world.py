"""What a scene is given, and what it gives."""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from endlessdreams_cam.engines.scenes.mood import Light, Mood, light_for
from endlessdreams_cam.engines.scenes.wind import Wind
from endlessdreams_cam.frame import Pose, Size

Plane: TypeAlias = NDArray[np.floating[Any]]
"""One float32 value per pixel, shape (height, width)."""

Picture: TypeAlias = NDArray[np.floating[Any]]
"""float32 RGB as displayed (sRGB-like), 0…1, shape (height, width, 3)."""


@dataclass(frozen=True)
class Person:
    """Who is before the camera, in four fields of about 160 × 90, float32. The room is left out.

    presence: 0…1, soft, where the person is.
    tone: 0…1, the person's large-scale light (0.5 where nobody is), exposure-normalised.
    relief: −1…1, the tone's shape without edges: what a light from the scene would shade.
    detail: −1…1, local contrast at 2–4 px: dark eyes and mouth are negative.
    flow: (height, width, 2), motion in frame widths per second to the right and down.
    """

    presence: Plane
    tone: Plane
    relief: Plane
    detail: Plane
    flow: NDArray[np.float32]
    _sized: dict[Size, Person] = field(default_factory=dict, init=False, repr=False, compare=False)

    def at(self, size: Size) -> Person:
        """Return the fields resized to `size` (kept, so that asking twice costs once)."""
        if (self.presence.shape[1], self.presence.shape[0]) == size:
            return self
        found = self._sized.get(size)
        if found is None:
            fields = (self.presence, self.tone, self.relief, self.detail, self.flow)
            found = Person(*(cv2.resize(f, size, interpolation=cv2.INTER_LINEAR) for f in fields))
            self._sized[size] = found
        return found

    @functools.cached_property
    def stir(self) -> float:
        """How much the person moves as a whole, in frame widths per second (0.1 is a wave)."""
        speed = np.abs(self.flow).sum(axis=2)
        weight = float(self.presence.sum()) + 1.0
        return float((speed * self.presence).sum()) / weight


@dataclass(frozen=True, slots=True)
class Moment:
    """What is true of one dream.

    t: the scene's own time in seconds: it runs at motion.speed and may stand still.
    dt: how far t went since the last dream, 0 … 0.25 s; real_dt: how far the world's time went
    (the person moves while the scene stands).
    energy: motion.energy, 0…1: wind, sparks, waves. 0.5 is a scene's natural state.
    wander: where the noise has walked to, in seconds of walking (moves patterns slowly).
    pose: the drift's camera; scenes with endless ground scroll or fly by it.
    person: who is before the camera, None when nobody is or amount is 0.
    amount: 0…1, how strongly the person shapes the scene (1: at its clearest).
    """

    t: float
    dt: float
    real_dt: float
    energy: float = 0.5
    wander: float = 0.0
    pose: Pose = Pose()
    person: Person | None = None
    amount: float = 1.0


class Scene(ABC):
    """One painted world, in one mood, at one size.

    The constructor may take up to 150 ms: paint there what does not change. `paint` should take
    10 ms at 512 × 288 on one core. All chance comes from `self.random`, seeded by the mood, so
    that the same seed shows the same world; nothing may depend on how often `paint` is called,
    but on t and dt only (stateful fields advance by dt). Sizes from 64 × 64 up to 1280 × 720
    and every aspect work.
    """

    def __init__(self, size: Size, mood: Mood) -> None:
        self.size = size
        self.mood = mood
        self.light: Light = light_for(mood)
        self.random = np.random.default_rng(mood.seed)
        self.wind = Wind(mood.seed)

    @abstractmethod
    def paint(self, moment: Moment) -> Picture:
        """Return the world at a moment, (height, width, 3) float32 RGB 0…1.

        Values a little outside are clipped by the caller. The array is the caller's until the next
        call.
        """
