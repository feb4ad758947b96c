import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endlessdreams_cam.frame import Pose
from endlessdreams_cam.motion import PoseIntegrator
from endlessdreams_cam.parameters import Snapshot
from endlessdreams_cam.parameters.table import defaults

DT = 1 / 30


def drifting(**speeds):
    return Snapshot(1, defaults() | {f"drift.{name}": value for name, value in speeds.items()})


def test_drift_is_integrated_from_the_start_pose():
    poses = PoseIntegrator(Pose(zoom=3, rotate=10))
    snapshot = drifting(zoom=0.3, pan_x=-0.1, pan_y=0.2, rotate=30)
    for _ in range(30):
        pose = poses.advance(snapshot, 0, DT, 0.0)
    assert pose == pytest.approx((3.3, -0.1, 0.2, 40))
    assert poses.pose is pose


def steps(poses, age_s, count, snapshot):
    before, found = poses.pose, []
    for _ in range(count):
        pose = poses.advance(snapshot, 0, DT, age_s)
        found.append(pose.pan_x - before.pan_x)
        before = pose
    return found


def test_without_a_dream_the_drift_eases_to_rest_and_in_again():
    poses, snapshot = PoseIntegrator(), drifting(pan_x=0.3)
    full = 0.3 * DT
    assert steps(poses, 0.5, 30, snapshot)[-1] == pytest.approx(full)
    slower = steps(poses, 1.1, 40, snapshot)
    assert slower[0] > 0.9 * full, "it must not stop at once"
    assert all(a >= b for a, b in pairwise(slower))
    assert sum(1 for step in slower if step > 0) in range(18, 24)  # about 0.7 s
    assert slower[-1] == 0
    faster = steps(poses, 0.0, 40, snapshot)
    assert faster[0] < 0.1 * full
    assert all(a <= b + 1e-12 for a, b in pairwise(faster))
    assert faster[-1] == pytest.approx(full)


def test_a_worker_that_takes_over_goes_on_at_full_speed():
    poses = PoseIntegrator(Pose(pan_x=0.5))
    assert poses.advance(drifting(pan_x=0.3), 0, DT, 0.0).pan_x == pytest.approx(0.5 + 0.3 * DT)


def test_before_the_first_dream_nothing_moves():
    poses = PoseIntegrator()
    assert poses.advance(drifting(zoom=0.5), 0, DT, math.inf) == Pose()


@given(st.floats(-10, 10) | st.just(math.inf), st.floats(0, 5) | st.just(math.inf))
def test_a_stall_never_leaps(dt, age):
    poses = PoseIntegrator()
    pose = poses.advance(drifting(zoom=0.5, pan_x=0.3), 0, dt, age)
    assert 0 <= pose.zoom <= 0.125 + 1e-9
    assert 0 <= pose.pan_x <= 0.075 + 1e-9
