"""The table of all parameters.

Command-line options, preset validation, status, controllers and the reference in the docs are
generated from it: a parameter that is not here does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator

from endlessdreams_cam.errors import ParameterError
from endlessdreams_cam.parameters.spec import Curve, Kind, Parameter, Scalar, unknown
from endlessdreams_cam.parameters.tempo import FASTEST, SLOWEST

PROMPTS = 8
"""Slots in the bank."""

SWINGS = 8
"""Swings (mod.N)."""
LORAS = 4
"""LoRAs that are played at once (lora.N)."""

CUTS = ("dream", "source", "hold", "slate", "black")
CORNERS = ("off", "auto", "top-left", "top-right", "bottom-left", "bottom-right")
LAYER_MODES = ("mix", "screen", "multiply", "difference", "luma")
EDGES = ("mirror", "fit", "black")
MIRRORS = ("off", "left", "right", "top", "quad")
WAITS = ("off", "beat", "bar")
STUDIOS = ("off", "follow", "lead")
WAVES = ("none", "sine", "triangle", "saw", "square", "random")

_FADER_S = 0.06  # smooths a fader's 7-bit steps


def _number(
    name: str,
    low: float,
    high: float,
    default: float,
    doc: str,
    *,
    knob: tuple[float, float] | None = None,
    curve: Curve = Curve.LINEAR,
    unit: str = "",
    hand_s: float = _FADER_S,
    hand_by: str = "",
    in_presets: bool = True,
    stays: bool = False,
    sudden: bool = False,
) -> Parameter:
    return Parameter(
        name=name,
        kind=Kind.NUMBER,
        default=default,
        doc=doc,
        low=low,
        high=high,
        knob=knob,
        curve=curve,
        unit=unit,
        hand_s=hand_s,
        hand_by=hand_by,
        in_presets=in_presets,
        stays=stays,
        sudden=sudden,
    )


def _time(
    name: str, high: float, default: float, doc: str, *, in_presets: bool = True
) -> Parameter:
    return _number(name, 0, high, default, doc, unit="s", hand_s=0.0, in_presets=in_presets)


def _integer(name: str, low: int, high: int, default: int, doc: str) -> Parameter:
    return Parameter(name=name, kind=Kind.INTEGER, default=default, doc=doc, low=low, high=high)


def _toggle(name: str, default: bool, doc: str, *, in_presets: bool = True) -> Parameter:
    return Parameter(name=name, kind=Kind.TOGGLE, default=default, doc=doc, in_presets=in_presets)


def _choice(
    name: str, choices: tuple[str, ...], default: str, doc: str, *, in_presets: bool = True
) -> Parameter:
    return Parameter(
        name=name, kind=Kind.CHOICE, default=default, doc=doc, choices=choices,
        in_presets=in_presets,
    )  # fmt: skip


def _text(
    name: str, default: str, doc: str, *, longest: int = 400, in_presets: bool = True
) -> Parameter:
    return Parameter(
        name=name, kind=Kind.TEXT, default=default, doc=doc, max_length=longest,
        in_presets=in_presets,
    )  # fmt: skip


def _trigger(name: str, doc: str) -> Parameter:
    return Parameter(name=name, kind=Kind.TRIGGER, default=0, doc=doc, high=2**53, in_presets=False)


def _program() -> Iterator[Parameter]:
    yield _number(
        "program.mix", 0, 1, 1, "The master fader: 0 the source, 1 the dream.", in_presets=False
    )
    yield _choice("program.cut", CUTS, "dream", "What is on air.", in_presets=False)
    yield _time(
        "program.fade", 5, 0.3, "Length of a cut; slate and black are instant.", in_presets=False
    )
    yield _toggle(
        "program.privacy", False, "The raw source never reaches the program.", in_presets=False
    )
    yield _toggle(
        "program.flash_guard",
        True,
        "At most three flashes in any second (WCAG 2.3.1).",
        in_presets=False,
    )
    yield _choice(
        "program.badge", CORNERS, "auto",
        "The visible AI mark; auto: bottom-right when a camera is the source.", in_presets=False,
    )  # fmt: skip
    yield _toggle("program.record", False, "Record the program to a file.", in_presets=False)
    yield _text(
        "slate.text", "back in a moment", "What the slate says.", longest=80, in_presets=False
    )
    yield _text("slate.image", "", "A picture to show as the slate.", in_presets=False)


def _prompts() -> Iterator[Parameter]:
    for n in range(1, PROMPTS + 1):
        yield _text(f"prompt.{n}.text", "", f"Prompt {n} of the bank.")
        yield _text(f"prompt.{n}.label", "", f"Prompt {n}'s short name.", longest=10)
        yield _number(
            f"prompt.{n}.weight", 0, 1, 1 if n == 1 else 0, f"How much of prompt {n} is in the mix."
        )
        yield _toggle(f"prompt.{n}.solo", False, f"Only prompt {n} counts.")
    yield _text("prompt.base", "", "The ground mood: what the weights leave below a sum of 1.")
    yield _number(
        "prompt.scan", 0, 8, 0,
        "0: the faders mix; 1 to 8: a position in the bank, neighbours cross-blend.",
    )  # fmt: skip
    yield _integer(
        "prompt.style", 0, 8, 0, "One of the preset's styles, added to every prompt; 0: none."
    )
    yield _toggle(
        "prompt.filter", False,
        "Keep coarse words out of prompts from the page, its API and OSC: for shows that others "
        "may steer. A file blocked-words.txt beside your presets adds words.",
        in_presets=False,
    )  # fmt: skip
    yield _text("prompt.negative", "", "What to avoid; used when guidance is above 1.")
    yield _time("prompt.glide", 20, 1, "Glide of recalls, pads, text edits and autopilot.")


def _dream() -> Iterator[Parameter]:
    yield _number(
        "dream.strength", 0, 1, 0.55, "0 keeps the canvas, 1 ignores it.", knob=(0.2, 0.95)
    )
    yield _number(
        "dream.feedback", 0, 1, 0.7,
        "How much of the last dream stays in the canvas (with a source 0.35).",
        knob=(0, 0.97),
    )  # fmt: skip
    yield _integer("dream.steps", 1, 8, 1, "Denoising steps executed.")
    yield _number("dream.guidance", 0, 8, 0, "Guidance scale; 0 or 1: off.")
    yield _integer("dream.seed", 0, 2**31 - 1, 1, "The noise that a dream grows from.")
    yield _trigger("dream.reseed", "A new seed.")
    yield _time("dream.seed_glide", 5, 0.4, "Glide to a new seed; 0 is a hit.")
    yield _number("dream.wander", 0, 1, 0.1, "How fast the noise walks.")
    yield _number(
        "dream.rate", 1, 120, 30, "Dreams per second at most (by default the program's rate).",
        unit="per second", hand_s=0, in_presets=False,
    )  # fmt: skip
    yield _number("motion.speed", 0, 4, 1, "Time inside the scenes; 0 stands, you still move.")
    yield _number("motion.energy", 0, 1, 0.5, "Wind, sparks, waves.")


def _inputs() -> Iterator[Parameter]:
    words = "camera:N, file:PATH, image:PATH, screen:N, url:URL, pattern, sitter or none"
    yield _text("source.input", "none", f"The live input: {words}.", in_presets=False)
    yield _text("layer.input", "none", f"The layer's input: {words}.", in_presets=False)
    yield _number("source.amount", 0, 1, 0.8, "The live input in the canvas.")
    yield _toggle("source.mirror", False, "Flip the live input left to right.", in_presets=False)
    yield _number("source.zoom", 1, 4, 1, "Crop of the live input.", in_presets=False)
    yield _number("source.pan_x", -1, 1, 0, "The crop's place, left to right.", in_presets=False)
    yield _number("source.pan_y", -1, 1, 0, "The crop's place, top to bottom.", in_presets=False)
    yield _choice(
        "source.exposure",
        ("auto", "off"),
        "auto",
        "Even out the live input's light.",
        in_presets=False,
    )
    yield _trigger("source.plate", "Step out of the picture and press: the empty room.")
    yield _number("layer.amount", 0, 1, 0, "How much of the layer is in the canvas.")
    yield _choice("layer.mode", LAYER_MODES, "mix", "How the layer is blended.")


def _view() -> Iterator[Parameter]:
    by = "view.glide"
    yield _number(
        "view.zoom", 0.5, 4, 1, "Zoom of the program.", knob=(1, 3), curve=Curve.LOG, hand_by=by
    )
    yield _number("view.pan_x", -1, 1, 0, "1 is half a frame at every zoom.", hand_by=by)
    yield _number("view.pan_y", -1, 1, 0, "1 is half a frame at every zoom.", hand_by=by)
    yield _number("view.rotate", -180, 180, 0, "Rotation of the program.", unit="°", hand_by=by)
    yield _choice(
        "view.edge",
        EDGES,
        "mirror",
        "What lies beyond the picture's edge; fit: never look beyond it.",
    )
    yield _choice("view.mirror", MIRRORS, "off", "Mirror a half or a quarter over the rest.")
    yield _time("view.glide", 20, 0.08, "Smooths a knob's steps.")
    drift = "Motion of the dream"
    yield _number(
        "drift.zoom", -0.5, 0.5, 0, f"{drift}, inwards.", curve=Curve.CUBIC, unit="octaves/s"
    )
    yield _number(
        "drift.pan_x", -0.3, 0.3, 0, f"{drift}, to the right.", curve=Curve.CUBIC, unit="widths/s"
    )
    yield _number(
        "drift.pan_y", -0.3, 0.3, 0, f"{drift}, downwards.", curve=Curve.CUBIC, unit="heights/s"
    )
    yield _number("drift.rotate", -45, 45, 0, f"{drift}, clockwise.", curve=Curve.CUBIC, unit="°/s")
    yield _number("look.hue", -180, 180, 0, "Turns the program's colours.", unit="°")
    yield _number("look.saturation", 0, 2, 1, "0 is black and white.")
    yield _number("look.brightness", -1, 1, 0, "Added light.")
    yield _number("look.contrast", 0, 2, 1, "Contrast round the middle grey.")


def _show() -> Iterator[Parameter]:
    yield Parameter(
        name="engine.name", kind=Kind.CHOICE, default="auto", doc="Who dreams.",
        choices=("auto", "scenes", "diffusion"), also="fault:", in_presets=False,
    )  # fmt: skip
    yield _text(
        "engine.model", "auto",
        "The diffusion model: a name of `models list`, a folder or a .safetensors file; auto: the "
        "first that is here and fits the card.",
        in_presets=False,
    )  # fmt: skip
    yield _text(
        "safety.checker", "",
        "A folder of diffusers' StableDiffusionSafetyChecker: dreams of diffusion that it takes "
        "for nudity are held back; empty: none.",
        in_presets=False,
    )  # fmt: skip
    yield from _governor()
    for n in range(1, LORAS + 1):
        yield _text(
            f"lora.{n}.name", "", f"LoRA {n}: a file in the folder of LoRAs; empty: none.",
            longest=100,
        )  # fmt: skip
        yield _number(f"lora.{n}.weight", -1, 2, 0, f"How much of LoRA {n} is in the net.",
                      knob=(0, 1))  # fmt: skip
    yield _number(
        "tempo.bpm", SLOWEST, FASTEST, 120,
        "Beats per minute; a preset that does not name it leaves it alone.",
        stays=True, sudden=True,
    )  # fmt: skip
    yield _trigger("tempo.tap", "Tap the beat: two taps or more set the tempo.")
    yield _trigger("tempo.resync", "The next bar begins now.")
    for n in range(1, SWINGS + 1):
        yield _text(f"mod.{n}.target", "", f"The parameter that swing {n} moves.", longest=40)
        yield _choice(f"mod.{n}.source", WAVES, "none", f"Swing {n}'s shape.")
        yield _number(
            f"mod.{n}.beats", 0.125, 64, 4, f"Swing {n}'s period.", unit="beats", sudden=True
        )
        yield _number(f"mod.{n}.depth", 0, 1, 0, f"Swing {n}'s reach; 1: half the knob each way.")
        yield _number(f"mod.{n}.phase", 0, 1, 0, f"Where swing {n} starts, in periods.")
    yield _number("mod.amount", 0, 1, 1, "Master of all swings.")
    yield _number(
        "preset.morph", 0, 60, 2, "Glide to a recalled preset that asks for none of its own.",
        unit="s", hand_s=0, stays=True,
    )  # fmt: skip
    yield _number(
        "preset.morph_beats", 0, 64, 0, "The same in beats; 0: preset.morph's seconds.",
        unit="beats", hand_s=0, stays=True,
    )  # fmt: skip
    yield _choice(
        "preset.wait", WAITS, "off", "What recalls and cuts by hand wait for.", in_presets=False
    )
    yield _toggle(
        "auto.on",
        False,
        "With nobody playing, the dream wanders through the bank.",
        in_presets=False,
    )
    yield _number("auto.every", 5, 600, 20, "Time between autopilot's changes.", unit="s", hand_s=0)
    yield _number(
        "auto.rest", 10, 600, 60, "How long a hand on the bank, seed or drift rests the autopilot.",
        unit="s", hand_s=0,
    )  # fmt: skip
    yield _toggle(
        "obs.links", True, "Scenes of OBS recall presets and presets show scenes, as presets say.",
        in_presets=False,
    )  # fmt: skip
    yield _choice(
        "obs.studio", STUDIOS, "off",
        "In OBS's studio mode: follow: cuts to dream, source and hold wait for OBS's transition; "
        "lead: they begin it.",
        in_presets=False,
    )  # fmt: skip


def _governor() -> Iterator[Parameter]:
    yield _number(
        "governor.rate", 0, 120, 0,
        "Dreams of diffusion per second to hold, for fewer steps and a smaller size; 0: any.",
        unit="per second", hand_s=0, in_presets=False, sudden=True,
    )  # fmt: skip
    yield _number(
        "governor.latency", 0, 2000, 0,
        "The longest that a dream of diffusion may take, in the same way; 0: any.",
        unit="ms", hand_s=0, in_presets=False, sudden=True,
    )  # fmt: skip
    yield Parameter(
        name="governor.least_steps", kind=Kind.INTEGER, default=1, low=1, high=8,
        doc="The fewest steps that the governor may take.", in_presets=False,
    )  # fmt: skip
    yield _number(
        "governor.least_size", 0.5, 1, 0.6,
        "The smallest size that it may take, as a share of the sides; 1: the size stays.",
        hand_s=0, in_presets=False, sudden=True,
    )  # fmt: skip


def _build() -> dict[str, Parameter]:
    parts = (_program, _prompts, _dream, _inputs, _view, _show)
    return {parameter.name: parameter for part in parts for parameter in part()}


PARAMETERS: dict[str, Parameter] = _build()
"""Every parameter by its name, in the order of the reference."""


def find(name: str) -> Parameter:
    """Return the parameter called `name`; raise ParameterError with the nearest name."""
    name = {"source": "source.input", "layer": "layer.input"}.get(name, name)
    parameter = PARAMETERS.get(name)
    if parameter is None:
        raise unknown(name, list(PARAMETERS))
    return parameter


_TARGETS = frozenset(f"mod.{n}.target" for n in range(1, SWINGS + 1))


def clean(name: str, value: object) -> Scalar:
    """Return `value` as the parameter called `name` takes it; raises ParameterError.

    Beyond its kind and range, the target of a swing is a parameter that swings may move.
    """
    parameter = find(name)
    cleaned = parameter.clean(value)
    if parameter.name in _TARGETS and cleaned and not find(str(cleaned)).swings:
        raise ParameterError(
            f"{parameter.name} cannot be {cleaned!r}: no swing moves that.",
            remedy="Allowed: a number such as motion.energy, view.zoom, drift.rotate, look.hue or "
            "prompt.1.weight, but no time, tempo, mod, preset or auto; empty for none.",
        )
    return cleaned


def defaults() -> dict[str, Scalar]:
    """Return a new mapping of every parameter's default."""
    return {name: parameter.default for name, parameter in PARAMETERS.items()}
