import numpy as np
import pytest
from scene_fakes import SMALL, STEP

from endlessdreams_cam.engines.scenes.feedback import Feedback, memory_s
from endlessdreams_cam.engines.scenes.paint import fbm
from endlessdreams_cam.frame import Pose


def world(seed=3):
    planes = [fbm(np.random.default_rng(seed + c), SMALL, cells=6) for c in range(3)]
    return np.stack(planes, 2).astype(np.float32)


def light_at(x):
    picture = np.full((SMALL.height, SMALL.width, 3), 0.1, np.float32)
    picture[25:29, x : x + 4] = 1.0
    return picture


def run(feedback, drift=Pose(), seconds=4.0, fps=30, picture=None):
    memory = Feedback(SMALL)
    fresh = world() if picture is None else picture
    for n in range(round(seconds * fps)):
        pose = Pose(*(v * n / fps for v in drift))
        dream = memory.mix(fresh, pose, 1 / fps, feedback, memory_s(feedback))
    return dream


def test_memory_grows_with_feedback():
    times = [memory_s(f) for f in (0, 0.35, 0.7, 0.9, 0.97, 1.0)]
    assert times == sorted(times)
    assert times[0] == 0
    assert times[2] < 0.08
    assert 1.5 < times[4] < 4


def test_without_feedback_the_dream_is_the_fresh_picture():
    assert np.array_equal(run(0.0, Pose(zoom=0.3)), world())


def test_a_still_world_stays_as_it_is():
    assert np.abs(run(0.97) - world()).max() < 1e-3


def test_a_moving_light_leaves_a_trail_that_fades():
    memory = Feedback(SMALL)
    for n in range(20):
        dream = memory.mix(light_at(4 * n), Pose(), STEP, 0.9, memory_s(0.9))
    row = dream[27, :, 0]
    assert row[77] > 0.3
    assert 0.12 < row[60] < row[72]
    for _ in range(150):
        dream = memory.mix(light_at(76), Pose(), STEP, 0.9, memory_s(0.9))
    assert dream[27, 60, 0] == pytest.approx(0.1, abs=0.01)


def test_trails_do_not_depend_on_the_dream_rate():
    def left(fps):
        memory = Feedback(SMALL)
        memory.mix(light_at(40), Pose(), 1 / fps, 0.9, memory_s(0.9))
        for _ in range(fps // 2):
            dream = memory.mix(light_at(4), Pose(), 1 / fps, 0.9, memory_s(0.9))
        return dream[27, 42, 0]

    assert left(60) == pytest.approx(left(20), abs=0.02)


def test_under_drift_the_world_flies_outwards():
    still, flown = run(0.97, seconds=3), run(0.97, Pose(zoom=0.2), seconds=3)
    assert np.abs(flown - still).mean() > 0.05


def test_the_tunnel_stays_sharp_and_colourful():
    flown = run(0.9, Pose(zoom=0.2), seconds=6)
    assert flown.std() > 0.75 * world().std()
    edges = [np.abs(np.diff(p, axis=1)).mean() for p in (flown, world())]
    assert edges[0] > 0.5 * edges[1]


@pytest.mark.parametrize(
    "drift", [Pose(), Pose(zoom=0.5), Pose(zoom=-0.5, rotate=45), Pose(pan_x=0.3, pan_y=-0.3)]
)
@pytest.mark.parametrize("feedback", [0.97, 1.0])
def test_it_neither_blows_up_nor_fades_to_grey(drift, feedback):
    fresh = world()
    dream = run(feedback, drift, seconds=20)
    assert np.isfinite(dream).all()
    assert dream.min() >= fresh.min() - 1e-4
    assert dream.max() <= fresh.max() + 1e-4
    assert dream.mean() == pytest.approx(fresh.mean(), abs=0.12)
    assert dream.std() > 0.5 * fresh.std()


def test_it_comes_to_rest_with_the_drift():
    memory, fresh = Feedback(SMALL), world()
    for n in range(90):
        memory.mix(fresh, Pose(zoom=0.2 * n * STEP), STEP, 0.9, memory_s(0.9))
    for _ in range(150):
        dream = memory.mix(fresh, Pose(zoom=0.6), STEP, 0.9, memory_s(0.9))
    assert np.abs(dream - fresh).max() < 0.02


def test_motion_is_continuous():
    memory, fresh = Feedback(SMALL), world()
    before, steps = None, []
    for n in range(200):
        pose = Pose(zoom=0.2 * n * STEP)
        dream = memory.mix(fresh, pose, STEP, 0.95, memory_s(0.95)).copy()
        if before is not None:
            steps.append(np.abs(dream - before).mean())
        before = dream
    assert max(steps) < 0.02


def test_a_pause_in_time_is_no_fault():
    memory, fresh = Feedback(SMALL), world()
    memory.mix(fresh, Pose(), STEP, 0.9, 0.5)
    assert np.isfinite(memory.mix(fresh, Pose(zoom=0.1), 0.0, 0.9, 0.5)).all()
