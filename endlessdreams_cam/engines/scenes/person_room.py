"""The room as it looks where nobody is: a witness against whatever looks like it."""

from __future__ import annotations

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.person_motion import Colours, distance, ease
from endlessdreams_cam.engines.scenes.world import Plane


class Room:
    """A running picture of the room and how well each point of it is known, 0…1.

    A point is learnt where the person is not and nothing moves: fast for two seconds, then in
    15 s. Where the person sits from the start nothing is known, and nothing is claimed but that
    the room there may look like the room around it.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self._picture = np.zeros((*shape, 3), np.float32)
        self._known = np.zeros(shape, np.float32)
        self._fixed = False

    def take(self, colours: Colours) -> None:
        """Take a picture of the empty room as the truth."""
        self._picture = colours.copy()
        self._known[:] = 1
        self._fixed = True

    def vote(self, colours: Colours, noise: float, apart: float) -> Plane:
        """Return log-odds: negative for what looks like the room there, positive for the rest."""
        # Only known points say how much their neighbourhood differs: beside the person are others.
        amount = cv2.blur(distance(colours, self._picture) * self._known, (3, 3))
        amount /= np.maximum(cv2.blur(self._known, (3, 3)), np.float32(1e-3))
        trust = 1.6 if self._fixed else 1.0
        vote = np.clip((amount - 2.5 * noise - 0.035) * 45, -3, 3) * self._known * trust
        if not self._fixed:
            vote -= 1.5 * apart * self._like_around(colours) * (1 - self._known)
        return vote.astype(np.float32)

    def learn(self, colours: Colours, mask: Plane, moving: Plane, age_s: float, dt: float) -> None:
        """Take over what the room looks like now, where the mask says it is."""
        absent = np.clip(1 - 3 * cv2.dilate(mask, np.ones((3, 3))), 0, 1) * (1 - moving)
        pace = ease(dt, 0.5 if age_s < 2 else 15.0) + (1 - self._known) * ease(dt, 0.5)
        news = absent * np.float32(ease(dt, 1.0))
        # What is first seen of a point is all that is known of it: it is taken over whole.
        weight = np.maximum(absent * pace, news / (self._known + news + np.float32(1e-6)))
        weight = np.minimum(weight, 1).astype(np.float32)
        self._picture += (colours - self._picture) * weight[..., None]
        if self._fixed:
            return
        self._known += news * (1 - self._known)
        unlike = np.clip(cv2.blur(distance(colours, self._picture), (3, 3)) * 15 - 0.3, 0, 1)
        lost = unlike * np.clip(mask * 2 - 1, 0, 1) * np.float32(ease(dt, 6.0))
        self._known -= self._known * lost

    def _like_around(self, colours: Colours) -> Plane:
        """Return 0…1, how much a point looks like the known room around it, or right beside it."""
        seen = self._picture * self._known[..., None]
        wide = (cv2.blur(cv2.blur(plane, (13, 13)), (7, 7)) for plane in (seen, self._known))
        close = (cv2.blur(plane, (5, 5)) for plane in (seen, self._known))
        return np.maximum(_like(colours, *wide), _like(colours, *close))


def _like(colours: Colours, total: Colours, known: Plane) -> Plane:
    """Return 0…1, how much colours are like a weighted sum of others whose weights are known."""
    around = (total / np.maximum(known, 1e-3)[..., None]).astype(np.float32)
    near = np.clip(1.3 - 14 * distance(colours, around), 0, 1)
    return near * np.clip(known * 5, 0, 1)
