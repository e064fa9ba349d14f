# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Joint order."""

import random

import numpy as np
import pytest
from robot_policies.core.joint_map import JointMap, JointMapError

NAMES = ('a', 'b', 'c')


def test_the_robots_own_order_passes():
    assert JointMap(NAMES).to_robot(NAMES, [1, 2, 3], 'position').tolist() == [1, 2, 3]


@pytest.mark.parametrize('seed', range(20))
def test_any_order_with_any_other_joints_between_is_put_in_order(seed):
    rng = random.Random(seed)
    joint_map = JointMap(NAMES)
    for _ in range(20):
        names = [*NAMES, 'gripper', 'wheel']
        rng.shuffle(names)
        values = [ord(name[0]) + 0.5 for name in names]
        ordered = joint_map.to_robot(names, values, 'position')
        assert ordered.tolist() == [ord(name) + 0.5 for name in NAMES]


def test_missing_joints_are_named():
    with pytest.raises(JointMapError, match=r'joints b, c are missing; got a, x'):
        JointMap(NAMES).to_robot(['a', 'x'], [1, 2], 'position')
    with pytest.raises(JointMapError, match='got none'):
        JointMap(NAMES).to_robot([], [], 'position')


def test_doubled_joints_are_named():
    with pytest.raises(JointMapError, match='joints b are named more than once'):
        JointMap(NAMES).to_robot(['a', 'b', 'b', 'c'], [1, 2, 3, 4], 'position')


def test_a_wrong_count_is_told_with_what_it_counts():
    with pytest.raises(JointMapError, match='velocity: 2 values for 3 joint names'):
        JointMap(NAMES).to_robot(NAMES, [1, 2], 'velocity')


def test_a_bad_message_does_not_spoil_the_next_good_one():
    joint_map = JointMap(NAMES)
    shuffled = ('c', 'a', 'b')
    joint_map.to_robot(shuffled, [3, 1, 2], 'position')
    with pytest.raises(JointMapError):
        joint_map.to_robot(['a'], [1], 'position')
    assert joint_map.to_robot(shuffled, [3, 1, 2], 'position').tolist() == [1, 2, 3]


def test_a_robot_names_no_joint_twice():
    with pytest.raises(JointMapError, match='must differ'):
        JointMap(('a', 'a'))


def test_the_result_is_the_callers_own():
    values = np.array([1.0, 2.0, 3.0])
    ordered = JointMap(NAMES).to_robot(NAMES, values, 'position')
    values[0] = 9.0
    assert ordered[0] == 1.0
