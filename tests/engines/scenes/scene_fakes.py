"""A scene that is quick to paint, and a player that renders dreams of it without threads."""

from concurrent.futures import Executor, Future

import cv2
import numpy as np

from endlessdreams_cam.engines import Inputs
from endlessdreams_cam.engines.scenes.engine import ScenesEngine
from endlessdreams_cam.engines.scenes.mood import luminance
from endlessdreams_cam.engines.scenes.seeds import stable
from endlessdreams_cam.engines.scenes.world import Scene
from endlessdreams_cam.frame import Frame, Pose, Size
from endlessdreams_cam.parameters import Store

SMALL = Size(96, 54)
STEP = 1 / 30


class AtOnce(Executor):
    """Runs what it is given while it is being given."""

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        future.set_result(fn(*args, **kwargs))
        return future


class Later(Executor):
    """Keeps what it is given until `go`."""

    def __init__(self):
        self.waiting = []

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        self.waiting.append((future, fn, args, kwargs))
        return future

    def go(self):
        for future, fn, args, kwargs in self.waiting:
            future.set_result(fn(*args, **kwargs))
        self.waiting.clear()


class Waves(Scene):
    """Coloured waves that run with t; the name, the mood and the person all show."""

    name = ""

    def __init__(self, size, mood):
        super().__init__(size, mood)
        self.painted = 0
        self.moments = []
        random = np.random.default_rng(stable(self.name, mood.seed))
        self._colour = random.uniform(0.2, 0.8, 3).astype(np.float32)
        self._phase, self._cycles = random.uniform(0, 6), random.uniform(2, 6)
        self._hour = luminance(self.light.zenith)

    def paint(self, moment):
        self.painted += 1
        self.moments.append(moment)
        xs = np.linspace(0, 6.28, self.size.width, dtype=np.float32)
        run = self._phase + 2 * moment.t + 3 * moment.wander + 4 * moment.pose.pan_x
        row = 0.5 + (0.1 + 0.3 * moment.energy) * np.sin(xs * self._cycles + run)
        picture = np.ones((self.size.height, 1, 1), np.float32) * row[None, :, None] * self._colour
        picture = (picture + 0.3 * self._hour).astype(np.float32)
        if moment.person is not None:
            person = moment.person.at(self.size)
            shine = person.presence * person.tone * moment.amount
            picture += 0.5 * cv2.merge((shine, shine, shine))
        return picture


def make_waves(name, size, mood):
    scene = Waves.__new__(Waves)
    scene.name = name
    scene.__init__(size, mood)
    return scene


class Player:
    """Plays an engine at 30 dreams per second of its own clock."""

    def __init__(self, size=SMALL, *, source=None, layer=None, executor=None, **start):
        self.now = 1_000_000_000
        self.made = []
        self.store = Store(lambda: self.now)
        self.engine = ScenesEngine(size, executor=executor or AtOnce(), make=self._make)
        self.engine.open()
        self.source, self.layer, self.pose, self.drift = source, layer, Pose(), Pose()
        self.n = 0
        self.set(**{"prompt.1.text": "ocean", "dream.feedback": 0.0, "dream.wander": 0.0, **start})

    def _make(self, name, size, mood):
        self.made.append(make_waves(name, size, mood))
        return self.made[-1]

    def set(self, glide_s=0.0, **values):
        self.store.apply(values, origin="test", glide_s=glide_s)

    def dream(self, count=1, dt=STEP, paint=None):
        for _ in range(count):
            self.now += round(dt * 1e9)
            self.n += 1
            self.pose = Pose(*(p + d * dt for p, d in zip(self.pose, self.drift, strict=True)))
            inputs = Inputs(
                self._frame(self.source), self._frame(self.layer), self.pose, self.now, paint
            )
            self.pixels = self.engine.render(inputs, self.store.snapshot, dt)
        return self.pixels.copy()

    def _frame(self, picture):
        if picture is None:
            return None
        return Frame(picture(self.n) if callable(picture) else picture, self.n, self.now)


def apart(a, b):
    """Return the mean difference of two pictures in levels."""
    return float(np.abs(a.astype(np.float32) - b.astype(np.float32)).mean())


def sitting(n):
    """Return a bright figure that moves before a darker room, 160 × 90."""
    picture = np.full((90, 160, 3), 70, np.uint8)
    picture[:, :30] = (90, 120, 160)
    x = 80 + round(6 * np.sin(n / 5))
    cv2.ellipse(picture, (x, 45), (16, 22), 0, 0, 360, (210, 170, 140), -1)
    cv2.ellipse(picture, (x, 95), (42, 28), 0, 0, 360, (150, 60, 50), -1)
    cv2.circle(picture, (x - 6, 42), 2, (30, 20, 20), -1)
    cv2.circle(picture, (x + 6, 42), 2, (30, 20, 20), -1)
    return picture
