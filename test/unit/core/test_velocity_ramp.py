# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The ramp: the robot's accelerations, and the fall to zero."""

import numpy as np
import pytest
from robot_policies.core.velocity_ramp import VelocityRamp
from robot_policies.resources import load_robot

MS = 1_000_000
BODY = load_robot('go2').body  # 2 m/s², 4 rad/s²


@pytest.fixture
def ramp():
    ramp = VelocityRamp(BODY)
    ramp.follow(np.zeros(3), 0)
    return ramp


def test_the_first_step_has_no_time_to_accelerate_in():
    assert VelocityRamp(BODY).follow(np.ones(3), 5).tolist() == [0.0, 0.0, 0.0]


def test_each_component_has_its_own_limit(ramp):
    # 20 ms: 0.04 m/s and 0.08 rad/s
    assert ramp.follow(np.array([1.0, -1.0, 1.0]), 20 * MS) == pytest.approx([0.04, -0.04, 0.08])


def test_a_target_within_reach_is_met_exactly(ramp):
    assert ramp.follow(np.array([0.01, 0.0, 0.0]), 20 * MS).tolist() == [0.01, 0.0, 0.0]


def test_a_pause_is_no_licence_to_jump(ramp):
    assert ramp.follow(np.array([1.0, 0.0, 0.0]), 5000 * MS)[0] == pytest.approx(0.2)


def test_a_clock_that_goes_back_changes_nothing(ramp):
    ramp.follow(np.array([1.0, 0.0, 0.0]), 100 * MS)
    assert ramp.follow(np.array([1.0, 0.0, 0.0]), 50 * MS)[0] == pytest.approx(0.2)


@pytest.mark.parametrize('speed', [0.1, 0.5, 1.0])
def test_it_stands_when_the_plan_ends_and_never_brakes_harder_than_it_may(ramp, speed):
    now, values = 0, []
    end = 2000 * MS
    while now < end + 100 * MS:
        now += 20 * MS
        values.append(ramp.follow(np.array([speed, 0.0, -speed]), now, end - now))
    assert max(v[0] for v in values) == pytest.approx(speed)
    assert values[-6].tolist() == [0.0, 0.0, 0.0]  # at the end, 100 ms before the last one
    steps = np.abs(np.diff(values, axis=0)).max(axis=0)
    assert (steps <= np.array([0.04, 0.04, 0.08]) + 1e-9).all()


def test_what_is_beyond_the_robots_speeds_is_clipped(ramp):
    for k in range(1, 200):
        value = ramp.follow(np.array([-9.0, 9.0, 9.0]), k * 20 * MS)
    assert value.tolist() == [BODY.min_vx, BODY.max_vy, BODY.max_yaw_rate]
