"""A controller's default layout as a drawing to play from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape

from endlessdreams_cam.bindings import Binding, Button
from endlessdreams_cam.controllers.profile import Control, Part, Profile
from endlessdreams_cam.parameters import PARAMETERS

_STEP_X, _STEP_Y = 60.0, 54.0  # pixels of a step of the profile's grid
_EDGE = 26  # pixels round the device
_HALF = {Part.FADER: 62.0, Part.KNOB: 15.0, Part.ENCODER: 15.0, Part.BUTTON: 11.0}
_LINE = 13.0

_STYLE = """
text { font-family: "DejaVu Sans", Verdana, Helvetica, Arial, sans-serif; text-anchor: middle }
.paper { fill: #111318 } .device { fill: #1b1e25; stroke: #434956; stroke-width: 1.5 }
.part { fill: #262a33; stroke: #8d95a6; stroke-width: 1.4 }
.mark { stroke: #e8ebf1; stroke-width: 2 }
.slot { fill: #0b0c10; stroke: #565d6b } .cap { fill: #8d95a6; stroke: none }
.title { font-size: 20px; font-weight: bold; fill: #f4f6fa; text-anchor: start }
.note { font-size: 12px; fill: #c3c9d5; text-anchor: start }
.name { font-size: 9px; fill: #7f8797 } .label { font-size: 9px; fill: #c3c9d5 }
.first { font-size: 11.5px; font-weight: bold; fill: #f4f6fa }
.second { font-size: 11px; fill: #ffb454 }
.free { font-size: 11px; fill: #666d7b }
.prompt { stroke: #c99bff; fill: #33274a } .preset { stroke: #7fb2ff; fill: #22324d }
.cut { stroke: #79d88a; fill: #1f3a29 } .panic { stroke: #ff6b64; fill: #a3241f }
.mix { stroke: #f4f6fa; fill: #4a5160 }
@media print {
.paper, .device { fill: #fff } .device { stroke: #000 } .part, .slot { fill: #fff; stroke: #000 }
.mark { stroke: #000 } .cap { fill: #555 } .title, .note, .label, .first { fill: #000 }
.name, .free { fill: #555 } .second { fill: #a04c00 } .panic { stroke-width: 4 }
}
""".strip()

_WORDS = {
    "program.mix": "me ↔ dream",
    "dream.strength": "strength",
    "dream.feedback": "feedback",
    "dream.wander": "wander",
    "dream.reseed": "new seed",
    "source.amount": "source",
    "layer.amount": "layer",
    "motion.speed": "speed",
    "motion.energy": "energy",
    "prompt.scan": "scan",
    "prompt.glide": "glide",
    "preset.morph": "morph",
    "program.fade": "fade",
    "mod.amount": "swings",
    "drift.pan_x": "drift ↔",
    "drift.pan_y": "drift ↕",
    "drift.rotate": "drift turn",
    "view.zoom": "zoom",
    "view.pan_x": "pan ↔",
    "view.pan_y": "pan ↕",
    "view.rotate": "turn",
    "view.mirror": "mirror",
    "tempo.tap": "tap tempo",
    "auto.on": "autopilot",
    "style.next": "next style",
    "preset.next": "preset ▶",
    "preset.previous": "◀ preset",
    "preset.undo": "undo",
    "preset.finish": "finish",
    "panic": "PANIC",
}


@dataclass(frozen=True, slots=True)
class _Spot:
    """A place on the device: the controls that stand there, and what they do."""

    controls: tuple[Control, ...]
    first: tuple[str, ...]
    second: tuple[str, ...]
    kind: str

    @property
    def part(self) -> Part:
        return self.controls[0].part

    @property
    def x(self) -> float:
        return self.controls[0].x * _STEP_X

    @property
    def y(self) -> float:
        return self.controls[0].y * _STEP_Y


def draw(profile: Profile) -> str:
    """Return an SVG of the device with what every control does, both layers."""
    spots = list(_spots(profile))
    notes = _legend(profile)
    left = round(min(spot.x for spot in spots)) - 40 - _EDGE
    width = round(max(spot.x for spot in spots)) + 40 + _EDGE - left
    top = round(min(spot.y - _HALF[spot.part] for spot in spots)) - 66 - _EDGE
    bottom = round(max(spot.y + _HALF[spot.part] for spot in spots)) + 36 + _EDGE
    height = bottom - top + 20 * len(notes) + 8
    rows = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:g} {top:g} {width:g} {height:g}"'
        f' width="{width:g}" height="{height:g}" role="img">',
        f"<title>{escape(profile.title)}: the default layout</title>",
        f"<style>{_STYLE}</style>",
        _box("paper", left, top, width, height, 0),
        _text("title", left + _EDGE, top + 34, profile.title),
        _box("device", left + 12, top + 52, width - 24, bottom - top - 64, 14),
        *(_drawn(spot) for spot in spots),
        *(_text("note", left + _EDGE, bottom + 14 + 20 * n, note) for n, note in enumerate(notes)),
        "</svg>",
    ]
    return "\n".join(rows) + "\n"


def words(binding: Binding) -> str:
    """Return what a binding does, in a word or two."""
    to = binding.to
    if binding.button is Button.SET and to in PARAMETERS:
        home = binding.values in ((), (PARAMETERS[to].default,))
        return "default" if home else f"{words(replace(binding, button=None))} set"
    if to in _WORDS:
        return _WORDS[to]
    head, _, rest = to.partition(".")
    if head in ("cut", "look"):
        return rest
    return to.removesuffix(".weight").replace(".", " ")


def _spots(profile: Profile) -> Iterator[_Spot]:
    places: dict[tuple[float, float], list[Control]] = {}
    for control in profile.controls:
        places.setdefault((control.x, control.y), []).append(control)
    for controls in places.values():
        names = list(dict.fromkeys(control.name for control in controls))
        first = _does(profile, names[:1], shift=False)
        second = _does(profile, names[1:], shift=False) + _does(profile, names, shift=True)
        rest = tuple(dict.fromkeys(word for word in second if word not in first))
        targets = [b.to for b in profile.layout if b.control == names[0] and not b.shift]
        yield _Spot(tuple(controls), first, rest, _kind(targets[0]) if targets else "")


def _kind(to: str) -> str:
    """The class that gives a shape its colour."""
    return "mix" if to == "program.mix" else to.partition(".")[0]


def _does(profile: Profile, names: list[str], *, shift: bool) -> tuple[str, ...]:
    found = (words(b) for b in profile.layout if b.control in names and b.shift == shift)
    return tuple(dict.fromkeys(found))


def _drawn(spot: _Spot) -> str:
    x, y, half = spot.x, spot.y, _HALF[spot.part]
    names = list(dict.fromkeys(control.name for control in spot.controls))
    says = "; ".join((*spot.first, *spot.second)) or "free"
    messages = ", ".join(control.address for control in spot.controls if control.address)
    rows = [
        f"<g><title>{escape(' or '.join(names))}: {escape(says)} ({escape(messages)})</title>",
        _text("name", x, y - half - 5, " · ".join(names)),
        _shape(spot),
    ]
    lines = [("first", word) for word in spot.first] + [("second", word) for word in spot.second]
    for n, (layer, word) in enumerate(lines or [("free", "free")]):
        rows.append(_text(layer, x, y + half + 13 + n * _LINE, word))
    return "\n".join([*rows, "</g>"])


def _shape(spot: _Spot) -> str:
    x, y, kind = spot.x, spot.y, f"part {spot.kind}"
    label = spot.controls[0].label
    match spot.part:
        case Part.FADER:
            slot = _box("slot", x - 3, y - 58, 6, 116, 3)
            cap = _box(kind, x - 15, y - 8, 30, 16, 3)
            return slot + cap + f'<path class="mark" d="M{x - 12:g} {y:g}h24"/>'
        case Part.BUTTON:
            box = _box(kind, x - 25, y - 11, 50, 22, 4)
            return box + _text("label", x, y + 3, label)
    ring = f'<circle class="{kind}" cx="{x:g}" cy="{y:g}" r="15"/>'
    return ring + f'<path class="mark" d="M{x:g} {y - 4:g}v-9"/>'


def _legend(profile: Profile) -> list[str]:
    targets = {binding.to for binding in profile.layout}
    shifts = [b.control for b in profile.layout if b.to == "shift"]
    layers = list(dict.fromkeys(c.layer for c in profile.controls if c.layer))
    notes = []
    if shifts:
        label = profile.by_name[shifts[0]].label
        notes.append(
            f"Orange, second line: while {label} is held. A knob without one then goes to its "
            "default."
        )
    elif len(layers) > 1:
        notes.append(
            f"White, first line: layer {layers[0]}. Orange, second line: layer {layers[1]}. "
            "One line alone: both."
        )
    if "prompt.1" in targets:
        notes.append("Prompt button: a tap glides there, holding it is solo.")
    if "preset.1" in targets:
        notes.append(
            "Preset button: a tap recalls, another tap finishes the morph, one second saves."
        )
    if "panic" in targets:
        notes.append(
            "Panic: the slate at once, and it stays; dream ends it, or holding panic for half a "
            "second. Source wants 0.3 seconds."
        )
    return notes


def _box(kind: str, x: float, y: float, width: float, height: float, round_: float) -> str:
    size = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"'
    return f'<rect class="{kind}" {size} rx="{round_:g}"/>'


def _text(kind: str, x: float, y: float, text: str) -> str:
    return f'<text class="{kind}" x="{x:g}" y="{y:g}">{escape(text)}</text>'
