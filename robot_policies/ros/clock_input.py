# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Simulated time for a loop that must not wait for the executor to hear of it.

A node's own clock is set by a callback of its executor, which may be busy with a service or a
report: for the loop time then stands still, and a jump is noticed late.
"""

import threading

from robot_policies.ros import topics
from robot_policies.ros.codecs.header import duration_ns
from robot_policies.ros.inputs import NotInExecutor
from robot_policies.ros.lifecycle import ManagedNode


class ClockInput:
    """The newest time on `/clock`, taken when somebody asks, from whatever thread."""

    def __init__(self, node: ManagedNode) -> None:
        """Subscribe; the node owns the subscription."""
        topic = topics.CLOCK
        self._type = topic.type
        self._now_ns = 0
        self._lock = threading.Lock()
        self.subscription = node.create_subscription(
            topic.type, topic.name, self._never_called, topic.qos, callback_group=NotInExecutor()
        )
        node.own(lambda: node.destroy_subscription(self.subscription))

    @staticmethod
    def _never_called(_message: object) -> None:
        raise AssertionError('the subscription is in no executor')

    def now_ns(self) -> int:
        """Return the time; 0 until the first message, as ROS has it."""
        with self._lock, self.subscription.handle:
            while (taken := self.subscription.handle.take_message(self._type, False)) is not None:
                self._now_ns = duration_ns(taken[0].clock)
        return self._now_ns
