# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""sensor_msgs/JointState, as a measurement and as a command."""

from array import array
from typing import Any

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.data_types import JointCommand, JointState
from robot_policies.core.joint_map import JointMap, JointMapError
from robot_policies.ros.codecs.errors import CodecError
from robot_policies.ros.codecs.header import fill_header, stamp_ns


def joint_state_from_msg(message: Any, joint_map: JointMap) -> JointState:  # noqa: ANN401
    """Read what the joints do.

    Position and velocity must be there and finite. An effort that is not measured (empty, or
    NaN) is NaN in the value.

    Raises:
        CodecError: Joints are missing or doubled, a length differs, a number is not finite.
    """
    position = _ordered(message, 'position', joint_map)
    velocity = _ordered(message, 'velocity', joint_map)
    _need_finite(position, 'position', joint_map)
    _need_finite(velocity, 'velocity', joint_map)
    if len(message.effort):
        effort = _ordered(message, 'effort', joint_map)
    else:
        effort = np.full(len(position), np.nan)
    return JointState(stamp_ns(message), position, velocity, effort)


def joint_state_to_msg(value: JointState, joint_map: JointMap, message: Any) -> Any:  # noqa: ANN401
    """Fill a JointState message with what the joints do, and return it."""
    fill_header(message, value.stamp_ns)
    message.name = list(joint_map.names)
    message.position = _doubles(value.position)
    message.velocity = _doubles(value.velocity)
    message.effort = _doubles(value.effort)
    return message


def joint_command_from_msg(message: Any, joint_map: JointMap) -> JointCommand:  # noqa: ANN401
    """Read a joint command; an empty array is an interface that is not commanded.

    NaN and infinity pass: the supervisor judges them, and must see that they came.

    Raises:
        CodecError: Joints are missing or doubled, a length differs, nothing is commanded.
    """
    position = _ordered(message, 'position', joint_map) if len(message.position) else None
    velocity = _ordered(message, 'velocity', joint_map) if len(message.velocity) else None
    effort = _ordered(message, 'effort', joint_map) if len(message.effort) else None
    try:
        return JointCommand(stamp_ns(message), position, velocity, effort)
    except ValueError as error:
        raise CodecError(str(error)) from error


def joint_command_to_msg(value: JointCommand, joint_map: JointMap, message: Any) -> Any:  # noqa: ANN401
    """Fill a JointState message with a command, and return it.

    What is not commanded stays an empty array.
    """
    fill_header(message, value.stamp_ns)
    message.name = list(joint_map.names)
    message.position = _doubles(value.position)
    message.velocity = _doubles(value.velocity)
    message.effort = _doubles(value.effort)
    return message


def _ordered(message: Any, field: str, joint_map: JointMap) -> FloatArray:  # noqa: ANN401
    try:
        return joint_map.to_robot(message.name, getattr(message, field), field)
    except JointMapError as error:
        raise CodecError(str(error)) from error


def _need_finite(values: FloatArray, what: str, joint_map: JointMap) -> None:
    if not np.isfinite(values).all():
        bad = [n for n, v in zip(joint_map.names, values, strict=True) if not np.isfinite(v)]
        raise CodecError(f'{what} of {", ".join(bad)} is not finite')


def _doubles(values: FloatArray | None) -> 'array[float]':
    # rclpy takes an array of doubles as it is, and looks at every element of anything else.
    doubles = array('d')
    if values is not None:
        doubles.frombytes(values.tobytes())
    return doubles
