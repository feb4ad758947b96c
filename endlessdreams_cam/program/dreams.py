"""The dreams of the engine on air as one continuous motion."""

from __future__ import annotations

from typing import NamedTuple

import cv2

from endlessdreams_cam.frame import Frame, Pixels, Pose
from endlessdreams_cam.motion import warp
from endlessdreams_cam.program.pictures import Buffer, Picture, fill, size_of
from endlessdreams_cam.program.rhythm import Rhythm

ENGINE_FADE_NS = 500_000_000
"""How long the program takes from one engine's dreams to another's."""

_SLOW = 1.5  # ticks per dream; with more of them successive dreams are crossfaded
# Further than a drift can carry a living dream: its engine does not know where the camera stands.
_FURTHEST = Pose(zoom=1.5, pan_x=0.9, pan_y=0.9, rotate=135.0)


class _Still(NamedTuple):
    """A picture as it was painted from a pose, and the room that it lies in."""

    pixels: Pixels
    pose: Pose
    room: Buffer

    def at(self, pose: Pose) -> Picture:
        """Return the picture as seen from another pose."""
        delta = pose - self.pose
        if any(abs(d) > far for d, far in zip(delta, _FURTHEST, strict=True)):
            delta = Pose()
        return Picture(self.pixels, delta)


class Dreams:
    """Takes an engine's dreams and shows them without a jump.

    Each dream is moved from the pose that it was painted at to the present one. Dreams slower than
    two thirds of the program's rate are crossfaded over one dream interval; faster ones go
    straight through. A new engine's dreams fade in over the last picture of the old.
    """

    def __init__(self, tick_ns: int) -> None:
        self._tick_ns = tick_ns
        self._rhythm = Rhythm()
        self._rooms = (Buffer(), Buffer(), Buffer())  # below, top, and the one that comes next
        self._moved = (Buffer(), Buffer())
        self._fitted = Buffer()
        self._blend = Buffer()
        self._below: _Still | None = None
        self._top: _Still | None = None
        self._newest: Frame | None = None
        self._engine = ""
        self._began_ns = self._ends_ns = 0

    @property
    def newest(self) -> Frame | None:
        """The newest dream, None before the first."""
        return self._newest

    def age_s(self, now_ns: int) -> float:
        """Return the time since the last new dream in seconds; infinite before the first."""
        return self._rhythm.age_s(now_ns)

    def overdue(self, now_ns: int) -> bool:
        """Whether a new dream should have come by now."""
        return self._rhythm.overdue(now_ns, self._tick_ns)

    def accept(self, frame: Frame | None, engine: str, now_ns: int, pose: Pose) -> None:
        """Take the newest dream of the engine on air; `pose` is where the last tick stood."""
        same = engine == self._engine
        if frame is None or (same and self._newest and frame.sequence == self._newest.sequence):
            return
        if not same:
            self._rhythm = Rhythm()
        self._rhythm.note(now_ns)
        self._fade(now_ns, pose, switched=not same)
        room = self._spare()
        self._top = _Still(room.copy(frame.pixels), frame.pose, room)
        self._newest, self._engine = frame, engine

    def picture(self, now_ns: int, pose: Pose) -> Picture | None:
        """Return what is to be seen now from `pose`, None before the first dream.

        Its pixels are this object's until the next call.
        """
        if self._top is None:
            return None
        if now_ns >= self._ends_ns:
            self._below = None
        if self._below is None:
            return self._top.at(pose)
        share = (now_ns - self._began_ns) / (self._ends_ns - self._began_ns)
        below = self._placed(self._below.at(pose), 0)
        top = self._placed(self._top.at(pose), 1)
        if below.shape != top.shape:
            below = fill(below, self._fitted.sized(size_of(top)))
        room = self._blend.sized(size_of(top))
        return Picture(cv2.addWeighted(below, 1 - share, top, share, 0, dst=room))

    def _fade(self, now_ns: int, pose: Pose, *, switched: bool) -> None:
        """Let what is seen now become what the next dream is faded over, if it is to be faded."""
        interval_ns = self._rhythm.interval_ns
        slow = interval_ns > _SLOW * self._tick_ns
        left_ns = max(0, self._ends_ns - now_ns) if self._below else 0
        if left_ns > 0 and not slow and not switched:
            return  # a fade between engines goes on, over the newer dream
        lasts_ns = max(left_ns, ENGINE_FADE_NS * switched, int(interval_ns) * slow)
        self._below = self._seen(now_ns, pose) if lasts_ns > 0 else None
        self._began_ns, self._ends_ns = now_ns, now_ns + lasts_ns

    def _seen(self, now_ns: int, pose: Pose) -> _Still | None:
        seen = self.picture(now_ns, pose)
        if seen is None or self._below is None:
            return self._top
        room = self._spare()
        return _Still(room.copy(seen.pixels), pose, room)

    def _spare(self) -> Buffer:
        used = [still.room for still in (self._below, self._top) if still]
        return next(room for room in self._rooms if room not in used)

    def _placed(self, picture: Picture, n: int) -> Pixels:
        if not picture.moved:
            return picture.pixels
        room = self._moved[n].sized(size_of(picture.pixels))
        return warp(picture.pixels, picture.delta, room)
