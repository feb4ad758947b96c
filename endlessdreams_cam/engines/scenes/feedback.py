"""The dream's memory: silk at rest, echoes under drift.

At rest the last dream stays in the next one, and moving lights leave trails. Under drift a picture
that is moved and mixed again at every dream would smear into all its ages; so single dreams are
kept whole as echoes, carried along by the drift and dissolved into the present: an endless tunnel
that stays sharp. An echo is a dream with the echoes before it, so the tunnel goes on for ever.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.dissolve import Dissolve, Share
from endlessdreams_cam.engines.scenes.paint import grid
from endlessdreams_cam.engines.scenes.world import Picture, Plane
from endlessdreams_cam.frame import Pose, Size
from endlessdreams_cam.motion import matrix

_ECHOES = 2
_LIVES = 2.4  # an echo's life in memories
_SHORTEST_S, _LONGEST_S = 0.35, 6.0  # an echo's life
_FARTHEST = 1.3  # octaves that an echo may be magnified
_TRAVEL = 0.012  # octaves or widths that the drift goes in one memory, from which echoes show
_EASE_S = 0.4
_OUTSIDE = -8.0  # an echo's field beyond its picture's edges
_BIRTH = 1.6  # how much more of the present shows in the middle, where the tunnel begins
_BRIGHTENS = 0.2  # a light comes up in this part of the time that it takes to fade


def memory_s(feedback: float) -> float:
    """Return how long trails last (to 1/e) in seconds: 0.35 is a touch of silk, 0.97 over 2 s."""
    return 0.04 * feedback * math.exp(4.9 * feedback**6)


@dataclass(slots=True)
class _Echo:
    """A dream of the past, with the field of its dissolve, and where the camera stood then."""

    picture: Picture
    field: Plane
    pose: Pose
    seed: int
    age: float = 0.0


class Feedback:
    """Holds the past of one size of dreams and mixes it into the present."""

    def __init__(self, size: Size) -> None:
        self._size = size
        self._dissolve = Dissolve(size)
        self._last: Picture | None = None
        self._echoes: list[_Echo] = []
        self._pose = Pose()
        self._shown = 0.0  # how much of the mix are echoes, 0…1
        self._since = 0.0
        self._born = 0
        xs, ys = grid(self._dissolve.coarse)
        self._middle = np.exp(-((xs - 0.5) ** 2 + (ys - 0.5) ** 2) * 14).astype(np.float32)

    def mix(self, fresh: Picture, pose: Pose, dt: float, feedback: float, memory: float) -> Picture:
        """Return the fresh picture with the past in it.

        feedback 0…1 is the past's share under drift, memory how long it lasts in seconds; both act
        independently of the dream rate. The picture is the caller's to read until the next call.
        """
        delta, self._pose = pose - self._pose, pose
        speed = _way(delta) / dt if dt > 0 else 0.0
        wanted = min(speed * memory / _TRAVEL, 1.0)
        self._shown += (wanted - self._shown) * (1 - math.exp(-dt / _EASE_S))
        present = self._silk(fresh, dt, memory)
        if self._shown < 0.01 and wanted == 0:
            self._echoes.clear()
            return present
        life = min(max(_LIVES * memory, _SHORTEST_S), _LONGEST_S)
        if speed > 0:
            life = min(life, _FARTHEST / speed)
        dream = self._with_echoes(present, pose, dt, feedback, life)
        self._remember(dream, pose, dt, life)
        return dream

    def _silk(self, fresh: Picture, dt: float, memory: float) -> Picture:
        """Return fresh with the last dream lingering in it; lights linger longer than shadows."""
        keep = math.exp(-dt / memory) if memory > 1e-3 and dt > 0 else 0.0
        keep *= 1 - 0.8 * self._shown
        if self._last is None or keep < 0.004:
            self._last = fresh.copy()
            return self._last
        rise = keep ** (1 / _BRIGHTENS)
        falling = cv2.addWeighted(self._last, keep, fresh, 1 - keep, 0)
        rising = cv2.addWeighted(self._last, rise, fresh, 1 - rise, 0)
        # Where fresh is darker `falling` is the greater one, where it is brighter `rising` is.
        self._last = cv2.max(falling, rising, dst=falling)
        return self._last

    def _with_echoes(
        self, present: Picture, pose: Pose, dt: float, feedback: float, life: float
    ) -> Picture:
        shares = [Share(present, max(1 - feedback, 0.02), 1, lift=self._middle * _BIRTH)]
        for echo in self._echoes:
            echo.age += dt
            weight = feedback * self._shown * _swell(echo.age / life)
            if weight > 0.002:
                shares.append(self._moved(echo, pose, weight))
        self._echoes = [echo for echo in self._echoes if echo.age < life]
        return self._dissolve.blend(shares, 0.0)

    def _moved(self, echo: _Echo, pose: Pose, weight: float) -> Share:
        """Return an echo as it is seen from where the camera stands now."""
        delta, coarse = pose - echo.pose, self._dissolve.coarse
        picture = cv2.warpAffine(
            echo.picture, matrix(delta, self._size), self._size, flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT_101,
        )  # fmt: skip
        field = cv2.warpAffine(
            echo.field, matrix(delta, coarse), coarse, flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT, borderValue=_OUTSIDE,
        )  # fmt: skip
        return Share(picture, weight, echo.seed, field=field)

    def _remember(self, dream: Picture, pose: Pose, dt: float, life: float) -> None:
        self._since += dt
        if self._echoes and (self._since < life / _ECHOES or len(self._echoes) >= _ECHOES):
            return
        self._since = 0.0
        self._born += 1
        seed = 2 + self._born % 12
        field = self._dissolve.field(seed, self._born * 5.0) + self._dissolve.lights(dream)
        self._echoes.append(_Echo(dream.copy(), _framed(field), pose, seed))


def _framed(field: Plane) -> Plane:
    """Return a field that falls off towards the picture's edges, so that they are never seen."""
    height, width = field.shape
    edge = max(width * 0.3, 2)
    ys = np.minimum(np.arange(height), np.arange(height)[::-1])[:, None]
    xs = np.minimum(np.arange(width), np.arange(width)[::-1])[None, :]
    outer = np.clip(1 - np.minimum(ys, xs) / edge, 0, 1)
    return (field + outer**2.2 * _OUTSIDE).astype(np.float32)


def _swell(u: float) -> float:
    """Return an echo's strength over its life 0…1: it comes soon and goes slowly."""
    rise, fall = min(u / 0.3, 1.0), min((1 - u) / 0.5, 1.0)
    return (rise * rise * (3 - 2 * rise)) * max(fall * fall * (3 - 2 * fall), 0.0)


def _way(delta: Pose) -> float:
    """Return how far a move goes, roughly in frame widths; 0 for rounding errors."""
    way = abs(delta.zoom) + abs(delta.pan_x) + abs(delta.pan_y) + abs(delta.rotate) / 60
    return way if way > 1e-7 else 0.0
