"""A worker that dreams small: every prompt and every preset, for whoever chooses among them."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np

from endlessdreams_cam import clock
from endlessdreams_cam.engines import Inputs
from endlessdreams_cam.engines.scenes.engine import ScenesEngine
from endlessdreams_cam.errors import PresetError
from endlessdreams_cam.parameters import PROMPTS, Snapshot
from endlessdreams_cam.parameters.spec import Scalar
from endlessdreams_cam.parameters.table import defaults
from endlessdreams_cam.presets import Library, changes
from endlessdreams_cam.runtime.jobs import THUMB, THUMBS, ThumbsJob, tile
from endlessdreams_cam.runtime.life import Life
from endlessdreams_cam.runtime.snapshots import SnapshotReader
from endlessdreams_cam.runtime.statuses import State, Status
from endlessdreams_cam.settings import preset_folder
from endlessdreams_cam.slots import FrameSlot, TextSlot

_PROMPT_NS = clock.SECOND_NS // 2
_PRESET_NS = 2 * clock.SECOND_NS
_POLL_S = 0.02
_STEP_S = 0.25

_ALONE: dict[str, Scalar] = {
    "prompt.scan": 0.0, "source.amount": 0.0, "layer.amount": 0.0, "dream.feedback": 0.0,
    "prompt.glide": 0.0, "motion.speed": 1.0, "mod.amount": 0.0,
}  # fmt: skip
"""How a prompt looks by itself."""


def run(life: Life, job: ThumbsJob) -> None:
    """Dream small until the end."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(15)
    cv2.setNumThreads(1)
    _Thumbs(life, job).run()


class _Thumbs:
    def __init__(self, life: Life, job: ThumbsJob) -> None:
        self._life = life
        self._pictures = FrameSlot.attach(job.pictures)
        self._wish = TextSlot.attach(job.wish)
        self._snapshots = SnapshotReader(job.snapshot)
        self._library = Library(preset_folder())
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="thumbs")
        self._sheet = np.zeros((job.size.height, job.size.width, 3), np.uint8)
        self._shown: dict[str, _Shown] = {}
        self._presets: tuple[str, ...] = ()
        self._wished = 0

    def run(self) -> None:
        while not self._life.stopping:
            self._life.beat()
            self._look_at_wish()
            due = self._next()
            if due:
                self._dream(*due)
                self._life.tell(self._status)
            else:
                self._life.pause(_POLL_S)
        for shown in self._shown.values():
            shown.engine.close()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _look_at_wish(self) -> None:
        """Learn which presets lie on the pads."""
        if self._wish.sequence == self._wished:
            return
        self._wished = self._wish.sequence
        data = self._wish.read()
        self._presets = tuple(json.loads(data)) if data else ()
        gone = [n for n in self._shown if n.startswith("preset.") and n[7:] not in self._presets]
        for name in gone:
            self._shown.pop(name).engine.close()
        for n in range(PROMPTS, THUMBS):
            self._sheet[tile(n)] = 0
        for name, shown in self._shown.items():
            if name.startswith("preset."):
                shown.due_ns = 0  # it may lie elsewhere now

    def _next(self) -> tuple[str, int, int] | None:
        """Return what is due most: its name, its tile, and how often it comes; None for nothing."""
        rows = [(f"prompt.{n}", n - 1, _PROMPT_NS) for n in range(1, PROMPTS + 1)]
        rows += [(f"preset.{n}", PROMPTS + k, _PRESET_NS) for k, n in enumerate(self._presets)]
        now = clock.now_ns()
        row = min(rows, key=lambda row: self._due_ns(row[0]))
        return row if self._due_ns(row[0]) <= now else None

    def _due_ns(self, name: str) -> int:
        shown = self._shown.get(name)
        return shown.due_ns if shown else 0

    def _dream(self, name: str, at: int, every_ns: int) -> None:
        now = clock.now_ns()
        shown = self._shown.setdefault(name, _Shown(self._pool))
        shown.due_ns = now + every_ns
        snapshot = self._snapshot(name)
        if snapshot is None:
            self._sheet[tile(at)] = 0
        else:
            picture = shown.engine.render(Inputs(now_ns=now), snapshot, _STEP_S)
            self._sheet[tile(at)] = picture
        self._pictures.write(self._sheet, rendered_ns=now)

    def _snapshot(self, name: str) -> Snapshot | None:
        """Return what a thumbnail shows; None for an empty slot or a preset that is none."""
        group, _, which = name.partition(".")
        present = self._snapshots.read()
        if group == "prompt":
            if not present.text(f"{name}.text"):
                return None
            alone: dict[str, Scalar] = {f"prompt.{n}.weight": 0.0 for n in range(1, PROMPTS + 1)}
            alone |= {f"prompt.{n}.solo": False for n in range(1, PROMPTS + 1)}
            return _still(present.values, {**alone, f"{name}.weight": 1.0}, present.styles)
        try:
            preset = self._library.load(which)
        except PresetError:
            return None
        return _still(defaults(), changes(preset, defaults()), preset.styles)

    def _status(self) -> Status:
        return Status(State.LIVE, "thumbnails", self._life.trouble)


class _Shown:
    """One thumbnail's engine, and when it dreams next."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.engine = ScenesEngine(THUMB, executor=pool)
        self.engine.open()
        self.due_ns = 0


def _still(
    under: Mapping[str, Scalar], over: Mapping[str, Scalar], styles: tuple[str, ...]
) -> Snapshot:
    """Return parameters that stand, without the live input and the past."""
    return Snapshot(0, {**under, **over, **_ALONE}, styles=styles)
