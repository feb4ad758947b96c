"""The beat of a MIDI clock. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from endlessdreams_cam.clock import SECOND_NS

TICKS = 24
"""Ticks of a beat."""

CEASED_NS = SECOND_NS
"""Ticks that do not come for so long have stopped."""

_BAR = 4 * TICKS
_LOOK = 6  # ticks between two looks at the tempo
_WINDOW = 48  # ticks that a look averages over; half of them must be there
_SONG_STEP = 6  # ticks of a song position's unit, a sixteenth
_MINUTE_NS = 60 * SECOND_NS
_SLOWEST, _FASTEST = 30.0, 300.0  # what tempo.bpm takes
_STEP = 0.1  # beats per minute
_LARGEST_SLIP_NS = 1_500_000  # what the told beat may be off before a bar corrects it
_STRAY_NS = 1_500_000  # a tick this far off the others is late, whatever their jitter

_Ticks = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Heard:
    """A clock's tempo, and where a beat fell.

    beat counts from the song's top, so that bars begin at its multiples of four. It is None while
    the clock has not told its place (it ticks, but was not seen to start): then beat_ns says when
    a tick fell, not where the beat is.
    """

    bpm: float
    beat_ns: int
    beat: int | None


class ClockFollower:
    """Hears a clock's messages and tells its tempo and beat, only when there is news.

    News are a start or another place in the song, a tempo that has changed by more than the jitter
    of the ticks explains, and once per bar what has crept in: 0.1 beats per minute or 1.5 ms.
    """

    def __init__(self) -> None:
        self._ticks: deque[tuple[int, int]] = deque(maxlen=_WINDOW)
        self._tempi: deque[float] = deque(maxlen=_BAR // _LOOK)
        self._count = 0
        self._last_ns: int | None = None
        self._top: int | None = None
        self._still = False
        self._moved = False
        self._bar: tuple[int, int] | None = None
        self._told: Heard | None = None

    def feed(self, kind: str, at_ns: int, position: int = 0) -> Heard | None:
        """Take a message by mido's name for it; position is songpos's, in sixteenths."""
        match kind:
            case "clock":
                return self._tick(at_ns)
            case "start":
                self._move(0)
                self._still = False
            case "continue":
                self._still, self._moved = False, self._top is not None
            case "stop":
                self._still = True
            case "songpos":
                self._move(position * _SONG_STEP)
        return None

    def ticking(self, now_ns: int) -> bool:
        """Whether the clock has ticked within the last second."""
        return self._last_ns is not None and now_ns - self._last_ns < CEASED_NS

    def place(self, beat: int, at_ns: int) -> None:
        """Let a hand say where the music is: beat number `beat` fell at `at_ns`."""
        self._bar = beat, at_ns

    def again(self) -> None:
        """Tell at the next look what is heard, news or not."""
        self._told = None

    def _move(self, place: int) -> None:
        """The next tick is the song's tick number `place`."""
        self._top = self._count - place
        self._moved = True

    def _tick(self, at_ns: int) -> Heard | None:
        if not self.ticking(at_ns):
            self._ticks.clear()
            self._tempi.clear()
            if not (self._still or self._moved):
                self._top = None  # it may have gone on unheard
        self._last_ns = at_ns
        tick = self._count
        self._count += 1
        self._ticks.append((tick, at_ns))
        self._heed_hand(tick)
        if self._still:
            if self._top is not None:
                self._top += 1  # the song stands
            return None
        place = tick - (self._top or 0)
        line = self._look(tick) if place % _LOOK == 0 or self._moved else None
        heard = self._news(place, tick, at_ns, line)
        if heard:
            self._told, self._moved = heard, False
        return heard

    def _heed_hand(self, tick: int) -> None:
        """Count from where a hand said the beat is: from the tick that was nearest."""
        if self._bar is None:
            return
        (beat, said_ns), self._bar = self._bar, None
        nearest, _ = min(list(self._ticks)[-2:], key=lambda one: abs(one[1] - said_ns))
        self._move(self._count - nearest + beat * TICKS)

    def _look(self, tick: int) -> _Line | None:
        if len(self._ticks) < TICKS:
            return None
        line = _Line.through(self._ticks)
        if line is None or not _SLOWEST - _STEP <= line.bpm <= _FASTEST + _STEP:
            return None
        self._tempi.append(line.bpm)
        return line

    def _news(self, place: int, tick: int, at_ns: int, line: _Line | None) -> Heard | None:
        """Return what is to be told at a tick, if anything."""
        told = self._told
        if line is None:
            if not (self._moved and told and self._top is not None):
                return None
            # Too early to measure: the tempo from before the stop, from where the song is now.
            return self._heard(told.bpm, place, at_ns - place % TICKS * _interval_ns(told.bpm))
        beat_ns = line.at(tick - place % TICKS)
        if told is None or self._moved or abs(line.bpm - told.bpm) > _STEP + line.doubt_bpm:
            self._tempi.clear()
            return self._heard(line.bpm, place, beat_ns)
        if place % _BAR == 0:
            return self._correction(told, place, beat_ns)
        return None

    def _correction(self, told: Heard, place: int, beat_ns: float) -> Heard | None:
        """Return the bar's correction of what was told, if it needs one."""
        tempo = sum(self._tempi) / len(self._tempi)
        if abs(tempo - told.bpm) < _STEP or len(self._tempi) < _BAR // _LOOK:
            tempo = told.bpm
        if tempo == told.bpm and abs(self._slip_ns(told, place, beat_ns)) < _LARGEST_SLIP_NS:
            return None
        return self._heard(tempo, place, beat_ns)

    def _slip_ns(self, told: Heard, place: int, beat_ns: float) -> float:
        if told.beat is None:
            return 0.0
        beats = place // TICKS - told.beat
        return beat_ns - told.beat_ns - beats * _MINUTE_NS / told.bpm

    def _heard(self, bpm: float, place: int, beat_ns: float) -> Heard:
        rounded = round(min(max(bpm, _SLOWEST), _FASTEST), 1)
        return Heard(rounded, round(beat_ns), None if self._top is None else place // TICKS)


@dataclass(frozen=True, slots=True)
class _Line:
    """Ticks on a grid: tick number `tick` fell at `at_ns`, the next `interval_ns` later."""

    tick: int
    at_ns: float
    interval_ns: float
    doubt_bpm: float

    @property
    def bpm(self) -> float:
        return _MINUTE_NS / (TICKS * self.interval_ns)

    def at(self, tick: int) -> float:
        return self.at_ns + (tick - self.tick) * self.interval_ns

    @classmethod
    def through(cls, ticks: _Ticks) -> Self | None:
        """Lay the line through the ticks that are in time; None if they stand.

        A first line of medians shrugs off the ticks of a burst; least squares through those near
        it then average the jitter.
        """
        half = len(ticks) // 2
        pairs = zip(list(ticks)[:half], list(ticks)[-half:], strict=True)
        slope = _middle([(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairs])
        first, start_ns = ticks[0]
        off = [at_ns - start_ns - (tick - first) * slope for tick, at_ns in ticks]
        usual = _middle(off)
        spread = 1.5 * _middle([abs(x - usual) for x in off])  # a bell curve's deviation
        limit = max(3 * spread, _STRAY_NS)
        good = [t for t, x in zip(ticks, off, strict=True) if abs(x - usual) <= limit]
        return cls._least_squares(good, spread)

    @classmethod
    def _least_squares(cls, ticks: _Ticks, spread: float) -> Self | None:
        count, (first, start_ns) = len(ticks), ticks[0]
        x = sum(tick - first for tick, _ in ticks) / count
        y = sum(at_ns - start_ns for _, at_ns in ticks) / count
        wide = sum((tick - first - x) ** 2 for tick, _ in ticks)
        if wide <= 0:
            return None
        slope = sum((tick - first - x) * (at_ns - start_ns - y) for tick, at_ns in ticks) / wide
        if slope <= 0:
            return None
        bpm = _MINUTE_NS / (TICKS * slope)
        # Five times what the ticks' jitter makes of the slope: a look is taken many times a bar.
        doubt = 5 * spread / wide**0.5 / slope * bpm
        return cls(first, start_ns + y - x * slope, slope, doubt)


def _interval_ns(bpm: float) -> float:
    return _MINUTE_NS / (TICKS * bpm)


def _middle(numbers: list[float]) -> float:
    return sorted(numbers)[len(numbers) // 2]
