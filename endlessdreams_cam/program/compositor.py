"""Puts the program together, one tick at a time."""

from __future__ import annotations

import cv2
import numpy as np

from endlessdreams_cam.clock import seconds, to_ns
from endlessdreams_cam.frame import Frame, Pixels, Pose, Size
from endlessdreams_cam.motion import PoseIntegrator, View
from endlessdreams_cam.program.badge import Badge, corner_of
from endlessdreams_cam.program.dreams import Dreams
from endlessdreams_cam.program.flash_guard import FlashGuard
from endlessdreams_cam.program.framing import Framing
from endlessdreams_cam.program.levels import Fader, Levels, Wish
from endlessdreams_cam.program.look import read_look
from endlessdreams_cam.program.pictures import Buffer, Picture
from endlessdreams_cam.program.rhythm import Rhythm
from endlessdreams_cam.program.slate import Slate
from endlessdreams_cam.program.stage import Program, Stage

_HOME = Pose()
_SOURCE_LIVES_S = 2.0
# At the start the slate waits for the first dream so long before the source stands in for it:
# people use this program because it hides them.
_FIRST_DREAM_S = 5.0
_LEAST = 1 / 512  # a share below half a level of 255 is not seen


class Compositor:
    """Makes the program's picture for each tick.

    fps is the program's rate. slate is a picture to show as the slate in place of the moving
    gradient. pose is where the dream's camera stands at first: a worker that takes over goes on
    there. It never raises for any values of the parameters or sizes of the pictures, and it reads
    no clock.
    """

    def __init__(
        self,
        size: Size,
        *,
        fps: float = 30.0,
        slate: Pixels | None = None,
        pose: Pose = _HOME,
    ) -> None:
        tick_ns = to_ns(1 / fps)
        self._tick_ns = tick_ns
        self._poses = PoseIntegrator(pose)
        self._dreams = Dreams(tick_ns)
        self._source: Frame | None = None
        self._source_rhythm = Rhythm()
        self._held: Picture | None = None
        self._held_room = Buffer()
        self._shown = ""
        self._fader = Fader()
        self._framing = Framing(size)
        self._slate = Slate(size, picture=slate)
        self._badge = Badge(size)
        self._guard = FlashGuard()
        shape = (size.height, size.width, 3)
        self._outs = [np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)]
        self._card = np.empty(shape, np.uint8)
        self._began_ns: int | None = None
        self._last_ns = 0

    def compose(self, stage: Stage) -> Program:
        """Return the program at one tick; its pixels are overwritten by the tick after the next."""
        now_ns, snapshot = stage.now_ns, stage.snapshot
        if self._began_ns is None:
            self._began_ns = self._last_ns = now_ns
        self._dreams.accept(stage.dream, stage.engine, now_ns, self._poses.pose)
        pose = self._poses.advance(
            snapshot, now_ns, seconds(now_ns - self._last_ns), self._dreams.age_s(now_ns)
        )
        self._last_ns = now_ns
        wish = self._wish(stage)
        self._hold(wish.shown, now_ns, pose)
        levels = self._fader.advance(wish, snapshot.number("program.fade", now_ns), now_ns)
        last, out = self._outs
        self._outs.reverse()
        self._paint(levels, stage, pose, out)
        self._finish(levels, stage, wish.shown, out, last)
        return self._program(wish.shown, now_ns, pose, out)

    def _wish(self, stage: Stage) -> Wish:
        now_ns, snapshot = stage.now_ns, stage.snapshot
        return Wish(
            cut=snapshot.text("program.cut"),
            mix=snapshot.number("program.mix", now_ns),
            private=snapshot.toggle("program.privacy"),
            dream=self._dreams.newest is not None,
            source=self._source_lives(stage.source, now_ns),
            stand_in=seconds(now_ns - (self._began_ns or 0)) >= _FIRST_DREAM_S,
        )

    def _source_lives(self, frame: Frame | None, now_ns: int) -> bool:
        if frame is None:
            return False
        if self._source is None or frame.sequence != self._source.sequence:
            self._source_rhythm.note(now_ns)
        self._source = frame
        age_s = self._source_rhythm.age_s(now_ns)
        if frame.captured_ns:
            age_s = max(age_s, seconds(now_ns - frame.captured_ns))
        return age_s < _SOURCE_LIVES_S

    def _hold(self, shown: str, now_ns: int, pose: Pose) -> None:
        if shown == "hold" != self._shown:
            seen = self._dreams.picture(now_ns, pose)
            if seen:
                self._held = seen._replace(pixels=self._held_room.copy(seen.pixels))
                self._fader.hold()
        self._shown = shown

    def _paint(self, levels: Levels, stage: Stage, pose: Pose, out: Pixels) -> None:
        now_ns, snapshot = stage.now_ns, stage.snapshot
        seen = {
            "dream": self._dreams.picture(now_ns, pose) if levels.dream >= _LEAST else None,
            "hold": self._held,
            "source": Picture(self._source.pixels) if self._source else None,
        }
        shares = levels._asdict()
        layers = [(p, shares[name]) for name, p in seen.items() if p and shares[name] >= _LEAST]
        if layers:
            view, look = View.read(snapshot, now_ns), read_look(snapshot, now_ns)
            self._framing.draw(layers, view, look, out)
        card = levels.slate + levels.black
        if not layers:
            self._draw_card(levels, stage, out)
        elif card >= _LEAST:
            self._draw_card(levels, stage, self._card)
            cv2.addWeighted(out, 1 - card, self._card, card, 0, dst=out)

    def _draw_card(self, levels: Levels, stage: Stage, out: Pixels) -> None:
        if levels.black > levels.slate:
            out.fill(0)
            return
        text, image = stage.snapshot.text("slate.text"), stage.snapshot.text("slate.image")
        self._slate.draw(text, image, stage.now_ns, out)

    def _finish(self, levels: Levels, stage: Stage, shown: str, out: Pixels, last: Pixels) -> None:
        corner, share = corner_of(stage.snapshot), min(1.0, 3 * (levels.dream + levels.hold))
        if corner != "off" and share > 0:
            self._badge.draw(corner, share, out)
        if stage.snapshot.toggle("program.flash_guard"):
            self._guard.filter(out, last, stage.now_ns, card=shown in ("slate", "black"))
        else:
            self._guard.reset()

    def _program(self, shown: str, now_ns: int, pose: Pose, out: Pixels) -> Program:
        newest, captured_ns, held = self._dreams.newest, 0, False
        if shown == "dream" and newest:
            captured_ns, held = newest.captured_ns, self._dreams.overdue(now_ns)
        elif shown == "source" and self._source:
            captured_ns = self._source.captured_ns
            held = self._source_rhythm.overdue(now_ns, self._tick_ns)
        return Program(
            pixels=out,
            shown=shown,
            held=held,
            captured_ns=captured_ns,
            dream_sequence=newest.sequence if newest else 0,
            pose=pose,
        )
