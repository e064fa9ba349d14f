# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Simulated time for a node, set by a thread that does nothing else.

rclpy sets a node's clock in a callback of its executor, which gathers every entity of the node for
each message on `/clock`: at 200 Hz some quarter of a core in every process (looked at once), and
in real time as the rest of the node. With the control loops that is all that two cores have.
"""

import threading
from typing import Any

from rclpy.exceptions import InvalidHandle
from rclpy.impl.implementation_singleton import rclpy_implementation as _rclpy
from rclpy.node import Node
from robot_policies.core.statistics import NS
from robot_policies.ros import topics
from robot_policies.ros.inputs import NotInExecutor
from robot_policies.ros.priority import come_first

_MOMENT_S = 0.02
"""Whoever waits for time that stands still looks so often whether it has been told to stop."""


class ClockThread:
    """Takes the messages of the node's own subscription to `/clock` in the executor's place."""

    def __init__(self, node: Node, subscription: Any) -> None:  # noqa: ANN401
        """Take it over.

        Args:
            node: The node.
            subscription: That of its time source.
        """
        self._subscription = subscription
        # with its events, or whoever waits for them is woken by each message all the same
        for entity in (subscription, *subscription.event_handlers):
            entity.callback_group = NotInExecutor()
        self._context = node.context
        self._called_off = _rclpy.GuardCondition(self._context.handle)
        self._wait_set = _rclpy.WaitSet(1, 1, 0, 0, 0, 0, self._context.handle)
        self._ended = threading.Event()
        self._real_time = self._has_real_time = 0
        self._told, self._count = threading.Condition(), 0
        self._thread = threading.Thread(target=self._run, name='clock', daemon=True)
        self._thread.start()

    def come_first(self, real_time: int) -> None:
        """Go on with a real-time priority, where the system grants it: loops wait for the time."""
        self._real_time = real_time

    def news(self, seen: int) -> int:
        """Wait until the time has been set again, a moment at most.

        Args:
            seen: What this returned last; -1 for the first time, which does not wait.

        Returns:
            How often the time has been set.
        """
        with self._told:
            self._told.wait_for(lambda: self._count != seen, _MOMENT_S)
            return self._count

    def close(self) -> None:
        """End it, and wait until it has."""
        self._ended.set()
        self._called_off.trigger_guard_condition()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._ended.is_set() and self._context.ok():
                self._take()
        except (InvalidHandle, _rclpy.RCLError):
            return  # the node goes, or is told to use the system's time

    def _take(self) -> None:
        if self._real_time != self._has_real_time:
            self._has_real_time = self._real_time
            come_first(self._real_time)
        handle = self._subscription.handle
        with handle:
            self._wait_set.clear_entities()
            self._wait_set.add_subscription(handle)
            self._wait_set.add_guard_condition(self._called_off)
            self._wait_set.wait(NS)
            while (taken := handle.take_message(topics.CLOCK.type, False)) is not None:
                self._subscription.callback(taken[0])
                with self._told:
                    self._count += 1
                    self._told.notify_all()


def take_over_clock(node: Node) -> ClockThread | None:
    """Return the thread that sets a node's clock; None if its time is the system's."""
    found = [s for s in node.subscriptions if s.msg_type is topics.CLOCK.type]
    return ClockThread(node, found[0]) if found else None
