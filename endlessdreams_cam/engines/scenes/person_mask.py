"""Where the person is, without a trained model and without an empty room to compare with.

Witnesses vote on every point of an 80-wide picture, in log-odds:

- motion: what changed between a quick and a slow running picture; against it, texture that holds
  still while someone moves (a window's cross, a shelf); and the hull of what moved;
- the room: a running picture of what was seen where nobody was, trusted by how long it was seen;
- colour: histograms of the person's and the room's colours, learnt from where both are certain,
  and a cut along the edges (GrabCut);
- shape: head and shoulders where the votes gather, at first in the middle;
- neighbours: what the points nearby with the same brightness said last time.

The last makes it one step per picture of a mean-field solution of a conditional random field
(Krähenbühl and Koltun, 2011), with a guided filter (He et al., 2010) as the message passing.
Someone who sits still stays, because colours, shape and neighbours go on voting; nobody is there
until something in the middle has moved.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.person_colour import ColourBook, Cut
from endlessdreams_cam.engines.scenes.person_motion import Colours, Motion, ease
from endlessdreams_cam.engines.scenes.person_room import Room
from endlessdreams_cam.engines.scenes.world import Plane

_YOUNG_S = 3.0
"""For so long the bust goes where something moves, and only what moves teaches colours."""


def guided(guide: Plane, plane: Plane, radius: int, eps: float) -> Plane:
    """Return a plane smoothed along the guide's edges (guided filter with box windows)."""
    window = (2 * radius + 1, 2 * radius + 1)
    planes = (guide, plane, guide * guide, guide * plane)
    mean_g, mean_p, mean_gg, mean_gp = (cv2.blur(p, window) for p in planes)
    slope = (mean_gp - mean_g * mean_p) / (mean_gg - mean_g * mean_g + np.float32(eps))
    offset = cv2.blur(mean_p - slope * mean_g, window)
    return np.clip(cv2.blur(slope, window) * guide + offset, 0, 1)


class Bust:
    """Head and shoulders as a soft shape that goes to where the person is."""

    def __init__(self, height: int, width: int) -> None:
        ys, xs = np.mgrid[:height, :width].astype(np.float32)
        self._x, self._y = (xs + 0.5) / width, (ys + 0.5) / height
        self._aspect = width / height
        self._head = (0.5, 0.22, 0.24)  # centre in frame widths, crown in heights, width in widths
        self.prior = self._draw()

    def follow(self, weight: Plane, area: float, step: float) -> None:
        """Go a step toward where the weight gathers; area is the person's share of the frame."""
        rows = weight.sum(1)
        mass = float(rows.sum())
        if mass < 0.003 * weight.size:
            return
        crown = float(np.searchsorted(np.cumsum(rows), 0.03 * mass)) / len(rows)
        width = min(max(0.42 * math.sqrt(area), 0.12), 0.34)
        upper = weight * ((self._y > crown) & (self._y < crown + 1.3 * width * self._aspect))
        middle = float((upper * self._x).sum()) / max(float(upper.sum()), 1e-3)
        x, top, wide = self._head
        aim_top = min(crown, 0.6)
        self._head = (x + (middle - x) * step, top + (aim_top - top) * step,
                      wide + (width - wide) * step)  # fmt: skip
        self.prior = self._draw()

    def _draw(self) -> Plane:
        """Return +1 in the core of head and shoulders, −1 far from them, soft between."""
        x, top, width = self._head
        dx, dy = (self._x - x) / width, (self._y - top) / (width * self._aspect)
        head = 1.1 - np.sqrt((dx / 0.56) ** 2 + ((dy - 0.66) / 0.74) ** 2)
        shoulder = 0.50 + 0.85 * np.sqrt(np.clip(dy - 1.25, 0, 1.4))
        torso = np.minimum(1 - np.abs(dx) / shoulder, (dy - 1) * 1.5)
        return np.clip(np.maximum(head, torso) * 2.5, -1, 1).astype(np.float32)


class Silhouette:
    """Follows the person's silhouette; one instance per picture shape."""

    def __init__(self, height: int, width: int) -> None:
        shape = (height, width)
        self.bust = Bust(height, width)
        self.mask = _sigmoid(self.bust.prior * 2)
        self.someone = 0.0
        self._motion = Motion(shape)
        self._room = Room(shape)
        self._book = ColourBook()
        self._cut = Cut(shape)
        self._age_s = 0.0
        self._count = 0

    def take_room(self, colours: Colours) -> None:
        """Take a picture of the empty room as the truth."""
        self._room.take(colours)

    def step(self, colours: Colours, dt: float, calm: float, *, frozen: bool) -> Plane:
        """Return where the person is, 0…1.

        calm below 1 says that the exposure jumps: motion counts less. frozen says that the
        pictures have long been the same to the bit: this is no camera but a picture, and whoever
        is in it will not move.
        """
        if self._count == 0:
            prior = self.bust.prior
            self._book.learn(colours, np.clip(prior, 0, 1), np.clip(-prior, 0, 1), 1.0)
        self._age_s += dt
        self._count += 1
        moving = self._motion.look(colours, dt, calm)
        room = self._room.vote(colours, self._motion.noise, self._book.apart)
        doubt = 1 - np.clip(-0.5 * room, 0, 1)  # what looks like the known room was uncovered
        moving *= doubt
        colour = self._book.vote(colours)
        colour = np.where(colour > 0, colour * doubt, colour)
        young = self._age_s < _YOUNG_S
        uncovered = np.minimum(colour, room)
        self._motion.vote(moving, uncovered, self.bust.prior, not young, dt)
        self.mask = _sigmoid(self._add_up(colours, colour, room, doubt, dt))
        self._learn(colours, colour, moving, young, dt)
        self._follow(moving, young, frozen, dt)
        return _flood(_tidy(self.mask, self._motion.votes)) * np.float32(self.someone)

    def _add_up(
        self, colours: Colours, colour: Plane, room: Plane, doubt: Plane, dt: float
    ) -> Plane:
        apart = self._book.apart
        evidence = self._motion.votes + room + self._motion.hull() + colour
        evidence += np.float32(1.7 * (2 - apart)) * self.bust.prior
        if self._count < 10 or self._count % 2:
            self._cut.step(colours, self.mask, evidence, dt if self._count < 10 else 2 * dt)
        guide = np.ascontiguousarray(colours[..., 0])
        neighbours = guided(guide, self.mask, 4, 0.003)
        cut = np.float32(2 * apart) * (2 * self._cut.inside * doubt - 1)
        return evidence + cut + 1.4 * (2 * neighbours - 1) + 0.8 * (2 * self.mask - 1)

    def _learn(
        self, colours: Colours, colour: Plane, moving: Plane, young: bool, dt: float
    ) -> None:
        prior, mask = self.bust.prior, self.mask
        self._room.learn(colours, mask, moving, self._age_s, dt)
        if not young and self._count % 3:
            return
        sure = cv2.erode(np.clip(mask * 2 - 1, 0, 1), np.ones((5, 5)))
        # What looked like the room so far is not learnt as the person: someone may have left it.
        trust = np.clip(0.6 + 0.5 * colour, 0.02, 1)
        person = sure * trust * (0.15 + np.clip(prior, 0, 1) + moving)
        if young:
            person *= 0.03 + cv2.blur(self._motion.energy, (7, 7))
        empty = np.clip(1 - 2 * mask, 0, 1) * (0.4 + np.clip(-prior, 0, 1))
        rate = ease(dt, 0.4) if self._age_s < 2 else ease(3 * dt, 4.0)
        self._book.learn(colours, person, empty, rate * (0.2 + 0.8 * self._motion.stir))

    def _follow(self, moving: Plane, young: bool, frozen: bool, dt: float) -> None:
        """Move the bust to where the votes gather, and judge whether anybody is there."""
        weight = self.mask * self.mask
        area = float(weight.mean())
        if young:
            weight = 0.03 * weight + cv2.blur(self._motion.energy, (5, 5))
        self.bust.follow(weight, area, ease(dt, 0.3 if young else 1.2))
        if float((moving * self.mask).mean()) > 0.0025:
            self.someone += (1 - self.someone) * ease(dt, 0.15)
        elif frozen:
            self.someone += (1 - self.someone) * ease(dt, 0.5)
        elif area < 0.02 or float(self.mask[self.bust.prior > 0.5].mean()) < 0.45:
            self.someone *= 1 - ease(dt, 0.6)


def _sigmoid(x: Plane) -> Plane:
    return (1 / (1 + np.exp(-np.clip(x, -12, 12)))).astype(np.float32)


def _tidy(mask: Plane, votes: Plane) -> Plane:
    """Return the mask without holes and without small islands that do not move."""
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((7, 7)))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        (closed > 0.4).astype(np.uint8), connectivity=4
    )
    if count <= 2:
        return closed
    areas = stats[:, cv2.CC_STAT_AREA].astype(np.float32)
    areas[0] = 0
    moved = np.bincount(labels.ravel(), votes.ravel() > 1, count) / np.maximum(areas, 1)
    keep = (areas > 0.3 * areas.max()) | (moved > 0.3)
    keep[0] = True
    return closed * cv2.blur(keep[labels].astype(np.float32), (3, 3))


def _flood(mask: Plane) -> Plane:
    """Return the mask; where it covers nearly all (a moving camera), the middle of it."""
    flood = min(max(float(mask.mean()) * 4 - 2.4, 0.0), 1.0)
    if flood == 0:
        return mask
    height, width = mask.shape
    ys, xs = np.ogrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    away = (xs * xs + ys * ys).astype(np.float32)
    return mask * (1 - np.float32(flood) * np.clip(away * 1.4 - 0.3, 0, 1))
