"""How much of each picture is on air: cuts, the master fader, and what stands in for what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from endlessdreams_cam.clock import to_ns

PRIVATE_MIX = 0.7
"""With privacy the master fader stops here: the raw source's share is never above 0.3."""

_JUMP = 0.12  # a change of a share that needs no fade


class Levels(NamedTuple):
    """Shares of the program, each 0…1, together 1."""

    dream: float = 0.0
    hold: float = 0.0
    source: float = 0.0
    slate: float = 0.0
    black: float = 0.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of the program, and what there is to fulfil it.

    dream and source: whether there is one; stand_in: whether the source may stand in for a dream
    that has not come yet.
    """

    cut: str
    mix: float = 1.0
    private: bool = False
    dream: bool = False
    source: bool = False
    stand_in: bool = False

    @property
    def shown(self) -> str:
        """What the cut comes to: itself, else the last dream, the source, the slate."""
        usable = self.source and not self.private
        match self.cut:
            case "slate" | "black":
                return self.cut
            case "source" if usable:
                return "source"
            case "source" if self.private:
                return "slate"
        if self.dream:
            return "hold" if self.cut == "hold" else "dream"
        return "source" if usable and self.stand_in else "slate"

    @property
    def levels(self) -> Levels:
        """The shares that it comes to once every fade is over."""
        shown = self.shown
        if shown not in ("dream", "hold") or not self.source:
            return Levels()._replace(**{shown: 1.0})
        mix = max(self.mix, PRIVATE_MIX) if self.private else self.mix
        return Levels(source=1 - mix)._replace(**{shown: mix})


class Fader:
    """Moves the shares to what is wished: over the fade, from wherever they are.

    The slate and black come at once, and so does the end of a source that privacy forbids.
    """

    def __init__(self) -> None:
        self._now: Levels | None = None
        self._start = Levels()
        self._key: tuple[str, bool] = ("", False)
        self._fading = False
        self._began_ns = 0
        self._last_ns = 0

    def hold(self) -> None:
        """Let the held dream take the live dream's place at once: it is the same picture."""
        if self._now:
            self._now = _merge(self._now)
            self._start = _merge(self._start)

    def advance(self, wish: Wish, fade_s: float, now_ns: int) -> Levels:
        """Return the shares now."""
        target, key = wish.levels, (wish.shown, wish.source)
        if key != self._key and _far(self._now or target, target):
            # A fade began with the tick before, so that the first frame after a press shows it.
            self._start, self._began_ns, self._fading = self._now or target, self._last_ns, True
        self._key, self._last_ns = key, now_ns
        u = (now_ns - self._began_ns) / max(to_ns(fade_s), 1) if fade_s > 0 else 1.0
        if u >= 1 or wish.shown in ("slate", "black"):
            self._fading = False
        if not self._fading:
            self._now = target
            return target
        u = max(u, 0.0)
        eased = u * u * (3 - 2 * u)
        levels = Levels(*(a + (b - a) * eased for a, b in zip(self._start, target, strict=True)))
        self._now = _without_source(levels, wish, target) if wish.private else levels
        return self._now


def _far(now: Levels, target: Levels) -> bool:
    """Whether the way is long enough to be seen as a jump; a fader's first step is not."""
    return max(abs(b - a) for a, b in zip(now, target, strict=True)) > _JUMP


def _merge(levels: Levels) -> Levels:
    return levels._replace(dream=0.0, hold=levels.dream + levels.hold)


def _without_source(levels: Levels, wish: Wish, target: Levels) -> Levels:
    excess = max(0.0, levels.source - target.source)
    room = levels._asdict()[wish.shown]
    return levels._replace(source=levels.source - excess)._replace(**{wish.shown: room + excess})
