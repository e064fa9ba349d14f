# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from robot_policies.safety.bounds import (
    Bounds,
    step_bounds,
    stopping_speed,
    target_bounds,
    torque_bounds,
)


def test_a_value_outside_is_brought_to_the_nearest_bound_and_nan_stays_nan():
    bounds = Bounds(np.array([-1.0, -1.0, -1.0]), np.array([1.0, 1.0, 1.0]))
    clipped = bounds.clip(np.array([-3.0, 0.5, np.nan]))
    assert clipped[:2].tolist() == [-1.0, 0.5]
    assert np.isnan(clipped[2])


def test_the_joint_farthest_outside_is_named():
    bounds = Bounds(np.zeros(3), np.ones(3))
    assert bounds.worst(np.array([1.5, -2.0, 0.5])) == (1, 2.0)
    assert bounds.worst(np.array([0.0, 1.0, 0.5])) == (0, 0.0)


def test_without_time_a_target_may_not_move():
    bounds = step_bounds(np.array([0.3]), 5.0, 0.0)
    assert bounds.lower == bounds.upper == 0.3


@pytest.mark.parametrize(
    ('speed', 'lower', 'upper'), [(0.0, -20.0, 20.0), (10.0, -20.0, 0.0), (-12.0, 0.0, 20.0)]
)
def test_a_joint_at_its_speed_limit_may_be_braked_but_not_pushed(speed, lower, upper):
    bounds = torque_bounds(np.array([20.0]), np.array([10.0]), np.array([speed]))
    assert (bounds.lower[0], bounds.upper[0]) == (lower, upper)


def test_the_targets_allowed_are_those_whose_pd_torque_is_allowed():
    torque = Bounds(np.array([-20.0]), np.array([20.0]))
    bounds = target_bounds(torque, np.array([40.0]), np.array([4.0]), np.array([1.0]))
    # 40 · (upper - 1) + 4 = 20, 40 · (lower - 1) + 4 = -20
    assert bounds.upper[0] == pytest.approx(1.4)
    assert bounds.lower[0] == pytest.approx(0.4)


def test_a_joint_without_stiffness_has_no_bad_target():
    torque = Bounds(np.array([-1.0]), np.array([1.0]))
    bounds = target_bounds(torque, np.zeros(1), np.array([50.0]), np.zeros(1))
    assert bounds.lower[0] == -np.inf
    assert bounds.upper[0] == np.inf


def test_stopping_from_the_stopping_speed_takes_exactly_the_distance():
    distance = np.array([-0.1, 0.0, 0.2, 2.0])
    speed = stopping_speed(distance, 1.5, 0.15)
    way = speed * 0.15 + speed**2 / (2 * 1.5)
    np.testing.assert_allclose(way, [0.0, 0.0, 0.2, 2.0], atol=1e-12)
