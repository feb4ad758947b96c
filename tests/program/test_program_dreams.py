import cv2
import numpy as np
import pytest

from endlessdreams_cam.frame import Frame, Pose
from endlessdreams_cam.motion import warp
from endlessdreams_cam.program.dreams import Dreams

FPS = 30
HOME = Pose()
TICK = 1_000_000_000 // FPS


def plain(value, shape=(36, 64)):
    return np.full((*shape, 3), value, np.uint8)


def shown(dreams, tick, pose=HOME):
    return dreams.picture(tick * TICK, pose)


def level(dreams, tick):
    return int(shown(dreams, tick).pixels.mean())


def play(dreams, every, count, start=0, engine="a", values=(40, 200), pose=HOME):
    """Take `count` dreams, one every `every` ticks; return the next tick."""
    for n in range(count):
        frame = Frame(plain(values[n % 2]), start + n + 1, pose=pose)
        for tick in range(every):
            dreams.accept(frame, engine, (start + n * every + tick) * TICK, pose)
    return start + count * every


def test_before_the_first_dream_there_is_nothing():
    dreams = Dreams(TICK)
    dreams.accept(None, "a", 0, Pose())
    assert shown(dreams, 0) is None
    assert dreams.newest is None
    assert dreams.age_s(0) == float("inf")


def test_at_full_rate_the_newest_dream_goes_straight_through():
    dreams = Dreams(TICK)
    for every in (1, 1):
        tick = play(dreams, every, 6)
        assert level(dreams, tick - 1) == 200


def test_the_pixels_are_copied():
    dreams, pixels = Dreams(TICK), plain(80)
    dreams.accept(Frame(pixels, 1), "a", 0, Pose())
    pixels[:] = 0
    assert level(dreams, 0) == 80


def test_the_same_sequence_is_no_new_dream_but_another_engines_is():
    dreams = Dreams(TICK)
    dreams.accept(Frame(plain(10), 7), "a", 0, Pose())
    dreams.accept(Frame(plain(90), 7), "a", TICK, Pose())
    assert level(dreams, 1) == 10
    dreams.accept(Frame(plain(90), 7), "b", TICK, Pose())
    assert level(dreams, 40) == 90


def test_slow_dreams_are_crossfaded_over_one_interval():
    dreams = Dreams(TICK)
    start = play(dreams, 6, 4)  # the last one is 200, and fully there
    dreams.accept(Frame(plain(40), 99), "a", start * TICK, Pose())
    levels = [level(dreams, start + n) for n in range(8)]
    assert levels[0] == 200
    assert np.diff(levels[:7]) == pytest.approx(np.full(6, -160 / 6), abs=1.5)
    assert levels[6:] == [40, 40]


def test_a_dream_that_comes_early_makes_no_jump():
    dreams = Dreams(TICK)
    start = play(dreams, 8, 4)
    dreams.accept(Frame(plain(40), 98), "a", start * TICK, Pose())
    before = level(dreams, start + 4)
    dreams.accept(Frame(plain(200), 99), "a", (start + 4) * TICK, Pose())
    assert level(dreams, start + 4) == pytest.approx(before, abs=2)
    assert level(dreams, start + 12) == 200


@pytest.mark.parametrize("every", [1, 6])
def test_a_new_engine_fades_in_over_the_last_picture_of_the_old(every):
    dreams = Dreams(TICK)
    start = play(dreams, 1, 10, values=(200, 200))
    dreams.accept(None, "b", start * TICK, Pose())
    assert level(dreams, start + 20) == 200, "until it has a dream the old one stands"
    start += 20
    levels = []
    for n in range(24):
        frame = Frame(plain(40), 1 + n // every)
        dreams.accept(frame, "b", (start + n) * TICK, Pose())
        levels.append(level(dreams, start + n))
    assert levels[0] == pytest.approx(200, abs=2)
    assert np.diff(levels).max() <= 1
    assert np.diff(levels).min() > -25
    assert levels[7] == pytest.approx(125, abs=12), "half-way after 0.25 s"
    assert levels[11] == pytest.approx(83, abs=15), "slow dreams do not shorten it"
    assert levels[-1] == 40


def test_the_old_engines_picture_stays_sharp_while_it_fades_and_drifts():
    dreams = Dreams(TICK)
    stripes = (np.arange(128) % 8 < 4).astype(np.uint8)[None, :, None] * 200
    dreams.accept(Frame(np.ascontiguousarray(stripes.repeat(72, 0).repeat(3, 2)), 1), "a", 0, HOME)
    for n in range(9):
        pose = Pose(pan_x=0.5 * n / 128)
        dreams.accept(Frame(plain(100, (72, 128)), n, pose=pose), "b", (n + 1) * TICK, pose)
        seen = dreams.picture((n + 1) * TICK, pose).pixels[:, 20:108]
    share = 1 - 8 / 15
    assert np.ptp(seen.mean(axis=(0, 2))) > 0.85 * share * 200


def test_a_new_engine_has_its_own_rhythm():
    dreams = Dreams(TICK)
    tick = play(dreams, 6, 9)
    tick = play(dreams, 1, 3, start=tick, engine="b")
    assert dreams.overdue(tick * TICK)


def test_dreams_of_another_size_take_over():
    dreams = Dreams(TICK)
    for n, shape in enumerate([(36, 64), (20, 20), (90, 30), (1, 1), (64, 64)]):
        for tick in range(6):
            dreams.accept(Frame(plain(9 * n, shape), n + 1), "ab"[n % 2], (6 * n + tick) * TICK,
                          Pose())  # fmt: skip
            picture = shown(dreams, 6 * n + tick)
            assert picture.pixels.shape == (*shape, 3)


def test_a_pose_that_no_drift_could_reach_moves_nothing():
    dreams = Dreams(TICK)
    dreams.accept(Frame(plain(9), 1), "a", 0, Pose())
    assert shown(dreams, 0, Pose(zoom=0.5)).delta == Pose(zoom=0.5)
    assert shown(dreams, 0, Pose(zoom=3)).delta == Pose()
    assert shown(dreams, 0, Pose(rotate=-200)).delta == Pose()


def painted(pose, size=(160, 90)):
    """A world with one bright spot, seen from a pose."""
    world = np.full((size[1], size[0], 3), 40, np.uint8)
    cv2.circle(world, (70, 40), 7, (230, 230, 230), -1, cv2.LINE_AA)
    return warp(world, pose)


def spot(picture):
    plane = np.maximum(picture[..., 0].astype(float) - 60, 0)
    ys, xs = np.mgrid[: plane.shape[0], : plane.shape[1]]
    return np.array([(plane * xs).sum(), (plane * ys).sum()]) / plane.sum()


@pytest.mark.parametrize("speed", [Pose(pan_x=0.15), Pose(0.2, 0.1, -0.08, 15)])
@pytest.mark.parametrize("rate", [8, 13.7])
def test_drift_is_continuous_at_eight_dreams_a_second(rate, speed):
    dreams, places, latency = Dreams(TICK), [], 0.09
    for tick in range(45):
        seconds = tick / FPS
        pose = Pose(*(v * seconds for v in speed))
        number = int(max(0, seconds - latency) * rate)
        of = Pose(*(v * number / rate for v in speed))
        dreams.accept(Frame(painted(of), number + 1, pose=of), "a", tick * TICK, pose)
        picture = dreams.picture(tick * TICK, pose)
        places.append(spot(warp(picture.pixels, picture.delta)))
    steps = np.linalg.norm(np.diff(places, axis=0), axis=1)[6:]
    smooth = np.convolve(steps, np.ones(5) / 5, "valid")
    assert (np.abs(steps[2:-2] / smooth - 1)).max() < 0.2
