# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Joint states and joint commands, as messages that were really sent."""

import math
import random

from bag_messages import make, through
import numpy as np
import pytest
from robot_policies.core.data_types import JointCommand, JointState
from robot_policies.core.joint_map import JointMap
from robot_policies.ros.codecs.errors import CodecError
from robot_policies.ros.codecs.joints import (
    joint_command_from_msg,
    joint_command_to_msg,
    joint_state_from_msg,
    joint_state_to_msg,
)
from robot_policies.ros.codecs.ros2_control import (
    forward_command_from_msg,
    forward_command_to_msg,
    joint_trajectory_from_msg,
    joint_trajectory_to_msg,
)

NAMES = ('a', 'b', 'c')
STAMP = 12_345_678_901_234_567
NUMBERS = np.array([1.5, -2.0, 0.25])


@pytest.fixture
def joint_map():
    return JointMap(NAMES)


def message(**fields):
    made = make('sensor_msgs/msg/JointState')
    made.name = list(NAMES)
    for name in ('position', 'velocity', 'effort'):
        setattr(made, name, np.array(NUMBERS))
    for name, value in fields.items():
        setattr(made, name, value)
    return through(made)


def test_a_joint_state_goes_there_and_back(joint_map):
    value = JointState(STAMP, NUMBERS, 2 * NUMBERS, 3 * NUMBERS)
    sent = through(joint_state_to_msg(value, joint_map, make('sensor_msgs/msg/JointState')))
    back = joint_state_from_msg(sent, joint_map)
    assert back.stamp_ns == STAMP
    for name in ('position', 'velocity', 'effort'):
        np.testing.assert_array_equal(getattr(back, name), getattr(value, name))


def test_another_order_and_other_joints_between_are_put_in_order(joint_map):
    names = ['c', 'gripper', 'a', 'b']
    numbers = np.array([3.0, 9.0, 1.0, 2.0])
    sent = message(name=names, position=numbers, velocity=numbers, effort=numbers)
    assert joint_state_from_msg(sent, joint_map).position.tolist() == [1.0, 2.0, 3.0]


def test_an_effort_that_is_not_measured_is_nan_and_not_zero(joint_map):
    assert np.isnan(joint_state_from_msg(message(effort=np.zeros(0)), joint_map).effort).all()
    sent = message(effort=np.array([1.0, math.nan, 2.0]))
    assert np.isnan(joint_state_from_msg(sent, joint_map).effort[1])


@pytest.mark.parametrize(
    ('fields', 'words'),
    [
        ({'name': ['a', 'b', 'x']}, 'joints c are missing; got a, b, x'),
        ({'name': ['a', 'b', 'b']}, 'joints c are missing'),
        ({'name': ['a', 'b', 'c', 'c']}, 'named more than once'),
        ({'name': []}, 'joints a, b, c are missing; got none'),
        ({'position': np.zeros(2)}, 'position: 2 values for 3 joint names'),
        ({'velocity': np.zeros(0)}, 'velocity: 0 values for 3 joint names'),
        ({'position': np.array([0, math.nan, 0])}, 'position of b is not finite'),
        ({'velocity': np.array([math.inf, 0, -math.inf])}, 'velocity of a, c is not finite'),
    ],
)
def test_a_joint_state_that_is_not_whole_is_refused(joint_map, fields, words):
    with pytest.raises(CodecError, match=words):
        joint_state_from_msg(message(**fields), joint_map)


def test_a_number_that_is_only_very_large_is_a_number(joint_map):
    sent = message(velocity=np.array([1e200, 0.0, 0.0]))
    assert joint_state_from_msg(sent, joint_map).velocity[0] == 1e200


@pytest.mark.parametrize(
    'value',
    [
        JointCommand(STAMP, position=NUMBERS),
        JointCommand(STAMP, position=NUMBERS, velocity=-NUMBERS, effort=2 * NUMBERS),
        JointCommand(STAMP, effort=NUMBERS),
        JointCommand.damping(STAMP, 3),
    ],
    ids=['position', 'all', 'effort', 'damping'],
)
def test_a_command_goes_there_and_back_with_what_is_not_commanded(joint_map, value):
    sent = through(joint_command_to_msg(value, joint_map, make('sensor_msgs/msg/JointState')))
    back = joint_command_from_msg(sent, joint_map)
    assert back.is_damping == value.is_damping
    for name in ('position', 'velocity', 'effort'):
        given = getattr(value, name)
        if given is None:
            assert getattr(back, name) is None
        else:
            np.testing.assert_array_equal(getattr(back, name), given)


def test_nan_in_a_command_reaches_the_one_who_judges_it(joint_map):
    sent = message(position=np.array([0.0, math.nan, 0.0]))
    assert np.isnan(joint_command_from_msg(sent, joint_map).position[1])


def test_a_command_of_nothing_is_refused(joint_map):
    empty = {name: np.zeros(0) for name in ('position', 'velocity', 'effort')}
    with pytest.raises(CodecError, match='at least one'):
        joint_command_from_msg(message(**empty), joint_map)


@pytest.mark.parametrize('seed', range(50))
def test_whatever_arrives_is_read_right_or_refused(joint_map, seed):
    """F9: no message makes anything but a value of the robot's size, or a CodecError."""
    rng = random.Random(seed)
    for _ in range(40):
        names = [rng.choice('abcdx') for _ in range(rng.randrange(6))]
        fields = {'name': names}
        for name in ('position', 'velocity', 'effort'):
            size = rng.choice([len(names), len(names), 0, 2])
            pool = [0.0, 1.0, math.nan, math.inf]
            fields[name] = np.array([rng.choice(pool) for _ in range(size)], dtype=np.float64)
        sent = message(**fields)
        for read in (joint_state_from_msg, joint_command_from_msg):
            try:
                value = read(sent, joint_map)
            except CodecError:
                continue
            parts = [value.position, value.velocity, value.effort]
            assert all(part is None or part.shape == (3,) for part in parts)
            if read is joint_state_from_msg:
                assert np.isfinite(value.position).all()
                assert np.isfinite(value.velocity).all()


def test_a_forward_command_goes_there_and_back(joint_map):
    value = JointCommand(STAMP, position=NUMBERS)
    sent = through(forward_command_to_msg(value, make('std_msgs/msg/Float64MultiArray')))
    back = forward_command_from_msg(sent, joint_map, STAMP)
    np.testing.assert_array_equal(back.position, NUMBERS)
    sent.data = sent.data[:2]
    with pytest.raises(CodecError, match='2 values, expected 3 positions'):
        forward_command_from_msg(sent, joint_map, STAMP)


def test_a_trajectory_goes_there_and_back_stamped_when_it_is_due(joint_map):
    value = JointCommand(STAMP, position=NUMBERS, velocity=-NUMBERS)
    sent = through(
        joint_trajectory_to_msg(
            value,
            joint_map,
            make('trajectory_msgs/msg/JointTrajectory'),
            make('trajectory_msgs/msg/JointTrajectoryPoint'),
            20_000_000,
        )
    )
    back = joint_trajectory_from_msg(sent, joint_map)
    assert back.stamp_ns == STAMP + 20_000_000
    np.testing.assert_array_equal(back.position, NUMBERS)
    np.testing.assert_array_equal(back.velocity, -NUMBERS)


def test_a_trajectory_of_other_joints_or_of_nothing_is_refused(joint_map):
    empty = make('trajectory_msgs/msg/JointTrajectory')
    with pytest.raises(CodecError, match='without points'):
        joint_trajectory_from_msg(empty, joint_map)
    empty.points = [make('trajectory_msgs/msg/JointTrajectoryPoint')]
    with pytest.raises(CodecError, match='are missing'):
        joint_trajectory_from_msg(empty, joint_map)


def test_damping_cannot_be_said_in_positions(joint_map):
    with pytest.raises(CodecError, match='no position is commanded'):
        forward_command_to_msg(JointCommand.damping(0, 3), make('std_msgs/msg/Float64MultiArray'))
