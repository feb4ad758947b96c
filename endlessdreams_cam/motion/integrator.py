"""Drift, a speed, becomes a pose, a place."""

from __future__ import annotations

from endlessdreams_cam.frame import Pose
from endlessdreams_cam.parameters import Snapshot

REST_AFTER_S = 1.0
"""Without a new dream for so long the drift comes to rest."""

EASE_S = 0.7
"""How long the drift takes to come to rest and to move again."""

_HOME = Pose()
_LONGEST_STEP_S = 0.25  # after a stall the path goes on where it was instead of leaping ahead
_DRIFT = ("drift.zoom", "drift.pan_x", "drift.pan_y", "drift.rotate")


class PoseIntegrator:
    """Integrates drift.* over time: the one path of the dream's camera."""

    def __init__(self, start: Pose = _HOME) -> None:
        self._pose = start
        self._ease: float | None = None

    @property
    def pose(self) -> Pose:
        """Where the camera stands."""
        return self._pose

    def advance(self, snapshot: Snapshot, now_ns: int, dt_s: float, dream_age_s: float) -> Pose:
        """Move on by `dt_s` seconds and return where the camera stands then.

        dream_age_s is the time since the last new dream: without one for a second the drift eases
        to rest, for it would tear the old picture further and further out; with the next one it
        eases in again. Steps longer than 0.25 s, or negative, are cut.
        """
        dt_s = min(max(dt_s, 0.0), _LONGEST_STEP_S)
        gain = self._gain(dt_s, moving=dream_age_s < REST_AFTER_S)
        if gain > 0 and dt_s > 0:
            speeds = (snapshot.number(name, now_ns) for name in _DRIFT)
            self._pose = Pose(
                *(p + speed * gain * dt_s for p, speed in zip(self._pose, speeds, strict=True))
            )
        return self._pose

    def _gain(self, dt_s: float, *, moving: bool) -> float:
        if self._ease is None:
            # A worker that takes over in the middle of a drift goes on at its speed.
            self._ease = 1.0 if moving else 0.0
        step = dt_s / EASE_S if moving else -dt_s / EASE_S
        self._ease = min(max(self._ease + step, 0.0), 1.0)
        return self._ease * self._ease * (3 - 2 * self._ease)
