# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""IMU, odometry, velocity and scan, as messages that were really sent."""

import math

from bag_messages import make, through
import numpy as np
import pytest
from robot_policies.core.data_types import Imu, Odometry, Scan, VelocityCommand
from robot_policies.ros.codecs.base import (
    imu_from_msg,
    imu_to_msg,
    odometry_from_msg,
    odometry_to_msg,
    velocity_from_msg,
    velocity_to_msg,
)
from robot_policies.ros.codecs.errors import CodecError
from robot_policies.ros.codecs.scan import scan_from_msg, scan_to_msg

STAMP = 12_345_678_901_234_567
TURNED = np.array([0.0, 0.0, math.sin(0.4), math.cos(0.4)])
A, B, C = np.array([1.0, 2.0, 3.0]), np.array([-1.0, 0.5, 0.0]), np.array([0.1, 0.2, 9.8])


def imu_message():
    return imu_to_msg(Imu(STAMP, TURNED, B, C), 'base', make('sensor_msgs/msg/Imu'))


def test_an_imu_sample_goes_there_and_back():
    back = imu_from_msg(through(imu_message()))
    assert back.stamp_ns == STAMP
    np.testing.assert_allclose(back.orientation, TURNED)
    np.testing.assert_array_equal(back.angular_velocity, B)
    np.testing.assert_array_equal(back.linear_acceleration, C)


def test_rounding_is_taken_from_an_orientation_and_nothing_else_is():
    message = imu_message()
    message.orientation.w *= 1.02
    assert np.linalg.norm(imu_from_msg(through(message)).orientation) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ('change', 'words'),
    [
        (lambda m: setattr(m.orientation, 'w', 0.0), 'no unit quaternion'),
        (lambda m: setattr(m.orientation, 'x', math.nan), 'no unit quaternion'),
        (lambda m: setattr(m.angular_velocity, 'y', math.nan), 'angular_velocity'),
        (lambda m: setattr(m.linear_acceleration, 'z', math.inf), 'linear_acceleration'),
        (lambda m: m.orientation_covariance.__setitem__(0, -1.0), 'gives no orientation'),
    ],
)
def test_an_imu_sample_that_cannot_be_used_is_refused(change, words):
    message = imu_message()
    change(message)
    with pytest.raises(CodecError, match=words):
        imu_from_msg(through(message))


def test_odometry_goes_there_and_back():
    value = Odometry(STAMP, A, TURNED, B, C)
    sent = through(odometry_to_msg(value, 'odom', 'base', make('nav_msgs/msg/Odometry')))
    assert (sent.header.frame_id, sent.child_frame_id) == ('odom', 'base')
    back = odometry_from_msg(sent)
    np.testing.assert_array_equal(back.position, A)
    np.testing.assert_allclose(back.orientation, TURNED)
    np.testing.assert_array_equal(back.linear_velocity, B)
    np.testing.assert_array_equal(back.angular_velocity, C)


@pytest.mark.parametrize('field', ['pose.pose.position', 'twist.twist.linear'])
def test_odometry_that_is_not_finite_is_refused(field):
    message = odometry_to_msg(
        Odometry(STAMP, A, TURNED, B, C), 'odom', 'base', make('nav_msgs/msg/Odometry')
    )
    target = message
    for part in field.split('.'):
        target = getattr(target, part)
    target.x = math.nan
    with pytest.raises(CodecError, match='not finite'):
        odometry_from_msg(through(message))


def test_a_velocity_goes_there_and_back():
    value = VelocityCommand(STAMP, 0.5, -0.25, 1.0)
    sent = through(velocity_to_msg(value, 'base', make('geometry_msgs/msg/TwistStamped')))
    assert velocity_from_msg(sent) == value


def test_nan_in_a_velocity_reaches_the_one_who_judges_it():
    value = VelocityCommand(STAMP, math.nan)
    sent = through(velocity_to_msg(value, 'base', make('geometry_msgs/msg/TwistStamped')))
    assert not velocity_from_msg(sent).is_finite


@pytest.mark.parametrize(('part', 'axis'), [('linear', 'z'), ('angular', 'x'), ('angular', 'y')])
@pytest.mark.parametrize('number', [0.1, math.nan])
def test_a_velocity_that_a_base_cannot_follow_is_refused(part, axis, number):
    message = make('geometry_msgs/msg/TwistStamped')
    setattr(getattr(message.twist, part), axis, number)
    with pytest.raises(CodecError, match='must be zero'):
        velocity_from_msg(message)


def scan_message(**fields):
    ranges = np.array([1.0, np.inf, -np.inf, np.nan])
    value = Scan(STAMP, -1.0, 0.5, 0.1, 8.0, ranges)
    message = scan_to_msg(value, 'lidar', make('sensor_msgs/msg/LaserScan'))
    for name, field in fields.items():
        setattr(message, name, field)
    return through(message)


def test_a_scan_goes_there_and_back_with_everything_that_a_ray_can_say():
    message = scan_message()
    assert message.angle_max == pytest.approx(0.5)
    back = scan_from_msg(message)
    np.testing.assert_array_equal(back.ranges, [1.0, np.inf, -np.inf, np.nan])
    assert (back.angle_min_rad, back.angle_increment_rad) == (-1.0, 0.5)
    assert back.range_max_m == 8.0


@pytest.mark.parametrize(
    'fields',
    [
        {'ranges': np.zeros(0, dtype=np.float32)},
        {'angle_increment': 0.0},
        {'angle_increment': math.nan},
        {'angle_min': math.inf},
        {'range_min': 9.0},
        {'range_min': -1.0},
        {'range_max': math.nan},
    ],
)
def test_a_scan_that_makes_no_sense_is_refused(fields):
    with pytest.raises(CodecError):
        scan_from_msg(scan_message(**fields))
