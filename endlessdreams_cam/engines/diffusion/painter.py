"""The host's side of a dream: parameters and inputs into static tensors, a picture out."""

from __future__ import annotations

import math

from endlessdreams_cam.engines.diffusion.bank import Bank
from endlessdreams_cam.engines.diffusion.buffers import Buffers
from endlessdreams_cam.engines.diffusion.match import follow
from endlessdreams_cam.engines.diffusion.memory import keep_freed_memory
from endlessdreams_cam.engines.diffusion.prompts import NOTHING, Encoder, Mixer
from endlessdreams_cam.engines.diffusion.reference import Reference
from endlessdreams_cam.engines.diffusion.sampling import LEAST_STRENGTH, Plan, Sampler
from endlessdreams_cam.engines.diffusion.step import Dream, FrameStep, Parts, Shape, Step
from endlessdreams_cam.engines.diffusion.uploads import Download, Upload
from endlessdreams_cam.engines.diffusion.walk import Walk
from endlessdreams_cam.engines.engine import Inputs, Paint
from endlessdreams_cam.engines.scenes.seeds import stable
from endlessdreams_cam.frame import Frame, Pixels, Pose, Size
from endlessdreams_cam.models.nets import Nets
from endlessdreams_cam.motion import invert, matrix
from endlessdreams_cam.parameters import Snapshot
from endlessdreams_cam.parameters.table import LAYER_MODES

_LONGEST_STEP_S = 0.25
_SAID = 4  # words
_TICKS = 1 << 20  # whole numbers that are exact in float32
BARE = Parts(layer=False, feedback=False, paint=False, untouched=False, match=False, drift=False)
"""The nets and nothing else."""
_INSIDE = 8.0  # a distilled LCM's own guidance scale, where the parameter leaves it to the net


def wanted_shape(nets: Nets, snapshot: Snapshot, now_ns: int) -> Shape:
    """Return what a snapshot asks the frame function to be made for.

    A model that was distilled with its guidance scale inside needs no second pass for it.
    """
    guided = snapshot.number("dream.guidance", now_ns) > 1 and nets.guidance_embedding is None
    return Shape(snapshot.integer("dream.steps", now_ns), guided)


class Painter:
    """Paints dreams with one model at one size.

    `buffers` are what FrameSteps for it are made with. `paint` takes the step to paint with,
    which may be of another shape than the snapshot asks for: the dream has the step's. Without
    one it makes an eager step of the wanted shape and keeps it.
    """

    def __init__(self, nets: Nets, size: Size) -> None:
        self.nets, self.size = nets, size
        if nets.device.type == "cpu":
            keep_freed_memory()
        self.buffers = buffers = Buffers(nets, size)
        self._encoder = Encoder(nets)
        self._bank = Bank()
        self._prompt = Mixer(self._encoder, buffers.prompt)
        self._negative = Mixer(self._encoder, buffers.negative)
        self._sampler, self._walk = Sampler(nets), Walk(buffers)
        self._reference = Reference(buffers)
        self._source, self._layer = Upload(buffers.source), Upload(buffers.layer)
        self._colours, self._masks = Upload(buffers.paint), Upload(buffers.masks)
        self._download = Download(size, nets.device)
        self._eager: dict[Shape, FrameStep] = {}
        self._newest: Dream | None = None
        self._pose: Pose | None = None
        self._seed, self._tick = -1, 0
        buffers.numbers.set("affine", 1, 0, 0, 0, 1, 0)

    @property
    def notes(self) -> tuple[str, ...]:
        """Remarks on the prompts at work, for people."""
        return tuple(
            f"{f'prompt {n}' if n else 'base prompt'} is too long: "
            f"“{cut}” and what follows is not dreamt"
            for n, text in self._bank.texts.items()
            if (cut := _opening(self._encoder(text).cut))
        )

    def eager(self, shape: Shape) -> FrameStep:
        """Return the eager step of a shape, made once."""
        if shape not in self._eager:
            self._eager[shape] = FrameStep(self.nets, self.buffers, shape)
        return self._eager[shape]

    def paint(
        self, inputs: Inputs, snapshot: Snapshot, dt: float, step: Step | None = None
    ) -> Pixels:
        """Return the dream of this moment, uint8 RGB (height, width, 3).

        Dreams of a device may be overwritten by the call after the next one.
        """
        dt = min(max(dt, 0.0), _LONGEST_STEP_S) if math.isfinite(dt) else 0.0
        now = inputs.now_ns
        step = step or self.eager(wanted_shape(self.nets, snapshot, now))
        changed = self._condition(snapshot, now)
        changed |= self._make_noise(snapshot, now, dt)
        if changed:
            self._reference.changed()
        parts = self._fill(inputs, snapshot)
        self._remember(parts, inputs.pose)
        if parts.match and self._reference.due(dt):
            self._look(step)
        dream = self._dream(step, parts, snapshot, now)
        if parts.match:
            follow(self.buffers.grain, dream.detail, self.buffers.reference)
        self._newest, self._pose = dream, inputs.pose
        if not changed:
            self._get_ready()
        return self._download.fetch(dream.pixels)

    def _get_ready(self) -> None:
        """Encode one text that may soon be wanted: nine in one dream would be seen as a halt."""
        text = next((text for text in self._bank.waiting if text not in self._encoder), None)
        if text is not None:
            self._encoder(text)

    def _condition(self, snapshot: Snapshot, now: int) -> bool:
        """Bring the mix of prompts up to date; return whether it changed."""
        changed = self._prompt.write(self._bank.follow(snapshot, now))
        negative = snapshot.text("prompt.negative")
        self._negative.write({negative: 1.0} if negative else {NOTHING: 1.0})
        scale = snapshot.number("dream.guidance", now)
        inside = self.nets.guidance_embedding is not None and scale <= 1
        self.buffers.numbers.set("guidance", _INSIDE if inside else max(scale, 1.0))
        return changed

    def _make_noise(self, snapshot: Snapshot, now: int, dt: float) -> bool:
        """Let the noise walk on; return whether the seed is another one."""
        pulls, seed = snapshot.integer("dream.reseed"), snapshot.integer("dream.seed", now)
        seed = stable(seed, pulls) if pulls else seed
        changed = seed != self._seed
        speed = min(snapshot.number("motion.speed", now), 1.0)
        self._walk.go(
            seed,
            wander=snapshot.number("dream.wander", now) * speed,
            glide_s=snapshot.number("dream.seed_glide", now),
            dt=dt,
        )
        self._seed = seed
        return changed

    def _fill(self, inputs: Inputs, snapshot: Snapshot) -> Parts:
        """Upload the inputs and set the amounts; return which parts are at work."""
        numbers, now = self.buffers.numbers, inputs.now_ns
        source = _amount(self._source, inputs.source, snapshot.number("source.amount", now))
        layer = _amount(self._layer, inputs.layer, snapshot.number("layer.amount", now))
        feedback = snapshot.number("dream.feedback", now)
        mode = snapshot.text("layer.mode")
        numbers.set("source", source)
        numbers.set("layer", layer)
        numbers.set("modes", *(float(name == mode) for name in LAYER_MODES))
        numbers.set("feedback", feedback)
        self._tick = (self._tick + 1) % _TICKS
        numbers.set("tick", self._tick)
        # What does not feed on itself does not drift: nothing to lead back.
        numbers.set("match", feedback)
        paint = self._draw(inputs.paint)
        return Parts(
            layer=layer > 0, feedback=feedback > 0, paint=paint, match=feedback > 0,
            drift=self._pose not in (None, inputs.pose), untouched=False,
        )  # fmt: skip

    def _draw(self, paint: Paint | None) -> bool:
        if paint is None:
            self._masks.clear()
            return False
        self._colours.fill(paint.pixels)
        self._masks.fill(paint.masks)
        return True

    def _remember(self, parts: Parts, pose: Pose) -> None:
        """Make the newest dream the last one, where it is needed, and say how it has moved."""
        if self._newest is None or not (parts.feedback or parts.paint):
            return
        # One dream that is not a number must not be fed back for ever.
        self.buffers.last.copy_(self._newest.picture.nan_to_num(0.0).clamp(-1, 1))
        self.buffers.numbers.set("affine", *_sampling(pose - (self._pose or pose), self.size))

    def _look(self, step: Step) -> None:
        """Dream without the canvas, for the reference; the very first dream goes on from it."""
        self.buffers.numbers.set("match", 0.0)
        self.buffers.numbers.set("untouched", 0.0)
        dream = self._run(step, BARE, self._sampler.plan(1.0, step.shape.steps))
        self._reference.look(dream.picture)
        if self._newest is None:
            self.buffers.last.copy_(dream.picture.nan_to_num(0.0).clamp(-1, 1))
        self.buffers.numbers.set("match", float(self.buffers.numbers.get("feedback")[0]))

    def _dream(self, step: Step, parts: Parts, snapshot: Snapshot, now: int) -> Dream:
        strength = snapshot.number("dream.strength", now)
        untouched = max(1 - strength / LEAST_STRENGTH, 0.0)
        self.buffers.numbers.set("untouched", untouched)
        plan = self._sampler.plan(strength, step.shape.steps)
        return self._run(step, parts._replace(untouched=untouched > 0), plan)

    def _run(self, step: Step, parts: Parts, plan: Plan) -> Dream:
        numbers = self.buffers.numbers
        numbers.set("times", *plan.times)
        numbers.set("start", *plan.start)
        numbers.set("moves", *(value for move in plan.moves for value in move))
        numbers.upload()
        return step(step.parts or parts)


def _amount(upload: Upload, frame: Frame | None, amount: float) -> float:
    """Upload an input that is wanted; return how much of it is in the canvas."""
    if frame is None or amount <= 0:
        return 0.0
    upload.fill(frame.pixels)
    return amount


def _sampling(delta: Pose, size: Size) -> tuple[float, ...]:
    """Return where each pixel lay before a move, in coordinates that run from −1 to 1."""
    (a, b, x), (c, d, y) = invert(matrix(delta, size)).tolist()
    across, down = (size.width - 1) / 2, (size.height - 1) / 2
    return (
        a, b * down / across, (a * across + b * down + x) / across - 1,
        c * across / down, d, (c * across + d * down + y) / down - 1,
    )  # fmt: skip


def _opening(words: str) -> str:
    """Return the first words of a text that was cut off."""
    return " ".join(words.split()[:_SAID])
