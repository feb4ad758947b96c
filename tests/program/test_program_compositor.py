import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endlessdreams_cam.frame import Frame, Pose, Size
from endlessdreams_cam.parameters import PARAMETERS, Kind, Snapshot, Switch
from endlessdreams_cam.parameters.table import defaults
from endlessdreams_cam.program import Compositor, Stage

SIZE = Size(64, 36)
FPS = 30
TICK = 1_000_000_000 // FPS
START = 5_000_000_000
DREAM, SOURCE, SLATE = 60, 160, 90


def plain(value, size=SIZE):
    return np.full((size[1], size[0], 3), value, np.uint8)


class Show:
    """A program with a dream and a source that arrive on every tick."""

    def __init__(self, *, camera=False, dreaming=True, filming=True, fps=FPS, **more):
        self.compositor = Compositor(SIZE, fps=fps, slate=plain(SLATE), **more)
        self.values = {"program.badge": "off"}
        self.camera, self.dreaming, self.filming = camera, dreaming, filming
        self.engine, self.tick, self.dream, self.source = "a", 0, DREAM, SOURCE
        self.newest = None
        self.live = None
        self.program = None

    def set(self, **values):
        self.values |= {name.replace("__", "."): value for name, value in values.items()}
        return self

    def play(self, ticks=1):
        for _ in range(ticks):
            self.tick += 1
            now = START + self.tick * TICK
            if self.dreaming:
                pose = self.program.pose if self.program else Pose()
                self.newest = Frame(plain(self.dream), self.tick, now - 7, now - 3, pose)
            if self.filming:
                self.live = Frame(plain(self.source), self.tick, now - 5)
            snapshot = Snapshot(1, defaults() | self.values, switch=Switch("a", self.camera))
            self.program = self.compositor.compose(
                Stage(now_ns=now, snapshot=snapshot, engine=self.engine, dream=self.newest,
                      source=self.live)
            )  # fmt: skip
        return self.program

    @property
    def level(self):
        return float(self.program.pixels.mean())

    def levels(self, ticks):
        found = []
        for _ in range(ticks):
            self.play()
            found.append(self.level)
        return found


def test_the_dream_is_on_air():
    show = Show()
    program = show.play(3)
    assert program.shown == "dream"
    assert program.pixels.shape == (36, 64, 3)
    assert (program.pixels == DREAM).all()
    assert not program.held
    assert program.dream_sequence == 3
    assert program.captured_ns == START + 3 * TICK - 7


def test_before_the_first_dream_the_slate_hides_the_source():
    show = Show(dreaming=False)
    program = show.play(60)
    assert program.shown == "slate"
    assert show.level == SLATE
    assert (program.dream_sequence, program.captured_ns) == (0, 0)
    show.dreaming = True
    assert SLATE > show.levels(3)[-1] > DREAM, "the first dream fades in"
    assert show.play(12).shown == "dream"
    assert show.level == DREAM


def test_where_no_dream_comes_the_source_stands_in_unless_it_is_private():
    show = Show(dreaming=False)
    show.play(149)
    assert show.program.shown == "slate"
    show.play(15)
    assert show.program.shown == "source"
    assert show.level == SOURCE
    show.set(program__privacy=True).play()
    assert show.program.shown == "slate"
    assert show.level == SLATE
    private = Show(dreaming=False).set(program__privacy=True)
    assert private.play(200).shown == "slate"


def test_a_cut_to_the_source_fades_and_back():
    show = Show()
    show.play(5)
    levels = show.set(program__cut="source").levels(12)
    assert DREAM < levels[0] < levels[4] < levels[8] <= SOURCE
    assert levels[-1] == SOURCE
    assert show.program.shown == "source"
    assert show.program.captured_ns == START + show.tick * TICK - 5


def test_slate_and_black_are_instant():
    show = Show().set(program__fade=5.0)
    show.play(5)
    assert show.set(program__cut="black").levels(1) == [0]
    assert show.set(program__cut="slate").levels(1) == [SLATE]
    assert show.program.captured_ns == 0
    assert SLATE > show.set(program__cut="dream").levels(30)[-1] > DREAM


def test_a_private_show_never_shows_the_source():
    show = Show().set(program__privacy=True, program__cut="source")
    assert set(show.levels(40)) == {SLATE}
    show.set(program__cut="dream", program__mix=0.0).play(20)
    assert show.level == pytest.approx(0.7 * DREAM + 0.3 * SOURCE, abs=1)


def test_privacy_acts_in_the_next_frame():
    show = Show().set(program__cut="source", program__fade=5.0)
    show.play(200)
    assert show.level == SOURCE
    show.set(program__privacy=True).play()
    assert show.level == SLATE


def test_a_stale_source_falls_to_the_last_dream():
    show = Show().set(program__cut="source")
    show.play(20)
    show.filming = False
    show.play(59)
    assert show.program.shown == "source"
    assert show.program.held
    show.play(14)
    assert show.program.shown == "dream"
    assert show.level == DREAM
    show.filming = True
    assert show.play(20).shown == "source"


def test_an_old_capture_time_is_stale_and_a_missing_one_counts_from_arrival():
    show = Show().set(program__cut="source")
    show.filming = False
    show.live = Frame(plain(SOURCE), 1, captured_ns=START - 3_000_000_000)
    assert show.play(20).shown == "dream"
    show.live = Frame(plain(SOURCE), 2, captured_ns=0)
    assert show.play(20).shown == "source"
    assert show.play(60).shown == "dream"


def test_a_source_that_is_gone_fades_out_without_a_blink():
    show = Show().set(program__cut="source")
    show.play(20)
    show.filming, show.live = False, None
    levels = show.levels(12)
    assert SOURCE > levels[0] > SOURCE - 10
    assert levels[-1] == DREAM


def test_the_master_fader_mixes_at_once():
    show = Show().set(program__mix=0.5)
    show.play(15)
    assert show.level == pytest.approx((DREAM + SOURCE) / 2, abs=1)
    assert show.set(program__mix=0.25).levels(1) == [pytest.approx(135, abs=1)]


def textured(seed=3):
    coarse = np.random.default_rng(seed).integers(60, 200, (9, 16, 3), np.uint8)
    return coarse.repeat(4, 0).repeat(4, 1)


def test_hold_stands_perfectly_still_while_view_and_look_play():
    show = Show().set(drift__pan_x=0.2, program__flash_guard=False)
    show.play(5)
    show.dreaming = False
    show.newest = Frame(textured(), 99)
    show.play(5)
    before = show.program.pixels.copy()
    show.set(program__cut="hold").play()
    still = show.program.pixels.copy()
    assert np.abs(still.astype(int) - before).mean() < 12, "one tick of drift at most"
    for n in range(20):
        show.dreaming, show.dream = True, 5 * n
        show.play()
        assert np.array_equal(show.program.pixels, still)
    assert show.program.shown == "hold"
    assert not show.program.held
    show.set(view__rotate=30.0).play()
    assert not np.array_equal(show.program.pixels, still)
    show.set(view__rotate=0.0, look__brightness=0.2).play()
    assert show.level > still.mean() + 20
    show.set(look__brightness=0.0).play()
    assert np.array_equal(show.program.pixels, still)


def test_after_hold_the_live_dream_fades_in_and_is_held_anew():
    show = Show()
    show.play(5)
    show.set(program__cut="hold").play(3)
    show.dream = 150
    assert show.play(3) and show.level == DREAM
    levels = show.set(program__cut="dream").levels(12)
    assert DREAM < levels[0] < levels[5] < levels[-1] == 150
    assert show.set(program__cut="hold").levels(2) == [150, 150]


def test_hold_before_any_dream_is_the_slate():
    assert Show(dreaming=False).set(program__cut="hold").play(3).shown == "slate"


def test_an_engine_change_fades_once_the_new_one_dreams():
    show = Show()
    show.play(10)
    show.engine, show.dreaming, show.newest = "b", False, None
    assert set(show.levels(10)) == {DREAM}
    assert show.program.shown == "dream"
    show.dreaming, show.dream = True, 200
    levels = show.levels(20)
    assert levels == sorted(levels)
    assert levels[0] < DREAM + 12
    assert levels[7] == pytest.approx(130, abs=12)
    assert levels[15] == 200


def test_held_counts_what_is_overdue():
    show = Show()
    show.play(10)
    show.dreaming = False
    assert [show.play().held for _ in range(3)] == [True, True, True]
    slow = Show()
    for _ in range(8):
        slow.dreaming = True
        assert not slow.play().held
        slow.dreaming = False
        slow.play(3)


def test_the_pose_is_published_and_a_worker_that_takes_over_goes_on_there():
    show = Show().set(drift__zoom=0.3)
    show.play(31)
    assert show.program.pose.zoom == pytest.approx(0.3, abs=0.011)
    heir = Show(pose=show.program.pose).set(drift__zoom=0.3)
    assert heir.play(2).pose.zoom == pytest.approx(show.program.pose.zoom + 0.01, abs=1e-4)


def test_the_last_picture_stands_while_the_next_is_made():
    show = Show()
    first = show.play().pixels
    copy = first.copy()
    show.dream = 200
    second = show.play().pixels
    assert np.array_equal(first, copy)
    assert second is not first
    assert show.play().pixels is first, "two pictures take turns"


def test_the_badge_marks_dreams_only():
    show = Show(camera=True).set(program__badge="auto")
    marked = show.play(3).pixels
    assert (marked[20:, 40:] != DREAM).any()
    assert (marked[:18] == DREAM).all()
    assert (show.set(program__cut="slate").play().pixels == SLATE).all()
    assert (show.set(program__cut="source").play(20).pixels == SOURCE).all()
    assert (Show().set(program__badge="auto").play(3).pixels == DREAM).all()


def test_the_flash_guard_stands_over_everything_and_can_be_turned_off():
    def strobing(guard):
        show, levels = Show().set(program__flash_guard=guard), []
        for n in range(60):
            show.dream = 250 if n % 4 < 2 else 5
            show.play()
            levels.append(show.level)
        return np.abs(np.diff(levels[30:]))

    assert strobing(True).max() < 60
    assert strobing(False).max() > 200


def test_a_guard_that_was_off_starts_anew():
    show = Show()
    for n in range(60):
        show.dream = 250 if n % 4 < 2 else 5
        show.play()
    show.set(program__flash_guard=False).play(5)
    show.dream = 30
    assert show.set(program__flash_guard=True).levels(1) == [30]


def test_panic_is_instant_even_in_a_strobe():
    show = Show()
    for n in range(60):
        show.dream = 250 if n % 4 < 2 else 5
        show.play()
    assert show.set(program__cut="slate").levels(1) == [SLATE]


def test_slow_dreams_are_crossfaded_and_fast_ones_go_straight_through():
    show = Show()
    for n in range(8):
        show.dreaming, show.dream = True, (60, 100)[n % 2]
        show.play()
        show.dreaming = False
        show.play(3)
    show.dreaming, show.dream = True, 60
    assert 90 < show.levels(1)[0] <= 100
    show.play(12)
    show.dream = 100
    assert show.levels(1) == [100]


def anything(name):
    spec = PARAMETERS[name]
    match spec.kind:
        case Kind.NUMBER:
            return st.floats(spec.low, spec.high)
        case Kind.TOGGLE:
            return st.booleans()
        case Kind.CHOICE:
            return st.sampled_from(spec.choices)
    return st.text(st.characters(codec="utf-8", categories=["L", "P", "Zs", "So"]), max_size=20)


NAMES = [n for n in PARAMETERS if n.split(".")[0] in ("program", "view", "look", "drift", "slate")]
frames = st.none() | st.builds(
    lambda width, height, sequence, pose, age: Frame(
        plain(99, (width, height)), sequence, START - age, pose=pose
    ),
    st.integers(1, 90), st.integers(1, 90), st.integers(0, 5),
    st.builds(Pose, *[st.floats(-3, 3)] * 4), st.integers(0, 3_000_000_000),
)  # fmt: skip
ticks = st.tuples(
    st.integers(-TICK, 5 * TICK), st.sampled_from("ab"), frames, frames,
    st.sets(st.sampled_from(NAMES), max_size=8).flatmap(
        lambda names: st.fixed_dictionaries({name: anything(name) for name in sorted(names)})
    ),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(ticks, min_size=1, max_size=12), st.sampled_from([SIZE, Size(2, 2), Size(37, 51)]))
def test_whatever_comes_there_is_a_picture_of_the_programs_size(moves, size):
    compositor, now = Compositor(size), START
    for step, engine, dream, source, values in moves:
        now += step
        snapshot = Snapshot(1, defaults() | values, switch=Switch(engine, True))
        program = compositor.compose(
            Stage(now_ns=now, snapshot=snapshot, engine=engine, dream=dream, source=source)
        )
        assert program.pixels.shape == (size.height, size.width, 3)
        assert program.pixels.dtype == np.uint8
        assert program.pixels.flags.c_contiguous
        assert program.shown in ("dream", "source", "hold", "slate", "black")
