"""An immutable picture of all parameters, read by every worker at its own rate.

A number is a move: where it began, where it goes and when. Its value is a function of the clock,
so workers agree without talking, and one that was restarted does not start a glide again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from endlessdreams_cam.parameters.spec import Scalar
from endlessdreams_cam.parameters.table import PARAMETERS

_SECOND_NS = 1_000_000_000
_SMOOTH_FROM_S = 0.5

Value = Scalar


@dataclass(frozen=True, slots=True)
class Move:
    """A number on its way: from `start` at `began_ns` to `target` in `duration_s` seconds."""

    target: float
    start: float = 0.0
    began_ns: int = 0
    duration_s: float = 0.0

    def at(self, now_ns: int) -> float:
        """Return the value at a time.

        Short moves ease out (they start at once, under a moving hand); long ones ease in and out.
        """
        if self.duration_s <= 0:
            return self.target
        u = (now_ns - self.began_ns) / (self.duration_s * _SECOND_NS)
        if u >= 1:
            return self.target
        u = max(u, 0.0)
        eased = 1 - (1 - u) ** 3 if self.duration_s < _SMOOTH_FROM_S else u * u * (3 - 2 * u)
        return self.start + (self.target - self.start) * eased

    def done(self, now_ns: int) -> bool:
        """Whether the target is reached."""
        return now_ns >= self.began_ns + self.duration_s * _SECOND_NS


@dataclass(frozen=True, slots=True)
class Switch:
    """A picture of which engine is on air, for the output worker.

    engine is the slot ("a" or "b") that the output shows; source_live whether a source delivers.
    """

    engine: str = "a"
    camera: bool = False


@dataclass(frozen=True)
class Snapshot:
    """All parameters at one version.

    values holds each parameter's base: what a hand, a preset or the page set. moves holds the
    bases still on their way, offsets what autopilot (later swings) adds. beat_ns is when a beat
    fell, for tempo.bpm. styles are the preset's style words.
    """

    version: int
    values: Mapping[str, Scalar]
    moves: Mapping[str, Move] = field(default_factory=dict)
    offsets: Mapping[str, Move] = field(default_factory=dict)
    switch: Switch = Switch()
    beat_ns: int = 0
    styles: tuple[str, ...] = ()
    preset: str = ""

    def base(self, name: str, now_ns: int) -> float:
        """Return a number's base at a time, without offsets."""
        move = self.moves.get(name)
        return move.at(now_ns) if move else float(self.values[name])

    def number(self, name: str, now_ns: int) -> float:
        """Return a number at a time: base and offset, clamped to the range."""
        value = self.base(name, now_ns)
        offset = self.offsets.get(name)
        if offset:
            value = PARAMETERS[name].clamp(value + offset.at(now_ns))
        return value

    def integer(self, name: str) -> int:
        """Return an integer, or how often a trigger was pulled; integers' offsets are rounded."""
        value = int(self.values[name])
        offset = self.offsets.get(name)
        return round(PARAMETERS[name].clamp(value + offset.target)) if offset else value

    def text(self, name: str) -> str:
        """Return a text or a choice."""
        return str(self.values[name])

    def toggle(self, name: str) -> bool:
        """Return whether a toggle is on."""
        return bool(self.values[name])

    @cached_property
    def style(self) -> str:
        """The words of the chosen style, empty for none."""
        n = self.integer("prompt.style")
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
            "switch": [self.switch.engine, self.switch.camera],
            "beat": self.beat_ns,
            "styles": self.styles,
            "preset": self.preset,
        }
        return json.dumps(document, separators=(",", ":")).encode()

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
            beat_ns=document["beat"],
            styles=tuple(document["styles"]),
            preset=document["preset"],
        )


_DEFAULTS: dict[str, Scalar] = {name: spec.default for name, spec in PARAMETERS.items()}


def _row(move: Move) -> list[float]:
    return [move.target, move.start, move.began_ns, move.duration_s]
