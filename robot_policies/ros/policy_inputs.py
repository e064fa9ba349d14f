# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A policy's inputs by name: `camera/front`, `features/x`, `scan`, `joints`, `odom`."""

from collections.abc import Iterable
from typing import Any

from robot_policies.core.observation_assembler import ObservationAssembler
from robot_policies.core.robot import RobotSpec
from robot_policies.ros import topics
from robot_policies.ros.codecs.observation_sources import Decoder, source_decoder
from robot_policies.ros.inputs import StreamInput
from robot_policies.ros.lifecycle import ManagedNode
from robot_policies.ros.topics import Topic

DEPTH, FRAME_DEPTH = 32, 4
"""Messages kept between two polls, of streams and of images: 0.16 s of joint states."""


class PolicyInputs:
    """The subscriptions of all policies that a node has had; they end with the node's set-up.

    Every message counts, not only the newest at each poll: which value is nearest to a picture
    then depends on stamps alone, and a recording of the same messages gives the same answer.
    """

    def __init__(self, node: ManagedNode) -> None:
        self._node = node
        self._sources: dict[str, StreamInput[Any]] = {}

    def subscribe(self, names: Iterable[str]) -> None:
        """Begin to listen to what is not listened to yet."""
        for name in names:
            if name not in self._sources:
                topic, decode = input_topic(name, self._node.robot)
                depth = FRAME_DEPTH if '/' in name else DEPTH
                made = StreamInput(self._node, topic, decode, name=name, depth=depth)
                self._node.diagnostics.watch_slot(made.slot)
                self._node.own(
                    lambda made=made: self._node.destroy_subscription(made.subscription)  # type: ignore[misc]
                )
                self._sources[name] = made

    def poll(self, now_ns: int, *assemblers: ObservationAssembler) -> None:
        """Give what has come to every assembler that asks for it."""
        for name in {name for assembler in assemblers for name in assembler.inputs}:
            for value in self._sources[name].drain(now_ns):
                for assembler in assemblers:
                    if name in assembler.inputs:
                        assembler.put(name, value)


def input_topic(name: str, robot: RobotSpec) -> tuple[Topic, Decoder]:
    """Return the topic that carries an input, and how its message is read.

    Args:
        name: As `core.observation_assembler.is_input` accepts it.
        robot: Whose joints they are.

    Raises:
        KeyError: The robot has no such camera.
    """
    _, decode = source_decoder(name, robot)
    kind, _, rest = name.partition('/')
    if kind == 'camera':
        return topics.camera_image(rest), decode
    if kind == 'features':
        return topics.features(rest), decode
    return {'joints': topics.JOINT_STATES, 'scan': topics.SCAN, 'odom': topics.ODOM}[kind], decode
