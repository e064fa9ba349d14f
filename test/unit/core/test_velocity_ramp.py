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
def test_it_stops_within_the_given_time(ramp, speed):
    for k in range(1, 60):
        ramp.follow(np.array([speed, 0.0, -speed]), k * 20 * MS)
    now = 60 * 20 * MS
    values = [ramp.stop_within(0.1, now + k * 20 * MS) for k in range(6)]
    assert np.abs(values[0]).max() > 0.0
    assert values[5].tolist() == [0.0, 0.0, 0.0]
    # and it begins anew with the robot's own accelerations
    assert ramp.follow(np.array([1.0, 0.0, 0.0]), now + 6 * 20 * MS)[0] == pytest.approx(0.04)
