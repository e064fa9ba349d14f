# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Values: read-only, checked, and with the meaning that they promise."""

import numpy as np
import pytest
from robot_policies.core.arrays import frozen
from robot_policies.core.data_types import (
    ActionChunk,
    Features,
    Image,
    Imu,
    JointCommand,
    JointState,
    Missing,
    Odometry,
    Scan,
    VelocityCommand,
)


def test_a_value_does_not_change_when_its_source_does():
    source = np.zeros(3)
    state = JointState(0, source, source, source)
    source[0] = 1.0
    assert state.position[0] == 0.0
    with pytest.raises(ValueError, match='read-only'):
        state.position[0] = 1.0


def test_a_read_only_array_is_not_copied():
    array = frozen([1.0, 2.0], name='x', shape=(2,))
    assert frozen(array, name='x', shape=(None,)) is array


@pytest.mark.parametrize(
    'make',
    [
        lambda: JointState(0, np.zeros(3), np.zeros(2), np.zeros(3)),
        lambda: JointState(0, np.zeros((3, 1)), np.zeros(3), np.zeros(3)),
        lambda: JointCommand(0, position=np.zeros(3), effort=np.zeros(2)),
        lambda: JointCommand(0),
        lambda: Imu(0, np.zeros(3), np.zeros(3), np.zeros(3)),
        lambda: Odometry(0, np.zeros(3), np.zeros(4), np.zeros(2), np.zeros(3)),
        lambda: Scan(0, 0.0, 0.1, 0.1, 1.0, np.zeros((2, 2))),
        lambda: Image(0, np.zeros((3, 4, 4), dtype=np.uint8)),
        lambda: Image(0, np.zeros((4, 4), dtype=np.uint8)),
        lambda: Features(0, np.zeros(3)),
        lambda: ActionChunk(0, 0, np.zeros((2, 3))),
        lambda: ActionChunk(0, 1, np.zeros((0, 3))),
        lambda: ActionChunk(0, 1, np.zeros(3)),
        lambda: VelocityCommand.from_array(0, [1.0, 2.0]),
        lambda: frozen([[1, 2], [3]], name='x', shape=(None,)),
        lambda: frozen(['a'], name='x', shape=(1,)),
    ],
)
def test_a_wrong_shape_is_refused(make):
    with pytest.raises(ValueError, match=r'.+'):
        make()


def test_the_message_says_which_array_and_what_was_expected():
    with pytest.raises(ValueError, match=r'pixels: shape \(2, 2, 4\), expected'):
        Image(0, np.zeros((2, 2, 4), dtype=np.uint8))


def test_damping_is_velocity_zero_without_stiffness():
    damping = JointCommand.damping(7, 12)
    assert damping.is_damping
    assert damping.position is None
    assert not JointCommand(0, velocity=np.ones(2)).is_damping
    assert not JointCommand(0, position=np.zeros(2), velocity=np.zeros(2)).is_damping
    assert not JointCommand(0, velocity=np.zeros(2), effort=np.zeros(2)).is_damping


def test_a_velocity_command_knows_whether_it_may_be_followed():
    assert VelocityCommand(0).is_zero
    assert VelocityCommand(0, 1.0).is_finite
    assert not VelocityCommand(0, 0.0, float('nan')).is_finite
    assert not VelocityCommand(0, yaw_rate=float('-inf')).is_finite
    there_and_back = VelocityCommand.from_array(3, VelocityCommand(3, 1.0, 2.0, 3.0).as_array())
    assert there_and_back == VelocityCommand(3, 1.0, 2.0, 3.0)


def test_a_ray_is_valid_only_where_it_hit_something_within_range():
    ranges = np.array([0.05, 0.1, 1.0, 5.0, 5.1, np.inf, -np.inf, np.nan])
    scan = Scan(0, -0.2, 0.1, 0.1, 5.0, ranges)
    assert scan.valid().tolist() == [False, True, True, True, False, False, False, False]
    np.testing.assert_allclose(scan.angles()[:3], [-0.2, -0.1, 0.0], atol=1e-12)


def test_a_chunk_ends_with_its_last_action():
    assert ActionChunk(100, 10, np.zeros((3, 3))).end_ns == 130


def test_missing_is_one_line():
    assert str(Missing(('a is old', 'b has not arrived'))) == 'a is old; b has not arrived'
