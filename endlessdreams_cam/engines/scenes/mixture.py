"""Who is wanted, and how much: from the bank's prompts to weighted scenes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from endlessdreams_cam.clock import seconds
from endlessdreams_cam.engines.scenes.hours import Hours
from endlessdreams_cam.engines.scenes.lexicon import Wish, read
from endlessdreams_cam.engines.scenes.seeds import stable
from endlessdreams_cam.engines.scenes.studio import Key
from endlessdreams_cam.parameters import PROMPTS, Snapshot

_ARRIVE_S = 0.35  # a scene that had to be built first fades in
_RELIGHT_S = 6.0  # a new hour
_SOLO_S = 0.12
_LEAST = 1e-3
_MOST = 9  # scenes in one mix
_NOBODY = "aurora"  # what an empty bank dreams
_SLOTS = range(PROMPTS + 1)  # 0 is the base


def ease(u: float) -> float:
    """Return 0…1 as a soft step."""
    u = min(max(u, 0.0), 1.0)
    return u * u * (3 - 2 * u)


@dataclass(slots=True)
class _Glide:
    """A move in time: from `start` to `target` in `duration_s`."""

    began_ns: int = 0
    duration_s: float = 0.0

    def at(self, now_ns: int) -> float:
        if self.duration_s <= 0:
            return 1.0
        return ease(seconds(now_ns - self.began_ns) / self.duration_s)


@dataclass(slots=True)
class _Asked:
    """What a slot asks for: changes of each part take their own time."""

    words: str = ""
    style: str = ""
    preset: str = ""
    wish: Wish | None = None
    seed: int = 0
    key: Key | None = None


@dataclass(slots=True)
class _Slot:
    """One prompt on its way from what it was to what it is; shares sum to 1 when it has arrived."""

    asked: _Asked = field(default_factory=_Asked)
    target: _Asked = field(default_factory=_Asked)
    shares: dict[Key, float] = field(default_factory=dict)
    start: dict[Key, float] = field(default_factory=dict)
    glide: _Glide = field(default_factory=_Glide)

    def go(self, asked: _Asked, now_ns: int, duration_s: float) -> None:
        """Begin to dissolve to what is asked."""
        self.start, self.target = dict(self.shares), asked
        self.glide = _Glide(now_ns, duration_s)

    def follow(self, now_ns: int) -> None:
        """Set the shares of this moment."""
        if self.target.key is None:
            return
        u = max(self.glide.at(now_ns), 2 * _LEAST)
        self.shares = {key: share * (1 - u) for key, share in self.start.items()}
        self.shares[self.target.key] = self.shares.get(self.target.key, 0.0) + u
        self.shares = {key: share for key, share in self.shares.items() if share > _LEAST}


class Mixture:
    """Follows the bank: what each prompt wants, its level, and the glides between."""

    def __init__(self) -> None:
        self._slots = [_Slot() for _ in _SLOTS]
        self._levels = [0.0 for _ in _SLOTS]
        self._from = list(self._levels)
        self._live = list(self._levels)
        self._pattern: tuple[tuple[bool, ...], ...] = ()
        self._glide = _Glide()
        self.hours = Hours()

    @property
    def leader(self) -> Wish | None:
        """What the heaviest prompt asks for."""
        slot = max(_SLOTS, key=lambda n: self._levels[n])
        return self._slots[slot].asked.wish

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know about the prompts in the mix."""
        found = []
        for n, slot in enumerate(self._slots):
            wish = slot.asked.wish
            if wish and wish.guessed and self._levels[n] > 0 and slot.asked.words:
                name = f"prompt {n}" if n else "base prompt"
                found.append(f"{name}: no scene in these words, painted as {wish.scene}")
        return tuple(found)

    def follow(self, snapshot: Snapshot, now_ns: int, ready: Callable[[Key], bool]) -> None:
        """Take in the newest snapshot; only scenes that are ready enter the mix."""
        texts = [snapshot.text("prompt.base")]
        texts += [snapshot.text(f"prompt.{n}.text") for n in range(1, PROMPTS + 1)]
        self._level(snapshot, texts, now_ns)
        if not any(self._levels):
            self._levels[0] = 1.0
            texts[0] = texts[0] or _NOBODY
        for n, slot in enumerate(self._slots):
            pending = slot.shares and slot.asked.key != slot.target.key
            if texts[n] and not pending:  # what is being built is shown before what comes next
                slot.asked = self._asked(snapshot, texts[n])
            self._steer(slot, self._levels[n], snapshot, now_ns, ready)

    def weights(self) -> dict[Key, float]:
        """Return what is in the mix now; empty when nothing that is wanted is ready."""
        found: dict[Key, float] = {}
        for slot, level in zip(self._slots, self._levels, strict=True):
            for key, share in slot.shares.items() if level > 0 else ():
                found[key] = found.get(key, 0.0) + level * share
        most = sorted(found, key=lambda key: -found[key])[:_MOST]
        return {key: found[key] for key in most}

    def missing(self, ready: Callable[[Key], bool]) -> list[Key]:
        """Return the scenes that are wanted and not ready, the most wanted first."""
        wanted = [
            (level, slot.asked.key)
            for slot, level in zip(self._slots, self._levels, strict=True)
            if level > 0 and slot.asked.key and not ready(slot.asked.key)
        ]
        wanted.sort(key=lambda pair: -pair[0])
        return [key for _, key in wanted]

    def _asked(self, snapshot: Snapshot, words: str) -> _Asked:
        wish = read(words, snapshot.style)
        seed = stable(snapshot.integer("dream.seed"), snapshot.integer("dream.reseed"))
        mood = self.hours.light(wish, wish.dreamt(seed))
        key = Key(wish.scene, mood)
        return _Asked(words, snapshot.style, snapshot.preset, wish, seed, key)

    def _steer(
        self,
        slot: _Slot,
        level: float,
        snapshot: Snapshot,
        now_ns: int,
        ready: Callable[[Key], bool],
    ) -> None:
        key = slot.asked.key
        if key is None:
            return
        if level <= 0:
            slot.shares, slot.start, slot.target = {}, {}, _Asked()
        elif key != slot.target.key and ready(key):
            duration = _duration(slot, snapshot, now_ns) if slot.shares else _ARRIVE_S
            slot.go(slot.asked, now_ns, duration)
        slot.follow(now_ns)

    def _level(self, snapshot: Snapshot, texts: list[str], now_ns: int) -> None:
        """Set the slots' levels; a prompt that appears, goes or is soloed does not pop."""
        weights = snapshot.weights(now_ns)
        base = max(1 - sum(weights), 0.0) if texts[0] else 0.0
        if any(weights) or base:
            self._live = [base, *weights]
        solos = tuple(snapshot.toggle(f"prompt.{n}.solo") for n in range(1, PROMPTS + 1))
        pattern = (tuple(map(bool, texts)), solos)
        if pattern != self._pattern:
            texts_changed = bool(self._pattern) and pattern[0] != self._pattern[0]
            glide_s = _glide_s(snapshot, now_ns) if texts_changed else _SOLO_S
            self._from = list(self._levels)
            self._glide = _Glide(now_ns, glide_s if any(self._levels) else 0.0)
            self._pattern = pattern
        u = self._glide.at(now_ns)
        self._levels = [a + (b - a) * u for a, b in zip(self._from, self._live, strict=True)]


def _duration(slot: _Slot, snapshot: Snapshot, now_ns: int) -> float:
    """Return how long a slot takes from what it was to what it asks for now."""
    before, after = slot.target, slot.asked
    times = []
    if (before.words, before.style) != (after.words, after.style):
        recalled = before.preset != after.preset
        times.append(snapshot.number("preset.morph", now_ns) if recalled else 0.0)
        times.append(_glide_s(snapshot, now_ns))
    if before.seed != after.seed:
        times.append(_seed_glide_s(snapshot, now_ns))
    return max(times) if times else _RELIGHT_S


def _seed_glide_s(snapshot: Snapshot, now_ns: int) -> float:
    """Return how long a new seed takes: autopilot's comes as slowly as all that it moves."""
    own = snapshot.offsets.get("dream.seed")
    wandering = own.duration_s if own and not own.done(now_ns) else 0.0
    return max(snapshot.number("dream.seed_glide", now_ns), wandering)


def _glide_s(snapshot: Snapshot, now_ns: int) -> float:
    return snapshot.number("prompt.glide", now_ns)
