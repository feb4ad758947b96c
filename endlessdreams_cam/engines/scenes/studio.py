"""Where scenes live: they are built in the background, painted in turn, and let go."""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from typing import NamedTuple

from endlessdreams_cam.clock import SECOND_NS
from endlessdreams_cam.engines.scenes.mood import Mood
from endlessdreams_cam.engines.scenes.seeds import stable
from endlessdreams_cam.engines.scenes.world import Moment, Picture, Scene
from endlessdreams_cam.frame import Size

_MOST = 4  # scenes alive, unless more of them are in one mix
_PER_DREAM = 2  # scenes painted in one dream
_UNUSED_NS = 12 * SECOND_NS
_LONGEST_STEP_S = 0.25


class Key(NamedTuple):
    """Names one scene: the same wish and seed are the same scene."""

    scene: str
    mood: Mood

    @property
    def place(self) -> int:
        """A number of the scene and its composition, whatever its hour, weather and colours."""
        return stable(self.scene, self.mood.seed)


MakeScene = Callable[[str, Size, Mood], Scene]


@dataclass(slots=True)
class _Living:
    """A scene with its newest picture and the time that it has not seen yet."""

    scene: Scene
    used_ns: int
    picture: Picture | None = None
    owed_s: float = 0.0
    owed_real_s: float = 0.0
    waited: int = 0


class Studio:
    """Holds the living scenes of one size; a scene is some 20 to 90 MB.

    Those in the mix live, and the last ones used up to four in all; the others go, as does one that
    was not used for 12 s.
    """

    def __init__(self, size: Size, executor: Executor, make: MakeScene) -> None:
        self._size = size
        self._executor = executor
        self._make = make
        self._living: dict[Key, _Living] = {}
        self._building: tuple[Key, Future[Scene]] | None = None

    def ready(self, key: Key) -> bool:
        """Whether a scene can be painted now."""
        return key in self._living

    def want(self, key: Key, now_ns: int) -> None:
        """Have a scene built in the background, one at a time; ask again until it is ready."""
        self._collect(now_ns)
        if self._building is None and key not in self._living:
            self._building = (
                key,
                self._executor.submit(self._make, key.scene, self._size, key.mood),
            )
            self._collect(now_ns)

    def keep(self, key: Key, now_ns: int) -> None:
        """Have a scene built for later, and let it live as long as this is called."""
        self.want(key, now_ns)
        if key in self._living:
            self._living[key].used_ns = now_ns

    def build_now(self, key: Key, now_ns: int) -> None:
        """Build a scene at once: only when there is nothing else to show."""
        if key not in self._living:
            scene = self._make(key.scene, self._size, key.mood)
            self._living[key] = _Living(scene, now_ns)

    def paint(
        self, weights: Mapping[Key, float], moment: Moment, now_ns: int
    ) -> dict[Key, Picture]:
        """Return the newest pictures of the ready scenes among these.

        The heaviest is painted in every dream and one of the others in turn, the heavier the
        oftener; the rest show their last picture. moment.dt is the time since the last dream;
        moment.energy is the hand's, to which a mood adds its own.
        """
        shown = {key: self._living[key] for key in weights if key in self._living}
        for living in shown.values():
            living.used_ns = now_ns
            living.owed_s = min(living.owed_s + moment.dt, _LONGEST_STEP_S)
            living.owed_real_s = min(living.owed_real_s + moment.real_dt, _LONGEST_STEP_S)
            living.waited += 1
        for key in _turn(shown, weights):
            self._paint_one(key, shown[key], moment)
        self._tidy(now_ns)
        return {key: living.picture for key, living in shown.items() if living.picture is not None}

    def clear(self) -> None:
        """Let every scene go."""
        self._living.clear()
        self._building = None

    def _paint_one(self, key: Key, living: _Living, moment: Moment) -> None:
        energy = min(max(moment.energy + key.mood.energy / 2, 0.0), 1.0)
        now = replace(moment, dt=living.owed_s, real_dt=living.owed_real_s, energy=energy)
        living.picture = living.scene.paint(now)
        living.owed_s = living.owed_real_s = 0.0
        living.waited = 0

    def _collect(self, now_ns: int) -> None:
        if self._building and self._building[1].done():
            key, future = self._building
            self._building = None
            self._living[key] = _Living(future.result(), now_ns)

    def _tidy(self, now_ns: int) -> None:
        by_use = sorted(self._living, key=lambda key: self._living[key].used_ns, reverse=True)
        for n, key in enumerate(by_use):
            unused_ns = now_ns - self._living[key].used_ns
            if unused_ns > _UNUSED_NS or (unused_ns > 0 and n >= _MOST):
                del self._living[key]
                self._executor.submit(_give_back)


def _give_back() -> None:
    """Give freed memory back to the system, where it does not do so by itself (glibc).

    A scene is a hundred arrays of all sizes; what it leaves between living ones is kept otherwise,
    and a night of dreams would hold several times what they need.
    """
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def _turn(shown: Mapping[Key, _Living], weights: Mapping[Key, float]) -> list[Key]:
    """Return the scenes to paint in this dream."""
    if not shown:
        return []
    first = max(shown, key=lambda key: weights[key])
    rest = [key for key in shown if key != first]
    rest.sort(
        key=lambda key: (shown[key].picture is None, weights[key] * shown[key].waited), reverse=True
    )
    return [first, *rest[: _PER_DREAM - 1]]
