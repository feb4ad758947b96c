"""Autopilot: with nobody playing, the dream wanders through the bank for ever."""

from __future__ import annotations

import random
from collections.abc import Callable

from endlessdreams_cam.clock import SECOND_NS
from endlessdreams_cam.parameters import PROMPTS, Change, Store

_GLIDE_S = 8.0
_ORIGIN = "auto"
_WEIGHTS = tuple(f"prompt.{n}.weight" for n in range(1, PROMPTS + 1))
_WATCHED = frozenset(
    {*_WEIGHTS, "prompt.scan", "prompt.base", "dream.seed", "dream.reseed"}
    | {f"prompt.{n}.{part}" for n in range(1, PROMPTS + 1) for part in ("text", "solo")}
    | {f"drift.{axis}" for axis in ("zoom", "pan_x", "pan_y", "rotate")}
)
_NOT_HANDS = frozenset({_ORIGIN, "preset", "reload", "start", "show"})


class Autopilot:
    """Moves the offsets of the bank's weights and the seed every auto.every seconds.

    A hand on the bank, the seed or the drift rests it for auto.rest seconds: what it had added
    becomes the base, so that nothing jumps, and later it goes on from there. `tick` is called a
    few times a second.
    """

    def __init__(self, store: Store, clock: Callable[[], int], chance: random.Random) -> None:
        self._store = store
        self._clock = clock
        self._chance = chance
        self._last_ns = clock()
        self._rest_until_ns = 0
        self._was_on = False
        store.listen(self._on_change)

    @property
    def rest_s(self) -> float:
        """How long a hand still rests it, 0 when it flies or is off."""
        if not self._store.snapshot.toggle("auto.on"):
            return 0.0
        return max(self._rest_until_ns - self._clock(), 0) / SECOND_NS

    def tick(self, *, allowed: bool) -> None:
        """Make the next change if it is due; allowed is False during a panic."""
        now, on = self._clock(), self._store.snapshot.toggle("auto.on")
        if self._was_on and not on:
            self._fold(frozenset())
        if on and not self._was_on:
            self._last_ns = now
        self._was_on = on
        if on and allowed and now >= max(self._last_ns + self._period_ns(), self._rest_until_ns):
            self._last_ns = now
            self._wander()

    def _period_ns(self) -> int:
        return round(self._store.snapshot.number("auto.every", self._clock()) * SECOND_NS)

    def _wander(self) -> None:
        snapshot, now = self._store.snapshot, self._clock()
        filled = [n for n in range(1, PROMPTS + 1) if snapshot.text(f"prompt.{n}.text")]
        if not filled:
            return
        live = snapshot.weights(now)
        others = [n for n in filled if live[n - 1] < 0.5] or filled
        lead = self._chance.choice(others)
        wanted = dict.fromkeys(range(1, PROMPTS + 1), 0.0)
        wanted[lead] = 1.0
        if len(filled) > 2 and self._chance.random() < 0.35:
            second = self._chance.choice([n for n in filled if n != lead])
            share = self._chance.uniform(0.25, 0.45)
            wanted[lead], wanted[second] = 1 - share, share
        offsets = {name: wanted[n] - snapshot.base(name, now) for n, name in enumerate(_WEIGHTS, 1)}
        if self._chance.random() < 0.3:
            offsets["dream.seed"] = self._chance.randrange(1, 1_000_000)
        self._store.offset(offsets, glide_s=_GLIDE_S, origin=_ORIGIN)

    def _on_change(self, change: Change) -> None:
        if change.origin in _NOT_HANDS or not change.names & _WATCHED:
            if change.origin == "preset" and change.names & _WATCHED:
                self._clear(change.snapshot.morph.duration_s)
            return
        now = self._clock()
        rest_s = change.snapshot.number("auto.rest", now)
        self._rest_until_ns = now + round(rest_s * SECOND_NS)
        if change.snapshot.offsets:
            self._fold(change.names)

    def _clear(self, glide_s: float) -> None:
        """A recall replaces what autopilot had added."""
        self._last_ns = self._clock()
        mine = dict.fromkeys(self._store.snapshot.offsets, 0.0)
        if mine:
            self._store.offset(mine, glide_s=glide_s, origin=_ORIGIN)

    def _fold(self, touched: frozenset[str]) -> None:
        """Make what is live the base, so that a hand goes on from what it sees."""
        snapshot, now = self._store.snapshot, self._clock()
        # What is on its way out, since a recall or a hand took its place, goes on its way.
        mine = [name for name, o in snapshot.offsets.items() if name in _WATCHED and o.target]
        self._let_arrive({n for n in mine if n not in touched and n in snapshot.moves}, now)
        mine = [name for name in mine if name in touched or name not in snapshot.moves]
        bases: dict[str, object] = {}
        for name in mine:
            if name not in touched:
                seed = name == "dream.seed"
                bases[name] = snapshot.integer(name) if seed else snapshot.steady(name, now)
        if bases:
            self._store.apply(bases, origin=_ORIGIN, glide_s=0.0)
        self._store.offset(dict.fromkeys(bases, 0.0), glide_s=0.0, origin=_ORIGIN)
        hand = {n: 0.0 for n in mine if n in touched}
        if hand:
            self._store.offset(hand, glide_s=0.3, origin=_ORIGIN)

    def _let_arrive(self, moving: set[str], now_ns: int) -> None:
        """Let bases that a recall or a glide moves go on: what was added is gone as they arrive."""
        for name in moving:
            left_ns = self._store.snapshot.moves[name].ends_ns - now_ns
            self._store.offset({name: 0.0}, glide_s=max(left_ns, 0) / SECOND_NS, origin=_ORIGIN)
