# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Which topic carries a source of an observation, and how its message is read.

One table for the node that listens and for whoever reads a recording.
"""

from collections.abc import Callable
from typing import Any

from robot_policies.core.robot import RobotSpec
from robot_policies.ros.codecs.base import odometry_from_msg
from robot_policies.ros.codecs.images import features_from_msg, image_from_msg
from robot_policies.ros.codecs.joints import joint_state_from_msg
from robot_policies.ros.codecs.scan import scan_from_msg

Decoder = Callable[[Any], Any]


def source_topic(name: str) -> str:
    """Return the topic that carries a source, relative to the robot's namespace."""
    if name.startswith('camera/'):
        return f'{name}/image_raw'
    return 'joint_states' if name == 'joints' else name


def source_decoder(name: str, robot: RobotSpec) -> tuple[str, Decoder]:
    """Return the topic's name, relative to the robot's namespace, and the decoder.

    Args:
        name: As `core.observation_assembler.is_input` accepts it.
        robot: Whose joints and cameras they are.

    Raises:
        KeyError: The robot has no such camera.
    """
    kind, _, rest = name.partition('/')
    if kind == 'camera':
        robot.camera(rest)
        return source_topic(name), image_from_msg
    if kind == 'joints':
        joint_map = robot.joint_map()
        return source_topic(name), lambda message: joint_state_from_msg(message, joint_map)
    decoders: dict[str, Decoder] = {
        'features': features_from_msg,
        'scan': scan_from_msg,
        'odom': odometry_from_msg,
    }
    return source_topic(name), decoders[kind]
