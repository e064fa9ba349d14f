# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A policy's inputs by name: `camera/front`, `features/x`, `scan`, `joints`, `odom`."""

from collections.abc import Callable, Iterable
from typing import Any

from robot_policies.core.observation_assembler import ObservationAssembler
from robot_policies.core.robot import RobotSpec
from robot_policies.ros import topics
from robot_policies.ros.codecs.base import odometry_from_msg
from robot_policies.ros.codecs.images import features_from_msg, image_from_msg
from robot_policies.ros.codecs.joints import joint_state_from_msg
from robot_policies.ros.codecs.scan import scan_from_msg
from robot_policies.ros.inputs import LatestInput
from robot_policies.ros.lifecycle import ManagedNode
from robot_policies.ros.topics import Topic

Decoder = Callable[[Any], Any]


class PolicyInputs:
    """The subscriptions of all policies that a node has had; they end with the node's set-up."""

    def __init__(self, node: ManagedNode) -> None:
        self._node = node
        self._sources: dict[str, LatestInput[Any]] = {}

    def subscribe(self, names: Iterable[str]) -> None:
        """Begin to listen to what is not listened to yet."""
        for name in names:
            if name not in self._sources:
                topic, decode = input_topic(name, self._node.robot)
                self._sources[name] = self._node.latest(topic, decode, name)

    def poll(self, *assemblers: ObservationAssembler) -> None:
        """Give what is newest to every assembler that asks for it."""
        for name in {name for assembler in assemblers for name in assembler.inputs}:
            source = self._sources[name]
            source.poll()
            value = source.slot.newest()
            for assembler in assemblers:
                if value is not None and name in assembler.inputs:
                    assembler.put(name, value)


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
