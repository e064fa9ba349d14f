# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A chunk of base velocities as trajectory_msgs/MultiDOFJointTrajectory.

The stamp is the observation's, point `k` is due `(k + 1) · dt` after it and holds one Twist.
Status and words of the policy travel on `policy/status`.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from robot_policies.core.data_types import ActionChunk
from robot_policies.ros.codecs.errors import CodecError
from robot_policies.ros.codecs.header import duration_ns, fill_duration, fill_header, stamp_ns


def chunk_from_msg(message: Any) -> ActionChunk:  # noqa: ANN401
    """Read a chunk of base velocities (H, 3).

    NaN and infinity pass: `ActionBuffer.merge` counts and drops them.

    Raises:
        CodecError: No points, points without exactly one velocity, uneven or wrong times.
    """
    points = message.points
    if not len(points):
        raise CodecError('a chunk without points')
    if any(len(point.velocities) != 1 for point in points):
        raise CodecError('every point of a chunk has exactly one velocity')
    times = np.array([duration_ns(point.time_from_start) for point in points])
    dt_ns = int(times[0])
    if dt_ns <= 0 or (times != dt_ns * np.arange(1, len(times) + 1)).any():
        raise CodecError('point k of a chunk is due (k + 1) · dt after the stamp')
    actions = [(v.linear.x, v.linear.y, v.angular.z) for (v,) in (p.velocities for p in points)]
    return ActionChunk(stamp_ns(message), dt_ns, np.array(actions))


def chunk_to_msg(
    value: ActionChunk,
    frame: str,
    message: Any,  # noqa: ANN401
    new_point: Callable[[], Any],
    new_twist: Callable[[], Any],
) -> Any:  # noqa: ANN401
    """Fill a MultiDOFJointTrajectory with a chunk of base velocities (H, 3), and return it.

    Args:
        value: The chunk.
        frame: The base frame.
        message: The message to fill.
        new_point: Class of its points.
        new_twist: Class of their velocities.
    """
    fill_header(message, value.stamp_ns, frame)
    message.joint_names = [frame]
    points = []
    for k, (vx, vy, yaw_rate) in enumerate(value.actions.tolist()):
        twist = new_twist()
        twist.linear.x, twist.linear.y, twist.angular.z = vx, vy, yaw_rate
        point = new_point()
        point.velocities = [twist]
        fill_duration(point.time_from_start, (k + 1) * value.dt_ns)
        points.append(point)
    message.points = points
    return message
