"""An immutable picture of all parameters, read by every worker at its own rate.

A number is a move: where it began, where it goes and when. Its value is a function of the clock,
so workers agree without talking, and one that was restarted does not start a glide again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

from endlessdreams_cam.parameters.move import Move
from endlessdreams_cam.parameters.spec import Scalar
from endlessdreams_cam.parameters.swings import Swing
from endlessdreams_cam.parameters.table import PARAMETERS, SWINGS
from endlessdreams_cam.parameters.tempo import Beat

Value = Scalar


@dataclass(frozen=True, slots=True)
class Switch:
    """A picture of which engine is on air, for the output worker.

    engine is the slot ("a" or "b") that the output shows; camera whether the source is a live one.
    rehearsed is the fault that diffusion plays (engines.faults.REHEARSED), empty: none.
    """

    engine: str = "a"
    camera: bool = False
    rehearsed: str = ""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What the next preset will ask for, so that an engine may get ready for it.

    texts are its bank, the leading prompt first and the ground mood last, without empty ones;
    style are the style words that go with each, seed the noise.
    """

    texts: tuple[str, ...] = ()
    style: str = ""
    seed: int = 0


@dataclass(frozen=True)
class Snapshot:
    """All parameters at one version.

    values holds each parameter's base: what a hand, a preset or the page set. moves holds the
    bases still on their way, offsets what autopilot adds. Swings come from the mod parameters and
    the beat; leaving are those that were replaced and fade out, sway is how far all are let (0 in
    a panic). morph runs from 0 to 1 during a recall; one that starts above 0 was hurried. styles
    are the preset's style words.
    """

    version: int
    values: Mapping[str, Scalar]
    moves: Mapping[str, Move] = field(default_factory=dict)
    offsets: Mapping[str, Move] = field(default_factory=dict)
    switch: Switch = Switch()
    beat: Beat = Beat()
    leaving: tuple[Swing, ...] = ()
    sway: Move = Move(1.0)
    morph: Move = Move(1.0)
    styles: tuple[str, ...] = ()
    preset: str = ""
    ahead: Ahead = Ahead()

    def base(self, name: str, now_ns: int) -> float:
        """Return a number's base at a time, without offsets and swings."""
        move = self.moves.get(name)
        return move.at(now_ns) if move else float(self.values[name])

    def steady(self, name: str, now_ns: int) -> float:
        """Return a number at a time without its swings: base and offset, clamped."""
        value = self.base(name, now_ns)
        offset = self.offsets.get(name)
        return PARAMETERS[name].clamp(value + offset.at(now_ns)) if offset else value

    def number(self, name: str, now_ns: int) -> float:
        """Return a number at a time: base, offset and swings, clamped to the range."""
        # Asked some fifty times per frame, hence without the two methods above.
        move, offset = self.moves.get(name), self.offsets.get(name)
        value = move.at(now_ns) if move else float(self.values[name])
        if offset:
            value = PARAMETERS[name].clamp(value + offset.at(now_ns))
        swings = self._swings.get(name)
        return self._swung(name, value, swings, now_ns) if swings else value

    def integer(self, name: str, now_ns: int | None = None) -> int:
        """Return an integer, or how often a trigger was pulled.

        Offsets and swings are rounded; without a time swings are left out.
        """
        value = float(self.values[name])
        offset = self.offsets.get(name)
        if offset:
            value = PARAMETERS[name].clamp(value + offset.target)
        swings = self._swings.get(name)
        if swings and now_ns is not None:
            value = self._swung(name, value, swings, now_ns)
        return round(value)

    @property
    def swinging(self) -> bool:
        """Whether a swing is at work: then values change without a new snapshot."""
        return bool(self._swings)

    @property
    def swung(self) -> frozenset[str]:
        """The parameters that swings move."""
        return frozenset(self._swings)

    def swing(self, n: int) -> Swing | None:
        """Return swing n, None when it is not at work."""
        names, values = _SWING_NAMES[n], self.values
        target, source = str(values[names.target]), str(values[names.source])
        if not target or source == "none":
            return None
        beats, depth = float(values[names.beats]), float(values[names.depth])
        phase, moves = float(values[names.phase]), self.moves
        if names.depth not in moves and names.phase not in moves:
            return _settled(n, target, source, beats, phase, depth) if depth else None
        return Swing(
            n, target, source, beats,
            moves.get(names.phase) or Move(phase), moves.get(names.depth) or Move(depth),
        )  # fmt: skip

    @cached_property
    def _swings(self) -> dict[str, tuple[Swing, ...]]:
        """The swings at work, by what they move."""
        found: dict[str, tuple[Swing, ...]] = {}
        present = (self.swing(n) for n in range(1, SWINGS + 1))
        for swing in (*self.leaving, *present):
            if swing and swing.target in PARAMETERS:
                found[swing.target] = (*found.get(swing.target, ()), swing)
        return found

    def _swung(self, name: str, value: float, swings: tuple[Swing, ...], now_ns: int) -> float:
        amount = self.base("mod.amount", now_ns) * self.sway.at(now_ns)
        if amount <= 0:
            return value
        count = self.beat.count(now_ns)
        push = amount * sum(swing.push(count, now_ns) for swing in swings)
        return PARAMETERS[name].pushed(value, push)

    def text(self, name: str) -> str:
        """Return a text or a choice."""
        return str(self.values[name])

    def toggle(self, name: str) -> bool:
        """Return whether a toggle is on."""
        return bool(self.values[name])

    def style(self, now_ns: int) -> str:
        """Return the words of the chosen style, empty for none."""
        n = self.integer("prompt.style", now_ns)
        return self.styles[n] if 0 < n < len(self.styles) else ""

    def weights(self, now_ns: int) -> tuple[float, ...]:
        """Return the eight prompts' shares of the mix, from scan, solo, weights and empty slots.

        Each is 0…1; their sum is at most 1 unless the faders exceed it, in which case they are
        normalised. What is missing below a sum of 1 belongs to the base prompt, if there is one.
        """
        slots = range(1, len(self._texts) + 1)
        scan = self.number("prompt.scan", now_ns)
        solos = [self.toggle(f"prompt.{n}.solo") for n in slots]
        if any(solos):
            raw = [1.0 if solo else 0.0 for solo in solos]
        elif scan >= 1:
            raw = [max(0.0, 1 - abs(scan - n)) for n in slots]
        else:
            raw = [self.number(f"prompt.{n}.weight", now_ns) for n in slots]
            # Between "faders" and the first position the two cross-blend: no jump at scan = 1.
            raw = [
                w * (1 - scan) + (scan if n == 1 else 0.0) for n, w in zip(slots, raw, strict=True)
            ]
        raw = [w if text else 0.0 for w, text in zip(raw, self._texts, strict=True)]
        total = sum(raw)
        if total > 1 or (total > 0 and not self.values["prompt.base"]):
            raw = [w / total for w in raw]
        return tuple(raw)

    @cached_property
    def _texts(self) -> tuple[str, ...]:
        return tuple(str(self.values[f"prompt.{n}.text"]) for n in range(1, 9))

    def encode(self) -> bytes:
        """Return the snapshot as bytes for its slot: only what differs from the defaults."""
        changed = {
            name: value
            for name, value in self.values.items()
            if name not in PARAMETERS or value != PARAMETERS[name].default
        }
        document = {
            "v": self.version,
            "values": changed,
            "moves": {name: _row(move) for name, move in self.moves.items()},
            "offsets": {name: _row(move) for name, move in self.offsets.items()},
            "switch": astuple(self.switch),
            "beat": astuple(self.beat),
            "leaving": [(*_shape(s), _row(s.phase), _row(s.depth)) for s in self.leaving],
            "sway": _row(self.sway),
            "morph": _row(self.morph),
            "styles": self.styles,
            "preset": self.preset,
            "ahead": [self.ahead.texts, self.ahead.style, self.ahead.seed],
        }
        # Eight prompts of 400 letters and the next eight fit the slot only as they are.
        return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()

    @classmethod
    def decode(cls, data: bytes) -> Snapshot:
        """Return the snapshot that `encode` wrote."""
        document = json.loads(data)
        return cls(
            version=document["v"],
            values=_DEFAULTS | document["values"],
            moves={name: Move(*row) for name, row in document["moves"].items()},
            offsets={name: Move(*row) for name, row in document["offsets"].items()},
            switch=Switch(*document["switch"]),
            beat=Beat(*document["beat"]),
            leaving=tuple(
                Swing(n, target, source, beats, Move(*phase), Move(*depth))
                for n, target, source, beats, phase, depth in document["leaving"]
            ),
            sway=Move(*document["sway"]),
            morph=Move(*document["morph"]),
            styles=tuple(document["styles"]),
            preset=document["preset"],
            ahead=Ahead(tuple(document["ahead"][0]), *document["ahead"][1:]),
        )


class _Names(NamedTuple):
    target: str
    source: str
    beats: str
    depth: str
    phase: str


_SWING_NAMES = {
    n: _Names(*(f"mod.{n}.{part}" for part in _Names._fields)) for n in range(1, SWINGS + 1)
}
_DEFAULTS: dict[str, Scalar] = {name: spec.default for name, spec in PARAMETERS.items()}


@lru_cache(maxsize=64)
def _settled(n: int, target: str, source: str, beats: float, phase: float, depth: float) -> Swing:
    """Return a swing whose numbers stand: most snapshots share them with the one before."""
    return Swing(n, target, source, beats, Move(phase), Move(depth))


def _row(move: Move) -> tuple[float, ...]:
    return move.target, move.start, move.began_ns, move.duration_s


def _shape(swing: Swing) -> tuple[int, str, str, float]:
    return swing.n, swing.target, swing.source, swing.beats
