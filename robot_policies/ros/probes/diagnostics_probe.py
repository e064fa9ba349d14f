# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Listens to what the nodes of a stack say of themselves, from outside."""

import rclpy
from rclpy.context import Context
from rclpy.node import Node
from rclpy.serialization import deserialize_message
from robot_policies.ros import topics
from robot_policies.ros.codecs.diagnostics import status_values
from robot_policies.ros.raw_tap import RawTap, type_name_of


class DiagnosticsProbe:
    """What each node said last on `/diagnostics`."""

    def __init__(self, domain: int) -> None:
        """Begin to listen in a ROS domain."""
        self._context = Context()
        rclpy.init(context=self._context, domain_id=domain)
        self._node = Node('soak', context=self._context)
        topic = topics.DIAGNOSTICS
        self._tap = RawTap(self._node, topic.name, type_name_of(topic.type), topic.qos)
        self._latest: dict[str, dict[str, str]] = {}

    def latest(self) -> dict[str, dict[str, str]]:
        """Return node -> key -> value; ask at least every few seconds."""
        for raw in self._tap.drain():
            for status in deserialize_message(raw.data, topics.DIAGNOSTICS.type).status:
                name = status.name.rpartition('/')[2]
                self._latest[name] = {**status_values(status), 'words': status.message}
        return self._latest

    def close(self) -> None:
        """Leave."""
        self._node.destroy_node()
        self._context.try_shutdown()
