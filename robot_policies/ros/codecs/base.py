# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What concerns the robot's base: sensor_msgs/Imu, nav_msgs/Odometry, geometry_msgs/Twist."""

import math
from typing import Any

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.data_types import Imu, Odometry, VelocityCommand
from robot_policies.ros.codecs.errors import CodecError
from robot_policies.ros.codecs.header import fill_header, stamp_ns

NORM_TOLERANCE = 0.05
"""A quaternion farther from unit length than this is not a rotation with rounding errors."""


def imu_from_msg(message: Any) -> Imu:  # noqa: ANN401
    """Read an IMU sample; the orientation is brought to unit length.

    Raises:
        CodecError: A number is not finite, or there is no orientation (by its covariance, or
            because it is no unit quaternion).
    """
    if message.orientation_covariance[0] == -1.0:
        raise CodecError('the IMU gives no orientation (orientation_covariance[0] is -1)')
    return Imu(
        stamp_ns(message),
        _quaternion(message.orientation),
        _vector(message.angular_velocity, 'angular_velocity'),
        _vector(message.linear_acceleration, 'linear_acceleration'),
    )


def imu_to_msg(value: Imu, frame: str, message: Any) -> Any:  # noqa: ANN401
    """Fill an Imu message, and return it."""
    fill_header(message, value.stamp_ns, frame)
    _fill_quaternion(message.orientation, value.orientation)
    _fill_vector(message.angular_velocity, value.angular_velocity)
    _fill_vector(message.linear_acceleration, value.linear_acceleration)
    return message


def odometry_from_msg(message: Any) -> Odometry:  # noqa: ANN401
    """Read odometry; the orientation is brought to unit length.

    Raises:
        CodecError: A number is not finite, or the orientation is no unit quaternion.
    """
    pose, twist = message.pose.pose, message.twist.twist
    return Odometry(
        stamp_ns(message),
        _vector(pose.position, 'position'),
        _quaternion(pose.orientation),
        _vector(twist.linear, 'linear velocity'),
        _vector(twist.angular, 'angular velocity'),
    )


def odometry_to_msg(value: Odometry, frame: str, child_frame: str, message: Any) -> Any:  # noqa: ANN401
    """Fill an Odometry message (pose in `frame`, velocity in `child_frame`), and return it."""
    fill_header(message, value.stamp_ns, frame)
    message.child_frame_id = child_frame
    _fill_vector(message.pose.pose.position, value.position)
    _fill_quaternion(message.pose.pose.orientation, value.orientation)
    _fill_vector(message.twist.twist.linear, value.linear_velocity)
    _fill_vector(message.twist.twist.angular, value.angular_velocity)
    return message


def velocity_from_msg(message: Any) -> VelocityCommand:  # noqa: ANN401
    """Read a TwistStamped as a velocity of the base.

    NaN and infinity pass: who acts on it judges them, and must see that they came.

    Raises:
        CodecError: It moves in a way that a base cannot (z, roll, pitch).
    """
    linear, angular = message.twist.linear, message.twist.angular
    if linear.z or angular.x or angular.y:
        raise CodecError('linear.z, angular.x and angular.y must be zero')
    return VelocityCommand(stamp_ns(message), float(linear.x), float(linear.y), float(angular.z))


def velocity_to_msg(value: VelocityCommand, frame: str, message: Any) -> Any:  # noqa: ANN401
    """Fill a TwistStamped, and return it."""
    fill_header(message, value.stamp_ns, frame)
    message.twist.linear.x = float(value.vx)
    message.twist.linear.y = float(value.vy)
    message.twist.angular.z = float(value.yaw_rate)
    return message


def _vector(message: Any, what: str) -> FloatArray:  # noqa: ANN401
    x, y, z = message.x, message.y, message.z
    if not (math.isfinite(x) and math.isfinite(y) and math.isfinite(z)):
        raise CodecError(f'{what} [{x}, {y}, {z}] is not finite')
    return _read_only((x, y, z))


def _quaternion(message: Any) -> FloatArray:  # noqa: ANN401
    x, y, z, w = message.x, message.y, message.z, message.w
    norm = math.sqrt(x * x + y * y + z * z + w * w)
    if not abs(norm - 1.0) <= NORM_TOLERANCE:  # NaN is not either
        raise CodecError(f'orientation [{x}, {y}, {z}, {w}] is no unit quaternion')
    return _read_only((x / norm, y / norm, z / norm, w / norm))


def _read_only(values: tuple[float, ...]) -> FloatArray:
    array = np.array(values)
    array.setflags(write=False)  # the value that it becomes part of need not copy it
    return array


def _fill_vector(message: Any, values: FloatArray) -> None:  # noqa: ANN401
    message.x, message.y, message.z = values.tolist()


def _fill_quaternion(message: Any, values: FloatArray) -> None:  # noqa: ANN401
    message.x, message.y, message.z, message.w = values.tolist()
