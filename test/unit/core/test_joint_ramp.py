# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Joint targets are followed with bounded speed and acceleration, and met without overshoot."""

import numpy as np
import pytest
from robot_policies.core.joint_ramp import JointRamp
from robot_policies.resources import load_robot

MS = 1_000_000
ROBOT = load_robot('go2')
POSE = ROBOT.default_pose


def followed(target, ticks, period_ms=20):
    ramp = JointRamp(ROBOT, POSE)
    return np.array([ramp.follow(target, k * period_ms * MS) for k in range(ticks)])


@pytest.mark.parametrize('period_ms', [5, 20, 60])
def test_a_target_is_met_without_going_beyond_it(period_ms):
    target = POSE + 0.3
    target[2::3] = POSE[2::3] - 0.3  # the knees' other limit is near
    positions = followed(target, 2000 // period_ms, period_ms)[:, 0]
    np.testing.assert_allclose(positions[-1], target, atol=2e-3)
    beyond = (positions - target) * np.sign(target - POSE)
    assert beyond.max() < 2e-3


def test_it_takes_no_longer_than_the_acceleration_demands():
    # 0.3 rad at 100 rad/s²: half of it speeding up, half braking, 2·sqrt(0.3/100) = 0.11 s
    positions = followed(POSE + np.tile([0.3, 0.3, -0.3], 4), 12)[:, 0]
    assert np.abs(positions[9] - POSE).min() > 0.29


def test_a_target_beyond_the_joints_limits_is_met_at_the_limit():
    positions = followed(np.full(12, 50.0), 200)[:, 0]
    np.testing.assert_allclose(positions[-1], ROBOT.per_joint('upper'), atol=2e-3)


def test_the_first_call_and_a_clock_that_goes_back_move_nothing():
    ramp = JointRamp(ROBOT, POSE)
    np.testing.assert_array_equal(ramp.follow(POSE + 1.0, 5 * MS)[0], POSE)
    moved = ramp.follow(POSE + 1.0, 25 * MS)[0]
    np.testing.assert_array_equal(ramp.follow(POSE + 1.0, 15 * MS)[0], moved)
