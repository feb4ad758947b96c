"""The scenes engine: living worlds painted from the prompts' words, with the person in them."""

from __future__ import annotations

import math
from concurrent.futures import Executor, ThreadPoolExecutor

from endlessdreams_cam.clock import SECOND_NS, seconds
from endlessdreams_cam.engines.engine import Inputs, Standing, Tell, untold
from endlessdreams_cam.engines.scenes import catalogue, strength
from endlessdreams_cam.engines.scenes.canvas import Live, Stillness, compose
from endlessdreams_cam.engines.scenes.dissolve import Dissolve, Share
from endlessdreams_cam.engines.scenes.feedback import Feedback
from endlessdreams_cam.engines.scenes.finish import Finish
from endlessdreams_cam.engines.scenes.mixture import Mixture
from endlessdreams_cam.engines.scenes.person import PersonReader
from endlessdreams_cam.engines.scenes.relight import Relight
from endlessdreams_cam.engines.scenes.strokes import Strokes
from endlessdreams_cam.engines.scenes.studio import MakeScene, Studio
from endlessdreams_cam.engines.scenes.styles import Stylist
from endlessdreams_cam.engines.scenes.world import Moment, Person, Picture
from endlessdreams_cam.frame import Pixels, Size
from endlessdreams_cam.parameters import Snapshot

_LONGEST_STEP_S = 0.25
_COMES_S = 0.35  # the person fades in and out when a source comes and goes
_FAINTEST = 0.01
_IDLE_NS = SECOND_NS  # after a change it is a hand's turn, not the next preset's


class ScenesEngine:
    """Dreams without a GPU. Scenes are built by `executor`, by default a thread of its own."""

    standing = Standing()

    def __init__(
        self,
        size: Size = Size(640, 360),
        *,
        executor: Executor | None = None,
        make: MakeScene = catalogue.make,
    ) -> None:
        self._size = size
        self._given = executor
        self._own: ThreadPoolExecutor | None = None
        self._make = make
        self._open = False

    @property
    def size(self) -> Size:
        """The dreams' size."""
        return self._size

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know, for the status: short lines."""
        return self._mixture.notes if self._open else ()

    def open(self, snapshot: Snapshot | None = None, tell: Tell = untold) -> None:
        """Get ready to dream."""
        if self._open:
            return
        executor = self._given
        if executor is None:
            executor = self._own = ThreadPoolExecutor(1, thread_name_prefix="scenes")
        self._studio = Studio(self._size, executor, self._make)
        self._stylist = Stylist(self._size, executor)
        self._mixture = Mixture()
        self._dissolve = Dissolve(self._size)
        self._relight = Relight(self._size)
        self._feedback = Feedback(self._size)
        self._strokes = Strokes(self._size)
        self._finish = Finish(self._size)
        self._reader = PersonReader()
        self._person: Person | None = None
        self._amount = 0.0
        self._plates: int | None = None
        self._stillness = Stillness()
        self._t = self._wander = 0.0
        self._busy_ns = 0
        self._open = True

    def close(self) -> None:
        """Give everything back."""
        if not self._open:
            return
        self._open = False
        self._studio.clear()
        if self._own is not None:
            self._own.shutdown(wait=True, cancel_futures=True)
            self._own = None

    def render(self, inputs: Inputs, snapshot: Snapshot, dt: float) -> Pixels:
        """Return the next dream; the pixels are overwritten by the next call."""
        dt = min(max(dt, 0.0), _LONGEST_STEP_S) if math.isfinite(dt) else 0.0
        now = inputs.now_ns
        force = snapshot.number("dream.strength", now)
        live = compose(inputs, snapshot, self._size)
        self._read(inputs, live, snapshot, dt, force)
        moment = self._moment(inputs, snapshot, dt)
        picture = self._world(snapshot, moment, now)
        if live is not None:
            picture = self._with_live(picture, live, force, dt)
        picture = self._strokes.lay(picture, inputs.paint)
        feedback = snapshot.number("dream.feedback", now)
        memory = strength.memory(force, feedback, has_live=live is not None)
        picture = self._feedback.mix(picture, inputs.pose, dt, feedback, memory)
        wish = self._mixture.leader
        shown = 1.0 if live is None else strength.painted(force)
        picture = self._stylist(
            picture, wish.style if wish else "", dt, snapshot.number("prompt.glide", now), shown
        )
        return self._finish(self._strokes.keep(picture, inputs.paint))

    def _read(
        self, inputs: Inputs, live: Live | None, snapshot: Snapshot, dt: float, force: float
    ) -> None:
        """Read the person out of the live picture, and learn the empty room when asked."""
        wanted = 0.0
        if live is not None:
            plates = snapshot.integer("source.plate")
            if self._plates is not None and plates > self._plates:
                self._reader.take_plate(live.pixels)
            self._plates = plates
            exposure = snapshot.text("source.exposure") == "auto"
            self._person = self._reader.read(
                live.pixels, seconds(inputs.now_ns), dt, exposure=exposure
            )
            wanted = live.amount * strength.person(force)
        self._amount += (wanted - self._amount) * (1 - math.exp(-dt / _COMES_S * 3))

    def _moment(self, inputs: Inputs, snapshot: Snapshot, dt: float) -> Moment:
        now = inputs.now_ns
        speed = snapshot.number("motion.speed", now)
        self._t += dt * speed
        self._wander += dt * snapshot.number("dream.wander", now) * min(speed, 1.0)
        self._mixture.hours.advance(dt, alone=snapshot.toggle("auto.on"))
        there = self._amount > _FAINTEST and self._person is not None
        return Moment(
            t=self._t,
            dt=min(dt * speed, _LONGEST_STEP_S),
            real_dt=dt,
            energy=snapshot.number("motion.energy", now),
            wander=self._wander,
            pose=inputs.pose,
            person=self._person if there else None,
            amount=self._amount,
        )

    def _world(self, snapshot: Snapshot, moment: Moment, now_ns: int) -> Picture:
        """Paint the scenes that the prompts ask for, and dissolve them into one world."""
        studio, mixture = self._studio, self._mixture
        mixture.follow(snapshot, now_ns, studio.ready)
        missing = mixture.missing(studio.ready)
        weights = mixture.weights()
        self._prepare(snapshot, now_ns, busy=bool(missing))
        if missing and not any(studio.ready(key) for key in weights):
            studio.build_now(missing[0], now_ns)
            mixture.follow(snapshot, now_ns, studio.ready)
            weights = mixture.weights()
        elif missing:
            studio.want(missing[0], now_ns)
        pictures = studio.paint(weights, moment, now_ns)
        shares = [Share(picture, weights[key], key.place) for key, picture in pictures.items()]
        return self._dissolve.blend(shares, self._t + self._wander)

    def _prepare(self, snapshot: Snapshot, now_ns: int, *, busy: bool) -> None:
        """Build what the next preset leads with, while there is nothing else to build."""
        if busy or not snapshot.morph.done(now_ns):
            self._busy_ns = now_ns
        elif now_ns - self._busy_ns > _IDLE_NS and (key := self._mixture.next(snapshot)):
            self._studio.keep(key, now_ns)

    def _with_live(self, picture: Picture, live: Live, force: float, dt: float) -> Picture:
        live = self._stillness.follow(live, dt)
        fading = 1 - max(force - 0.8, 0.0) / 0.2
        picture = self._relight.layer(picture, live, live.layer_amount * fading, self._t, dt)
        share = strength.live(force, live.amount)
        if share <= _FAINTEST:
            return picture
        presence = self._person.presence if self._person else None
        return self._relight.canvas(
            picture, live, share, strength.painted(force), presence, self._t, dt
        )
