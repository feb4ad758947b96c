"""What a parameter is: its kind, range, curve and meaning."""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass
from enum import StrEnum

from endlessdreams_cam.errors import ParameterError

Scalar = float | int | bool | str


class Kind(StrEnum):
    """What values a parameter takes."""

    NUMBER = "number"
    INTEGER = "integer"
    TOGGLE = "toggle"
    CHOICE = "choice"
    TEXT = "text"
    TRIGGER = "trigger"  # a counter that only goes up: nothing to pop, nothing lost


class Curve(StrEnum):
    """How a knob's 0…1 becomes a value."""

    LINEAR = "linear"
    LOG = "log"
    CUBIC = "cubic"  # fine round zero, for speeds


_CLOCKWORK = frozenset({"tempo", "mod", "preset", "auto"})
_NEVER_SWUNG = frozenset({"dream.rate", "dream.seed"})  # neighbouring seeds have nothing in common
_TRUE = {"1", "on", "true", "yes"}
_FALSE = {"0", "off", "false", "no"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One thing that can be played.

    low…high is what a value is clamped to, knob what a controller's full travel means. `hand_s` is
    the smoothing in seconds of a move by hand (`hand_by` names the parameter that holds it
    instead). `also` is a prefix that a choice may have beyond the choices: stand-ins that play
    faults are named so. `in_presets` says whether a preset may hold it; one that `stays` is left
    alone by presets that do not name it. A `sudden` number changes at once: between two periods
    lies nothing that could be glided through.
    """

    name: str
    kind: Kind
    default: Scalar
    doc: str
    low: float = 0.0
    high: float = 1.0
    knob: tuple[float, float] | None = None
    curve: Curve = Curve.LINEAR
    unit: str = ""
    choices: tuple[str, ...] = ()
    also: str = ""
    max_length: int = 400
    hand_s: float = 0.0
    hand_by: str = ""
    in_presets: bool = True
    stays: bool = False
    sudden: bool = False

    @property
    def group(self) -> str:
        """The first word of the name."""
        return self.name.partition(".")[0]

    @property
    def glides(self) -> bool:
        """Whether a move to a new value may take time."""
        return self.kind is Kind.NUMBER and not self.sudden

    @property
    def swings(self) -> bool:
        """Whether a swing may move it: a number that is no time and no part of the clockwork."""
        return (
            self.kind in (Kind.NUMBER, Kind.INTEGER)
            and self.unit != "s"
            and self.group not in _CLOCKWORK
            and self.name not in _NEVER_SWUNG
        )

    @property
    def allowed(self) -> str:
        """What may be given, for a person."""
        match self.kind:
            case Kind.NUMBER | Kind.INTEGER:
                unit = f" {self.unit}" if self.unit else ""
                return f"{self.low:g} to {self.high:g}{unit}"
            case Kind.TOGGLE:
                return "on or off"
            case Kind.CHOICE:
                return ", ".join(self.choices)
            case Kind.TEXT:
                return f"text of up to {self.max_length} characters"
            case Kind.TRIGGER:
                return "1 (it acts once each time)"

    def clean(self, value: object) -> Scalar:
        """Return `value` as this parameter's type, clamped to its range.

        Strings are read as a person writes them ("0.5", "on"). Raises ParameterError for what is
        not a value of this kind, NaN and infinity included.
        """
        match self.kind:
            case Kind.NUMBER:
                return self.clamp(self._number(value))
            case Kind.INTEGER | Kind.TRIGGER:
                return round(self.clamp(self._number(value)))
            case Kind.TOGGLE:
                return self._toggle(value)
            case Kind.CHOICE:
                return self._choice(value)
            case Kind.TEXT:
                return self._text(value)

    def clamp(self, value: float) -> float:
        """Return `value` limited to the range."""
        return min(max(value, self.low), self.high)

    def from_unit(self, unit: float) -> float:
        """Return the value for a knob at `unit`, 0…1 of its travel."""
        low, high = self.knob or (self.low, self.high)
        unit = min(max(unit, 0.0), 1.0)
        match self.curve:
            case Curve.LINEAR:
                return low + (high - low) * unit
            case Curve.LOG:
                return low * math.pow(high / low, unit)
            case Curve.CUBIC:
                middle, half = (low + high) / 2, (high - low) / 2
                return middle + half * (2 * unit - 1) ** 3

    def to_unit(self, value: float) -> float:
        """Return where on a knob's travel `value` lies, 0…1 (clamped)."""
        low, high = self.knob or (self.low, self.high)
        value = min(max(value, low), high)
        match self.curve:
            case Curve.LINEAR:
                return (value - low) / (high - low)
            case Curve.LOG:
                return math.log(value / low) / math.log(high / low)
            case Curve.CUBIC:
                middle, half = (low + high) / 2, (high - low) / 2
                return (math.cbrt((value - middle) / half) + 1) / 2

    def pushed(self, value: float, by: float) -> float:
        """Return `value` pushed along the knob by a part of its travel, −1 to 1, and clamped.

        The way goes along the parameter's own curve: the same push is as many octaves anywhere on
        a logarithmic knob. A value beyond the knob's ends keeps its distance from them.
        """
        if not by:
            return value
        unit = self.to_unit(value)
        here, there = self.from_unit(unit), self.from_unit(unit + by)
        moved = value * there / here if self.curve is Curve.LOG else value + there - here
        return self.clamp(moved)

    def _refuse(self, value: object) -> ParameterError:
        shown = repr(value) if len(repr(value)) <= 60 else repr(value)[:57] + "…"
        return ParameterError(f"{self.name} cannot be {shown}.", remedy=f"Allowed: {self.allowed}.")

    def _number(self, value: object) -> float:
        if not isinstance(value, int | float | str) or isinstance(value, bool):
            raise self._refuse(value)
        try:
            number = float(value)
        except (ValueError, OverflowError):
            raise self._refuse(value) from None
        if not math.isfinite(number):
            raise self._refuse(value)
        return number

    def _toggle(self, value: object) -> bool:
        word = str(value).strip().lower()
        if isinstance(value, float) or word not in _TRUE | _FALSE:
            raise self._refuse(value)
        return word in _TRUE

    def _choice(self, value: object) -> str:
        # TOML and a shell's "off" arrive as words; False is what YAML-minded hands write.
        word = "off" if value is False else str(value).strip().lower()
        if word not in self.choices and not (self.also and word.startswith(self.also)):
            raise self._refuse(value)
        return word

    def _text(self, value: object) -> str:
        if not isinstance(value, str):
            raise self._refuse(value)
        text = " ".join(value.split()) if "\n" in value else value.strip()
        if len(text) > self.max_length or not text.isprintable():
            raise self._refuse(value)
        return text


def unknown(name: str, known: list[str]) -> ParameterError:
    """Return the error for a name that does not exist, with the nearest one that does."""
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean {near[0]}?" if near else "`endlessdreams-cam parameters` lists them all."
    return ParameterError(f"There is no parameter {name!r}.", remedy=hint)
