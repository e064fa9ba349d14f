# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Two nodes of one name: refused at start, reported later, so that no two command one robot.

On one machine the name is a lock that the kernel takes back with the process, however that ends:
a socket in Linux's abstract namespace. Nodes of other machines and of other packages are found
in the ROS graph, which takes a while to fill, and in which a killed process stays as a ghost for
20 s; so whoever is found there is asked, and counts only if it answers.
"""

import socket
import time

from lifecycle_msgs.srv import GetState
import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from robot_policies.core.errors import ConfigError

DISCOVERY_S = 0.3
"""How long other machines' nodes get to be discovered before this one starts."""
ANSWER_S = 1.0
"""How long a twin gets to answer, before it is taken for a ghost."""
_ASK_AGAIN_S = 0.1


class NameWatch:
    """Holds a node's name, and counts who else has it."""

    def __init__(self, node: Node) -> None:
        """Take the name on this machine.

        Raises:
            ConfigError: A running process has it.
        """
        self._node = node
        self._since_s = time.monotonic()
        self._ghosts = 0
        name, domain = node.get_fully_qualified_name(), node.context.get_domain_id()
        self._lock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._lock.bind(f'\0robot_policies/node/{domain}{name}')
        except OSError:
            self._lock.close()
            raise _refusal(name, domain) from None

    def close(self) -> None:
        """Give the name back."""
        self._lock.close()

    def refuse_others(self) -> None:
        """Check that no living node of another machine has the name.

        Raises:
            ConfigError: One has.
        """
        deadline = self._since_s + DISCOVERY_S
        while self._count() < 2:
            if time.monotonic() > deadline:
                return
            time.sleep(0.02)
        name = self._node.get_fully_qualified_name()
        if _answers(self._node, name):
            raise _refusal(name, self._node.context.get_domain_id())
        self._ghosts = self._count() - 1

    def others(self) -> int:
        """Return how many other nodes have the name now, ghosts from before not counted."""
        known = self._count() - 1
        self._ghosts = min(self._ghosts, known)
        return max(0, known - self._ghosts)

    def _count(self) -> int:
        own = (self._node.get_name(), self._node.get_namespace())
        return self._node.get_node_names_and_namespaces().count(own)


def _refusal(name: str, domain: int) -> ConfigError:
    problem = (
        f'a node of this name is running already in ROS domain {domain}: stop it first, '
        'or use another namespace or ROS_DOMAIN_ID'
    )
    return ConfigError(name, [problem])


def _answers(node: Node, name: str) -> bool:
    # A helper asks, and only the helper is spun: our own service stays silent, so that an
    # answer can only be the twin's.
    asker = rclpy.create_node(
        'twin_check', context=node.context, start_parameter_services=False, enable_rosout=False
    )
    executor = SingleThreadedExecutor(context=node.context)
    executor.add_node(asker)
    try:
        client = asker.create_client(GetState, f'{name}/get_state')
        answers = []
        deadline = time.monotonic() + ANSWER_S
        while time.monotonic() < deadline:
            # asked again and again: a request before the twin's service is discovered is lost, and
            # whether it is cannot be seen beside our own service of that name
            answers.append(client.call_async(GetState.Request()))
            executor.spin_until_future_complete(answers[-1], timeout_sec=_ASK_AGAIN_S)
            if any(answer.done() for answer in answers):
                return True
        return False
    finally:
        executor.shutdown(timeout_sec=0)
        asker.destroy_node()
