# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Joint commands for robots behind ros2_control's controllers.

`std_msgs/Float64MultiArray` for a forward command controller, and
`trajectory_msgs/JointTrajectory` for a joint trajectory controller. Both carry positions only,
so a command without position (damping) cannot be said in them and is refused.
"""

from array import array
from typing import Any

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.data_types import JointCommand
from robot_policies.core.joint_map import JointMap, JointMapError
from robot_policies.ros.codecs.errors import CodecError
from robot_policies.ros.codecs.header import duration_ns, fill_duration, fill_header, stamp_ns


def forward_command_to_msg(value: JointCommand, message: Any) -> Any:  # noqa: ANN401
    """Fill a Float64MultiArray with the positions in the robot's order, and return it.

    The controller must list its joints in that order; the message has no names.

    Raises:
        CodecError: No position is commanded.
    """
    message.data = array('d', _position(value))
    return message


def forward_command_from_msg(message: Any, joint_map: JointMap, now_ns: int) -> JointCommand:  # noqa: ANN401
    """Read a Float64MultiArray of positions in the robot's order, stamped `now_ns`.

    NaN passes, as in `joint_command_from_msg`.

    Raises:
        CodecError: The count differs from the robot's joints.
    """
    if len(message.data) != len(joint_map.names):
        raise CodecError(f'{len(message.data)} values, expected {len(joint_map.names)} positions')
    return JointCommand(now_ns, position=np.asarray(message.data, dtype=np.float64))


def joint_trajectory_to_msg(
    value: JointCommand,
    joint_map: JointMap,
    message: Any,  # noqa: ANN401
    point: Any,  # noqa: ANN401
    reach_ns: int,
) -> Any:  # noqa: ANN401
    """Fill a JointTrajectory with one point, and return it.

    Args:
        value: The command.
        joint_map: The robot's joints.
        message: The JointTrajectory to fill.
        point: The JointTrajectoryPoint to put in.
        reach_ns: When the position shall be reached, from the stamp on.

    Raises:
        CodecError: No position is commanded.
    """
    fill_header(message, value.stamp_ns)
    message.joint_names = list(joint_map.names)
    point.positions = array('d', _position(value))
    if value.velocity is not None:
        point.velocities = array('d', value.velocity)
    fill_duration(point.time_from_start, reach_ns)
    message.points = [point]
    return message


def joint_trajectory_from_msg(message: Any, joint_map: JointMap) -> JointCommand:  # noqa: ANN401
    """Read the first point of a JointTrajectory, stamped when it is due.

    NaN passes, as in `joint_command_from_msg`.

    Raises:
        CodecError: There is no point, or its joints are not the robot's.
    """
    if not len(message.points):
        raise CodecError('a trajectory without points')
    point = message.points[0]
    names = message.joint_names
    try:
        position = joint_map.to_robot(names, point.positions, 'positions')
        given = len(point.velocities)
        velocity = joint_map.to_robot(names, point.velocities, 'velocities') if given else None
    except JointMapError as error:
        raise CodecError(str(error)) from error
    due_ns = stamp_ns(message) + duration_ns(point.time_from_start)
    return JointCommand(due_ns, position=position, velocity=velocity)


def _position(value: JointCommand) -> FloatArray:
    if value.position is None:
        raise CodecError('no position is commanded, and this message can carry nothing else')
    return value.position
