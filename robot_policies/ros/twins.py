# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Two nodes of one name: found at start and refused, so that no two give orders to one robot."""

from collections.abc import Callable
import os
import time

from lifecycle_msgs.srv import GetState
import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from robot_policies.core.errors import ConfigError

DISCOVERY_S = 0.4
"""How long other nodes of the machine get to be discovered; most are within 0.1 s."""
ANSWER_S = 1.5
"""How long a twin gets to answer, before it is taken for the ghost of a killed process."""


def count_of_name(node: Node) -> int:
    """Return how many nodes with this node's full name are known, itself included."""
    own = (node.get_name(), node.get_namespace())
    return node.get_node_names_and_namespaces().count(own)


def refuse_twin(node: Node) -> None:
    """Check that no living node has this node's name.

    A process that was killed stays in the graph until its lease runs out (20 s). So a twin is
    asked for its lifecycle state, and refused only if it answers.

    Raises:
        ConfigError: Such a node is running.
    """
    deadline = time.monotonic() + DISCOVERY_S
    while count_of_name(node) < 2:
        if time.monotonic() > deadline:
            return
        time.sleep(0.02)
    name = node.get_fully_qualified_name()
    if _answers(name):
        domain = os.environ.get('ROS_DOMAIN_ID', '0')
        problem = (
            f'a node of this name is running already in ROS domain {domain}: stop it first, '
            'or use another namespace or ROS_DOMAIN_ID'
        )
        raise ConfigError(name, [problem])
    node.get_logger().warning(
        f'{name} was seen in the graph but does not answer: taken for a killed process'
    )


def _answers(name: str) -> bool:
    # A helper asks, and only the helper is spun: our own service stays silent, so that an
    # answer can only be the twin's.
    asker = rclpy.create_node('twin_check', start_parameter_services=False, enable_rosout=False)
    executor = SingleThreadedExecutor()
    executor.add_node(asker)
    try:
        client = asker.create_client(GetState, f'{name}/get_state')
        return _wait(executor, client.service_is_ready) and _wait(
            executor, client.call_async(GetState.Request()).done
        )
    finally:
        executor.shutdown(timeout_sec=0)
        asker.destroy_node()


def _wait(executor: SingleThreadedExecutor, condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + ANSWER_S
    while not condition() and time.monotonic() < deadline:
        executor.spin_once(timeout_sec=0.02)
    return condition()
