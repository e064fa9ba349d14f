# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A policy's inputs by name: `camera/front`, `features/x`, `scan`, `joints`, `odom`."""

from collections.abc import Callable
from typing import Any

from robot_policies.core.robot import RobotSpec
from robot_policies.ros import topics
from robot_policies.ros.codecs.base import odometry_from_msg
from robot_policies.ros.codecs.images import features_from_msg, image_from_msg
from robot_policies.ros.codecs.joints import joint_state_from_msg
from robot_policies.ros.codecs.scan import scan_from_msg
from robot_policies.ros.topics import Topic

Decoder = Callable[[Any], Any]


def input_topic(name: str, robot: RobotSpec) -> tuple[Topic, Decoder]:
    """Return the topic that carries an input, and how its message is read.

    Args:
        name: As `core.observation_assembler.is_input` accepts it.
        robot: Whose joints they are.

    Raises:
        KeyError: The robot has no such camera.
    """
    kind, _, rest = name.partition('/')
    if kind == 'camera':
        robot.camera(rest)
        return topics.camera_image(rest), image_from_msg
    if kind == 'features':
        return topics.features(rest), features_from_msg
    if kind == 'joints':
        joint_map = robot.joint_map()
        return topics.JOINT_STATES, lambda message: joint_state_from_msg(message, joint_map)
    return {'scan': (topics.SCAN, scan_from_msg), 'odom': (topics.ODOM, odometry_from_msg)}[kind]
